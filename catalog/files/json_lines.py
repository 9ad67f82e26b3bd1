"""JSON Lines, also gzipped: an item and its facts on each line; and the same lines again with our texts in their facts.

A line is an object with an item's `external_id`, `item_type` and facts, the latter in `source_data` or beside these.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

import orjson

from catalog import source_data
from catalog.files.layouts import FIELDS, Layout
from catalog.files.limits import MAX_RECORD, MAX_UNPACKED, MIB
from catalog.files.mapping import attribute_of
from catalog.files.merge import Changes, MergeResult
from catalog.files.rows import Faults, ParsedItem, fit
from scribe.choices import meant_by_slip
from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import NOT_ITS_OWN

BOM = b"\xef\xbb\xbf"
TYPES = ("product", "variant", "category", "page", "post")
HEAD = ("external_id", "item_type")
NAMES = (*HEAD, *source_data.CANONICAL, "raw")
SAMPLE_LINES = 50


class JsonLine(NamedTuple):
    """A line with its end. `position` counts those that aren't blank from 1; of a blank one it is 0."""

    position: int
    line: int
    raw: bytes


@dataclass
class JsonLinesFile:
    file: BinaryIO
    packed: bool = False

    kind = "jsonl"
    encoding = "utf-8"
    delimiter = None
    empty_cell_means_unchanged = True  # a key that one line leaves out says nothing of its item

    @classmethod
    def open(cls, file: BinaryIO, *, packed: bool) -> "JsonLinesFile":
        """Raises UnsupportedMedia for a gzip archive of anything else."""
        found = cls(file, packed)
        first = next(found.lines(), None)
        if packed and first and not first.raw.removeprefix(BOM).lstrip().startswith(b"{"):
            raise UnsupportedMedia(
                _("This gzip archive has no JSON Lines in it. Unpack it first."), code="unsupported_file"
            )
        return found

    def as_config(self) -> Json:
        return {"packed": self.packed}

    def lines(self) -> Iterator[JsonLine]:
        """The lines that aren't blank. Raises as `all_lines`."""
        return (line for line in self.all_lines() if line.position)

    def all_lines(self) -> Iterator[JsonLine]:
        """The lines as they stand. Raises InvalidInput for a damaged archive, TooLarge for what unpacks to too much."""
        position = size = number = 0
        try:
            for raw in self._raw_lines():
                number, size = number + 1, size + len(raw)
                if len(raw) > MAX_RECORD or size > MAX_UNPACKED:
                    most = (MAX_RECORD if len(raw) > MAX_RECORD else MAX_UNPACKED) // MIB
                    raise TooLarge(
                        _("The file or a line of it is larger than {most} MiB. Split it.", most=most),
                        code="file_too_large",
                    )
                is_blank = not raw.removeprefix(BOM).strip()
                position += not is_blank
                yield JsonLine(0 if is_blank else position, number, raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InvalidInput(_("The gzip archive is damaged and cannot be read."), code="broken_archive") from error

    def _raw_lines(self) -> Iterator[bytes]:
        self.file.seek(0)
        stream = gzip.GzipFile(fileobj=self.file, mode="rb") if self.packed else self.file
        while line := stream.readline(MAX_RECORD + 1):
            yield line

    @cached_property
    def first(self) -> list[dict[str, str]]:
        """The facts of the first lines that can be read, by their flat names: `seo.title`, `attributes.Colour`."""
        found = []
        for line in islice(self.lines(), SAMPLE_LINES):
            try:
                item = _item(line, _object(line.raw))
            except (InvalidInput, ValueError):
                continue
            facts = source_data.texts(item.source_data)
            facts |= {key: value for key, value in item.source_data.items() if key in FIELDS and key not in facts}
            filled = {name: value for name, value in facts.items() if value}
            texts = {name: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in filled.items()}
            found.append({"external_id": item.external_id, **texts})
        return found

    def layout(self) -> Layout:
        """The facts of the first lines as columns, each under its own name."""
        layout = Layout("generic", list(dict.fromkeys(chain.from_iterable(self.first))), confidence=1.0)
        for index, name in enumerate(layout.columns):
            layout.assign(index, name, 1.0)
        return layout

    def sample(self, count: int) -> list[list[str]]:
        columns = dict.fromkeys(chain.from_iterable(self.first))
        return [[row.get(name, "") for name in columns] for row in self.first[:count]]

    def row_count(self, most: int | None = None) -> int:
        return sum(1 for _ in islice(self.lines(), most))

    def estimate(self, counted: int) -> int:
        """The approximate number of lines, by how far the first ones reach into the file. It shows progress."""
        self.row_count(counted)
        reached, size = self.file.tell(), self.file.seek(0, os.SEEK_END)
        return max(counted, counted * size // max(1, reached))

    def items(self, faults: Faults) -> Iterator[ParsedItem]:
        warned: set[str] = set()
        for line in self.lines():
            try:
                row = _object(line.raw)
                yield _item(line, row)
                _warn_of_slips(row, line.line, warned, faults)
            except InvalidInput as error:
                faults.error(line.line, error.code, error.detail)
            except NOT_ITS_OWN:
                raise
            except ValueError:  # of orjson
                faults.error(line.line, "malformed_json", _("This line is not valid JSON."))
            except Exception as error:
                faults.unforeseen(line.line, error)


def _item(line: JsonLine, row: Json) -> ParsedItem:
    """The item of a line's object. Raises InvalidInput for what is no item."""
    facts = _facts(row)
    data = source_data.canonical({key: value for key, value in facts.items() if key not in HEAD})
    for key, value in [*data["raw"].items()]:
        if key in facts and isinstance(value, (str, int, float)) and (name := attribute_of(key)):
            data["attributes"].setdefault(name, str(data["raw"].pop(key)))
    kind, key = row.get("item_type") or "product", str(row.get("external_id") or data["sku"] or "").strip()
    if kind not in TYPES:
        raise InvalidInput(_("“{kind}” is not a type of item.", kind=str(kind)[:40]), code="invalid_type")
    if not (key or data["name"]):
        raise InvalidInput(_("An item needs an ID, a name or a SKU."), code="no_key")
    if row.get("main_item_id"):
        raise InvalidInput(_("This line is a text in a further language, not an item."), code="not_an_item")
    parent = str(data["parent_external_id"])
    return ParsedItem(
        line.position,
        line.line,
        kind,
        fit(key or f"row-{line.position}"),
        data,
        parent_ref=parent if kind == "variant" else "",
        refs=(key,) if kind == "product" and key else (),
    )


def _warn_of_slips(row: Json, line: int, warned: set[str], faults: Faults) -> None:
    """Warn of each name that is nearly the name of a fact, once in a file."""
    for name in _facts(row):
        if (meant := _meant_by_slip(name)) and name not in warned:
            warned.add(name)
            reason = _("“{name}” is not the name of a fact. Did you mean “{meant}”?", name=name[:40], meant=meant)
            faults.warn(line, "unknown_name", reason)


@lru_cache(1000)
def _meant_by_slip(name: str) -> str:
    return "" if name in NAMES or attribute_of(name) else meant_by_slip(name, NAMES)


def _object(raw: bytes) -> Json:
    found = orjson.loads(raw.removeprefix(BOM))
    if not isinstance(found, dict):
        raise InvalidInput(_("A line must be a JSON object."), code="malformed_json")
    return found


def _facts(row: Json) -> Json:
    """The object of a line that holds the facts: `source_data`, else the line itself."""
    facts = row.get("source_data", row)
    if not isinstance(facts, dict):
        raise InvalidInput(_("“{key}” has the wrong type.", key="source_data"), code="invalid_type")
    return facts


# --- writing back


def merge(document: JsonLinesFile, changes: Changes, outcome: MergeResult) -> Iterator[bytes]:
    """The file with our texts among the facts of the changed lines. Every other line is as it was uploaded."""
    due, fields = next(changes, (-1, {}))
    for line in document.all_lines():
        if line.position != due:
            yield line.raw
            continue
        yield outcome.attempt(due, partial(_with_texts, line.raw, fields, outcome), line.raw)
        due, fields = next(changes, (-1, {}))


def _with_texts(raw: bytes, texts: Json, outcome: MergeResult) -> bytes:
    row = _object(raw)
    facts = _facts(row)
    for name, value in texts.items():
        group, _dot, part = name.partition(".")
        held = facts.get(group)
        inner = dict(held) if isinstance(held, dict) else {}
        if name == "seo.slug" and inner.get("slug"):
            continue  # an existing address is not changed
        new = {**inner, part: value} if part else {**inner, **value} if isinstance(value, dict) else value
        outcome.changed_cells += new != held
        facts[group] = new
    mark, end = raw[: len(raw) - len(raw.removeprefix(BOM))], raw[len(raw.rstrip(b"\r\n")) :]
    return mark + orjson.dumps(row) + end
