"""The dialect of one delimited text file: its encoding, delimiter, preamble and header, found from its own bytes."""

import codecs
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import BinaryIO

from catalog.files import encodings
from catalog.files.encodings import Encoding
from catalog.files.headers import distinct
from catalog.files.limits import MAX_COLUMNS
from catalog.files.preambles import titles_above
from catalog.files.records import Record, RecordGrammar, Scanner, rows
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 512 * 1024
SAMPLE_RECORDS = 60


@dataclass(frozen=True)
class Dialect:
    """`header_skip` counts the records before the header: blank lines, Excel's `sep=` line, and titles."""

    encoding: Encoding
    delimiter: str
    escaped: bool = False
    header_skip: int = 0
    columns: list[str] = field(default_factory=list)  # distinct names; `raw_columns` as the file has them
    raw_columns: list[str] = field(default_factory=list)

    @cached_property
    def grammar(self) -> RecordGrammar:
        return RecordGrammar(self.delimiter.encode(), self.encoding.scan_codec, self.escaped)

    def as_config(self) -> Json:
        return {
            "encoding": self.encoding.name,
            "codec": self.encoding.codec,
            "bom": self.encoding.bom.hex(),
            "doubtful": self.encoding.doubtful,
            "delimiter": self.delimiter,
            "escaped": self.escaped,
            "header_skip": self.header_skip,
        }

    @classmethod
    def from_config(cls, config: Json, columns: list[str]) -> "Dialect":
        bom, doubtful = bytes.fromhex(config["bom"]), config.get("doubtful", False)
        encoding = Encoding(config["encoding"], config["codec"], bom, doubtful)
        return cls(encoding, config["delimiter"], config["escaped"], config["header_skip"], columns)


def scannable(file: BinaryIO, encoding: Encoding, spool: BinaryIO) -> BinaryIO:
    """The stream to scan: the file itself, or for wide encodings a UTF-8 copy of it in `spool`."""
    file.seek(0)
    if not encoding.wide:
        return file
    encodings.transcode(file, spool, encoding=encoding)
    spool.seek(0)
    return spool


def rewind(stream: BinaryIO) -> bytes:
    """Go to the first byte of text, past the BOM; returns the BOM's bytes as the stream has them."""
    stream.seek(0)
    if stream.read(3) == codecs.BOM_UTF8:
        return codecs.BOM_UTF8
    stream.seek(0)
    return b""


def detect(stream: BinaryIO, encoding: Encoding) -> Dialect:
    """The dialect of a stream that `scannable` gave. Raises InvalidInput when there is no header to be found."""
    rewind(stream)
    sample = stream.read(SAMPLE)
    whole = len(sample) < SAMPLE
    declared = _declared_delimiter(sample)
    best: tuple[float, Dialect] | None = None
    for delimiter in [declared] if declared else DELIMITERS:
        for escaped in (False, True) if b'\\"' in sample else (False,):
            candidate, score = _weigh(sample, whole, encoding, delimiter, escaped)
            if candidate and (best is None or score > best[0] + 1e-9):
                best = (score, candidate)
    if best is None:
        raise InvalidInput(_("The file has no header line."), code="empty_file")
    if len(best[1].raw_columns) > MAX_COLUMNS:
        raise InvalidInput(_("The file has more than {most} columns.", most=MAX_COLUMNS), code="too_many_columns")
    return best[1]


def _declared_delimiter(sample: bytes) -> str | None:
    """The delimiter that Excel declares in a first line `sep=;`."""
    first = sample.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0].strip(b'"\r ')
    if first.lower().startswith(b"sep=") and len(first) <= 5:
        delimiter = first[4:].decode("ascii", "replace") or "\t"
        return delimiter if delimiter in DELIMITERS else None
    return None


def _weigh(
    sample: bytes, whole: bool, encoding: Encoding, delimiter: str, escaped: bool
) -> tuple[Dialect | None, float]:
    """Score a delimiter by the first records. A good one gives all of them the same number of fields, and more than one."""
    grammar = RecordGrammar(delimiter.encode(), encoding.scan_codec, escaped)
    parsed = list(islice(rows(iter(Scanner(io.BytesIO(sample), grammar)), grammar), SAMPLE_RECORDS))
    if not whole and len(parsed) > 1 and len(parsed) < SAMPLE_RECORDS:
        parsed.pop()  # the sample may end inside it
    skip = 0
    while skip < len(parsed) and _is_preamble(parsed[skip][0], grammar):
        skip += 1
    if skip == len(parsed):
        return None, 0.0
    titles = titles_above([values for _, values in parsed[skip:]])
    skip += titles
    header = [_clean(name) for name in parsed[skip][1]]
    if not any(letter.isalnum() for name in header for letter in name):
        return None, 0.0
    dialect = Dialect(encoding, delimiter, escaped, skip, distinct(header), header)
    widths = Counter(
        len(values) if not record.broken else -1
        for record, values in parsed[skip + 1 :]
        if not grammar.is_blank(record.body)
    )
    records = sum(widths.values())
    regular = widths[len(header)] / records if records else 1.0
    unclean = sum(1 for record, _ in parsed[skip:] if not grammar.strict.match(record.body)) / len(parsed[skip:])
    named = sum(1 for name in header if name) / len(header)
    if len(header) == 1:
        return dialect, 0.1 * regular
    # By a wrong delimiter, a header of one cell looks like a title above lists in the rows.
    doubt = 0.5 * unclean + (0.5 if titles else 0.0) + (0.05 if escaped else 0.0)
    return dialect, regular + 0.2 * named + min(0.3, len(header) / 100) - doubt


def _is_preamble(record: Record, grammar: RecordGrammar) -> bool:
    body = record.body.lstrip(b"\xef\xbb\xbf")
    if grammar.is_blank(body):
        return True
    text = body.strip(b'"').lower()
    return text.startswith(b"sep=") and len(text) <= 5


def _clean(name: str) -> str:
    return name.strip().lstrip("\ufeff").strip().strip('"') if "\ufeff" in name else name.strip()


def open_records(stream: BinaryIO, dialect: Dialect) -> tuple[list[Record], Iterator[Record]]:
    """The records up to and including the header, and an iterator over the records after it. Call `rewind` first."""
    scanner = Scanner(stream, dialect.grammar)
    records = iter(scanner)
    head = list(islice(records, dialect.header_skip + 1))
    scanner.width = dialect.grammar.count(head[-1].body) if head else 0
    return head, records
