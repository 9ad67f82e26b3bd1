"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator
from functools import cache

from writing.checks.tables import table

LONGEST = 1_000  # characters; a longer sentence is read in pieces
_ENDS = re.compile(r"[.!?…][\"'»“”’)\]]{0,3}[^\S\n]+|[。！？।]|\n+")
_LAST = re.compile(r"([^\s(\[\"„“«]+)$")
_CAPITALS = re.compile(r"(?:^|\s)[A-ZÀ-Ý]{1,3}$")
_NEXT_CAPITALS = re.compile(r"[A-ZÀ-Ý]{1,3}\.")
_MEASURED = re.compile(r"\d\s?$")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences of `text`, without the spaces around them."""
    start = 0
    for match in _ENDS.finditer(text):
        if text[match.start()] == "." and _goes_on(text, match):
            continue
        yield from _pieces(text, start, match.end())
        start = match.end()
    yield from _pieces(text, start, len(text))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the full stop belongs to an abbreviation or an ordinal: "z. B.", "Dr. Oetker", "EE. UU.", "No. 5", "3.
    Gang". One after a measure ends its sentence: "400 g. The"."""
    after = text[match.end() : match.end() + 1]
    if after.islower():
        return True
    before = text[max(0, match.start() - 24) : match.start()]
    found = _LAST.search(before)
    if found is None:
        return False
    last = found[1].rsplit(".", 1)[-1]
    if last.isdigit():
        return len(last) < 3
    if not last.isalpha() or _MEASURED.search(before[: found.start()]):
        return False
    if last.casefold() in _abbreviations():
        return True
    if _CAPITALS.search(before) and _NEXT_CAPITALS.match(text, match.end()):
        return True
    return len(last) == 1 or (after.isdigit() and len(last) <= 3)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(str(table("words")["abbreviations"]).split())


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
