"""What the four store fakes share: they keep their things in memory, check credentials, and misbehave on demand."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.fakes.server import Reply, Request, Server


@dataclass
class Fault:
    """The next `times` requests that `when` matches are answered by `reply`; with `accepted`, after their effect."""

    reply: Reply
    when: Callable[[Request], bool] = lambda request: True
    times: int = 1
    accepted: bool = False


DROP = Reply(cut=0)
_PAGE = {"content-type": "text/html"}
#: The answers of a shop whose plugin prints, ends the request or redirects after a write, or that breaks its own gzip.
UNREADABLE = {
    "page": Reply(200, b"<!doctype html><html><title>Sale</title><body>Thank you</body></html>", _PAGE),
    "words": Reply(200, b"done", _PAGE),
    "gzip": Reply(200, b"\x1f\x8b\x08 and no more", {"content-encoding": "gzip"}),
    "redirect": Reply(302, b"", {"location": "/thank-you"}),
}


class StoreServer(Server):
    """`writes` counts writes per thing, so that a test can say that each happened once. `latency` in seconds."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        super().__init__(port, host)
        self.faults: list[Fault] = []
        self.writes: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.latency = 0.0
        self.write_latency = 0.0
        self.per_second = 0  # above that many requests in a second: 429
        self._second = (0, 0)
        self.throttled = 0
        self.unanswered: set[str] = (
            set()
        )  # keys of things whose next write is done, and answered by an error of the server
        self.on_write: Callable[[str], None] | None = None
        self.on_request: Callable[[Request], None] | None = None  # just before it is answered
        self._clock = datetime(2026, 11, 1, 10, tzinfo=UTC)

    def fail(
        self,
        status: int,
        body: object = b"",
        *,
        times: int = 1,
        when: Callable[[Request], bool] | None = None,
        **headers: str,
    ) -> None:
        """Answer the next matching requests with an error, without any effect."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(Fault(Reply(status, body, named), when or (lambda request: True), times))

    def drop_after(self, when: Callable[[Request], bool], times: int = 1, reply: Reply = DROP) -> None:
        """Do what the next matching requests ask for, then drop the line, or answer with an unusable `reply`."""
        self.faults.append(Fault(reply, when, times, accepted=True))

    async def answer(self, request: Request) -> Reply:
        self.calls[f"{request.method} {self.route(request)}"] += 1
        wait = self.write_latency if request.method != "GET" and self.write_latency else self.latency
        if wait:
            await asyncio.sleep(wait)
        if self.per_second and self._too_fast():
            self.throttled += 1
            return self.too_fast()
        if self.on_request:
            self.on_request(request)
        fault = next((f for f in self.faults if f.times and f.when(request)), None)
        if fault:
            fault.times -= 1
            if fault.accepted:
                self.respond(request)
            return fault.reply
        return self.respond(request)

    def stamp(self, form: str = "%Y-%m-%dT%H:%M:%S") -> str:
        """The next second of the shop's clock, in whose every second at most one thing happens."""
        self._clock += timedelta(seconds=1)
        return self._clock.strftime(form)

    def _too_fast(self) -> bool:
        now = int(time.monotonic())
        second, count = self._second
        self._second = (now, count + 1 if second == now else 1)
        return self._second[1] > self.per_second

    def too_fast(self) -> Reply:
        return Reply(429, {"code": "too_many_requests", "message": "Slow down"}, {"Retry-After": "1"})

    def route(self, request: Request) -> str:
        return request.path

    def respond(self, request: Request) -> Reply:
        raise NotImplementedError

    def dies_after(self, key: str) -> bool:
        """Whether the write of this thing, which is done, is to be answered by an error; once."""
        dies = key in self.unanswered
        self.unanswered.discard(key)
        return dies

    def wrote(self, key: str) -> None:
        self.writes[key] += 1
        if self.on_write:
            self.on_write(key)
