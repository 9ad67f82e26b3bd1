"""A pytest plugin: real PostgreSQL and Valkey for this run. Their addresses are known before Django reads its settings; they
start before the tests if one of them has a database or starts processes, or when one calls Valkey. Pure tests start nothing.

With xdist the controller starts them; each worker has its own database, Valkey number and file folder.

With SCRIBE_TEST_POOLER=1 the product reaches PostgreSQL through PgBouncer in transaction mode (tests/pooler.py).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis.asyncio.connection
import redis.connection

SERVERS: list[Any] = []
POOLERS: list[Any] = []
ASKED: list[int] = []  # the signal by which the run was asked to end
OWN: list[Path] = []  # the folder of the run that began in this process
LINKS = (redis.connection.AbstractConnection, redis.asyncio.connection.AbstractConnection)
connect = [link.connect for link in LINKS]


def _prepare() -> None:
    """Choose the addresses of this run's servers unless a parent process did, and point the settings at them."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    # A run starts a hundred processes; compiling the product anew would be a third of the start of each.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "SCRIBE_TEST_DIR" not in os.environ:
        from scribe.local import servers

        within = os.environ.get("SCRIBE_TEST_WITHIN", "/var/tmp")
        folder = Path(tempfile.mkdtemp(prefix="scribe-tests-", dir=within))
        OWN.append(folder)
        folder.chmod(0o755)
        os.environ["SCRIBE_TEST_DIR"] = str(folder)
        os.environ["SCRIBE_TEST_DATABASE_URL"] = f"postgresql://postgres:@/scribe?host={folder / 'postgres'}"
        os.environ["SCRIBE_TEST_REDIS_URL"] = servers.valkey_url()
        os.environ["SCRIBE_TEST_POOLED_URL"] = ""
        if os.environ.get("SCRIBE_TEST_POOLER") == "1":
            from tests.pooler import Pooler

            _start_servers()
            pooler = Pooler(folder / "pooler", os.environ["SCRIBE_TEST_DATABASE_URL"])
            POOLERS.append(pooler)
            os.environ["SCRIBE_TEST_POOLED_URL"] = pooler.url
    folder = Path(os.environ["SCRIBE_TEST_DIR"])
    number = int(worker.removeprefix("gw") or 0) + 1 if worker else 0
    os.environ.update(
        {
            "DATABASE_URL": os.environ["SCRIBE_TEST_POOLED_URL"] or os.environ["SCRIBE_TEST_DATABASE_URL"],
            "DATABASE_POOLER": "true" if os.environ["SCRIBE_TEST_POOLED_URL"] else "false",
            "REDIS_URL": os.environ["SCRIBE_TEST_REDIS_URL"].rsplit("/", 1)[0] + f"/{number % 16}",
            "DATA_DIR": str(folder / f"data{number}"),
            "SECRET_KEY": "a-secret-for-tests-" + "x" * 50,
            "JWT_SIGNING_KEY": "another-secret-for-tests-" + "x" * 50,
            "FIELD_ENCRYPTION_KEYS": "2v3m3M2mXQ2n0Y0m0G1rT1o0b8b1mK3pX0m4v1Q2c3E=",
            "RATE_LIMIT_FACTOR": "0",
            "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "EMAIL_URL": f"filemail://{folder / f'data{number}' / 'mail'}",
            "PUBLIC_URL": "http://testserver",
            "FRONTEND_URL": "https://app.example.com",
            "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
            "DATABASE_POOL_SIZE": "40",
        }
    )
    Path(os.environ["DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
    if not started():
        for link, known in zip(LINKS, connect, strict=True):
            link.connect = _starting(known)  # type: ignore[method-assign]


def _starting(known: Any) -> Any:
    """A Valkey client's `connect` that starts the servers before."""

    def first(self: Any, *given: Any, **named: Any) -> Any:
        start()
        return known(self, *given, **named)

    return first


def started() -> bool:
    return "SCRIBE_TEST_TEMPLATE" in os.environ


def start() -> None:
    """Start the servers unless they run, with the database that test databases are copied from."""
    if started():
        return
    for link, known in zip(LINKS, connect, strict=True):
        link.connect = known  # type: ignore[method-assign]
    from tests import processes, template

    with processes.allowed():
        if not SERVERS:
            _start_servers()
        os.environ["SCRIBE_TEST_TEMPLATE"] = template.make(os.environ["SCRIBE_TEST_DATABASE_URL"])


def _start_servers() -> None:
    from scribe.local import servers

    folder = Path(os.environ["SCRIBE_TEST_DIR"])
    running = servers.start(folder, durable=False, redis_url=os.environ["SCRIBE_TEST_REDIS_URL"])
    SERVERS.append(running)
    assert running.database_url == os.environ["SCRIBE_TEST_DATABASE_URL"]


_prepare()


def _end(*_: Any) -> None:
    ASKED.append(signal.SIGTERM)
    raise KeyboardInterrupt("asked to end")  # which no `except Exception` of the product's takes for its own


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if ASKED:  # and what was going on, such as a collection of garbage, swallowed the exception
        raise KeyboardInterrupt("asked to end")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if ASKED:
        session.exitstatus = 128 + signal.SIGTERM


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGTERM, _end)  # so that what is open is closed
    if os.environ["SCRIBE_TEST_POOLED_URL"]:
        config.option.reuse_db = True  # the pooler keeps connections to it; it goes with its server
    if config.getoption("numprocesses", None):
        start()


def pytest_unconfigure() -> None:
    stop()


def stop() -> None:
    """End this run's servers and whatever else it started, such as the stack of a worker that was killed."""
    if not OWN:
        return
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # we are ending
    while POOLERS:
        POOLERS.pop().stop()
    while SERVERS:
        SERVERS.pop().stop()
    folder = OWN.pop()
    left = list(started_within(folder))
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(left, timeout=10)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def started_within(folder: Path) -> Iterator[psutil.Process]:
    """The processes of the run that has this folder, except this one: it is named in their environment, or they work in it."""
    for process in psutil.process_iter(["environ", "cwd", "name", "cmdline"]):
        named = (process.info["environ"] or {}).get("SCRIBE_TEST_DIR")
        if process.pid != os.getpid() and (
            named == str(folder) or folder in [(at := Path(process.info["cwd"] or "/")), *at.parents]
        ):
            yield process
