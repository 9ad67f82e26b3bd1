"""Send replies at the reader's pace without holding a thread. A thread writes a streaming reply ahead, to memory and then to
disk, and closes its database cursor when the reply is written, not when it is read."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from socket import socket
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from scribe import logs
from scribe.api.fanout import in_thread
from scribe.fairness.shares import FairShares
from scribe.types import Receive, Send

log = logs.get_logger(__name__)

PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024


class BrokenOff(Exception):
    """The reply can't be finished. The connection is closed, so that the reader notices."""


class Ahead:
    """A reply that a thread writes (`fill`) while the async part reads it (`parts`)."""

    def __init__(
        self, response: StreamingHttpResponse, *, budget: FairShares, who: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.head: HttpResponseBase = response
        self.budget, self.who, self.loop = budget, who, loop
        self.more = asyncio.Event()
        self.abandoned = threading.Event()
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._lock = threading.Lock()
        self._written = self._read = 0
        self._done = self._broken = self._closed = False

    # --- in the thread

    def fill(self, first: list[bytes], rest: Iterator[bytes]) -> None:
        """Write every part, or stop when the reader has left. Then close the response and its cursor."""
        try:
            for part in chain(first, rest):
                if self.abandoned.is_set():
                    return
                self._write(part)
        except Exception as error:
            log.error("a reply broke off", exc_info=error)
            self._broken = True
        finally:
            self.head.close()
            self._done = True
            self._wake()

    def _write(self, part: bytes) -> None:
        if not self.budget.take(self.who, len(part)):
            raise OSError("replies that nobody takes fill the room for them")
        with self._lock:
            if self._closed:
                self.budget.give(self.who, len(part))
                self.abandoned.set()
                return
            self._file.seek(0, 2)
            self._file.write(part)
            self._written += len(part)
        if not self.more.is_set():
            self._wake()

    def _wake(self) -> None:
        try:
            self.loop.call_soon_threadsafe(self.more.set)
        except RuntimeError:  # the loop is closed: the process is ending
            self.abandoned.set()

    # --- in the async part

    async def parts(self) -> AsyncIterator[bytes]:
        while True:
            self.more.clear()
            with self._lock:
                finished = self._done
                self._file.seek(self._read)
                piece = self._file.read(PIECE)
                self._read += len(piece)
            if piece:
                yield piece
            elif not finished:
                await self.more.wait()
            elif self._broken:
                raise BrokenOff
            else:
                return

    def close(self) -> None:
        """End the reply, even if it is unfinished, and give its disk space back. May be repeated."""
        self.abandoned.set()
        with self._lock:
            if not self._closed:
                self._closed = True
                self._file.close()
                self.budget.give(self.who, self._written)


#: What answers a request: a response, one that is written ahead, or a socket to the second process.
Answer = HttpResponseBase | Ahead | socket
#: How a thread hands its answer over, or its error, and begins one that is written ahead.
Hand = Callable[[Answer | BaseException], None]
Begin = Callable[[StreamingHttpResponse], Ahead]


def start_stream(response: StreamingHttpResponse) -> tuple[list[bytes], Iterator[bytes], bool]:
    """The first parts of a streaming reply (one PIECE or more), the parts that follow, and whether there are none."""
    parts, first, size = iter(response), [], 0
    for part in parts:
        first.append(part)
        size += len(part)
        if size >= PIECE:
            return first, parts, False
    return first, parts, True


def join_parts(response: StreamingHttpResponse, parts: list[bytes]) -> HttpResponse:
    """A short streaming reply as one whole response."""
    response.close()
    whole = HttpResponse(b"".join(parts), status=response.status_code, headers=dict(response.items()))
    whole.cookies = response.cookies
    return whole


def reads_a_file(response: object) -> bool:
    """Whether a streaming response reads a file and not a cursor, so that any thread may take its next part."""
    return isinstance(response, FileResponse) or getattr(response, "reads_a_file", False)


async def from_file(response: StreamingHttpResponse) -> AsyncIterator[bytes]:
    """The parts of a response that reads a file. Each part holds a thread only while it is read."""
    parts = iter(response)
    while (part := await in_thread(partial(next, parts, None))) is not None:
        yield part


async def nothing() -> AsyncIterator[bytes]:
    """The parts of a reply to HEAD."""
    return
    yield b""


def nothing_to_do() -> None:
    """The default for `stop`: do nothing."""


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def send_whole(send: Send, response: HttpResponse) -> None:
    """Send a finished reply in pieces, so that the timeout for a stalled reader applies to each piece."""
    await send_head(send, response)
    content = response.content
    for start in range(0, max(len(content), 1), PIECE):
        more = start + PIECE < len(content)
        await send({"type": "http.response.body", "body": content[start : start + PIECE], "more_body": more})


async def send_parts(
    send: Send,
    receive: Receive,
    head: HttpResponseBase,
    parts: AsyncIterator[bytes],
    stop: Callable[[], None] = nothing_to_do,
    *,
    ended: asyncio.Event | None = None,
) -> None:
    """Send a reply part by part, until its end, until the reader leaves, or until `ended` is set. Always calls `stop`."""

    async def write() -> None:
        async for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})

    try:
        await send_head(send, head, length=False)
        await first_of(until_gone(receive), write(), *([ended.wait()] if ended is not None else []))
        await send({"type": "http.response.body", "body": b""})
    finally:
        stop()


async def first_of(*works: Coroutine[object, object, object]) -> None:
    """Run all `works` until the first has ended, then cancel the others. Raises the error of the first one."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)  # wait until the cancelled ones have cleaned up
    for task in done:
        task.result()


async def succeeds_by(until: float, work: Awaitable[bool], receive: Receive) -> bool:
    """Whether `work` succeeds by `until`, in the loop's time, while the reader is there. Else it is cancelled."""
    succeeded = False

    async def to_its_end() -> None:
        nonlocal succeeded
        succeeded = await work

    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            await first_of(until_gone(receive), to_its_end())
    return succeeded


async def send_head(send: Send, response: HttpResponseBase, *, length: bool = True) -> None:
    headers = [(name.encode("latin-1").lower(), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", cookie.OutputString().encode("latin-1")) for cookie in response.cookies.values()]
    if length and response.status_code != 304 and not response.has_header("Content-Length"):
        headers.append((b"content-length", str(len(response.content)).encode()))  # type: ignore[attr-defined]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
