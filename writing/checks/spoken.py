"""Numbers as people say them: in words, rounded, below zero, and added up."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from writing.checks.numbers import LONGEST, Number, share_units
from writing.checks.tables import table
from writing.checks.units import in_two_words, unit_of
from writing.checks.words import Token, fold, latin

ABOUT = 0.15  # the share by which "about", "almost", "more than" may be off
VINGT = 20
SPELLED = 0.06  # the same for a number in words
JOINED = re.compile("^(?:لل|[ولبفك]?ال|[ولبفك])")  # what Arabic joins to the beginning of a word: "and", "for", "the"
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
def _value_of_word(word: str, family: str) -> tuple[float, bool, bool] | None:
    """(value, doubtful, whether it counts years) of a number word, or None."""
    if len(word) > LONGEST:
        return None
    exact, stems = _word_forms(family)
    key = fold(word)
    hit = exact.get(key) or (exact.get(latin(word)) if family in ("sr", "*") else None)
    if hit is None and family == "ar":
        hit = exact.get(JOINED.sub("", key))
    if hit:
        return (*hit, False)
    for form in (key, latin(word)) if stems and len(key) > 5 else ():
        value = next((stems[form[:n]] for n in range(len(form), 5, -1) if form[:n] in stems), None)
        if value is not None:
            return value, False, True
    return None


def is_word(word: str, family: str) -> bool:
    """Whether a word is a number word that rarely means anything else."""
    hit = _value_of_word(word, family)
    return hit is not None and not hit[1]


def number_words(text: str, words: list[Token], family: str, *, doubtful_too: bool = False) -> list[Number]:
    """Numbers written as words. A word that often means something else ("dual") counts only before a unit.

    With `doubtful_too` it counts everywhere. This suits a source, where a number only supports claims.
    """
    found = []
    index = 0
    while index < len(words):
        first, hit = words[index], _value_at(text, words[index], family)
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
        if not unit and (more := half().match(text, last.end)):  # "six and a half centimetres"
            index = next((at for at in range(index, len(words)) if words[at].start >= more.end()), len(words))
            value, last = value + 0.5, words[index - 1]
            following = words[index] if index < len(words) else None
            stop = last.end
        if not unit and following and text[last.end : following.start] in _GAPS and (unit := unit_of(following.text)):
            unit, stop = in_two_words(unit, text, following.end)
        if not doubtful or unit or doubtful_too:
            found.append(Number(text[first.start : stop], first.start, stop, (value,), unit, word=True))
    return share_units(found, text) if len(found) > 1 else found


def _value_at(text: str, word: Token, family: str) -> tuple[float, bool, bool] | None:
    """What `_spelled` says of a word, or the one of "one and a half metres"."""
    hit = _value_of_word(word.text, family)
    if hit is None and fold(word.text) in _ONES and half().match(text, word.end):
        return 1.0, True, False
    return hit


@cache
def half() -> re.Pattern[str]:
    """Matches "and a half" from the character before it."""
    return re.compile(rf"\W(?:{table('words')['half']})(?!\w)", re.I)


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
        hit = _value_of_word(words[at].text, family)
        if not hit and value % 100 >= VINGT and not value % 10 and fold(words[at].text) in _ONES:
            return value + 1, at + 1  # "soixante et un"
        if not hit or hit[2] or hit[0] < 1:
            return value, index
        following, part = hit[0], value % 1000
        if following in (100, 1000) and 1 < value < 1000 and value % following and at == index:
            value *= following  # "two hundred"
        elif following == VINGT and value == 4 and at == index and family != "ar":
            value = 4 * VINGT  # "quatre-vingts"
        elif _fits(part, following, value, arabic=family == "ar"):
            value += following
        else:
            return value, index
        index = at + 1


def _fits(part: float, following: float, value: float, *, arabic: bool) -> bool:
    """Whether a number word adds to the one before it: ones to tens, tens to hundreds, hundreds to thousands."""
    if value >= 1000 and not part:
        return following < 1000
    if part >= 100 and part % 100 == 0:
        return following < 100
    if following < 100 and not following % 10 and 0 < part % 100 < 10 and following >= 10:  # Arabic: "four and twenty"
        return arabic
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


_TIMES = frozenset("x×*хX")


def products(found: Sequence[Number], text: str) -> list[Number]:
    """The totals of a count and an amount: "12 x 20 ml" is 240 ml. Lengths such as "20 x 30 cm" are not multiplied."""
    return [
        replace(second, start=first.start, values=(first.values[0] * second.values[0],))
        for first, second in pairwise(found)
        if text[first.end : second.start].strip() in _TIMES
        and (first.unit in ("", "piece") or first.loose)
        and second.dimension in ("mass", "volume", "time", "energy")
    ]


def sums(found: Sequence[Number], text: str) -> list[Number]:
    """The sums of numbers joined by a plus."""
    return [
        replace(second, values=(first.values[0] + second.values[0],))
        for first, second in pairwise(found)
        if text[first.end : second.start].strip() == "+" and first.unit in ("", second.unit)
    ]
