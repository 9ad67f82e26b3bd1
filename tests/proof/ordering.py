"""Two at once in an order of the test's choosing: the first holds its locks until PostgreSQL says that the other waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from billing import reconciliation
from billing.models import Wallet
from scribe.jobs import registry, worker
from scribe.jobs.models import Job
from tests.billing import books
from tests.helpers import waiting_sessions

LIMIT = 90.0  # seconds until a test gives up


def in_order(
    first: Callable[[], Any],
    then: Callable[[], Any],
    *,
    rest: Callable[[], Any] = lambda: None,
    waits: bool = True,
    commits: bool = True,
) -> tuple[Any, Any]:
    """What came of both, errors as they were raised.

    `first` runs in a transaction that stays open. `then` starts on a connection of its own, and must come to wait for a
    lock of the first; without `waits` it must end, whatever the first holds. Only then the first does the `rest` and
    commits, or, without `commits`, rolls back.
    """
    pids: dict[str, Queue[int]] = {"first": Queue(), "then": Queue()}
    holds, go_on = Event(), Event()

    def pid(name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids[name].put(cursor.fetchone()[0])

    def holding() -> Any:
        try:
            pid("first")
            with transaction.atomic():
                result = first()
                holds.set()
                assert go_on.wait(LIMIT), "nobody let the first go on"
                rest()
                transaction.set_rollback(not commits)
            return result
        finally:
            holds.set()
            connection.close()

    def following() -> Any:
        try:
            pid("then")
            return then()
        finally:
            connection.close()

    if settings.DATABASE_POOLER:
        pytest.skip(
            "the order is seen by the processes of connections, and behind a pooler each transaction has another"
        )
    with ThreadPoolExecutor(2) as pool:
        try:
            one = pool.submit(holding)
            assert holds.wait(LIMIT), "the first never got its locks"
            assert not one.done(), f"the first broke off: {one.exception()!r}"
            other = pool.submit(following)
            if waits:
                _until_it_waits(pids["then"].get(timeout=LIMIT), other, pids["first"].get(timeout=LIMIT))
            else:
                other.exception(LIMIT)
        finally:
            go_on.set()
        return _outcome(one), _outcome(other)


def elsewhere(work: Callable[[], Any]) -> Any:
    """`work` as another request would do it while this one goes on; an error as it was raised."""
    came: list[Any] = []

    def run() -> None:
        try:
            came.append(work())
        except Exception as error:
            came.append(error)
        finally:
            connection.close()

    other = Thread(target=run)
    other.start()
    other.join(60)
    assert came, "it never ended"
    return came[0]


def held(job: Job) -> worker.Run:
    """The job in the hands of a worker that has begun it."""
    taken = worker.claim(job.pk)
    assert taken is not None
    return worker.Run(taken, registry.kinds[taken.job_type])


def _until_it_waits(pid: int, other: Future[Any], holder: int) -> None:
    ends = monotonic() + LIMIT
    while monotonic() < ends:
        assert not other.done(), f"the second did not wait for the first: {_outcome(other)!r}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [holder, pid])
            if cursor.fetchone() == (True,) and pid in waiting_sessions():
                return
    raise AssertionError("the second never came to wait for the first")


def _outcome(future: Future[Any]) -> Any:
    error = future.exception(LIMIT)
    return future.result() if error is None else error


def checked(organization: Any) -> Wallet:
    """The wallet, after all books of all organizations were found to add up."""
    wallet = books.check(organization)
    assert reconciliation.find() == []
    return wallet
