"""How each language says a fact. One module per language, all with the same `Grammar`.

Sentences come in pairs: the first names the product as subject, the next one goes on without naming it again.
Nothing here agrees in gender or number with the product's name, which we do not know; the subject is "the product".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module

from scribe.language import script
from writing.offline.languages import base


@dataclass(frozen=True)
class Grammar:
    """`{v}` is the value, `{label}` an attribute's name with its article, `{name}` the product's name."""

    code: str
    conjunction: str
    colon: str  # between label and value
    by: str  # brand after the name
    from_category: str
    for_audience: str
    sentences: dict[str, tuple[str, str]]  # kind → (sentence with the product as subject, sentence without)
    phrases: dict[str, str]  # kind → words after the name, without a verb
    many: dict[str, tuple[str, str]]  # kinds whose sentence differs for several values
    many_phrases: dict[str, str]
    openings: dict[str, str]  # tone group → sentence with {it} (name, brand, audience, category)
    headings: dict[str, tuple[str, str]]  # heading over the details: (usual, for technical tones)
    words: dict[str, str] = field(default_factory=dict)  # labels and fixed sentences
    article: dict[str, str] = field(default_factory=dict)  # sentences of articles
    instructions: dict[str, str] = field(default_factory=dict)

    def join(self, parts: list[str]) -> str:
        if len(parts) < 2:
            return "".join(parts)
        joint = self.conjunction
        if (self.code == "es" and parts[-1][:1].lower() == "i") or (
            self.code == "es" and parts[-1][:2].lower() == "hi"
        ):
            joint = "e"
        if self.code == "it" and parts[-1][:1].lower() == "e":
            joint = "ed"
        return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


TONES = {
    "professional": "plain",
    "technical": "short",
    "expert": "short",
    "minimalist": "short",
    "friendly": "warm",
    "casual": "warm",
    "playful": "warm",
    "storytelling": "story",
    "luxury": "fine",
    "persuasive": "inviting",
}
KNOWN = ("en", "de", "fr", "es", "it", "sr")


@lru_cache(maxsize=16)
def of(language: str) -> Grammar:
    """The grammar of a language. Serbian in Latin letters is transliterated from the Cyrillic one. Other languages get
    `plain`."""
    code = base(language)
    if code not in KNOWN:
        plain: Grammar = import_module("writing.offline.grammar.plain").GRAMMAR
        return replace(plain, code=code)
    grammar: Grammar = import_module(f"writing.offline.grammar.{code}").GRAMMAR
    return _latin(grammar) if language == "sr-Latn" else grammar


def is_known(language: str) -> bool:
    return base(language) in KNOWN


def _latin(grammar: Grammar) -> Grammar:
    """Templates have Latin placeholders only, so the whole template can be transliterated."""

    def change(value: object) -> object:
        if isinstance(value, str):
            return script.to_latin(value)
        if isinstance(value, tuple):
            return tuple(change(part) for part in value)
        if isinstance(value, dict):
            return {key: change(part) for key, part in value.items()}
        return value

    fields = {name: change(getattr(grammar, name)) for name in grammar.__dataclass_fields__ if name != "code"}
    return replace(grammar, **fields)  # type: ignore[arg-type]
