"""Statements that no product data could support: a notebook that knows the next thought, a clock that is slower on Sundays.

Such a sentence combines words of realms that have little to do with products: the body, the sky, sounds, the mind,
time, nature, physics, and the verbs of living beings ("learns", "waits"). Words of one realm are no claim. Words of
three realms, or of two if one of them is `STRONG`, are a claim if they are in one part of a sentence and not in the
source. The words are those of `data/realms.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from writing.checks.index import Index
from writing.checks.lexicon import Token
from writing.checks.tables import table
from writing.checks.words import fold, latin

STRONG = frozenset({"agency", "mind"})
NEEDED = 3  # points that make a claim: a strong realm counts two, any other counts one
LONGEST_STEM = 12
_SENTENCE = re.compile(r"[.!?;\n:]")


@dataclass(frozen=True, slots=True)
class RealmStatement:
    start: int
    end: int


def find(text: str, words: Sequence[Token], family: str, indexes: Sequence[Index]) -> Iterator[RealmStatement]:
    exact, stems, phrases = _forms(family)
    if not exact:
        return
    seen: dict[str, tuple[int, int]] = {}
    sentence_end = 0
    for at, word in enumerate(words):
        if seen and _SENTENCE.search(text, sentence_end, word.start):
            yield from _statement(seen)
            seen = {}
        sentence_end = word.end
        key = latin(word.text) if family == "sr" else fold(word.text)
        realms, last = _realms(key, at, words, family, exact, stems, phrases)
        if not realms or any(index.licensed(fold(word.text)) for index in indexes):
            continue
        realm = next((name for name in sorted(realms) if name not in seen), "")  # a word counts for one realm
        if realm:
            seen[realm] = (word.start, words[last].end)
    yield from _statement(seen)


def _statement(seen: dict[str, tuple[int, int]]) -> Iterator[RealmStatement]:
    if len(seen) > 1 and sum(2 if realm in STRONG else 1 for realm in seen) >= NEEDED:
        yield RealmStatement(min(start for start, _ in seen.values()), max(end for _, end in seen.values()))


def _realms(
    key: str,
    at: int,
    words: Sequence[Token],
    family: str,
    exact: dict[str, frozenset[str]],
    stems: dict[str, frozenset[str]],
    phrases: dict[str, list[tuple[tuple[str, ...], str]]],
) -> tuple[frozenset[str], int]:
    """The realms of the word at `at`, and the index of the last word of its phrase."""
    for rest, realm in phrases.get(key, ()):
        following = words[at + 1 : at + 1 + len(rest)]
        if len(following) == len(rest) and all(
            _like(word, part, family) for word, part in zip(following, rest, strict=True)
        ):
            return frozenset({realm}), at + len(rest)
    if key in exact:
        return exact[key], at
    found = next((stems[key[:n]] for n in range(min(len(key), LONGEST_STEM), 2, -1) if key[:n] in stems), frozenset())
    return found, at


def _like(word: Token, part: str, family: str) -> bool:
    key = latin(word.text) if family == "sr" else fold(word.text)
    return key.startswith(part[:-1]) if part.endswith("*") else key == part


@cache
def _forms(
    family: str,
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, list[tuple[tuple[str, ...], str]]]]:
    exact: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for realm, row in table("realms").items():
        for form in filter(None, str(row.get(family, "")).split("|")):
            parts = [("*" * part.endswith("*")) for part in form.split()]
            keys = [
                (latin if family == "sr" else fold)(part.strip("*")) + star
                for part, star in zip(form.split(), parts, strict=True)
            ]
            if len(keys) > 1:
                phrases.setdefault(keys[0], []).append((tuple(keys[1:]), realm))
            elif keys[0].endswith("*"):
                stem = keys[0][:-1][:LONGEST_STEM]
                stems[stem] = stems.get(stem, frozenset()) | {realm}
            else:
                exact[keys[0]] = exact.get(keys[0], frozenset()) | {realm}
    return exact, stems, phrases
