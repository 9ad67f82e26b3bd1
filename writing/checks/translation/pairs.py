"""The fields of a translation beside those of its original."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scribe.messages import _
from scribe.types import Json, JsonValue, ReadOnlyJson
from writing.checks.fields import row_of
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField, Role
from writing.text import of_html

ERROR, WARNING = "error", "warning"
_DIGITS = re.compile(r"\d+")


class Departure(NamedTuple):
    """Something that a translation changed. `text` stands in its field from `start`, or nowhere (-1)."""

    field: str
    code: str
    detail: str
    level: str = ERROR
    text: str = ""
    start: int = -1

    def finding(self) -> Json:
        place = {"start": self.start, "end": self.start + len(self.text)} if self.start >= 0 else {}
        named = {"text": self.text[:200]} if self.text else {}
        return {
            "field": self.field,
            "detail": self.detail,
            "code": self.code,
            "level": self.level,
            **named,
            **place,
        }


class Pair(NamedTuple):
    """One text of both. `raw` is as it is stored, the others as they are read."""

    field: str
    source_raw: str
    target_raw: str
    source: str
    target: str

    @property
    def row(self) -> GeneratedField:
        return row_of(self.field)


def pair_texts(original: ReadOnlyJson, translation: ReadOnlyJson) -> tuple[list[Pair], list[Departure]]:
    """The texts that both have, and the fields and entries that one of them lacks.

    Entries of lists are paired by their place. Attributes, whose names are translated and whose order the database does
    not keep, are paired by their numbers, and the others by their place. Search words are not paired: shoppers of each
    language search for their own.
    """
    found: list[Pair] = []
    faults: list[Departure] = []
    for row in FIELDS:
        if row.role is Role.DERIVED:
            continue
        before, after = row.of(original), row.of(translation)
        if bool(before) != bool(after):
            if row.role is not Role.KEYWORDS:
                faults.append(_lacking(row, missing=bool(before)))
            continue
        if not before:
            continue
        if row.form in TEXT and isinstance(before, str) and isinstance(after, str):
            found.append(_pair(row.name, before, after, marked=row.form is Form.HTML))
        elif row.role is Role.KEYWORDS:
            continue
        elif row.form in LISTS and isinstance(before, list) and isinstance(after, list):
            faults += _count_departures(row, len(before), len(after))
            found += [
                _pair(f"{row.name}[{at}]", str(one), str(other))
                for at, (one, other) in enumerate(zip(before, after, strict=False))
            ]
        elif row.form is Form.PAIRS and isinstance(before, Mapping) and isinstance(after, Mapping):
            faults += _count_departures(row, len(before), len(after))
            found += [
                _pair(f"{row.name}.{name}", str(one), str(other))
                for one, (name, other) in _attribute_pairs(before, after)
            ]
    return found, faults


def _attribute_pairs(before: ReadOnlyJson, after: ReadOnlyJson) -> Iterator[tuple[JsonValue, tuple[str, JsonValue]]]:
    """The values of one object, each with the entry of the other that has the same digits, or else the next one."""
    left = list(after.items())
    unpaired: list[JsonValue] = []
    for value in before.values():
        digits = _DIGITS.findall(str(value))
        if entry := next((one for one in left if _DIGITS.findall(str(one[1])) == digits), None):
            left.remove(entry)
            yield value, entry
        else:
            unpaired.append(value)
    yield from zip(unpaired, left, strict=False)


def _pair(name: str, before: str, after: str, *, marked: bool = False) -> Pair:
    read = of_html if marked else str
    return Pair(name, before, after, read(before), read(after))


def _lacking(row: GeneratedField, *, missing: bool) -> Departure:
    if missing:
        return Departure(row.name, "field_missing", _("The original has this field, the translation does not."))
    return Departure(row.name, "field_added", _("The original does not have this field."))


def _count_departures(row: GeneratedField, before: int, after: int) -> list[Departure]:
    if before == after:
        return []
    detail = (
        _("The original has {before} properties, the translation {after}.", before=before, after=after)
        if row.form is Form.PAIRS
        else _("The original has {before} entries, the translation {after}.", before=before, after=after)
    )
    return [Departure(row.name, "entries_differ", detail)]
