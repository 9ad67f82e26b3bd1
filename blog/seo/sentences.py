"""Words and sentences of a plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blog.seo.languages.base import LanguageRules

# "user/name", "Leser*innen" and "3.5" are a word each, as "don't" and "well-known" are.
WORD = re.compile(r"[^\W_]+(?:['’\-*/.][^\W_]+)*")
_CLAUSE = re.compile(r"[,;:()–—\"„“”]|\s-\s")

# A full stop and the like, closing quotes, space, and then what may begin a sentence.
_BREAK = re.compile(r"(?<![.!?…])([.!?…]++)([\"'”’“»)\]]*+)(\s++)(?=[\"'„“”«»(\[¿¡]*[A-ZÀ-ÞĀ-ŽЀ-Я0-9])")
_LAST_TOKEN = re.compile(r"([^\s(\[\"„“«]+)$")
_LONGEST_TOKEN = 40  # no abbreviation is longer
_LINE = re.compile(r"\n\s*\n")


def split(text: str, language: LanguageRules) -> list[str]:
    """The sentences of one block. A dot after an abbreviation, an initial or (where it makes ordinals) a number goes on."""
    out: list[str] = []
    for part in _LINE.split(text):
        start = 0
        for found in _BREAK.finditer(part):
            if (
                found[1] == "."
                and not found[2]
                and _goes_on(part[max(start, found.start() - _LONGEST_TOKEN) : found.start()], language)
            ):
                continue
            _add(out, part[start : found.end(2)])
            start = found.end()
        _add(out, part[start:])
    return out


def clauses(text: str) -> list[list[str]]:
    """The words of a sentence from comma to comma, as they are written."""
    return [words for part in _CLAUSE.split(text) if (words := WORD.findall(part))]


def _goes_on(before: str, language: LanguageRules) -> bool:
    found = _LAST_TOKEN.search(before)
    if not found:
        return False
    token = found[1].lower()
    if token in language.abbreviations or (token.rsplit(".", 1)[-1] in language.abbreviations and "." in token):
        return True
    if len(token) == 1 and token.isalpha():
        return found[1].isupper()  # an initial
    return language.ordinal_dot and token.isdigit() and len(token) <= 2


def _add(out: list[str], text: str) -> None:
    if text := " ".join(text.split()):
        out.append(text)
