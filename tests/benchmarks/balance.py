"""`GET /billing/balance` under load, against a bare Django view with one query on the same server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection

from scribe.local.servers import free_port
from tests import factories
from tests.live import Live, wait

SECONDS = 4.0
CLIENTS = 12
BARE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")
import django
django.setup()
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import JsonResponse
from django.urls import path

def view(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT subscription_balance, topup_balance FROM billing_wallet LIMIT 1")
        row = cursor.fetchone()
    return JsonResponse({"subscription_balance": str(row[0]), "topup_balance": str(row[1])})

urlpatterns = [path("bare", view)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIMiddleware(WSGIHandler(), workers=settings.WEB_THREADS)
"""


def rate(port: int, path: str, token: str) -> float:
    """Requests a second by CLIENTS connections that stay open."""
    counts = [0] * CLIENTS
    stop = time.monotonic() + SECONDS

    def ask(slot: int) -> None:
        link = HTTPConnection("127.0.0.1", port)
        headers = {"Authorization": f"Bearer {token}"}
        while time.monotonic() < stop:
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            counts[slot] += 1
        link.close()

    threads = [threading.Thread(target=ask, args=(slot,)) for slot in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def run() -> list[tuple[str, float, float, float, str]]:
    user = factories.make_user()
    token = factories.token_of(user)
    live = Live("web", RATE_LIMIT_FACTOR="100000")
    live.start()
    port = free_port()
    folder = live.stack.data_dir / "bench"
    folder.mkdir(exist_ok=True)
    (folder / "bare_view.py").write_text(BARE)
    environment = {**os.environ, **live.environment, "PYTHONPATH": f"{folder}:{os.getcwd()}"}
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "bare_view:application",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    bare = subprocess.Popen(command, env=environment)
    try:
        wait(lambda: _answers(port), seconds=20)
        pairs = [  # in turn, so that a drifting machine hits both
            (rate(live.port, "/api/v1/billing/balance", token), rate(port, "/bare", token)) for _ in range(3)
        ]
        ours, floor = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
        return [("GET /billing/balance (requests/s)", ours, floor, ours / floor, "≥ 0.65")]
    finally:
        bare.terminate()
        bare.wait()
        live.stop()


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
