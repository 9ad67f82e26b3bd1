"""Product images for a model that can see: fetched through the guarded client, shrunk, re-encoded."""

import asyncio
import io

from PIL import Image as PILImage
from PIL import ImageOps, UnidentifiedImageError

from integrations.ai.types import Image
from scribe.http import client
from scribe.http.errors import OutboundError
from scribe.logs import get_logger
from writing import facts as reading

log = get_logger(__name__)

LONG_EDGE = 1024
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SECONDS = 10.0


async def load_images(images: object, *, count: int, media_url: str = "") -> tuple[Image, ...]:
    """Up to `count` of a source's `images`. Images that cannot be loaded are left out."""
    urls = addresses(images, media_url)[:count]
    loop = asyncio.get_running_loop()
    found = await asyncio.gather(*(loop.run_in_executor(None, fetch, url) for url in urls))
    return tuple(image for image in found if image is not None)


def addresses(images: object, media_url: str = "") -> list[str]:
    """The addresses that can be fetched, each once, in any shape of a source's `images`: texts, or objects with `src`, `url`
    or `file`. Magento's exports name files by their path below `media_url`; without it a path is no address.
    https://experienceleague.adobe.com/en/docs/commerce-admin/systems/data-transfer/data-transfer-images"""
    found = []
    for address in reading.image_addresses(images):
        if address.startswith(("https://", "http://")):
            found.append(address)
        elif media_url and "://" not in address:
            found.append(f"{media_url}/catalog/product/{address.lstrip('/')}")
    return list(dict.fromkeys(found))


def fetch(url: str) -> Image | None:
    try:
        answer = client.request("GET", url, timeout=SECONDS, max_bytes=MAX_BYTES, public_image=True)
        return shrink(answer.body) if answer.ok else None
    except (OutboundError, UnidentifiedImageError, OSError, ValueError, PILImage.DecompressionBombError) as error:
        log.info("image left out", error=str(error))
        return None


def shrink(data: bytes) -> Image | None:
    """A JPEG of at most 1,024 pixels a side; None for an image that is too large to open safely."""
    with PILImage.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            return None
        opened.draft("RGB", (LONG_EDGE, LONG_EDGE))
        turned = ImageOps.exif_transpose(opened) or opened
        turned.thumbnail((LONG_EDGE, LONG_EDGE))
        out = io.BytesIO()
        turned.convert("RGB").save(out, "JPEG", quality=85)
    return Image(out.getvalue(), "image/jpeg")
