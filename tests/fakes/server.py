"""A little HTTP server on localhost for the fakes of third parties: asyncio, keep-alive, cheap, in a thread of its own.

A fake subclasses `Server` and implements `async answer(request) -> Reply`. `with Fake() as fake:` starts and stops it;
`fake.url` is its address and `fake.requests` what it got. It can also be run as a process of its own: see `serve`.
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import orjson


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return orjson.loads(self.body) if self.body else None


@dataclass
class Reply:
    """`cut`: send only that many bytes of the body, then drop the connection (0: drop it without a word)."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None

    def encoded(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **self.headers, "content-length": str(len(body))}
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        head = f"HTTP/1.1 {self.status} {phrase}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        if self.cut is not None:
            return (head.encode() + body)[: len(head) + self.cut] if self.cut else b""
        return head.encode() + body


class Server:
    """Base of the fakes."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = port
        self.requests: list[Request] = []
        self.keep = True  # False in benchmarks: nothing is recorded
        self.at_once = 0
        self.most_at_once = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._halt: asyncio.Event | None = None

    async def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def hostport(self) -> str:
        """For `OUTBOUND_ALLOWED_HOSTS`."""
        return f"{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self._thread.start()
        if not self._ready.wait(60):
            raise RuntimeError("the fake did not start")
        return self

    def stop(self) -> None:
        if self._loop and self._halt and self._thread:
            self._loop.call_soon_threadsafe(self._halt.set)
            self._thread.join(60)

    async def serve(self) -> None:
        """Run in the calling loop until stopped."""
        self._loop = asyncio.get_running_loop()
        self._halt = asyncio.Event()
        server = await self._loop.create_server(lambda: _Connection(self), self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._halt.wait()
        server.close()

    async def _handle(self, request: Request) -> Reply:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.answer(request)
        except Exception as error:  # a bug in a fake shows in the test as a 500 with its text
            return Reply(500, {"fake_failed": repr(error)})
        finally:
            self.at_once -= 1


class _Connection(asyncio.Protocol):
    """One client's connection: parses requests and answers them in order."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = b""
        self.transport: asyncio.Transport | None = None
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.task:
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.task is None or self.task.done():
            self._next()

    def _next(self) -> None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length") or 0)
        if "chunked" in headers.get("transfer-encoding", ""):
            parsed = _chunked(self.buffer[end + 4 :])
            if parsed is None:
                return
            body, used = parsed
            self.buffer = self.buffer[end + 4 + used :]
        else:
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
        method, target, _ = first.split(" ", 2)
        request = Request(method, target, headers, body)
        if self.server.keep:
            self.server.requests.append(request)
        self.task = asyncio.get_running_loop().create_task(self._respond(request))

    async def _respond(self, request: Request) -> None:
        reply = await self.server._handle(request)
        if self.transport is None:
            return
        self.transport.write(reply.encoded())
        if reply.cut is not None or request.headers.get("connection", "").lower() == "close":
            self.transport.close()
            return
        self.task = None
        self._next()


def _chunked(data: bytes) -> tuple[bytes, int] | None:
    body, at = b"", 0
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        size = int(data[at:end].split(b";")[0], 16)
        if len(data) < end + 2 + size + 2:
            return None
        body += data[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
        if size == 0:
            return body, at
