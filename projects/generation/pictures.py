"""Product pictures for a model that can see: fetched through the guarded client, shrunk, re-encoded."""

from __future__ import annotations

import asyncio
import io

from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from integrations.ai.types import Image
from projects.models import ContentItem
from projects.writing import facts as reading
from scribe.http import client
from scribe.http.errors import OutboundError
from scribe.logs import get_logger

log = get_logger(__name__)

LONG_EDGE = 1024
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SECONDS = 10.0


async def of(item: ContentItem, *, count: int) -> tuple[Image, ...]:
    """Up to `count` pictures of the item; one that cannot be had is left out."""
    facts = reading.read(item.source_data, item.item_type)
    urls = [image["url"] for image in facts.images if image.get("url")][:count]
    loop = asyncio.get_running_loop()
    found = await asyncio.gather(*(loop.run_in_executor(None, fetch, url) for url in urls))
    return tuple(image for image in found if image is not None)


def fetch(url: str) -> Image | None:
    try:
        answer = client.request("GET", url, timeout=SECONDS, max_bytes=MAX_BYTES, public_image=True)
        return shrink(answer.body) if answer.ok else None
    except (OutboundError, UnidentifiedImageError, OSError, ValueError, Picture.DecompressionBombError) as error:
        log.info("picture left out", error=str(error))
        return None


def shrink(data: bytes) -> Image | None:
    """A JPEG of at most 1,024 pixels; None for what is too large to open safely."""
    with Picture.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return None
        picture.draft("RGB", (LONG_EDGE, LONG_EDGE))
        turned = ImageOps.exif_transpose(picture) or picture
        turned.thumbnail((LONG_EDGE, LONG_EDGE))
        out = io.BytesIO()
        turned.convert("RGB").save(out, "JPEG", quality=85)
    return Image(out.getvalue(), "image/jpeg")
