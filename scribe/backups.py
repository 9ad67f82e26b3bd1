"""When the last backup was made, and a dump into a bucket for those whose database is small.

Backups to the second are pgBackRest's, beside PostgreSQL (docs/guides/operating.md, "Backup and restore"). Whoever makes one, notes it
in a row, which the alarm on its age reads.
"""

import datetime as dt
import os
import re
import subprocess
import tempfile
import time
from typing import IO

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

import scribe

#: A daily backup that is older than this, in seconds, failed.
OLDEST = 26 * 3600
#: One part is in memory at a time; S3 takes 10,000 of them: dumps of 640 GB.
PART = 64 * 1024 * 1024


class BackupError(Exception):
    """An error whose text is a sentence for the person who runs the command."""


class Backup(models.Model):
    """A whole backup: `INSERT INTO scribe_backup (kind) VALUES ('pgbackrest')`."""

    kind = models.CharField(max_length=100, help_text="What made it.")
    made_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        db_table = "scribe_backup"

    def __str__(self) -> str:
        return f"{self.kind} at {self.made_at}"


def age() -> float | None:
    """Seconds since the last one; None if there is none."""
    made = Backup.objects.aggregate(made=models.Max("made_at"))["made"]
    return max(0.0, (timezone.now() - made).total_seconds()) if made else None


class Output:
    """What a program writes, as a file to read. Its end is an error when the program failed, so that nothing is stored."""

    def __init__(self, running: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self.running, self.errors = running, errors

    def read(self, size: int = -1) -> bytes:
        assert self.running.stdout is not None
        found = self.running.stdout.read(size)
        if not found and self.running.wait():
            self.errors.seek(0)
            raise BackupError(f"pg_dump failed: {self.errors.read().decode(errors='replace').strip()[-2000:]}")
        return found


def dump(to: str) -> str:
    """Dump the database by `pg_dump` into the bucket's folder `to`, s3://bucket/folder. Returns the dump's own address.
    One consistent snapshot, while the system serves. Raises BackupError."""
    import boto3  # most processes start without it
    from boto3.s3.transfer import TransferConfig
    from botocore.exceptions import BotoCoreError, ClientError

    place = re.fullmatch(r"s3://([^/]+)/?(.*?)/*", to)
    if not place:
        raise BackupError(f"{to} is not an address like s3://bucket/folder.")
    if settings.DATABASE_POOLER:
        raise BackupError("Set DATABASE_POOLER=false and a DATABASE_URL that leads to PostgreSQL itself.")
    bucket, folder = place.groups()
    key = "/".join(filter(None, (folder, f"scribe-{scribe.__version__}-{timezone.now():%Y%m%dT%H%M%SZ}.dump")))
    client = boto3.client(
        "s3",
        endpoint_url=settings.BACKUP_S3_ENDPOINT_URL or None,
        aws_access_key_id=settings.BACKUP_S3_ACCESS_KEY_ID or None,
        aws_secret_access_key=settings.BACKUP_S3_SECRET_ACCESS_KEY or None,
        region_name=settings.BACKUP_S3_REGION or None,
    )
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as errors:
        try:
            running = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
        except OSError as error:
            raise BackupError(f"There is no pg_dump here: install PostgreSQL's client tools ({error}).") from error
        try:
            config = TransferConfig(multipart_chunksize=PART, max_concurrency=1, use_threads=False)
            client.upload_fileobj(Output(running, errors), bucket, key, Config=config)
        except (ClientError, BotoCoreError) as error:
            raise BackupError(f"The bucket of {to} failed: {error}") from error
        finally:
            running.kill()
            running.wait()
            if running.stdout:
                running.stdout.close()
    Backup.objects.create(kind="pg_dump")
    return f"s3://{bucket}/{key}"


def environment() -> dict[str, str]:
    """The connection as libpq's environment variables, since everyone on the machine could read a command line."""
    named = {**conninfo_to_dict(settings.DATABASE_URL), "dbname": settings.DATABASES["default"]["NAME"]}
    names = {"dbname": "PGDATABASE", "application_name": "PGAPPNAME"}
    return {**os.environ, **{names.get(name, f"PG{name.upper()}"): str(value) for name, value in named.items()}}


def wait_until(at: dt.time) -> None:
    """Sleep until the clock (UTC) says `at`."""
    now = timezone.now()
    due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    time.sleep((due - now).total_seconds() % (24 * 3600))
