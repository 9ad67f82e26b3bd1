"""`python -m scribe.web.aside_process FD`: the second process of the web server (scribe.web.aside).

`FD` is a socket over which the first one sends the socket of each request. This process ends when it is closed.
"""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress

from scribe.asgi import Doors  # sets Django up

# isort: split
from django.conf import settings
from django.db.backends.signals import connection_created

from scribe import metrics, startup
from scribe.postgres import priority
from scribe.types import Json
from scribe.web import aside
from scribe.web.__main__ import allow_many_connections
from scribe.web.replies import BrokenOff

NICE = 5  # more starves it on a busy machine
COUNTED = 1.0  # seconds after the reply, within which it is known what it took


async def serve(doors: Doors, control: socket.socket) -> None:
    """Answer the requests that come over `control`, until it is closed."""
    control.setblocking(False)
    loop, answering = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    closed = asyncio.Event()

    def accept() -> None:
        try:
            sent, sockets, _, _ = socket.recv_fds(control, 1, 1)
        except BlockingIOError:
            return
        for number in sockets:
            task = loop.create_task(answer(doors, socket.socket(fileno=number)))
            answering.add(task)
            task.add_done_callback(answering.discard)
        if not sent:
            loop.remove_reader(control)
            closed.set()

    loop.add_reader(control, accept)
    control.send(aside.READY)
    await closed.wait()


async def answer(doors: Doors, link: socket.socket) -> None:
    """Answer one request. An error in it ends only its own connection."""
    link.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=link)
    complete = False

    async def receive() -> Json:
        nonlocal complete
        try:
            if not complete:
                piece = await aside.read(reader)
                complete = not piece
                return {"type": "http.request", "body": piece, "more_body": not complete}
            await reader.read(1)
        except (OSError, EOFError):
            pass
        return {"type": "http.disconnect"}

    async def send(message: Json) -> None:
        with suppress(OSError):  # who reads it is gone, as `receive` says
            aside.write(writer, message)
            await writer.drain()

    try:
        scope = await aside.read(reader)
        scope["told"] = told = asyncio.get_running_loop().create_future()
        await doors.answer(scope, receive, send)
        with suppress(TimeoutError):  # a refused request took none
            async with asyncio.timeout(COUNTED):
                aside.write(writer, await told)
        while not complete:  # of a body that was refused: closed before its end, the reply could be lost
            complete = not await aside.read(reader)
    except (OSError, EOFError, BrokenOff):  # the first process sees that the connection ends
        pass
    finally:
        writer.close()


async def live(control: socket.socket) -> None:
    doors = Doors(max(2, settings.WEB_THREADS // 2), max(1, settings.WEB_THREADS // 5))
    doors.open()
    await serve(doors, control)
    await doors.close()


def main() -> None:
    # It ends with the first process, which finishes what is under way when it is asked to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    allow_many_connections()
    startup.lower_priority(NICE)
    connection_created.connect(priority.take_ours)
    asyncio.run(live(socket.socket(fileno=int(sys.argv[1]))))
    metrics.counts.flush(last=True)
    os._exit(0)  # without waiting for threads at work, whose callers have gone


if __name__ == "__main__":
    main()
