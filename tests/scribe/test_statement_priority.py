"""PostgreSQL's processes that work for a worker of long jobs give way as it does, and no other process is touched."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from scribe.postgres import priority

OF_LONG_JOBS = """
import os, sys
from types import SimpleNamespace
import psycopg
from scribe.postgres import priority
from scribe.startup import lower_priority
lower_priority(7)
with psycopg.connect(sys.argv[1], autocommit=True) as link:
    priority.take_ours(SimpleNamespace(connection=link))
    pid = link.info.backend_pid
    print(os.getpriority(os.PRIO_PROCESS, pid), open(f"/proc/{pid}/autogroup").read().split()[-1])
"""


@pytest.fixture
def server_is_here() -> None:
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    if not connection.settings_dict["HOST"].startswith("/") or not Path(f"/proc/{pid}/autogroup").exists():
        pytest.skip("PostgreSQL runs on another machine, or on another system than Linux")


@pytest.mark.django_db
def test_a_connection_of_a_process_that_gives_way_gives_way_in_the_server_too(server_is_here: None) -> None:
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"
    script = [sys.executable, "-c", OF_LONG_JOBS, url]
    said = subprocess.run(script, capture_output=True, text=True, check=True, start_new_session=True).stdout
    assert said.split() == [str(min(19, os.getpriority(os.PRIO_PROCESS, 0) + 7)), "7"]


@pytest.mark.django_db
def test_a_process_that_only_has_the_number_of_the_servers_is_left_alone(
    server_is_here: None, monkeypatch: Any
) -> None:
    """A server in another container, or on another machine, has numbers of its own."""
    monkeypatch.setattr(os, "setpriority", lambda *given: pytest.fail(f"{given}"))
    link = connection.connection.pgconn
    foreign = SimpleNamespace(socket=link.socket, backend_pid=os.getpid())
    priority.take_ours(SimpleNamespace(connection=SimpleNamespace(pgconn=foreign)))  # type: ignore[arg-type]
