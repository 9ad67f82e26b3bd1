"""Django's `migrate`, which keeps nobody waiting: a statement that gets no lock in time is undone, and tried again later.

A lock on a table waits for every open transaction that has read it, such as a backup, and all later readers wait behind it.
https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from scribe import database

# PostgreSQL ends a statement that waited too long, and one of two transactions that wait for each other.
NO_LOCK = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lock-timeout", type=float, default=3, help="seconds that a statement waits for a lock")
        parser.add_argument("--tries", type=int, default=100, help="how often a migration is tried that gets no lock")
        parser.add_argument("--pause", type=float, default=5, help="seconds between two tries")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_POOLER:
            raise CommandError("Set DATABASE_POOLER=false and a DATABASE_URL that leads to PostgreSQL itself.")
        connection = connections[options["database"]]
        for left in reversed(range(options["tries"])):
            try:
                with database.lock_timeout(connection, options["lock_timeout"]):
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, NO_LOCK):
                    raise
                holders = "\n".join(database.oldest_transactions(connection))
                if not left:
                    raise CommandError(
                        f"A lock was not to be had; what was done until then stays. End what holds it, then migrate again:\n{holders}"
                    ) from error
                self.stdout.write(
                    f"No lock within {options['lock_timeout']:g} s, trying again. Oldest transactions:\n{holders}"
                )
                time.sleep(options["pause"])
