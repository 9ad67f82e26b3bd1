"""A second process of the web server, with a lower priority, for requests that take much of the processor.

Threads of one process share one interpreter, so whoever works in one of them holds up all the others. The second
process starts and ends with this one. A request goes to it over a socket of its own: first
the scope, then the body in pieces, the last one empty. Back come the messages of the reply, and at the end what it took
of the processor and which secret it was let in with.
"""

import asyncio
import marshal
import socket
import struct
import subprocess
import sys
import time
from typing import IO

from scribe import logs
from scribe.errors import NotConfigured
from scribe.messages import _
from scribe.types import JsonValue, Receive, Scope, Send
from scribe.web.replies import PIECE, BrokenOff, until_gone

log = logs.get_logger(__name__)

LENGTH = struct.Struct("!I")
#: Of the scope, what a request is: the rest are objects of the server's.
PARTS = (
    "type",
    "method",
    "path",
    "raw_path",
    "query_string",
    "headers",
    "client",
    "server",
    "scheme",
    "root_path",
    "http_version",
    "caller",
    "costly",
)
#: The seconds that a request took of the processor, and what it noted of a secret (`callers.seen`).
Told = tuple[float, tuple[str, str, str] | None]
READY = b"r"
#: Seconds after which it is started again if it has ended.
AGAIN = 5.0
#: Seconds that a request waits for its start, and that it may take to end.
STARTS, ENDS = 20.0, 5.0


class Aside:
    """The second process, as the first one sees it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.started = -AGAIN
        self.ready: asyncio.Future[bytes] | None = None

    async def link(self) -> socket.socket | None:
        """A socket to it for one request; None if it cannot take any now. If it starts, it is waited for; if it has
        ended, it is started again."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        if not await self.is_ready() or self.control is None:
            return None
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [b"."], [theirs.fileno()])
            except OSError:  # it has ended, or has not come to thousands of requests
                ours.close()
                return None
        ours.setblocking(False)
        return ours

    async def is_ready(self) -> bool:
        """Whether it can answer, for which it is waited while it starts."""
        if self.ready is None:
            return False
        waits = max(0.0, self.started + STARTS - time.monotonic())
        done, _ = await asyncio.wait([self.ready], timeout=waits)
        return any(not one.cancelled() and one.exception() is None and one.result() == READY for one in done)

    def start(self) -> None:
        """Start it, unless it was started a moment ago."""
        if time.monotonic() < self.started + AGAIN:
            return
        self.end()
        self.started = time.monotonic()
        self.control, theirs = socket.socketpair()
        self.control.setblocking(False)
        with theirs:
            command = [sys.executable, "-m", "scribe.web.aside_process", str(theirs.fileno())]
            # A session of its own, since Linux divides the processor among sessions first (startup.lower_priority).
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)  # noqa: S603
        self.ready = asyncio.ensure_future(asyncio.get_running_loop().sock_recv(self.control, 1))
        log.info("a second process takes the requests that take much of the processor", pid=self.process.pid)

    async def close(self) -> None:
        """End it, which it does by itself when this process is gone."""
        if self.ready is not None:
            self.ready.cancel()
        await asyncio.to_thread(self.end)

    def end(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            try:
                self.process.wait(ENDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


async def hand_over(link: socket.socket, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> Told | None:
    """Have the process at `link` answer a request. Returns what it says of it; None if it does not, as when the reader
    leaves. Raises NotConfigured if the process ends before it answers, and BrokenOff if it ends while it does."""
    reader, writer = await asyncio.open_connection(sock=link)
    begun = complete = left = False

    async def leave() -> None:
        nonlocal left
        await until_gone(receive)
        if not complete:
            left = True
            writer.transport.abort()

    leaving = asyncio.ensure_future(leave())
    try:
        write(writer, {part: scope[part] for part in PARTS if part in scope})
        while piece := body.read(PIECE):
            write(writer, piece)
            await writer.drain()
        write(writer, b"")
        while isinstance(message := await read(reader), dict):
            begun = True
            complete = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)
        seconds, seen = message
        return float(seconds), seen and tuple(seen)
    except (OSError, EOFError) as error:
        if left or complete:
            return None
        log.warning("the second process ended over a request", path=scope["path"], error=repr(error))
        if begun:
            raise BrokenOff from None
        raise NotConfigured(
            _("Part of our service is unavailable. Please try again in a moment."),
            code="service_unavailable",
            retry_after=1,
        ) from None
    finally:
        leaving.cancel()
        writer.close()


def write(writer: asyncio.StreamWriter, value: JsonValue) -> None:
    """Write a value of plain types as one frame. Raises ConnectionResetError when the other side has gone."""
    if writer.is_closing():
        raise ConnectionResetError("the other process has closed the connection")
    frame = marshal.dumps(value)
    writer.write(LENGTH.pack(len(frame)) + frame)


async def read(reader: asyncio.StreamReader) -> JsonValue:
    """The next frame. Raises EOFError (asyncio.IncompleteReadError is one) when the other side has gone."""
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    return marshal.loads(await reader.readexactly(length))  # noqa: S302 - our own process wrote it
