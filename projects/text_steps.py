"""The steps from one text to another, word by word, in time that grows with the texts.

The standard library's comparison takes minutes for two texts of a thousand different words, whose spaces are all that they
share. Here words that each text has once, in the same order, hold the two together; only the short gaps between them are
compared in full.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_WORDS = re.compile(r"<[^<>]*>|\w+\s*|[^\w\s]\s*|\s+")
SHORT_GAP = 40  # words in one text between two anchors
Step = tuple[str, str]  # operation (equal, delete, insert) and text


def between(old: str, new: str) -> Iterator[Step]:
    """The steps in order, no two of one operation in a row. `equal` and `delete` together are the old text, `equal` and
    `insert` the new one."""
    operation, pieces = "", [""]
    for step, text in _steps(_WORDS.findall(old), _WORDS.findall(new)):
        if step != operation and operation:
            yield operation, "".join(pieces)
            pieces = []
        operation = step
        pieces.append(text)
    if operation:
        yield operation, "".join(pieces)


def _steps(before: list[str], after: list[str]) -> Iterator[Step]:
    start, end = _common(before, after)
    yield from _same(before[:start])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    at, to = 0, 0
    for one, other in [*_anchors(old, new), (len(old), len(new))]:
        yield from _gap(old[at:one], new[to:other])
        yield from _same(old[one : one + 1])
        at, to = one + 1, other + 1
    yield from _same(before[len(before) - end :] if end else [])


def _common(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many words the two have in common at their beginnings, and at their ends."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    most -= start
    return start, next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The places of words that each text has once, in an order that both have: the longest such row of them."""
    once = {word for word, n in Counter(old).items() if n == 1} & {word for word, n in Counter(new).items() if n == 1}
    place = {word: at for at, word in enumerate(new) if word in once}
    pairs = [(at, place[word]) for at, word in enumerate(old) if word in once]
    ends: list[int] = []  # by length: the least last place of a rising row
    last: list[int] = []  # by length: which pair that is
    before: list[int] = []  # by pair: the pair before it in its row
    for index, (_, to) in enumerate(pairs):
        length = bisect_left(ends, to)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [to], [index]
    row, index = [], last[-1] if last else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]


def _gap(old: list[str], new: list[str]) -> Iterator[Step]:
    if max(len(old), len(new)) > SHORT_GAP:
        start, end = _common(old, new)
        yield from _same(old[:start])
        yield from _replaced(old[start : len(old) - end], new[start : len(new) - end])
        yield from _same(old[len(old) - end :] if end else [])
        return
    for step, at, until, to, till in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from _same(old[at:until]) if step == "equal" else _replaced(old[at:until], new[to:till])


def _same(words: list[str]) -> Iterator[Step]:
    if words:
        yield "equal", "".join(words)


def _replaced(old: list[str], new: list[str]) -> Iterator[Step]:
    if old:
        yield "delete", "".join(old)
    if new:
        yield "insert", "".join(new)
