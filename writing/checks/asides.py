"""Find sentences that name nothing of the source: a text's opening ("Five more minutes, you say."), and asides within it.

They set a scene. Their everyday words claim nothing of the product.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from writing.checks import contradictions
from writing.checks.index import Index
from writing.checks.lexicon import Match, Token
from writing.checks.numbers import Number
from writing.checks.words import fold

FEW = 1  # words of the source that an opening may have and still set a scene
# The whole run of marks at once: of a thousand full stops each would be looked at a thousand times.
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]++(?=[\s\"'»”“)]|$)|\n")


class Asides:
    """The sentences of one text. `affirmed` tells whether the source affirms a concept. The work is linear in the text."""

    def __init__(
        self,
        text: str,
        words: Sequence[Token],
        matches: Sequence[Match],
        indexes: Sequence[Index],
        family: str,
        affirmed: Callable[[str], bool],
    ) -> None:
        self._length, self._words = len(text), words
        self._matches = sorted(matches, key=lambda match: match.start)
        self._indexes, self._affirmed = indexes, affirmed
        self._name = frozenset(indexes[0].folded.get("name", "").split())
        self._translated = indexes[0].language != family
        ends = list(_SENTENCE.finditer(text))
        self._marks, self._ends = [end.start() for end in ends], [end.end() for end in ends]
        self._word_starts = [word.start for word in words]
        self._match_starts = [match.start for match in self._matches]
        self._known: dict[tuple[int, int], bool] = {}

    def opening(self, found: Sequence[Number]) -> int:
        """The end of the text's first sentence if that is an opening which names nothing of the source, else 0."""
        end = self.first()
        if not end or any(number.start < end and not number.word for number in found):
            return 0
        if self._affirms(0, end):
            return 0
        own = set(self._keys(0, end))
        known = [key for key in own if any(index.licensed(key) for index in self._indexes)]
        return end if len(known) <= FEW and self._name.isdisjoint(known) else 0

    def first(self) -> int:
        """The end of the text's first sentence, or 0 if it is the only one."""
        end = self._ends[0] if self._ends else self._length
        return end if end < self._length else 0

    def licensed(self, stop: int) -> int:
        """The number of words of meaning before `stop` that a source has."""
        return sum(any(index.licensed(key) for index in self._indexes) for key in self._keys(0, stop))

    def named(self, stop: int) -> bool:
        """Whether a word before `stop` is one of the product's name."""
        return not self._name.isdisjoint(self._keys(0, stop))

    def has(self, claim: Number | Match) -> bool:
        """Whether no word of the sentence around a claim is in the source: "two minutes before the mirror"."""
        before = bisect_right(self._ends, claim.start)
        after = bisect_left(self._marks, claim.end)
        start = self._ends[before - 1] if before else 0
        stop = self._ends[after] if after < len(self._ends) else self._length
        if not start and stop == self._length:
            return False
        if (start, stop) not in self._known:
            self._known[start, stop] = self._is_aside(start, stop)
        return self._known[start, stop]

    def _is_aside(self, start: int, stop: int) -> bool:
        if any(index.licensed(key) for key in self._keys(start, stop) for index in self._indexes):
            return False
        return not self._translated or not self._affirms(start, stop)

    def _keys(self, start: int, stop: int) -> list[str]:
        first, last = bisect_left(self._word_starts, start), bisect_left(self._word_starts, stop)
        return [fold(word.text) for word in self._words[first:last] if contradictions.meaning(word.text)]

    def _affirms(self, start: int, stop: int) -> bool:
        first, last = bisect_left(self._match_starts, start), bisect_left(self._match_starts, stop)
        return any(self._affirmed(match.concept) for match in self._matches[first:last])
