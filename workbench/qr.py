"""QR codes as images that are embedded in a page."""

import segno


def picture(text: str) -> str:
    """`text` as a QR code: an SVG in a `data:` address."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=2, dark="#111", light="#fff"))
