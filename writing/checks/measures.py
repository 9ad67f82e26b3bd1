"""Compare a text's numbers with the source's: value, unit and what is measured must agree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from writing.checks import derived, labels, numbers, spoken
from writing.checks.index import Index, SourcePlace
from writing.checks.lexicon import Match, Token
from writing.checks.neighbours import Neighbours, Shares
from writing.checks.numbers import Number, agree, normal
from writing.checks.tables import table
from writing.checks.words import fold

MOST_LABELLED = 64  # values of one label that are compared
ROUND = 20  # from here on a number without a unit may be rounded
MOST_DERIVED = 12  # numbers of a text that another number may be computed from
LEAST_DERIVED = 10
APART = frozenset({"mass", "time"})  # the dimensions whose properties are never each other: weight and load
DAYS = 30.4  # days of a month
WARRANTY_NEAR = 35  # characters between a time and the word of warranty that it belongs to
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
_CLAUSE_END = re.compile(r"[.,!?;\n]")


class Around:
    """The words, materials and warranties around the numbers of one text."""

    def __init__(
        self, text: str, words: list[Token], matches: list[Match], found: Sequence[Number], family: str
    ) -> None:
        self.text = text
        self.numbers = found[:MOST_DERIVED]
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
            return None if _mislabelled(number, around, indexes[0]) else place
    return (
        _continued(number, around, indexes)
        or _counted(number, around, indexes)
        or _written(number, around, indexes)
        or _derived(number, around, indexes)
        or derived.trace(number, around.text, around.numbers, indexes)
    )


def trivial(number: Number, text: str) -> bool:
    """Whether a number claims nothing: one of something ("1 piece", "1 x"), "two" or "three" in words, a time of day.

    Other numbers in words claim nothing if they count parts of a whole, additional things, or no named thing.
    """
    if number.word and not number.unit and _idle(number, text):
        return True
    if number.unit in ("", "h") and _clock().match(text, number.end):
        return True
    if number.dimension not in ("", "count"):
        return False
    return number.values in ((2.0,), (3.0,)) if number.word else number.values == (1.0,)


def _idle(number: Number, text: str) -> bool:
    """Whether a number in words counts nothing of the product: "at five,", "seven parts of", "four more spices"."""
    after, before = text[number.end : number.end + 20], text[max(0, number.start - 16) : number.start]
    return bool(not _COUNTED.match(after) or _idly().match(after) or _more().search(before))


_COUNTED = re.compile(r"[ \u00a0-][^\W\d_]")


@cache
def _idly() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{table('words')['parts']})(?!\w)", re.I)


@cache
def _more() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{table('words')['more']})\W$", re.I)


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{table('words')['clock']})(?!\w)", re.I)


def _mislabelled(number: Number, around: Around, index: Index) -> bool:
    """Whether the source gives another value for what the number measures according to the text.

    Words of the source's own language are compared before properties: "the flywheel of 24 kg" is not the weight.
    """
    if number.word and not number.unit:
        return False
    if not number.unit and _in_name(number, around, index):
        return False
    if _rightly_limited(number, around, index):
        return False
    found = labels.of(number, around.text, around.words, around.starts, around.family)
    said = [label for label in found if labels.fits(label, number.dimension)]
    agreeing = [at for at in index.near(number) if agree(number, index.numbers[at][0])]
    own = [index.labels[at] for at in agreeing]
    if any(not found.isdisjoint(names) for names in own):
        return bool(number.unit) and _of_another(number, found, own, around, index)
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
    ) and all(any(labels.measured(label, number.dimension) for label in names) for names in (properties, *own))


def _of_another(
    number: Number, found: frozenset[str], own: Sequence[frozenset[str]], around: Around, index: Index
) -> bool:
    """Whether the source gives the number for one thing, and the text for another of which the source gives another
    number: "a foot of 22 cm diameter" where the shade has 22 cm, and the foot 13 cm."""
    if any(_own(names) <= found for names in own):
        return False  # it is said of nothing else
    shared = max(len(found & names) for names in own)
    near = {at for label in found for at in index.labelled.get((number.dimension, label), ())[:MOST_LABELLED]}
    better = [at for at in near if len(found & index.labels[at]) > shared and _own(index.labels[at]) & found]
    return bool(better) and not any(_agrees(number, index.numbers[at][0], around) for at in better)


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


def _continued(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has the number in the unit of the one before it in the sentence: "2.3 metres long, 1.6 wide"."""
    if number.unit:
        return None
    before = next((other for other in reversed(around.numbers) if other.end <= number.start), None)
    if before is None or not before.unit or _SENTENCE_END.search(around.text, before.end, number.start):
        return None
    meant = replace(number, unit=before.unit)
    return next((place for index in indexes if (place := _supporting(meant, index, around))), None)


def _counted(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has a list with this number of entries: "in four sizes"."""
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


def _written(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has the designation that the number is part of, with the word before it: "G 1/2"."""
    start, end = number.start, number.end
    while start and (around.text[start - 1].isdigit() or around.text[start - 1] == "/"):
        start -= 1
    if number.word or (start == number.start and "/" not in number.text):
        return None
    at = bisect_left(around.starts, start) - 1
    if at < 0 or start - around.words[at].end > 1:
        return None
    key = normal(around.words[at].text + around.text[start:end])
    return next((place for index in indexes if (place := index.mention(key))), None)


def _derived(number: Number, around: Around, indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has the numbers from which this one follows: the product or quotient of two others of the text
    ("700 drops, five a day: some 140 days"), or the months that the source's pieces last at one a day."""
    value, dimension = number.values[0], number.dimension
    if value < LEAST_DERIVED and dimension != "time":
        return None
    if number.unit == "month":
        days = value * DAYS
        for index in indexes:
            for at in index.about_value(days, spoken.SPELLED):
                if index.numbers[at][0].dimension in ("", "count"):
                    return index.numbers[at][1]
    known = [(other, place) for other in around.numbers if other is not number and (place := _known(other, indexes))]
    slack = spoken.roughly(number, around.text) or numbers.EXACT
    for at, (first, place) in enumerate(known[:MOST_DERIVED]):
        for second, _ in known[at + 1 : MOST_DERIVED]:
            a, b = first.values[0], second.values[0]
            if (first.unit or second.unit) and not {first.unit, second.unit} <= {"", "piece", number.unit}:
                continue
            results = (a * b, a / b if b else 0.0, b / a if a else 0.0)
            if min(a, b) > 1 and any(abs(value - result) <= slack * value for result in results):
                return place
    return None


def _known(number: Number, indexes: Sequence[Index]) -> SourcePlace | None:
    return next(
        (index.numbers[at][1] for index in indexes for at in index.near(number) if agree(number, index.numbers[at][0])),
        None,
    )


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
