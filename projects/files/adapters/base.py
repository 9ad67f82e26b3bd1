"""What every adapter shares: turning the cells of a row into canonical source data, quickly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from projects import source_data
from projects.files.layouts import Layout
from projects.files.rows import Faults, ParsedItem, Row, RowSource
from projects.source_data import SHOWN
from scribe.unforeseen import NOT_ITS_OWN
from writing.fields import TEXT, Form

_TEXTS = tuple(row for row in SHOWN if row.form in TEXT and not row.part)
_FORMULA = ("'=", "'+", "'-", "'@")


class Adapter:
    """One platform's files. Subclasses say how rows become items and how single cells are read.

    `headers` are the columns that the platform's importer knows our fields by, "" where it has none.
    """

    name = "generic"
    headers: Mapping[str, str]

    def header(self, field: str, columns: Sequence[str]) -> str:
        """The header of a field's column in a file that has `columns`; "" for no such column."""
        return self.headers[field]

    def items(self, rows: RowSource, layout: Layout, faults: Faults) -> Iterator[ParsedItem]:
        reader = Reader(self, layout)
        for row in rows(None):
            try:
                item = self.item(row, reader, faults)
            except NOT_ITS_OWN:
                raise
            except Exception as error:
                faults.unforeseen(row.line, error)
                continue
            if item:
                yield item

    def item(self, row: Row, reader: Reader, faults: Faults) -> ParsedItem | None:
        raise TypeError(f"{type(self).__name__} reads rows in groups")

    # How cells are read.

    def text(self, value: str) -> str:
        return value.strip()

    def html(self, value: str) -> str:
        return value.strip()

    def categories(self, value: str) -> list[str]:
        return split(value, ",")

    def tags(self, value: str) -> list[str]:
        return split(value, ",")

    def images(self, value: str) -> list[Any]:
        return split(value, ",")


class Reader:
    """A layout made ready for a hundred thousand rows: column numbers only, no look-ups by name."""

    def __init__(self, adapter: Adapter, layout: Layout) -> None:
        self.adapter = adapter
        self.layout = layout
        self.roles = layout.roles
        one = layout.column_of
        self.external_id = one("external_id")
        self.sku = one("sku")
        self.name = one("name")
        self.texts = [
            (key, column, convert)
            for key, convert in (
                ("sku", adapter.text),
                *((row.key, adapter.html if row.form is Form.HTML else adapter.text) for row in _TEXTS),
                ("price", adapter.text),
            )
            if (column := one(key)) is not None
        ]
        self.lists = [
            (key, column, convert)
            for key, convert in (
                ("categories", adapter.categories),
                ("tags", adapter.tags),
                ("images", adapter.images),
            )
            for column in layout.columns_of(key)
        ]
        self.parent = one("parent_external_id")
        self.parts = [
            (row.key, row.part, column) for row in SHOWN if row.part and (column := one(row.name)) is not None
        ]
        self.attributes = [
            (name.removeprefix("attributes."), column)
            for column, name in layout.mapping.items()
            if name.startswith("attributes.")
        ]
        self.rest = [(name, column) for column, name in enumerate(layout.columns) if column not in layout.mapping]

    def source_data(self, cells: list[str]) -> dict[str, Any]:
        data = source_data.blank()
        for key, column, convert in self.texts:
            if value := cells[column]:
                data[key] = convert(value)
        for key, column, split_list in self.lists:
            if value := cells[column]:
                data[key] += split_list(value)
        for key, part, column in self.parts:
            if value := cells[column]:
                data[key][part] = value.strip()
        if self.parent is not None and (value := cells[self.parent]):
            data["parent_external_id"] = value.strip()
        for key, column in self.attributes:
            if value := cells[column]:
                data["attributes"][key] = value.strip()
        raw = {name: value for name, column in self.rest if (value := cells[column])}
        for extra, value in enumerate(cells[len(self.layout.columns) :], start=1):
            if value:
                raw[f"extra {extra}"] = value
        data["raw"] = raw
        return data

    def role(self, cells: list[str], name: str) -> str:
        column = self.roles.get(name)
        return cells[column].strip() if column is not None else ""

    def cell(self, cells: list[str], column: int | None) -> str:
        return cells[column].strip() if column is not None else ""


def split(value: str, separator: str) -> list[str]:
    if separator not in value:
        value = value.strip()
        return [value] if value else []
    return [part for piece in value.split(separator) if (part := piece.strip())]


def unguarded(value: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from reading it as a formula."""
    return value[1:] if value.startswith(_FORMULA) else value


def without_key(row: Row, faults: Faults) -> None:
    faults.error(row.line, "no_key", "The row has no id, SKU or name.")
