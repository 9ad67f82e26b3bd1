"""Tables with a row per product and language: Magento's import, WPML Export and Import, Polylang for WooCommerce.

The original is a row too: in Magento the one without a store view, in WPML the one without a language that it comes from,
in Polylang the one in the shop's main language. A translation belongs to the original of its group, or where there are no
groups to that with the same SKU. A cell that is empty leaves the shop's text as it is, so it brings no translation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from catalog.files.delimited import DelimitedTable
from catalog.files.rows import Faults, FileRow
from catalog.files.translations.tables import cell, column, required_column, write_table
from scribe.errors import InvalidInput
from scribe.messages import _
from writing.translation.files.rows import Head, TranslationRow
from writing.translation.memory import digest

MOST_NAMED = 50  # columns in a warning
_YOAST = {"seo.title": "Meta: _yoast_wpseo_title", "seo.description": "Meta: _yoast_wpseo_metadesc"}
_SHOP = {"name": "Name", "short_description": "Short description", "description": "Description", **_YOAST}


@dataclass(frozen=True, kw_only=True)
class WideTable:
    """One platform's table. `language` and the following are titles of columns; "" for one that it does not have."""

    fields_at: Mapping[str, str]
    key: str
    language: str
    comes_from: str = ""
    group: str = ""
    views: bool = False  # the language's column names a store view, and is empty in an original
    by: str = "sku"

    extension, media_type = "csv", "text/csv"
    whole_items = True

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.fields_at)

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]:
        """A row with the translations of each item, and, where the plugin links rows by a group, one with its originals
        before it. Items without a translation are left out."""
        own = [title for title in (self.language, self.comes_from, self.group) if title]
        header = (self.key, *own, *self.fields_at.values())
        yield from write_table(header, self._lines(rows, head))

    def _lines(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[list[str]]:
        for item, texts in groupby((row for row in rows if row.field in self.fields_at), key=lambda row: row.item):
            held = {row.field: row for row in texts}
            if not any(row.target for row in held.values()):
                continue
            if self.group:
                yield self._line(item, head.original_code, "", [_text(held, name, 0) for name in self.fields_at])
            code = head.target_code
            yield self._line(item, code, head.original_code, [_text(held, name, 1) for name in self.fields_at])

    def _line(self, item: str, language: str, comes_from: str, texts: list[str]) -> list[str]:
        own = [language]
        own += [comes_from] if self.comes_from else []
        own += [item] if self.group else []
        return [item, *own, *texts]

    def read(self, file: BinaryIO, faults: Faults, head: Head) -> Iterator[TranslationRow]:
        """The texts of all rows that are no originals, each with the digest of its original if the file has that. A
        warning names the columns with other texts in these rows."""
        table = DelimitedTable.open(file)
        layout = _WideLayout(self, table.columns, head)
        layout.learn(table.rows())
        unread: set[int] = set()
        for row in table.rows(faults=faults):
            if layout.is_original(row):
                continue
            item, digests = layout.original_of(row)
            for name, at in layout.texts.items():
                said = digests.get(name, "")
                yield TranslationRow(item, name, "", cell(row, at), said, row.line, layout.language_of(row))
            unread.update(at for at in layout.others - unread if cell(row, at).strip())
        if names := [table.columns[at] for at in sorted(unread)]:
            faults.warn(1, "unknown_field", _("These columns were not read: {names}.", names=names[:MOST_NAMED]))


def _text(held: Mapping[str, TranslationRow], name: str, translated: int) -> str:
    if name not in held:
        return ""
    return held[name].target if translated else held[name].source


class _WideLayout:
    """The columns of one file, and its originals."""

    def __init__(self, table: WideTable, names: list[str], head: Head) -> None:
        self.table, self.head = table, head
        self.key = required_column(names, table.key)
        self.language = required_column(names, table.language)
        self.comes_from = column(names, table.comes_from) if table.comes_from else -1
        self.group = required_column(names, table.group) if table.group else -1
        self.texts = {name: at for name, title in table.fields_at.items() if (at := column(names, title)) >= 0}
        if not self.texts:
            raise InvalidInput(_("The file has no column with texts to translate."), code="missing_column")
        read = {self.key, self.language, self.comes_from, self.group, *self.texts.values()}
        self.others = frozenset(range(len(names))) - read
        self.originals: dict[str, tuple[str, dict[str, str]]] = {}  # by group, or by key

    def language_of(self, row: FileRow) -> str:
        return cell(row, self.language).strip()

    def is_original(self, row: FileRow) -> bool:
        if self.table.views:
            return not self.language_of(row)
        if self.comes_from >= 0:
            return not cell(row, self.comes_from).strip()
        return self.language_of(row) in (self.head.original_code, self.head.source)

    def learn(self, rows: Iterator[FileRow]) -> None:
        """Note the originals, which may stand after their translations."""
        for row in rows:
            if self.is_original(row) and (name := self._group_of(row)):
                digests = {field: digest(text) for field, at in self.texts.items() if (text := cell(row, at))}
                self.originals.setdefault(name, (cell(row, self.key).strip(), digests))

    def original_of(self, row: FileRow) -> tuple[str, dict[str, str]]:
        """The original's key and the digests of its texts. Without an original in the file, the row's own key."""
        own = cell(row, self.key).strip()
        item, digests = self.originals.get(self._group_of(row), (own, {}))
        return item or own, digests

    def _group_of(self, row: FileRow) -> str:
        return cell(row, self.group if self.group >= 0 else self.key).strip()


MAGENTO = WideTable(
    fields_at={
        "name": "name",
        "short_description": "short_description",
        "description": "description",
        "seo.title": "meta_title",
        "seo.description": "meta_description",
    },
    key="sku",
    language="store_view_code",
    views=True,
)
WPML = WideTable(
    fields_at=_SHOP,
    key="SKU",
    language="Meta: _wpml_import_language_code",
    comes_from="Meta: _wpml_import_source_language_code",
    group="Meta: _wpml_import_translation_group",
)
POLYLANG = WideTable(fields_at=_SHOP, key="SKU", language="Language", group="Translation group")
