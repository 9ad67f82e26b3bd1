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
import uvloop
from django.http import HttpResponse, StreamingHttpResponse

from scribe.api.addresses import network_of
from scribe.api.rate_limits import RateLimitStanding
from scribe.asgi import FEW, Doors
from scribe.fairness import callers
from scribe.fairness.callers import SeenAlive
from scribe.fairness.costs import COSTLY, LARGE, ROOM, RunningRequest, kind_of
from scribe.fairness.refusals import refused
from scribe.fairness.shares import FairShares
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
            self.started = time.monotonic()
            self.ready = asyncio.ensure_future(asyncio.get_running_loop().sock_recv(self.control, 1))
            self.serving = asyncio.ensure_future(serve(self.doors, theirs))


class Running:
    def poll(self) -> None:
        return None

    def wait(self, seconds: float) -> None:
        return None


class Second(Doors):
    """Says who asks, and for what."""

    def __init__(self) -> None:
        super().__init__(3, each=2)
        self.released, self.entered = threading.Event(), threading.Semaphore(0)

    def handled(self, scope: Any, body: Any) -> Any:
        caller = callers.of_scope(scope)
        if scope["path"] == "/key":  # it has a memory of its own
            SeenAlive().note(callers.crypto.digest("made-up"), "an organization", "its key")
        if scope["path"].startswith("/hang"):
            self.entered.release()
            assert self.released.wait(60)
        if scope["path"] == "/many":
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

    async def busy(self) -> First:
        """Itself, with others at work, and one request of the share that nothing is known of."""
        self.costs.start("strangers", "POST /unknown")
        for share in range(FEW + 1):
            await self.slots.take(str(share))
        return self

    async def ask(
        self, path: str, *, body: bytes = b"", costly: bool = True, leaves: Any = None, key: bool = True
    ) -> tuple[int, Any, bytes]:
        """Status, headers and body of the reply to a POST, or to the method before `path`. Without a `key` a stranger
        asks."""
        method, _, path = path.rpartition(" ")
        method = method or "POST"
        kind = kind_of(method, path)
        if costly:
            self.costs.learn("strangers", kind, 9 * COSTLY)
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
        headers += [(b"x-api-key", b"made-up")] if key else []
        scope = {"type": "http", "method": method, "path": path, "query_string": b"q=1", "headers": headers}
        await self.answer({**scope, "client": ("192.0.2.7", 1), "state": object()}, receive, send)
        parts = [message.get("body", b"") for message in sent[1:]]
        return sent[0]["status"], sent[0]["headers"], b"".join(parts)


def test_what_takes_much_is_answered_there_and_the_reply_is_the_same() -> None:
    async def play() -> None:
        first = First()
        assert (await first.ask("/other", costly=False))[2] == b"here"  # alone
        await first.busy()
        assert (await first.ask("/work", costly=False))[0] == 418  # nothing is known of it, either
        assert (await first.ask("/work", costly=False))[2] == b"here"
        status, headers, body = await first.ask("/work", body=b"y" * MANY)
        assert (status, body) == (418, f"aside 192.0.2.7 POST {MANY} q=1".encode())
        assert dict(headers)[b"x-told"] == "é".encode("latin-1")
        assert dict(headers)[b"set-cookie"].startswith(b"biscuit=dry")
        status, _, body = await first.ask("/many")
        assert (status, body) == (200, b"x" * MANY)
        assert first.budget.taken == first.second.budget.taken == 0

    asyncio.run(play())


def test_it_is_learned_what_a_request_takes_there_and_whose_key_it_was(monkeypatch: Any) -> None:
    async def play() -> None:
        first = First()
        answers = [(await first.ask("/work"))[2]]
        while answers[-1] != b"here":  # it takes far less than was thought
            assert len(answers) < 200
            answers.append((await first.ask("/work", costly=False))[2])
        assert len(answers) > 3
        monkeypatch.setattr(callers, "alive", SeenAlive())
        await first.ask("/key")
        assert callers.alive.find("made-up") == ("an organization", "its key")

    asyncio.run(play())


def test_whoever_signs_in_and_streams_stay_here() -> None:
    async def play() -> None:
        first = await First().busy()
        assert (await first.ask("/work", key=False))[2] == b"here"
        assert (await first.ask("GET /jobs/1/stream"))[2] == b"here"
        assert (await first.ask("/generate/stream"))[0] == 418  # it orders first
        assert (await first.ask("/health"))[2] == b"here"
        assert (await first.ask("/export", key=False))[0] == 418
        assert (await first.ask("/work", key=False, body=b"y" * LARGE))[0] == 418

    asyncio.run(play())


def test_what_was_refused_before_refuses_nothing_here() -> None:
    """Only what is noted while a request is handled is of it."""
    standing = RateLimitStanding("sign-in", 5, 6, 60, 60)

    async def play() -> None:
        first = First()
        for path in ("/one", "/one"):
            with_it = refused.set((network_of("192.0.2.7"), standing))
            assert (await first.ask(path, costly=False, key=False))[2] == b"here"
            refused.reset(with_it)

    asyncio.run(play())


def test_whoever_takes_more_than_his_part_is_answered_there_but_signs_in_here() -> None:
    """Pages without a sign-in, and streams opened again and again, held up everybody."""

    async def play() -> None:
        first = await First().busy()
        first.costs.note(RunningRequest("strangers", "GET /app/picture", 0.0), 9 * ROOM)
        assert (await first.ask("GET /app/picture", key=False))[0] == 418
        assert (await first.ask("GET /jobs/1/stream"))[0] == 418
        assert (await first.ask("/api/v1/auth/login", key=False))[2] == b"here"
        assert (await first.ask("/app/sign-in", key=False))[2] == b"here"
        assert (await first.ask("/app/sign-in", key=False, body=b"y" * LARGE))[0] == 418
        assert (await first.ask("/health"))[2] == b"here"

    asyncio.run(play())


@pytest.mark.thorough
def test_what_nothing_is_known_of_does_not_wait_there_for_what_is_costly() -> None:
    async def play() -> None:
        first = await First().busy()
        started = [asyncio.create_task(first.ask(f"/hang/{word}")) for word in ("a", "b", "c")]
        await asyncio.to_thread(first.second.entered.acquire)
        assert (await first.ask("/new", costly=False))[0] == 418
        assert first.second.costly.held == 1
        first.second.released.set()
        assert {(await task)[0] for task in started} == {418}

    asyncio.run(play())


def test_others_are_answered_while_all_that_takes_much_hangs() -> None:
    """Counted: three accounts held the interpreter, and everybody waited for it."""

    async def play() -> None:
        first = await First().busy()
        assert (await first.ask("/quick", costly=False))[0] == 418  # it is known then
        started = [asyncio.create_task(first.ask("/hang")) for _ in range(30)]
        await asyncio.to_thread(first.second.entered.acquire)
        for _ in range(20):
            assert (await first.ask("/quick", costly=False))[2] == b"here"
        assert not any(task.done() for task in started)
        assert first.slots.held <= FEW + 2  # the last one's comes back a little after its answer
        first.second.released.set()
        assert {(await task)[0] for task in started} == {418}

    asyncio.run(play())


def test_it_hears_that_the_reader_has_left() -> None:
    async def play() -> None:
        first, leaves = First(), asyncio.Event()
        asked = asyncio.create_task(first.ask("/hang", leaves=leaves))
        await asyncio.to_thread(first.second.entered.acquire)
        leaves.set()
        with pytest.raises(IndexError):  # nothing was sent
            await asked
        first.second.released.set()

    asyncio.run(play())


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_reader_who_leaves_while_the_body_is_handed_over_is_no_error(loop: Any) -> None:
    """It was logged as an error of ours: uvloop raises another one than asyncio for a closed connection."""

    async def play() -> None:
        first, leaves = First(), asyncio.Event()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)

        async def link() -> socket.socket:
            return ours

        first.aside.link = link  # type: ignore[union-attr, method-assign]
        asked = asyncio.create_task(first.ask("/work", body=b"y" * MANY, leaves=leaves))
        await asyncio.sleep(0.1)  # nobody reads
        leaves.set()
        with pytest.raises(IndexError):  # nothing was sent
            await asked
        theirs.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play())


@pytest.mark.thorough
def test_a_body_that_is_refused_there_is_told_so() -> None:
    async def play() -> None:
        first = First()
        first.second.budget = FairShares(LARGE, LARGE)
        status, _, body = await first.ask("/work", body=b"y" * MANY)
        assert (status, json.loads(body)["code"]) == (503, "service_busy")

    asyncio.run(play())


def test_a_reply_that_breaks_there_breaks_here() -> None:
    async def play() -> None:
        with pytest.raises(BrokenOff):
            await First().ask("/half")

    asyncio.run(play())


def test_a_request_over_which_it_ends_is_told_so() -> None:
    async def play() -> None:
        first = First()
        assert (await first.ask("/work"))[0] == 418
        first.aside.serving.cancel()  # type: ignore[union-attr]
        first.aside.control.close()  # type: ignore[union-attr]
        assert (await first.ask("/work"))[2] == b"here"  # it takes none
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.close()

        async def link() -> socket.socket:
            return ours

        first.aside.link = link  # type: ignore[union-attr, method-assign]
        status, headers, body = await first.ask("/work", body=b"y" * MANY)
        assert (status, json.loads(body)["code"]) == (503, "service_unavailable")
        assert dict(headers)[b"retry-after"] == b"1"

    asyncio.run(play())


@pytest.mark.process
def test_a_process_answers_gives_way_and_ends_with_ours() -> None:
    scope = {"type": "http", "method": "GET", "path": "/health/live", "query_string": b"", "client": ("192.0.2.7", 1)}

    async def ask(second: Aside) -> int:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(200):  # beside other tests its start takes long
            while (link := await second.link()) is None:
                await asyncio.sleep(0.1)
        await aside.hand_over(link, {**scope, "headers": [(b"host", b"localhost")]}, io.BytesIO(), receive, send)
        return int(sent[0]["status"])

    async def play() -> None:
        second = Aside()
        second.start()
        assert await ask(second) == 200
        process = second.process
        assert process is not None
        assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
        process.send_signal(signal.SIGTERM)  # to all of a container: it goes on for what is under way
        assert await ask(second) == 200
        process.kill()
        process.wait()
        second.started = time.monotonic()
        assert await second.link() is None
        assert second.process is process  # not at once again
        second.started -= aside.AGAIN
        assert await ask(second) == 200
        again = second.process
        assert again is not None
        assert again is not process
        await second.close()
        assert again.returncode == 0

    asyncio.run(play())
