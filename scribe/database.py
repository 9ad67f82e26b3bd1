"""The database's limits, by the kind of process: a request waits little, a job may wait longer, a command as it likes. A
migration waits little for a lock (`lock_timeout`), since everybody waits behind it.

PostgreSQL ends what takes longer with an error, which the API answers with 503 and a job takes as a reason to try again.
No statement takes more than one processor: PostgreSQL's parallel workers would have the server's priority, not that of the
process which asks (scribe.postgres.priority), and a few large reports would take all processors.
https://www.postgresql.org/docs/current/runtime-config-client.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Timeouts:
    """In seconds: of one statement, of waiting for one lock, and of an open transaction that does nothing."""

    statement: int
    lock: int
    idle: int

    def options(self) -> str:
        """As libpq's `options`."""
        named = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        timeouts = (f"-c {name}={seconds}s" for name, seconds in named.items())
        return " ".join((*timeouts, "-c max_parallel_workers_per_gather=0"))


WEB = Timeouts(statement=60, lock=5, idle=60)
WORKER = Timeouts(statement=1800, lock=300, idle=600)


def limit(timeouts: Timeouts) -> None:
    """Have every connection that this process opens from now on keep to `timeouts`.

    DATABASE_TIMEOUTS=false leaves them to the role, and so does DATABASE_POOLER: a pooler passes no options on
    (deploy/pgbouncer/roles.sql sets the same ones at the roles).
    """
    if settings.DATABASE_TIMEOUTS and not settings.DATABASE_POOLER:
        options = connections["default"].settings_dict["OPTIONS"]
        options["options"] = " ".join(filter(None, [options.get("options"), timeouts.options()]))


@contextmanager
def lock_timeout(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """Have no statement of this connection wait for a lock longer than `seconds`, however many transactions it makes; 0: for
    ever. Not behind a pooler, where others would get the setting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, false)", [f"{seconds}s"])
        before = cursor.fetchone()[0]
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


def oldest_transactions(connection: BaseDatabaseWrapper) -> list[str]:
    """The three that have been open longest beside this connection's own, as sentences for whoever waits for their locks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, usename, application_name, date_trunc('second', clock_timestamp() - xact_start)::text, left(query, 80) "
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
            "ORDER BY xact_start LIMIT 3"
        )
        found = cursor.fetchall()
    return [
        f"process {pid} of {user} ({name or 'unnamed'}), open for {age}: {query}"
        for pid, user, name, age, query in found
    ]
