"""Numbers of a text against those of the source: value, unit and what is measured must agree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from writing.checks import labels, numbers, spoken
from writing.checks.lexicon import Match, Token
from writing.checks.neighbours import Neighbours, Shares
from writing.checks.numbers import Number, normal
from writing.checks.sources import Index, SourcePlace
from writing.checks.tables import table
from writing.checks.words import fold

MOST_LABELLED = 64  # values of one label that are compared
WARRANTY_NEAR = 35  # characters between a time and the word of warranty that it belongs to
_CLAUSE_END = re.compile(r"[.,!?;\n]")


class Around:
    """What stands around the numbers of one text."""

    def __init__(self, text: str, words: list[Token], matches: list[Match], family: str) -> None:
        self.text = text
        self.words = words
        self.family = family
        self.starts = [word.start for word in words]
        self.warranties = Neighbours([match for match in matches if match.concept in ("warranty", "lifetime")])
        self.shares = Shares(text, [match for match in matches if match.kind == "material"])


def trace(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has this number of this thing."""
    if number.dimension == "time" and any(index.near_warranty for index in indexes):
        near = around.warranties.near(number.start, number.end, WARRANTY_NEAR)
        between = ((min(number.end, m.end), max(number.start, m.start)) for m in near)
        if any(not _CLAUSE_END.search(around.text, first, last) for first, last in between):
            return next(filter(None, (index.warranty(number) for index in indexes)), None)
    if number.unit == "pct" and not number.loose and (match := around.shares.of(number.start, number.end)):
        shares = [share for index in indexes if (share := index.percents.get(match.concept))]
        if shares and not any(value in share for share in shares for value in number.values):
            return None
    for index in indexes:
        if place := _supporting(number, index, around):
            return None if _mislabelled(number, around, indexes[0]) else place
    return _counted(number, around, indexes)


def trivial(number: Number) -> bool:
    """One of something says nothing: "1 piece", "1 x"; nor do two or three of what isn't named ("two of them")."""
    if number.dimension not in ("", "count"):
        return False
    return number.values in ((2.0,), (3.0,)) if number.word else number.values == (1.0,)


def _mislabelled(number: Number, around: Around, index: Index) -> bool:
    """Whether the source gives what the text says this number measures, and gives it another value.

    Words that only the source's own language has decide before properties: "the flywheel of 24 kg" is not the weight.
    """
    if number.word and not number.unit:
        return False
    if not number.unit and _in_name(number, around, index):
        return False
    found = labels.of(number, around.text, around.words, around.starts, around.family)
    said = [label for label in found if labels.fits(label, number.dimension)]
    for group in ([label for label in said if label[0] != "="], [label for label in said if label[0] == "="]):
        known = [at for label in group for at in index.labelled.get((number.dimension, label), ())]
        if known:
            known += [at for label in group for at in index.labelled.get(("", label), ())]
            return not any(_agrees(number, index.numbers[at][0], around) for at in known[:MOST_LABELLED])
    return False


def _in_name(number: Number, around: Around, index: Index) -> bool:
    """Whether number and word before it stand together in the source ("LO 240"): it names, and measures nothing."""
    at = bisect_left(around.starts, number.start) - 1
    if at < 0 or number.start - around.words[at].end > 1:
        return False
    return index.mention(normal(around.words[at].text + number.text)) is not None


def _counted(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """ "In four sizes" counts a list of the source."""
    if number.unit or len(number.values) != 1 or not number.values[0].is_integer():
        return None
    count = int(number.values[0])
    if (
        number.word
        and count > 3
        and (place := next(filter(None, (index.counts.get(count) for index in indexes)), None))
    ):
        return place
    options = frozenset(str(table("words")["options"]).split())
    first = bisect_left(around.starts, number.end)
    following = [word for word in around.words[first : first + 2] if word.start <= number.end + 20]
    if not any(fold(word.text) in options or word.text.lower() in options for word in following):
        return None
    return next((index.counts[count] for index in indexes if count in index.counts), None)


def _supporting(number: Number, index: Index, around: Around) -> SourcePlace | None:
    for reading in (number, *spoken.below_zero(number, around.text)):
        for position in index.near(reading):
            source, place, dimension = index.numbers[position]
            if numbers.agree(reading, source) and not _otherwise(reading, source, dimension):
                return place
    if number.unit and (slack := spoken.roughly(number, around.text)):
        return next((index.numbers[position][1] for position in index.about(number, slack)), None)
    return None


def _agrees(number: Number, source: Number, around: Around) -> bool:
    if any(numbers.agree(reading, source) for reading in (number, *spoken.below_zero(number, around.text))):
        return True
    slack = spoken.roughly(number, around.text)
    return bool(slack) and any(abs(a - b) <= slack * abs(b) for a in number.base for b in source.base)


def _otherwise(number: Number, source: Number, dimension: str) -> bool:
    """Whether a bare source number belongs to a field of another dimension ("Weight: 30" does not make "30 cm" true)."""
    return bool(dimension and number.unit and not source.unit and number.dimension not in (dimension, "count"))
