"""`make drill` when it is asked to end."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.drill import servers
from tests.live import wait

ROOT = Path(__file__).resolve().parents[2]


def below(folder: str) -> Iterator[psutil.Process]:
    """The PostgreSQL servers with their data below `folder`."""
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and any(
            word.startswith(folder) for word in process.info["cmdline"] or ()
        ):
            yield process


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that PostgreSQL's user can enter, too."""
    made = Path(tempfile.mkdtemp(prefix="scribe-tests-", dir="/var/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.slow
@pytest.mark.skipif(not servers(), reason="pgBackRest, openssl and a PostgreSQL of Debian's are not all here")
def test_the_drill_stops_its_postgresql_when_it_is_asked_to_end(folder: Path) -> None:
    drill = subprocess.Popen(
        [sys.executable, "-m", "tests.drill", str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait(lambda: list(folder.glob("*/pg*/data/postmaster.pid")))  # the server has begun
        drill.send_signal(signal.SIGTERM)
        assert drill.wait(60) == 128 + signal.SIGTERM
        wait(lambda: not list(below(str(folder))))
        assert list(folder.iterdir()) == []
    finally:
        drill.kill()
        for process in below(str(folder)):
            process.kill()
