"""Slugs: the part of an address that names a product, in plain letters of the alphabet."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from scribe.language import script
from scribe.marks import normalize

#: Other scripts stay out: how a sign is read depends on the language there.
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")
_OTHERWISE = {"đ": "dj", "ё": "yo", "ѓ": "gj", "ќ": "kj"}
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_DASHES = re.compile(r"[^a-z0-9]+")


def slugify(text: str, language: str = "", *, limit: int = 80) -> str:
    """`text` as a slug of at most `limit` characters, cut at a word. Empty when nothing of `text` can be written in
    Latin."""
    base = language.split("-")[0]
    table = _OTHERWISE if base in ("ru", "uk", "bg", "be") else script.SERBIAN | _OTHERWISE
    if base == "de":
        table = table | _GERMAN
    spelled = "".join(_spell(letter, table) for letter in normalize("NFC", text).lower())
    folded = "".join(c for c in normalize("NFKD", spelled) if not unicodedata.combining(c))
    slug = _DASHES.sub("-", folded.lower().replace("'", "").replace("’", "")).strip("-")
    if len(slug) <= limit:
        return slug
    head = slug[: limit + 1]
    return head[: head.rfind("-")] if "-" in head else slug[:limit]


def _spell(letter: str, table: dict[str, str]) -> str:
    if letter in table:
        return table[letter]
    return _in_latin(letter)


@lru_cache(maxsize=5_000)
def _in_latin(letter: str) -> str:
    return anyascii(letter) if unicodedata.name(letter, "").startswith(_ALPHABETS) else letter
