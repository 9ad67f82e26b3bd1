"""The web process: bodies, the budget for what is under way, and replies that are written ahead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import StreamingHttpResponse

from scribe.errors import NotConfigured, TooLarge
from scribe.fairness.shares import FairShares
from scribe.web import bodies, replies


def sender(*parts: bytes, end: bool = True) -> Any:
    """A `receive` that brings `parts`, and then nothing more unless `end`."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if end:
        messages[-1]["more_body"] = False

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return receive


def budget(total: int) -> FairShares:
    return FairShares(total, total // 4)


def read(receive: Any, *, limit: int = 1000, room: FairShares | None = None) -> bodies.Body:
    return asyncio.run(bodies.read(receive, limit=limit, budget=room or budget(8000), who="a"))


def test_a_body_is_read_whole() -> None:
    body = read(sender(b"ab", b"", b"c"))
    assert (body.size, body.file.read()) == (3, b"abc")


def test_a_body_that_stops_is_refused_and_its_room_given_back(settings: Any) -> None:
    settings.BODY_PACE_SECONDS = 0.05
    room = budget(4000)
    with pytest.raises(bodies.TooSlow):
        read(sender(b"ab", end=False), room=room)
    assert room.take("a", 1000)


def test_a_body_beyond_the_limit_or_the_budget_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(sender(b"x" * 600, b"x" * 600))
    with pytest.raises(NotConfigured) as refused:
        read(sender(b"x" * 600), room=budget(2000))
    assert refused.value.code == "service_busy"


def test_a_reply_nobody_takes_is_given_up_and_its_cursor_closed() -> None:
    closed = []

    def rows() -> Any:
        try:
            while True:
                yield b"x" * 1000
        finally:
            closed.append(True)

    async def play() -> None:
        room = budget(4_000_000)
        response: Any = StreamingHttpResponse(rows())
        first, rest, whole = replies.start_stream(response)
        assert not whole
        ahead = replies.Ahead(response, budget=room, who="a", loop=asyncio.get_running_loop())
        writing = asyncio.get_running_loop().run_in_executor(None, ahead.fill, first, rest)
        async for piece in ahead.parts():
            assert piece.startswith(b"x")
            break
        ahead.close()
        await writing
        assert room.take("a", 1_000_000)

    asyncio.run(play())
    assert closed == [True]


def test_a_reply_that_outgrows_the_budget_breaks_off() -> None:
    async def play() -> int:
        response: Any = StreamingHttpResponse(b"x" * 70_000 for _ in range(100))
        first, rest, _ = replies.start_stream(response)
        ahead = replies.Ahead(response, budget=budget(1_000_000), who="a", loop=asyncio.get_running_loop())
        await asyncio.get_running_loop().run_in_executor(None, ahead.fill, first, rest)
        size = 0
        with pytest.raises(replies.BrokenOff):
            async for piece in ahead.parts():
                size += len(piece)
        return size

    assert 0 < asyncio.run(play()) <= 250_000


@pytest.mark.parametrize("lost", [OperationalError("the connection is lost"), InterfaceError("the cursor is closed")])
def test_a_reply_that_breaks_before_its_first_part_is_told_as_a_problem(lost: Exception) -> None:
    from scribe.asgi import Doors

    def broken() -> Iterator[bytes]:
        raise lost
        yield b""

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    class Broken(Doors):
        def handled(self, scope: Any, body: Any) -> Any:
            return StreamingHttpResponse(broken())

    scope = {"type": "http", "method": "GET", "path": "/api/v1/projects", "headers": [], "client": ("192.0.2.1", 1)}
    asyncio.run(Broken().answer(scope, sender(b""), send))
    assert sent[0]["status"] == 503
    body = json.loads(b"".join(message.get("body", b"") for message in sent[1:]))
    assert (body["code"], bool(body["request_id"])) == ("service_unavailable", True)
