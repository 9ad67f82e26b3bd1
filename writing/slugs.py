"""Slugs: the part of an address that names a product, in plain letters of the alphabet."""

from __future__ import annotations

import re
import unicodedata

from scribe.language import cyrillic
from scribe.marks import normalize

_OTHER = {
    **dict(zip("ёйщъыьэюя", ["yo", "y", "shch", "", "y", "", "e", "yu", "ya"], strict=True)),  # Russian
    "і": "i",
    "ї": "i",
    "є": "ie",
    "ґ": "g",
    "ў": "u",
    "ѓ": "gj",
    "ќ": "kj",
    "ѕ": "dz",
    **dict(
        zip(
            "αβγδεζηθικλμνξοπρσςτυφχψω",
            [
                "a",
                "v",
                "g",
                "d",
                "e",
                "z",
                "i",
                "th",
                "i",
                "k",
                "l",
                "m",
                "n",
                "x",
                "o",
                "p",
                "r",
                "s",
                "s",
                "t",
                "y",
                "f",
                "ch",
                "ps",
                "o",
            ],
            strict=True,
        )
    ),
    "ß": "ss",
    "æ": "ae",
    "ø": "o",
    "å": "a",
    "ł": "l",
    "đ": "dj",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "œ": "oe",
    "ə": "e",
}
_LATIN = {**cyrillic.SERBIAN, **_OTHER}
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_RUSSIAN = {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh"}
_DASHES = re.compile(r"[^a-z0-9]+")


def slugify(text: str, language: str = "", *, limit: int = 80) -> str:
    """`text` as a slug of at most `limit` characters, cut at a word. Empty when nothing of `text` can be written in
    Latin."""
    base = language.split("-")[0]
    table = dict(_LATIN)
    if base == "de":
        table |= _GERMAN
    if base in ("ru", "uk", "bg", "be"):
        table |= _RUSSIAN
    lowered = normalize("NFC", text).lower()
    spelled = "".join(_spelled(letter, table) for letter in lowered)
    folded = "".join(c for c in normalize("NFKD", spelled) if not unicodedata.combining(c))
    slug = _DASHES.sub("-", folded.replace("'", "").replace("’", "")).strip("-")
    if len(slug) <= limit:
        return slug
    head = slug[: limit + 1]
    return head[: head.rfind("-")] if "-" in head else slug[:limit]


def _spelled(letter: str, table: dict[str, str]) -> str:
    """`letter` in Latin. An accented letter that is not in the table is replaced by its base letter."""
    return table[letter] if letter in table else table.get(normalize("NFD", letter)[0], letter)
