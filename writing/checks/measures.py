"""Compare a text's numbers with the source's: value, unit and what is measured must agree."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from writing.checks import labels, numbers, spoken
from writing.checks.index import Index, SourcePlace
from writing.checks.lexicon import Match
from writing.checks.neighbours import Neighbours, Shares
from writing.checks.numbers import Number, agree, normal
from writing.checks.sources import NAMES
from writing.checks.tables import table
from writing.checks.words import Token, fold

MOST_LABELLED = 64  # values of one label that are compared
ROUND = 20  # from here on a number without a unit may be rounded
APART = frozenset({"mass", "time"})  # the dimensions whose properties are never each other: weight and load
WORDED = frozenset({"month", "year"})  # units of numbers in words that claim something
WARRANTY_NEAR = 35  # characters between a time and the word of warranty that it belongs to
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
_CLAUSE_END = re.compile(r"[.,!?;\n]")


class Around:
    """The words, materials and warranties around the numbers of one text."""

    def __init__(
        self, text: str, words: list[Token], matches: list[Match], found: Sequence[Number], family: str
    ) -> None:
        self.text = text
        self.numbers = found
        self.words = words
        self.family = family
        self.starts = [word.start for word in words]
        self.warranties = Neighbours([match for match in matches if match.concept in ("warranty", "lifetime")])
        self.shares = Shares(text, [match for match in matches if match.kind == "material"])


def trace(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source gives this number for the same thing, or None."""
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
            return None if _is_mislabelled(number, around, indexes[0]) else place
    return _place_by_continuation(number, around, indexes) or _place_by_count(number, around, indexes)


def trivial(number: Number, text: str) -> bool:
    """Whether a number claims nothing: one of something ("1 piece", "1 x"), a time of day, and in words all but long
    times and prices, as words set scenes and round ("five minutes for yourself", "nearly two litres")."""
    if number.word and number.unit not in WORDED and number.dimension != "money":
        return True
    if number.unit in ("", "h") and _clock().match(text, number.end):
        return True
    return number.dimension in ("", "count") and number.values == (1.0,)


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{table('words')['clock']})(?!\w)", re.I)


def _is_mislabelled(number: Number, around: Around, index: Index) -> bool:
    """Whether the source gives another value for what the number measures according to the text.

    Words of the source's own language are compared before properties: "the flywheel of 24 kg" is not the weight.
    """
    if number.word and not number.unit:
        return False
    if not number.unit and _in_name(number, around, index):
        return False
    if _rightly_limited(number, around, index):
        return False
    found = labels.labels_of(number, around.text, around.words, around.starts, around.family)
    agreeing = [at for at in index.near(number) if agree(number, index.numbers[at][0])]
    found -= _own(_words_of_name(number, index, agreeing))
    said = [label for label in found if labels.fits(label, number.dimension)]
    own = [index.labels[at] for at in agreeing]
    if any(not found.isdisjoint(names) for names in own):
        return False
    properties = [label for label in said if label[0] == "="]
    for group in ([label for label in said if label[0] != "="], properties):
        known = [at for label in group for at in index.labelled.get((number.dimension, label), ())]
        if group is properties and not all(own):  # one of the agreeing values has no label ("Dimensions: 180 x 70 cm")
            known = [at for at in known if _of_whole(index.labels[at], found)]
        if known:
            known += [at for label in group for at in index.labelled.get(("", label), ())]
            return not any(_agrees(number, index.numbers[at][0], around) for at in known[:MOST_LABELLED])
    fields = [index.numbers[at][1].field for at in agreeing]
    return bool(
        number.dimension in APART and own and properties and all(field.startswith("attr") for field in fields)
    ) and all(any(labels.is_measured_in(label, number.dimension) for label in names) for names in (properties, *own))


def _words_of_name(number: Number, index: Index, agreeing: Sequence[int]) -> frozenset[str]:
    """The name's words, if the name has the number in its unit: they may stand beside other values of the source, too
    ("Socket set 1/2 in", "Size of the sockets: 8–32 mm")."""
    alike = (index.numbers[at] for at in agreeing if index.numbers[at][0].unit == number.unit)
    names = {place.field for _, place, _ in alike}.intersection(NAMES)
    return frozenset().union(*(labels.of_field(index.whole[name]) for name in names))


def _own(labels_of: frozenset[str]) -> frozenset[str]:
    """The labels that name a thing, not a property."""
    return frozenset(label for label in labels_of if label[0] != "=")


def _of_whole(known: frozenset[str], said: frozenset[str]) -> bool:
    """Whether a value of the source belongs to what the text measures. "Length of the fringes: 8 cm" is no length of a
    shawl, unless the text speaks of fringes."""
    return not _own(known) or not _own(known).isdisjoint(said)


def _rightly_limited(number: Number, around: Around, index: Index) -> bool:
    """Whether the source also gives the mass of "up to 300 g" as a limit. It may be a load, so labels do not matter."""
    if number.dimension != "mass" or not spoken.limit().search(around.text[max(0, number.start - 16) : number.start]):
        return False
    return any(at in index.limited and agree(number, index.numbers[at][0]) for at in index.near(number))


def _in_name(number: Number, around: Around, index: Index) -> bool:
    """Whether the source has the number after the same word ("LO 240"): part of a name, which measures nothing."""
    at = bisect_left(around.starts, number.start) - 1
    if at < 0 or number.start - around.words[at].end > 1:
        return False
    return index.mention(normal(around.words[at].text + number.text)) is not None


def _place_by_continuation(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has the number in the unit of the one before it in the sentence: "2.3 metres long, 1.6 wide"."""
    if number.unit:
        return None
    before = next((other for other in reversed(around.numbers) if other.end <= number.start), None)
    if before is None or not before.unit or _SENTENCE_END.search(around.text, before.end, number.start):
        return None
    meant = replace(number, unit=before.unit)
    return next((place for index in indexes if (place := _supporting(meant, index, around))), None)


def _place_by_count(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has a list with this number of entries: "in four sizes"."""
    if number.unit or len(number.values) != 1 or not number.values[0].is_integer():
        return None
    count = int(number.values[0])
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
            if _strength(reading, source, place):
                return place
            if numbers.agree(reading, source) and not _otherwise(reading, source, dimension):
                return place
    if (number.unit or number.values[0] >= ROUND) and (slack := spoken.roughly(number, around.text)):
        return next((index.numbers[position][1] for position in index.about(number, slack)), None)
    return None


def _strength(number: Number, source: Number, place: SourcePlace) -> bool:
    """Whether degrees are those of alcohol: "a gin of 43 degrees" has 43 % by volume."""
    alike = number.unit == "deg" and source.unit in ("pct", "vol") and number.values[:1] == source.values[:1]
    return alike and "vol" in place.excerpt.lower()


def _agrees(number: Number, source: Number, around: Around) -> bool:
    if any(numbers.agree(reading, source) for reading in (number, *spoken.below_zero(number, around.text))):
        return True
    slack = spoken.roughly(number, around.text)
    return bool(slack) and any(abs(a - b) <= slack * abs(b) for a in number.base for b in source.base)


def _otherwise(number: Number, source: Number, dimension: str) -> bool:
    """Whether a source number without a unit has another dimension: "Weight: 30" does not support "30 cm"."""
    return bool(dimension and number.unit and not source.unit and number.dimension not in (dimension, "count"))
