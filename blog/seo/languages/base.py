"""The rules of a language for the score. The defaults are for an unknown language."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scribe.marks import normalize


def keep(text: str) -> str:
    return text


def plain_slug(word: str) -> frozenset[str]:
    """The forms of a word in a slug: as it is, and without diacritics."""
    folded = "".join(c for c in normalize("NFKD", word) if not unicodedata.combining(c))
    return frozenset({word, folded})


@dataclass(frozen=True)
class LanguageRules:
    """`fold` maps a language's second script to its first, in the whole text. `stem` takes a folded lower-case word."""

    code: str
    known: bool = False
    sentence_limit: int = 20
    function_words: frozenset[str] = frozenset()
    connectors: tuple[str, ...] = ()  # words and phrases that connect a sentence to the text before it
    opening_connectors: tuple[str, ...] = ()  # those that connect only as the first words: "First, …", not "the first"
    paired_connectors: tuple[tuple[str, str], ...] = ()  # "either … or"
    weak_openers: frozenset[str] = frozenset()  # articles and the like: the beginning is then two words
    abbreviations: frozenset[str] = frozenset()
    ordinal_dot: bool = False  # "1. maj", "3. Januar": a dot after a number does not end the sentence
    fold: Callable[[str], str] = keep
    stem: Callable[[str], str] = keep
    slug_forms: Callable[[str], frozenset[str]] = plain_slug
    is_passive: Callable[[str], bool] | None = None  # takes a sentence as it is written
    connector_pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A sentence is matched as its words, joined by single spaces and with a space at either end.
        pattern = f"^ (?:{_any_of(self.opening_connectors)}) | (?:{_any_of(self.connectors)}) "
        object.__setattr__(self, "connector_pattern", re.compile(pattern))

    @property
    def has_function_words(self) -> bool:
        return bool(self.function_words)

    def has_connector(self, words: Sequence[str]) -> bool:
        spaced = f" {' '.join(words)} "
        return bool(self.connector_pattern.search(spaced)) or any(
            _one_after_other(spaced, f" {first} ", f" {second} ") for first, second in self.paired_connectors
        )


def _any_of(phrases: Sequence[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase) for phrase in longest_first) or r"(?!)"


def _one_after_other(text: str, first: str, second: str) -> bool:
    at = text.find(first)
    return at >= 0 and text.find(second, at + len(first)) >= 0


def lines(text: str) -> tuple[str, ...]:
    """Split comma-separated words or phrases; line breaks count as spaces."""
    return tuple(part for chunk in text.split(",") if (part := " ".join(chunk.split())))


def words(text: str) -> frozenset[str]:
    """Split words at white space."""
    return frozenset(text.split())
