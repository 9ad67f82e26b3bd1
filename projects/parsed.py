"""Parse a file into the database in flat memory: rows stream into COPY, and a snapshot streams to disk."""

import gzip
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

import orjson
from django.db import connection
from django.utils import timezone
from uuid_utils import uuid7

from catalog.files.detection import Opened
from catalog.files.limits import MAX_VIEWS
from catalog.files.mapping import is_measure
from catalog.files.rows import Faults, ParsedItem, fit
from projects.matches import ROWS, UploadedRows, names_in
from projects.models import ContentItem, DataSource
from projects.models.item import EXCLUDED_REASON
from projects.store_views import fold
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json, JsonValue

COLUMNS = (
    "id, created_at, updated_at, organization_id, project_id, data_source_id, parent_id, item_type, external_id, store_view, "
    "position, source_data, source_hash, generated_content, status, confidence_score, has_unsupported_claims, ai_model_used, "
    "metadata, generation_metadata, excluded_at"
)
ITEMS = "projects_contentitem"
BATCH = 64  # rows per write: small ones keep the server busy while the next rows are parsed
MOST_SKUS = 200_000  # that are compared with each other: their marks are held in memory
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


class ParsedFile:
    """One reading of a file: its rows go to the database as they are parsed, its `snapshot` to a temporary file.

    Use it as a context manager, and `copy` inside the transaction that makes the source ready."""

    def __init__(self, source: DataSource) -> None:
        self.source = source
        self.faults = Faults()
        self.snapshot: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self.count = 0
        self.types: Counter[str] = Counter()  # items by type
        self.views: dict[str, int] = {}  # store view → the line of its first row, in the order of the file
        self.language_texts = 0  # rows that became texts in further languages of their items; `count` has them, too
        self._seen: set[int] = set()
        self._parents: dict[str, str] = {}
        self._waiting: dict[str, int] = {}  # parents that were named by a child but not read yet: ref → line
        self._doubles: dict[str, str] = {}
        self._left_out: dict[str, str] = {}  # id → the reason why it is left out
        # Where there is nothing to match with, the rows go into the table of the items at once.
        others = ContentItem.objects.of(source.organization_id).filter(project=source.project_id)
        apart = source.config.get("match") is False or not others.exists()
        self.uploaded = None if apart else UploadedRows(source, COLUMNS)
        self._skus: set[int] = set()  # marks of those that rows have had so far
        self._nameless: list[int] = []  # the lines of items without a name
        self._told: set[str] = set()  # what the rows tell, as `names_in` names it

    def __enter__(self) -> "ParsedFile":
        return self

    def __exit__(self, *error: object) -> None:
        self.snapshot.close()

    def copy(self, opened: Opened, *, told: Callable[[int], None] = lambda count: None) -> None:
        """Parse the whole file and COPY its items. `told` is called with the count after each batch. It may raise to stop.

        Raises InvalidInput when no row could be read."""
        uploaded = self.uploaded
        target = uploaded.open() if uploaded else f"{ITEMS} ({COLUMNS})"
        with (
            _Packer(self.snapshot) as packer,
            connection.cursor() as cursor,
            connection.wrap_database_errors,  # the driver's own errors, which a COPY raises
            cursor.copy(f"COPY {target} FROM STDIN") as copy,
        ):
            for rows, lines in self._batches(opened):
                copy.write(rows)
                packer.write(lines)
                told(self.count)
        if not self.count:
            first = self.faults.errors[0] if self.faults.errors else None
            detail = (
                _("No row could be read. Line {line}: {reason}", line=first["line"], reason=first["reason"])
                if first
                else _("The file has no rows.")
            )
            raise InvalidInput(detail, code="no_rows", rows=self.faults.errors[:20])
        self._settle_parents()
        if len(self._nameless) < self.count and not opened.empty_cell_means_unchanged:  # the file has names
            for line in self._nameless:
                self.faults.warn(line, "no_name", _("The row has no name."))
        if uploaded is not None:
            uploaded.settle(
                self.faults, self._told | opened.told, empty_cell_means_unchanged=opened.empty_cell_means_unchanged
            )
        self._leave_out()
        if self.views:
            texts = fold(self.source, self.views, self.faults)
            self.types -= texts
            self.language_texts = texts.total()

    @property
    def items(self) -> int:
        """The rows that became items, without the texts in further languages."""
        return self.count - self.language_texts - self.matched

    @property
    def matched(self) -> int:
        """The rows that are items, or texts of store views, of other sources."""
        return self.uploaded.matched if self.uploaded else 0

    @property
    def updated(self) -> int:
        """Those of the matched rows that told something new."""
        return self.uploaded.updated if self.uploaded else 0

    def _batches(self, opened: Opened) -> Iterator[tuple[bytes, bytes]]:
        """Batches of a few rows, as COPY text and snapshot lines."""
        middle, after = self._constants()
        rows: list[bytes] = []
        lines: list[bytes] = []
        for item in opened.items(self.faults):
            try:
                data = _json(item.source_data)
            except (TypeError, ValueError) as error:  # values that a JSON column cannot hold
                self.faults.unforeseen(item.line, error)
                continue
            pk, parent = self._identify(item)
            self._check_values(item)
            if item.left_out:
                self._left_out[pk] = item.left_out
            if item.store_view and len(self.views) < MAX_VIEWS:
                self.views.setdefault(item.store_view, item.line)
            row = _copy_row(item, pk, parent, data, middle)
            if self.uploaded is None:
                rows.append(row + after)
            else:
                self._told.update(names_in(item.source_data))
                rows.append(b"%b\t%d\n" % (row + after.rstrip(b"\n"), item.line))
            lines.append(_snapshot_line(item, data))
            self.types[item.item_type] += 1
            self.count += 1
            if len(rows) == BATCH:
                yield b"".join(rows), b"".join(lines)
                rows, lines = [], []
        yield b"".join(rows), b"".join(lines)

    def _check_values(self, item: ParsedItem) -> None:
        """Warn of what looks like a slip: no name, a SKU that another row has, a price or a measure that is no number."""
        data = item.source_data
        if not (data.get("name") or item.store_view or item.left_out or item.item_type == "variant"):
            self._nameless.append(item.line)
        sku = str(data.get("sku") or "")
        if sku and sku != item.external_id and not item.store_view:
            if (mark := hash((item.item_type, sku))) in self._skus:
                self.faults.warn(
                    item.line, "repeated_sku", _("The SKU “{name}” appears more than once in this file.", name=sku)
                )
            if len(self._skus) < MOST_SKUS:
                self._skus.add(mark)
        further = {**(data.get("raw") or {}), **(data.get("attributes") or {})}
        numbers = {"price": data.get("price"), **{key: further[key] for key in further if is_measure(key)}}
        for name, value in numbers.items():
            if value and not any(letter.isdigit() for letter in str(value)):
                self.faults.warn(item.line, "no_number", _("“{field}” is not a number.", field=name))

    def _settle_parents(self) -> None:
        """Set the parents of children that named one parent in two ways, and clear those that were never found."""
        for ref, line in self._waiting.items():
            self.faults.warn(
                line, "missing_parent", _("The parent “{name}” is not in the file.", name=ref.split(":", 1)[-1])
            )
        missing = [self._parents[ref] for ref in self._waiting]
        table = ROWS if self.uploaded else ITEMS
        set_parent = f"UPDATE {table} SET parent_id = %s WHERE data_source_id = %s AND parent_id"  # noqa: S608 (constants)
        with connection.cursor() as cursor:
            for wrong, right in self._doubles.items():
                cursor.execute(f"{set_parent} = %s", [right, self.source.pk, wrong])
            for start in range(0, len(missing), 1000):
                cursor.execute(f"{set_parent} = ANY(%s::uuid[])", [None, self.source.pk, missing[start : start + 1000]])

    def _leave_out(self) -> None:
        """Exclude pages that are not content, with the reason in their metadata. There are few of them."""
        for reason in set(self._left_out.values()):
            ids = [pk for pk, said in self._left_out.items() if said == reason]
            for start in range(0, len(ids), 1000):
                ContentItem.objects.filter(pk__in=ids[start : start + 1000]).update(
                    excluded_at=timezone.now(), metadata={EXCLUDED_REASON: reason}
                )

    def _identify(self, item: ParsedItem) -> tuple[str, str]:
        """The ids of an item and of its parent. A repeated key gets its row's number, and a warning."""
        key = (item.item_type, item.external_id, item.store_view)
        if (mark := hash(key)) in self._seen:
            self.faults.warn(
                item.line,
                "repeated_key",
                _("“{name}” appears more than once in this file.", name=item.external_id),
            )
            item.external_id = fit(f"{item.external_id}#{item.position}")
            mark = hash((item.item_type, item.external_id, item.store_view))
        self._seen.add(mark)
        pk = self._own_id(item) if item.refs else str(uuid7())
        if not item.parent_ref:
            return pk, NULL
        parent = self._parents.get(item.parent_ref)
        if parent is None:
            parent = self._parents[item.parent_ref] = str(uuid7())
            self._waiting[item.parent_ref] = item.line
        return pk, parent

    def _own_id(self, item: ParsedItem) -> str:
        """The id that a child has already given its parent, or a new one."""
        expected = [ref for ref in item.refs if ref in self._waiting] if self._waiting else []
        pk = self._parents[expected[0]] if expected else str(uuid7())
        for ref in expected:
            del self._waiting[ref]
            if self._parents[ref] != pk:
                self._doubles[self._parents[ref]] = pk
        for ref in item.refs:
            if ref in expected or ref not in self._parents:
                self._parents[ref] = pk
        return pk

    def _constants(self) -> tuple[bytes, bytes]:
        """The two parts of a COPY row that are the same for every item."""
        source, stamp = self.source, timezone.now().isoformat()
        middle = f"\t{stamp}\t{stamp}\t{source.organization_id}\t{source.project_id}\t{source.pk}\t"
        return middle.encode(), b"\t\t{}\tpending\t\\N\tf\t\t{}\t{}\t\\N\n"


NULL = "\\N"


class _Packer:
    """Gzips the snapshot in a thread. Compression releases the interpreter lock, so the parser goes on meanwhile."""

    def __init__(self, target: IO[bytes]) -> None:
        self.file = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1, mtime=0)
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="snapshot")
        self.lines: list[bytes] = []
        self.size = 0
        self.pending: Future[int] | None = None

    def __enter__(self) -> "_Packer":
        return self

    def __exit__(self, *error: object) -> None:
        self._flush()
        self.thread.shutdown(wait=True)
        if self.pending is not None:
            self.pending.result()
        self.file.close()

    def write(self, lines: bytes) -> None:
        self.lines.append(lines)
        self.size += len(lines)
        if self.size >= 1 << 20:
            self._flush()

    def _flush(self) -> None:
        if self.pending is not None:
            self.pending.result()  # one piece at a time keeps memory flat, and raises the error of a full disk
        self.pending = self.thread.submit(self.file.write, b"".join(self.lines))
        self.lines, self.size = [], 0


def _copy_row(item: ParsedItem, pk: str, parent: str, data: bytes, middle: bytes) -> bytes:
    names = f"{parent}\t{item.item_type}\t{_escape(item.external_id)}\t{_escape(item.store_view)}\t{item.position}\t"
    if b"\\" in data:
        data = data.replace(b"\\", b"\\\\")
    return b"".join((pk.encode(), middle, names.encode(), data))


def _escape(text: str) -> str:
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def _json(data: Json) -> bytes:
    """JSON for a jsonb column, without NULs."""
    raw = orjson.dumps(data)
    return orjson.dumps(_without_nul(data)) if b"\\u0000" in raw else raw


def _without_nul(value: object) -> JsonValue:
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
