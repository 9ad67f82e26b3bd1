"""The real stack for tests: uvicorn, Celery workers and beat as processes, on this run's database and Valkey."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from django.conf import settings
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from scribe.local import servers
from scribe.local.supervisor import Stack
from tests.database import restore
from tests.factories import token_of


def database_url() -> str:
    """This test database, as child processes reach it."""
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"


class Parts(Stack):
    """A stack of the processes of these names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(quiet=True, migrate=False)  # test databases are migrated
        self.names = names

    def heed_signals(self) -> None:
        """They are the run's, which ends the stack with itself."""

    def commands(self) -> dict[str, list[str]]:
        known = super().commands()
        return {name: known[name] for name in self.names or known}


class Live:
    """The running stack: `call` it over HTTP, `kill` parts of it, `wait` for something to become true.

    `parts`: the names of the processes that the tests have to do with, `web` first; without any, all run.
    """

    def __init__(self, *parts: str, **environment: str) -> None:
        self.port = servers.free_port()
        self.environment = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DATABASE_POOL_SIZE": "8",
            "DEFAULT_GROUNDING": settings.DEFAULT_GROUNDING,
            **environment,
        }
        self.before = {name: os.environ.get(name) for name in self.environment}
        self.stack = Parts(parts)
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start what is not running."""
        os.environ.update(self.environment)
        try:
            self.stack.up()
        finally:
            for name, value in self.before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def have(self, parts: tuple[str, ...]) -> None:
        """Run these parts, or all, and no others. What runs of them goes on."""
        self.stack.names = ()
        wanted = parts or tuple(self.stack.commands())
        running = {process.name: process for process in self.stack.processes if not process.dead()}
        self.stack.processes = [process for name, process in running.items() if name not in wanted]
        self.stack.down()
        kept = [process for name, process in running.items() if name in wanted]
        self.stack.names = tuple(name for name in wanted if name not in running)
        self.stack.processes = []
        if self.stack.names:
            self.start()
        self.stack.processes += kept

    def stop(self) -> None:
        if self.stack.processes:
            ENDED.append(self)
        self.stack.down()
        self.stack.processes = []

    def process(self, name: str) -> Any:
        return next(process for process in self.stack.processes if process.name == name)

    def kill(self, name: str) -> None:
        """`kill -9` of a part and of everything that it started."""
        child = self.process(name).child
        for process in [*psutil.Process(child.pid).children(recursive=True), psutil.Process(child.pid)]:
            process.kill()
        child.wait()

    def revive(self, name: str) -> None:
        self.process(name).start()

    def call(
        self, method: str, path: str, user: Any = None, status: int | None = 200, **more: Any
    ) -> requests.Response:
        headers = {**more.pop("headers", {})}
        if user is not None:
            headers.setdefault("Authorization", f"Bearer {token_of(user)}")
        path = path if path.startswith("/") else f"/api/v1/{path}"
        response = requests.request(method, self.url + path, headers=headers, timeout=more.pop("timeout", 60), **more)
        if status is not None:
            assert response.status_code == status, f"{method} {path}: {response.status_code}: {response.text[:1500]}"
        return response


def wait(until: Callable[[], Any], *, seconds: float = 90, every: float = 0.1) -> Any:
    """The first true value of `until`; fails the test when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := until():
            return found
        time.sleep(every)
    raise AssertionError(f"nothing within {seconds} s")


def logs_of(live: Live) -> str:
    folder: Path = live.stack.data_dir / "logs"
    return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-4000:]}" for path in folder.glob("*.log"))


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    """The processes that a module needs of the stack; all, unless it says otherwise."""
    return ()


SHARED: list[Live] = []
SHARING: set[Path] = set()  # the files with a test that has it
ENDED: list[Live] = []  # since the database was restored


@pytest.fixture(scope="session")
def shared_stack(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    """One stack for all modules of this process that wish for no environment of their own."""
    with django_db_blocker.unblock():
        SHARED.append(Live(JOB_LEASE_SECONDS="6"))
    yield SHARED[0]
    SHARED.pop().stop()


def keep_apart(item: pytest.Item) -> None:
    """The shared stack's workers would take what another file's tests queue: those run without them. What a stack wrote
    after its last test was cleaned up after, such as that a worker keeps files, is no part of the next test."""
    if SHARED and item.path not in SHARING:
        SHARED[0].stop()
    if ENDED:
        with item.config.stash[blocking_manager_key].unblock():
            restore()
            connection.close()
        ENDED.clear()


@pytest.fixture(scope="module")
def live_stack(parts: tuple[str, ...], shared_stack: Live, django_db_blocker: Any) -> Live:
    with django_db_blocker.unblock():
        shared_stack.have(parts)
        connection.close()
    return shared_stack


@pytest.fixture
def live(live_stack: Live, committed: Any) -> Iterator[Live]:
    """The stack with an empty database; whatever a test killed is running again afterwards."""
    yield live_stack
    for process in live_stack.stack.processes:
        if process.dead():
            process.start()
