"""Pictures are judged before they are decoded, and what is kept was made by us."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image

from blog.images import container, encoding
from scribe.errors import DomainError
from tests.blog import pictures


def opened(encoded: encoding.Encoded) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.data))
    image.load()
    return image


def refused(data: bytes) -> tuple[int, str]:
    with pytest.raises(DomainError) as caught:
        encoding.process(data)
    return caught.value.status, caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_in_its_format_and_made_in_four_widths(kind: str) -> None:
    made = encoding.process(pictures.picture(2000, 1000, kind))

    assert (made.original.format, made.original.width, made.original.height) == (kind, 2000, 1000)
    assert {(v.format, v.width, v.height) for v in made.variants} == {
        (f, w, w // 2) for f in ("WEBP", "JPEG") for w in (320, 640, 1024, 1600)
    }
    for variant in made.variants:
        assert opened(variant).size == (variant.width, variant.height)


def test_no_variant_is_wider_than_the_picture() -> None:
    assert {v.width for v in encoding.process(pictures.picture(700, 300)).variants} == {320, 640}
    assert encoding.process(pictures.picture(200, 300)).variants == []


def test_a_wide_picture_is_shrunk_by_whole_pixels_before_it_is_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink, factors = Image.Image.reduce, []

    def noted(image: Image.Image, factor: tuple[int, int], box: tuple[int, int, int, int] | None = None) -> Image.Image:
        factors.append(factor)
        return shrink(image, factor, box)

    monkeypatch.setattr(Image.Image, "reduce", noted)
    out = io.BytesIO()
    Image.new("RGB", (6400, 64), "red").save(out, "JPEG")
    found = encoding.process(out.getvalue())
    assert factors == [(2, 2)]  # a quarter of the pixels is left for the fine filter
    assert [one.width for one in found.variants[::2]] == [1600, 1024, 640, 320]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_metadata_is_gone(orientation: int) -> None:
    data = pictures.turned(orientation)
    assert b"SecretCameraMaker" in data

    made = encoding.process(data)

    assert b"SecretCameraMaker" not in made.original.data
    image = opened(made.original)
    assert not image.getexif()
    assert image.size == ((800, 600) if orientation < 5 else (600, 800))
    # Where the red upper left quarter of the stored pixels is to be seen.
    right = orientation in (2, 3, 6, 7)
    low = orientation in (3, 4, 7, 8)
    pixel = image.getpixel(
        (image.width * 3 // 4 if right else image.width // 4, image.height * 3 // 4 if low else image.height // 4)
    )
    assert pixel[0] > 200 > 60 > pixel[2], f"red is not where orientation {orientation} puts it"


def test_transparency_is_kept_and_white_in_jpeg() -> None:
    made = encoding.process(pictures.picture(800, 600, "PNG", "RGBA"))

    assert opened(made.original).mode == "RGBA"
    jpeg = next(v for v in made.variants if v.format == "JPEG" and v.width == 320)
    assert opened(jpeg).getpixel((300, 200))[0] > 110, "half transparent blue on white"


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("GIF", "P"), ("PNG", "P"), ("PNG", "L")])
def test_other_colour_models_become_rgb(kind: str, mode: str) -> None:
    made = encoding.process(pictures.picture(400, 300, kind, mode))
    assert opened(made.original).mode in ("RGB", "RGBA")
    assert made.original.format == ("PNG" if kind == "GIF" else kind)


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    grey = Image.new("I;16", (400, 300), 0x8000)
    out = io.BytesIO()
    grey.save(out, "PNG")
    pixel = opened(encoding.process(out.getvalue()).original).getpixel((5, 5))
    assert 126 <= pixel[0] <= 129


@pytest.mark.parametrize(
    "data",
    [
        pictures.SVG,
        b"",
        b"GIF",
        b"%PDF-1.7 ...",
        b"<html><img src=x></html>",
        b"BM" + b"\x00" * 100,
        b"\x00\x00\x00\x1cftypavif" + b"\x00" * 100,
        b"II*\x00" + b"\x00" * 100,
        b"\x00" * 1000,
    ],
)
def test_what_is_no_picture_of_ours_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refused(data) in [(415, "image_type_not_supported"), (400, "image_broken")]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_cut_off_picture_is_refused(kind: str, share: float) -> None:
    whole = pictures.picture(700, 500, kind, "P" if kind == "GIF" else "RGB")
    status, code = refused(whole[: int(len(whole) * share)])
    assert code in ("image_broken", "image_type_not_supported", "image_has_foreign_data")
    assert status in (400, 415)


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("tail", [a_zip(), b"<script>alert(1)</script>", b"<?php system($_GET[0]);"])
def test_a_file_that_is_two_things_is_refused(kind: str, tail: bytes) -> None:
    whole = pictures.picture(64, 64, kind, "P" if kind == "GIF" else "RGB")
    assert refused(whole + tail) == (400, "image_has_foreign_data")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_words_behind_a_picture_are_refused(kind: str) -> None:
    whole = pictures.picture(64, 64, kind, "P" if kind == "GIF" else "RGB")
    assert refused(whole + b"plain words") == (400, "image_has_foreign_data")


def test_a_makers_trailer_is_cut_off() -> None:
    """As Samsung writes it: data blocks, their directory `SEFH`, its length and `SEFT`."""
    block = b"\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1700000000000"
    directory = b"SEFH" + b"k\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x0a" + len(block).to_bytes(4, "little") * 2
    trailer = block + directory + len(directory).to_bytes(4, "little") + b"SEFT"
    made = encoding.process(pictures.picture(640, 480) + trailer)
    assert made.original.width == 640
    assert b"SEFT" not in made.original.data


def test_markup_in_a_comment_is_refused() -> None:
    assert refused(pictures.picture(64, 64, comment=b"<script>alert(1)</script>")) == (400, "image_has_foreign_data")


def test_what_a_camera_appends_is_dropped() -> None:
    made = encoding.process(pictures.picture(640, 480) + pictures.picture(64, 48))
    assert made.original.width == 640


@pytest.mark.parametrize(
    "data",
    [
        pictures.png_bomb(20_000, 20_000),
        pictures.png_bomb(10_001, 10_000),
        pictures.jpeg_of_size(60_000, 60_000),
        pictures.jpeg_of_size(10_000, 10_000),
        pictures.webp_of_size(16_000, 16_000),
        pictures.webp_of_size(10_000, 10_000),
        b"GIF89a" + struct.pack("<HHB", 65_000, 65_000, 0) + b"\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00;",
        b"GIF89a"
        + struct.pack("<HHB", 10, 10, 0)
        + b"\x00\x00,"
        + struct.pack("<HHHH", 0, 0, 65_000, 65_000)
        + b"\x00;",
    ],
)
def test_more_than_fifty_megapixels_are_refused_from_the_header(data: bytes) -> None:
    assert refused(data) == (413, "image_has_too_many_pixels")


def test_a_header_that_lies_is_refused() -> None:
    data = pictures.picture(64, 64, "PNG")
    header = data[16:24]
    lying = struct.pack(">II", 5_000, 5_000) + data[24:29]
    at = data.index(header)
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + lying))
    assert refused(data[:at] + lying + crc + data[at + 17 :]) == (400, "image_broken")


def test_more_than_fifteen_megabytes_are_refused() -> None:
    assert refused(b"\xff\xd8\xff" + b"\x00" * container.MAX_BYTES) == (413, "image_too_large")


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = pictures.picture(64, 64, progressive=True)
    start = data.index(b"\xff\xda")
    assert refused(data[:start] + data[start:-2] * 60 + b"\xff\xd9") == (400, "image_broken")


def test_hostile_pictures_cost_no_memory() -> None:
    """In a process of its own: all refusals together stay below 32 MB above the idle process."""
    script = """
import resource, sys
from blog.images import container, encoding
from scribe.errors import DomainError
from tests.blog import pictures
encoding.process(pictures.picture(64, 64))
hostile = [pictures.png_bomb(20_000, 20_000), pictures.png_bomb(10_001, 10_000), pictures.jpeg_of_size(60_000, 60_000),
           pictures.webp_of_size(16_000, 16_000), pictures.SVG, pictures.picture(640, 480)[:2000]]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for data in hostile:
    try:
        encoding.process(data)
        sys.exit("taken")
    except DomainError:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 32 * 1024, f"{int(done.stdout) / 1024:.0f} MB"


@pytest.mark.slow
def test_the_largest_picture_is_taken_in_bounded_memory() -> None:
    script = """
import resource
from blog.images import encoding
from tests.blog import pictures
encoding.process(pictures.picture(64, 64))
data = pictures.png_bomb(8_000, 6_250)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert encoding.process(data).original.width == 8_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 400 * 1024, f"{int(done.stdout) / 1024:.0f} MB"


URI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def told(encoded: encoding.Encoded) -> str:
    """The digital source type of a file, as a reader of XMP finds it in the file's bytes."""
    return encoding.source_type_of(opened(encoded).info)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_made_picture_says_so_in_every_width_and_format(kind: str) -> None:
    made = encoding.process(pictures.picture(1700, 900, kind), source_type="trainedAlgorithmicMedia")
    assert {told(one) for one in (made.original, *made.variants)} == {"trainedAlgorithmicMedia"}
    assert all(URI.encode() in one.data for one in (made.original, *made.variants))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_picture_says_of_its_source_outlives_upload_resize_and_another_format(kind: str) -> None:
    first = encoding.process(pictures.picture(1700, 900, kind), source_type="compositeSynthetic")
    again = encoding.process(first.original.data)
    once_more = encoding.process(again.variants[-1].data)
    assert {told(one) for one in (again.original, *again.variants, once_more.original)} == {"compositeSynthetic"}


@pytest.mark.parametrize(
    "packet",
    [
        f"<Iptc4xmpExt:DigitalSourceType>{URI}</Iptc4xmpExt:DigitalSourceType>",
        f'<Iptc4xmpExt:DigitalSourceType rdf:resource="{URI}"/>',
        f"<rdf:Description Iptc4xmpExt:DigitalSourceType='{URI}'/>",
    ],
)
def test_the_source_is_read_in_each_form_that_xmp_has_and_nothing_else_of_it_is_kept(packet: str) -> None:
    out = io.BytesIO()
    note = "<dc:creator>Somebody</dc:creator>"
    Image.new("RGB", (700, 300)).save(out, "JPEG", xmp=f"<x:xmpmeta>{note}{packet}</x:xmpmeta>".encode())
    made = encoding.process(out.getvalue())
    assert {told(one) for one in (made.original, *made.variants)} == {"trainedAlgorithmicMedia"}
    assert all(b"Somebody" not in one.data for one in (made.original, *made.variants))


def test_a_picture_that_says_nothing_of_its_source_gets_no_mark() -> None:
    made = encoding.process(pictures.picture(700, 300))
    assert all(b"DigitalSourceType" not in one.data for one in (made.original, *made.variants))
