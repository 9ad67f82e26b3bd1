"""Django's backend for PostgreSQL, whose cursors close quietly when the connection is lost.

A reply that streams rows, and a loop over many rows, close a cursor of the server at the end. Django passes on the driver's
own error from that statement, which is none of Django's, so no `except` of ours would know it. The rows are complete by
then, and a lost connection shows itself at the next statement and at the commit.
"""

from __future__ import annotations

import psycopg
from django.db.backends import utils
from django.db.backends.postgresql import base


class QuietlyClosed(utils.CursorWrapper):
    def close(self) -> None:
        try:
            self.cursor.close()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.db.errors_occurred = True  # the connection is looked at before it is used again


class DatabaseWrapper(base.DatabaseWrapper):
    def make_cursor(self, cursor: object) -> QuietlyClosed:
        return QuietlyClosed(cursor, self)
