"""Numbers as people say them: in words, rounded, with a half, below zero, and added up."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from writing.checks.lexicon import Token
from writing.checks.numbers import LONGEST, Number, share_units
from writing.checks.tables import table
from writing.checks.units import in_two_words, unit_of
from writing.checks.words import fold, latin

ABOUT = 0.15  # the share by which "about", "almost", "more than" may be off
VINGT = 20
SPELLED = 0.06  # the same for a number in words
MOST_BETWEEN, LONGEST_BETWEEN = 3, 5  # words, and their letters, between a fraction and its unit: "of a", "d'une"
_ARTICLES = frozenset({"a", "an", "de", "un", "une"})
_GAPS = frozenset({" ", "\u00a0", "\u202f", "-", "\u2011", "  "})
_ONES = frozenset(
    {"one", "un", "une", "uno", "una", "um", "uma", "jeden", "jedna", "jedno", "jedan", "один", "одна", "одно"}
)
_AND = frozenset({"y", "e", "et", "i", "en", "and", "und"})


@cache
def _word_forms(family: str) -> tuple[dict[str, tuple[float, bool]], dict[str, int]]:
    """The number words of a family, or of all (`*`): exact words with (value, doubtful), and stems for years."""
    exact: dict[str, tuple[float, bool]] = {}
    stems: dict[str, int] = {}
    for name, words in table("number_words").items():
        if family not in ("*", name):
            continue
        for word, value in words.items():
            if word.endswith("*"):
                stems[fold(word[:-1])] = int(str(value))
            else:
                exact.setdefault(fold(word.rstrip("?")), (float(str(value)), word.endswith("?")))
    return exact, stems


@lru_cache(maxsize=50_000)
def _spelled(word: str, family: str) -> tuple[float, bool, bool] | None:
    """(value, doubtful, whether it counts years) of a number word, or None."""
    if len(word) > LONGEST:
        return None
    exact, stems = _word_forms(family)
    key = fold(word)
    hit = exact.get(key) or (exact.get(latin(word)) if family in ("sr", "*") else None)
    if hit:
        return (*hit, False)
    for form in (key, latin(word)) if stems and len(key) > 5 else ():
        value = next((stems[form[:n]] for n in range(len(form), 5, -1) if form[:n] in stems), None)
        if value is not None:
            return value, False, True
    return None


def is_word(word: str, family: str) -> bool:
    """Whether a word is a number word that rarely means anything else."""
    hit = _spelled(word, family)
    return hit is not None and not hit[1]


def spelled(text: str, words: list[Token], family: str, *, doubtful_too: bool = False) -> list[Number]:
    """Numbers written as words. A word that often means something else ("dual") counts only before a unit.

    With `doubtful_too` it counts everywhere. This suits a source, where a number only supports claims.
    """
    found = []
    index = 0
    while index < len(words):
        first, hit = words[index], _counted(text, words[index], family)
        if part := _fraction(text, words, index, hit[0] if hit else 1.0):
            found.append(part)
            index = next((at for at in range(index, len(words)) if words[at].start >= part.end), len(words))
            continue
        index += 1
        if hit is None or _after_digits(text, first):
            continue
        value, doubtful, years = hit
        if not years:
            first_word = index
            value, index = _sum(value, words, index, family)
            doubtful = doubtful and index == first_word
        last = words[index - 1]
        unit, stop = ("year", last.end) if years else ("", last.end)
        following = words[index] if index < len(words) else None
        if following and value < 1 and following.text.lower() in _ARTICLES:  # "half an hour"
            last, index = following, index + 1
            following = words[index] if index < len(words) else None
        if not unit and (half := _half().match(text, last.end)):  # "six and a half centimetres"
            index = next((at for at in range(index, len(words)) if words[at].start >= half.end()), len(words))
            value, last = value + 0.5, words[index - 1]
            following = words[index] if index < len(words) else None
            stop = last.end
        if not unit and following and text[last.end : following.start] in _GAPS and (unit := unit_of(following.text)):
            unit, stop = in_two_words(unit, text, following.end)
        before = words[index - 2] if index > 1 and last is first else None
        if (
            not unit
            and before
            and first.start - before.end == 1
            and unit_of(before.text) in ("m", "h", "eur", "kg", "l")
        ):
            continue  # "un mètre cinquante" belongs to the number before
        if not doubtful or unit or doubtful_too:
            found.append(Number(text[first.start : stop], first.start, stop, (value,), unit, word=True))
    return share_units(found, text) if len(found) > 1 else found


def _counted(text: str, word: Token, family: str) -> tuple[float, bool, bool] | None:
    """What `_spelled` says of a word, or the one of "one and a half metres"."""
    hit = _spelled(word.text, family)
    if hit is None and fold(word.text) in _ONES and _half().match(text, word.end):
        return 1.0, True, False
    return hit


def _fraction(text: str, words: list[Token], index: int, above: float) -> Number | None:
    """The fraction of a unit that begins at a word: "three quarters of a litre", "un quart d'heure". Without a unit
    it counts nothing."""
    below = _denominators()
    first = at = index
    if fold(words[at].text) not in below:
        at += 1  # the word for the number above
        if at >= len(words) or fold(words[at].text) not in below:
            return None
    elif above != 1.0 or _after_digits(text, words[first]):
        return None
    for unit_at in range(at + 1, min(len(words), at + 1 + MOST_BETWEEN)):
        word = words[unit_at]
        if text[words[unit_at - 1].end : word.start].strip("'’ \u00a0-"):
            return None
        if unit := unit_of(word.text) if len(word.text) > 2 else "":
            value = above / below[fold(words[at].text)]
            return Number(text[words[first].start : word.end], words[first].start, word.end, (value,), unit, word=True)
        if len(word.text) > LONGEST_BETWEEN:
            return None
    return None


@cache
def _denominators() -> dict[str, int]:
    return {fold(form): int(below) for below, forms in table("words")["denominators"].items() for form in forms.split()}


def _after_digits(text: str, word: Token) -> bool:
    """Whether a number in digits stands right before a word: "15 mil horas" is read by `numbers`."""
    return word.start > 1 and text[word.start - 1] in " \u00a0" and text[word.start - 2].isdigit()


def _sum(value: float, words: list[Token], index: int, family: str) -> tuple[float, int]:
    """The value of consecutive number words ("two hundred and twenty-five"), and the index of the word after them."""
    while True:
        at = index
        while at < len(words) and words[at].text.lower() in _AND and at == index:
            at += 1
        if at >= len(words) or any(words[i].start - words[i - 1].end > 1 for i in range(index, at + 1)):
            return value, index
        hit = _spelled(words[at].text, family)
        if not hit and value % 100 >= VINGT and not value % 10 and fold(words[at].text) in _ONES:
            return value + 1, at + 1  # "soixante et un"
        if not hit or hit[2] or hit[0] < 1:
            return value, index
        following, part = hit[0], value % 1000
        if following in (100, 1000) and 1 < value < 1000 and value % following and at == index:
            value *= following  # "two hundred"
        elif following == VINGT and value == 4 and at == index:
            value = 4 * VINGT  # "quatre-vingts"
        elif _fits(part, following, value):
            value += following
        else:
            return value, index
        index = at + 1


def _fits(part: float, following: float, value: float) -> bool:
    """Whether a number word adds to the one before it: ones to tens, tens to hundreds, hundreds to thousands."""
    if value >= 1000 and not part:
        return following < 1000
    if part >= 100 and part % 100 == 0:
        return following < 100
    if part == 10 and 7 <= following < 10:  # "dix-sept"
        return True
    if part in (60, 80) and 10 <= following < 20:  # "soixante-dix", "quatre-vingt-onze"
        return True
    return part % 100 >= 20 and part % 10 == 0 and following < 10


def below_zero(number: Number, text: str) -> list[Number]:
    """The negative reading of a number such as "25 degrees below zero", or []."""
    if not number.unit and _below().match(text, number.end + 1):  # "seven below zero"
        number = replace(number, unit="c")
    if number.dimension not in ("temperature", "temperature_f", "angle"):
        return []
    around = text[max(0, number.start - 30) : number.end + 30]
    if not _below().search(around):
        return []
    return [replace(number, values=tuple(-value for value in number.values))]


def roughly(number: Number, text: str) -> float:
    """The share by which the source may differ from a number with "about" or the like, or in words. Otherwise 0."""
    if _about().search(text[max(0, number.start - 30) : number.start]):
        return ABOUT
    return SPELLED if number.word else 0.0


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{table('words')['about']})(?:\W+\w+)?\W*$", re.I)


@cache
def _below() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{table('words')['below']})(?!\w)", re.I)


@cache
def limit() -> re.Pattern[str]:
    """Matches the words before an upper limit, such as "up to"."""
    return re.compile(rf"(?<!\w)(?:{table('words')['limit']})\W*$", re.I)


def with_half(number: Number, text: str) -> Number:
    """The number with a half added if "and a half" follows its unit: "two kilos and a half"."""
    if number.unit and _half().match(text, number.end):
        return replace(number, values=tuple(value + 0.5 for value in number.values))
    return number


@cache
def _half() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{table('words')['half']})(?!\w)", re.I)


_TIMES = frozenset("x×*хX")


def products(found: list[Number], text: str) -> list[Number]:
    """The totals of a count and an amount: "12 x 20 ml" is 240 ml. Lengths such as "20 x 30 cm" are not multiplied."""
    return [
        replace(second, start=first.start, values=(first.values[0] * second.values[0],))
        for first, second in pairwise(found)
        if text[first.end : second.start].strip() in _TIMES
        and (first.unit in ("", "piece") or first.loose)
        and second.dimension in ("mass", "volume", "time", "energy")
    ]


def sums(found: list[Number], text: str) -> list[Number]:
    """The sums of numbers joined by a plus."""
    return [
        replace(second, values=(first.values[0] + second.values[0],))
        for first, second in pairwise(found)
        if text[first.end : second.start].strip() == "+" and first.unit in ("", second.unit)
    ]
