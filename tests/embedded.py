"""A pytest plugin: real PostgreSQL and Valkey for this run, started before Django reads its settings.

With xdist the controller starts the servers; each worker has its own database, Valkey number and file folder.

With SCRIBE_TEST_POOLER=1 the product reaches PostgreSQL through PgBouncer in transaction mode (tests/pooler.py).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

SERVERS: list[Any] = []
POOLERS: list[Any] = []


def _prepare() -> None:
    """Start this run's servers unless a parent process did, and point the settings at them."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    made = False
    # A run starts a hundred processes; compiling the product anew would be a third of the start of each.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "SCRIBE_TEST_DIR" not in os.environ:
        from scribe.local import servers

        folder = Path(tempfile.mkdtemp(prefix="scribe-tests-", dir="/var/tmp"))
        folder.chmod(0o755)
        running = servers.start(folder, durable=False)
        SERVERS.append((running, folder))
        os.environ["SCRIBE_TEST_DIR"] = str(folder)
        os.environ["SCRIBE_TEST_DATABASE_URL"] = running.database_url
        os.environ["SCRIBE_TEST_REDIS_URL"] = running.redis_url
        os.environ["SCRIBE_TEST_POOLED_URL"] = ""
        if os.environ.get("SCRIBE_TEST_POOLER") == "1":
            from tests.pooler import Pooler

            pooler = Pooler(folder / "pooler", running.database_url)
            POOLERS.append(pooler)
            os.environ["SCRIBE_TEST_POOLED_URL"] = pooler.url
        made = True
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
            "PUBLIC_URL": "http://testserver",
            "FRONTEND_URL": "https://app.example.com",
            "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
            "DATABASE_POOL_SIZE": "40",
        }
    )
    Path(os.environ["DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
    if made:
        from tests import template

        os.environ["SCRIBE_TEST_TEMPLATE"] = template.make(os.environ["SCRIBE_TEST_DATABASE_URL"])


_prepare()


def pytest_configure(config: pytest.Config) -> None:
    if os.environ["SCRIBE_TEST_POOLED_URL"]:
        config.option.reuse_db = True  # the pooler keeps connections to it; it goes with its server


def pytest_unconfigure(config: pytest.Config) -> None:
    while POOLERS:
        POOLERS.pop().stop()
    while SERVERS:
        running, folder = SERVERS.pop()
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
