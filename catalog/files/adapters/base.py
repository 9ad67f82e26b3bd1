"""The part that all adapters share: it turns the cells of a row into canonical source data."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from catalog import source_data
from catalog.files.delimited import FORMULA
from catalog.files.headers import normalise
from catalog.files.layouts import EXACT, Layout
from catalog.files.rows import Faults, FileRow, ParsedItem, RowSource
from catalog.source_data import SHOWN
from integrations.stores.types import Ref
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import NOT_ITS_OWN
from writing.fields import TEXT, Form

_TEXTS = tuple(row for row in SHOWN if row.form in TEXT and not row.part)
_INERT = re.compile(r"[=+\-@][\w .,:;#/+\-]*")  # a formula that calls no function and no program


@dataclass(frozen=True)
class IdentityColumn:
    """A column by which an importer recognises the item of a row. `value` takes a row of a project's export."""

    header: str
    value: Callable[[Json], str]


def number(row: Json) -> str:
    """The id of an export's row if it is one of the platform's numbers, else ""."""
    external_id: str = row["external_id"]
    return external_id if Ref(external_id, sku=str(row["source"].get("sku") or "")).has_number else ""


class Adapter:
    """One platform's files. Subclasses recognise its columns, turn rows into items, read cells, and write texts.

    `headers` maps each generated field to its header in the platform's importer, in the order of an export, or to "" if it
    has no place. `identity` are the columns before them. An unrecognised table needs one of the fields in `keys` to be read
    by this adapter. `unknown` are the fields that the platform's files never have. `name_is_html`: a name is kept as HTML.
    `empty_cell_means_unchanged`: an empty cell leaves the shop's text alone. `bom`: an export starts with a byte order mark.
    `attribute_columns` are the headers of one attribute's columns, with its number as `{}`.
    """

    name = "generic"
    headers: ClassVar[Mapping[str, str]]
    identity: tuple[IdentityColumn, ...] = ()
    keys: frozenset[str] = frozenset({"sku", "external_id"})
    unknown: frozenset[str] = frozenset()
    name_is_html = False
    empty_cell_means_unchanged = False
    bom = False
    attribute_columns: Mapping[str, str] = {}

    def recognised(self, columns: list[str]) -> Layout | None:
        """The meaning of the columns if the platform wrote them, with a confidence. None if its files have no marks of
        their own."""
        return None

    def items(self, rows: RowSource, layout: Layout, faults: Faults) -> Iterator[ParsedItem]:
        reader = self.reader(layout)
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

    def reader(self, layout: Layout) -> "RowReader":
        return RowReader(self, layout)

    def item(self, row: FileRow, reader: "RowReader", faults: Faults) -> ParsedItem | None:
        raise TypeError(f"{type(self).__name__} reads rows in groups")

    # How cells are read.

    def unguarded(self, value: str) -> str:
        """The cell without the mark that the platform puts before what a spreadsheet would read as a formula."""
        return value.strip()

    def key(self, value: str) -> str:
        """The id or SKU in a cell, without what `guarded_key` put before it."""
        value = value.strip()
        return value[1:] if value.startswith("'") and _runs(value.lstrip("'")) else value

    def text(self, value: str) -> str:
        return self.unguarded(value)

    def html(self, value: str) -> str:
        return self.unguarded(value)

    def listed(self, value: str) -> list[str]:
        """The entries of a list in one cell."""
        return split(value, ",")

    def categories(self, value: str) -> list[str]:
        return self.listed(value)

    def tags(self, value: str) -> list[str]:
        return self.listed(value)

    def images(self, value: str) -> Sequence[Json | str]:
        return self.listed(value)

    # How texts are written.

    def header(self, field: str, columns: Sequence[str]) -> str:
        """The header of a field's column in a file that has `columns`; "" if there is no such column."""
        return self.headers[field]

    def joined(self, values: list[str], *, delimiter: str = ",") -> str:
        """A list as one cell, in a file whose cells are separated by `delimiter`."""
        return join(values, ", ")

    def is_export(self, layout: Layout) -> bool:
        """Whether the platform's own exporter wrote the file, so that its cells have the exporter's marks."""
        return True

    def with_line_ends(self, text: str, line_end: str, *, is_export: bool) -> str:
        """The text as one cell: its line feeds become the file's own line ends."""
        return text.replace("\n", line_end)

    def guarded(self, text: str) -> str:
        """The text without a beginning that a spreadsheet would read as a formula."""
        while text.startswith(FORMULA):
            text = "–" + text[1:] if text[0] == "-" and len(text) > 1 and text[1].isdigit() else text[1:].lstrip()
        return text

    def guarded_key(self, value: str) -> str:
        """An id or SKU as a cell. An importer finds its item by it, so it stays as it is, unless a spreadsheet would run it."""
        return f"'{value}" if _runs(value.lstrip("'")) else value


def _runs(text: str) -> bool:
    return text.startswith(FORMULA) and not _INERT.fullmatch(text)


def join(values: list[str], separator: str) -> str:
    return separator.join(value.replace(separator.strip(), " ").strip() for value in values)


class RowReader:
    """A layout prepared for reading a hundred thousand rows: it uses column numbers instead of names."""

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
                ("sku", adapter.key),
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
            for column, mapped in sorted(layout.mapping.items())
            if mapped == key
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

    def source_data(self, cells: list[str]) -> Json:
        data = source_data.blank()
        for key, column, convert in self.texts:
            if value := cells[column]:
                data[key] = convert(value)
        for key, column, split_list in self.lists:
            if value := cells[column]:
                data[key] += split_list(value)
        for key, part, column in self.parts:
            if value := cells[column]:
                data[key][part] = self.adapter.unguarded(value)
        if self.parent is not None and (value := cells[self.parent]):
            data["parent_external_id"] = self.adapter.key(value)
        for key, column in self.attributes:
            if value := cells[column]:
                data["attributes"][key] = self.adapter.unguarded(value)
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

    def key(self, cells: list[str], column: int | None) -> str:
        return self.adapter.key(cells[column]) if column is not None else ""


def split(value: str, separator: str) -> list[str]:
    if separator not in value:
        value = value.strip()
        return [value] if value else []
    return list(filter(None, map(str.strip, value.split(separator))))


def without_key(row: FileRow, faults: Faults) -> None:
    faults.error(row.line, "no_key", _("The row has no ID, SKU or name."))


def by_table(layout: Layout, table: dict[str, str], fields: dict[str, str]) -> None:
    """Assign each column whose header `table` knows: its role, and the field that `fields` has for the role."""
    for index, column in enumerate(layout.columns):
        role = table.get(normalise(column))
        if role is None or role in layout.roles:
            continue
        layout.roles[role] = index
        if (name := fields.get(role)) and name not in layout.taken():
            layout.assign(index, name, EXACT)
