"""Find what is near a place of a text or near a value, by bisection: n claims do not cost n passes over the text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from writing.checks.lexicon import Match

MOST_NEAR = 64  # candidates that are examined around one value or place
_APART = re.compile(r"[,;/|\d\n.]")


class Sorted:
    """Positions sorted by a value. Each pair is (value, position)."""

    def __init__(self, pairs: Iterable[tuple[float, int]] = ()) -> None:
        ordered = sorted(pairs)
        self._values = [value for value, _ in ordered]
        self._ats = [at for _, at in ordered]

    def within(self, lowest: float, highest: float) -> list[int]:
        """Positions with values from `lowest` to `highest`. Of more than `MOST_NEAR`, those around the middle."""
        first, last = bisect_left(self._values, lowest), bisect_right(self._values, highest)
        if last - first > MOST_NEAR:
            middle = bisect_left(self._values, (lowest + highest) / 2, first, last)
            first = max(first, min(middle - MOST_NEAR // 2, last - MOST_NEAR))
            last = first + MOST_NEAR
        return self._ats[first:last]


class Neighbours:
    """Finds those of `matches` that are near a place."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._matches = matches
        self._starts = Sorted((match.start, at) for at, match in enumerate(matches))
        self._ends = Sorted((match.end, at) for at, match in enumerate(matches))

    def near(self, start: int, end: int, most: int) -> list[Match]:
        """Matches that begin at most `most` characters from `end`, or end at most `most` characters from `start`."""
        if not self._matches:
            return []
        found = {*self._starts.within(end - most, end + most), *self._ends.within(start - most, start + most)}
        return [self._matches[at] for at in sorted(found)]


class Shares:
    """Finds the material that a percentage in `text` belongs to."""

    def __init__(self, text: str, materials: Sequence[Match]) -> None:
        self._materials = materials
        self._apart = [match.start() for match in _APART.finditer(text)] if materials else []
        self._starts = Sorted((match.start, at) for at, match in enumerate(materials))
        self._ends = Sorted((match.end, at) for at, match in enumerate(materials))
        self._length = len(text)
        self._text = text

    def of(self, start: int, end: int) -> Match | None:
        """The material of the percentage at `start` to `end`: the next one in "80 % wool". In "wool (80 %)", and in
        "wool 80 %" without a material after it, the one before."""
        if not self._materials:
            return None
        bracketed = "(" in self._text[max(0, start - 2) : start]
        nearest = bisect_left(self._apart, end)
        until = self._apart[nearest] if nearest < len(self._apart) else self._length
        if not bracketed and (after := self._starts.within(end, until)):
            return self._materials[min(after)]
        nearest = bisect_left(self._apart, start)
        since = self._apart[nearest - 1] + 1 if nearest else 0
        before = self._ends.within(since, start)
        return self._materials[max(before)] if before else None
