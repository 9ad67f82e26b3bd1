"""The parts of a workbook that its rows need, read as streams: read elements do not stay in memory.

The cap of a part depends on its use, not on its name. Elements that were not asked for are dropped at once.
Standards: ECMA-376 part 1, 12.3 (parts), 18.2 (workbook), 18.4 (strings), 18.8 (styles).
"""

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from posixpath import join, normpath, split
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from catalog.files.limits import MAX_COLUMNS, MAX_RECORD, MAX_UNPACKED, MIB
from scribe.errors import InvalidInput, TooLarge
from scribe.messages import _
from scribe.types import Json

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from openpyxl.worksheet._reader import WorkSheetParser

# openpyxl loads numpy if it is installed, which takes half a second: only the first workbook of a process imports it.
MAX_STRINGS = 64 * MIB  # size of the table of strings, unpacked
MAX_PART = 8 * MIB  # size of the lists of parts, sheets and formats, each unpacked
MAX_ENTRIES = 4_000_000  # strings, sheets, formats
MAX_ELEMENTS = 400_000  # in one row; Excel's 16,384 cells have up to ten each
STEP = 64 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Day 0 of the two ways to count days, ECMA-376 part 1, 18.17.4.1.
WINDOWS_EPOCH = datetime.datetime.combine(datetime.date(1899, 12, 30), datetime.time())
MAC_EPOCH = datetime.datetime.combine(datetime.date(1904, 1, 1), datetime.time())
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRINGS, _STYLES = ".sharedStrings+xml", ".styles+xml"

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Sheet:
    part: str
    is_visible: bool


@dataclass
class Workbook:
    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    strings: "Strings" = field(default_factory=lambda: Strings(iter(())))
    dates: set[int] = field(default_factory=set)  # indexes of cell formats that show a date
    spans: set[int] = field(default_factory=set)  # indexes of cell formats that show a span of time
    epoch: datetime.datetime = WINDOWS_EPOCH
    left: int | None = None  # how many more elements may be read, where only its beginning is wanted


class Strings:
    """The texts that cells name by their numbers, read as far as they are asked for."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.texts = texts
        self.read: list[str] = []

    def __getitem__(self, at: int) -> str:
        self.read += islice(self.texts, max(0, at + 1 - len(self.read)))
        return self.read[at]


def column_letters(column: int) -> str:
    """The name of a sheet's column, counted from 1: `AA` for 27."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def open_workbook(file: BinaryIO, *, most: int | None = None) -> Workbook:
    """The workbook without its rows. Raises TooLarge for a part over its cap, and once more than `most` elements are read
    of it, then or later. Any other error means a damaged file."""
    file.seek(0)
    book = Workbook(zipfile.ZipFile(file), left=most)
    names = {name.lower(): name for name in book.archive.namelist()}
    types = {
        element.get("ContentType", ""): element.get("PartName", "").lstrip("/")
        for element in _elements(book, "[Content_Types].xml", "Override", most=MAX_PART)
    }
    workbook = next(
        (part for kind, part in types.items() if kind.endswith(".main+xml") and "sheet" in kind.lower()), ""
    )
    workbook = names.get(workbook.lower()) or names["xl/workbook.xml"]
    for kind, part in types.items():
        if kind.endswith(_STRINGS):
            _check_size(book, names[part.lower()], MAX_STRINGS)
            book.strings = Strings(map(_text, _elements(book, names[part.lower()], "si", most=MAX_STRINGS)))
        elif kind.endswith(_STYLES) and part.lower() in names:
            _read_formats(book, names[part.lower()])
    _read_sheets(book, workbook)
    return book


def _read_sheets(book: Workbook, workbook: str) -> None:
    folder, name = split(workbook)
    relations = _elements(book, join(folder, "_rels", f"{name}.rels"), "Relationship", most=MAX_PART)
    parts = {
        element.get("Id", ""): normpath(join("/", folder, element.get("Target", ""))).lstrip("/")
        for element in relations
        if element.get("Type", "").endswith("/worksheet")
    }
    present = set(book.archive.namelist())
    for element in _elements(book, workbook, "workbookPr", "sheet", most=MAX_PART):
        if element.tag.endswith("}workbookPr"):
            book.epoch = MAC_EPOCH if element.get("date1904") in ("1", "true") else WINDOWS_EPOCH
        elif (part := parts.get(element.get(_ID, ""))) in present:
            book.sheets.append(Sheet(part, element.get("state", "visible") == "visible"))


def _read_formats(book: Workbook, part: str) -> None:
    """Note the cell formats that show dates or spans. Only the `xf` within `cellXfs` count, not those of `cellStyleXfs`."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    codes: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    index = 0
    for element in _elements(book, part, "numFmt", "xf", most=MAX_STRINGS, inside="cellXfs"):
        if element.tag.endswith("}numFmt"):
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")[:1_000]
            continue
        code = codes.get(element.get("numFmtId", "0"))
        if is_date_format(code):
            book.dates.add(index)
        if is_timedelta_format(code):
            book.spans.add(index)
        index += 1


def _text(element: "Element") -> str:
    """The text of a string, which has one piece or several with their own formats. Pronunciation notes are left out."""
    found = [element.findtext(f"{_MAIN}t") or ""]
    found += [run.findtext(f"{_MAIN}t") or "" for run in element.findall(f"{_MAIN}r")]
    return "".join(found)


def unescape(value: object) -> object:
    """A cell's value without Excel's escapes: characters that XML cannot hold, such as CR, are written as `_x000D_`."""
    if not isinstance(value, str) or "_x" not in value:
        return value
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value).replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escape(text: str) -> str:
    """The text for a cell's XML. Whatever only looks like an escape is escaped itself, so that it is read literally."""
    return _ESCAPE.sub(lambda found: f"_x005F{found[0]}", text)


def numbered_rows(book: Workbook, part: str) -> Iterator[tuple[int, list[object]]]:
    """Rows with their numbers in the sheet. Each ends at its last cell, or at most one cell beyond MAX_COLUMNS."""
    from openpyxl.worksheet._reader import WorkSheetParser

    parser = WorkSheetParser(
        None, book.strings, data_only=True, epoch=book.epoch, date_formats=book.dates, timedelta_formats=book.spans
    )
    last = 0
    for element in _elements(book, part, "row", most=MAX_UNPACKED, count=None):
        number, row = _parse_row(parser, element)
        if number <= last:
            continue
        last = number
        values = {cell["column"]: cell["value"] for cell in row if cell["column"] <= MAX_COLUMNS + 1}
        yield number, [unescape(values.get(column)) for column in range(1, max(values, default=0) + 1)]


def _parse_row(parser: "WorkSheetParser", row: Any) -> tuple[int, list[Json]]:  # type: ignore[explicit-any]  # it has no types
    try:
        number, cells = parser.parse_row(row)
    except (ValueError, OverflowError):  # a number of thousands of digits, or an unknown format: read the cells as text
        for cell in row:
            if cell.get("t", "n") in ("n", "d", "b"):
                cell.set("t", "str")
            cell.attrib.pop("s", None)
        row.set("r", str(parser.row_counter))
        number, cells = parser.parse_row(row)
    parser.row_dimensions.clear()  # it keeps each row's height
    return number, cells


# --- streams


class _Metered:
    """A part that is read in steps. Reading fails if one element goes on for too long."""

    def __init__(self, source: IO[bytes], name: str) -> None:
        self.source, self.name = source, name
        self.unfreed = 0  # bytes since the last element that was freed

    def read(self, size: int = STEP) -> bytes:
        data = self.source.read(min(size, STEP) if size > 0 else STEP)
        self.unfreed += len(data)
        if self.unfreed > MAX_RECORD:
            raise _too_large(self.name, MAX_RECORD)
        return data


def _too_large(name: str, most: int) -> TooLarge:
    return TooLarge(
        _("The workbook's part {name} has more than {most} MiB.", name=name[:80], most=most // MIB),
        code="file_too_large",
    )


def _check_size(book: Workbook, part: str, most: int) -> None:
    if book.archive.getinfo(part).file_size > most:
        raise _too_large(part, most)


def _count_element(book: Workbook) -> None:
    if book.left is not None:
        book.left -= 1
        if book.left < 0:
            raise TooLarge(
                _("The workbook has too much before its first rows. Save it as CSV and upload that."),
                code="file_too_large",
            )


def _elements(
    book: Workbook, part: str, *names: str, most: int, count: int | None = MAX_ENTRIES, inside: str = ""
) -> "Iterator[Element]":
    """The complete elements of these names. Each is freed when the next one is asked for. With `inside`, the last name
    counts only directly within that element. Raises TooLarge beyond `most` bytes of the part or `count` elements."""
    from openpyxl.xml.functions import iterparse

    _check_size(book, part, most)
    seen = 0
    with book.archive.open(part) as raw:
        source = _Metered(raw, part)
        above: list[Element] = []
        alive = wanted = 0  # elements in memory; how many of `above` are wanted
        for event, element in iterparse(source, events=("start", "end")):
            name = element.tag.rpartition("}")[2]
            is_wanted = name in names
            if event == "start":
                above.append(element)
                wanted += is_wanted
                alive += 1
                _count_element(book)
                if alive > MAX_ELEMENTS:
                    raise TooLarge(
                        _("The workbook's part {part} has too many cells in a row.", part=part[:80]),
                        code="file_too_large",
                    )
                continue
            above.pop()
            wanted -= is_wanted
            if wanted:
                continue
            if is_wanted and (not inside or name != names[-1] or (above and above[-1].tag.endswith("}" + inside))):
                seen += 1
                if count is not None and seen > count:
                    raise TooLarge(
                        _("The workbook's part {part} has too many entries.", part=part[:80]), code="file_too_large"
                    )
                yield element
            element.clear()
            if above:
                above[-1].remove(element)
            source.unfreed, alive = 0, len(above)
    if above:
        raise InvalidInput(_("The workbook is damaged and cannot be read."), code="broken_workbook")
