"""Numbers of a translation and of its original: equal in value and unit, each in the format of its language.

`1,234.5` in English is `1.234,5` in German. `1.234` alone is read as its language writes it: 1234 in German, 1.234 in
English. A number in words counts for one in digits. Units stay as they are; a converted number is a changed one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scribe.language.detector import family
from scribe.language.numerals import decimal_mark, thousands_mark
from writing.checks import lexicon, numbers, spoken
from writing.checks.numbers import Number
from writing.checks.translation.marks import blanked
from writing.checks.translation.pairs import WARNING, Departure, Pair
from writing.checks.translation.sizes import DENSE
from writing.checks.units import units

SMALL = 12  # numbers up to here are often written in words, or belong to a phrase ("one of", "2-in-1")
_SIGNS = str.maketrans("٫٬", ",.")
_ALIKE = (frozenset(("g", "gsm")), frozenset(("c", "deg")), frozenset(("f", "deg")))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as its language reads it. `value` is without its sign, except for degrees."""

    text: str
    start: int
    value: float
    unit: str

    @property
    def telling(self) -> bool:
        """Whether its absence cannot be a matter of wording."""
        return bool(self.unit) or self.value > SMALL or self.value != int(self.value)


def compare(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    """The numbers that only one of the two texts has. `source` and `target` are languages."""
    before, after = read(pair.source, source), read(pair.target, target)
    if not before and not after:
        return
    missing, added = _unmatched(before, after)
    missing = _unsaid(missing, pair.target, target)
    added = _unsaid(added, pair.source, source)
    known, new = {figure.value for figure in before}, {figure.value for figure in after}
    changed = {figure.value for figure in missing} & {figure.value for figure in added}
    both = any(figure.value not in new for figure in missing) and any(figure.value not in known for figure in added)
    for figure in added:
        if figure.value == 1 and _vague(figure.unit) and not both:
            continue  # an article or a counter: "a single charge"
        if figure.value in changed:
            yield Departure(
                pair.field,
                "unit_changed",
                f"The original has {figure.value:.10g} with another unit than “{figure.text}”.",
                "error",
                figure.text,
                figure.start,
            )
        else:
            repeated = figure.value in known
            detail = (
                f"The translation has “{figure.text}” more often than the original."
                if repeated
                else f"The original does not have “{figure.text}”."
            )
            yield Departure(
                pair.field,
                "number_added",
                detail,
                _level(figure, repeated=repeated, both=both),
                figure.text,
                figure.start,
            )
    for figure in missing:
        if figure.value in changed:
            continue
        repeated = figure.value in new
        detail = (
            f"The original has “{figure.text}” more often than the translation."
            if repeated
            else f"“{figure.text}” of the original is missing, or has changed."
        )
        yield Departure(pair.field, "number_missing", detail, _level(figure, repeated=repeated, both=both), figure.text)


def _level(figure: Figure, *, repeated: bool, both: bool) -> str:
    """A number that is only repeated less or more often is a warning, as is a small one that may be part of a phrase."""
    return "error" if not repeated and (figure.telling or both) else WARNING


def read(text: str, language: str) -> list[Figure]:
    """The numbers in digits of `text`, as `language` writes them."""
    signed = text.translate(_SIGNS) if "٫" in text or "٬" in text else text
    plain = blanked(signed)
    found = numbers.localized(numbers.find(plain)[0], family(language))
    return [figure for number in found for figure in _figures(_joined(number, signed, language), plain, language)]


def _joined(number: Number, text: str, language: str) -> Number:
    """The number without the minus that is a hyphen after a letter, as Hebrew joins its prepositions. Languages that put
    no spaces between words write a minus there."""
    at = number.start
    if family(language) in DENSE or at < 2 or text[at - 1] != "-" or not text[at - 2].isalpha():
        return number
    return replace(number, values=tuple(abs(value) for value in number.values))


def _figures(number: Number, text: str, language: str) -> Iterator[Figure]:
    signed = (spoken.below_zero(number, text) or [number])[0]
    unit = signed.unit if not signed.loose else ""
    degrees = signed.dimension in ("temperature", "temperature_f", "angle")
    for value in _values(number, signed.values, language):
        if degrees and text[number.start - 1 : number.start] == "–" and value > 0:
            value = -value  # numbers read a dash as the mark of a range
        yield Figure(text[number.start : number.end], number.start, round(value if degrees else abs(value), 6), unit)


def _values(number: Number, values: tuple[float, ...], language: str) -> tuple[float, ...]:
    """The number's reading in `language`; several where it is a list ("36,37,38")."""
    if len(values) == 1:
        return values
    written = number.text
    points, commas = written.count("."), written.count(",")
    if points + commas > 1:
        return values
    if points + commas == 1:
        mark = "." if points else ","
        if mark == decimal_mark(language):
            return values[1:2]
        if mark == thousands_mark(language) or mark == {".": ",", ",": "."}[decimal_mark(language)]:
            return values[:1]
    return values[:1]


def _unmatched(before: list[Figure], after: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """What is left on both sides when equal numbers are taken away: first those with the same unit, then those of which
    one has no unit that we know."""
    open_by_value: dict[float, Counter[str]] = defaultdict(Counter)
    for figure in after:
        open_by_value[figure.value][figure.unit] += 1
    missing = [figure for figure in before if not _take(open_by_value[figure.value], figure.unit)]
    rest = [
        figure
        for figure in missing
        if not _take_alike(open_by_value[figure.value], figure.unit)
        and not (figure.value < 0 and _take(open_by_value[-figure.value], ""))  # its degrees are in no table
    ]
    added: list[Figure] = []
    for figure in reversed(after):  # the last ones of several equal ones are the additional ones
        if open_by_value[figure.value][figure.unit] > 0:
            open_by_value[figure.value][figure.unit] -= 1
            added.append(figure)
    return rest, added[::-1]


def _take(counted: Counter[str], unit: str) -> bool:
    if counted[unit] < 1:
        return False
    counted[unit] -= 1
    return True


def _take_alike(counted: Counter[str], unit: str) -> bool:
    """Take a number whose unit may be the same. There are at most as many as there are units."""
    for other, count in counted.items():
        if count > 0 and (_vague(unit) or _vague(other) or frozenset((unit, other)) in _ALIKE):
            return _take(counted, other)
    return False


def _vague(unit: str) -> bool:
    return not unit or units()[unit][0] == "count"


def _unsaid(figures: list[Figure], text: str, language: str) -> list[Figure]:
    """Those of `figures` that `text` does not say in words either."""
    if not figures:
        return []
    words = spoken.spelled(text, lexicon.tokens(text), family(language), doubtful_too=True)
    said = {value for number in words for value in number.values}
    return [figure for figure in figures if figure.value not in said]
