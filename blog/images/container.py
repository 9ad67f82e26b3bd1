"""Tell a file's image type from its bytes, before anything is decoded, and refuse other types.

Taken: JPEG, PNG, WebP and GIF (its first frame), up to 15 MB and 50 megapixels. Refused: every other type whatever its
name or declared type (SVG, PDF, HTML, …), files that may also be read as another type, and files that end too early.
Bytes after a JPEG's end are cut off; after any other image they are refused. Dimensions are read from the header, so a
decompression bomb is refused before it is decoded.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from scribe.messages import _

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 30_000
MAX_SCANS = 100  # scans of a progressive JPEG: each costs a pass over the whole image

TAKEN = ("JPEG", "PNG", "WEBP", "GIF")
_FOREIGN = re.compile(rb"<script|<html|<!doctype|<\?php|%PDF-|<svg|<iframe", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_EDGE = 64 * 1024
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")


@dataclass(frozen=True)
class Container:
    """`width` and `height` in pixels. `end` is the offset in bytes at which the image ends."""

    format: str
    width: int
    height: int
    end: int


def inspect(data: bytes) -> Container:
    """Judge `data` without decoding it. Raises TooLarge, UnsupportedMedia or InvalidInput."""
    if len(data) > MAX_BYTES:
        raise TooLarge(_("The image is larger than 15 MB. Choose a smaller one."), code="image_too_large")
    if not data:
        raise InvalidInput(_("The image is empty."), code="image_broken")
    reader = _reader(data)
    try:
        found = reader(data)
    except (struct.error, IndexError, ValueError):
        raise damaged_file() from None
    if found.width < 1 or found.height < 1:
        raise damaged_file()
    if found.width * found.height > MAX_PIXELS or max(found.width, found.height) > MAX_SIDE:
        raise TooLarge(
            _("The image has more than 50 megapixels. Choose a smaller one."), code="image_has_too_many_pixels"
        )
    _refuse_foreign(data, found)
    return found


def damaged_file() -> InvalidInput:
    return InvalidInput(_("The image file is damaged or incomplete. Choose another file."), code="image_broken")


def _reader(data: bytes) -> Callable[[bytes], Container]:
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _png
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _gif
    raise UnsupportedMedia(_("Choose a JPEG, PNG, WebP or GIF image."), code="image_type_not_supported")


def _jpeg(data: bytes) -> Container:
    """Walk the segments to the end marker. 0xFF is escaped in compressed data, so a search finds the next marker."""
    position, size, scans = 2, (0, 0), 0
    while True:
        found = _JPEG_MARKER.search(data, position)
        if not found:
            raise damaged_file()
        marker, position = found[1][0], found.end()
        if marker == 0xD9:
            return Container("JPEG", *size, end=position)
        if marker in (0x01, 0xD8):
            raise damaged_file()
        (length,) = struct.unpack_from(">H", data, position)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, position + 3)
            if size != (0, 0):
                raise damaged_file()
            size = (width, height)
            if width * height > MAX_PIXELS:
                return Container("JPEG", *size, end=len(data))
        if marker == 0xDA:
            scans += 1
            if scans > MAX_SCANS:
                raise InvalidInput(
                    _("The image is encoded in too many passes. Save it again in another program."), code="image_broken"
                )
        position += length


def _png(data: bytes) -> Container:
    if data[12:16] != b"IHDR":
        raise damaged_file()
    width, height = struct.unpack_from(">II", data, 16)
    position = 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, position)
        position += 12 + length
        if position > len(data):
            if width * height > MAX_PIXELS:
                break
            raise damaged_file()
        if kind == b"IEND":
            break
    return Container("PNG", width, height, end=position)


def _webp(data: bytes) -> Container:
    (length,) = struct.unpack_from("<I", data, 4)
    kind = data[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
    else:
        raise damaged_file()
    end = 8 + length + length % 2
    if end > len(data) + 1:
        raise damaged_file()
    return Container("WEBP", width, height, end=end)


def _gif(data: bytes) -> Container:
    """Take the size of the logical screen, or of a larger first frame. Blocks may be many: only the last is checked."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while data[position] == 0x21:  # extensions before the first frame
        position += 2
        while data[position]:
            position += 1 + data[position]
        position += 1
    if data[position] != 0x2C:
        raise damaged_file()
    left, top, frame_width, frame_height = struct.unpack_from("<HHHH", data, position + 1)
    trailer = data.rstrip(b"\x00").endswith(b"\x3b")
    return Container(
        "GIF", max(width, left + frame_width), max(height, top + frame_height), len(data) if trailer else 0
    )


def _refuse_foreign(data: bytes, found: Container) -> None:
    """Raise InvalidInput for a file that another program could read as another type."""
    after = data[found.end :].strip(b"\x00\r\n ")
    # Cameras append previews, depth maps, short films and makers' notes to a JPEG. We don't store what is appended.
    if after and found.format != "JPEG":
        raise _foreign()
    if _FOREIGN.search(data[:_EDGE]) or _FOREIGN.search(data[-_EDGE:]) or _ZIP_END in data[-_EDGE:]:
        raise _foreign()


def _foreign() -> InvalidInput:
    return InvalidInput(
        _("The file contains something other than an image. Choose another file."), code="image_has_foreign_data"
    )
