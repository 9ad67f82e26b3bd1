"""Find things that only set a text's scene: "from the freezer", "auf den Tisch", "après la douche", "for tomatoes".

A thing with an article after a preposition of place is part of the reader's home, and not a claim about the product.
The same holds in a clause that says when, where or for whom ("before swimming in a pool", "wie ein Notizbuch"), or how
to serve ("drizzle it over tomatoes"), and nothing is claimed in an indirect question ("check which size suits you"). Only kinds of things that are common in a home are excused. The phrases are those
of `data/scenes.json`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from writing.checks.lexicon import Match, Token
from writing.checks.tables import table
from writing.checks.words import fold, latin

THINGS = frozenset({"feature", "contents", "material", "ingredient"})
SET = THINGS | {"use", "look"}  # kinds that a clause of time, place or comparison may mention without a claim
REACH = 4  # words after the beginning of such a clause that belong to it
FOR = 2  # words after "for" that name a product's purpose, not its contents
ASKED = 14  # words after "check whether" that are a question, and so claim nothing
FITTING = 8  # words after "suitable" that say for what
_APART = re.compile(r"[.;:!?\n()\u2022\u2013\u2014]")
_CLAUSE = re.compile(r"[.;:!?,\n()\u2022\u2013\u2014]")


class Scenes:
    """Finds the words of a text that only set a scene. The work is linear in the words."""

    def __init__(self, text: str, words: Sequence[Token], family: str) -> None:
        self._text, self._words = text, words
        self._place = _phrases("place", family)
        like = latin if family == "sr" else fold
        keys = [like(word.text) for word in words]
        self._keys = keys
        self._said = _following(text, words, keys, _phrases("opening", family), REACH, _CLAUSE)
        self._for = _following(text, words, keys, _phrases("purpose", family), FOR, _CLAUSE)
        self._asked = _following(text, words, keys, _phrases("asking", family), ASKED, _CLAUSE)
        self._fit = _following(text, words, keys, _phrases("fit", family), FITTING, _APART)
        self._included = _sentences(text, words, keys, _phrases("included", family))
        self._served = _sentences(text, words, keys, _phrases("serving", family))

    def beside(self, match: Match) -> bool:
        """Whether `match` only sets a scene."""
        kind, first = match.kind, match.first
        if self._asked[first]:
            return True
        if kind in THINGS and self.placed(first):
            return True
        return (
            bool(kind in SET and self._said[first])
            or bool(kind in THINGS and self._for[first])
            or bool(kind == "ingredient" and self._served[first])
        )

    def asks(self, start: int) -> bool:
        """Whether the word that begins at the offset `start` of the text is in an indirect question: "check which size suits you"."""
        at = bisect_left(self._words, start, key=lambda word: word.start)
        return at < len(self._words) and bool(self._asked[at])

    def fits(self, at: int) -> bool:
        """Whether the word at `at` follows, in its clause, a phrase such as "ideal for" or "geeignet"."""
        return bool(self._fit[at])

    def includes(self, at: int) -> bool:
        """Whether the sentence of the word at `at` says that something is included: "supplied with", "in the box"."""
        return bool(self._included[at])

    def placed(self, at: int) -> bool:
        """Whether a phrase of place stands right before the word at `at`."""
        if not at or self._text[self._words[at - 1].end : self._words[at].start] not in (" ", "’", "'"):
            return False
        return _ends(self._keys, at - 1, self._place)


class Phrases(NamedTuple):
    """Phrases by their first word (`exact` has the words after it), and stems of single words."""

    exact: dict[str, tuple[tuple[str, ...], ...]]
    stems: tuple[str, ...]


def _following(
    text: str, words: Sequence[Token], keys: Sequence[str], phrases: Phrases, reach: int, ends: re.Pattern[str]
) -> bytearray:
    """Mark with 1 the words after one of the phrases, at most `reach` of them and none after a match of `ends`."""
    flags = bytearray(len(words))
    for at in range(len(keys)):
        length = _length(keys, at, phrases)
        if not length:
            continue
        for after in range(at + length, min(len(words), at + length + reach)):
            if ends.search(text, words[after - 1].end, words[after].start):
                break
            flags[after] = 1
    return flags


def _sentences(text: str, words: Sequence[Token], keys: Sequence[str], phrases: Phrases) -> bytearray:
    """Mark with 1 the words of each sentence that has one of the phrases."""
    flags = bytearray(len(words))
    start, found = 0, False
    for at in range(len(words)):
        if at and _APART.search(text, words[at - 1].end, words[at].start):
            if found:
                flags[start:at] = b"\x01" * (at - start)
            start, found = at, False
        found = found or bool(_length(keys, at, phrases))
    if found:
        flags[start:] = b"\x01" * (len(words) - start)
    return flags


def _length(keys: Sequence[str], at: int, phrases: Phrases) -> int:
    """The number of words of the phrase that begins at `at`, or 0."""
    key = keys[at]
    for rest in phrases.exact.get(key, ()):
        following = keys[at + 1 : at + 1 + len(rest)]
        if tuple(following) == rest:
            return 1 + len(rest)
    return int(bool(phrases.stems) and key.startswith(phrases.stems))


def _ends(keys: Sequence[str], at: int, phrases: Phrases) -> bool:
    """Whether a phrase of one or two words ends at `at`."""
    if () in phrases.exact.get(keys[at], ()):
        return True
    return at > 0 and (keys[at],) in phrases.exact.get(keys[at - 1], ())


@cache
def words_of(row: str, family: str) -> frozenset[str]:
    """The single words of a row of the table, folded."""
    return frozenset(word for word, rests in _phrases(row, family).exact.items() if () in rests)


@cache
def _phrases(row: str, family: str) -> Phrases:
    like = latin if family == "sr" else fold
    exact: dict[str, tuple[tuple[str, ...], ...]] = {}
    stems: list[str] = []
    for phrase in filter(None, str(table("scenes")[row].get(family, "")).split("|")):
        first, *rest = (like(word) for word in phrase.split())
        if first.endswith("*"):
            stems.append(first[:-1])
        else:
            exact[first] = tuple(sorted({*exact.get(first, ()), tuple(rest)}, key=len, reverse=True))
    return Phrases(exact, tuple(stems))
