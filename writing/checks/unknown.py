"""Find words of a text that neither its source, nor a table, nor everyday language licenses.

They are shown to the person who reviews the text, but do not fail a check, as most are harmless. Only a text in the
language of its source can be examined. The stems of everyday words are those of `data/harmless.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from writing.checks import contradictions
from writing.checks.index import Index
from writing.checks.lexicon import Token
from writing.checks.tables import table
from writing.checks.words import fold, latin

SHORTEST = 5  # letters of a word that is worth showing
MOST = 50  # words of one content that are shown


def find(words: Sequence[Token], covered: set[int], family: str, indexes: Sequence[Index]) -> Iterator[Token]:
    """Yield the words without a licence, each once. `covered` has the indexes of words that belong to a claim."""
    if indexes[0].language != family:
        return
    stems, lengths = _harmless(family)
    seen: set[str] = set()
    for at, word in enumerate(words):
        if at in covered or len(word.text) < SHORTEST or not contradictions.meaning(word.text):
            continue
        key = fold(word.text)
        if key in seen:
            continue
        seen.add(key)
        own = latin(word.text) if family == "sr" else key
        if any(own[:length] in stems for length in lengths) or any(index.licensed(key) for index in indexes):
            continue
        yield word


@cache
def _harmless(family: str) -> tuple[frozenset[str], tuple[int, ...]]:
    like = latin if family == "sr" else fold
    stems = frozenset(like(stem) for stem in str(table("harmless")["stems"].get(family, "")).split("|") if stem)
    return stems, tuple(sorted({len(stem) for stem in stems}))
