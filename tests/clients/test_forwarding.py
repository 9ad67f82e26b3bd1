"""`listen --forward-to` brings an event as its webhook would come, and again while it is not taken."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

PYTHON = Path(__file__).resolve().parent.parent.parent / "clients" / "python" / "src"
EVENT = {"id": "0193", "type": "item.approved", "timestamp": "2026-11-26T10:00:00Z", "data": {"id": "ä"}, "new": True}


class Receiver(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.got: list[tuple[str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["webhook-id"], body))
        status = self.server.answers.pop(0)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def forwarding() -> Iterator[Any]:
    sys.path.insert(0, str(PYTHON))
    yield importlib.import_module("xcscribe.forwarding")
    sys.path.remove(str(PYTHON))


@pytest.mark.parametrize(
    ("answers", "taken"),
    [([204], True), ([500, 302, 200], True), ([410], False), ([500] * 8, False)],
)
def test_an_event_is_forwarded_until_it_is_taken(
    forwarding: Any, receiver: Receiver, answers: list[int], taken: bool
) -> None:
    receiver.answers = list(answers)
    assert forwarding.forward(EVENT, receiver.url, say=lambda text: None, waits=(0.0,) * 7) is taken
    assert not receiver.answers
    assert len(set(receiver.got)) == 1
    webhook_id, body = receiver.got[0]
    assert webhook_id == EVENT["id"]
    assert json.loads(body) == {name: EVENT[name] for name in ("type", "timestamp", "data")}
