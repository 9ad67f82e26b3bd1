"""The second process of the web server: what goes to it, that its replies are the same, and what if it ends."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from scribe.asgi import Doors
from scribe.fairness import callers
from scribe.fairness.costs import DEAR, kind_of
from scribe.web import aside
from scribe.web.aside import Aside
from scribe.web.aside_process import serve
from scribe.web.replies import BrokenOff

MANY = 3_000_000  # bytes


class Beside(Aside):
    """The second process as a task of the same loop."""

    def __init__(self, doors: Doors) -> None:
        super().__init__()
        self.doors = doors

    def start(self) -> None:
        if self.control is None:
            self.control, theirs = socket.socketpair()
            self.control.setblocking(False)
            self.process = Running()  # type: ignore[assignment]
            self.serving = asyncio.ensure_future(serve(self.doors, theirs))


class Running:
    def poll(self) -> None:
        return None

    def wait(self, seconds: float) -> None:
        return None


class Second(Doors):
    """Says who asks, and for what."""

    def __init__(self) -> None:
        super().__init__(3, each=1)
        self.released, self.entered = threading.Event(), threading.Semaphore(0)

    def handled(self, scope: Any, body: Any) -> Any:
        caller = callers.of_scope(scope)
        if scope["path"] == "/hang":
            self.entered.release()
            assert self.released.wait(60)
        if scope["path"] == "/stream":
            return StreamingHttpResponse(many_parts())
        if scope["path"] == "/half":
            return StreamingHttpResponse(half())
        told = f"aside {caller.address} {scope['method']} {len(body.file.read())} {scope['query_string'].decode()}"
        reply = HttpResponse(told, status=418, headers={"X-Told": "é"})
        reply.set_cookie("biscuit", "dry")
        return reply


def many_parts() -> Iterator[bytes]:
    for _ in range(MANY // 1000):
        yield b"x" * 1000


def half() -> Iterator[bytes]:
    yield b"x" * MANY
    raise OSError("the rest is lost")


class First(Doors):
    def __init__(self) -> None:
        self.second = Second()
        super().__init__(aside=Beside(self.second))

    def handled(self, scope: Any, body: Any) -> Any:
        return HttpResponse("here")

    async def both(self) -> First:
        """Itself, when the second process has started."""
        assert self.aside is not None
        async with asyncio.timeout(60):
            while (link := self.aside.takes()) is None:
                await asyncio.sleep(0.01)
        link.close()
        return self

    async def ask(
        self, path: str, *, body: bytes = b"", dear: bool = True, leaves: Any = None
    ) -> tuple[int, Any, bytes]:
        """Status, headers and body of the reply."""
        kind = kind_of("POST", path)
        if dear:
            self.costs.learn("192.0.2.7", kind, 9 * DEAR)
        sent: list[Any] = []
        pieces = [body[start : start + 50_000] for start in range(0, len(body), 50_000)] or [b""]

        async def receive() -> Any:
            if pieces:
                return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
            await (leaves or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-length", str(len(body)).encode())]
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"q=1", "headers": headers}
        await self.answer({**scope, "client": ("192.0.2.7", 1), "state": object()}, receive, send)
        parts = [message.get("body", b"") for message in sent[1:]]
        return sent[0]["status"], sent[0]["headers"], b"".join(parts)


def test_what_takes_much_is_answered_there_and_the_reply_is_the_same() -> None:
    async def play() -> None:
        first = await First().both()
        assert (await first.ask("/work", dear=False))[0] == 418  # nothing is known of it yet
        assert (await first.ask("/work", dear=False))[2] == b"here"
        status, headers, body = await first.ask("/work", body=b"y" * MANY)
        assert (status, body) == (418, f"aside 192.0.2.7 POST {MANY} q=1".encode())
        assert dict(headers)[b"x-told"] == "é".encode("latin-1")
        assert dict(headers)[b"set-cookie"].startswith(b"biscuit=dry")
        status, _, body = await first.ask("/stream")
        assert (status, body) == (200, b"x" * MANY)
        assert first.budget.taken == first.second.budget.taken == 0

    asyncio.run(play())


def test_it_is_learned_what_a_request_takes_there() -> None:
    async def play() -> None:
        first = await First().both()
        answers = [(await first.ask("/work"))[2]]
        while answers[-1] != b"here":  # it takes far less than was thought
            assert len(answers) < 200
            answers.append((await first.ask("/work", dear=False))[2])
        assert len(answers) > 10

    asyncio.run(play())


def test_others_are_answered_while_all_that_takes_much_hangs() -> None:
    """Counted: three accounts held the interpreter, and everybody waited for it."""

    async def play() -> None:
        first = await First().both()
        assert (await first.ask("/quick", dear=False))[0] == 418  # it is known then
        started = [asyncio.create_task(first.ask("/hang")) for _ in range(30)]
        await asyncio.to_thread(first.second.entered.acquire)
        for _ in range(20):
            assert (await first.ask("/quick", dear=False))[2] == b"here"
        assert not any(task.done() for task in started)
        assert first.slots.held <= 1  # the last one's comes back a little after its answer
        first.second.released.set()
        assert {(await task)[0] for task in started} == {418}

    asyncio.run(play())


def test_it_hears_that_the_reader_has_left() -> None:
    async def play() -> None:
        first, leaves = await First().both(), asyncio.Event()
        asked = asyncio.create_task(first.ask("/hang", leaves=leaves))
        await asyncio.to_thread(first.second.entered.acquire)
        leaves.set()
        with pytest.raises(IndexError):  # nothing was sent
            await asked
        first.second.released.set()

    asyncio.run(play())


def test_a_reply_that_breaks_there_breaks_here() -> None:
    async def play() -> None:
        with pytest.raises(BrokenOff):
            await (await First().both()).ask("/half")

    asyncio.run(play())


def test_a_request_over_which_it_ends_is_told_so() -> None:
    async def play() -> None:
        first = await First().both()
        first.aside.serving.cancel()  # type: ignore[union-attr]
        first.aside.control.close()  # type: ignore[union-attr]
        assert (await first.ask("/work"))[2] == b"here"  # it takes none
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.close()
        first.aside.takes = lambda: ours  # type: ignore[union-attr, method-assign]
        status, headers, body = await first.ask("/work", body=b"y" * MANY)
        assert (status, json.loads(body)["code"]) == (503, "service_unavailable")
        assert dict(headers)[b"retry-after"] == b"1"

    asyncio.run(play())


@pytest.mark.process
def test_a_process_answers_gives_way_and_ends_with_ours() -> None:
    async def ask(second: Aside, path: str) -> int:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(60):
            while (link := second.takes()) is None:
                await asyncio.sleep(0.05)
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        await aside.hand_over(link, {**scope, "client": ("192.0.2.7", 1)}, io.BytesIO(), receive, send)
        return int(sent[0]["status"])

    second = Aside()
    assert asyncio.run(ask(second, "/health/live")) == 200
    process = second.process
    assert process is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    process.send_signal(signal.SIGTERM)  # to all of a container: it goes on for what is under way
    assert asyncio.run(ask(second, "/health/live")) == 200
    process.kill()
    process.wait()
    second.started = time.monotonic()
    assert second.takes() is None
    assert second.process is process  # not at once again
    second.started -= aside.AGAIN
    assert asyncio.run(ask(second, "/health/live")) == 200
    again = second.process
    assert again is not None
    assert again is not process
    second.end()
    assert again.returncode == 0
