"""Find statements that are the opposite of what the source says: "the focus is automatic" of a lens focused manually.

`data/opposites.json` lists pairs of opposites in ten languages, so that source and text need not share one. A text
contradicts its source when the source says only one of a pair, without a denial, and the text only the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from writing.checks.polarity import PLAIN
from writing.checks.tables import table
from writing.checks.words import fold, latin

if TYPE_CHECKING:
    from writing.checks.lexicon import Token

LONGEST_STEM = 14  # letters
SHORTEST_STEM = 3


class Pole(NamedTuple):
    """A word or phrase of the text that says `name`: its words from `first` to `last`."""

    name: str
    first: int
    last: int


def poles(words: Sequence[Token], flags: Sequence[int], family: str) -> Iterator[Pole]:
    """Yield what a text says of the pairs, in order, where no negation applies to it. `family` may be `*`, any."""
    forms, stems = _forms(family)
    like = latin if family in ("sr", "*") else fold
    keys = [like(word.text) for word in words]
    for at, key in enumerate(keys):
        if flags[at] != PLAIN:
            continue
        for rest, name in forms.get(key, ()):
            if all(_same(keys[at + 1 + n] if at + 1 + n < len(keys) else "", part) for n, part in enumerate(rest)):
                yield Pole(name, at, at + len(rest))
                break
        else:
            stem = next(
                (key[:n] for n in range(min(len(key), LONGEST_STEM), SHORTEST_STEM - 1, -1) if key[:n] in stems), ""
            )
            if stem:
                yield Pole(stems[stem], at, at)


def opposite(name: str) -> str:
    return str(table("opposites")[name]["not"])


def _same(key: str, part: str) -> bool:
    return key.startswith(part[:-1]) if part.endswith("*") else key == part


@cache
def _forms(family: str) -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], dict[str, str]]:
    """Words and phrases by their first word, the longest first, and stems of single words."""
    like = latin if family in ("sr", "*") else fold
    forms: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    stems: dict[str, str] = {}
    for name, row in table("opposites").items():
        for language, said in row.items():
            if language == "not" or family not in ("*", language):
                continue
            for form in str(said).replace("'", " ").split("|"):
                first, *rest = (like(part.rstrip("*")) + "*" * part.endswith("*") for part in form.split())
                if first.endswith("*") and not rest:
                    stems[first[:-1]] = name
                else:
                    forms.setdefault(first.rstrip("*"), []).append((tuple(rest), name))
    for known in forms.values():
        known.sort(key=lambda form: -len(form[0]))
    return forms, stems
