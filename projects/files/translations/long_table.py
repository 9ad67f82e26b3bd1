"""Shopify's table of translations, a row per text and locale: Settings › Languages › Export, and Import.

`Type, Identification, Field, Locale, Market, Status, Default content, Translated content`. The `Identification` is the
number of a product or collection, behind an apostrophe. Rows of a market are the merchant's own and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from projects.files.delimited import DelimitedTable
from projects.files.rows import Faults, FileRow
from projects.files.translations.tables import Place, cell, filled, needed, written
from writing.translation.files.rows import Head, TranslationRow

HEADER = ("Type", "Identification", "Field", "Locale", "Market", "Status", "Default content", "Translated content")
TYPES = {"product": "PRODUCT", "category": "COLLECTION"}
FIELDS = {
    "title": "name",
    "body_html": "description",
    "meta_title": "seo.title",
    "meta_description": "seo.description",
}
_NAMES = {ours: theirs for theirs, ours in FIELDS.items()}


class LongTable:
    extension, media_type = "csv", "text/csv"
    by = "external_id"
    fields: frozenset[str] | None = frozenset(_NAMES)

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]:
        """The rows of the fields that the platform translates; others have no place there."""
        yield from written(
            HEADER,
            (
                (
                    TYPES[row.kind],
                    f"'{row.item.rpartition('/')[2]}",
                    _NAMES[row.field],
                    head.target_code,
                    "",
                    "",
                    row.source,
                    row.target,
                )
                for row in rows
                if row.field in _NAMES and row.kind in TYPES
            ),
        )

    def read(self, file: BinaryIO, faults: Faults, head: Head) -> Iterator[TranslationRow]:
        table = DelimitedTable.open(file)
        layout = _LongLayout(table.columns)
        for row in table.rows(faults=faults):
            if (name := layout.name(row)) is not None:
                source, target = cell(row, layout.source), cell(row, layout.target)
                yield TranslationRow(*name, source, target, line=row.line, language=cell(row, layout.locale).strip())

    def fill(self, file: BinaryIO, targets: Mapping[tuple[str, str], str], head: Head) -> Iterator[bytes]:
        layout = _LongLayout(DelimitedTable.open(file).columns)

        def places(row: FileRow) -> Iterator[Place]:
            name = layout.name(row)
            if name is not None and cell(row, layout.locale).strip() == head.target_code:
                yield name, layout.target

        return filled(file, places, targets)


class _LongLayout:
    def __init__(self, names: list[str]) -> None:
        self.kind, self.item, self.field, self.locale, self.market, _, self.source, self.target = (
            needed(names, title) if title != "Status" else -1 for title in HEADER
        )

    def name(self, row: FileRow) -> tuple[str, str] | None:
        """Item and field of a row; None for one that is not ours to translate."""
        field = FIELDS.get(cell(row, self.field).strip())
        if (
            field is None
            or cell(row, self.kind).strip().upper() not in TYPES.values()
            or cell(row, self.market).strip()
        ):
            return None
        return cell(row, self.item).strip().lstrip("'"), field
