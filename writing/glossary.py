"""A merchant's glossary, as it is for texts of one language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

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

    def __bool__(self) -> bool:
        return bool(self.terms)

    @cached_property
    def most_told(self) -> int:
        """The most characters that `told` can have for these terms."""
        return len(told(self.terms))


NONE = Glossary()


def told(terms: Iterable[Term]) -> str:
    """What a prompt says of `terms`, or "" without any."""
    kept: list[str] = []
    room = MOST_TOLD
    for term in terms:
        line = term.told()
        room -= len(line) + 2
        if room < 0:
            break
        kept.append(line)
    return f"{LABEL}\n[{', '.join(kept)}]" if kept else ""
