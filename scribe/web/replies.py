"""Replies go out at the reader's pace without a thread: what has to be made in one thread is written ahead, to memory and
then to disk, and its database cursor is closed when it is made, not when it is taken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase

from scribe import logs
from scribe.web.budget import ByteBudget

log = logs.get_logger(__name__)

PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024


class BrokenOff(Exception):
    """The reply can't be finished; the connection is closed so that its reader sees it."""


class Ahead:
    """A reply that a thread writes (`fill`) while the async part reads it (`parts`)."""

    def __init__(self, response: Any, *, budget: ByteBudget, who: str, loop: asyncio.AbstractEventLoop) -> None:
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
        """Write every part, unless the reader has left; then close the response, and with it its cursor."""
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
        """End the reply after its reader has left, and give its room back."""
        self.abandoned.set()
        with self._lock:
            if not self._closed:
                self._closed = True
                self._file.close()
                self.budget.give(self.who, self._written)


def begun(response: Any) -> tuple[list[bytes], Iterator[bytes], bool]:
    """The first PIECE of a reply that is made part by part, the parts that follow, and whether that was all of it."""
    parts, first, size = iter(response), [], 0
    for part in parts:
        first.append(part)
        size += len(part)
        if size >= PIECE:
            return first, parts, False
    return first, parts, True


def joined(response: Any, parts: list[bytes]) -> HttpResponse:
    """A reply that turned out to be short, in one piece."""
    response.close()
    whole = HttpResponse(b"".join(parts), status=response.status_code, headers=dict(response.items()))
    whole.cookies = response.cookies
    return whole


def reads_a_file(response: Any) -> bool:
    """Whether any thread may take the next part of a streaming response: it comes from a file, not from a cursor."""
    return isinstance(response, FileResponse) or getattr(response, "reads_a_file", False)


async def from_file(response: Any) -> AsyncIterator[bytes]:
    """The parts of a response that reads a file, each in a thread of its own moment."""
    loop = asyncio.get_running_loop()
    parts = iter(response)
    while (part := await loop.run_in_executor(None, next, parts, None)) is not None:
        yield part


async def nothing() -> AsyncIterator[bytes]:
    """The parts of a reply to HEAD."""
    return
    yield b""


def nothing_to_do() -> None:
    """The default for `stop`: do nothing."""


async def until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def send_whole(send: Any, response: HttpResponse) -> None:
    """A finished reply, in pieces that a slow reader has the time to take."""
    await send_head(send, response)
    content = response.content
    for start in range(0, max(len(content), 1), PIECE):
        more = start + PIECE < len(content)
        await send({"type": "http.response.body", "body": content[start : start + PIECE], "more_body": more})


async def send_parts(
    send: Any,
    receive: Any,
    head: HttpResponseBase,
    parts: AsyncIterator[bytes],
    stop: Callable[[], None] = nothing_to_do,
    *,
    ended: asyncio.Event | None = None,
) -> None:
    """A reply part by part, until its end, until its reader leaves, or until `ended`. `stop` is called in any case."""

    async def write() -> None:
        async for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})

    try:
        await send_head(send, head, length=False)
        await first_of(until_gone(receive), write(), *([ended.wait()] if ended is not None else []))
        await send({"type": "http.response.body", "body": b""})
    finally:
        stop()


async def first_of(*works: Any) -> None:
    """Run all until the first has ended, and end the rest; raises what the first one raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)  # a cancelled one closes what it holds
    for task in done:
        task.result()


async def send_head(send: Any, response: HttpResponseBase, *, length: bool = True) -> None:
    headers = [(name.encode("latin-1").lower(), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", cookie.OutputString().encode("latin-1")) for cookie in response.cookies.values()]
    if length and not response.has_header("Content-Length"):
        headers.append((b"content-length", str(len(response.content)).encode()))  # type: ignore[attr-defined]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
