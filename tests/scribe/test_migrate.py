"""Migrations wait for a lock briefly and often, so that nobody waits behind them for long."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from scribe import database
from scribe.models import Job
from tests.database import ROOT, manage
from tests.live import database_url, wait

TIMEOUT = 2  # seconds that the migration waits for a lock


@pytest.fixture(autouse=True)
def altering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of a test know a migration that alters the table of jobs."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.scribe.altering.settings")


def undo(url: str, *options: str) -> subprocess.Popen[str]:
    """`manage.py migrate` back over the migration that alters the table of jobs, as a process."""
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"}
    command = [sys.executable, "manage.py", "migrate", "altering", "zero", f"--lock-timeout={TIMEOUT}", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def waits_for_lock(link: Any) -> int:
    """How many wait for a lock on the table of jobs that nobody else may have beside them."""
    return link.execute(
        "SELECT count(*) FROM pg_locks WHERE relation = 'scribe_job'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted"
    ).fetchone()[0]


def test_an_alter_behind_a_long_transaction_delays_no_reader_beyond_the_lock_timeout(own_database: str) -> None:
    manage(own_database, "migrate", "altering", "--verbosity=0")
    with (
        psycopg.connect(own_database) as long,
        psycopg.connect(own_database, autocommit=True) as reader,
        psycopg.connect(own_database, autocommit=True) as observer,
    ):
        long.execute("SELECT count(*) FROM scribe_job")  # as a backup does, which stays open
        reader.execute(f"SET lock_timeout = '{TIMEOUT * 2}s'")  # a reader that would have to wait for the backup fails
        migration = undo(own_database, "--pause=0.2")
        try:
            for _ in range(3):
                wait(lambda: waits_for_lock(observer))
                reader.execute("SELECT count(*) FROM scribe_job")
            assert migration.poll() is None
            long.commit()
            said, _ = migration.communicate(timeout=120)
        finally:
            migration.kill()
        assert migration.returncode == 0, said
        assert "No lock within 2 s, trying again" in said
        assert "SELECT count(*) FROM scribe_job" in said  # whoever holds it is named
        names = {
            name
            for (name,) in observer.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'scribe_job'::regclass")
        }
        assert "altered" not in names


def test_a_lock_that_is_not_to_be_had_ends_the_migration_and_changes_nothing(own_database: str) -> None:
    manage(own_database, "migrate", "altering", "--verbosity=0")
    with psycopg.connect(own_database, application_name="the nightly dump") as long:
        long.execute("SELECT count(*) FROM scribe_job")
        migration = undo(own_database, "--tries=2", "--pause=0")
        said, _ = migration.communicate(timeout=120)
        assert migration.returncode == 1
        assert "A lock was not to be had" in said
        assert "the nightly dump" in said
    assert "[X] 0001_initial" in manage(own_database, "showmigrations", "altering")


def test_a_pooler_is_passed_by(settings: Any) -> None:
    settings.DATABASE_POOLER = True
    with pytest.raises(CommandError, match="DATABASE_POOLER=false"):
        call_command("migrate")


def test_an_index_beside_writers_waits_for_old_transactions_and_replaces_what_broke_off(committed: Any) -> None:
    """Nobody waits behind it, so the time limit is not for it; and an attempt that broke off leaves an index of its name."""
    if connection.settings_dict["HOST"] == "" or os.environ["SCRIBE_TEST_POOLED_URL"]:
        pytest.skip("a pooler hides who waits")
    index = models.Index("created_at", "status", name="job_of_this_test")
    done = threading.Event()

    def build() -> None:
        try:
            with database.lock_timeout(connection, 0.1), connection.schema_editor(atomic=False) as editor:
                editor.add_index(Job, index, concurrently=True)
            done.set()
        finally:
            connection.close()

    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX job_of_this_test ON scribe_job (id)")
    with psycopg.connect(database_url()) as writer, psycopg.connect(database_url(), autocommit=True) as observer:
        writer.execute("SELECT pg_current_xact_id(), count(*) FROM scribe_job")
        thread = threading.Thread(target=build)
        thread.start()
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted"
        wait(lambda: observer.execute(waits).fetchone()[0])
        observer.execute("SELECT pg_sleep(0.3)")  # longer than the limit
        assert thread.is_alive()
        writer.commit()
        thread.join(timeout=60)
    assert done.is_set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'job_of_this_test'")
        assert "created_at, status" in cursor.fetchone()[0]
        cursor.execute("DROP INDEX job_of_this_test")
