"""Merge-back: what we change reads back, and every other byte is what it was."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.files import dialects, merge, targets
from catalog.files.delimited import DelimitedTable
from catalog.files.detection import open_file
from catalog.files.encodings import Encoding
from catalog.files.layouts import Layout
from catalog.files.merge import MergeResult
from catalog.files.rows import Faults
from tests.catalog.files import samples
from tests.stores import STORES

FIELDS = ("name", "description", "tags", "seo.title")
cell = st.text(
    st.sampled_from('ab,;"\n <>&čš0-=') | st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=15
)
generated = st.fixed_dictionaries(
    {},
    optional={
        "name": cell,
        "description": cell,
        "tags": st.lists(cell, max_size=3),
        "seo.title": cell,
    },
)
CODECS = ("utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1251", "cp1252", "cp932", "gb18030")


def written(rows: list[list[str]], codec: str, delimiter: str, end: str, quoting: int) -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[call-overload]
    return sink.getvalue().encode(codec, "replace")


def table_of(data: bytes, codec: str, delimiter: str, columns: list[str]) -> DelimitedTable:
    """A table read as it was written, without guessing."""
    boms = {"utf-8-sig": ("utf-8", 3), "utf-16": ("utf-16-le", 2)}
    plain, length = boms.get(codec, (codec, 0))
    encoding = Encoding(codec, plain, data[:length])
    stream = dialects.scannable(io.BytesIO(data), encoding, io.BytesIO())
    return DelimitedTable(stream, dialects.Dialect(encoding, delimiter, columns=columns))


def raw_cells(table: DelimitedTable) -> list[tuple[list[bytes], bytes]]:
    dialects.rewind(table.stream)
    head, records = dialects.open_records(table.stream, table.dialect)
    grammar = table.dialect.grammar
    found = [(grammar.cells(record.body), record) for record in [*head, *records]]
    assert all(grammar.delimiter.join(cells) == record.body for cells, record in found)
    return [(cells, record.end) for cells, record in found]


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(cell, min_size=4, max_size=6), min_size=1, max_size=6),
    changes=st.dictionaries(st.integers(1, 6), generated, max_size=4),
    codec=st.sampled_from(CODECS),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_only_the_cells_of_generated_fields_change(
    rows: list[list[str]], changes: dict[int, dict[str, Any]], codec: str, delimiter: str, end: str, quoting: int
) -> None:
    columns = ["sku", "name", "description", "tags", "price"]
    data = written([columns, *rows], codec, delimiter, end, quoting)
    table = table_of(data, codec, delimiter, columns)
    layout = Layout("generic", columns, {0: "sku", 1: "name", 2: "description", 3: "tags", 4: "price"})
    plan = targets.plan(layout, set(FIELDS))
    assert plan.appended == ["seo_title"]
    result = b"".join(merge.merge(table.stream, table.dialect, plan, iter(sorted(changes.items())), MergeResult()))
    before, after = raw_cells(table), raw_cells(table_of(result, codec, delimiter, columns))
    assert len(before) == len(after)
    touched = {target.column: target.field for target in plan.targets}
    for position, ((old, old_end), (new, new_end)) in enumerate(zip(before, after, strict=True)):
        assert old_end == new_end
        fields = changes.get(position, {}) if position else {}
        for column, raw in enumerate(old):
            if not fields.get(touched.get(column, "")):
                assert new[column] == raw, (position, column)


@settings(max_examples=100, deadline=None)
@given(value=cell, codec=st.sampled_from(CODECS), delimiter=st.sampled_from([",", ";"]))
def test_html_reads_back_as_what_was_meant(value: str, codec: str, delimiter: str) -> None:
    columns = ["sku", "description"]
    table = table_of(
        written([columns, ["1", "old"]], codec, delimiter, "\n", csv.QUOTE_MINIMAL), codec, delimiter, columns
    )
    layout = Layout("generic", columns, {0: "sku", 1: "description"})
    plan = targets.plan(layout, {"description"})
    meant = f"<p>{value}</p>"
    result = b"".join(
        merge.merge(table.stream, table.dialect, plan, iter([(1, {"description": meant})]), MergeResult())
    )
    (row,) = table_of(result, codec, delimiter, columns).rows()
    narrow = "utf-8" if codec.startswith("utf") else codec
    assert row.cells[1] == meant.encode(narrow, "xmlcharrefreplace").decode(narrow)


@pytest.mark.parametrize("codec", ["cp932", "big5"])
def test_a_file_of_east_asia_comes_back_in_its_encoding(codec: str) -> None:
    """The second byte of 表 and of 功 is a backslash, that of ポ and of 許 looks like a `|` or a letter."""
    name = {"cp932": "表示ポット・ソース", "big5": "成功許可、保溫杯"}[codec]
    text = f"SKU|Name|Description\n1|{name}|{name * 9}\n2|{name}2|{name * 8}\n"
    opened = open_file(io.BytesIO(text.encode(codec)), platform="woocommerce")
    assert opened.table.encoding == codec
    assert [row.cells[1] for row in opened.table.rows()] == [name, f"{name}2"]
    assert isinstance(opened.table, DelimitedTable)
    plan, outcome = targets.plan(opened.layout, {"name"}), MergeResult()
    changes = iter([(1, {"name": f"Größe {name}"})])
    result = b"".join(merge.merge(opened.table.stream, opened.table.dialect, plan, changes, outcome))
    assert result == text.replace(f"1|{name}|", f"1|Grosse {name}|").encode(codec)
    assert outcome.replaced == {"ö": 1, "ß": 1}


FILES = {
    **{name: store.file for name, store in STORES.items() if store.file != samples.WXR},
    "utf-16": samples.WOO.encode("utf-16"),
    "no final line end": samples.SHOPIFY.removesuffix(b"\n"),
    "blank lines": b"\r\n\r\n" + samples.WOO_CP1250 + b"\r\n\r\n",
    "declared delimiter": b"sep=;\r\n" + samples.WOO_CP1250,
    "bytes that no code page has": samples.WOO_CP1250.replace(b"4990", b"49\x8190", 1),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_changes_comes_back_byte_for_byte(name: str) -> None:
    data = FILES[name]
    opened = open_file(io.BytesIO(data), platform=name if name in STORES else "woocommerce")
    table = opened.table
    assert isinstance(table, DelimitedTable)
    plan = targets.plan(opened.layout, set())
    assert b"".join(merge.merge(table.stream, table.dialect, plan, iter(()), MergeResult())) == data


def merged(data: bytes, platform: str, changes: dict[int, dict[str, Any]], outcome: MergeResult | None = None) -> bytes:
    opened = open_file(io.BytesIO(data), platform=platform)
    table = opened.table
    assert isinstance(table, DelimitedTable)
    present = {key for fields in changes.values() for key in fields}
    plan = targets.plan(opened.layout, present, new_attributes=1 if "attributes" in present else 0)
    return b"".join(
        merge.merge(table.stream, table.dialect, plan, iter(sorted(changes.items())), outcome or MergeResult())
    )


def test_appended_columns_stand_at_the_end_of_every_row_even_short_ones() -> None:
    result = merged(samples.WOO_CP1250, "woocommerce", {2: {"seo.title": "Jakna"}}).decode("cp1250")
    lines = result.split("\r\n")
    assert lines[0].endswith(";Attribute 1 global;Meta: _yoast_wpseo_title".replace(";Meta", ';"Meta') + "") or lines[
        0
    ].endswith(";Meta: _yoast_wpseo_title")
    assert lines[2].endswith(";1;1;Jakna")
    assert lines[4].count(";") == lines[0].count(";")  # the ragged row
    assert lines[5] == ";" * 16  # a blank row stays as it is


def test_unsupported_letters_become_references_in_html_and_the_nearest_letters_in_plain_text() -> None:
    outcome = MergeResult()
    fields = {"name": "Šolja ☕ naïve", "description": "<p>Ñandú ☕</p>"}
    result = merged(samples.WOO_CP1250, "woocommerce", {3: fields}, outcome).decode("cp1250")
    assert "<p>&#209;andú &#9749;</p>" in result
    assert "Šolja naive" in result
    assert set(outcome.replaced) == {"☕", "ï"}
    assert outcome.warnings()


def test_woocommerce_escapes_formulas_and_line_ends_as_its_own_exporter_does() -> None:
    result = merged(
        samples.WOO_CP1250,
        "woocommerce",
        {3: {"name": "=1+1", "description": "<p>a</p>\n<p>b</p>", "tags": ["a, b", "c"]}},
    )
    assert b";'=1+1;" in result
    assert b"<p>a</p>\\n<p>b</p>" in result
    assert b"a\\, b, c" in result


def test_a_table_of_ones_own_keeps_line_breaks_as_they_are() -> None:
    """Its few headers are WooCommerce's, which takes real line ends as well as the two characters."""
    text = "One.\n\nTwo of C:\\new."
    result = merged(b"SKU,Name,Description\r\nA-1,Mug,Old\r\n", "woocommerce", {1: {"description": text}})
    assert result == b'SKU,Name,Description\r\nA-1,Mug,"One.\r\n\r\nTwo of C:\\new."\r\n'


@pytest.mark.parametrize("value", ["=cmd()", "+1", "-x", "@now", "\tx", "\rx", "=-+@"])
def test_no_other_platforms_cell_begins_like_a_formula(value: str) -> None:
    result = merged(samples.SHOPIFY, "shopify", {1: {"name": value, "seo.title": value}})
    (row, *_) = DelimitedTable.open(io.BytesIO(result)).rows()
    assert not row.cells[1].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_address_that_exists_is_never_changed() -> None:
    data = b"sku,name,url_key,product_type\nA,Bag,old-bag,simple\nB,Box,,simple\n"
    result = merged(data, "magento2", {1: {"seo.slug": "new-bag"}, 2: {"seo.slug": "new-box"}})
    assert b"A,Bag,old-bag" in result
    assert b"B,Box,new-box" in result


def test_the_merchants_own_attributes_stay_and_new_ones_get_columns() -> None:
    result = merged(samples.WOO_CP1250, "woocommerce", {2: {"attributes": {"Veličina": "XXL", "Zaštita": "IPX4"}}})
    opened = open_file(io.BytesIO(result), platform="woocommerce")
    jacket = next(item for item in opened.items(Faults()) if item.external_id == "10")
    assert jacket.source_data["attributes"] == {"Veličina": "S, M", "Zaštita": "IPX4"}


def test_a_row_longer_than_the_header_keeps_its_cells_and_says_what_found_no_place() -> None:
    outcome = MergeResult()
    data = b"sku,name\nA,Bag,extra\nB,Box\n"
    result = merged(data, "woocommerce", {1: {"name": "New", "description": "x"}, 2: {"description": "y"}}, outcome)
    assert result == b"sku,name,Description\nA,New,extra\nB,Box,y\n"
    assert outcome.unplaced == 1
