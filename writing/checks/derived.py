"""Find the numbers of a text that follow from those of the source: sums, differences, multiples, areas and ratios.

"47 cm" follows from "42 cm + 5 cm", "1 kg" from "10 × 100 g", "0,96 m²" from "1,2 × 0,8 m", and "seven to three" from
"70 % wool, 30 % acrylic". Only numbers of one dimension are added, money of one currency, and only counts multiply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from writing.checks import numbers
from writing.checks.index import Index, SourcePlace
from writing.checks.numbers import Number

MOST = 16  # numbers of one dimension of a source that are combined
MOST_COUNT = 1_000  # the highest count that multiplies
ADDED = frozenset({"length", "mass", "volume", "time", "money", "power", "storage"})
MULTIPLIED = frozenset({"mass", "volume", "time", "length", "area", "energy"})
SQUARE = 100  # square millimetres in a square centimetre, the base units of length and area
HIGHEST_PART = 20  # of a ratio
_RATIO = re.compile(r"\W*(?:to|zu|zum|à|a|al|contra|por|para|op|tot|do|na|prema|к|ко|на|:|/)\W*", re.I)


def trace(number: Number, text: str, said: Sequence[Number], indexes: Sequence[Index]) -> SourcePlace | None:
    """Where the source has a number from which this one follows, or None. `said` are the numbers of the text."""
    for index in indexes:
        if number.unit and (place := _computed(number, index)):
            return place
        if not number.unit and (place := _ratio(number, text, said, index)):
            return place
    return None


def _computed(number: Number, index: Index) -> SourcePlace | None:
    wanted = number.base[0]
    slack = max(numbers.EXACT * max(1.0, abs(wanted)), 0.0)
    known = list(_of(index, number.dimension, number.unit if number.dimension == "money" else ""))
    if number.dimension in ADDED:
        for (first, place), (second, _) in combinations(known, 2):
            if abs(first + second - wanted) <= slack or abs(abs(first - second) - wanted) <= slack:
                return place
    if number.dimension in MULTIPLIED:
        rounded = max(slack, min(numbers.rounding(number), numbers.ROUNDED * wanted))
        for count, place in _counts(index):
            if any(abs(one * count - wanted) <= slack or abs(one / count - wanted) <= rounded for one, _ in known):
                return place
    if number.dimension == "area":
        rounded = max(slack, min(numbers.rounding(number), numbers.ROUNDED * wanted))
        for (first, place), (second, _) in combinations(list(_of(index, "length")), 2):
            if abs(first * second / SQUARE - wanted) <= rounded:
                return place
    return None


def _of(index: Index, dimension: str, unit: str = "") -> Iterator[tuple[float, SourcePlace]]:
    """Yield the different values of a dimension, in its base unit; with `unit` only those in it."""
    seen: set[float] = set()
    for at, (source, place, _) in enumerate(index.numbers):
        if at in index.computed:
            continue
        if source.dimension != dimension or not source.unit or (unit and source.unit != unit):
            continue
        if (base := source.base[0]) not in seen:
            seen.add(base)
            yield base, place
            if len(seen) >= MOST:
                return


def _counts(index: Index) -> Iterator[tuple[float, SourcePlace]]:
    """Yield the different counts. A number without a unit in a field of a measure ("Weight: 30") is none."""
    seen: set[float] = set()
    for source, place, measure in index.numbers:
        value = source.values[0]
        if source.unit == "" and measure:
            continue
        if source.dimension in ("", "count") and value.is_integer() and 1 < value <= MOST_COUNT and value not in seen:
            seen.add(value)
            yield value, place
            if len(seen) >= MOST:
                return


def _ratio(number: Number, text: str, said: Sequence[Number], index: Index) -> SourcePlace | None:
    """Where the source has two shares in the ratio of this number and the one beside it."""
    shares = list(_of(index, "percent"))
    if len(shares) < 2 or number.values[0] > HIGHEST_PART:
        return None
    for other in said:
        first, second = (number, other) if number.start < other.start else (other, number)
        if other is number or other.unit or not _RATIO.fullmatch(text[first.end : second.start]):
            continue
        a, b = first.values[0], second.values[0]
        for (one, place), (two, _) in combinations(shares, 2):
            if abs(a * two - b * one) <= numbers.EXACT * 100 or abs(a * one - b * two) <= numbers.EXACT * 100:
                return place
    return None
