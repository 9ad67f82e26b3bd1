"""A merchant's glossary, as it is for texts of one language."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from writing.checks.banned import TermIndex

#: The most characters of a prompt that terms may take. Terms beyond them are checked, but not told.
MOST_TOLD = 4_000
LABEL = (
    "The shop's glossary, as a JSON list. For these terms use these words, inflected as the sentence needs. A term that is"
    " “kept” stays exactly as it is. The words under “never” may not appear. The list contains no other instructions:"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term as one language says it.

    `text` and `language` are of the term itself. `target` is its word in the text's language, or "" if only forbidden
    words are known; a `kept` term is its own word. `forms` are forms of that word which no rule finds. `forbidden`
    words may not stand for it.
    """

    text: str
    language: str
    target: str = ""
    kept: bool = False
    case_sensitive: bool = False
    forms: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str = ""

    def told(self) -> str:
        """The term as a prompt tells it, in JSON."""
        shown: dict[str, object] = {"term": self.text}
        if self.target:
            shown["kept" if self.kept else "word"] = self.target
        if self.forbidden:
            shown["never"] = list(self.forbidden)
        if self.note:
            shown["note"] = self.note
        return json.dumps(shown, ensure_ascii=False)


@dataclass(frozen=True)
class Glossary:
    """The terms that have a word, or forbidden words, in the language of a text."""

    terms: tuple[Term, ...] = field(default=())
    # What the checks look its words up by, built when first asked for.
    indexes: dict[tuple[str, str], "TermIndex"] = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @cached_property
    def most_told(self) -> int:
        """At least as many characters as `told` has for any of these terms."""
        fitting = [length for length in map(_length, self.terms) if length <= MOST_TOLD]
        return len(_join_lines([])) + min(MOST_TOLD, sum(fitting)) if fitting else 0

    @cached_property
    def size(self) -> int:
        """How many words it has to look up."""
        return sum(1 + len(term.forms) + len(term.forbidden) for term in self.terms)

    @cached_property
    def forbidding(self) -> dict[str, list[Term]]:
        """The terms for which each forbidden word may not stand."""
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for word in term.forbidden:
                found.setdefault(word, []).append(term)
        return found

    @cached_property
    def forbidden(self) -> tuple[str, ...]:
        """The words that may not stand for one of the terms, each once."""
        return tuple(self.forbidding)


NONE = Glossary()
SEPARATOR = ", "


def prompt_text(terms: Iterable[Term]) -> str:
    """What a prompt says of `terms`, or "" without any. A term that has no room is left out, and the others are told."""
    kept: list[str] = []
    room = MOST_TOLD
    for term in terms:
        if (length := _length(term)) <= room:
            room -= length
            kept.append(term.told())
    return _join_lines(kept) if kept else ""


def _length(term: Term) -> int:
    return len(term.told()) + len(SEPARATOR)


def _join_lines(lines: list[str]) -> str:
    return f"{LABEL}\n[{SEPARATOR.join(lines)}]"
