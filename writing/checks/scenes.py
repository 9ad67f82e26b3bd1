"""Things that a text only sets the scene with: "from the freezer", "auf den Tisch", "dans le placard".

A thing that stands with a definite article after a preposition of place is part of the reader's home, and no claim about
the product. Only parts, contents and materials are excused so; the phrases are those of `data/scenes.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from writing.checks.lexicon import Match, Token
from writing.checks.tables import table
from writing.checks.words import fold

EXCUSED = frozenset({"feature", "contents", "material", "ingredient"})


def beside(match: Match, text: str, words: Sequence[Token], family: str) -> bool:
    """Whether a phrase of place stands right before a match."""
    if match.kind not in EXCUSED or not match.first:
        return False
    one, two = _phrases(family)
    before = words[match.first - 1]
    if text[before.end : match.start] not in (" ", "’", "'"):
        return False
    key = fold(before.text)
    if key in one:
        return True
    return match.first > 1 and f"{fold(words[match.first - 2].text)} {key}" in two


@cache
def _phrases(family: str) -> tuple[frozenset[str], frozenset[str]]:
    phrases = [
        " ".join(map(fold, phrase.split())) for phrase in str(table("scenes")["place"].get(family, "")).split("|")
    ]
    return frozenset(p for p in phrases if " " not in p), frozenset(p for p in phrases if " " in p)
