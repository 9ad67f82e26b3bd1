"""Between tests that commit: empty tables, and the seeded rows (plans, models, prompts) as migrations made them.

Django's own flush would take the seeds along, and the append-only tables refuse it; so the tables are emptied and refilled
with triggers switched off, in one connection. Few tables have rows, and few rows: those are deleted, since a TRUNCATE makes
the files of every table and of its indexes anew.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

from tests import embedded, template

ROOT = Path(__file__).resolve().parent.parent
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
LARGE = 2**22  # bytes of one table from which all are truncated


def tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(name for (name,) in cursor.fetchall() if name not in KEPT)


def remember_seeds() -> None:
    """Copy every row that the migrations made into a schema of its own."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS seeds")
        for table in tables(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'DROP TABLE IF EXISTS seeds."{table}"')
                cursor.execute(f'CREATE TABLE seeds."{table}" AS TABLE "{table}"')


def restore() -> None:
    """Empty every table and put the seeds back; again when a worker that is still running got in the way."""
    for attempt in range(20):
        try:
            with transaction.atomic():
                _restore()
            return
        except OperationalError:  # a deadlock or the lock's time-out
            if attempt == 19:
                raise
            time.sleep(0.2)


def _restore() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("SET LOCAL session_replication_role = replica")
        names = tables(cursor)
        # As a TRUNCATE would: wait for whoever is still writing, and let nobody write in between.
        cursor.execute("LOCK TABLE " + ", ".join(f'"{name}"' for name in names) + " IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seeds'")
        seeded = {name for (name,) in cursor.fetchall()}
        # Tables without a file of any size have no rows. To look into each of the others takes as long as a DELETE.
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
        )
        sizes = {name: size for name, size in cursor.fetchall() if name in names}
        if max(sizes.values(), default=0) > LARGE:
            deeds = ["TRUNCATE " + ", ".join(f'"{name}"' for name in names)]  # all: each refers to others
        else:
            deeds = [f'DELETE FROM "{name}"' for name in sizes]
        deeds += [f'INSERT INTO "{name}" SELECT * FROM seeds."{name}"' for name in sorted(seeded & set(names))]
        cursor.execute("; ".join(deeds))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Test databases are copied from the migrated template."""
    embedded.start()
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ["SCRIBE_TEST_TEMPLATE"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        remember_seeds()
        connection.close()
    TransactionTestCase._fixture_teardown = lambda self: restore()  # type: ignore[method-assign]
    yield
    gc.collect()  # connections of ended threads, which would keep the database from being dropped
    connection.close()
    connection.close_pool()
    # The frames of a failed test are kept, and with them the connections that it had opened.
    with psycopg.connect(os.environ["SCRIBE_TEST_DATABASE_URL"], autocommit=True) as link:
        name = connection.settings_dict["NAME"]
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.fixture
def committed(transactional_db: Any) -> None:
    """Real commits on real connections, as many as a test opens; afterwards the seeds alone are left."""


@pytest.fixture
def own_database(django_db_setup: Any) -> Iterator[str]:
    """A migrated database that a test may migrate back."""
    with template.new_database("way_back", os.environ["SCRIBE_TEST_TEMPLATE"]) as url:
        yield url


def manage(url: str, *arguments: str) -> str:
    """Run a management command in a process of its own, on the database of `url`. Returns what it printed; fails the test when
    the command fails."""
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
