"""Workbooks that are small as files and large when read."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from catalog.files import workbook_parts, workbooks
from catalog.files.limits import MAX_COLUMNS, MIB
from scribe.errors import InvalidInput, TooLarge
from tests.catalog.files import samples


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def with_part(
    source: bytes, name: str, change: bytes | None = None, into: tuple[bytes, bytes] | None = None
) -> io.BytesIO:
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == name:
                data = change if change is not None else data.replace(*(into or (b"", b"")))
            new.writestr(info.filename, data)
    return sink


def with_more(source: bytes, parts: dict[str, bytes]) -> io.BytesIO:
    sink = io.BytesIO(source)
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return sink


ROWS: list[list[object]] = [["SKU", "Name"], ["A-1", "Mug"], ["A-2", "Cup"]]
SHEET = "xl/worksheets/sheet1.xml"
STYLES = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'


def most_memory(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def read(file: io.BytesIO) -> list[list[str]]:
    return [row.cells for row in workbooks.WorkbookTable.open(file).rows()]


def refused(file: io.BytesIO) -> None:
    with pytest.raises(TooLarge):
        read(file)


@pytest.mark.thorough
def test_styles_without_end_are_read_and_not_kept() -> None:
    many = STYLES + b"<xf/>" * 40_000 + b"</cellXfs></styleSheet>"
    file = with_part(workbook(ROWS), "xl/styles.xml", many)
    assert read(file) == [["A-1", "Mug"], ["A-2", "Cup"]]
    assert most_memory(lambda: read(file)) < 3 * MIB


def test_dates_are_told_by_their_own_formats() -> None:
    file = workbook([["SKU", "Since", "Took"], ["A-1", dt.date(2026, 5, 4), dt.timedelta(hours=30)]])
    assert read(io.BytesIO(file)) == [["A-1", "2026-05-04 00:00:00", "1 day, 6:00:00"]]


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/strings.xml", "xl/media/a.png"])
def test_a_table_of_strings_without_end_is_refused_wherever_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_STRINGS", 1_000)
    types = (b"/xl/sharedStrings.xml", b"/" + name.encode())
    file = with_part(workbook(ROWS), "[Content_Types].xml", into=types)
    refused(with_more(file.getvalue(), {name: b"<sst>" + b"<si/>" * 1_000 + b"</sst>"}))


def test_strings_are_let_go_one_by_one() -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<si><t>SKU</t></si>" * 2
    strings += b"<si/>" * 100_000 + b"</sst>"
    file = with_part(workbook([["SKU"], [1]]), "xl/sharedStrings.xml", strings)
    assert read(file) == [["1"]]
    assert most_memory(lambda: read(file)) < 5 * MIB


def test_one_row_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_ELEMENTS", 1_000)
    refused(with_part(workbook(ROWS), SHEET, into=(b"</row>", b"<c/>" * 1_001 + b"</row>")))
    monkeypatch.setattr(workbook_parts, "MAX_RECORD", 100_000)
    long = b'<c t="inlineStr"><is><t>' + b"a" * 300_000 + b"</t></is></c></row>"
    refused(with_part(workbook(ROWS), SHEET, into=(b"</row>", long)))


@pytest.mark.thorough
def test_what_nobody_asked_for_is_not_kept() -> None:
    file = with_part(workbook(ROWS), SHEET, into=(b"<sheetData>", b"<x/>" * 100_000 + b"<sheetData>"))
    assert read(file) == [["A-1", "Mug"], ["A-2", "Cup"]]
    assert most_memory(lambda: read(file)) < 3 * MIB


def test_a_number_of_thousands_of_digits_is_a_text() -> None:
    file = with_part(
        workbook([["SKU", "Weight"], ["A-1", 1]]),
        SHEET,
        into=(b"<v>1</v></c></row></sheetData>", b"<v>" + b"9" * 5_000 + b"</v></c></row></sheetData>"),
    )
    assert read(file) == [["A-1", "9" * 5_000]]


def test_a_cell_in_the_last_column_makes_no_wide_rows() -> None:
    far = (b"</row>", b'<c r="XFD1" t="inlineStr"><is><t>far</t></is></c></row>')
    file = with_part(workbook([["SKU", "Name"]]), SHEET, into=far)
    table = workbooks.WorkbookTable.open(file)
    assert table.columns == ["SKU", "Name"]
    assert table.book is not None
    assert all(len(cells) <= MAX_COLUMNS + 1 for _, cells in workbook_parts.numbered_rows(table.book, SHEET))


def test_a_row_far_down_is_found_without_the_rows_between() -> None:
    file = with_part(workbook(ROWS), SHEET, into=(b'<row r="3"', b'<row r="900000000"'))
    table = workbooks.WorkbookTable.open(file)
    assert [row.line for row in table.rows()] == [2, 900_000_000]


def test_comments_full_of_rows_hold_no_row() -> None:
    xml = b"<sheetData><!--" + b"<row><c>" * 2_000 + b'--><row r="1"><c r="A1"/></row><row r="2"/></sheetData>'
    found = list(workbooks._elements(xml, b"row"))
    assert [element.raw for element in found] == [b'<row r="1"><c r="A1"/></row>', b'<row r="2"/>']


@pytest.mark.parametrize("count", [20_000])
def test_rows_without_an_end_are_looked_at_once(count: int) -> None:
    assert list(workbooks._elements(b"<row>" * count, b"row")) == []


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of sheets that are parsed from now on, as the number of cells of each."""
    found: list[int] = []
    parse = workbook_parts._parse_row

    def counted(parser: Any, row: Any) -> Any:
        number, cells = parse(parser, row)
        found.append(len(cells))
        return number, cells

    monkeypatch.setattr(workbook_parts, "_parse_row", counted)
    return found


def test_a_request_reads_the_beginning_of_a_large_sheet_alone(parsed: list[int]) -> None:
    table = workbooks.WorkbookTable.open(samples.empty_rows(10_000, 60))
    assert table.columns == ["SKU", "Name"]
    assert table.sample(5) == []
    assert table.row_count(2_001) == 2_001  # so a job reads it
    assert table.estimate(2_001) > 2_001
    assert sum(parsed) < 3 * workbooks.FIRST_CELLS + workbooks.COUNTED_CELLS


def test_sheets_of_empty_cells_alone_are_not_read_to_their_end(parsed: list[int]) -> None:
    with pytest.raises(InvalidInput) as error:
        workbooks.WorkbookTable.open(samples.empty_rows(10_000, 60, header=False))
    assert error.value.code == "empty_file"
    assert sum(parsed) < 2 * workbooks.FIRST_CELLS


def with_strings(strings: bytes, named: int) -> io.BytesIO:
    """A workbook with a table of strings, whose header names one of them by its number."""
    types = (
        b"</Types>",
        (
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
            b'.spreadsheetml.sharedStrings+xml"/></Types>'
        ),
    )
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row><c t="s"><v>%d</v></c></row><row><c><v>5</v></c></row></sheetData></worksheet>' % named
    file = with_part(with_part(workbook(ROWS), "[Content_Types].xml", into=types).getvalue(), SHEET, sheet)
    table = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings + b"</sst>"
    return with_more(file.getvalue(), {"xl/sharedStrings.xml": table})


def test_strings_are_read_as_far_as_cells_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 1_000)
    strings = b"<si><t>SKU</t></si>" + b"<si><t>x</t></si>" * 1_000
    table = workbooks.WorkbookTable.open(with_strings(strings, 0))
    assert (table.columns, table.row_count(2_001)) == (["SKU"], 1)
    refused(with_strings(strings, 1_000))


def test_what_is_counted_at_once_may_be_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook([["SKU", "Name"], *([f"A-{n}", "Mug"] for n in range(60))])
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 1_000)
    table = workbooks.WorkbookTable.open(io.BytesIO(file))
    assert table.row_count(2_001) == 60
    assert [len(list(table.rows())) for _ in range(3)] == [60, 60, 60]


@pytest.mark.parametrize("part", ["xl/styles.xml", SHEET])
def test_elements_without_end_are_not_read_in_a_request(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 1_000)
    refused(with_part(workbook(ROWS), part, b"<a>" + b"<b/>" * 1_000 + b"</a>"))


def test_a_sheet_with_much_beside_its_rows_is_for_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 1_000)
    rows: list[list[object]] = [["SKU"], *([f"A-{n}"] for n in range(300))]
    assert workbooks.WorkbookTable.open(io.BytesIO(workbook(rows))).row_count(2_001) == 2_001


def test_more_empty_cells_than_anybody_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_BLANK_CELLS", 1_000)
    file = samples.empty_rows(30, 60)
    with pytest.raises(TooLarge) as error:
        list(workbooks.WorkbookTable.open(file).rows())
    assert error.value.code == "too_many_rows"
    assert workbooks.WorkbookTable.open(samples.empty_rows(10, 60)).row_count() == 0
