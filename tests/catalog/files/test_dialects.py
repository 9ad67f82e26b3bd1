"""How a text file is written: delimiter, preamble, header."""

from __future__ import annotations

import io

import pytest

from catalog.files.delimited import DelimitedTable
from catalog.files.rows import Faults
from scribe.errors import InvalidInput


def opened(text: str, codec: str = "utf-8") -> DelimitedTable:
    return DelimitedTable.open(io.BytesIO(text.encode(codec)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_explains_all_rows(delimiter: str) -> None:
    rows = [["SKU", "Name", "Description"], ["1", "Tea, green; good", '"<p>a, b; c | d</p>"'], ["2", "Mug", "x"]]
    if delimiter in ",;":
        rows[1][1] = f'"{rows[1][1]}"'
    table = opened("\n".join(delimiter.join(row) for row in rows))
    assert table.delimiter == delimiter
    assert table.columns == ["SKU", "Name", "Description"]
    assert table.row_count() == 2


def test_excels_declared_delimiter_is_honoured() -> None:
    table = opened("sep=|\r\nSKU|Name, long\r\n1|a,b\r\n2|c,d\r\n")
    assert table.delimiter == "|"
    assert table.columns == ["SKU", "Name, long"]
    assert table.row_count() == 2


def test_blank_lines_before_the_header_and_a_late_bom_are_passed_over() -> None:
    table = opened("\n\n\ufeffSKU,Name\n1,a\n\n,\n2,b\n")
    assert table.columns == ["SKU", "Name"]
    assert [row.cells for row in table.rows()] == [["1", "a"], ["2", "b"]]
    assert [(row.position, row.line) for row in table.rows()] == [(1, 4), (4, 7)]


@pytest.mark.parametrize("title", ["Price list, spring 2026;;", "Our shop\n\nExport of today", '"A title; quoted";;'])
def test_titles_above_the_header_are_passed_over(title: str) -> None:
    table = opened(f"{title}\nSKU;Label;Size\n1;a;b\n2;c;d\n")
    assert table.delimiter == ";"
    assert table.columns == ["SKU", "Label", "Size"]
    assert [row.cells for row in table.rows()] == [["1", "a", "b"], ["2", "c", "d"]]


def test_lists_within_cells_make_no_title_of_the_header() -> None:
    rows = "".join(f"{number},Mug,red|green|blue|black|white|grey\n" for number in range(9))
    table = opened(f"No,Label,Colours\n{rows}")
    assert (table.delimiter, table.columns) == (",", ["No", "Label", "Colours"])
    assert opened("No,Label,Colours\n1,Mug,red|green|blue|black\n").columns == ["No", "Label", "Colours"]


@pytest.mark.parametrize("text", ["Name\nMug\n", "Name\nMug,extra,more\nCup,extra,more\n", "x,,\na,,\nb,,\n"])
def test_a_header_of_few_names_is_one(text: str) -> None:
    assert opened(text).row_count() == text.count("\n") - 1


def test_columns_of_the_same_name_and_of_none_can_be_told_apart() -> None:
    assert opened("SKU,Tags,Tags,\n1,a,b,c\n").columns == ["SKU", "Tags", "Tags (2)", "column 4"]


def test_ragged_rows_are_taken_with_a_warning() -> None:
    table, faults = opened("SKU,Name,Price\n1,a\n2,b,3,extra\n4,c,5\n"), Faults()
    assert [row.cells for row in table.rows(None, faults)] == [
        ["1", "a", ""],
        ["2", "b", "3", "extra"],
        ["4", "c", "5"],
    ]
    assert [(fault["line"], fault["code"]) for fault in faults.warnings] == [(2, "ragged_row"), (3, "ragged_row")]


def test_a_file_of_blanks_has_no_header() -> None:
    with pytest.raises(InvalidInput) as error:
        opened("\n \n,,\n")
    assert error.value.code == "empty_file"


def test_a_utf_16_file_of_excel_reads_as_any_other() -> None:
    table = opened("SKU\tName\r\n1\tČaj\r\n", "utf-16")
    assert table.encoding == "utf-16"
    assert table.delimiter == "\t"
    assert [row.cells for row in table.rows()] == [["1", "Čaj"]]


def test_phps_escape_is_found_when_fields_only_add_up_with_it() -> None:
    table = opened('SKU,Name,Price\n1,"a \\"b, c\\" d",5\n2,x,6\n3,"e \\"f, g\\"",7\n')
    assert table.dialect.escaped
    assert [row.cells[2] for row in table.rows()] == ["5", "6", "7"]
