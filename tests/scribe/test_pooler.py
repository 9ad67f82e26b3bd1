"""The product behind PgBouncer in transaction mode: one connection of the server for all, handed on after each transaction."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections
from django.db.utils import load_backend

from scribe import database
from scribe.models import RateLimit
from tests.live import database_url
from tests.pooler import BINARY, Pooler

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = ROOT / "deploy/pgbouncer/roles.sql"

needs_pgbouncer = pytest.mark.skipif(not BINARY, reason="pgbouncer comes with Debian's package `pgbouncer`")


def test_the_roles_have_the_limits_of_the_processes():
    written = re.findall(r"ALTER ROLE scribe_(\w+) SET (\w+) = '(\d+)s';", ROLES.read_text())
    told = {(role, name): int(seconds) for role, name, seconds in written}
    for role, timeouts in (("web", database.WEB), ("worker", database.WORKER)):
        assert told.pop((role, "statement_timeout")) == timeouts.statement
        assert told.pop((role, "lock_timeout")) == timeouts.lock
        assert told.pop((role, "idle_in_transaction_session_timeout")) == timeouts.idle
    assert not told
    parallel = re.findall(r"ALTER ROLE scribe_(\w+) SET max_parallel_workers_per_gather = 0;", ROLES.read_text())
    assert parallel == ["web", "worker"]


def test_nothing_in_the_product_outlives_a_transaction():
    """Locks, listeners, temporary tables and settings of a session are lost, or found by others, behind a pooler. A table
    that goes with its transaction is neither."""
    forbidden = re.compile(
        r"pg_(?:try_)?advisory_lock\b|pg_(?:try_)?advisory_lock_shared\b|\b(?:UN)?LISTEN [a-z]|\bNOTIFY [a-z]|pg_notify"
        r"|CREATE TEMP(?![^;]*ON COMMIT DROP)|WITH HOLD|\"SET (?!LOCAL|TRANSACTION)[a-z]|'SET (?!LOCAL|TRANSACTION)[a-z]|, false\)\", \[.*set_config"
    )
    seen = 0
    for path in sorted(ROOT.glob("*/**/*.py")):
        if path.parts[len(ROOT.parts)] in ("tests", "clients", "var", ".venv", "deploy"):
            continue
        seen += 1
        if path != ROOT / "scribe/postgres/base.py":  # which tells of it
            assert not forbidden.search(path.read_text()), path
    assert seen > 300


@needs_pgbouncer
class TestBehindPgBouncer:
    @pytest.fixture
    def pooler(self, transactional_db: None) -> Iterator[Pooler]:
        folder = Path(tempfile.mkdtemp(prefix="scribe-pooler-", dir="/var/tmp"))
        folder.chmod(0o755)  # as root, PgBouncer runs as another user
        found = Pooler(folder / "p", re.sub(r"host=[^&]*", f"host={self.postgres()}", database_url()))
        yield found
        found.stop()
        shutil.rmtree(folder)

    @staticmethod
    def postgres() -> str:
        """The folder of PostgreSQL's own socket, also where the run has a pooler."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW unix_socket_directories")
            return str(cursor.fetchone()[0]).split(",")[0].strip()

    @pytest.fixture
    def pooled(self, pooler: Pooler, settings: Any) -> Iterator[Any]:
        """Django's connection, for now one through the pooler."""
        settings.DATABASE_POOLER = True
        known = dict(connection.settings_dict)
        known["HOST"] = str(pooler.folder)
        known["OPTIONS"] = {**known["OPTIONS"], "prepare_threshold": None}
        for name in ("pool", "options"):  # scribe.asgi may have been imported, which limits the process
            known["OPTIONS"].pop(name, None)
        made = load_backend("scribe.postgres").DatabaseWrapper(known, "default")
        own = connections["default"]
        connections["default"] = made
        yield made
        connections["default"] = own
        made.close()

    def test_many_rows_are_read_bit_by_bit_while_others_have_their_transactions(
        self, pooler: Pooler, pooled: Any
    ) -> None:
        """A cursor WITH HOLD was somebody else's after the first bit: `cursor does not exist`."""
        RateLimit.objects.all().delete()
        RateLimit.objects.bulk_create(RateLimit(scope=f"s{n}", number=1, seconds=1) for n in range(300))
        rows = RateLimit.objects.order_by("pk").iterator(chunk_size=50)
        seen = [next(rows).scope]
        other = psycopg.connect(pooler.url)
        other.execute("SELECT 1")  # takes the server's connection that was last free, and keeps it for its transaction
        for n, row in enumerate(rows):
            seen.append(row.scope)
            if n % 60 == 0:  # another transaction in between, which writes
                RateLimit.objects.filter(pk=row.pk).update(number=2)
        other.close()
        assert len(seen) == len(set(seen)) == 300
        assert RateLimit.objects.filter(number=2).count() == 5
        unfinished = RateLimit.objects.iterator(chunk_size=50)
        next(unfinished)
        unfinished.close()

    def test_an_error_of_the_statement_closes_the_connection_of_its_own(self, pooled: Any) -> None:
        cursor = pooled.chunked_cursor()
        raw = cursor.cursor.connection
        with pytest.raises(ProgrammingError), cursor:
            cursor.execute("SELECT * FROM there_is_none")
        assert raw.closed

    def test_each_role_brings_its_own_timeouts(self, pooler: Pooler) -> None:
        def admin() -> Any:
            return psycopg.connect(database_url(), autocommit=True)

        with admin() as link:
            owner = link.execute("SELECT current_user").fetchone()[0]
            for role in ("scribe_web", "scribe_worker"):
                link.execute(f"DROP ROLE IF EXISTS {role}")
            text = ROLES.read_text().replace(':"owner"', f'"{owner}"')
            link.execute(re.sub(r":'(\w+)'", "'x'", text))
        try:
            for role, wanted in (("scribe_web", database.WEB), ("scribe_worker", database.WORKER)):
                url = re.sub(r"//[^@]*@", f"//{role}@", pooler.url)
                with psycopg.connect(url, autocommit=True) as link:
                    told = link.execute("SELECT setting::int / 1000 FROM pg_settings WHERE name = 'statement_timeout'")
                    assert told.fetchone()[0] == wanted.statement
                    assert link.execute("SELECT count(*) FROM scribe_job").fetchone() == (0,)  # rights of the owner
        finally:
            with admin() as link:
                link.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('scribe_web', 'scribe_worker')"
                )
                for role in ("scribe_web", "scribe_worker"):
                    link.execute(f"DROP ROLE IF EXISTS {role}")

    def test_options_of_connections_are_left_out(self, pooled: Any, settings: Any) -> None:
        database.limit(database.WEB)
        assert "options" not in connection.settings_dict["OPTIONS"]
        with pooled.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


def test_without_a_pooler_rows_are_read_on_the_thread_s_own_connection(transactional_db: None) -> None:
    if settings.DATABASE_POOLER:
        pytest.skip("this run has a pooler")
    with connection.chunked_cursor() as cursor:
        assert cursor.cursor.connection is connection.connection
