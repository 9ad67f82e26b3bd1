"""Find words that the source denies and the text affirms, or the reverse. The words need not be in a table.

If the source says "no bagel function", "the bagel function" contradicts it. If it says "rain cover included", "a rain
cover is not included" contradicts it. The check compares words of the source only. It reads a word as denied only next
to the negation, and as affirmed only in a sentence without a denial or a restriction ("buy the cover separately").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING

from scribe.language.detector import small_words
from writing.checks import polarity
from writing.checks.polarity import DOUBTFUL, NEGATED, PLAIN
from writing.checks.tables import table
from writing.checks.units import unit_of
from writing.checks.words import LONGEST_PIECE, fold

if TYPE_CHECKING:
    from writing.checks.index import Index
    from writing.checks.lexicon import Token
    from writing.checks.polarity import Negations

NEAREST = 1  # content words after a negation that it certainly denies
SHORTEST = 4  # letters of a content word
SHORTEST_DENIAL = 3  # letters of a negation in the name of a field: "No." may mean "number"
SHORTEST_END = 6  # letters of a word at the end of a compound
SAME = 0.6  # the share of letters that two forms of one word have in common
AFFIRMED = 0.5  # the same share, where the source may affirm a word that it also denies
SURELY = 0.75  # the same share, where the text claims that something is missing
MOST_ALIKE = 64  # words kept with the same beginning
MOST_PHRASES = 64  # denied by one source
PHRASED = 2  # words of a denied phrase that a sentence must have
BEHIND = 3  # words before "not included" that may name the missing thing
_SENTENCE = re.compile(r"[.!?;\n]")
_ITEM = re.compile(r"[,;/()]")
_CLAUSE = re.compile(r"[.!?;:,\n()\u2013\u2014]")


def note(
    index: Index, text: str, words: Sequence[Token], flags: Sequence[int], negations: Negations, *, name: bool
) -> None:
    """Add the words of a field to those that the source denies or affirms. The product's proper name denies nothing."""
    left = NEAREST
    last = len(words) - 1
    if NEGATED in flags or DOUBTFUL in flags:  # it is unclear to which words of the field the denial belongs
        index.unsure.update(fold(word.text)[:SHORTEST] for word in words if meaning(word.text))
    phrase: list[str] = []  # the content words of what is being denied
    for at, (word, flag) in enumerate(zip(words, flags, strict=True)):
        if flag != NEGATED:
            left = NEAREST
        if phrase and (
            flag != NEGATED
            or _ITEM.search(text, words[at - 1].end, word.start)
            or negations.key(word.text) in negations.ands
        ):
            _deny(index, phrase)
            phrase = []
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
        if name and flag != PLAIN and word.text[0].isupper():
            flag = PLAIN
        if flag == NEGATED and key not in negations.telling:
            phrase.append(key)
            if left and len(key) >= SHORTEST:
                left -= 1
                _add(index.denied, key)
        elif flag == PLAIN:
            _add(index.affirmed, key)
    _deny(index, phrase)


def _deny(index: Index, phrase: Sequence[str]) -> None:
    """Keep the words of what a source denies as a whole: "suitable for wet floors" is denied by "wet" and "floors"."""
    if phrase and len(index.phrases) < MOST_PHRASES:
        index.phrases.append(tuple(dict.fromkeys(phrase)))


def _add(known: dict[str, set[str]], key: str) -> None:
    alike = known.setdefault(key[:SHORTEST], set())
    if len(alike) < MOST_ALIKE:
        alike.add(key)


def find(
    text: str, words: Sequence[Token], flags: Sequence[int], negations: Negations, indexes: Sequence[Index], family: str
) -> Iterator[Token]:
    """The words of a text that contradict a source."""
    first = indexes[0]
    if first.denied:
        for sentence in parts(text, words, _SENTENCE):
            if _restricts([negations.key(words[at].text) for at in sentence], negations):
                continue
            for at in sentence:
                if flags[at] == PLAIN and meaning(words[at].text):
                    key = fold(words[at].text)
                    if negations.denied(key):  # "parfümfrei"
                        continue
                    if (_among(key, first.denied) or _ends_with(key, first.denied)) and not any(
                        _among(key, index.affirmed, AFFIRMED) for index in indexes
                    ):
                        yield words[at]
    if first.phrases:
        for sentence in parts(text, words, _SENTENCE):
            if _restricts([negations.key(words[at].text) for at in sentence], negations):
                continue
            plain = [
                at
                for at in sentence
                if flags[at] == PLAIN and _telling(words[at].text) and not negations.denied(fold(words[at].text))
            ]
            denied = set(_phrased(first, [fold(words[at].text) for at in plain], indexes))
            yield from (words[at] for at in plain if fold(words[at].text) in denied)
    if first.language and first.language != family:
        return
    for at in _lacking(words, negations):
        key = fold(words[at].text)
        if flags[at] == PLAIN or any(
            key[:SHORTEST] in known for index in indexes for known in (index.denied, index.unsure)
        ):
            continue
        if _among(key, first.affirmed, SURELY) or any(
            key[:n] in first.words for n in range(LONGEST_PIECE - 1, len(key) - 2)
        ):
            yield words[at]


def denying_words(text: str, words: Sequence[Token], negations: Negations) -> bytearray:
    """Mark with 1 each word of a clause that contains a denial, such as "babies must not have honey"."""
    flags = bytearray(len(words))
    for clause in parts(text, words, _CLAUSE):
        keys = [negations.key(words[at].text) for at in clause]
        if any(
            key in negations.before or any(polarity.following(phrases, keys, at) for phrases in negations.phrases)
            for at, key in enumerate(keys)
        ):
            flags[clause.start : clause.stop] = b"\x01" * len(clause)
    return flags


def _phrased(index: Index, keys: Sequence[str], others: Sequence[Index]) -> Iterator[str]:
    """Yield the words of a sentence that repeats what the source denies as a whole."""
    for phrase in index.phrases:
        own = [word for word in phrase if not any(word[:SHORTEST] in other.affirmed for other in others)]
        if not own:
            continue
        found = [key for key in keys for word in phrase if _alike(key, word)]
        telling = [key for key in keys for word in own if _alike(key, word)]
        if telling and len(set(found)) >= min(len(phrase), PHRASED):
            yield from telling


def _alike(key: str, word: str) -> bool:
    if len(word) < SHORTEST or len(key) < SHORTEST:
        return key == word
    return key.startswith(word[: max(SHORTEST, ceil(SAME * max(len(key), len(word))))])


def restricted_words(text: str, words: Sequence[Token], negations: Negations) -> bytearray:
    """Mark with 1 each word of a sentence that denies or restricts anything, such as "keep it out of the dishwasher"."""
    flags = bytearray(len(words))
    for sentence in parts(text, words, _SENTENCE):
        if _restricts([negations.key(words[at].text) for at in sentence], negations):
            flags[sentence.start : sentence.stop] = b"\x01" * len(sentence)
    return flags


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


def parts(text: str, words: Sequence[Token], ends: re.Pattern[str]) -> Iterator[range]:
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or ends.search(text, words[at - 1].end, words[at].start):
            yield range(start, at)
            start = at


def _lacking(words: Sequence[Token], negations: Negations) -> Iterator[int]:
    """Yield the places of words that a text calls missing: the first after "without", those before "not included"."""
    keys = [negations.key(word.text) for word in words]
    for at, key in enumerate(keys):
        if key in negations.lacks:
            yield from islice((i for i in range(at + 1, min(at + 3, len(words))) if meaning(words[i].text)), 1)
        elif polarity.following(negations.after, keys, at) > 1:
            yield from (i for i in range(max(0, at - BEHIND), at) if meaning(words[i].text))


def meaning(word: str) -> bool:
    """Whether a word has a meaning of its own."""
    return len(word) >= SHORTEST and fold(word) not in empty() and not unit_of(word)


def _telling(word: str) -> bool:
    """Whether a word, also a short one as "SUV", has a meaning of its own."""
    return meaning(word) or (len(word) == SHORTEST - 1 and fold(word) not in empty() and not unit_of(word))


def denying(key: str) -> bool:
    """Whether the name of a field denies its values: "Without", "Contraindications"."""
    first = fold(key.partition(" ")[0])
    return len(first) >= SHORTEST_DENIAL and first in polarity.of("*").before


@cache
def empty() -> frozenset[str]:
    """The folded words that say nothing about a product."""
    small = (word for code, words in small_words().items() if code != "sr-cyr" for word in words)
    return frozenset(map(fold, (*small, *str(table("words")["unlabelled"]).split())))
