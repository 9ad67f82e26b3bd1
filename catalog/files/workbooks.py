"""XLSX files: read as a stream of rows, and written back by replacing single cells in the sheet's own XML.

The workbook is never loaded and saved again: every other part of it, and every other cell with its format, is copied.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, BinaryIO

from catalog.files import adapters, placement, workbook_parts
from catalog.files.cells import CellWriter
from catalog.files.headers import distinct
from catalog.files.limits import MAX_BLANK_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, MIB
from catalog.files.merge import Changes, MergeResult
from catalog.files.preambles import LOOKED_AT, titles_above
from catalog.files.rows import Faults, FileRow
from catalog.files.shared_formulas import MARK, SharedFormulas
from catalog.files.targets import FilePlan
from catalog.files.workbook_parts import Workbook
from scribe.errors import DomainError, InvalidInput, TooLarge, UnsupportedMedia
from scribe.messages import _
from scribe.types import Json

MAX_PARTS = 10_000
MAX_CELL_CHARACTERS = 32_767  # Excel's own limit
MOST_AT_ONCE = 600_000  # elements of the workbook's XML that a request reads, whatever they are
COUNTED_CELLS = 100_000  # in which a request counts the rows
FIRST_CELLS = 20_000  # in which the header and the sample are looked for
CELL_BYTES = 40  # of XML, as most programs write a cell


@dataclass
class WorkbookTable:
    """The first sheet with something in it. `header_row` is its row number; a row's position counts from there."""

    file: BinaryIO
    part: str
    header_row: int
    columns: list[str]
    book: Workbook | None = field(default=None, repr=False)  # opened only once, since its strings may be many

    kind = "xlsx"
    encoding = "utf-8"
    delimiter = None

    @classmethod
    def open(cls, file: BinaryIO) -> "WorkbookTable":
        _guard(file)
        with _reading():
            book = workbook_parts.open_workbook(file, most=MOST_AT_ONCE)
            first = _first((part, number, cells) for part, rows in _sheets(book) for number, cells in rows)
            for part, rows in groupby(first, itemgetter(0)):
                head = list(islice(((number, cells) for _unused, number, cells in rows if any(cells)), LOOKED_AT))
                if not head:
                    continue
                number, cells = head[titles_above([cells for _unused, cells in head])]
                names = [cell.strip() for cell in cells]
                while names and not names[-1]:
                    names.pop()
                if len(names) > MAX_COLUMNS:
                    raise InvalidInput(
                        _("The sheet has more than {most} columns.", most=MAX_COLUMNS), code="too_many_columns"
                    )
                return cls(file, part, number, distinct(names), book)
        raise InvalidInput(_("The workbook is empty."), code="empty_file")

    @classmethod
    def from_config(cls, file: BinaryIO, config: Json) -> "WorkbookTable":
        sheet = config["sheet"]
        return cls(file, sheet["part"], sheet["header_row"], config["layout"]["columns"])

    def as_config(self) -> Json:
        return {"sheet": {"part": self.part, "header_row": self.header_row}}

    def rows(self, having: bytes | None = None, faults: Faults | None = None) -> Iterator[FileRow]:
        wanted = having.decode() if having else None
        width = len(self.columns)
        count = blank = 0
        with _reading():
            for number, cells in self._all_rows():
                if not any(cells):
                    blank += 1 + len(cells)
                    if blank > MAX_BLANK_CELLS:
                        detail = _("The sheet has more than {most:,} empty cells.", most=MAX_BLANK_CELLS)
                        raise TooLarge(detail, code="too_many_rows")
                    continue
                if number <= self.header_row:
                    continue
                if wanted is not None and not any(wanted in cell for cell in cells):
                    continue
                count += 1
                if count > MAX_ROWS:
                    raise TooLarge(_("The file has more than {most:,} rows.", most=MAX_ROWS), code="too_many_rows")
                if len(cells) > width and any(cells[width:]) and faults is not None:
                    faults.warn(
                        number, "ragged_row", _("The row has more cells than the header ({width}).", width=width)
                    )
                yield FileRow(number - self.header_row, number, cells + [""] * (width - len(cells)))

    def _all_rows(self) -> Iterator[tuple[int, list[str]]]:
        return next(rows for part, rows in _sheets(self._opened()) if part == self.part)

    def _opened(self) -> Workbook:
        if self.book is None:
            _guard(self.file)
            self.book = workbook_parts.open_workbook(self.file)
        return self.book

    def sample(self, count: int) -> list[list[str]]:
        width = len(self.columns)
        with _reading():
            rows = _first((self.part, number, cells) for number, cells in self._all_rows())
            found = (cells for _unused, number, cells in rows if number > self.header_row and any(cells))
            return [cells + [""] * (width - len(cells)) for cells in islice(found, count)]

    def row_count(self, most: int | None = None) -> int:
        """The number of rows with something in them. Counting stops at `most`, as which a sheet of more than COUNTED_CELLS
        counts, or with too much else."""
        if most is None:
            return sum(1 for _ in self.rows())
        count = seen = 0
        with suppress(TooLarge), _reading():
            for number, cells in self._all_rows():
                count += number > self.header_row and any(cells)
                seen += 1 + len(cells)
                if count >= most or seen > COUNTED_CELLS:
                    return most
            self._opened().left = None  # it may all be read now: it is no more than this
            return count
        return most

    def estimate(self, counted: int) -> int:
        """The approximate number of rows, judged by the size of the sheet. It serves to show progress."""
        size = self._opened().archive.getinfo(self.part).file_size
        return max(counted, size // (CELL_BYTES * max(1, len(self.columns))))


class _reading:
    """Turn any error that a broken workbook raises in its readers into a fault of the file."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, DomainError):
            raise InvalidInput(_("The workbook is damaged and cannot be read."), code="broken_workbook") from error


def _guard(file: BinaryIO) -> None:
    """Judge the archive's contents by its directory, before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InvalidInput(_("The workbook is damaged and cannot be read."), code="broken_workbook") from None
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise UnsupportedMedia(_("This is a ZIP archive, not an XLSX workbook."), code="unsupported_file")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnsupportedMedia(
            _("The workbook is password-protected. Remove the password and upload it again."), code="encrypted_file"
        )
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooLarge(
            _("The workbook is larger than {most} MiB when unpacked.", most=MAX_UNPACKED // MIB), code="file_too_large"
        )


def _sheets(book: Workbook) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Each visible sheet: the name of its part, and its rows with their numbers."""
    for sheet in book.sheets:
        if sheet.is_visible:
            rows = workbook_parts.numbered_rows(book, sheet.part)
            yield sheet.part, ((number, [_text(value) for value in cells]) for number, cells in rows)


def _first(rows: Iterator[tuple[str, int, list[str]]]) -> Iterator[tuple[str, int, list[str]]]:
    """The rows in whose FIRST_CELLS cells a table begins, each with its sheet's part and its number."""
    seen = 0
    for row in rows:
        yield row
        seen += 1 + len(row[2])
        if seen > FIRST_CELLS:
            return


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


# --- writing back

_OPENINGS = {
    name: re.compile(rb"<!--|<!\[CDATA\[|<((?:\w+:)?)" + name + rb"\b([^<>]*?)(/?)>") for name in (b"row", b"c")
}
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_LONGEST_TAG = 64 * 1024
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})\d+"')
_STYLE = re.compile(rb'\bs="\d+"')
_SPANS = re.compile(rb'\s?\bspans="[^"]*"')
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\b[^<>]*?\bref="[A-Z]{1,3}\d+:)([A-Z]{1,3})(\d+")')
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


# The order in which Excel last calculated the formulas. It names each cell of a formula, and Excel makes a missing one anew.
_ORDER = "xl/calcChain.xml"
_ORDER_NAMED = {
    "[Content_Types].xml": re.compile(rb'<(?:\w+:)?Override\b[^<>]*"/xl/calcChain\.xml"[^<>]*/>'),
    "xl/_rels/workbook.xml.rels": re.compile(rb'<(?:\w+:)?Relationship\b[^<>]*"(?:/xl/)?calcChain\.xml"[^<>]*/>'),
}


def merge(table: WorkbookTable, target: BinaryIO, plan: FilePlan, changes: Changes, outcome: MergeResult) -> None:
    """Write the workbook to `target` with the changed cells in it."""
    sheet = _Sheet(table, plan, changes, outcome)
    with zipfile.ZipFile(table.file) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for info in source.infolist():
            if sheet.has_changes and info.filename == _ORDER:
                continue
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.compress_type, copy.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
            with source.open(info) as part, result.open(copy, "w") as out:
                if info.filename == table.part:
                    for piece in sheet.rewritten(part):
                        out.write(piece)
                elif sheet.has_changes and (naming := _ORDER_NAMED.get(info.filename)):
                    out.write(naming.sub(b"", part.read()))
                else:
                    while chunk := part.read(MIB):
                        out.write(chunk)


@dataclass(frozen=True, slots=True)
class _Element:
    prefix: bytes
    attributes: bytes
    inner: bytes
    raw: bytes
    start: int
    end: int


def _elements(xml: bytes, name: bytes) -> Iterator[_Element]:
    """The complete elements of this name in `xml`. Elements inside comments do not count."""
    at = 0
    while (found := _OPENINGS[name].search(xml, at)) is not None:
        if (closing := _ENDS.get(found[0])) or not found[3]:
            closing = closing or b"</" + found[1] + name + b">"
            inside = xml.find(closing, found.end())
            if inside < 0:
                return
            at = inside + len(closing)
        else:
            inside = at = found.end()
        if found[0] not in _ENDS:
            inner, raw = xml[found.end() : inside], xml[found.start() : at]
            yield _Element(found[1], found[2], inner, raw, found.start(), at)


def _length_before_rows(xml: bytes) -> int:
    """The length of the beginning of `xml` that cannot belong to a row. `xml` holds no complete row."""
    opening = _OPENINGS[b"row"].search(xml)
    if opening is not None:
        return opening.start()
    last = xml.rfind(b"<", max(0, len(xml) - _LONGEST_TAG))
    return last if last >= 0 else len(xml)


class _Sheet:
    """One sheet's XML on its way from the old workbook to the new one."""

    def __init__(self, table: WorkbookTable, plan: FilePlan, changes: Changes, outcome: MergeResult) -> None:
        self.table, self.plan, self.changes, self.outcome = table, plan, changes, outcome
        self.cells = CellWriter(
            adapters.get(plan.adapter),
            "utf-8",
            "\n",
            replaced=outcome.replaced,
            altered=outcome.altered,
            is_export=plan.is_export,
        )
        self.present = table.rows()
        self.due, self.fields = next(changes, (-1, {}))
        self.has_changes = self.due >= 0
        self.formulas = SharedFormulas()
        self.number = 0

    def rewritten(self, part: IO[bytes]) -> Iterator[bytes]:
        buffer, sized = b"", False
        # If a row's end is missing, search again only when the buffer has doubled.
        while chunk := part.read(max(MIB, len(buffer))):
            buffer += chunk
            if not sized and b"sheetData" in buffer:
                buffer, sized = self._dimension(buffer), True
            at = 0
            for element in _elements(buffer, b"row"):
                yield buffer[at : element.start]
                yield self._row(element)
                at = element.end
            buffer = buffer[at:]
            whole = _length_before_rows(buffer)
            yield buffer[:whole]
            buffer = buffer[whole:]
        yield buffer

    def _dimension(self, head: bytes) -> bytes:
        if not self.plan.appended:
            return head
        last = workbook_parts.column_letters(self.plan.width + len(self.plan.appended)).encode()
        return _DIMENSION.sub(
            lambda found: found.group(1) + max(found.group(2), last, key=_column) + found.group(3), head, count=1
        )

    def _row(self, row: _Element) -> bytes:
        numbered = _NUMBER.search(row.attributes)
        self.number = int(numbered.group(1)) if numbered else self.number + 1
        position = self.number - self.table.header_row
        if position == 0 and self.plan.appended:
            names = {self.plan.width + at: name for at, name in enumerate(self.plan.appended)}
            return self._edited(row, names)
        if position != self.due:
            return self._edited(row, {}) if self.formulas.homeless and MARK in row.raw else row.raw
        fields = self.fields
        self.due, self.fields = next(self.changes, (-1, {}))
        present = next((known.cells for known in self.present if known.position == position), [])
        untouched: dict[int, str] = {}
        texts = self.outcome.attempt(position, partial(self._texts, present, fields), untouched)
        texts = {column: text for column, text in texts.items() if column >= len(present) or present[column] != text}
        for column in [column for column, text in texts.items() if len(text) > MAX_CELL_CHARACTERS]:
            del texts[column]
            self.outcome.too_long.append(f"{workbook_parts.column_letters(column + 1)}{self.number}")
        self.outcome.changed_cells += len(texts)
        return self._edited(row, texts) if texts else row.raw

    def _texts(self, present: list[str], fields: Json) -> dict[int, str]:
        def cell(column: int) -> str:
            return present[column] if column < len(present) else ""

        return dict(placement.values(self.plan, self.cells, cell, fields))

    def _edited(self, row: _Element, texts: dict[int, str]) -> bytes:
        prefix = row.prefix
        cells: list[tuple[int, bytes]] = []
        column = -1
        for cell in _elements(row.inner, b"c"):
            reference = _REFERENCE.search(cell.attributes)
            column = _column(reference.group(1)) - 1 if reference else column + 1
            at = f"{workbook_parts.column_letters(column + 1)}{self.number}"
            if column in texts:
                self.formulas.replaced(cell.raw, at)
                style = _STYLE.search(cell.attributes)
                cells.append((column, self._cell(prefix, column, texts.pop(column), style.group(0) if style else b"")))
            else:
                cells.append((column, self.formulas.kept(cell.raw, at) if self.formulas.homeless else cell.raw))
        cells += [(column, self._cell(prefix, column, text, b"")) for column, text in texts.items()]
        cells.sort(key=lambda pair: pair[0])
        attributes = _SPANS.sub(b"", row.attributes)
        body = b"".join(raw for _, raw in cells)
        return b"<" + prefix + b"row" + attributes + b">" + body + b"</" + prefix + b"row>"

    def _cell(self, prefix: bytes, column: int, text: str, style: bytes) -> bytes:
        text = _ILLEGAL.sub("", text)
        raw = workbook_parts.escape(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
        reference = workbook_parts.column_letters(column + 1).encode() + str(self.number).encode()
        return (
            b'<%(p)sc r="%(r)s"%(s)s t="inlineStr"><%(p)sis><%(p)st xml:space="preserve">%(t)s</%(p)st></%(p)sis></%(p)sc>'
            % {b"p": prefix, b"r": reference, b"s": b" " + style if style else b"", b"t": raw}
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
