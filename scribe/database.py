"""The database's timeouts, by the kind of process: a request waits little, a job may wait longer, a command as it likes.

PostgreSQL ends what takes longer with an error, which the API answers with 503 and a job takes as a reason to try again.
https://www.postgresql.org/docs/current/runtime-config-client.html
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connections


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
        return " ".join(f"-c {name}={seconds}s" for name, seconds in named.items())


WEB = Timeouts(statement=60, lock=20, idle=60)
WORKER = Timeouts(statement=1800, lock=300, idle=600)


def limit(timeouts: Timeouts) -> None:
    """Have every connection that this process opens from now on keep to `timeouts`.

    DATABASE_TIMEOUTS=false leaves them to the role, and so does DATABASE_POOLER: a pooler passes no options on
    (deploy/pgbouncer/roles.sql sets the same ones at the roles).
    """
    if settings.DATABASE_TIMEOUTS and not settings.DATABASE_POOLER:
        options = connections["default"].settings_dict["OPTIONS"]
        options["options"] = " ".join(filter(None, [options.get("options"), timeouts.options()]))
