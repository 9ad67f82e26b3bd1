"""One port, two doors: streams and waits go through the async door, everything else through a thread pool.

A sync view under plain ASGI runs at a third of the speed (measured), so ordinary requests go to the WSGI handler by a2wsgi.
A request to a view that may answer later runs its Django part in a thread as well, and is then finished here: a stream
follows the job's events, a wait waits for the job's end, and neither holds a thread or a database connection.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")

import django

django.setup()

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse
from django.urls import Resolver404, get_resolver, resolve, set_script_prefix

from scribe import logs
from scribe.api.fanout import FanOut, follow, in_thread, wait_for_end
from scribe.api.streams import JobStream
from scribe.api.waiting import JobReply
from scribe.startup import keep_what_is_loaded

log = logs.get_logger(__name__)


class SyncHandler(BaseHandler):
    """Django's request handling, called from a thread with a request that came in over ASGI."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)


class Doors:
    """The ASGI application."""

    def __init__(self) -> None:
        self.threads = WSGIMiddleware(WSGIHandler(), workers=settings.WEB_THREADS)  # type: ignore[arg-type]
        self.handler = SyncHandler()
        self.pool = ThreadPoolExecutor(max_workers=settings.WEB_THREADS, thread_name_prefix="door")
        self.fanout: FanOut | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "http" and answers_later(scope["path"]):
            await self.async_door(scope, receive, send)
        elif scope["type"] == "http":
            await self.threads(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                asyncio.get_running_loop().set_default_executor(self.pool)
                self.fanout = FanOut()
                get_resolver().url_patterns  # noqa: B018 - loads every view
                keep_what_is_loaded()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.fanout is not None:
                    await self.fanout.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def async_door(self, scope: Any, receive: Any, send: Any) -> None:
        body = await read_body(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self.pool, self.respond, scope, body)
        fanout = self.fanout = self.fanout or FanOut()
        if isinstance(response, JobReply):
            gone = asyncio.create_task(until_gone(receive))
            waiting = asyncio.create_task(wait_for_end(fanout, response.job_id, response.seconds))
            await asyncio.wait({gone, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            gone.cancel()
            response = await in_thread(response.now)
        if isinstance(response, JobStream):
            await self.stream(response, fanout, receive, send)
        else:
            await send_head(send, response)
            await send({"type": "http.response.body", "body": response.content})

    async def stream(self, response: JobStream, fanout: FanOut, receive: Any, send: Any) -> None:
        await send_head(send, response, length=False)
        job_id, after = response.job_id, response.after
        del response

        async def write() -> None:
            async for part in follow(fanout, job_id, after):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        gone = asyncio.create_task(until_gone(receive))
        writing = asyncio.create_task(write())
        done, _ = await asyncio.wait({gone, writing}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        writing.cancel()
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                log.warning("stream broke off", job_id=str(job_id), error=str(error))

    def respond(self, scope: Any, body: bytes) -> HttpResponse:
        """The Django part, in a thread."""
        set_script_prefix("/")
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request = ASGIRequest(scope, BytesIO(body))
            request.in_async_door = True  # type: ignore[attr-defined]
            response: Any = self.handler.get_response(request)
            if response.streaming:
                response = HttpResponse(b"".join(response), status=response.status_code, headers=dict(response.items()))
            return response
        finally:
            connection.close()


def answers_later(path: str) -> bool:
    """Whether the view behind `path` may answer with a stream or a wait: it says so by `answers_later = True`."""
    try:
        view = resolve(path).func
    except (Resolver404, ValueError):
        return False
    return bool(getattr(getattr(view, "cls", None), "answers_later", False))


async def read_body(receive: Any) -> bytes | None:
    """The whole body, at most a little more than the JSON limit (the rest is refused by its length); None if they left."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size <= settings.JSON_MAX_BYTES + 1024:
            parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def send_head(send: Any, response: HttpResponse, *, length: bool = True) -> None:
    if not length:
        del response["Content-Length"]  # middleware measured the empty beginning
    headers = [(name.encode("latin-1").lower(), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", cookie.OutputString().encode("latin-1")) for cookie in response.cookies.values()]
    if length and not response.has_header("Content-Length"):
        headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})


application = Doors()
