"""The width of a title in search results: Arial at 20 pixels, by its published advance widths (units per 1000)."""

from __future__ import annotations

import unicodedata

from scribe.marks import normalize

_GROUPS = {
    191: "'", 222: "ijl‘’", 260: "|", 278: " !,./:;I[]\\ft\u00a0", 333: "()-`r“”„", 334: "{}", 355: '"', 389: "*",
    469: "^", 500: "Jckvsxyz", 556: "#$?_0123456789Labdeghnopqu–", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY",
    722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1000: "—…", 1015: "@",
}  # fmt: skip
_WIDTHS = {character: width for width, characters in _GROUPS.items() for character in characters}
_BASE = {
    "đ": "d",
    "Đ": "D",
    "ß": "b",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "æ": "m",
    "Æ": "W",
}
PIXELS = 20


def width(text: str) -> int:
    """The width in pixels, rounded. A letter with a diacritic counts as its base letter. Others are estimated."""
    return round(sum(_advance(c) for c in normalize("NFC", text)) * PIXELS / 1000)


def _advance(character: str) -> int:
    if found := _WIDTHS.get(character):
        return found
    base = _BASE.get(character) or normalize("NFD", character)[0]
    if found := _WIDTHS.get(base):
        return found
    if unicodedata.category(character) == "Mn":
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 690 if character.isupper() else 560
