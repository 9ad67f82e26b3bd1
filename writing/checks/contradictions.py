"""Find words that the source denies and the text affirms. The words need not be in a table.

If the source says "no bagel function", "the bagel function" contradicts it. A word is denied only next to the negation,
and affirmed only in a sentence without a denial or a restriction ("buy the cover separately").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from scribe.language.detector import small_words
from writing.checks import polarity
from writing.checks.polarity import NEGATED, PLAIN
from writing.checks.tables import table
from writing.checks.units import unit_of
from writing.checks.words import Token, fold

if TYPE_CHECKING:
    from writing.checks.index import Index, SourceField
    from writing.checks.polarity import Negations

NEAREST = 1  # content words after a negation that it certainly denies
SHORTEST = 4  # letters of a content word
SHORTEST_DENIAL = 3  # letters of a negation in the name of a field: "No." may mean "number"
SHORTEST_END = 6  # letters of a word at the end of a compound
SAME = 0.6  # the share of letters that two forms of one word have in common
AFFIRMED = 0.5  # the same share, where the source may affirm a word that it also denies
MOST_ALIKE = 64  # words kept with the same beginning
_SENTENCE = re.compile(r"[.!?;\n]")


def note(index: Index, fields: Sequence[SourceField], negations: Negations) -> None:
    """Keep what a source denies and, if it denies anything, what it affirms."""
    if any(NEGATED in field.flags for field in fields) or (
        negations.suffixes and any(negations.denied(word) for word in index.words)
    ):
        for field in fields:
            _note(index, field, negations)


def _note(index: Index, field: SourceField, negations: Negations) -> None:
    left = NEAREST
    text, words, last = field.whole, field.words, len(field.words) - 1
    for at, (word, flag) in enumerate(zip(words, field.flags, strict=True)):
        if flag != NEGATED:
            left = NEAREST
        if not _telling(word.text):
            continue
        joined = (at and word.start - words[at - 1].end == 1 and text[word.start - 1] == "-") or (
            at < last and words[at + 1].start - word.end == 1 and text[word.end] == "-"
        )
        if joined and flag != PLAIN:  # "Lave-vaisselle: non" denies no "laver"
            continue
        key = fold(word.text)
        if negations.denied(key):  # "stufenlos" denies "Stufen"
            _add(index.denied, key)
        if field.proper and flag != PLAIN and word.text[0].isupper():
            flag = PLAIN
        if flag == NEGATED and left and len(key) >= SHORTEST and key not in negations.telling:
            left -= 1
            _add(index.denied, key)
        elif flag == PLAIN:
            _add(index.affirmed, key)


def _add(known: dict[str, set[str]], key: str) -> None:
    alike = known.setdefault(key[:SHORTEST], set())
    if len(alike) < MOST_ALIKE:
        alike.add(key)


def find(
    text: str, words: Sequence[Token], flags: Sequence[int], negations: Negations, indexes: Sequence[Index]
) -> Iterator[Token]:
    """The words of a text that the source denies, and no source affirms."""
    denied = indexes[0].denied
    if not denied:
        return
    for sentence in _sentences(text, words):
        plain = [at for at in sentence if flags[at] == PLAIN and meaning(words[at].text)]
        found = [at for at in plain if _is_denied(fold(words[at].text), denied, negations, indexes)]
        if found and not _restricts([negations.key(words[at].text) for at in sentence], negations):
            yield from (words[at] for at in found)


def restricts(text: str, words: Sequence[Token], at: int, negations: Negations) -> bool:
    """Whether the sentence of the word at `at` denies or restricts anything, as "keep it out of the dishwasher" does."""
    sentence = next(sentence for sentence in _sentences(text, words) if at in sentence)
    return _restricts([negations.key(words[one].text) for one in sentence], negations)


def _is_denied(key: str, denied: dict[str, set[str]], negations: Negations, indexes: Sequence[Index]) -> bool:
    if negations.denied(key) or not (_among(key, denied) or _ends_with(key, denied)):  # "parfümfrei"
        return False
    return not any(_among(key, index.affirmed, AFFIRMED) for index in indexes)


def _among(key: str, known: dict[str, set[str]], same: float = SAME) -> bool:
    """Whether a word is a form of a known one: it begins with the share `same` of the longer of the two."""
    return any(
        key.startswith(other[: max(SHORTEST, ceil(same * max(len(key), len(other))))])
        for other in known.get(key[:SHORTEST], ())
    )


def _ends_with(key: str, known: dict[str, set[str]]) -> bool:
    """Whether a word is a compound that ends with a known one: "Geschirrspülmaschine" and "Spülmaschine"."""
    return any(
        key[at:] in known.get(key[at : at + SHORTEST], ()) for at in range(SHORTEST - 1, len(key) - SHORTEST_END + 1)
    )


def _restricts(keys: Sequence[str], negations: Negations) -> bool:
    """Whether a sentence denies or restricts anything. It is then unclear what the sentence affirms."""
    return any(
        key in negations.before
        or key in negations.hedges
        or any(polarity.following(phrases, keys, at) for phrases in negations.phrases)
        for at, key in enumerate(keys)
    )


def _sentences(text: str, words: Sequence[Token]) -> Iterator[range]:
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or _SENTENCE.search(text, words[at - 1].end, words[at].start):
            yield range(start, at)
            start = at


def meaning(word: str) -> bool:
    """Whether a word has a meaning of its own."""
    return len(word) >= SHORTEST and fold(word) not in empty() and not unit_of(word)


def _telling(word: str) -> bool:
    """Whether a word, also a short one as "SUV", has a meaning of its own."""
    return meaning(word) or (len(word) == SHORTEST - 1 and fold(word) not in empty() and not unit_of(word))


def denying(key: str) -> bool:
    """Whether the name of a field denies its values: "Without", "Contraindications"."""
    first = fold(key.partition(" ")[0])
    return len(first) >= SHORTEST_DENIAL and first in polarity.negations_for("*").before


@cache
def empty() -> frozenset[str]:
    """The folded words that say nothing about a product."""
    small = (word for code, words in small_words().items() if code != "sr-cyr" for word in words)
    return frozenset(map(fold, (*small, *str(table("words")["unlabelled"]).split())))
