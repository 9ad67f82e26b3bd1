"""What a database answers while it plays back its WAL: rows of before, which nobody may be shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.cluster import Cluster, servers

LOOK = "from scribe.api import health; print(health.look(['database']))"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="scribe-restored-", dir="/var/tmp"))  # a socket's path is short
    folder.chmod(0o755)
    cluster = Cluster(servers()[max(servers())], folder / "postgres")
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


def looked_at(url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", LOOK]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.process
def test_a_database_that_plays_back_its_wal_is_not_ready(cluster: Cluster) -> None:
    url = cluster.create("restored")
    assert looked_at(url) == "({'database': 'ok'}, {})"
    cluster.stop()
    signal = cluster.folder / "data" / "standby.signal"
    signal.touch()
    if cluster.user:
        shutil.chown(signal, cluster.user)
    cluster.start()
    assert looked_at(url).startswith("({'database': 'down'}, {'database': 'PostgreSQL plays back its WAL")
