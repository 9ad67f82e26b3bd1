"""Proper names in a text: brands, models, persons, places.

A name is a word with a capital inside a sentence, or a number that follows a name of the source ("Aubrac 2"). In German,
where every noun has a capital, a name must be in quotation marks or beside another name. Headings, in which many words
have capitals, are left out. A name is known if the source has it, also inflected or in the other script.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from writing.checks.index import Index
from writing.checks.numbers import Number, normal
from writing.checks.tables import table
from writing.checks.words import Token, fold, latin

SHORTEST = 3  # letters
SHORTEST_HELD = 4  # letters of a name that is part of a longer word of the source
SEAL_NEAR = 2  # words between a seal's name and the word that makes it one
ENDING = 3  # letters by which two forms of a name may differ
HEADING = 0.6  # a line is a heading if more than this share of its words have capitals
_OPENING = re.compile(r"(?:^|[.!?:;\n#\u2022\u2013\u2014*|/(\[…]|(?:^|\s)[-–—])[\s\"'„“”«»‚‘’¿¡(]*$")
_QUOTED = re.compile(r"[«„“\"]\s*([^«»„“”\"\n]{2,40}?)\s*[»“”\"]")
_PLACE = re.compile("sk|ck|ск|цк")
_APART = re.compile(r"[.,;:!?\n()]")
_VOWELS = re.compile(r"[aeiouyjhь]+")
_CYRILLIC = str.maketrans(
    {"й": "j", "ы": "y", "э": "e", "ю": "ju", "я": "ja", "щ": "sc", "ъ": "", "ь": "", "ё": "e", "х": "h", "ж": "z"}
)
_CENTURY = re.compile("[IVXLC]{2,6}(?:e|ème|ᵉ)")  # "le XXIe siècle"
_ALIKE = str.maketrans({"c": "k", "q": "k", "w": "v", "z": "s", "x": "k", "d": "t", "b": "p", "g": "k"})


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    key: str
    start: int  # its place in the text
    end: int
    word: int  # its place among the words of the text
    model: bool = False  # a name with the number or letters after it, compared as a whole


def find(text: str, words: Sequence[Token], found: Sequence[Number], family: str) -> Iterator[Name]:
    harmless = _harmless(family)
    headings = list(_headings(text, words))
    quoted = [match.span(1) for match in _QUOTED.finditer(text)]
    at = 0
    for index, word in enumerate(words):
        while at < len(quoted) and quoted[at][1] <= word.start:
            at += 1
        inside = at < len(quoted) and quoted[at][0] <= word.start < quoted[at][1]
        if not word.text[0].isupper() or word.text in harmless or _CENTURY.fullmatch(word.text):
            continue
        before = words[index - 1] if index else None
        beside = bool(
            before and before.text[0].isupper() and word.start - before.end == 1 and not before.text.isupper()
        )
        if word.text.isupper():
            if beside and before and len(word.text) < 4 and text[word.start - 1] == " " and family != "de":
                key = normal(before.text + word.text)
                yield Name(f"{before.text} {word.text}", key, before.start, word.end, index, model=True)
            continue
        if len(word.text) < SHORTEST or (headings[index] and not inside):
            continue
        if not inside and (family == "de" or _opens(text, word.start)):
            continue
        yield Name(word.text, fold(word.text), word.start, word.end, index)
    starts = {word.end: index for index, word in enumerate(words)}
    for number in found:
        index = starts.get(number.start - 1, -1)
        if index < 0 or number.unit or number.word or not number.text.isdigit() or len(number.text) > 4:
            continue
        if text[number.start - 1] == " " and words[index].text[0].isupper() and family != "de":
            start, key = words[index].start, normal(words[index].text + number.text)
            yield Name(text[start : number.end], key, start, number.end, index, model=True)


def _opens(text: str, start: int) -> bool:
    """Whether a word begins a sentence."""
    return _OPENING.search(text[max(0, start - 8) : start] if start > 8 else text[:start]) is not None


def seals(text: str, words: Sequence[Token], indexes: Sequence[Index]) -> Iterator[Token]:
    """Yield names of seals that no source has: words with capitals beside a word such as "label" ("CertiPUR label")."""
    sealing = _seals()
    for at, word in enumerate(words):
        if fold(word.text) not in sealing:
            continue
        for other in words[max(0, at - SEAL_NEAR) : at + SEAL_NEAR + 1]:
            gap = text[min(word.end, other.end) : max(word.start, other.start)]
            if not _is_coined(other.text) or _APART.search(gap):
                continue
            if not any(fold(other.text) in index.words or index.mention(normal(other.text)) for index in indexes):
                yield other


def _is_coined(word: str) -> bool:
    """Whether a word has several capitals, as abbreviations and invented names have."""
    return len(word) >= SHORTEST and sum(letter.isupper() for letter in word) > 1


@cache
def _seals() -> frozenset[str]:
    return frozenset(fold(word) for word in str(table("words")["seals"]).split("|"))


def is_known(name: Name, index: Index) -> bool:
    if name.model:
        first = normal(re.split(r"\s", name.text)[0])
        rest = name.key[len(first) :]
        followed = re.compile(re.escape(first) + (r"\d" if rest.isdigit() else r"[a-z]{1,3}(?![a-z])"))
        texts = index.texts.values()
        return any(name.key in text for text in texts) or not any(followed.search(text) for text in texts)
    key = name.key
    if key in index.words or latin(name.text) in index.words:
        return True
    if len(key) == SHORTEST and any(len(word) == SHORTEST and word[:-1] == key[:-1] for word in index.words):
        return True  # "Idy" of "Ida"
    if any(_is_inflected(own, _spellings(index)) for own in {key, latin(name.text)}):
        return True
    return _skeleton(name.text) in _skeletons(index)


class Spellings(NamedTuple):
    """The words of a source, prepared for finding other forms of a name."""

    joined: str
    places: frozenset[str]  # beginnings of its adjectives of places: "Калужская область", for Калуга
    beginnings: frozenset[tuple[str, int]]  # all other words without up to `ENDING` letters, with their full length


def _is_inflected(name: str, spellings: Spellings) -> bool:
    """Whether a name differs from a word of the source only in its ending, or is part of one."""
    if len(name) >= SHORTEST_HELD and name[:-1] in spellings.joined:
        return True
    if name[:SHORTEST_HELD] in spellings.places:
        return True
    lengths = range(len(name) - ENDING, len(name) + ENDING + 1)
    shared = ((max(len(name), length) - ENDING, length) for length in lengths)
    return any(least >= SHORTEST and (name[:least], length) in spellings.beginnings for least, length in shared)


def _spellings(index: Index) -> Spellings:
    if index.spellings is None:
        places = {word for word in index.words if _PLACE.search(word, SHORTEST_HELD)}
        index.spellings = Spellings(
            " ".join(index.words),
            frozenset(word[:SHORTEST_HELD] for word in places),
            frozenset(
                (word[:length], len(word))
                for word in index.words - places
                for length in range(max(SHORTEST, len(word) - ENDING), len(word) + 1)
            ),
        )
    return cast(Spellings, index.spellings)


def _skeleton(word: str) -> str:
    """The first consonants of a word, at most five letters, in a form that is equal for both scripts."""
    return _VOWELS.sub("", latin(word.lower().translate(_CYRILLIC)).translate(_ALIKE))[:5]


def _skeletons(index: Index) -> frozenset[str]:
    if index.skeletons is None:
        index.skeletons = frozenset(skeleton for word in index.words if len(skeleton := _skeleton(word)) > 1)
    return index.skeletons


def _headings(text: str, words: Sequence[Token]) -> Iterator[bool]:
    """Yield for each word whether its line is a heading."""
    line: list[Token] = []
    for word in words:
        if line and "\n" in text[line[-1].end : word.start]:
            yield from [_heading(line)] * len(line)
            line = []
        line.append(word)
    yield from [_heading(line)] * len(line)


def _heading(line: Sequence[Token]) -> bool:
    long = [word for word in line if len(word.text) > 3]
    return sum(word.text[0].isupper() for word in long) > HEADING * len(long)


@cache
def _harmless(family: str) -> frozenset[str]:
    rows = table("words")["names"]
    return frozenset(str(rows["any"]).split()) | frozenset(str(rows.get(family, "")).split())
