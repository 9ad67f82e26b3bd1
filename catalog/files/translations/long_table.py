"""Shopify's table of translations, a row per text and locale: Settings › Languages › Export, and Import.

`Type, Identification, Field, Locale, Market, Status, Default content, Translated content`. The `Identification` is the
number of a product or collection, behind an apostrophe. Rows of a market are the merchant's own and are left alone, as
are rows of other fields and types. Warnings name them.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.files.delimited import DelimitedTable
from catalog.files.rows import Faults, FileRow
from catalog.files.translations.tables import cell, required_column, write_table
from scribe.messages import _
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
    whole_items = False
    extension, media_type = "csv", "text/csv"
    by = "external_id"
    fields: frozenset[str] | None = frozenset(_NAMES)

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]:
        """The rows of the fields that the platform translates; others have no place there."""
        yield from write_table(
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
        left: dict[str, tuple[int, int]] = {}  # the first line and the number of rows, by what they are of
        for row in table.rows(faults=faults):
            source, target = cell(row, layout.source), cell(row, layout.target)
            if not (why := layout.foreign(row)):
                item, field = cell(row, layout.item).strip().lstrip("'"), FIELDS[cell(row, layout.field).strip()]
                yield TranslationRow(
                    item, field, source, target, line=row.line, language=cell(row, layout.locale).strip()
                )
            elif target.strip():
                line, number = left.get(why, (row.line, 0))
                left[why] = line, number + 1
        for why, (line, number) in left.items():
            faults.warn(line, "unknown_field", _("Left alone: {number} rows of “{name}”.", number=number, name=why))


class _LongLayout:
    def __init__(self, names: list[str]) -> None:
        self.kind, self.item, self.field, self.locale, self.market, _, self.source, self.target = (
            required_column(names, title) if title != "Status" else -1 for title in HEADER
        )

    def foreign(self, row: FileRow) -> str:
        """The type, the market or the field of a row that is not ours to translate; "" for one that is."""
        kind, field, market = (cell(row, at).strip() for at in (self.kind, self.field, self.market))
        if kind.upper() not in TYPES.values():
            return kind or "—"
        return market or ("" if field in FIELDS else field or "—")
