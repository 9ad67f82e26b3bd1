"""A parsed file on its way into the database: rows ready for COPY and a snapshot, both on disk, memory flat."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from projects.files.opening import Opened
from projects.files.rows import Faults, ParsedItem, fit
from projects.models import ContentItem, DataSource
from scribe.api.errors import InvalidInput
from scribe.ids import uuid7

COLUMNS = (
    "id, created_at, updated_at, organization_id, project_id, data_source_id, parent_id, item_type, external_id, store_view, "
    "position, source_data, source_hash, generated_content, status, confidence_score, has_unsupported_claims, ai_model_used, "
    "metadata, generation_metadata, excluded_at"
)
STEP = 5000
_TEXT = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


class ParsedFile:
    """`rows` is COPY text, `snapshot` the items as gzipped JSON Lines. Use as a context manager: both go at its end."""

    def __init__(self, source: DataSource) -> None:
        self.source = source
        self.faults = Faults()
        self.rows: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self.snapshot: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self.count = 0
        self.types: Counter[str] = Counter()
        self._seen: set[int] = set()
        self._parents: dict[str, UUID] = {}
        self._waiting: dict[str, int] = {}  # parents that a child named and that have not come yet: ref → line
        self._doubles: dict[UUID, UUID] = {}

    def __enter__(self) -> ParsedFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.rows.close()
        self.snapshot.close()

    def read(self, opened: Opened, *, progress: Callable[[int], None] = lambda count: None) -> None:
        """Parse the whole file. Raises InvalidInput when not one row of it can be taken."""
        now = timezone.now()
        middle, after = self._constants(now)
        write_row = self.rows.write
        with gzip.GzipFile(fileobj=self.snapshot, mode="wb", compresslevel=1, mtime=0) as packed:
            lines: list[bytes] = []
            rows: list[bytes] = []
            for item in opened.items(self.faults):
                pk, parent = self._identify(item)
                data = _json(item.source_data)
                rows.append(self._row(item, pk, parent, data, middle, after))
                lines.append(_snapshot_line(item, data))
                self.types[item.item_type] += 1
                self.count += 1
                if len(rows) == 500:
                    write_row(b"".join(rows))
                    packed.write(b"".join(lines))
                    rows, lines = [], []
                    if self.count % STEP == 0:
                        progress(STEP)
            write_row(b"".join(rows))
            packed.write(b"".join(lines))
        progress(self.count % STEP)
        for ref, line in self._waiting.items():
            self.faults.warn(line, "missing_parent", f"The parent “{ref.split(':', 1)[-1]}” is not in the file.")
        if not self.count:
            first = self.faults.errors[0] if self.faults.errors else None
            detail = (
                f"No row could be read. Line {first['line']}: {first['reason']}" if first else "The file has no rows."
            )
            raise InvalidInput(detail, code="no_rows", rows=self.faults.errors[:20])

    def insert(self, *, check: Callable[[], None] = lambda: None) -> None:
        """COPY the rows in. Belongs inside the transaction that makes the source ready."""
        self.rows.seek(0)
        statement = f"COPY projects_contentitem ({COLUMNS}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            while chunk := self.rows.read(1 << 20):
                check()
                copy.write(chunk)
        self._settle_parents()

    def _settle_parents(self) -> None:
        """Children of parents that never came stand alone; those who called one parent by two names find it."""
        items = ContentItem.objects.filter(data_source=self.source)
        for wrong, right in self._doubles.items():
            items.filter(parent_id=wrong).update(parent_id=right)
        missing = [self._parents[ref] for ref in self._waiting]
        for start in range(0, len(missing), 1000):
            items.filter(parent_id__in=missing[start : start + 1000]).update(parent=None)

    def _identify(self, item: ParsedItem) -> tuple[UUID, UUID | None]:
        """The ids of an item and of its parent. A key that has come before gets its row's number, and a warning."""
        key = (item.item_type, item.external_id, item.store_view)
        if (mark := hash(key)) in self._seen:
            self.faults.warn(item.line, "repeated_key", f"“{item.external_id}” has come before in this file.")
            item.external_id = fit(f"{item.external_id}#{item.position}")
            mark = hash((item.item_type, item.external_id, item.store_view))
        self._seen.add(mark)
        pk = self._own_id(item)
        if not item.parent_ref:
            return pk, None
        parent = self._parents.get(item.parent_ref)
        if parent is None:
            parent = self._parents[item.parent_ref] = uuid7()
            self._waiting[item.parent_ref] = item.line
        return pk, parent

    def _own_id(self, item: ParsedItem) -> UUID:
        expected = [ref for ref in item.refs if ref in self._waiting]
        pk = self._parents[expected[0]] if expected else uuid7()
        for ref in expected:
            del self._waiting[ref]
            if self._parents[ref] != pk:
                self._doubles[self._parents[ref]] = pk
        for ref in item.refs:
            if ref in expected or ref not in self._parents:
                self._parents[ref] = pk
        return pk

    def _constants(self, now: datetime) -> tuple[bytes, bytes]:
        """The parts that are the same in every row."""
        source = self.source
        stamp = now.isoformat().encode()
        ids = f"{source.organization_id}\t{source.project_id}\t{source.pk}".encode()
        return b"\t".join([stamp, stamp, ids]), b"\t\t{}\tpending\t\\N\tf\t\t{}\t{}\t\\N\n"

    def _row(self, item: ParsedItem, pk: UUID, parent: UUID | None, data: bytes, middle: bytes, after: bytes) -> bytes:
        names = f"{parent or chr(92) + 'N'}\t{item.item_type}\t{item.external_id.translate(_TEXT)}\t{item.store_view.translate(_TEXT)}\t{item.position}"
        return (
            b"\t".join(
                [str(pk).encode(), middle, names.encode(), data.replace(b"\\", b"\\\\") if b"\\" in data else data]
            )
            + after
        )


def _json(data: dict[str, Any]) -> bytes:
    """JSON that a jsonb column takes: it holds no NUL."""
    raw = orjson.dumps(data)
    return orjson.dumps(_without_nul(data)) if b"\\u0000" in raw else raw


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key.replace("\0", ""): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value


def _snapshot_line(item: ParsedItem, data: bytes) -> bytes:
    head = {
        "position": item.position,
        "line": item.line,
        "item_type": item.item_type,
        "external_id": item.external_id,
        "store_view": item.store_view,
        "parent": item.parent_ref,
    }
    return orjson.dumps(head)[:-1] + b',"source_data":' + data + b"}\n"
