"""Detect from a file's content which kind of file it is, and how to read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from catalog.files import adapters, mapping
from catalog.files.delimited import DelimitedTable
from catalog.files.json_lines import JsonLinesFile
from catalog.files.layouts import Layout
from catalog.files.limits import MAX_FILE, check_size
from catalog.files.rows import Faults, ParsedItem
from catalog.files.workbooks import WorkbookTable
from catalog.files.wxr import WxrDocument
from scribe.errors import InvalidInput, UnsupportedMedia
from scribe.messages import _
from scribe.types import Json

SAMPLE_ROWS = 50

GZIP = b"\x1f\x8b"
# The first bytes of files that people upload by mistake, and the message for each.
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls); save it as .xlsx or CSV"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a media file"),
    (b"Rar!", "an archive; unpack it first"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"SQLite format", "a database"),
)


Table = DelimitedTable | WorkbookTable | WxrDocument | JsonLinesFile


@dataclass
class Opened:
    """An upload that can be read: its table or document, and the proposed meaning of its columns."""

    table: Table
    layout: Layout

    @property
    def kind(self) -> str:
        return self.table.kind

    @property
    def has_columns(self) -> bool:
        """Whether people say what its columns are. A document names its facts itself."""
        return not isinstance(self.table, WxrDocument | JsonLinesFile)

    def items(self, faults: Faults) -> Iterator[ParsedItem]:
        if isinstance(self.table, WxrDocument | JsonLinesFile):
            return self.table.items(faults)
        table = self.table
        return adapters.get(self.layout.adapter).items(
            lambda having: table.rows(having, faults if having is None else None), self.layout, faults
        )

    @property
    def told(self) -> set[str]:
        """The fields that the columns are, and the columns that are none (`raw.Stock`)."""
        return self.layout.taken().union(f"raw.{name}" for name in self.layout.unmapped())

    @property
    def empty_cell_means_unchanged(self) -> bool:
        """Whether an empty cell leaves the shop's text alone."""
        if isinstance(self.table, WxrDocument | JsonLinesFile):
            return self.table.empty_cell_means_unchanged
        return adapters.get(self.layout.adapter).empty_cell_means_unchanged

    def as_config(self) -> Json:
        """The settings that are needed to write the file back."""
        return {"format": self.kind, "layout": self.layout.as_config(), **self.table.as_config()}


def open_file(file: BinaryIO, *, platform: str, language: str = "") -> Opened:
    """Open an upload, whose texts are probably in `language`. Raises InvalidInput or UnsupportedMedia, with the
    reason, for a file that cannot be read."""
    check_size(file, MAX_FILE)
    head = file.read(4096)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise InvalidInput(_("The file is empty."), code="empty_file")
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            raise UnsupportedMedia(
                _("Upload a CSV, XLSX, JSON Lines or WordPress export file. This file is {name}.", name=name),
                code="unsupported_file",
            )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _table(WorkbookTable.open(file), platform)
    document: WxrDocument | JsonLinesFile
    if _looks_like_xml(head):
        document = WxrDocument.open(file)
        return Opened(document, document.layout())
    if head.startswith(GZIP) or _JSON_LINE.match(head):
        document = JsonLinesFile.open(file, packed=head.startswith(GZIP))
        return Opened(document, document.layout())
    return _table(DelimitedTable.open(file, language), platform)


_JSON_LINE = re.compile(rb'[\xef\xbb\xbf\s]*\{[ \t]*"')


def open_again(file: BinaryIO, config: Json) -> Opened:
    """Open a stored file and read it as the first time. Nothing is detected anew."""
    layout = Layout.from_config(config["layout"])
    if config["format"] == WorkbookTable.kind:
        return Opened(WorkbookTable.from_config(file, config), layout)
    if config["format"] == WxrDocument.kind:
        return Opened(WxrDocument(file, config["encoding"]), layout)
    if config["format"] == JsonLinesFile.kind:
        return Opened(JsonLinesFile(file, config["packed"]), layout)
    return Opened(DelimitedTable.from_config(file, config), layout)


def _table(table: DelimitedTable | WorkbookTable, platform: str) -> Opened:
    return Opened(table, mapping.detect(table.columns, table.sample(SAMPLE_ROWS), platform))


def _looks_like_xml(head: bytes) -> bool:
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith((b"<?xml", b"<rss", b"<!DOCTYPE", b"<!--"))
