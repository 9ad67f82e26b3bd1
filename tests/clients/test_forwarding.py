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

import jsonschema
import pytest

from scribe.outbox.types import TYPES
from tests.documents import document

PYTHON = Path(__file__).resolve().parent.parent.parent / "clients" / "python" / "src"
EVENT = {"id": "0193", "type": "item.approved", "timestamp": "2026-11-26T10:00:00Z", "data": {"id": "ä"}, "new": True}


class Receiver(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.got: list[tuple[str, bytes]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """The service's document."""
        body = json.dumps(document("3.1")).encode() if self.path.startswith("/api/v1/schema-3.1?format=json") else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "application/vnd.oai.openapi+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["webhook-id"], body))
        self.server.headers.append(dict(self.headers))
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
    webhooks = importlib.import_module("xcscribe.webhooks")
    secret = webhooks.new_secret()
    assert forwarding.forward(EVENT, receiver.url, secret=secret, say=lambda text: None, waits=(0.0,) * 7) is taken
    assert not receiver.answers
    assert len(set(receiver.got)) == 1
    webhook_id, body = receiver.got[0]
    assert webhook_id == EVENT["id"]
    assert json.loads(body) == {name: EVENT[name] for name in ("type", "timestamp", "data")}
    for headers in receiver.headers:  # each attempt is signed anew
        assert webhooks.verify(body, headers, secret)["type"] == EVENT["type"]
        with pytest.raises(webhooks.SignatureError):
            webhooks.verify(body, headers, webhooks.new_secret())


def test_an_example_of_each_event_is_what_the_document_says(forwarding: Any) -> None:
    known = document("3.1")
    for name in TYPES:
        event = forwarding.example(known, name)
        assert event["type"] == name
        schema = known["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": known["components"]}
        jsonschema.Draft202012Validator(whole).validate({part: event[part] for part in ("type", "timestamp", "data")})


def test_an_unknown_event_has_no_example(forwarding: Any) -> None:
    with pytest.raises(ValueError, match="item"):
        forwarding.example(document("3.1"), "item.aproved")


def test_trigger_sends_a_signed_example(receiver: Receiver, forwarding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cli, webhooks = importlib.import_module("xcscribe.cli"), importlib.import_module("xcscribe.webhooks")
    monkeypatch.setenv("XCSCRIBE_URL", receiver.url.removesuffix("/hook"))
    monkeypatch.setenv("XCSCRIBE_KEY", "xcs_live_x")
    secret = webhooks.new_secret()
    for answers, code in (([204], 0), ([500], 1)):
        receiver.answers = list(answers)
        asked = ["trigger", "item.approved", "--forward-to", receiver.url, "--secret", secret]
        assert cli.main(asked) == code
    (_, body), headers = receiver.got[0], receiver.headers[0]
    assert webhooks.verify(body, headers, secret)["type"] == "item.approved"
