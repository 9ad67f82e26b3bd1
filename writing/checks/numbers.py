"""Numbers in running text: `1.234,5` and `1,234.5`, units and their conversions, ranges, codes such as `IPX4`.

A number that can be read two ways (`1.234`) has both values; it agrees with a source that has either.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from writing.checks.tables import table
from writing.checks.units import in_two_words, unit_of, units

_DIGITS = {
    ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９")
} | {ord("٫"): ".", ord("٬"): ","}
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
_DIGIT = re.compile(r"[\d½¼¾⅓⅔⅛]")
_INCHES = re.compile(r"(?<=\d[\"”″])[xX×х](?=\d)")  # the "x" in 35"x23"
_SPACE = "\u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"""(?:(?P<sign>(?<![\w.,])[-–](?=\d)|(?<![\d.,])\u2212(?=\d))|(?<![\w.,]))
    (?:(?P<number>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=[,;)]|\s{{1,3}}[a-zà-ÿ\d])  # a day and its month: "ab dem 15.11. lieferbar"
    |\d{{1,3}}(?:[ {_SPACE}'’]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|[.,]\d+)
    (?P<fraction>[½¼¾⅓⅔⅛]|(?:(?<=\d)[ -]\d{{1,2}})?/(?:2|3|4|5|8|16|32)(?![\d/.,]|-\d))?|(?P<lone>[½¼¾⅓⅔⅛]))
    (?P<tail>[A-Za-zÀ-ɏ\u0400-\u04ff][\w]*(?:[-.][\w]+)*)?""",
    re.X,
)
_CODE = re.compile(
    r"(?<![\w])(?=[A-Za-z\u0400-\u04ff]+[-./]?\d)[A-Za-z\u0400-\u04ff]+(?:[-./]?[A-Za-z\u0400-\u04ff]*\d[A-Za-z0-9\u0400-\u04ff]*)+(?:[-./][A-Za-z0-9]+)*"
)
_UNIT = re.compile(
    r"""[ \u00a0\u202f]?[-–]?[ ]?(%|٪|‰|℃|℉|°[ ]?[CFcf](?![a-z])|°|″|["”](?=[\s.,;)xX×*]|$)|[€$£₽]|
    [^\W\d_]+[²³]?(?:[23](?![\d\w]))?(?:/[^\W\d_]+[²³]?(?:[23](?![\d\w]))?)?)""",
    re.X,
)
_CURRENCY = re.compile(r"([€$£₽]|\b(?:EUR|USD|GBP|RSD|PLN|CHF))[ \u00a0]?$")
_JOIN = re.compile(
    r"[^\S\n]*(?:[-–—x×*/хX]|to|bis zu|bis|through|à|a|al|e|do|au|до|tot en met|tot|t/m|até|and|und|et|y|i|и|or|oder|ou|o|ili|или|of|en|by|na|на|per|sur|por|mal|keer|op)[^\S\n]*"
    r"(?:(?:one|eine?[rsn]?|une?|una|uno|uma?|één|een|jed(?:en|na|no)|один|одна|одно)\s+(?:of|at|von|mit|zu|de|di|da|van|met|po|z|na|sa|od|по|на|в)?\s*)?",
    re.I,
)
_COUNTER = re.compile(r"(?:^|\n)\s*\d{1,2}[.)]\s*$")
_RANK = re.compile(
    r"(?:#|№|\b(?:no|nr|br)\.?|\bn\.?[°º]|\b(?:number|nummer|numéro|número|numero|broj|број|numer|номер))[ \u00a0]?$",
    re.I,
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|ere|ème|e|º|ª|te|ten|ter|de|й|я|е|ый|ая)$", re.I)
_CLOCK = re.compile(r"[hH]([0-5]\d)")
_ENGLISH_ORDINALS = frozenset({"st", "nd", "rd", "th"})  # also before a noun: "21st-century"
_ORDINAL_AFTER = re.compile(r"-[\u0400-\u04ff]{1,2}$")
_DIMENSIONED = re.compile(r"(\d+(?:[.,]\d+)?)([a-zа-я]{0,3}?)[x×х](\d.*)", re.I)
_TIMES = frozenset({"x", "×", "х"})  # "2x" is a count
_SCALE = re.compile(
    r"[ \u00a0\u202f]?(mil|mila|mille|tsd\.?|tausend|thousand|duizend|tys\.?|tysięcy|тыс\.?|тысяч[аи]?|hiljad[aeu]?|хиљад[аеу]?|"
    r"mln\.?|mio\.?|million[se]?|millionen|milion[iów]*|milhões|miljoen|миллион\w*|млн\.?|milion\w*|ألف|آلاف|مليون|ملايين)(?!\w)",
    re.I,
)
_MILLION = re.compile(r"mln|mio|milion|million|milh|miljoen|миллион|млн|مليون|ملايين", re.I)
_RESOLUTIONS = frozenset(f"{number}K" for number in (2, 4, 5, 6, 8, 12, 16))  # resolutions
HIGHEST_FINENESS = 24  # of gold ("14K"); above it, K means thousands
LONGEST = 60  # characters of the longest number, and of the longest run of dimensions; anything longer is a code
MOST_READINGS = 64  # numbers joined by one mark ("36,37,38") that are read separately
_CUSTOMARY = frozenset(
    ("in", "ft", "yd", "mi", "lb", "oz", "fl_oz", "pt", "qt", "gal", "cuft", "sqft", "mph", "psi", "hp")
)
EXACT = 1e-6
ROUNDED = 0.025  # how far rounding may move a value converted between metric and other units


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text. `values` are its possible readings in `unit`, `base` those in the dimension's base unit."""

    text: str
    start: int
    end: int
    values: tuple[float, ...]
    unit: str = ""
    decimals: int = 0
    loose: bool = False  # the unit comes from the range's other end, and the number may have no unit
    word: bool = False  # written as a word

    @property
    def dimension(self) -> str:
        return str(units()[self.unit][0]) if self.unit else ""

    @property
    def base(self) -> tuple[float, ...]:
        factor = float(str(units()[self.unit][1])) if self.unit else 1.0
        return tuple(value * factor for value in self.values)


@dataclass(frozen=True, slots=True)
class Code:
    """Letters and digits together: a model, a size, a protection class."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return normal(self.text)


def normal(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def find(text: str) -> tuple[list[Number], list[Code]]:
    """The numbers and codes in `text`, in order, without list counters and ordinals."""
    if not _DIGIT.search(text):
        return [], []
    if not text.isascii():
        text = text.translate(_DIGITS)
    text = _INCHES.sub("*", text)
    codes = [_code(match) for match in _CODE.finditer(text)]
    covered = len(codes)  # the codes found as such, in order
    passed = 0  # how many of them end before the number
    found: list[Number] = []
    for match in _NUMBER.finditer(text):
        while passed < covered and codes[passed].end <= match.start():
            passed += 1
        if passed < covered and codes[passed].start <= match.start():
            continue
        for thing in _read(match, text):
            if isinstance(thing, Code):
                codes.append(thing)
            else:
                found.append(thing)
    return share_units(found, text), codes


def _code(match: re.Match[str]) -> Code:
    """The code without a noun that German joins to it ("USB-3.0-Anschluss")."""
    start, end = match.span()
    while (dash := match.string.rfind("-", start, end)) > start:
        noun = match.string[dash + 1 : end]
        if len(noun) < 4 or not noun.isalpha():
            break
        end = dash
    return Code(match.string[start:end], start, end)


def _read(match: re.Match[str], text: str) -> Iterator[Number | Code]:
    end = match.end()
    tail = match["tail"] or ""
    number = match["number"] or "0"
    group = "lone" if match["lone"] else "number"  # "½" stands alone
    start, written_end = match.span(group)
    if (
        not tail
        and match["fraction"] is None
        and _COUNTER.search(text[max(0, start - 12) : written_end + 2])
        and number.isdigit()
    ):
        after = text[written_end : written_end + 2]
        if after[:1] in ".)" and after[1:2] in (" ", ""):
            return
    values = readings(number)
    if not values or (len(number) > LONGEST and number.isdigit()):
        yield Code(text[start:end], start, end)
        return
    if match["fraction"] or match["lone"]:
        broken = _fraction(number, match["fraction"] or match["lone"])
        if broken is None:  # "50/60": two numbers
            yield Number(number, start, written_end, values, "", _decimals(number))
            number = match["fraction"].rpartition("/")[2]
            start, values = end - len(tail) - len(number), readings(number)
            written_end = start + len(number)
        else:
            values = (broken,)
    if match["sign"] and (start < 2 or not text[start - 2].isdigit()):
        values = tuple(-value for value in values) if text[start - 1] != "–" else values
    decimals = _decimals(number)
    if tail:
        whole = number + tail
        if len(whole) <= LONGEST and (dims := _DIMENSIONED.fullmatch(whole)):
            named = _UNIT.match(text, end) if whole[-1].isdigit() else None
            unit = named[1] if named and unit_of(named[1]) else ""  # "1285×192 mm"
            inner, _ = find(f"{dims[1]} {dims[2]} x {dims[3]} {unit}" if dims[2] else f"{dims[1]} x {dims[3]} {unit}")
            yield from (replace(n, start=start, end=named.end() if named and unit else end) for n in inner)
            return
        head = re.split(r"[-.]", tail)[0]
        if head.lower() in _TIMES:
            yield Number(text[start:written_end], start, written_end, values, "", decimals)
            return
        if head in ("K", "k") and len(tail) == 1 and max(values) < 1000 and number + tail not in _RESOLUTIONS:
            fine = max(values) <= HIGHEST_FINENESS
            thousands = tuple(value * 1000 for value in values)
            yield Number(text[start:end], start, end, (*values, *thousands) if fine else thousands, "", decimals)
            return
        if clock := _CLOCK.fullmatch(tail):  # "17h30"
            minutes = Number(clock[1], end - 2, end, readings(clock[1]))
            yield from (Number(number, start, written_end, values, "h"), minutes)
            return
        unit = unit_of(head)
        if unit and not (head == "K" and max(values) < 1000):
            yield Number(text[start:end], start, end, values, unit, decimals)
        elif (_ORDINAL.fullmatch(tail) or head in _ENGLISH_ORDINALS) and number.isdigit():
            return
        elif (
            len(head) > 3 and head.isalpha()
        ) or head == "er":  # "5fach", "30er-Set": a number with a word joined to it
            yield Number(text[start:written_end], start, written_end, values, "", decimals)
        else:
            noun = re.search(r"-[^\W\d_]{4,}$", whole)  # "4K-видео"
            yield Code(whole[: noun.start()] if noun else whole, start, end - (len(noun[0]) if noun else 0))
        return
    if scale := _SCALE.match(text, end):
        factor = 1e6 if _MILLION.match(scale[1]) else 1e3
        values, end, decimals = tuple(value * factor for value in values), scale.end(), 0
    named = _UNIT.match(text, end)
    unit = unit_of(named[1]) if named else ""
    if unit and named and _ORDINAL_AFTER.match(named[0]):
        unit = ""  # "в 38-м размере"
    if unit and named and named[1] == "°" and text[named.end() : named.end() + 1].isalpha():
        unit = ""
    if not unit and named and named[1] == "K" and values[0] >= 1000:
        unit = "k"
    if unit and named:
        unit, end = in_two_words(unit, text, named.end())
        yield Number(text[start:end], start, end, values, unit, decimals)
        return
    if before := _CURRENCY.search(text[max(0, start - 5) : start]):
        yield Number(text[start:end], start, end, values, unit_of(before[1]) or "eur", decimals)
        return
    yield Number(text[start:end], start, end, values, "", decimals)


def _fraction(number: str, fraction: str) -> float | None:
    """ "½", "1/2", "1½" and "1 1/2" as one value. None if it is not a proper fraction ("50/60")."""
    if fraction in FRACTIONS:
        return readings(number)[0] + FRACTIONS[fraction]
    if not number.isdigit():
        return None
    whole = float(number)
    upper, _, lower = fraction.strip(" -").partition("/")
    above = float(upper) if upper else whole
    if above >= float(lower):
        return None
    return above / float(lower) + (whole if upper else 0.0)


def localize_units(found: list[Number], family: str) -> list[Number]:
    """The numbers with the units that their names have in one language: "dag" is a day in Dutch, ten grams in Polish."""
    homonyms = dict(pair.split(":") for pair in str(table("words")["homonyms"].get(family, "")).split())
    if not homonyms:
        return found
    return [replace(number, unit=homonyms.get(number.unit, number.unit)) for number in found]


def share_units(found: list[Number], text: str) -> list[Number]:
    """Give the unit of a range or of dimensions to the numbers before it: "45 bis 55 cm", "10 x 20 x 30 cm"."""
    for index in range(len(found) - 2, -1, -1):
        here, after = found[index], found[index + 1]
        if not here.unit and after.unit and _JOIN.fullmatch(text[here.end : after.start]):
            found[index] = replace(here, unit=after.unit, loose=True)
    return found


def are_joined(first: Number, second: Number, text: str) -> bool:
    """Whether two numbers are the ends of a range, or neighbours in a row of dimensions."""
    return second.start - first.end < 12 and _JOIN.fullmatch(text[first.end : second.start]) is not None


def readings(number: str) -> tuple[float, ...]:
    """The values that `number` may have: `1.234` is both 1234 and 1.234, `1.234,5` only 1234.5.

    Values that are too large for a float are left out.
    """
    return _readings(number) if len(number) <= LONGEST else _readings.__wrapped__(number)


@lru_cache(maxsize=20_000)
def _readings(number: str) -> tuple[float, ...]:
    return tuple(value for value in _values(number)[:MOST_READINGS] if math.isfinite(value))


def _values(number: str) -> tuple[float, ...]:
    bare = re.sub(rf"[ {_SPACE}'’]", "", number)
    spaced = bare != number
    dots, commas = bare.count("."), bare.count(",")
    if not dots and not commas:
        parts = tuple(float(part) for part in number.split(" ")) if " " in number else ()
        return (float(bare), *parts)
    if dots and commas:
        decimal = max(bare.rfind("."), bare.rfind(","))
        return (float(re.sub(r"[.,]", "", bare[:decimal]) + "." + bare[decimal + 1 :]),)
    mark = "." if dots else ","
    if bare.count(mark) > 1:
        grouped = all(len(part) == 3 for part in bare.split(mark)[1:])
        return (float(bare.replace(mark, "")),) if grouped else tuple(float(p) for p in bare.split(mark) if p)
    whole, fraction = bare.split(mark)
    decimal_value = float(f"{whole or 0}.{fraction}")
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0" and not spaced:
        return (float(whole + fraction), decimal_value)
    return (decimal_value,)


def _decimals(number: str) -> int:
    mark = max(number.rfind("."), number.rfind(","))
    return len(number) - mark - 1 if mark >= 0 else 0


def rank(text: str, number: Number) -> str:
    """The words by which `number` claims the first place ("#1", "No. 1", "Nummer 1"), or ""."""
    if number.unit or number.values[0] != 1:
        return ""
    before = _RANK.search(text[max(0, number.start - 9) : number.start])
    return before[0] + number.text if before else ""


def agree(claim: Number, source: Number) -> bool:
    """Whether `source` supports `claim`: the same value in the same or a convertible unit, or without a unit."""
    if not claim.unit or not source.unit or claim.dimension == "count" or source.dimension == "count":
        return _any_close(claim.values, source.values, EXACT)
    if claim.unit == source.unit:
        return _any_close(claim.values, source.values, EXACT)
    if claim.loose and _any_close(claim.values, source.values, EXACT):
        return True
    if claim.dimension == source.dimension == "money":
        return False
    if claim.dimension == source.dimension:
        if _any_close(claim.base, source.base, EXACT):
            return True
        if _metric(claim.unit) == _metric(source.unit):
            return False
        factor = float(str(units()[claim.unit][1]))
        slack = rounding(claim)
        return any(abs(c * factor - s) <= min(ROUNDED * abs(s), slack) for c in claim.values for s in source.base)
    if {claim.dimension, source.dimension} == {"temperature", "temperature_f"}:
        celsius = source.values if source.dimension == "temperature" else tuple((v - 32) / 1.8 for v in source.values)
        wanted = claim.values if claim.dimension == "temperature" else tuple((v - 32) / 1.8 for v in claim.values)
        return any(abs(a - b) <= 0.6 for a in wanted for b in celsius)
    if {claim.unit, source.unit} == {"g", "gsm"} or {claim.dimension, source.dimension} == {"temperature", "angle"}:
        return _any_close(claim.values, source.values, EXACT)
    return False


def is_converted(one: Number, other: Number) -> bool:
    """Whether a metric and a customary measure are about equal, however they are rounded: 100 miles are 160 km."""
    if one.dimension != other.dimension or _metric(one.unit) == _metric(other.unit):
        return False
    return any(abs(a - b) <= ROUNDED * max(abs(a), abs(b)) for a in one.base for b in other.base)


def is_exact(one: Number, other: Number) -> bool:
    """Whether two numbers that agree are equal, in units of one system."""
    return _metric(one.unit) == _metric(other.unit) and _any_close(one.base, other.base, EXACT)


def rounding(claim: Number) -> float:
    """How far, in the base unit, the last written decimal may have been rounded."""
    return 0.5001 * 10.0**-claim.decimals * float(str(units()[claim.unit][1]))


def slack(claim: Number, base: float) -> float:
    """How far from `base`, in the base unit, a number that agrees with `claim` may be."""
    return max(2 * EXACT * max(1.0, abs(base)), min(2 * ROUNDED * abs(base), rounding(claim)))


def _metric(unit: str) -> bool:
    return unit not in _CUSTOMARY


def _any_close(left: tuple[float, ...], right: tuple[float, ...], tolerance: float) -> bool:
    """Whether two numbers share a reading that is the whole of one. "13 990" and "16 990" share only a part."""
    if len(left) > 1 and len(right) > 1:
        return _any_close(left[:1], right, tolerance) or _any_close(left, right[:1], tolerance)
    return any(abs(a - b) <= tolerance * max(1.0, abs(a), abs(b)) for a in left for b in right)
