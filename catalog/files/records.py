"""The byte-exact tokenizer: it splits a delimited text file into records, each with its original bytes.

Reading and writing back share this scanner, so the n-th record of an import is the n-th record of its export.
It works on bytes, since delimiter, quote and line ends are ASCII in every encoding it is given. It follows the csv module:
a quote opens a field only at its start, text after the closing quote belongs to the field, CR, LF and CRLF end records.
If a quote is never closed, only its own line is lost: the record is `broken` and scanning goes on at the next line.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import BinaryIO, NamedTuple

from catalog.files.limits import MAX_RECORD, MIB

CHUNK = MIB

csv.field_size_limit(2 * MAX_RECORD)  # no record is longer: the scanner's buffer at most doubles a record of MAX_RECORD


class Record(NamedTuple):
    line: int  # the physical line it starts on, from 1
    body: bytes
    end: bytes  # its line end; empty if the file's last record has none
    broken: bool = False


@dataclass(frozen=True)
class RecordGrammar:
    """The patterns that split records into fields. `escaped`: the file has PHP's backslash escape, so `\\"` is no end."""

    delimiter: bytes
    codec: str
    escaped: bool = False

    @cached_property
    def _quoted(self) -> bytes:
        return rb'"[^"\\]*+(?:(?:""|\\.)[^"\\]*+)*+"' if self.escaped else rb'"[^"]*+(?:""[^"]*+)*+"'

    @cached_property
    def _plain(self) -> bytes:
        return b"[^" + re.escape(self.delimiter) + rb"\r\n]*+"

    @cached_property
    def _body(self) -> bytes:
        some = b"(?:" + self._quoted + b'(?!")' + self._plain + b'|(?!")' + self._plain + b")"
        return some + b"(?:" + re.escape(self.delimiter) + some + b")*+"

    @cached_property
    def inner(self) -> re.Pattern[bytes]:
        """The pattern of a record that surely ends within the buffer: the line end is there, and one more byte after a CR."""
        return re.compile(b"(" + self._body + rb")(\r?\n|\r(?=[^\n]))", re.DOTALL)

    @cached_property
    def last(self) -> re.Pattern[bytes]:
        """The same pattern for the end of the file, where the line end may be missing."""
        return re.compile(b"(" + self._body + rb")(\r?\n|\r|\Z)", re.DOTALL)

    @cached_property
    def cell(self) -> re.Pattern[bytes]:
        """The pattern of a cell and the delimiter after it."""
        return re.compile(b"((?:" + self._quoted + b")?+" + self._plain + b")" + re.escape(self.delimiter), re.DOTALL)

    @cached_property
    def quoted(self) -> re.Pattern[bytes]:
        """The pattern of a cell's quoted part."""
        return re.compile(self._quoted, re.DOTALL)

    @cached_property
    def strict(self) -> re.Pattern[bytes]:
        """The pattern of a record without text between a closing quote and the delimiter."""
        some = b"(?:" + self._quoted + b"|" + b'(?!")' + self._plain + b")"
        return re.compile(some + b"(?:" + re.escape(self.delimiter) + some + rb")*+\Z", re.DOTALL)

    def exactly(self, width: int) -> re.Pattern[bytes]:
        """The pattern of a record with exactly this number of fields."""
        some = b"(?:" + self._quoted + b")?+" + self._plain
        return re.compile(some + b"(?:" + re.escape(self.delimiter) + some + b"){%d}" % (width - 1) + rb"\Z", re.DOTALL)

    @cached_property
    def blanks(self) -> bytes:
        return self.delimiter + b' \t"'

    def is_blank(self, body: bytes) -> bool:
        """Whether all cells are empty: an empty line, or one with delimiters only."""
        return not body.strip(self.blanks)

    def cells(self, body: bytes) -> list[bytes]:
        """The cells of a record as they stand, quotes and all. With a delimiter between each two they are the record."""
        if b'"' not in body:
            return body.split(self.delimiter)
        return self.cell.findall(body + self.delimiter)

    def count(self, body: bytes) -> int:
        return body.count(self.delimiter) + 1 if b'"' not in body else len(self.cells(body))

    def value(self, raw: bytes) -> str:
        """The value of a field. Bytes that the encoding does not define become U+FFFD."""
        if not raw.startswith(b'"'):
            return raw.decode(self.codec, "replace")
        match = self.quoted.match(raw)
        if match is None:
            return raw.decode(self.codec, "replace")
        inner = raw[1 : match.end() - 1].replace(b'""', b'"')
        return (inner + raw[match.end() :]).decode(self.codec, "replace")

    def values(self, body: bytes) -> list[str]:
        return [self.value(cell) for cell in self.cells(body)]


@dataclass
class Scanner:
    """Reads a stream from its current position, in flat memory. `width` (once known) helps to spot swallowed lines."""

    stream: BinaryIO
    grammar: RecordGrammar
    width: int = 0
    line: int = 1
    _buffer: bytes = field(default=b"", repr=False)
    _at: int = 0
    _ended: bool = False

    def __iter__(self) -> Iterator[Record]:
        grammar = self.grammar
        inner = grammar.inner.match
        while True:
            # The usual case, written for speed: whole records within the buffer.
            buffer, at = self._buffer, self._at
            while (found := inner(buffer, at)) is not None:
                body, end = found.groups()
                if b"\n" not in body and b"\r" not in body:
                    record = Record(self.line, body, end)
                    self.line += 1
                    at = found.end()
                else:
                    record, at = self._quoted_record(buffer, at, body, end)
                self._at = at
                yield record
            if not self._ended and len(buffer) - at < MAX_RECORD:
                self._more()
                continue
            if at >= len(buffer):
                return
            if self._ended and (found := grammar.last.match(buffer, at)) is not None:
                body, end = found.groups()
                record, self._at = self._quoted_record(buffer, at, body, end)
                yield record
                continue
            record, self._at = self._broken_line(buffer, at)
            yield record

    def _more(self) -> None:
        """Read one more chunk. For a long record, read as many bytes as it has so far."""
        rest = self._buffer[self._at :]
        chunk = self.stream.read(max(CHUNK, len(rest)))
        self._ended = not chunk
        self._buffer, self._at = rest + chunk, 0

    def _quoted_record(self, buffer: bytes, at: int, body: bytes, end: bytes) -> tuple[Record, int]:
        breaks = _line_breaks(body)
        if breaks and self._swallowed(body):
            return self._broken_line(buffer, at)
        record = Record(self.line, body, end)
        self.line += 1 + breaks
        return record, at + len(body) + len(end)

    def _swallowed(self, body: bytes) -> bool:
        """Whether a stray quote took in the next lines: text follows a closing quote, and the field count is wrong."""
        if self.grammar.strict.match(body):
            return False
        return self.width == 0 or self.grammar.count(body) != self.width

    def _broken_line(self, buffer: bytes, at: int) -> tuple[Record, int]:
        match = _LINE.match(buffer, at)
        assert match is not None, "a line can be empty"
        body, end = match.groups()
        record = Record(self.line, body, end, True)
        self.line += 1
        return record, match.end()


_LINE = re.compile(rb"([^\r\n]*+)(\r?\n|\r|\Z)")


def _line_breaks(body: bytes) -> int:
    """The number of physical lines that a quoted field adds."""
    feeds = body.count(b"\n")
    if b"\r" not in body:
        return feeds
    return feeds + body.count(b"\r") - body.count(b"\r\n")


def rows(records: Iterator[Record], grammar: RecordGrammar) -> Iterator[tuple[Record, list[str]]]:
    """Each record with its values. A broken record comes without values."""
    if grammar.escaped:
        for record in records:
            yield record, ([] if record.broken else grammar.values(record.body))
        return
    codec, delimiter = grammar.codec, grammar.delimiter.decode()
    current: list[str] = [""]
    # One reader in C, fed a record at a time: it never sees a line end outside quotes.
    parse = csv.reader(iter(partial(current.__getitem__, 0), None), delimiter=delimiter).__next__
    for record in records:
        if record.broken:
            yield record, []
            continue
        body = record.body
        text = body.decode(codec, "replace")
        if b'"' not in body:
            yield record, text.split(delimiter)
        else:
            current[0] = text
            yield record, parse()
