"""Literal passages of a source: whether a quote stands in it, where, and whether it was cut out of a negation.

Quote and source are compared only by their words and numbers. Case, spaces, and marks such as quotation marks and
dashes don't count. A quote lies in one field; "…" in it stands for words that were left out. The running time is linear
in both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scribe.marks import normalize
from writing.checks import lexicon, polarity, sources
from writing.checks.tables import table
from writing.checks.words import fold, latin
from writing.facts import Facts
from writing.settings import WritingSettings

MOST_PLACES = 20  # how many places of one quote in one field are tried
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%°€$£+±#]")
_BEFORE = re.compile(r"([^\W\d_]+)[^\S\n]+[\"'“„«]?$")
LONGEST_NEGATION = 24
_LEFT_OUT = re.compile(r"\.\.\.|…|\[…\]|\[\.\.\.\]")


def key(text: str) -> str:
    """The words and numbers of `text` in the form in which they are compared, each between two spaces; " " if it has
    none."""
    return "".join(f" {token}" for token, _, _ in tokens(text)) + " "


def letters(text: str) -> int:
    """How many letters and digits `text` has."""
    return sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a quote stands. `turned`: the source denies in that place what the quote alone would state. `says_no`: the
    field is an attribute whose whole value is "no"."""

    field: str
    excerpt: str
    turned: bool = False
    says_no: bool = False


class Passages:
    """The fields of one source, ready for any number of quotes."""

    def __init__(self, facts: Facts, settings: WritingSettings) -> None:
        fields = {
            **sources.of(facts).whole,
            **sources.of_instructions(settings.instructions).whole,
            **(sources.of_original(facts).whole if facts.original else {}),
        }
        no = frozenset(fold(word) for word in str(table("words")["no_values"]).split())
        self.fields = [_Text(path, text, facts.fields.get(path), no) for path, text in fields.items()]

    def find(self, quote: str) -> Passage | None:
        """The passage that `quote` copies, or None when the source lacks these words. A passage that says the same as
        the quote is preferred to one that denies it."""
        parts = [part for piece in _LEFT_OUT.split(quote) if (part := key(piece)) != " "]
        if not parts:
            return None
        turned = None
        for text in self.fields:
            for passage in text.find(parts):
                if not passage.turned:
                    return passage
                turned = turned or passage
        return turned


class _Text:
    """One field with its label before the value ("Weight: 320 g")."""

    def __init__(self, path: str, whole: str, value: str | None, no: frozenset[str]) -> None:
        self.path, self.whole = path, whole
        self.label = len(whole) - len(value) if value is not None else 0  # length of the label, in characters
        self.says_no = bool(self.label) and fold(whole[self.label :].strip()) in no

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        return list(tokens(self.whole))

    @cached_property
    def joined(self) -> tuple[str, list[int]]:
        """All tokens in one string, and the offset of each in it."""
        starts, length = [], 0
        for token, _, _ in self.words:
            starts.append(length)
            length += len(token) + 1
        return "".join(f" {token}" for token, _, _ in self.words) + " ", starts

    @cached_property
    def negated(self) -> list[tuple[int, int]]:
        """The places of the words that are negated."""
        words = lexicon.tokens(self.whole)
        flags = polarity.of("*").spans(self.whole, words)
        return [(word.start, word.end) for word, flag in zip(words, flags, strict=True) if flag == polarity.NEGATED]

    def find(self, parts: list[str]) -> Iterator[Passage]:
        """The first place where the parts stand in their order, and the first such place that is not turned."""
        text, starts = self.joined
        at, turned = 0, False
        for _ in range(MOST_PLACES):
            if (first := text.find(parts[0], at)) < 0:
                return
            begin, end = first, first + len(parts[0]) - 1
            for part in parts[1:]:
                if (begin := text.find(part, end)) < 0:
                    return
                end = begin + len(part) - 1
            left = self.words[bisect_right(starts, first) - 1][1]
            right = self.words[bisect_right(starts, end - 1) - 1][2]
            if right > self.label:  # the label alone states nothing
                is_turned = self._turned(left, right)
                if not (is_turned and turned):
                    yield Passage(self.path, sources.excerpt(self.whole, left, right), is_turned, self.says_no)
                if not is_turned or len(parts) > 1:
                    return
                turned = True
            at = first + 1

    def _turned(self, left: int, right: int) -> bool:
        """Whether words outside the passage negate words inside it: "not [suitable for carbonated drinks]"."""
        before = _BEFORE.search(self.whole, max(0, left - LONGEST_NEGATION), left)
        if before and latin(before[1]) in polarity.of("*").before:
            return True
        inside = [span for span in self.negated if left <= span[0] < right]
        if not inside:
            return False
        alone = self.whole[left:right]
        words = lexicon.tokens(alone)
        flags = polarity.of("*").spans(alone, words)
        kept = {word.start + left for word, flag in zip(words, flags, strict=True) if flag != polarity.PLAIN}
        return any(start not in kept for start, _ in inside)


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _TOKEN.finditer(text):
        token = match[0]
        if not token.isascii():
            token = normalize("NFKC", token)
        yield token.casefold(), match.start(), match.end()
