"""How long the web server and a worker take from their start until they serve, against a bare Django view with one query."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from scribe.jobs.events import valkey
from scribe.local.servers import free_port
from tests.live import database_url

RUNS = 5
SECONDS = 1.2
BARE = """

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

known = conninfo_to_dict({url!r})
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": known["dbname"], "USER": known["user"], "HOST": known["host"]}}}},
)
django.setup()
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import JsonResponse
from django.urls import path


def view(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return JsonResponse({{"found": cursor.fetchone()[0]}})


urlpatterns = [path("bare", view)]
application = get_asgi_application()
"""


def run() -> list[tuple[str, float, float, float, str]]:
    web, worker, bare = [], [], []
    for _ in range(RUNS):  # in turn, so that a drifting machine hits all
        bare.append(_bare())
        web.append(_web())
        worker.append(_worker())
    rows = []
    for what, taken in (("web server", web), ("worker", worker)):
        seconds, floor = _middle(taken), _middle(bare)
        rows.append(
            (f"start of the {what} to ready (s), against {SECONDS} s", seconds, SECONDS, seconds / SECONDS, "≤ 1")
        )
        rows.append(("  against a bare view's start", seconds, floor, seconds / floor, "–"))
    return rows


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _environment(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
    }


def _web() -> float:
    """Until it says that it is ready, with its database, Valkey and files."""
    port = free_port()
    return _seconds([sys.executable, "-m", "scribe.web"], _environment(port), lambda: _answers(port, "/health/ready"))


def _bare() -> float:
    port = free_port()
    with TemporaryDirectory() as folder:
        (Path(folder) / "bare_start.py").write_text(BARE.format(url=database_url()))
        environment = {**os.environ, "PYTHONPATH": folder}
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "bare_start:application",
            "--port",
            str(port),
            "--log-level",
            "warning",
        ]
        return _seconds(command, environment, lambda: _answers(port, "/bare"))


def _worker() -> float:
    """Until it listens to its queue."""
    command = [sys.executable, "-m", "celery", "-A", "scribe", "worker", "--without-gossip", "--without-mingle"]
    command += ["--loglevel", "WARNING", "-Q", "generation,helpers", "-c", "2", "-n", "start@%h"]
    before = _listeners()
    return _seconds(command, _environment(free_port()), lambda: _listeners() > before)


def _listeners() -> int:
    """Clients of Valkey that wait for messages, as a worker does once it is ready."""
    return sum(client["cmd"] == "brpop" for client in valkey().client_list())  # type: ignore[union-attr]


def _answers(port: int, path: str) -> bool:
    link = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", path)
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()


def _seconds(command: list[str], environment: dict[str, str], ready: Callable[[], bool]) -> float:
    began = time.monotonic()
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while not ready():
            assert child.poll() is None, f"{command} ended"
            assert time.monotonic() - began < 120, f"{command} is not ready"
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
