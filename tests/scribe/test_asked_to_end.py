"""What starts servers ends them when it is asked to end: the tests, `make bench` and `make soak`."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import embedded
from tests.live import wait

ROOT = Path(__file__).resolve().parents[2]
# Each has a stack of its own besides PostgreSQL and Valkey.
RUNS = {
    "pytest": ["pytest", "tests/scribe/test_worker_files.py", "-k", "beats_and_writes"],
    "workers of pytest": ["pytest", "tests/scribe/test_worker_files.py", "-k", "beats_and_writes", "-n", "1"],
    "bench": ["tests.benchmarks", "streams"],
    "soak": ["tests.soak"],
}


@pytest.fixture
def within() -> Iterator[Path]:
    """A folder that PostgreSQL's user can enter, too."""
    made = Path(tempfile.mkdtemp(prefix="scribe-tests-", dir="/var/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_nothing_is_left_of_a_run_that_is_asked_to_end(run: str, within: Path) -> None:
    ours = ("SCRIBE_TEST_", "PYTEST_", "DATABASE_", "REDIS_", "DATA_DIR")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    begun = subprocess.Popen(
        [sys.executable, "-m", *RUNS[run]],
        cwd=ROOT,
        env={**environment, "SCRIBE_TEST_WITHIN": str(within)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def left() -> list[psutil.Process]:
        return [process for folder in within.iterdir() for process in embedded.started_within(folder)]

    try:
        # Seldom: to look through all processes takes as long as a tenth of a second.
        wait(lambda: any("scribe.web" in (process.info["cmdline"] or ()) for process in left()), seconds=200, every=1)
        assert {"postgres", "valkey-server"} <= {process.info["name"] for process in left()}
        begun.send_signal(signal.SIGTERM)
        assert begun.wait(90) == 128 + signal.SIGTERM
        assert left() == []
        assert list(within.iterdir()) == []
    finally:
        begun.kill()
        for process in left():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
