"""A server whose answers have no end: it drips a byte at a time, floods, sends event after event, or falls silent."""

from __future__ import annotations

import asyncio

from tests.fakes.raw import RawServer

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


class Endless(RawServer):
    """`with Endless(way) as server`: `server.url` is its address."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.head, self.piece, self.pause = WAYS[way]
        self.asked = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        writer.write(f"HTTP/1.1 200 OK\r\n{self.head}\r\n\r\n".encode())
        while not self.ended:
            writer.write(self.piece)
            await writer.drain()
            await asyncio.sleep(self.pause)
