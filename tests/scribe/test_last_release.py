"""The last release, out of git and with its own packages, on today's schema: alone and beside today's code, as while a
deployment rolls. And the way to today's schema and back, with rows in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader

from tests import releases
from tests.database import manage
from tests.live import Live, logs_of
from tests.released import restore
from tests.releases import ROOT
from tests.template import new_database
from tests.upgrade_probe import Merchant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROUNDS = 3


class Mixed(Live):
    """The stack with the web of one release and the workers and beat of another, each with the packages that it pins and no
    other; None is today's code."""

    def __init__(self, web: releases.Release | None, workers: releases.Release | None, **environment: str) -> None:
        super().__init__(**environment)
        commands = self.stack.commands

        def of(name: str, command: list[str]) -> list[str]:
            release = web if name == "web" else workers
            folder = release.code() if release else ROOT
            python = release.python() if release else releases.packages(ROOT / "requirements.txt")
            tools = str(Path(sys.executable).parent)
            mine = [str(python), *(part.replace(tools, str(python.parent)) for part in command[1:])]
            return ["env", "-C", str(folder), *mine]

        self.stack.commands = lambda: {name: of(name, command) for name, command in commands().items()}  # type: ignore[method-assign]


@contextmanager
def running(web: releases.Release | None, workers: releases.Release | None, **environment: str) -> Iterator[Live]:
    live = Mixed(web, workers, **environment)
    try:
        live.start()
        yield live
    except AssertionError:
        print(logs_of(live))
        raise
    finally:
        live.stop()


@pytest.fixture(scope="module")
def last() -> releases.Release:
    """The last release. One process loads its code and today's before: the eight of a stack would each compile all of it."""
    release = releases.last()
    today = releases.packages(ROOT / "requirements.txt")
    for python, folder in ((release.python(), release.code()), (today, ROOT)):
        subprocess.run([str(python), "manage.py", "check"], cwd=folder, check=True, capture_output=True)
    return release


@pytest.mark.parametrize(("web", "workers"), [("last", "last"), ("last", "new"), ("new", "last")])
def test_the_last_release_serves_on_todays_schema(web: str, workers: str, last: Any, committed: Any) -> None:
    if releases.coming().needs_stop:
        pytest.skip("This release says that it needs a stop.")
    parts = {"last": last, "new": None}
    with running(parts[web], parts[workers]) as live:
        said = live.call("GET", "/health/live").json()["version"]
        assert (said == last.version) == (web == "last")
        for _ in range(ROUNDS):
            merchant = Merchant(live.url)
            merchant.register()
            merchant.work()
            assert len(merchant.replies) >= 9
            assert not [each for each in merchant.replies if each[1] >= 500]


def back_to(release: releases.Release, url: str) -> None:
    """Undo every migration that is not of the release, the newest first."""
    last = release.last_migrations()
    ours = {app for app, _ in MigrationLoader(None).disk_migrations if (ROOT / app / "migrations").is_dir()}
    each = [("migrate", app, last.get(app, "zero")) for app in sorted(ours)]
    code = f"for each in {each}:\n    call_command(*each, interactive=False, verbosity=0)"
    manage(url, "shell", "--command", f"from django.core.management import call_command\n{code}")


@pytest.fixture
def its_database(last: releases.Release) -> Iterator[str]:
    """A database as the release itself migrates it."""
    with new_database("way_back") as url:
        restore(last, url)
        yield url


def test_the_way_to_todays_schema_and_back_keeps_what_was_written(last: Any, its_database: str, committed: Any) -> None:
    given = {"DATABASE_URL": its_database, "DATABASE_POOLER": "false"}
    with running(last, last, **given) as live:
        merchant = Merchant(live.url)
        merchant.register()
        merchant.work()
    manage(its_database, "migrate", "--noinput", "--verbosity", "0")
    with running(None, None, **given) as live:
        merchant.url = live.url
        merchant.check()
        merchant.work()
    back_to(last, its_database)
    with running(last, last, **given) as live:
        merchant.url = live.url
        merchant.check()
        merchant.work()
    assert not [each for each in merchant.replies if each[1] >= 500]
