"""Attribute values with the same meaning in another language or script: `Red`, `Rot`, `црвена`, `crvena`.

Only words in our own lists have such equals. Any other text equals only itself, apart from spelling.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from scribe.language import lexicon


@lru_cache(maxsize=4096)
def meaning_of(attribute: str, value: str) -> tuple[str, str]:
    """A key for the meaning of a value in an attribute of that name. Values with the same meaning have equal keys."""
    known = lexicon.attribute(attribute)
    if found := lexicon.value(known.kind if known else "text", value):
        return found.group, found.words["en"]
    return "", lexicon.fold(value)


def same(attribute: str, one: Iterable[str], other: Iterable[str]) -> bool:
    return {meaning_of(attribute, value) for value in one} == {meaning_of(attribute, value) for value in other}


def find(attribute: str, value: str, known: Mapping[str, str]) -> str | None:
    """The entry of `known` for the value: by lower-case name, else by the only name of the same meaning, or None."""
    if (found := known.get(value.casefold())) is not None:
        return found
    meant = meaning_of(attribute, value)
    alike = {each for name, each in known.items() if meaning_of(attribute, name) == meant}
    return alike.pop() if len(alike) == 1 else None
