"""The web process: bodies, the budget for what is under way, and replies that are written ahead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import StreamingHttpResponse

from scribe.errors import NotConfigured, TooLarge, TooManyRequests
from scribe.http.slots import Slots
from scribe.web import bodies, replies
from scribe.web.budget import ByteBudget
from scribe.web.turns import WAITING_AT_MOST, Turns


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


def read(receive: Any, *, limit: int = 1000, budget: ByteBudget | None = None) -> bodies.Body:
    return asyncio.run(bodies.read(receive, limit=limit, budget=budget or ByteBudget(8000), who="a"))


def test_a_body_is_read_whole() -> None:
    body = read(sender(b"ab", b"", b"c"))
    assert (body.size, body.file.read()) == (3, b"abc")


def test_a_body_that_stops_is_refused_and_its_room_given_back(settings: Any) -> None:
    settings.BODY_PACE_SECONDS = 0.05
    budget = ByteBudget(4000)
    with pytest.raises(bodies.TooSlow):
        read(sender(b"ab", end=False), budget=budget)
    assert budget.take("a", 1000)


def test_a_body_beyond_the_limit_or_the_budget_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(sender(b"x" * 600, b"x" * 600))
    with pytest.raises(NotConfigured) as refused:
        read(sender(b"x" * 600), budget=ByteBudget(2000))
    assert refused.value.code == "service_busy"


def test_the_budget_is_for_all_and_a_quarter_for_one() -> None:
    budget = ByteBudget(400)
    assert budget.take("a", 100)
    assert not budget.take("a", 1)
    assert all(budget.take(who, 100) for who in "bcd")
    assert not budget.take("e", 1)
    budget.give("b", 100)
    assert budget.take("e", 1)


def test_a_reply_nobody_takes_is_given_up_and_its_cursor_closed() -> None:
    closed = []

    def rows() -> Any:
        try:
            while True:
                yield b"x" * 1000
        finally:
            closed.append(True)

    async def play() -> None:
        budget = ByteBudget(4_000_000)
        response: Any = StreamingHttpResponse(rows())
        first, rest, whole = replies.begun(response)
        assert not whole
        ahead = replies.Ahead(response, budget=budget, who="a", loop=asyncio.get_running_loop())
        writing = asyncio.get_running_loop().run_in_executor(None, ahead.fill, first, rest)
        async for piece in ahead.parts():
            assert piece.startswith(b"x")
            break
        ahead.close()
        await writing
        assert budget.take("a", 1_000_000)

    asyncio.run(play())
    assert closed == [True]


def test_a_reply_that_outgrows_the_budget_breaks_off() -> None:
    async def play() -> int:
        response: Any = StreamingHttpResponse(b"x" * 70_000 for _ in range(100))
        first, rest, _ = replies.begun(response)
        ahead = replies.Ahead(response, budget=ByteBudget(1_000_000), who="a", loop=asyncio.get_running_loop())
        await asyncio.get_running_loop().run_in_executor(None, ahead.fill, first, rest)
        size = 0
        with pytest.raises(replies.BrokenOff):
            async for piece in ahead.parts():
                size += len(piece)
        return size

    assert 0 < asyncio.run(play()) <= 250_000


def test_one_callers_requests_wait_for_each_other_alone() -> None:
    async def play() -> list[bool]:
        turns = Turns(2)
        await turns.take("a")
        await turns.take("a")
        third, fourth = (asyncio.create_task(turns.take("a")) for _ in range(2))
        await asyncio.sleep(0)
        await turns.take("b")  # at once
        seen = [third.done()]
        third.cancel()  # its reader has left
        await asyncio.sleep(0)
        turns.give("a")
        await asyncio.sleep(0)
        seen.append(fourth.done())
        for caller in ("a", "a", "b"):
            turns.give(caller)
        assert not turns._at_work
        assert not turns._waiting
        return seen

    assert asyncio.run(play()) == [False, True]


def test_a_turn_that_comes_while_its_reader_leaves_is_passed_on() -> None:
    async def play() -> None:
        turns = Turns(1)
        await turns.take("a")
        leaving = asyncio.create_task(turns.take("a"))
        await asyncio.sleep(0)
        turns.give("a")
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await asyncio.wait_for(turns.take("a"), 5)

    asyncio.run(play())


def test_too_many_waiting_requests_of_one_caller_are_refused() -> None:
    async def play() -> None:
        turns = Turns(1)
        await turns.take("a")
        waiting = [asyncio.create_task(turns.take("a")) for _ in range(WAITING_AT_MOST)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequests):
            await turns.take("a")
        for task in waiting:
            task.cancel()

    asyncio.run(play())


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


def test_look_ups_are_bounded_for_one_customer_and_for_all() -> None:
    slots = Slots(total=4, each=3)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(slots.take("a"))
        with pytest.raises(TooManyRequests) as refused, slots.take("a"):
            pass
        assert refused.value.code == "too_many_lookups"
        held.enter_context(slots.take("b"))
        with pytest.raises(TooManyRequests), slots.take("c"):
            pass
    with slots.take("a"), slots.take("c"):
        pass
