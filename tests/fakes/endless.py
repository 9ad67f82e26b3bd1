"""A server whose answers have no end: it drips a byte at a time, floods, sends event after event, or falls silent."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Self

PAUSE = 0.02
WAYS: dict[str, tuple[str, bytes, float]] = {
    "drip": ("Content-Type: application/json", b" ", PAUSE),
    "drip in chunks": ("Content-Type: application/json\r\nTransfer-Encoding: chunked", b"1\r\n \r\n", PAUSE),
    "drip of JSON": ("Content-Type: application/json", b"[[", PAUSE),
    "flood": ("Content-Type: application/json", b"[" + b"7," * 50_000, 0.0),
    "events": ("Content-Type: text/event-stream", b'event: message\ndata: {"choices": []}\n\n', PAUSE),
    "flood of events": ("Content-Type: text/event-stream", b'data: {"choices": []}\n\n' * 5_000, 0.0),
    "promised and not sent": ("Content-Type: application/json\r\nContent-Length: 1000", b"", PAUSE),
}


class Endless:
    """`with Endless(way) as server`: `server.url` is its address."""

    def __init__(self, way: str) -> None:
        self.head, self.piece, self.pause = WAYS[way]
        self.asked = 0
        self._ready = threading.Event()
        self._loop: Any = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.url, self.hostport = f"http://127.0.0.1:{self.port}", f"127.0.0.1:{self.port}"
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            writer.write(f"HTTP/1.1 200 OK\r\n{self.head}\r\n\r\n".encode())
            while not self._end.is_set():
                writer.write(self.piece)
                await writer.drain()
                await asyncio.sleep(self.pause)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()
