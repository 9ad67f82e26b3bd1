"""XLSX in and out."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from catalog.files import targets, workbooks
from catalog.files.detection import open_file
from catalog.files.merge import MergeResult
from catalog.files.rows import Faults
from catalog.files.shared_formulas import SharedFormulas
from catalog.files.workbooks import WorkbookTable
from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia


def workbook() -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([None, None])
    sheet.append(["SKU", "Name", "Description", "Price", "Total"])
    sheet.append(["A-1", "Čaj", None, 12.5, "=D3*2"])
    sheet.append(["A-2", "Šolja & tanjir", "<p>Staro</p>", 7, "=D4*2"])
    sheet["B4"].font = Font(bold=True)
    sheet["C4"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["D3"].number_format = "0.00"
    sheet["D4"].comment = Comment("check", "me")
    sheet.column_dimensions["B"].width = 44
    book.create_sheet("Notes").append(["keep me"])
    file = io.BytesIO()
    book.save(file)
    return file


def merge(file: io.BytesIO, changes: dict[int, dict[str, Any]], outcome: MergeResult | None = None) -> io.BytesIO:
    opened = open_file(file, platform="woocommerce")
    assert isinstance(opened.table, WorkbookTable)
    plan = targets.plan(opened.layout, {key for fields in changes.values() for key in fields})
    result = io.BytesIO()
    workbooks.merge(opened.table, result, plan, iter(sorted(changes.items())), outcome or MergeResult())
    return result


def test_a_text_that_fits_into_no_cell_leaves_it_and_is_named() -> None:
    file, outcome = workbook(), MergeResult()
    before = openpyxl.load_workbook(file).active["C3"].value
    sheet = openpyxl.load_workbook(merge(file, {1: {"name": "New", "description": "x" * 32_768}}, outcome)).active
    assert (sheet["B3"].value, sheet["C3"].value, outcome.changed_cells) == ("New", before, 1)
    (told,) = outcome.warnings()
    assert told.endswith("so these cells were left as they were: C3")


def test_rows_are_read_from_the_first_sheet_with_something_in_it() -> None:
    opened, faults = open_file(workbook(), platform="woocommerce"), Faults()
    assert opened.kind == "xlsx"
    assert opened.table.columns == ["SKU", "Name", "Description", "Price", "Total"]
    items = list(opened.items(faults))
    assert [(item.external_id, item.position, item.line, item.source_data["price"]) for item in items] == [
        ("A-1", 1, 3, "12.5"),
        ("A-2", 2, 4, "7"),
    ]


def test_titles_above_the_header_are_passed_over() -> None:
    book = openpyxl.Workbook()
    for row in (["Price list 2026"], [], [None, "spring"], ["SKU", "Name", "Description"], ["A-1", "Mug", "Old"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    opened = open_file(file, platform="woocommerce")
    assert opened.table.columns == ["SKU", "Name", "Description"]
    assert [item.source_data["name"] for item in opened.items(Faults())] == ["Mug"]
    sheet = openpyxl.load_workbook(merge(file, {1: {"description": "New"}})).active
    assert [[cell.value for cell in row][:3] for row in sheet] == [
        ["Price list 2026", None, None],
        [None, None, None],
        [None, "spring", None],
        ["SKU", "Name", "Description"],
        ["A-1", "Mug", "New"],
    ]


def test_only_the_cells_of_generated_fields_change() -> None:
    before = openpyxl.load_workbook(workbook())
    after = openpyxl.load_workbook(
        merge(
            workbook(),
            {2: {"name": "Nova <šolja>", "description": "<p>Novo & lepo</p>", "short_description": "Kratko"}},
        )
    )
    sheet = after.worksheets[0]
    assert sheet["B4"].value == "Nova &lt;šolja&gt;"  # WooCommerce takes a name for HTML
    assert sheet["B4"].font.bold
    assert sheet["C4"].value == "<p>Novo & lepo</p>"
    assert sheet["C4"].fill.fgColor.rgb == "00FFFF00"
    assert sheet["F2"].value == "Short description"
    assert sheet["F4"].value == "Kratko"
    changed = {"B4", "C4", "F2", "F4"}
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        assert old.title == new.title
        for row in old.iter_rows():
            for cell in row:
                twin = new[cell.coordinate]
                assert twin.number_format == cell.number_format
                assert cell.coordinate in changed or twin.value == cell.value
    assert sheet["D4"].comment.text == "check"
    assert sheet.column_dimensions["B"].width == 44
    assert sheet["E3"].value == "=D3*2"


def test_without_changes_every_part_is_the_same() -> None:
    file = workbook()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(merge(file, {})) as new:
        assert old.namelist() == new.namelist()
        assert all(old.read(name) == new.read(name) for name in old.namelist())


def test_what_it_would_unpack_to_is_judged_before_unpacking() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(201):
                part.write(b" " * 2**20)
    assert len(file.getvalue()) < 2**20
    with pytest.raises(TooLarge) as error:
        open_file(file, platform="woocommerce")
    assert error.value.code == "file_too_large"


def test_another_archive_is_not_a_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", b"hi")
    with pytest.raises(UnsupportedMedia):
        open_file(file, platform="woocommerce")


def test_a_damaged_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook")
        archive.writestr("[Content_Types].xml", b"<Types")
    with pytest.raises(InvalidInput) as error:
        open_file(file, platform="woocommerce")
    assert error.value.code == "broken_workbook"


def test_elements_with_a_prefix_and_cells_without_a_reference_are_written_too() -> None:
    sheet = b'<x:row r="3" spans="1:2"><x:c t="s"><x:v>0</x:v></x:c><x:c s="4"/></x:row>'
    plan = targets.FilePlan("generic", 2, [targets.FileTarget("name", 1, targets.TargetKind.TEXT)])

    class Table:
        header_row = 2

        def rows(self) -> Any:
            return iter(())

    writer = workbooks._Sheet(Table(), plan, iter([(1, {"name": "Čaj"})]), MergeResult())  # type: ignore[arg-type]
    result = b"".join(writer.rewritten(io.BytesIO(sheet)))
    assert result == (
        b'<x:row r="3"><x:c t="s"><x:v>0</x:v></x:c><x:c r="B3" s="4" t="inlineStr"><x:is><x:t xml:space="preserve">'
        + "Čaj".encode()
        + b"</x:t></x:is></x:c></x:row>"
    )


def test_characters_that_xml_has_no_place_for_are_read_and_written_as_excel_does() -> None:
    book = openpyxl.Workbook()
    book.active.append(["SKU", "Name", "Description"])
    book.active.append(["A-1", "Mug_x005F_x0041_", "First_x000D_\nsecond_x0007__xD83D__xDE00__xD83D_"])
    book.active.append(["A-2", "my_x_name", "x"])
    file = io.BytesIO()
    book.save(file)
    first, second = open_file(file, platform="woocommerce").items(Faults())
    assert first.source_data["name"] == "Mug_x0041_"
    assert first.source_data["description"].splitlines() == ["First", "second\x07😀\ufffd"]
    assert second.source_data["name"] == "my_x_name"
    written = merge(file, {1: {"name": "Cup_x0041_"}})
    assert [item.source_data["name"] for item in open_file(written, platform="woocommerce").items(Faults())] == [
        "Cup_x0041_",
        "my_x_name",
    ]


CALCULATED = (
    """<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="D2" i="1"/></calcChain>"""
)
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"


def filled_down(first: str = "D", last: str = "D") -> io.BytesIO:
    """A workbook as Excel saves it: the SEO titles were filled down from the first, so they share its formula."""
    book = openpyxl.Workbook()
    book.active.append(["SKU", "Name", "Description", "SEO Title", "Title tag"])
    for number in range(2, 6):
        book.active.append([f"A-{number}", f"Tea {number}", None, f"={number}", f"={number}"])
    plain, file = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for column in range(ord(first), ord(last) + 1):
                for number in range(2, 6):
                    cell = f"{chr(column)}{number}"
                    formula = '<f t="shared" si="0"/>'
                    if cell == f"{first}2":
                        formula = f'<f t="shared" ref="{first}2:{last}5" si="0">B2&amp;" &lt;3"</f>'
                    text = re.sub(rf'(<c r="{cell}"[^>]*>)<f>{number}</f>', lambda f, now=formula: f[1] + now, text)
            if name == "[Content_Types].xml":
                text = text.replace(
                    "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPE}"/></Types>'
                )
            if name == "xl/_rels/workbook.xml.rels":
                relation = f'<Relationship Id="rId99" Type="{RELATION}" Target="calcChain.xml"/>'
                text = text.replace("</Relationships>", relation + "</Relationships>")
            new.writestr(name, text)
        new.writestr("xl/calcChain.xml", CALCULATED)
    return file


def test_the_formula_of_a_cell_that_gets_a_text_goes_to_the_next_that_shares_it() -> None:
    merged = merge(filled_down(), {1: {"seo.title": "Ours"}, 3: {"seo.title": "Ours too"}})
    sheet = openpyxl.load_workbook(merged).active
    assert [cell.value for cell in sheet["D"]][1:] == ["Ours", '=B3&" <3"', "Ours too", '=B5&" <3"']
    with zipfile.ZipFile(merged) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<f t="shared" ref="D3:D5" si="0">B3&amp;" &lt;3"</f>' in xml
    assert xml.count("<f ") == 1 + 1


def test_a_formula_may_be_shared_by_several_columns() -> None:
    sheet = openpyxl.load_workbook(merge(filled_down("D", "E"), {1: {"seo.title": "Ours"}})).active
    assert sheet["E2"].value == '=C2&" <3"'
    assert sheet["D3"].value == '=B3&" <3"'


def test_a_formula_that_cannot_be_read_leaves_the_values() -> None:
    formulas = SharedFormulas()
    formulas.replaced(b'<c r="D2"><f t="shared" ref="D2:D3" si="7">B2&amp;"open</f><v>1</v></c>', "D2")
    assert formulas.kept(b'<c r="D3"><f t="shared" si="7"/><v>2</v></c>', "D3") == b'<c r="D3"><v>2</v></c>'
    other = b'<c r="D4"><f t="shared" si="8"/><v>2</v></c>'
    assert formulas.kept(other, "D4") == other


def test_the_order_of_calculation_is_left_out_once_a_cell_changes() -> None:
    file = filled_down()
    with zipfile.ZipFile(merge(file, {})) as same, zipfile.ZipFile(merge(file, {1: {"name": "Mug"}})) as changed:
        assert "xl/calcChain.xml" in same.namelist()
        assert "xl/calcChain.xml" not in changed.namelist()
        for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            assert b"calcChain" in same.read(name)
            assert b"calcChain" not in changed.read(name)


def test_line_breaks_stay_line_breaks_in_a_table_that_no_shop_wrote() -> None:
    text = "One.\n\nTwo of C:\\new."
    sheet = openpyxl.load_workbook(merge(workbook(), {1: {"description": text}})).active
    assert sheet["C3"].value == text
