"""What tables of translations have in common: reading them in any encoding and dialect that imports take, and writing
cells back into them. New ones are UTF-8 with commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from projects.files import dialects, encodings
from projects.files.delimited import DelimitedTable
from projects.files.dialects import Dialect
from projects.files.records import Record
from projects.files.rows import FileRow
from scribe.errors import InvalidInput

BOM = "\ufeff"
#: (item, field) of a text, and the column of its translation.
Place = tuple[tuple[str, str], int]


def column(names: Sequence[str], *titles: str) -> int:
    """The column with one of these titles, without regard to case; -1 if there is none."""
    wanted = {title.casefold() for title in titles}
    return next((at for at, name in enumerate(names) if name.strip().casefold() in wanted), -1)


def needed(names: Sequence[str], *titles: str) -> int:
    """The same. Raises InvalidInput if there is none."""
    at = column(names, *titles)
    if at < 0:
        raise InvalidInput(f"The file has no column “{titles[0]}”.", code="missing_column")
    return at


def cell(row: FileRow, at: int) -> str:
    return row.cells[at] if 0 <= at < len(row.cells) else ""


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A new table in chunks of a row."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow(header)
    yield out.getvalue().encode()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([text.replace("\0", "") for text in row])
        yield out.getvalue().encode("utf-8", "replace")


def filled(
    file: BinaryIO, places: Callable[[FileRow], Iterable[Place]], targets: Mapping[tuple[str, str], str]
) -> Iterator[bytes]:
    """The file with the cells of `targets` in it; every other byte as it was. `places` tells which texts a row has."""
    table = DelimitedTable.open(file)
    dialect, stream = table.dialect, table.stream
    due = _changes(table.rows(), places, targets)
    chunks = _merged(stream, dialect, due)
    return encodings.encode_wide(chunks, dialect.encoding) if dialect.encoding.wide else chunks


def _changes(
    rows: Iterator[FileRow], places: Callable[[FileRow], Iterable[Place]], targets: Mapping[tuple[str, str], str]
) -> dict[int, dict[int, str]]:
    """The cells to write, by the record's position and the column."""
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        for key, at in places(row):
            if key in targets and at >= 0 and targets[key] != cell(row, at):
                found.setdefault(row.position, {})[at] = targets[key]
    return found


def _merged(stream: BinaryIO, dialect: Dialect, changes: Mapping[int, dict[int, str]]) -> Iterator[bytes]:
    yield dialects.rewind(stream)
    head, records = dialects.open_records(stream, dialect)
    for record in head:
        yield record.body + record.end
    for position, record in enumerate(records, start=1):
        changed = changes.get(position)
        yield (_changed(record, dialect, changed) if changed else record.body) + record.end


def _changed(record: Record, dialect: Dialect, changed: Mapping[int, str]) -> bytes:
    grammar = dialect.grammar
    cells = grammar.cells(record.body)
    present = len(cells)
    for number, text in changed.items():
        if number < present:
            cells[number] = _quoted(text, dialect, was_quoted=cells[number].startswith(b'"'))
    missing = [changed.get(number, "") for number in range(present, max(changed) + 1)]
    return grammar.delimiter.join(cells + [_quoted(text, dialect, was_quoted=False) for text in missing])


def _quoted(text: str, dialect: Dialect, *, was_quoted: bool) -> bytes:
    """A cell in the file's encoding. Letters that it lacks become the entities that HTML has for them."""
    if dialect.escaped:
        text = text.replace('\\"', '"').rstrip("\\")  # PHP would read the backslash as an escape
    raw = text.replace("\0", "").encode(dialect.encoding.scan_codec, "xmlcharrefreplace")
    marks = (dialect.delimiter.encode(), b'"', b"\n", b"\r")
    if was_quoted or any(mark in raw for mark in marks) or raw.strip(b" ") != raw:
        return b'"' + raw.replace(b'"', b'""') + b'"'
    return raw
