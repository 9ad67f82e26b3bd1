"""Words of shops: names and values of attributes in six languages (Serbian in both scripts).

They are read from two plain tables beside this module. Words that are not in them are not translated.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scribe.language import script

LANGUAGES = ("en", "de", "fr", "es", "it", "sr")
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LexiconAttribute:
    """`labels`: language → label."""

    key: str
    kind: str
    labels: dict[str, str]

    def label(self, language: str) -> str:
        """The label: `Farbe`, `couleur`, `colour`, `боја`."""
        return self.labels[language]


@dataclass(frozen=True, slots=True)
class Value:
    group: str
    words: dict[str, str]


def _lines(name: str) -> list[list[str]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line.split("|") for line in text.splitlines() if line and not line.startswith("#")]


def fold(text: str) -> str:
    """The form in which words are looked up: lower case, one script, without underscores and double blanks."""
    plain = script.to_latin(text).casefold().replace("_", " ").replace("'", "’")
    return re.sub(r"\s+", " ", plain).strip(" :.*")


@lru_cache(maxsize=1)
def _attributes() -> dict[str, LexiconAttribute]:
    out: dict[str, LexiconAttribute] = {}
    later: dict[str, LexiconAttribute] = {}
    for key, kind, *labels, also in _lines("attributes.txt"):
        row = LexiconAttribute(key, kind, dict(zip(LANGUAGES, labels, strict=True)))
        out[fold(key)] = row
        for language in LANGUAGES:
            later.setdefault(fold(row.label(language)), row)
        for word in also.split(","):
            if word:
                later.setdefault(fold(word), row)
    return later | out


@lru_cache(maxsize=1)
def _values() -> dict[tuple[str, str], Value]:
    out: dict[tuple[str, str], Value] = {}
    later: dict[tuple[str, str], Value] = {}
    for group, *rest in _lines("values.txt"):
        words = dict(zip(LANGUAGES, rest[:6], strict=True))
        row = Value(group, words)
        out[group, fold(words["en"])] = row
        for word in [*words.values(), *rest[6].split(",")]:
            if word:
                later.setdefault((group, fold(word)), row)
    return later | out


LONGEST_NAME = 200  # characters; the names that we know are far shorter


def attribute(name: str) -> LexiconAttribute | None:
    """The attribute that a column, option or code in any of our languages means: `Farbe`, `pa_color`, `boja` → colour."""
    if len(name) > LONGEST_NAME:
        return None
    known = _attributes()
    folded = fold(name)
    bare = re.sub(r"\s*[(\[].*?[)\]]\s*$", "", folded)  # "weight (kg)"
    return known.get(folded) or known.get(bare) or known.get(re.sub(r"^(?:pa|attribute|attr) ", "", bare))


GROUPS = {
    "colour": ("colour",),
    "material": ("material",),
    "size": ("size",),
    "audience": ("audience",),
    "origin": ("origin",),
    "category": ("category", "audience"),
    **{f"unit.{form}": (f"unit.{form}", "unit.many") for form in ("one", "few", "many")},
}


def value(kind: str, text: str) -> Value | None:
    """The known value that `text` names in an attribute of `kind`, or None."""
    known = _values()
    folded = fold(text)
    for group in (*GROUPS.get(kind, ()), "text"):
        if found := known.get((group, folded)):
            return found
    if kind in ("text", "care"):
        for group in ("material", "colour", "audience"):
            if found := known.get((group, folded)):
                return found
    return None
