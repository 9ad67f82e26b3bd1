"""Backups in a bucket of a real S3 server: streamed, whole or nothing, restored, and forgotten in time."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command

from scribe import backup_bucket, backups, last_backup, storage
from scribe.backup_bucket import Place
from scribe.jobs import events
from scribe.management.commands import backup
from tests.factories import make_organization
from tests.live import database_url
from tests.s3 import S3Server
from tests.scribe.backed_up import manage, needs_postgres_itself

pytestmark = [pytest.mark.slow, needs_postgres_itself]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    found = S3Server()
    yield found
    found.stop()


@pytest.fixture
def bucket(server: S3Server, settings) -> str:
    for name, value in server.settings.items():
        setattr(settings, name, value)
    name = f"backups-{uuid4().hex[:8]}"
    server.client.create_bucket(Bucket=name)
    return f"s3://{name}/nightly"


@pytest.fixture
def place(bucket: str) -> Place:
    return Place.of(bucket)


def keys(place: Place) -> set[str]:
    return {each["Key"] for each in place.below()}


def test_a_restored_backup_is_whole(shop, empty_database, bucket, server, tmp_path):
    """By the commands of docs/operating.md. `make drill` does it with each PostgreSQL of the machine."""
    _, key = shop
    told = manage("backup", "--to", bucket, "--keep", "2", **server.settings)
    assert "NOT encrypted" in told
    assert 0 <= (last_backup.age() or 99) < 60
    data = tmp_path / "data"
    said = manage("restore", bucket, url=empty_database, data=data, **server.settings)
    assert "Restored" in said
    assert (data / "files" / key).read_bytes() == b"sku;name\n1;Bottle\n"
    with psycopg.connect(empty_database) as restored, psycopg.connect(database_url()) as original:
        for table in ("accounts_organization", "billing_entry", "billing_wallet", "projects_contentitem"):
            rows = f'SELECT * FROM "{table}" ORDER BY id'
            assert restored.execute(rows).fetchall() == original.execute(rows).fetchall()


def test_a_dump_of_many_parts_comes_back_as_it_was(place, monkeypatch):
    monkeypatch.setattr(backup_bucket, "PART", 5 * 1024 * 1024)
    sent = bytes(range(256)) * 4096 * 11 + b"the end"
    size, digest = backup_bucket.upload(place, place.key("x"), io.BytesIO(sent), lambda: None)
    stored = place.read("x")
    assert (size, stored) == (len(sent), sent)
    assert len(digest) == 64
    assert place.client.head_object(Bucket=place.bucket, Key=place.key("x"))["ETag"].strip('"').endswith("-3")


def test_what_breaks_off_is_no_backup(shop, bucket, place, monkeypatch):
    monkeypatch.setitem(backups.VARIABLES, "host", "PGNOTHING")
    monkeypatch.setenv("PGHOST", "/nowhere")
    with pytest.raises(backups.BackupError, match="pg_dump failed"):
        backup_bucket.backup(bucket)
    assert keys(place) == set()
    assert not place.client.list_multipart_uploads(Bucket=place.bucket).get("Uploads")
    with pytest.raises(backups.BackupError, match="There is no backup"):
        backup_bucket.restore(bucket)


def test_a_changed_dump_is_refused(shop, empty_database, bucket, place, server):
    made = backup_bucket.backup(bucket, with_files=False)
    name = made.rpartition("/")[2]
    place.client.put_object(Bucket=place.bucket, Key=place.key(name, backups.DUMP), Body=b"changed")
    assert "was changed" in manage("restore", made, url=empty_database, status=1, **server.settings)


def test_the_newest_are_kept_with_the_files_that_they_name(committed, bucket, place):
    organization = make_organization()
    old = storage.save(organization.pk, "sources", "old.csv", b"old")
    start = datetime(2026, 11, 1, 2, tzinfo=UTC)
    backup_bucket.backup(bucket, now=start)
    storage.delete(old)
    lasting = storage.save(organization.pk, "sources", "lasting.csv", b"lasting")
    for days in (1, 2):
        backup_bucket.backup(bucket, now=start + timedelta(days=days))
    place.client.put_object(Bucket=place.bucket, Key=place.key("scribe-20261101T030000Z", "database.dump"), Body=b"x")
    assert [name for name, whole in backup_bucket.known(place) if not whole] == ["scribe-20261101T030000Z"]
    backup_bucket.forget(place, 2)
    assert backup_bucket.known(place) == [("scribe-20261102T020000Z", True), ("scribe-20261103T020000Z", True)]
    assert place.key("files", old) in keys(place)  # too young: a backup that is being made may name it
    backup_bucket.forget(place, 2, grace=timedelta(seconds=-60))
    assert place.key("files", old) not in keys(place)
    assert place.read("files", lasting) == b"lasting"


def test_the_bucket_s_encryption_is_said(committed, bucket, place):
    assert backup_bucket.encryption(place) == "none"
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    place.client.put_bucket_encryption(Bucket=place.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    made = backup_bucket.backup(bucket, with_files=False)
    manifest = json.loads(place.read(made.rpartition("/")[2], "manifest.json") or b"")
    assert manifest["encryption"] == "AES256"
    assert live_settings.FIELD_ENCRYPTION_KEYS[0] not in str(manifest)


@pytest.mark.parametrize("arguments", [(), ("/backups", "--to", "s3://b/f"), ("--to", "backups/nightly")])
def test_one_place_is_named(db, arguments):
    with pytest.raises(CommandError, match=r"Name one place|is not an address"):
        call_command("backup", *arguments)


def test_a_bucket_that_is_not_there_is_a_sentence(db, bucket):
    with pytest.raises(backups.BackupError, match="NoSuchBucket"):
        backup_bucket.restore("s3://no-such-bucket/scribe-20261101T020000Z/x")


def test_a_backup_is_due_at_its_hour_or_at_once_when_the_last_is_old(monkeypatch):
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert backup.seconds_until(time(13, 30), noon) == 5400
    assert backup.seconds_until(time(2, 17), noon) == 51_420
    assert backup.seconds_until(time(12), noon) == 86_400
    with pytest.raises(CommandError, match="No backup is known"):
        call_command("backup", "--check")
    assert backup.Command.is_overdue()
    last_backup.note()
    call_command("backup", "--check")
    assert not backup.Command.is_overdue()
    monkeypatch.setattr(last_backup.time, "time", lambda: noon.timestamp() + 10**9)
    with pytest.raises(CommandError, match="is old"):
        call_command("backup", "--check")
    assert backup.Command.is_overdue()
    away = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(events, "_client", away)
    assert not backup.Command.is_overdue()  # it cannot be known; the hour comes anyway


def test_a_daily_backup_that_fails_is_tried_again(committed, bucket, settings):
    settings.BACKUP_S3_SECRET_ACCESS_KEY = "another"
    assert backup.Command().made(into=None, to=bucket, keep=0, without_files=True) is False
    assert last_backup.age() is None


def test_tools_pass_by_a_pooler(db, tmp_path: Path, settings):
    settings.DATABASE_POOLER = True
    with pytest.raises(backups.BackupError, match="PostgreSQL itself"):
        backups.backup(tmp_path)
