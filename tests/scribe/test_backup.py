"""Dumps into a bucket of a real S3 server: whole or nothing, and noted in the database that the alarm reads. `make drill` restores
to a second, by pgBackRest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from scribe import backups
from scribe.models import Backup
from tests.factories import make_organization, make_own_key
from tests.live import database_url
from tests.s3 import S3Server
from tests.template import embedded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(live_settings.DATABASE_POOLER, reason="dumps pass by a pooler"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    found = S3Server()
    yield found
    found.stop()


@pytest.fixture
def bucket(server: S3Server, settings: Any, monkeypatch: Any) -> str:
    for name, value in server.settings.items():
        setattr(settings, name, value)
    monkeypatch.setenv("PATH", f"{Path(embedded('pg_dump')[0]).parent}:{os.environ['PATH']}")
    name = f"backups-{uuid4().hex[:8]}"
    server.client.create_bucket(Bucket=name)
    return name


def keys(server: S3Server, bucket: str) -> list[str]:
    return [each["Key"] for each in server.client.list_objects_v2(Bucket=bucket).get("Contents", ())]


def test_a_dump_is_restored_by_postgresqls_own_tools_and_tells_no_secret(
    bucket: str, server: S3Server, committed: Any, tmp_path: Path
) -> None:
    make_own_key(make_organization("Backed up"), "anthropic", "sk-backed-up")
    address = backups.dump(f"s3://{bucket}/nightly")
    key = address.removeprefix(f"s3://{bucket}/")
    assert keys(server, bucket) == [key]
    assert (backups.age() or 99) < 60
    file = tmp_path / "dump"
    server.client.download_file(bucket, key, str(file))
    name = f"restored_{uuid4().hex[:8]}"
    url = os.environ["SCRIBE_TEST_DATABASE_URL"].replace("/scribe?", f"/{name}?")
    with psycopg.connect(database_url(), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            restore = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", url]
            subprocess.run([*restore, str(file)], check=True)
            given = {**os.environ, "DATABASE_URL": url}
            for command in (["migrate", "--check"], ["verify_audit"], ["reconcile"]):
                manage = [sys.executable, "manage.py", *command]
                subprocess.run(manage, cwd=live_settings.BASE_DIR, env=given, check=True, capture_output=True)
            with psycopg.connect(url) as restored:
                assert restored.execute(
                    "SELECT count(*) FROM accounts_organization WHERE name = 'Backed up'"
                ).fetchone() == (1,)
        finally:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
    plain = subprocess.run(["pg_restore", "--file=-", str(file)], capture_output=True, check=True).stdout
    assert b"Backed up" in plain
    assert b"sk-backed-up" not in plain


def test_a_dump_that_breaks_off_is_not_stored_and_not_noted(
    bucket: str, server: S3Server, db: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text("#!/bin/sh\nhead -c 300000000 /dev/zero; echo 'the server went away' >&2; exit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(CommandError, match="the server went away"):
        call_command("backup", "--to", f"s3://{bucket}/nightly")
    assert keys(server, bucket) == []
    assert "Uploads" not in server.client.list_multipart_uploads(Bucket=bucket)
    assert backups.age() is None


def test_what_is_wrong_is_said(bucket: str, db: Any, settings: Any) -> None:
    with pytest.raises(CommandError, match="not an address"):
        call_command("backup", "--to", "/backups")
    settings.BACKUP_S3_ENDPOINT_URL = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="The bucket of s3://nowhere failed"):
        call_command("backup", "--to", "s3://nowhere")
    settings.DATABASE_POOLER = True
    with pytest.raises(CommandError, match="PostgreSQL itself"):
        call_command("backup", "--to", f"s3://{bucket}")


def test_the_age_is_that_of_the_last_backup_of_any_kind(db: Any) -> None:
    from django.db import connection

    with pytest.raises(CommandError, match="No backup is known"):
        call_command("backup", "--check")
    with connection.cursor() as cursor:  # as docs/guides/operating.md has pgBackRest's cron note it
        cursor.execute("INSERT INTO scribe_backup (kind) VALUES ('pgbackrest')")
    call_command("backup", "--check")
    Backup.objects.update(made_at=timezone.now() - timedelta(hours=27))
    with pytest.raises(CommandError, match="27 hours"):
        call_command("backup", "--check")
    assert Backup.objects.get().kind == "pgbackrest"
