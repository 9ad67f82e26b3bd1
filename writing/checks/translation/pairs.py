"""The fields of a translation beside those of its original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from writing.checks.fields import row_of
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField, Role
from writing.text import of_html

ERROR, WARNING = "error", "warning"


class Departure(NamedTuple):
    """Something that a translation changed. `text` stands in its field from `start`, or nowhere (-1)."""

    field: str
    code: str
    detail: str
    level: str = ERROR
    text: str = ""
    start: int = -1

    def finding(self) -> dict[str, Any]:
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


def of(original: Mapping[str, Any], translation: Mapping[str, Any]) -> tuple[list[Pair], list[Departure]]:
    """The texts that both have, and the fields and entries that one of them lacks.

    Entries of lists are paired by their place, attributes too, since their names are translated. Search words are not
    paired: shoppers of each language search for their own.
    """
    found: list[Pair] = []
    faults: list[Departure] = []
    for row in FIELDS:
        if row.role is Role.MADE:
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
            faults += _counted(row, len(before), len(after), "entries")
            found += [
                _pair(f"{row.name}[{at}]", str(one), str(other))
                for at, (one, other) in enumerate(zip(before, after, strict=False))
            ]
        elif row.form is Form.PAIRS and isinstance(before, Mapping) and isinstance(after, Mapping):
            faults += _counted(row, len(before), len(after), "properties")
            found += [
                _pair(f"{row.name}.{name}", str(one), str(other))
                for one, (name, other) in zip(before.values(), after.items(), strict=False)
            ]
    return found, faults


def _pair(name: str, before: str, after: str, *, marked: bool = False) -> Pair:
    read = of_html if marked else str
    return Pair(name, before, after, read(before), read(after))


def _lacking(row: GeneratedField, *, missing: bool) -> Departure:
    if missing:
        return Departure(row.name, "field_missing", "The original has this field, the translation does not.")
    return Departure(row.name, "field_added", "The original does not have this field.")


def _counted(row: GeneratedField, before: int, after: int, what: str) -> list[Departure]:
    if before == after:
        return []
    detail = f"The original has {before} {what}, the translation {after}."
    return [Departure(row.name, "entries_differ", detail)]
