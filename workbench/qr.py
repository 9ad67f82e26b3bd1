"""QR codes as pictures that a page carries in itself."""

from __future__ import annotations

import segno


def picture(text: str) -> str:
    """`text` as a QR code: the address of an SVG (`data:`)."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=2, dark="#111", light="#fff"))
