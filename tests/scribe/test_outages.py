"""Which errors say that PostgreSQL or Valkey is down, and what callers are told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.test import RequestFactory

from scribe.api import problems
from scribe.outages import is_outage
from tests.scribe.source import PACKAGES

ROOT = Path(__file__).resolve().parent.parent.parent


def raised(error: Exception, *, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


def in_cleanup(first: Exception, then: Exception) -> Exception:
    """`then`, raised while `first` is handled."""
    try:
        try:
            raise first
        except Exception:
            raise then  # noqa: B904 - as code does that cleans up
    except Exception as caught:
        return caught


LOST = [
    OperationalError("the connection is lost"),
    InterfaceError("connection already closed"),
    psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly"),
    psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    psycopg.errors.CannotConnectNow("the database system is starting up"),
    psycopg.InterfaceError("the cursor is closed"),
    psycopg.DatabaseError("lost synchronization with server"),
    redis.ConnectionError("Connection closed by server."),
    redis.exceptions.BusyLoadingError("Valkey is loading the dataset in memory"),
    redis.exceptions.ReadOnlyError("You can't write against a read only replica."),
    redis.TimeoutError("Timeout reading from socket"),
]


@pytest.mark.parametrize("error", LOST, ids=lambda error: f"{type(error).__module__}.{type(error).__name__}")
def test_a_lost_part_is_503_with_a_time_to_come_back(error: Exception) -> None:
    for seen in (
        error,
        raised(DatabaseError(str(error)), cause=error),
        raised(TransactionManagementError("the transaction is broken"), cause=error),
        in_cleanup(error, TypeError("'NoneType' object is not subscriptable")),
    ):
        reply = problems.handle(seen)
        assert (reply.status_code, reply["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    "error", [KeyError("x"), psycopg.errors.SyntaxError("at or near"), DatabaseError("no such column")]
)
def test_a_fault_of_ours_is_no_outage(error: Exception) -> None:
    assert not is_outage(error)
    assert problems.handle(error).status_code == 500


def test_an_outage_outside_of_the_views_is_503_too() -> None:
    try:
        raise OperationalError("the connection is lost")
    except OperationalError:
        reply = problems.server_error(RequestFactory().get("/admin/"))
    assert (reply.status_code, reply["Retry-After"]) == (503, "5")
    assert problems.server_error(RequestFactory().get("/admin/")).status_code == 500


def test_a_cursor_of_the_server_closes_quietly_when_the_connection_is_lost(committed: Any) -> None:
    if settings.DATABASE_POOLER:
        pytest.skip("there the cursor has a connection of its own, and no other statement suffers")
    connection.close()
    try:
        cursor = connection.chunked_cursor()
        cursor.execute("SELECT 1")
        assert cursor.fetchmany(5) == [(1,)]
        kill(cursor.connection.info.backend_pid)
        cursor.close()
        with pytest.raises(OperationalError), connection.cursor() as other:
            other.execute("SELECT 1")
    finally:
        connection.close()
    with connection.cursor() as fresh:
        fresh.execute("SELECT 1")


def kill(pid: int) -> None:
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_whoever_goes_on_after_a_lost_connection_knows_all_of_its_errors() -> None:
    """`DatabaseError` leaves out `InterfaceError`: `django.db.Error` is the base of both."""
    found = [
        f"{path.relative_to(ROOT)}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"except\b[^\n:]*\bDatabaseError\b", path.read_text())
    ]
    assert not found
