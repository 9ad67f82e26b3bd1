"""Words and sentences of a plain text."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blog.seo.languages.base import LanguageRules

# Each of these is one word: "don't", "well-known", "user/name", "Leser*innen", "READ_ME", "3.5".
WORD = re.compile(r"[^\W_]+(?:['’\-*/._][^\W_]+)*")
_CLAUSE = re.compile(r"[,;:()–—]|\s-\s")
_BRACKETED = re.compile(r"\(([^()]*)\)")

# A full stop or other end mark, closing quotes, white space, and then what may begin a sentence: a capital or a digit, a word
# in brackets after an end mark ("Done. (see below)"), or an emoji.
_BREAK = re.compile(
    r"(?<![.!?…])([.!?…]++)([\"'”’“»)\]]*+)(\s++)"
    r"(?=[\"'„“”«»(\[¿¡]*[A-ZÀ-ÞĀ-ŽЀ-Я0-9]|[(\[][^\W_]|[☀-➿🌀-🫿])"
)
_LAST_TOKEN = re.compile(r"([^\s(\[\"„“«]+)$")
_LONGEST_TOKEN = 40  # no abbreviation is longer
_LINE = re.compile(r"\n\s*\n")


def split(text: str, language: "LanguageRules") -> list[str]:
    """The sentences of one block. A dot after an abbreviation or initial, or in an ordinal number, ends no sentence."""
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
    """The words of each clause of a sentence, as they are written. Commas, dashes and the like part clauses. What stands in
    brackets is a clause of its own, and the sentence goes on around it."""
    parts = [
        *_CLAUSE.split(_BRACKETED.sub(" ", text)),
        *(p for held in _BRACKETED.findall(text) for p in _CLAUSE.split(held)),
    ]
    return [words for part in parts if (words := WORD.findall(part))]


def _goes_on(before: str, language: "LanguageRules") -> bool:
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
