"""Numbers of a translation and of its original: equal in value and unit, each in the format of its language.

`1,234.5` in English is `1.234,5` in German. `1.234` alone is read as its language writes it: 1234 in German, 1.234 in
English. A number in words counts for one in digits. "1.62 m" is equal to "162 cm". A number converted to another system of units,
which rounds it, is a warning if it is right; a wrong one is an error.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scribe.language.detector import family
from scribe.language.numerals import decimal_mark, thousands_mark
from scribe.messages import _
from writing.checks import numbers, spoken
from writing.checks.numbers import Number
from writing.checks.translation import spelled, times
from writing.checks.translation.marks import blank_marks
from writing.checks.translation.pairs import WARNING, Departure, Pair
from writing.checks.translation.sizes import DENSE
from writing.checks.units import units

MOST_CONVERTED = 50  # numbers of each text that are tried in other units
SMALL = 12  # numbers up to here are often written in words, or belong to a phrase ("one of", "2-in-1")
_DATE = re.compile(
    r"(?<![\d.,/-])(?:(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.(?:\s?\d{4})?|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)(?!\d)"
)
_INCHES = re.compile(r"(?<=\d) in(?=[.,;)]|$| [x×])")  # elsewhere "in" is the preposition
ADDED = frozenset(["number_added", "unit_changed"])  # the codes of what the original does not say
_ALIKE = tuple(map(frozenset, (("g", "gsm"), ("c", "deg"), ("f", "deg"), ("gbp", "lb"))))  # a pound, and a pound


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as its language reads it. `value` is without its sign, except for degrees."""

    text: str
    start: int
    value: float
    unit: str
    number: Number

    @property
    def measure(self) -> Number:
        """The number with its unit, also one that only the last of a row names ("10 x 20 cm")."""
        return replace(self.number, values=(self.value,), loose=False)

    @property
    def telling(self) -> bool:
        """Whether its absence cannot be a matter of wording."""
        return bool(self.unit) or self.value > SMALL or self.value != int(self.value)


def compare(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    """The numbers that only one of the two texts has. `source` and `target` are languages."""
    texts = times.without_equal_times(pair.source, pair.target)
    before, after = (_with_durations(text, language) for text, language in zip(texts, (source, target), strict=True))
    if not before and not after:
        return
    missing, added = _remove_matches(before, after)
    missing, added = _remove_decades(missing, added)
    missing, added, converted = _remove_converted(missing, added)
    missing, beside = _remove_said_beside(missing, after)
    converted += beside
    added, beside = _remove_said_beside(added, before)
    converted += [(there, here) for here, there in beside]

    def found(figure: Figure, code: str, detail: str, level: str) -> Departure:
        return Departure(pair.field, code, detail, level, figure.text, figure.start)

    for here, there in converted:
        told = _("“{before}” was converted to “{after}”.", before=here.text, after=there.text)
        yield found(there, "converted", told, WARNING)
    missing = _unsaid(_without_months(missing, *texts), pair.target, target)
    added = _unsaid(_without_months(added, *texts[::-1]), pair.source, source)
    known, new = {figure.value for figure in before}, {figure.value for figure in after}
    changed = {figure.value for figure in missing} & {figure.value for figure in added}
    if not missing and not added:
        return
    lost = any(figure.value not in new for figure in missing) or _says_other(pair.source, source, pair.target, target)
    made = any(figure.value not in known for figure in added) or _says_other(pair.target, target, pair.source, source)
    both = lost and made
    for figure in added:
        if figure.value == 1 and _vague(figure.unit) and not both:
            continue  # an article or a counter: "a single charge"
        if figure.value in changed:
            detail = f"The original has {figure.value:.10g} with another unit than “{figure.text}”."
            yield found(figure, "unit_changed", detail, "error")
        else:
            repeated = figure.value in known
            detail = (
                _("The translation has “{text}” more often than the original.", text=figure.text)
                if repeated
                else _("The original does not have “{text}”.", text=figure.text)
            )
            yield found(figure, "number_added", detail, _level(figure, repeated=repeated, both=both))
    for figure in missing:
        if figure.value in changed:
            continue
        repeated = figure.value in new
        detail = (
            _("The original has “{text}” more often than the translation.", text=figure.text)
            if repeated
            else _("“{text}” of the original is missing, or has changed.", text=figure.text)
        )
        yield Departure(pair.field, "number_missing", detail, _level(figure, repeated=repeated, both=both), figure.text)


def _level(figure: Figure, *, repeated: bool, both: bool) -> str:
    """A number that is only repeated less or more often is a warning, as is a small one that may be part of a phrase."""
    return "error" if not repeated and (figure.telling or both) else WARNING


def has_digits(text: str) -> bool:
    return any(letter.isdigit() or letter in numbers.FRACTIONS for letter in text)


def read(text: str, language: str) -> list[Figure]:
    """The numbers in digits of `text`, as `language` writes them."""
    plain = blank_marks(text)
    if family(language) == "en":
        plain = _INCHES.sub('"  ', plain)
    found = numbers.localize_units(numbers.find(plain)[0], family(language))
    return [
        figure for number in found for figure in _figures(_without_hyphen_sign(number, text, language), plain, language)
    ]


def _with_durations(text: str, language: str) -> list[Figure]:
    """The numbers of `text`, with hours and minutes that stand together as one ("1 h 30")."""
    found = []
    for start, end, minutes in times.durations(text):
        whole = Number(text[start:end], start, end, (float(minutes),), "min")
        found.append(Figure(whole.text, start, float(minutes), "min", whole))
    for figure in found:
        text = text[: figure.start] + " " * len(figure.text) + text[figure.number.end :]
    return sorted([*found, *read(text, language)], key=lambda figure: figure.start)


def _without_hyphen_sign(number: Number, text: str, language: str) -> Number:
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
        yield Figure(
            text[number.start : number.end],
            number.start,
            round(value if degrees else abs(value), 6),
            unit,
            number,
        )


def _values(number: Number, values: tuple[float, ...], language: str) -> tuple[float, ...]:
    """The number's reading in `language`; several where it is a list ("36,37,38")."""
    if len(values) == 1:
        return values
    written = number.text
    if written.endswith("k"):
        return values[-1:]
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


def _remove_matches(before: list[Figure], after: list[Figure]) -> tuple[list[Figure], list[Figure]]:
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


def _remove_converted(
    missing: list[Figure], added: list[Figure]
) -> tuple[list[Figure], list[Figure], list[tuple[Figure, Figure]]]:
    """What is left on both sides when numbers that agree in another unit are taken away, and the pairs of those that were
    rounded."""
    open_before, open_after = [], list(added)
    rounded = []
    for at, figure in enumerate(missing):
        found = _find_converted(figure, open_after) if at < MOST_CONVERTED else None
        if found is None:
            open_before.append(figure)
            continue
        open_after.remove(found)
        if not numbers.is_exact(found.measure, figure.measure):
            rounded.append((figure, found))
    return open_before, open_after, rounded


def _remove_said_beside(
    figures: list[Figure], others: list[Figure]
) -> tuple[list[Figure], list[tuple[Figure, Figure]]]:
    """What is left of `figures` without those that say one of `others` in another unit, as beside it: "12 inches (30 cm)".
    And those, each with the other."""
    found = [(figure, _find_converted(figure, others)) for figure in figures[:MOST_CONVERTED]]
    left = [figure for figure, other in found if other is None]
    return left + figures[MOST_CONVERTED:], [(figure, other) for figure, other in found if other is not None]


def _find_converted(figure: Figure, candidates: list[Figure]) -> Figure | None:
    """That of `candidates` which says `figure` in another unit."""
    measured = (one for one in candidates[:MOST_CONVERTED] if one.measure.unit != figure.measure.unit)
    return next((one for one in measured if _are_equal(one.measure, figure.measure)), None)


def _are_equal(one: Number, other: Number) -> bool:
    """Whether both say the same in two units. Ounces may be of weight or of volume."""
    if _vague(one.unit) or _vague(other.unit):
        return False
    if {one.unit, other.dimension} == {"oz", "volume"} or {other.unit, one.dimension} == {"oz", "volume"}:
        one, other = (replace(each, unit="fl_oz") if each.unit == "oz" else each for each in (one, other))
    return numbers.agree(one, other) or numbers.is_converted(one, other)


def _remove_decades(missing: list[Figure], added: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """What is left of both without decades that only one of them writes with the century ("1970s", "70er Jahre")."""
    left, open_after = [], list(added)
    for figure in missing:
        found = next((other for other in open_after[:MOST_CONVERTED] if _are_one_decade(figure, other)), None)
        if found is None:
            left.append(figure)
        else:
            open_after.remove(found)
    return left, open_after


def _are_one_decade(one: Figure, other: Figure) -> bool:
    return one.value in _decade(other) or other.value in _decade(one)


def _decade(figure: Figure) -> tuple[float, ...]:
    """The decade of a figure that may name one, without its century."""
    whole = figure.number.text[:4].isdigit() and 1900 <= figure.value < 2100 and not figure.value % 10
    return (figure.value % 100,) if whole and (not figure.unit or figure.unit == "s") else ()


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


def _without_months(figures: list[Figure], text: str, other: str) -> list[Figure]:
    """`figures` of `text` without the months of its dates, where the other text has no date in digits and so names them."""
    dates = [match.span() for match in _DATE.finditer(text)] if figures and not _DATE.search(other) else []
    return [
        one for one in figures if one.value > SMALL or not any(a <= one.start < b for a, b in dates[:MOST_CONVERTED])
    ]


def _unsaid(figures: list[Figure], text: str, language: str) -> list[Figure]:
    """Those of `figures` that `text` does not say in words either."""
    if not figures:
        return []
    words = spelled.numbers_in(text, family(language))
    values = {number.values[0] for number in words if not number.unit}
    measured = [number for number in words if number.unit]
    return [figure for figure in figures if not _is_said(figure, values, measured)]


def _says_other(text: str, language: str, other: str, its_language: str) -> bool:
    """Whether `text` says a number in plain words that the other text has neither in words nor in figures."""
    sure = {number.values[0] for number in spelled.plain(text, family(language))}
    sure -= {figure.value for figure in read(other, its_language)} if sure else set()
    return bool(sure and sure - {number.values[0] for number in spelled.numbers_in(other, family(its_language))})


def _is_said(figure: Figure, values: set[float], measured: list[Number]) -> bool:
    if not values.isdisjoint((round(figure.value, 3), *_decade(figure))):
        return True
    if _vague(figure.unit):
        return any(figure.value == number.values[0] != 1 for number in measured)
    return any(
        _are_equal(number, figure.measure)
        or (figure.value == number.values[0] != 1 and figure.measure.dimension != number.dimension)
        for number in measured[:MOST_CONVERTED]
    )
