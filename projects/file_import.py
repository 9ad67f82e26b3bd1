"""Files become sources with items: small files at once, large ones in an `import` job. A bad file leaves nothing behind."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, BinaryIO

from django.db import Error as DatabaseFault
from django.db import connection, transaction

from accounts.models import User
from billing import access, limits
from catalog.files.detection import Opened, Table, open_again, open_file
from catalog.files.limits import MAX_ROWS, MIB
from catalog.files.workbooks import WorkbookTable
from catalog.files.wxr import WxrDocument
from projects import lifecycle
from projects.import_payload import ImportPayload
from projects.models import DataSource, Project
from projects.parsed import ParsedFile
from projects.writing_settings import present
from scribe import jobs, messages, storage
from scribe.errors import InvalidInput
from scribe.jobs import JobStopped, Run, TryAgain
from scribe.jobs import lifecycle as job_lifecycle
from scribe.logs import get_logger
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json

log = get_logger(__name__)

AT_ONCE = 2000  # rows that an upload takes within the request
LONG = 10_000  # rows from which a job takes long
KIND = "sources"  # the folder of these files in storage
SAMPLE_ROWS = 5
TELL_SECONDS = 1.0  # seconds between two reports of a job's progress


def detect_columns(*, project: Project, file: BinaryIO) -> Json:
    """How `file` would be read: its columns, the proposed mapping and the confidence in it. Stores nothing."""
    opened = _open(file, project)
    layout = opened.layout
    return {
        "columns": layout.columns,
        "mapping": layout.named(),
        "confidence": layout.confidence,
        "column_confidence": {
            layout.columns[index]: value for index, value in sorted(layout.column_confidence.items())
        },
        "sample_rows": [
            dict(zip(layout.columns, [cell[:2000] for cell in row], strict=False))
            for row in opened.table.sample(SAMPLE_ROWS)
        ],
        "encoding": opened.table.encoding,
        "delimiter": opened.table.delimiter,
        "row_count": _row_count(opened.table),
        "unmapped": layout.unmapped(),
        "format": opened.kind,
        "platform": layout.adapter,
    }


def foreign_platform(*, project: Project, file: BinaryIO) -> str:
    """The platform that wrote `file`, if it is surely another one than the project's. "" if not. A WordPress export has
    what WooCommerce sells, too."""
    opened = _open(file, project)
    own = not opened.has_columns or opened.layout.adapter in (project.platform, "generic")
    return "" if own else opened.layout.adapter


def upload(
    *,
    project: Project,
    file: BinaryIO,
    name: str,
    mapping: Json | None,
    by: User,
    match: bool = True,
    last: Callable[[DataSource], object] = lambda source: None,
) -> DataSource:
    """A source made from an uploaded file: `ready` with its items, or `processing` with a job that reads them. Rows that
    `match` items of the project by id or SKU update those. `last` is called with the source at the end of its transaction.

    Raises InvalidInput, UnsupportedMedia or TooLarge for a file that cannot be read, and Conflict `job_active` while a
    job writes this project's items. After any error, nothing is stored."""
    access.check_not_suspended(project.organization)
    opened = _open(file, project)
    if mapping and opened.has_columns:
        opened.layout.override(mapping)
    if any("\x00" in str(column) for column in opened.layout.columns):
        raise InvalidInput(_("The header has NUL characters. Save the file again as UTF-8."), code="invalid_text")
    if opened.has_columns and not opened.layout.is_usable():
        raise InvalidInput(
            _(
                "We could not find a column with a name, or with an ID or SKU beside another fact. Map the columns yourself."
            ),
            code="no_usable_column",
            columns=opened.layout.columns[:100],
        )
    rows = opened.table.row_count(AT_ONCE + 1)
    _check_rows(opened, rows)
    if rows > AT_ONCE:
        rows = opened.table.estimate(rows)
    _check_idle(project)
    source = DataSource(
        organization_id=project.organization_id,
        project=project,
        type=DataSource.Type.FILE,
        name=(PurePath(name.replace("\\", "/")).name or "upload")[:255],
        config={**opened.as_config(), "sha256": _digest(file), "mapping": opened.layout.named()},
    )
    if not match:
        source.config["match"] = False
    if rows > AT_ONCE:
        return _queue(source, file, rows, by, last)
    return _take(source, file, opened, last)


def _open(file: BinaryIO, project: Project) -> Opened:
    return open_file(file, platform=project.platform, language=present(project).language)


def _row_count(table: Table) -> int:
    """How many rows the file has, approximately for a large workbook or WordPress export."""
    if not isinstance(table, WorkbookTable | WxrDocument):
        return table.row_count()
    counted = table.row_count(MAX_ROWS)
    return counted if counted < MAX_ROWS else table.estimate(0)


def _check_rows(opened: Opened, rows: int) -> None:
    if not rows:
        detail = (
            _("The WordPress export has no posts, pages or products.")
            if opened.kind == WxrDocument.kind
            else _("The file has a header but no rows.")
        )
        raise InvalidInput(detail, code="no_rows")


def _take(source: DataSource, file: BinaryIO, opened: Opened, last: Callable[[DataSource], object]) -> DataSource:
    with transaction.atomic():
        # This full lock and the creation of a job wait for each other, and so do two uploads: the second one matches the first's items.
        Project.objects.of(source.organization_id).select_for_update().get(pk=source.project_id)
        _check_idle(source.project)
        with ParsedFile(source) as parsed:
            parsed.copy(opened)
            with _store_files(source, file, parsed.snapshot):
                _fill(source, parsed)
                source.save(force_insert=True)
                lifecycle.refresh_status(source.project_id)
                last(source)
    return source


def _check_idle(project: Project) -> None:
    if active := job_lifecycle.active_writer(project):
        raise job_lifecycle.job_active(active)


def _queue(source: DataSource, file: BinaryIO, rows: int, by: User, last: Callable[[DataSource], object]) -> DataSource:
    source.status = DataSource.Status.PROCESSING
    with _store_files(source, file, None), transaction.atomic():
        source.save(force_insert=True)
        job = jobs.create(
            job_type=Job.Type.IMPORT,
            project=source.project,
            created_by=by,
            payload=ImportPayload(source_id=str(source.pk)).as_dict(),
            total=rows,
            is_long=rows >= LONG,
        )
        source.config["job_id"] = str(job.pk)
        source.save(update_fields=["config"])
        last(source)
    return source


def _fill(source: DataSource, parsed: ParsedFile) -> None:
    """Set the source to ready, with the counts, errors and warnings of the reading. Raises Conflict `items_full`."""
    limits.check("items", source.organization_id, parsed.items)
    faults = parsed.faults
    source.status = DataSource.Status.READY
    source.item_count = parsed.items
    source.errors, source.warnings = faults.errors, faults.warnings
    source.error_message = ""
    texts = {"language_texts": parsed.language_texts} if parsed.language_texts else {}
    matched = {"matched": parsed.matched, "updated": parsed.updated} if parsed.matched else {}
    told = {"errors": faults.error_count, "warnings": faults.warning_count}
    source.config["counts"] = {**parsed.types, **texts, **matched, **told}
    source.config.pop("job_id", None)


@contextmanager
def _store_files(source: DataSource, file: BinaryIO | None, snapshot: IO[bytes] | None) -> Iterator[None]:
    """Keep the original (and the snapshot) in storage while the block runs. Both are deleted again if it fails."""
    kept: list[str] = []
    try:
        if file is not None:
            file.seek(0)
            source.config["file_key"] = _save(source, source.name, file, kept)
        if snapshot is not None:
            snapshot.seek(0)
            source.config["snapshot_key"] = _save(source, "snapshot.jsonl.gz", snapshot, kept)
        yield
    except BaseException:
        storage.delete_all(kept)
        raise


def _save(source: DataSource, name: str, content: BinaryIO | IO[bytes], kept: list[str]) -> str:
    key = storage.save(source.organization_id, KIND, name, content)
    kept.append(key)
    return key


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(MIB):
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def original(source: DataSource) -> Iterator[Opened]:
    """The source's own file, opened and read with the same settings as the first time."""
    with storage.open(source.config["file_key"]) as file:
        yield open_again(file, source.config)  # type: ignore[arg-type]


# --- the job


def read(run: Run, source: DataSource) -> None:
    """Read a large file for its import job, in one transaction. A killed worker leaves nothing, and the next one starts
    over."""
    if source.status == DataSource.Status.READY:
        return  # an earlier worker finished the import and died before it could report that
    with original(source) as opened:
        rows = opened.table.row_count()  # until now it was judged by the first ones
    _check_rows(opened, rows)
    with run.settling() as job:
        job.progress_current = 0  # the result of an attempt that broke off does not count
        run.advance(0, total=rows)
    with original(source) as opened, ParsedFile(source) as parsed, _Progress(run) as progress, transaction.atomic():
        parsed.copy(opened, told=progress.told)
        with _store_files(source, None, parsed.snapshot):
            _fill(source, parsed)
            source.save(
                update_fields=[
                    "status",
                    "item_count",
                    "errors",
                    "warnings",
                    "error_message",
                    "error_message_values",
                    "config",
                ]
            )
            lifecycle.refresh_status(source.project_id)
            progress.finish()
            with run.settling() as job:  # last, so that the job's row is locked for a moment only
                run.advance(parsed.count - job.progress_current, total=parsed.count)
                run.result.update(
                    imported=parsed.items,
                    updated=parsed.updated,
                    unchanged=parsed.matched - parsed.updated,
                    language_texts=parsed.language_texts,
                    errors=parsed.faults.error_count,
                    warnings=parsed.faults.warning_count,
                    source_id=str(source.pk),
                )


class _Progress:
    """Reports the progress once a second, from a thread with its own connection: the rows are written in one transaction,
    whose progress no other connection can see."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.count = self.said = 0
        self.done = threading.Event()
        self.thread: threading.Thread | None = None

    def __enter__(self) -> "_Progress":
        if (
            not connection.in_atomic_block
        ):  # within a transaction of the caller's, another connection could not see the job
            self.thread = threading.Thread(target=self._report, name=f"progress-{self.run.job.pk}", daemon=True)
            self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.finish()

    def told(self, count: int) -> None:
        self.run.check()
        if self.run.moves_on():
            raise TryAgain
        self.count = count

    def finish(self) -> None:
        """Stop the reports. From then on only the caller writes the job's row."""
        self.done.set()
        if self.thread is not None:
            self.thread.join()

    def _report(self) -> None:
        try:
            while not self.done.wait(TELL_SECONDS):
                step = self.count - self.said
                with self.run.settling():
                    self.run.advance(step)
                self.said += step
        except (JobStopped, DatabaseFault) as error:
            log.info("progress is not told any more", reason=type(error).__name__)
        finally:
            connection.close()


def close(job: Job, source: DataSource) -> None:
    """Note on the source that its job failed or was cancelled before it was filled."""
    if job.status in (Job.Status.FAILED, Job.Status.CANCELLED):
        reason = job.error or _("The import was cancelled.")
        DataSource.objects.filter(pk=source.pk, status=DataSource.Status.PROCESSING).update(
            status=DataSource.Status.ERROR, **messages.columns(error_message=reason)
        )
