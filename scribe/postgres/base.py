"""Django's backend for PostgreSQL, whose cursors close quietly when the connection is lost.

A reply that streams rows, and a loop over many rows, close a cursor of the server at the end. Django passes on the driver's
own error from that statement, which is none of Django's, so no `except` of ours would know it. The rows are complete by
then, and a lost connection shows itself at the next statement and at the commit.

Behind a pooler that hands out connections by transaction (DATABASE_POOLER), nothing outlives a transaction. Django reads many
rows outside of one by a cursor `WITH HOLD`, which the next transaction of somebody else would find, and which its own reader
would not. There such a cursor has a connection and a transaction of its own.
"""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends import utils
from django.db.backends.postgresql import base, operations, schema
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.db.models import Index, Model

from scribe import database, traces
from scribe.traces.statements import statement


class QuietlyClosed(utils.CursorWrapper):
    def execute(self, sql: Any, params: Any = None) -> Any:  # type: ignore[explicit-any]  # as Django has it
        if traces.live is None:
            return super().execute(sql, params)
        with statement(sql):
            return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:  # type: ignore[explicit-any]  # as Django has it
        with statement(sql):
            return super().executemany(sql, param_list)

    def close(self) -> None:
        try:
            self.cursor.close()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.db.errors_occurred = True  # the connection is looked at before it is used again


class Apart(QuietlyClosed):
    """A cursor that has its connection to itself, and closes it."""

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.cursor.connection.close()


class SchemaEditor(schema.DatabaseSchemaEditor):
    """What is done beside readers and writers may wait for old transactions, since nobody waits behind it, and may be done again
    when an earlier attempt broke off."""

    def execute(self, sql: Any, params: Any = ()) -> None:  # type: ignore[explicit-any]  # as Django has it
        if " CONCURRENTLY " not in str(sql) or settings.DATABASE_POOLER:
            return super().execute(sql, params)
        with database.lock_timeout(self.connection, 0):
            return super().execute(sql, params)

    def add_index(self, model: type[Model], index: Index, concurrently: bool = False) -> None:
        if concurrently:
            self.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.quote_name(index.name)}")
        super().add_index(model, index, concurrently)


class Operations(operations.DatabaseOperations):
    compiler_module = "scribe.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    ops_class = Operations

    def make_cursor(self, cursor: object) -> QuietlyClosed:
        return QuietlyClosed(cursor, self)

    def chunked_cursor(self) -> utils.CursorWrapper:
        """A cursor that fetches its rows bit by bit. It sees what was committed when it was opened, or, within a transaction,
        what that transaction sees."""
        if not settings.DATABASE_POOLER or not self.get_autocommit():
            return super().chunked_cursor()
        with self.wrap_database_errors:
            raw = self.Database.connect(**{**self.get_connection_params(), "autocommit": True})
            self._configure_connection(raw)  # type: ignore[attr-defined]
            raw.autocommit = False
            cursor = base.ServerSideCursor(raw, name="rows", scrollable=False, withhold=False)  # type: ignore[call-arg]
            register_tzloader(self.timezone, cursor)
        return Apart(cursor, self)
