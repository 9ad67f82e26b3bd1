"""Whether web processes see the files that workers store: each worker writes one with a number from the database, and web
processes read it. A folder that they do not share loses every upload, export and image without an error.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from scribe import storage

SECONDS = 60  # between two files of one worker
CURRENT = timedelta(seconds=3 * SECONDS)  # a worker whose last file is older has ended
KEPT = timedelta(days=1)  # a file of a worker that has ended, whose storage may be back one day


class WorkerFile(models.Model):
    """A small file of one worker in the storage, whose content is this row's id."""

    worker = models.CharField(max_length=255, db_index=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "scribe_workerfile"

    def __str__(self) -> str:
        return f"{self.worker}: {self.pk}"

    @property
    def key(self) -> str:
        return f"health/{self.pk}"


def write(worker: str) -> None:
    """Write a file of this worker, and delete what nobody reads any more. The row is seen once the file is there."""
    with transaction.atomic():
        row = WorkerFile.objects.create(worker=worker)
        default_storage.save(row.key, ContentFile(str(row.pk).encode()))
    now = timezone.now()
    past = models.Q(worker=worker, written_at__lt=now - CURRENT) | models.Q(written_at__lt=now - KEPT)
    for old in WorkerFile.objects.filter(past):
        storage.delete(old.key)
        old.delete()


_read: set[int] = set()  # numbers that this process has read


def unreadable() -> Iterator[WorkerFile]:
    """The current files that this process can't read, or which say something else."""
    current = list(WorkerFile.objects.filter(written_at__gt=timezone.now() - CURRENT).order_by("pk"))
    _read.intersection_update(row.pk for row in current)
    for row in current:
        if row.pk in _read:
            continue
        if _content(row) == str(row.pk).encode():
            _read.add(row.pk)
        elif WorkerFile.objects.filter(pk=row.pk).exists():  # not deleted meanwhile
            yield row


def _content(row: WorkerFile) -> bytes | None:
    try:
        with storage.open(row.key) as file:
            return file.read(64)
    except FileNotFoundError:
        return None


def advice(rows: list[WorkerFile]) -> str:
    """What to do about `unreadable` files, as a sentence."""
    workers = ", ".join(sorted({row.worker for row in rows}))
    return (
        f"Files that these workers store can't be read here: {workers}. Set the same S3_BUCKET for web and workers, or let them "
        "share the folder `files` of DATA_DIR."
    )
