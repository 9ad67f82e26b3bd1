"""What a text says of numbers without a figure: in words and parts of words (“dwuletnia”), as ordinals (“21st”), in
Roman numerals, and by a unit alone (“a day”). It only excuses a figure of the other text, so a word may have several
readings.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise

from writing.checks import numbers, spoken
from writing.checks.numbers import Number
from writing.checks.tables import table
from writing.checks.translation.marks import blank_marks
from writing.checks.units import unit_of
from writing.checks.words import Token, fold, latin, tokens

REACH = 3  # words from a share to the unit that it is of: "a quarter of an hour"
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"(?<![^\W_])([IVXLC]{1,6})(?=(?:e|er|ème|ᵉ)?(?![^\W_]))")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_DUAL = re.compile("ت?(?:ين|ان)$")  # Arabic: two of something


def numbers_in(text: str, family: str) -> list[Number]:
    """The numbers that `text`, in a language of this family, says without a figure; those with a unit have it."""
    words = tokens(text)
    counted = spoken.number_words(text, words, family, doubtful_too=True)
    parts = [_part(word.text, family) for word in words]
    return [
        *counted,
        *(replace(one, values=(one.values[0] + 0.5,)) for one in counted if spoken.half().match(text, one.end)),
        *filter(None, parts),
        *_fractions(words, counted, parts),
        *_units_alone(text, words, family, parts),
        *_other_digits(text),
        *map(_of_value, _roman(text)),
    ]


def plain(text: str, family: str) -> list[Number]:
    """The numbers that `text` says in words which rarely mean anything else."""
    return spoken.number_words(text, tokens(text), family)


def _of_value(value: float, unit: str = "") -> Number:
    return Number("", 0, 0, (round(value, 3),), unit, word=True)


def _part(word: str, family: str) -> Number | None:
    """The number that a word begins with, with the unit that the rest of it names ("dwuletni", "Viertelstunde")."""
    stems = _stems(family)
    for key in map(partial(_key, family=family), _forms(word, family) if stems else ()):
        for end in range(min(len(key), numbers.LONGEST), 1, -1):
            if key[:end] in stems:
                return _of_value(stems[key[:end]], unit_of(key[end:]) if end < len(key) else "")
    return None


@cache
def _stems(family: str) -> dict[str, float]:
    rows = table("number_stems").get(family, {})
    return {_key(stem, family): float(str(value)) for stem, value in rows.items()}


def _forms(word: str, family: str) -> Iterator[str]:
    """The word, and in Arabic also without what is joined to its beginning ("and", "for", "the")."""
    yield word
    if family == "ar":
        yield from (bare for bare in (spoken.JOINED.sub("", word), word[1:]) if bare and bare != word)


def _key(word: str, family: str) -> str:
    return latin(word) if family == "sr" else fold(word)


def _fractions(words: list[Token], counted: list[Number], parts: list[Number | None]) -> Iterator[Number]:
    """A number word and the part that it counts: "two thirds", "three quarters"."""
    for one, other in pairwise(counted):
        if one.values[0] < 1 and other.start - one.end <= 3:
            yield _of_value(one.values[0] * other.values[0])  # "media docena"
    values = {number.end: number.values[0] for number in counted}
    for word, part in zip(words, parts[1:], strict=False):
        count = values.get(word.end)
        if part and count and count < 10:
            share = part.values[0] if part.values[0] < 1 else 1 / part.values[0]
            yield _of_value(count * share)


def _units_alone(text: str, words: list[Token], family: str, parts: list[Number | None]) -> Iterator[Number]:
    """One of each unit that no figure stands before ("a day", "an hour and a half", "a quarter of an hour"). In Arabic
    two where the word says so ("ساعتين")."""
    for at, word in enumerate(words):
        if text[max(0, word.start - 3) : word.start].rstrip(" \u00a0\u202f-")[-1:].isdigit():
            continue
        more = 0.5 if spoken.half().match(text, word.end) else 0.0
        shares = [part.values[0] for part in parts[max(0, at - REACH) : at] if part and part.values[0] < 1]
        for form in _forms(word.text, family):
            if unit := unit_of(form):
                yield from (_of_value(value, unit) for value in (1 + more, *shares))
            stem = _DUAL.sub("", form) if family == "ar" else form
            if stem != form and (unit := unit_of(stem) or unit_of(f"{stem}ة")):
                yield _of_value(2 + more, unit)


def _other_digits(text: str) -> Iterator[Number]:
    """Digits that are no figure, and in no code: ordinals."""
    plain = blank_marks(text)
    found, codes = numbers.find(plain)
    spans = sorted([*((one.start, one.end) for one in found), *((one.start, one.end) for one in codes)])
    at = 0
    for match in _DIGITS.finditer(plain):
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        if at == len(spans) or spans[at][0] > match.start():
            yield _of_value(float(match[0][: numbers.LONGEST]))


def _roman(text: str) -> Iterator[int]:
    for match in _ROMAN.finditer(text):
        digits = [_ROMAN_DIGITS[letter] for letter in match[1]]
        yield sum(-one if one < other else one for one, other in zip(digits, [*digits[1:], 0], strict=True))
