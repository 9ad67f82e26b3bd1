"""What every test has: a closed network, an empty broker, a caller of the API and a small cast."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from integrations.ai import tokens
from scribe import logs
from scribe.startup import keep_what_is_loaded
from tests import embedded, processes, sizes
from tests.database import committed, django_db_modify_db_settings, django_db_setup, own_database  # noqa: F401 - fixtures
from tests.live import SHARING, keep_apart, live, live_stack, parts, shared_stack  # noqa: F401 - fixtures
from tests.scribe.source import PACKAGES

# How long an example takes depends on what else the machine does. A change is judged by the same examples each time;
# EXAMPLES=random draws others.
settings.register_profile(
    "patient",
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    derandomize=os.environ.get("EXAMPLES") != "random",
)
settings.load_profile("patient")

PATIENCE = 60  # seconds that a test's threads have for their end
#: Threads that outlived their test, which was told.
GOING_ON: set[threading.Thread] = set()


def pytest_configure(config: pytest.Config) -> None:
    """A warning that our own code or a test causes by what is deprecated, or will be, is an error."""
    for kind in ("DeprecationWarning", "PendingDeprecationWarning"):
        config.addinivalue_line("filterwarnings", rf"error::{kind}:({'|'.join(PACKAGES)}|tests)(\.|$)")


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what starts processes, and what `make test` leaves out of many cases, before `-m` chooses. The order is random
    afterwards, the tests of a file together: files that share the running stack come first, then those that start processes of
    their own or take long. They wait more than they work, and none is left to run alone at the end. Of these, files with a
    time-out beyond the usual lead."""
    processes.mark(items)
    sizes.sample(items)
    yield
    longest = {item.path for item in items if any(mark.args[0] > 300 for mark in item.iter_markers("timeout"))}
    long = {item.path for item in items if any(item.iter_markers("process")) or any(item.iter_markers("slow"))}
    SHARING.update(item.path for item in items if "shared_stack" in getattr(item, "fixturenames", ()))
    items.sort(key=lambda item: (item.path not in SHARING, item.path not in longest, item.path not in long))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    keep_apart(item)


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """A thread that a test began ends before it is cleared up after: it would go on in the next one's database. One that
    does not end fails that test alone."""
    left = [thread for thread in threading.enumerate() if is_of_a_test(thread) and thread not in GOING_ON]
    for thread in left:
        thread.join(PATIENCE)
    GOING_ON.update(thread for thread in left if thread.is_alive())
    yield
    for thread in left:
        assert not thread.is_alive(), f"{thread.name} of {item.nodeid} goes on"


def is_of_a_test(thread: threading.Thread) -> bool:
    work = getattr(thread, "_target", None)
    return not thread.daemon and str(getattr(work, "__module__", "")).startswith("tests.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell how to run the tests in this order again: `-q` leaves the header out, which would."""
    seed = config.getoption("random_order_seed").removeprefix("default:")
    terminalreporter.write_line(f"This order again: --random-order-seed={seed}")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers now if a test is known to need them: to migrate may take longer than a test may. Thousands of tests
    and all that they import stay; looking through them for garbage again and again is no use."""
    if not session.config.option.collectonly and any(map(needs_servers, session.items)):
        embedded.start()
    keep_what_is_loaded()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Look through nothing for garbage any more: pytest would, five times, and is interrupted in it when the other processes of
    the run have ended."""
    gc.callbacks.clear()
    gc.freeze()


def needs_servers(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"} & {*getattr(item, "fixturenames", ())}
    return bool(fixtures or item.get_closest_marker("django_db") or item.get_closest_marker("process"))


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Any:
    """Nothing leaves this machine: a connection to any other address fails the test."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address}")

    def guarded(self: Any, address: Any) -> Any:
        check(address)
        return connect(self, address)

    def guarded_ex(self: Any, address: Any) -> Any:
        check(address)
        return connect_ex(self, address)

    socket.socket.connect, socket.socket.connect_ex = guarded, guarded_ex  # type: ignore[method-assign]
    yield
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def no_needless_work() -> None:
    """Passwords are still hashed by argon2, but cheaply, and no caller lists the admin's static files anew. The processes
    of a live stack do both in full."""
    from django.conf import settings

    from accounts.hashers import Argon2

    Argon2.time_cost, Argon2.memory_cost = 1, 64
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture(scope="session", autouse=True)
def middleware_is_loaded_once() -> Iterator[None]:
    """As in a process that serves, where each of Django's test clients would load it anew. After a setting has changed, the
    next request loads it again."""
    from django.core.signals import setting_changed
    from django.test.client import ClientHandler

    load, loaded = ClientHandler.load_middleware, {}

    def load_once(self: Any) -> None:
        if not loaded:
            load(self)
            loaded.update((name, value) for name, value in vars(self).items() if "_middleware" in name)
        vars(self).update(loaded)

    def forget(**changed: Any) -> None:
        loaded.clear()

    ClientHandler.load_middleware = load_once  # type: ignore[method-assign]
    setting_changed.connect(forget)
    yield
    setting_changed.disconnect(forget)
    ClientHandler.load_middleware = load  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def texts_are_read_where_a_test_asks_for_it() -> None:
    """By the deployment's own default each text that a model writes is read by a second model: one more call, which most
    tests of writing would only count."""
    from django.conf import settings

    settings.DEFAULT_GROUNDING = "tables"


@pytest.fixture(scope="session", autouse=True)
def leases_within_a_test() -> Any:
    """A job that a test's own transaction holds is not seen by the thread that renews its lease, which would take it for
    lost after two seconds of work. Nobody else can take it either, so it is not looked at."""
    from django.db import connection

    from scribe.jobs import worker

    look_every = worker.look_every
    worker.look_every = lambda: 10.0**6 if connection.in_atomic_block else look_every()
    yield
    worker.look_every = look_every


@pytest.fixture(autouse=True)
def nothing_of_another_test() -> None:
    """What the log line of an earlier request carries, such as who works as somebody, ends with its test, and so does what
    the process has learned of providers' counts."""
    logs.clear()
    tokens.forget()


@pytest.fixture(autouse=True)
def clean_valkey() -> Any:
    """Each test starts with an empty broker and cache, once there is one."""
    if not embedded.started():
        return
    from scribe.jobs.events import valkey

    client = valkey()
    # Celery's own bookkeeping stays: running workers have written it once.
    if stale := [key for key in client.scan_iter(count=1000) if not key.startswith(b"_kombu")]:
        client.delete(*stale)


@pytest.fixture(autouse=True)
def clean_files() -> Any:
    """Each test starts without stored files and mails."""
    from django.conf import settings

    yield
    for folder in (settings.MEDIA_ROOT, settings.MAIL_DIR):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def no_hidden_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    """`make test` runs what starts no process, and an unmarked test starts none."""
    if request.node.get_closest_marker("process"):
        embedded.start()  # the process may need them
        yield
        return
    with processes.refused():
        yield


@pytest.fixture
def api() -> Any:
    """A caller of the REST API: `api.as_(user).get(path, status=200)`."""
    from tests.helpers import Api

    return Api()


@pytest.fixture
def cast(db: Any) -> Any:
    """A small cast: `owner` and `teammate` (a member) of one organization, `stranger` of another, `staff`."""
    from tests.factories import make_cast

    return make_cast()
