"""Numbers as people say them: in words, rounded, with a half, below zero, and added up."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from writing.checks.lexicon import Token
from writing.checks.numbers import LONGEST, Number, share_units, unit_of
from writing.checks.tables import table
from writing.checks.words import fold, latin

ABOUT = 0.12  # the share by which "about", "almost", "more than" may be off
SPELLED = 0.06  # the same of a number in words
_AND = frozenset({"y", "e", "et", "i", "en", "and", "und"})


@cache
def _word_forms(family: str) -> tuple[dict[str, tuple[int, bool]], dict[str, int]]:
    """The number words of a family, or of all (`*`): exact ones with whether they are doubtful, and stems of years."""
    exact: dict[str, tuple[int, bool]] = {}
    stems: dict[str, int] = {}
    for name, words in table("number_words").items():
        if family not in ("*", name):
            continue
        for word, value in words.items():
            if word.endswith("*"):
                stems[fold(word[:-1])] = int(str(value))
            else:
                exact.setdefault(fold(word.rstrip("?")), (int(str(value)), word.endswith("?")))
    return exact, stems


@lru_cache(maxsize=50_000)
def _spelled(word: str, family: str) -> tuple[int, bool, bool] | None:
    """(value, doubtful, years) of a number word."""
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
    """Whether a word is a number and little else."""
    hit = _spelled(word, family)
    return hit is not None and not hit[1]


def spelled(text: str, words: list[Token], family: str) -> list[Number]:
    """Numbers written as words. A word that often means something else counts only before a unit."""
    found = []
    index = 0
    while index < len(words):
        first, hit = words[index], _spelled(words[index].text, family)
        index += 1
        if hit is None:
            continue
        value, doubtful, years = hit
        if value >= 20 and value % 10 == 0 and not years:
            ones, index = _ones(words, index, family)
            value += ones
        last = words[index - 1]
        unit, stop = ("year", last.end) if years else ("", last.end)
        following = words[index] if index < len(words) else None
        if not unit and following and following.start - last.end <= 2 and (unit := unit_of(following.text)):
            stop = following.end
        before = words[index - 2] if index > 1 and last is first else None
        if (
            not unit
            and before
            and first.start - before.end == 1
            and unit_of(before.text) in ("m", "h", "eur", "kg", "l")
        ):
            continue  # "un mètre cinquante": the number before says it
        if not doubtful or unit:
            found.append(Number(text[first.start : stop], first.start, stop, (float(value),), unit, word=True))
    return share_units(found, text) if len(found) > 1 else found


def _ones(words: list[Token], index: int, family: str) -> tuple[int, int]:
    """The ones that follow tens ("twenty-two", "veinte y dos"), and the word after them."""
    for at in (index, index + 1):
        if at >= len(words) or words[at].start - words[at - 1].end > 1:
            break
        hit = _spelled(words[at].text, family)
        if hit and not hit[2]:
            return (hit[0], at + 1) if 0 < hit[0] < 10 else (0, index)
        if words[at].text.lower() not in _AND:
            break
    return 0, index


def below_zero(number: Number, text: str) -> list[Number]:
    """ "25 degrees below zero" read as it is meant."""
    if number.dimension not in ("temperature", "temperature_f", "angle"):
        return []
    around = text[max(0, number.start - 30) : number.end + 30]
    if not _below().search(around):
        return []
    return [replace(number, values=tuple(-value for value in number.values))]


def roughly(number: Number, text: str) -> float:
    """The share by which the source may differ from a number that is said to be rounded, or is written as a word."""
    if _about().search(text[max(0, number.start - 30) : number.start]):
        return ABOUT
    return SPELLED if number.word else 0.0


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{table('words')['about']})(?:\W+\w+)?\W*$", re.I)


@cache
def _below() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{table('words')['below']})(?!\w)", re.I)


def with_half(number: Number, text: str) -> Number:
    """ "Two kilos and a half" as two and a half."""
    if number.unit and _half().match(text, number.end):
        return replace(number, values=tuple(value + 0.5 for value in number.values))
    return number


@cache
def _half() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{table('words')['half']})(?!\w)", re.I)


def sums(found: list[Number], text: str) -> list[Number]:
    """The sums of numbers joined by a plus."""
    return [
        replace(second, values=(first.values[0] + second.values[0],))
        for first, second in pairwise(found)
        if text[first.end : second.start].strip() == "+" and first.unit in ("", second.unit)
    ]
