"""A language as the score sees it. The defaults are a language that we know nothing about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scribe.marks import normalize


def keep(text: str) -> str:
    return text


def plain_slug(word: str) -> frozenset[str]:
    """The word as it may stand in a slug: without diacritics."""
    folded = "".join(c for c in normalize("NFKD", word) if not unicodedata.combining(c))
    return frozenset({word, folded})


@dataclass(frozen=True)
class LanguageRules:
    """`fold` makes one script of two and is applied to the whole text; `stem` takes a folded lower-case word."""

    code: str
    known: bool = False
    sentence_limit: int = 20
    function_words: frozenset[str] = frozenset()
    connectors: tuple[str, ...] = ()  # words and phrases that tie a sentence to what was said before
    paired_connectors: tuple[tuple[str, str], ...] = ()  # "either … or"
    weak_openers: frozenset[str] = frozenset()  # articles: the second word decides how a sentence begins
    abbreviations: frozenset[str] = frozenset()
    ordinal_dot: bool = False  # "1. maj", "3. Januar": a dot after a number does not end the sentence
    fold: Callable[[str], str] = keep
    stem: Callable[[str], str] = keep
    slug_forms: Callable[[str], frozenset[str]] = plain_slug
    is_passive: Callable[[str], bool] | None = None  # of a sentence as it is written
    connector_pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest_first = sorted(self.connectors, key=len, reverse=True)
        alternatives = "|".join(re.escape(c) for c in longest_first) or r"(?!)"
        # Sentences are matched as their words joined by single spaces, with one at either end.
        object.__setattr__(self, "connector_pattern", re.compile(f" (?:{alternatives}) "))

    @property
    def has_function_words(self) -> bool:
        return bool(self.function_words)

    def has_connector(self, words: Sequence[str]) -> bool:
        spaced = f" {' '.join(words)} "
        return bool(self.connector_pattern.search(spaced)) or any(
            _one_after_other(spaced, f" {first} ", f" {second} ") for first, second in self.paired_connectors
        )


def _one_after_other(text: str, first: str, second: str) -> bool:
    at = text.find(first)
    return at >= 0 and text.find(second, at + len(first)) >= 0


def lines(text: str) -> tuple[str, ...]:
    """Words or phrases, comma-separated over lines."""
    return tuple(part for chunk in text.split(",") if (part := " ".join(chunk.split())))


def words(text: str) -> frozenset[str]:
    """Words separated by space."""
    return frozenset(text.split())
