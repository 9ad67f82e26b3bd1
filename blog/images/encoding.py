"""Re-encode images. We store and serve only our own encodings: upright, in sRGB and without metadata, but for IPTC's
digital source type, which tells that a model made a picture: what an image says of it is kept in every encoding."""

import io
import re
import struct
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from blog.images.container import MAX_PIXELS, TAKEN, Container, damaged_file, inspect
from scribe.errors import InvalidInput
from scribe.fairness import lookups
from scribe.types import Json
from writing.disclosure import SOURCE_TYPES

PNG_KEY = "XML:com.adobe.xmp"
_TYPE = re.compile(
    rb"DigitalSourceType\W.{0,80}?cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{4,50})\b", re.DOTALL
)
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02/" Iptc4xmpExt:DigitalSourceType="{uri}"/>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def source_type_of(info: Mapping[str | tuple[int, int], object]) -> str:
    """The source type that an opened image names, such as `trainedAlgorithmicMedia`; "" if it names none."""
    held = info.get("xmp") or info.get(PNG_KEY) or b""
    data = held.encode() if isinstance(held, str) else held
    found = _TYPE.search(data) if isinstance(data, bytes) else None
    return found[1].decode() if found else ""


def packet(source_type: str) -> str:
    return _PACKET.format(uri=SOURCE_TYPES + source_type) if source_type else ""


def saved_with(packet: str, kind: str) -> Json:
    """The options for Pillow to save a picture of this format with the packet."""
    if not packet:
        return {}
    if kind != "PNG":
        return {"xmp": packet.encode()}
    info = PngInfo()
    info.add_itxt(PNG_KEY, packet)
    return {"pnginfo": info}


WIDTHS = (320, 640, 1024, 1600)
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_QUALITY: dict[str, Json] = {
    "JPEG": {"quality": 85, "optimize": True},
    "WEBP": {"quality": 82, "method": 4},
    "PNG": {"compress_level": 6},
}
_CHEAP: dict[str, Json] = {
    "JPEG": {"quality": 85},
    "WEBP": {"quality": 82, "method": 0},
    "PNG": {"compress_level": 1},
}
_HUGE = 24_000_000  # an image with more pixels is encoded with the `_CHEAP` options
_PROFILE_MAX = 1024 * 1024
PATIENCE = 600.0  # seconds
_WEBP_SIDE = 16_383  # pixels, the format's limit

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# 50 megapixels take 200 MB once decoded, so a process decodes two images at a time. The others wait, a job as long as it
# takes, and a request as one that looks something up (scribe.fairness), without a request thread.
_TURNS = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Encoded:
    data: bytes
    format: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]


@dataclass(frozen=True)
class EncodedImage:
    """The image at its own size, and its variants by format and width."""

    original: Encoded
    variants: list[Encoded] = field(default_factory=list)


def process(data: bytes, *, source_type: str = "") -> EncodedImage:
    """Judge, decode and re-encode an image, as one of this IPTC source type, or else of the one that it names. Raises TooLarge, UnsupportedMedia, or InvalidInput for a broken one, and in a
    request TooManyRequests."""
    container = inspect(data)
    seconds, _ = lookups.start(PATIENCE)
    if not _TURNS.acquire(timeout=seconds):
        raise lookups.refusal()
    try:
        image, told = _decode(data, container)
        xmp = packet(source_type or told)
        kept = "PNG" if container.format == "GIF" else container.format
        return EncodedImage(_encode(image, kept, xmp), _variants(image, xmp))
    finally:
        _TURNS.release()


def _decode(data: bytes, container: Container) -> tuple[Image.Image, str]:
    """The upright image, and the IPTC source type that it names."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image.Image = Image.open(io.BytesIO(data), formats=TAKEN)
            if image.size != (container.width, container.height):
                raise damaged_file()
            image.load()
            profile, told = image.info.get("icc_profile"), source_type_of(image.info)
            image = _plain(image, profile if isinstance(profile, bytes) else b"")
            return _upright(image), told
    except InvalidInput:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, MemoryError, struct.error):
        raise damaged_file() from None


def _plain(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to RGB, or to RGBA if the image has transparency. RGB and CMYK colours with a profile become sRGB."""
    orientation = image.getexif().get(0x0112, 1)
    transparent = image.has_transparency_data
    if profile and len(profile) <= _PROFILE_MAX and image.mode in ("RGB", "CMYK"):
        image = _to_srgb(image, profile)
    mode = "RGBA" if transparent else "RGB"
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.point(lambda value: value / 256).convert("L")
    plain = image if image.mode == mode else image.convert(mode)
    plain.info = {"orientation": orientation}
    return plain


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURN.get(image.info.pop("orientation", 1))
    return image.transpose(turn) if turn is not None else image


def _variants(image: Image.Image, packet: str) -> list[Encoded]:
    """WebP and JPEG of each width in `WIDTHS` up to the image's own. Each width is scaled from the next larger one."""
    out = []
    for width in sorted((w for w in WIDTHS if w <= image.width), reverse=True):
        height = max(1, round(image.height * width / image.width))
        if width < image.width:
            image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        if height <= _WEBP_SIDE:
            out.append(_encode(image, "WEBP", packet))
        out.append(_encode(_opaque(image), "JPEG", packet))
    return out


def _opaque(image: Image.Image) -> Image.Image:
    """Put a transparent image on white, for JPEG."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encode(image: Image.Image, kind: str, packet: str) -> Encoded:
    options = _CHEAP[kind] if image.width * image.height > _HUGE else _QUALITY[kind]
    options = {**options, **saved_with(packet, kind)}
    out = io.BytesIO()
    image.save(out, kind, **options)
    return Encoded(out.getvalue(), kind, *image.size)
