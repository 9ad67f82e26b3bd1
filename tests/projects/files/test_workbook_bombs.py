"""Workbooks that are small as files and large when read."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from projects.files import workbooks
from projects.files.limits import MAX_COLUMNS
from scribe.errors import TooLarge


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


def test_styles_without_end_are_not_read() -> None:
    many = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    many += b"<xf/>" * 400_000 + b"</cellXfs></styleSheet>"
    table = workbooks.WorkbookTable.open(with_part(workbook(ROWS), "xl/styles.xml", many))
    assert [row.cells for row in table.rows()] == [["A-1", "Mug"], ["A-2", "Cup"]]
    assert not table.book._cell_styles or len(table.book._cell_styles) < 1_000


def test_a_table_of_strings_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_STRINGS", 1_000)
    strings = {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 1_000 + b"</sst>"}
    with pytest.raises(TooLarge):
        workbooks.WorkbookTable.open(with_more(workbook(ROWS), strings))


def test_a_cell_in_the_last_column_makes_no_wide_rows() -> None:
    far = (b"</row>", b'<c r="XFD1" t="inlineStr"><is><t>far</t></is></c></row>')
    file = with_part(workbook([["SKU", "Name"]]), SHEET, into=far)
    table = workbooks.WorkbookTable.open(file)
    assert table.columns == ["SKU", "Name"]
    assert all(len(cells) <= MAX_COLUMNS + 1 for _, cells in workbooks._numbered(table.book.worksheets[0]))


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
