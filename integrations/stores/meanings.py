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


def find_each(attribute: str, parts: list[str], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The entries of `known` for the parts of a list that was taken apart at its commas, and the parts without one. An
    entry's name may contain commas itself."""
    found: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(parts):
        for size in range(min(4, len(parts) - at), 0, -1):
            if (entry := find(attribute, ", ".join(parts[at : at + size]), known)) is not None:
                found.append(entry)
                at += size
                break
        else:
            unknown.append(parts[at])
            at += 1
    return list(dict.fromkeys(found)), unknown
