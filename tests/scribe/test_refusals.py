"""What a rate limit has refused a stranger is refused again before it takes a thread."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.http import HttpResponse

from scribe.api import rate_limits
from scribe.api.rate_limits import RateLimitStanding
from scribe.asgi import Doors
from scribe.fairness import refusals
from scribe.fairness.costs import kind_of
from scribe.fairness.refusals import Refusals, refused

NETWORK = "192.0.2.7"
STANDING = RateLimitStanding("public", 10, 11, 30.0, 60)


class Limited(Doors):
    """Refuses everything, for whom it is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.handled_requests = 0

    def handled(self, scope: Any, body: Any) -> Any:
        self.handled_requests += 1
        refused.set((NETWORK, STANDING))
        return HttpResponse("no", status=429, headers={"Access-Control-Allow-Origin": "https://shop.example"})

    async def ask(self, path: str = "/api/v1/auth/login", **more: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(name.replace("_", "-").encode(), value) for name, value in more.items()]
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
        await self.answer({**scope, "client": (NETWORK, 1)}, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_what_was_refused_takes_no_thread_again() -> None:
    """Counted: sign-ins that a limit refused took half of a processor."""

    async def play() -> None:
        doors = Limited()
        await doors.ask()
        status, headers, body = await doors.ask()
        assert (status, json.loads(body)["code"], doors.handled_requests) == (429, "too_many_requests", 1)
        assert int(headers[b"retry-after"]) <= 30
        assert headers[b"ratelimit"].startswith(b'"public";r=0;t=')
        assert headers[b"access-control-allow-origin"] == b"https://shop.example"
        assert json.loads(body)["request_id"].encode() == headers[b"x-request-id"]

    asyncio.run(play())


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/api/v1/auth/register"},
        {"origin": b"https://another.example"},  # its page may read the reply only with headers of its own
        {"authorization": b"Bearer made-up"},  # it may be somebody's, whose own limit counts
        {"x_api_key": b"made-up"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_other_requests_are_counted_for_themselves(other: Any) -> None:
    async def play() -> None:
        doors = Limited()
        await doors.ask()
        await doors.ask(**other)
        assert doors.handled_requests == 2

    asyncio.run(play())


def test_a_refusal_ends_with_its_window(monkeypatch: Any) -> None:
    known, key = Refusals(most=1), (NETWORK, "POST /api/v1/auth/login", "")
    known.note(key, (NETWORK, STANDING), HttpResponse())
    found = known.find(key)
    assert found is not None
    assert found.now().reset <= 30
    began = found.until
    monkeypatch.setattr(refusals.time, "monotonic", lambda: began)
    assert known.find(key) is None
    known.note(key, (NETWORK, STANDING), HttpResponse())
    known.note((NETWORK, "another kind", ""), (NETWORK, STANDING), HttpResponse())
    assert known.find(key) is None  # it keeps so many


def test_no_stranger_fills_the_memory_with_long_names() -> None:
    """Ten thousand refusals with an invented origin of 60 KB each would have taken 600 MB."""
    known, key = Refusals(), (NETWORK, "POST /x", "y" * 60_000)
    known.note(key, (NETWORK, STANDING), HttpResponse())
    assert known.find(key) is None
    assert len(kind_of("GET", "/" + "x" * 60_000)) < 300


def test_a_limit_tells_for_whom_it_counts(client: Any, db: None, settings: Any) -> None:
    settings.RATE_LIMIT_FACTOR = 1
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign_in": (1, 60), "public": (1, 60)}
    rate_limits.rows.forget()
    refused.set(None)
    for _ in range(3):
        answer = client.post("/api/v1/auth/login", {}, content_type="application/json", REMOTE_ADDR=NETWORK)
    assert answer.status_code == 429
    told = refused.get()
    assert told is not None
    assert (told[0], told[1].exceeded) == (NETWORK, True)
