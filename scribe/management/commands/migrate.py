"""Django's `migrate`, which keeps nobody waiting: a statement that gets no lock in time is undone, and tried again later.

A lock on a table waits for every open transaction that has read it, such as a backup, and all later readers wait behind it.
https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
"""

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations.loader import AmbiguityError, MigrationLoader

from scribe import database

# PostgreSQL ends a statement that waited too long, and one of two transactions that wait for each other.
NO_LOCK = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class Command(migrate.Command):
    requires_system_checks = (Tags.models, Tags.database)  # all the others load every view

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lock-timeout", type=float, default=3, help="seconds that a statement waits for a lock")
        parser.add_argument("--tries", type=int, default=100, help="how often a migration is tried that gets no lock")
        parser.add_argument("--pause", type=float, default=5, help="seconds between two tries")

    def handle(self, *args: object, **options: Any) -> None:  # type: ignore[explicit-any]  # handed on
        if settings.DATABASE_POOLER:
            raise CommandError("Set DATABASE_POOLER=false and a DATABASE_URL that leads to PostgreSQL itself.")
        connection = connections[options["database"]]
        if options["app_label"] and options["migration_name"]:
            loader = MigrationLoader(connection)
            options["migration_name"] = name_in_graph(loader, options["app_label"], options["migration_name"])
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


def name_in_graph(loader: MigrationLoader, app: str, name: str) -> str:
    """The migration to go to when `name` is what an earlier release calls it: the last of those that were squashed stands for
    their squash. Nobody goes back beyond it with today's code."""
    squashes = {
        key: one.replaces for key, one in loader.replacements.items() if key[0] == app and key in loader.graph.nodes
    }
    if name != "zero":
        try:
            name = loader.get_migration_by_prefix(app, name).name
        except (AmbiguityError, KeyError):
            return name  # which Django says better
    for (_, squash), replaced in squashes.items():
        if (app, name) == replaced[-1]:
            return squash
        if (app, name) in replaced or name == "zero":
            raise CommandError(
                f"Today's code goes back to {app} {replaced[-1][1]} at most. Go there, then further with the code of the "
                "release that has it as its last."
            )
    return name
