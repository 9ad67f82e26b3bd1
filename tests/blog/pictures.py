"""Pictures for tests, good and hostile, made on the spot."""

from __future__ import annotations

import functools
import io
import os
import struct
import zlib

from PIL import Image, ImageDraw

ORIENTATION = 0x0112


def picture(width: int = 800, height: int = 600, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture with a red upper left corner on a blue ground."""
    ground = {"RGB": "blue", "RGBA": (0, 0, 255, 128), "L": 90, "CMYK": (255, 255, 0, 0), "P": 4}[mode]
    image = Image.new(mode, (width, height), ground)
    corner = {"RGB": "red", "RGBA": (255, 0, 0, 255), "L": 255, "CMYK": (0, 255, 255, 0), "P": 9}[mode]
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=corner)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noise(width: int, height: int) -> bytes:
    """A PNG that nothing can pack: three bytes for each pixel."""
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(out, "PNG", compress_level=0)
    return out.getvalue()


def turned(orientation: int, width: int = 800, height: int = 600) -> bytes:
    """A photo as a camera stores it: EXIF with an orientation, a place and a maker."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "SecretCameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(width, height, exif=exif)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@functools.cache
def png_bomb(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to `width` × `height` black pixels."""
    row = b"\x00" * (1 + (width + 7) // 8)
    body = zlib.compress(row * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def jpeg_of_size(width: int, height: int) -> bytes:
    """A small JPEG whose header claims `width` × `height`."""
    data = bytearray(picture(16, 16))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of_size(width: int, height: int) -> bytes:
    body = b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
