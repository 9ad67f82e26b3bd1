"""Merge-back: write the same file again with our cells in it and every other byte unchanged.

Records come from the same scanner as in the import. A record without a change is copied byte by byte. In a changed record
only the target cells are replaced. For appended columns, each record gets further cells at its end.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, TypeVar

from catalog.files import adapters, dialects, encodings, placement
from catalog.files.cells import CellWriter, altered_warnings
from catalog.files.dialects import Dialect
from catalog.files.limits import MIB
from catalog.files.records import Record, RecordGrammar
from catalog.files.targets import FilePlan
from scribe import unforeseen
from scribe.messages import _
from scribe.types import Json

T = TypeVar("T")
# Position of a record → generated fields (`writing.fields.flat`), in rising order of position.
Changes = Iterator[tuple[int, Json]]


@dataclass
class MergeResult:
    """The result of a merge. `replaced` and `altered` as `CellWriter` has them."""

    changed_cells: int = 0
    replaced: Counter[str] = field(default_factory=Counter)
    altered: list[str] = field(default_factory=list)
    unwritten: dict[int, str] = field(default_factory=dict)  # record → the unforeseen error
    too_long: list[str] = field(default_factory=list)  # cells of a workbook that a text does not fit into
    unplaced: int = 0  # values without a place: ragged rows have no cell under an appended column

    def attempt(self, position: int, work: Callable[[], T], otherwise: T) -> T:
        """The result of `work` for one record. If it fails, the record stays unchanged and a warning is noted."""
        try:
            return work()
        except unforeseen.NOT_ITS_OWN:
            raise
        except Exception as error:
            unforeseen.record(error, _("This record"), position=str(position))
            self.unwritten[position] = type(error).__name__
            return otherwise

    def warnings(self) -> list[str]:
        found = altered_warnings(self.altered)
        if self.replaced:
            count = sum(self.replaced.values())
            found.append(
                _(
                    "{number} characters that the file's encoding does not have were replaced with similar letters",
                    number=count,
                )
            )
        if self.unwritten:
            some = ", ".join(f"{position} ({error})" for position, error in list(self.unwritten.items())[:20])
            found.append(
                _("the texts of {number} records could not be written: {some}", number=len(self.unwritten), some=some)
            )
        if self.too_long:
            found.append(
                _(
                    "{number} texts are longer than a cell of Excel can be, so these cells were left as they were: {cells}",
                    number=len(self.too_long),
                    cells=self.too_long[:20],
                )
            )
        if self.unplaced:
            found.append(
                _(
                    "{unplaced} values were left out because their rows are longer than the header",
                    unplaced=self.unplaced,
                )
            )
        return found


def merge(
    stream: BinaryIO, dialect: Dialect, plan: FilePlan, changes: Changes, outcome: MergeResult
) -> Iterator[bytes]:
    """The merged file in chunks. `stream` is what `dialects.scannable` gave."""
    chunks = _buffer(_merge(stream, dialect, plan, changes, outcome))
    return encodings.encode_wide(chunks, dialect.encoding) if dialect.encoding.wide else chunks


def _merge(
    stream: BinaryIO, dialect: Dialect, plan: FilePlan, changes: Changes, outcome: MergeResult
) -> Iterator[bytes]:
    yield dialects.rewind(stream)
    head, records = dialects.open_records(stream, dialect)
    for record in head[:-1]:
        yield record.body + record.end
    grammar = dialect.grammar
    header = head[-1]
    writer = RecordWriter(dialect, grammar, plan, header, outcome)
    yield writer.header(header)
    filler = grammar.delimiter * len(plan.appended)
    is_blank, count, width = grammar.is_blank, grammar.count, plan.width
    is_regular = grammar.exactly(width).match
    due, fields = next(changes, _NEVER)
    for position, record in enumerate(records, start=1):
        if position == due:
            unchanged = record.body + record.end
            yield outcome.attempt(position, partial(writer.changed, record, fields), unchanged)
            due, fields = next(changes, _NEVER)
            while due == position:  # a record should come once; if it comes again, skip it rather than stall
                due, fields = next(changes, _NEVER)
        elif not filler or record.broken or is_blank(record.body):
            yield record.body + record.end
        elif is_regular(record.body):
            yield record.body + filler + record.end
        else:
            missing = width - count(record.body)
            if missing >= 0:
                yield record.body + grammar.delimiter * missing + filler + record.end
            else:
                yield record.body + record.end


_NEVER: tuple[int, Json] = (-1, {})


def _buffer(pieces: Iterator[bytes]) -> Iterator[bytes]:
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= MIB:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


class RecordWriter:
    """Cuts new values into records of one file."""

    def __init__(
        self, dialect: Dialect, grammar: RecordGrammar, plan: FilePlan, header: Record, outcome: MergeResult
    ) -> None:
        self.grammar = grammar
        self.plan = plan
        self.outcome = outcome
        self.line_end = (header.end or b"\n").decode()
        adapter = adapters.get(plan.adapter)
        self.cells = CellWriter(
            adapter,
            dialect.encoding.codec,
            self.line_end,
            dialect.escaped,
            dialect.delimiter,
            outcome.replaced,
            outcome.altered,
            grammar.codec,
            plan.is_export,
        )

    def header(self, record: Record) -> bytes:
        if not self.plan.appended:
            return record.body + record.end
        delimiter = self.grammar.delimiter
        quoted = all(cell.startswith(b'"') for cell in self.grammar.cells(record.body))
        names = [self.cells.quoted(name, was_quoted=quoted) for name in self.plan.appended]
        missing = self.plan.width - self.grammar.count(record.body)
        return record.body + delimiter * missing + delimiter + delimiter.join(names) + record.end

    def changed(self, record: Record, fields: Json) -> bytes:
        if record.broken:
            return record.body + record.end
        grammar, raw = self.grammar, self.cells.quoted
        cells = grammar.cells(record.body)
        width, present = self.plan.width, len(cells)
        appended = [b""] * len(self.plan.appended)
        edits: dict[int, bytes] = {}
        pads: dict[int, bytes] = {}  # cells that a short row does not have yet
        for column, text in placement.values(self.plan, self.cells, partial(self._value, cells), fields):
            if column >= width:
                appended[column - width] = raw(text)
            elif column >= present:
                pads[column] = raw(text)
            elif grammar.value(old := cells[column]) != text:
                edits[column] = raw(text, was_quoted=old.startswith(b'"'))
        if any(appended) and present > width:
            self.outcome.unplaced += sum(1 for value in appended if value)
            appended = []
        elif present > width:
            appended = []
        for column, value in edits.items():
            cells[column] = value
        last = width if appended else (max(pads) + 1 if pads else present)
        cells += [pads.get(column, b"") for column in range(present, last)]
        cells += appended
        written = len(edits) + len(pads) + sum(1 for value in appended if value)
        self.outcome.changed_cells += written
        return grammar.delimiter.join(cells) + record.end

    def _value(self, cells: list[bytes], column: int) -> str:
        return self.grammar.value(cells[column]) if column < len(cells) else ""
