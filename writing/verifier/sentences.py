"""The sentences of a content. A sentence that occurs several times is listed once, with all its places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from writing.checks import fields
from writing.fields import Role
from writing.verifier import passages

MOST = 200  # the most sentences of one content that are read
LONGEST = 1_000  # characters; a longer sentence is read in pieces
_ENDS = re.compile(r"[.!?…][\"'»“”’)\]]{0,3}[^\S\n]+|[。！？]|\n+")


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """The place of a sentence. `start` and `end` count characters of the field's visible text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    key: str  # its words in the form in which they are compared
    text: str
    places: tuple[SentencePlace, ...]


def of(content: dict[str, Any]) -> list[Sentence]:
    """All sentences, in the order of their first places."""
    texts: dict[str, str] = {}
    places: dict[str, list[SentencePlace]] = {}
    for field in fields.of(content):
        if field.row.role is Role.KEYWORDS:
            continue  # search words are not sentences; the tables check them
        for start, end in _spans(field.text):
            text = field.text[start:end]
            if (mark := passages.key(text)) == " ":
                continue
            texts.setdefault(mark, text)
            places.setdefault(mark, []).append(SentencePlace(field.name, start, end))
    return [Sentence(mark, text, tuple(places[mark])) for mark, text in texts.items()]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _ENDS.finditer(text):
        if text[match.start()] == "." and _goes_on(text, match):
            continue
        yield from _pieces(text, start, match.end())
        start = match.end()
    yield from _pieces(text, start, len(text))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the full stop belongs to an abbreviation or an ordinal: "z. B.", "approx. 5 l", "No. 5", "3. Gang"."""
    after = text[match.end() : match.end() + 1]
    if after.islower():
        return True
    word = text[max(0, match.start() - 4) : match.start()]
    last = re.split(r"[\s(.]", word)[-1]
    if last.isdigit():
        return len(last) < 3
    return last.isalpha() and (len(last) == 1 or (after.isdigit() and len(last) <= 3))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut + (text[cut] == " ")
    if start < end:
        yield start, end
