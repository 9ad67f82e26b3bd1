"""A delimited text file as a table with columns and rows. The rows may be read repeatedly."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast

from catalog.files import dialects, encodings
from catalog.files.dialects import Dialect
from catalog.files.encodings import is_utf8
from catalog.files.limits import MAX_BLANK_ROWS, MAX_CELL, MAX_ROWS, MIB
from catalog.files.records import Record, RecordGrammar, rows
from catalog.files.rows import Faults, FileRow
from scribe.errors import TooLarge
from scribe.messages import _
from scribe.types import Json

DOUBTFUL = _(
    "We could not tell the file's encoding and read it as {encoding}. If letters look wrong, save "
    "the file as UTF-8 and import it again."
)


#: The first characters of a cell that spreadsheets take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What `csv` writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of a CSV. Nothing is kept in memory but the line under way."""
    return map(csv.writer(_Line()).writerow, rows)


@dataclass
class DelimitedTable:
    """`stream` is scanned: the file itself, or a UTF-8 copy of a wide one."""

    stream: BinaryIO
    dialect: Dialect

    kind = "csv"

    @classmethod
    def open(cls, file: BinaryIO, language: str = "") -> "DelimitedTable":
        """The table of an upload, which is probably in `language`."""
        encoding = encodings.detect(file, language)
        stream = dialects.scannable(file, encoding, _spool())
        return cls(stream, dialects.detect(stream, encoding))

    @classmethod
    def from_config(cls, file: BinaryIO, config: Json) -> "DelimitedTable":
        dialect = Dialect.from_config(config["dialect"], config["layout"]["columns"])
        return cls(dialects.scannable(file, dialect.encoding, _spool()), dialect)

    @property
    def columns(self) -> list[str]:
        return self.dialect.columns

    def rows(self, having: bytes | None = None, faults: Faults | None = None) -> Iterator[FileRow]:
        """Every record that is not blank, padded to the header's width. Faults are added to `faults` if it is given.
        With `having`, only records that hold these bytes."""
        dialects.rewind(self.stream)
        grammar, width = self.dialect.grammar, len(self.columns)
        _unused, records = dialects.open_records(self.stream, self.dialect)
        skipped = 0
        encoding = self.dialect.encoding
        if faults is not None and having is None and encoding.doubtful:
            faults.warn(1, "doubtful_encoding", DOUBTFUL.format(encoding=encoding.name))
        if having is not None:
            records = (record for record in records if having in record.body)
        for position, (record, cells) in enumerate(rows(records, grammar), start=1):
            if record.broken:
                if faults is not None and having is None:
                    faults.error(
                        record.line,
                        "broken_quoting",
                        _("A quotation mark is never closed. Correct the file and import it again."),
                    )
                continue
            if grammar.is_blank(record.body):
                skipped += 1
                _bound_blanks(skipped)
                continue
            if position - skipped > MAX_ROWS:
                raise TooLarge(_("The file has more than {most:,} rows.", most=MAX_ROWS), code="too_many_rows")
            if len(record.body) > MAX_CELL and any(len(cell) > MAX_CELL for cell in cells):
                if faults is not None:
                    faults.error(
                        record.line, "cell_too_long", _("A cell is longer than {most:,} characters.", most=MAX_CELL)
                    )
                continue
            if len(cells) != width:
                if faults is not None:
                    faults.warn(
                        record.line,
                        "ragged_row",
                        _("The row has {number} cells, but the header has {width}.", number=len(cells), width=width),
                    )
                if len(cells) < width:
                    cells = cells + [""] * (width - len(cells))
            if faults is not None and not record.body.isascii() and (reason := self._misread(record.body)):
                faults.warn(record.line, "mixed_encoding", reason)
            yield FileRow(position, record.line, cells)

    def _misread(self, body: bytes) -> str:
        """The reason why a record's letters beyond ASCII are surely misread; "" if they may be right."""
        codec = self.dialect.grammar.codec
        if codec == "utf-8":
            return "" if is_utf8(body) else _("Some characters in this row are not UTF-8, unlike the rest of the file.")
        if not is_utf8(body):
            return ""
        return _("This row is UTF-8, but the rest of the file is {codec}, so its letters may look wrong.", codec=codec)

    @property
    def encoding(self) -> str | None:
        return self.dialect.encoding.name

    @property
    def delimiter(self) -> str | None:
        return self.dialect.delimiter

    def as_config(self) -> Json:
        return {"dialect": self.dialect.as_config()}

    def sample(self, count: int) -> list[list[str]]:
        return [row.cells for row in islice(self.rows(), count)]

    def row_count(self, most: int | None = None) -> int:
        """The number of records without the header and blanks. Broken records count. Counting stops at `most`."""
        dialects.rewind(self.stream)
        _unused, records = dialects.open_records(self.stream, self.dialect)
        return sum(1 for _unused in islice(_skip_blank(records, self.dialect.grammar), most))

    def estimate(self, counted: int) -> int:
        """The approximate number of rows, judged by the length of the first ones. It serves to show progress."""
        dialects.rewind(self.stream)
        _unused, records = dialects.open_records(self.stream, self.dialect)
        size = sum(len(record.body) + 1 for record in islice(records, counted))
        self.stream.seek(0, os.SEEK_END)
        return max(counted, self.stream.tell() * counted // max(1, size))


def _spool() -> BinaryIO:
    """A temporary file for the UTF-8 copy of a wide file. It lives as long as the table."""
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=4 * MIB))


def _skip_blank(records: Iterator[Record], grammar: RecordGrammar) -> Iterator[Record]:
    blank = 0
    for record in records:
        if grammar.is_blank(record.body):
            blank += 1
            _bound_blanks(blank)
        else:
            yield record


def _bound_blanks(count: int) -> None:
    if count > MAX_BLANK_ROWS:
        raise TooLarge(_("The file has more than {most:,} empty rows.", most=MAX_BLANK_ROWS), code="too_many_rows")
