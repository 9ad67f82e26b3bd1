"""Values of attributes that say the same in another language or script: `Red`, `Rot`, `црвена`, `crvena`.

Only words that our own lists know; any other text means itself alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from scribe.language import lexicon


@lru_cache(maxsize=4096)
def of(attribute: str, value: str) -> tuple[str, str]:
    """What a value means in an attribute of that name; equal for values that mean the same."""
    known = lexicon.attribute(attribute)
    if found := lexicon.value(known.kind if known else "text", value):
        return found.group, found.words["en"]
    return "", lexicon.fold(value)


def same(attribute: str, one: Iterable[str], other: Iterable[str]) -> bool:
    return {of(attribute, value) for value in one} == {of(attribute, value) for value in other}


def find(attribute: str, value: str, known: Mapping[str, str]) -> str | None:
    """What `known` has for the value: under its own name (in lower case), else under the only one that means the same."""
    if (found := known.get(value.casefold())) is not None:
        return found
    meant = of(attribute, value)
    alike = {each for name, each in known.items() if of(attribute, name) == meant}
    return alike.pop() if len(alike) == 1 else None
