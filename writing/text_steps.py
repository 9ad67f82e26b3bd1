"""The steps from one text to another, word by word, in time that grows with the texts.

The standard library's comparison takes minutes for two texts of a thousand different words, whose spaces are all that they
share. Here words that each text has once, in the same order, hold the two together; only the short gaps between them are
compared in full.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_WORDS = re.compile(r"<[^<>]*>|\w+\s*|[^\w\s]\s*|\s+")
SHORT_GAP = 40  # words in one text between two anchors
Step = tuple[str, str]  # operation (equal, delete, insert) and text
Operation = tuple[str, int, int, int, int]  # equal, delete, insert or replace, and the places in both lists


def between(old: str, new: str) -> Iterator[Step]:
    """The steps in order, no two of one operation in a row. `equal` and `delete` together are the old text, `equal` and
    `insert` the new one."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for operation, start, end, from_, to in operations(before, after):
        if operation == "equal":
            yield "equal", "".join(before[start:end])
            continue
        if start < end:
            yield "delete", "".join(before[start:end])
        if from_ < to:
            yield "insert", "".join(after[from_:to])


def operations(before: Sequence[str], after: Sequence[str]) -> Iterator[Operation]:
    """The steps from one list of words to the other, in the form of `difflib.SequenceMatcher.get_opcodes`; no two of one
    operation in a row."""
    whole: Operation | None = None
    for operation, start, end, from_, to in _parts(before, after):
        if start == end and from_ == to:
            continue
        if whole is not None and (whole[0] == "equal") == (operation == "equal"):
            whole = (_name_step(whole[0], whole[1], end, whole[3], to), whole[1], end, whole[3], to)
            continue
        if whole is not None:
            yield whole
        whole = (_name_step(operation, start, end, from_, to), start, end, from_, to)
    if whole is not None:
        yield whole


def _name_step(operation: str, start: int, end: int, from_: int, to: int) -> str:
    if operation == "equal":
        return operation
    return "insert" if start == end else "delete" if from_ == to else "replace"


def _parts(before: Sequence[str], after: Sequence[str]) -> Iterator[Operation]:
    start, end = _common(before, after)
    yield "equal", 0, start, 0, start
    at, to = start, start
    last, till = len(before) - end, len(after) - end
    anchors = [(one + start, other + start) for one, other in _anchors(before[start:last], after[start:till])]
    for one, other in [*anchors, (last, till)]:
        yield from _gap(before, after, at, one, to, other)
        if one < last:
            yield "equal", one, one + 1, other, other + 1
        at, to = one + 1, other + 1
    yield "equal", last, len(before), till, len(after)


def _common(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many words the two have in common at their beginnings, and at their ends."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    most -= start
    return start, next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
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


def _gap(before: Sequence[str], after: Sequence[str], at: int, last: int, to: int, till: int) -> Iterator[Operation]:
    old, new = before[at:last], after[to:till]
    if max(len(old), len(new)) <= SHORT_GAP:
        for operation, start, end, from_, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield operation, at + start, at + end, to + from_, to + until
        return
    start, end = _common(old, new)
    yield "equal", at, at + start, to, to + start
    yield "replace", at + start, last - end, to + start, till - end
    yield "equal", last - end, last, till - end, till
