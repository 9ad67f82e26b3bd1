"""The tokenizer: what it makes of bytes, and that it loses none."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.files import records
from catalog.files.records import RecordGrammar, Scanner

COMMA = RecordGrammar(b",", "utf-8")

cells = st.text(
    st.sampled_from("ab,;\"\n\r\t '=š") | st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8)


def scan(data: bytes, grammar: RecordGrammar = COMMA, width: int = 0) -> list[records.Record]:
    return list(Scanner(io.BytesIO(data), grammar, width))


@given(tables, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_it_reads_what_the_csv_module_writes(table: list[list[str]], end: str, final: bool) -> None:
    sink = io.StringIO(newline="")
    # With CR or LF alone as the line end the module forgets to quote the other one.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    csv.writer(sink, lineterminator=end, quoting=quoting).writerows(table)
    data = sink.getvalue().encode()
    data = data if final else data.removesuffix(end.encode())
    found = list(records.rows(iter(scan(data)), COMMA))
    assert [values for _, values in found] == table
    assert b"".join(record.body + record.end for record, _ in found) == data


@given(st.binary(max_size=200), st.sampled_from([b",", b";", b"\t"]), st.booleans(), st.integers(0, 4))
def test_whatever_the_bytes_none_is_lost(data: bytes, delimiter: bytes, escaped: bool, width: int) -> None:
    found = scan(data, RecordGrammar(delimiter, "cp1252", escaped), width)
    assert b"".join(record.body + record.end for record in found) == data


@given(st.text(st.sampled_from('a,"\n\r'), max_size=60), st.integers(1, 7))
def test_the_size_of_what_is_read_at_once_changes_nothing(text: str, size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, wanted: int | None = -1) -> bytes:
            return super().read(size)

    assert list(Scanner(Slow(text.encode()), COMMA)) == scan(text.encode())


@given(tables)
def test_spans_and_values_agree_with_the_parsed_row(table: list[list[str]]) -> None:
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    for record, values in records.rows(iter(scan(sink.getvalue().encode())), COMMA):
        assert COMMA.values(record.body) == values


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    data = b'a,b\n1,"open\n2,"x, y"\n3,z\n'
    found = scan(data, width=2)
    assert [(record.line, record.broken) for record in found] == [(1, False), (2, True), (3, False), (4, False)]
    assert COMMA.values(found[2].body) == ["2", "x, y"]


def test_an_open_quote_at_the_end_of_the_file_does_not_swallow_it() -> None:
    found = scan(b'a,b\n1,"open\n2,y\n3,z', width=2)
    assert [record.broken for record in found] == [False, True, False, False]


def test_line_numbers_are_physical() -> None:
    assert [record.line for record in scan(b'a\n"x\r\ny\nz"\nb\r\n')] == [1, 2, 5]


def test_text_after_a_closing_quote_belongs_to_the_field() -> None:
    assert COMMA.values(b'"a"b,c') == ["ab", "c"]
    assert COMMA.values(b' "a",c') == [' "a"', "c"]


def test_phps_backslash_escape_is_read_when_the_file_uses_it() -> None:
    grammar = RecordGrammar(b",", "utf-8", escaped=True)
    (record,) = scan(b'1,"say \\"hi, you\\"",x\n', grammar)
    assert grammar.values(record.body) == ["1", 'say \\"hi, you\\"', "x"]


@pytest.mark.parametrize("body", [b"", b",,,", b' , ,"",', b"\t"])
def test_rows_with_nothing_in_them_are_blank(body: bytes) -> None:
    assert COMMA.is_blank(body)


def test_a_record_longer_than_what_is_read_at_once_is_whole() -> None:
    data = b'1,"' + b"x\n" * 1_500_000 + b'",y\n2,b,c\n'
    found = scan(data, width=3)
    assert len(found) == 2
    assert not found[0].broken
    assert found[1].line == 1_500_002
