"""The client for asyncio: the methods of `Client`, awaited. Cancelling a task ends its call and its connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import IO, Any, Self, Unpack

import httpx2

from xcscribe import streams
from xcscribe.core import (
    Call,
    Core,
    Parts,
    Written,
    content_of,
    following,
    form_of,
    job_id_of,
    limited,
    result_of,
    rows_of,
    segment,
    target_of,
)
from xcscribe.errors import ApiError, Unreachable
from xcscribe.operations import AsyncResources
from xcscribe.streams import Event


class AsyncClient(Core, AsyncResources):
    __doc__ = Core.__doc__

    def _open(self) -> None:
        AsyncResources.__init__(self, self)
        self.http = httpx2.AsyncClient(headers=self.headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give back the connections."""
        await self.http.aclose()

    # --- jobs

    def events(self, job_id: str, *, after: str = "") -> AsyncIterator[Event]:
        """The events of a job until its last one. A stream that is cut goes on after the last event that came."""
        return self.stream("GET", f"jobs/{segment(job_id)}/stream", after=after)

    async def wait(self, job_id: str, *, on_event: Callable[[Event], object] | None = None) -> dict[str, Any]:
        """Wait for the end of a job. `on_event` gets each event as it comes. Returns what the last one tells. Raises
        JobFailed."""
        event: Event | None = None
        async for event in self.events(job_id):
            if on_event is not None:
                on_event(event)
        return result_of(event)

    # --- the low-level door: any path below /api/v1

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: Any = None, *, idempotency_key: str = "") -> Any:
        return await self.call("POST", path, body=body if body is not None else {}, idempotency_key=idempotency_key)

    async def patch(self, path: str, body: Any, *, version: int | None = None) -> Any:
        """Change a row. With `version`, only if nobody changed it since (else ApiError 412)."""
        return await self.call("PATCH", path, body=body, version=version)

    async def put(self, path: str, body: Any, *, version: int | None = None) -> Any:
        return await self.call("PUT", path, body=body, version=version)

    async def delete(self, path: str, *, version: int | None = None) -> None:
        await self.call("DELETE", path, version=version)

    async def form(self, path: str, body: Mapping[str, Any], files: tuple[str, ...], /, **parts: Unpack[Parts]) -> Any:
        """POST a form in which `files` names the fields that hold a `File`."""
        with form_of(body, files) as sent:
            parts.update(sent)
            return await self.call("POST", path, **parts)

    async def download(self, path: str, into: str | Path | IO[bytes], **query: Any) -> Written:
        """Write a file's bytes to the disk, or to what is open. Returns their number, with the server's `warnings`. On
        the disk it appears whole or not at all."""
        response = await self.send("GET", path, query=query, stream=True)
        size = 0
        try:
            with target_of(into) as out:
                async for chunk in response.aiter_bytes(1 << 16):
                    size += out.write(chunk)
        except httpx2.RequestError as error:
            raise Unreachable(str(error)) from error
        finally:
            await response.aclose()
        return Written.by(response, size)

    async def location(self, path: str, **query: Any) -> str:
        """The address that a redirect points to."""
        try:
            await self.call("GET", path, query=query)
        except ApiError as error:
            if error.code == "redirected":
                return str(error.body["location"])
            raise
        raise ValueError(f"{path} is no redirect.")

    async def pages(self, path: str, *, limit: int = 200, **query: Any) -> AsyncIterator[Any]:
        """Every row of a list, `limit` at a time, whatever is added, changed or deleted meanwhile. A list that is in an
        object (`{"events": [...], ...}`) is taken out of it; ValueError if it has none, or several."""
        asked: dict[str, Any] | None = {**query, "limit": limit}
        while asked is not None:
            response = await self.send("GET", path, query=asked)
            for row in rows_of(path, response.json()):
                yield row
            asked = following(response)

    async def stream(
        self, method: str, path: str, *, body: Any = None, idempotency_key: str = "", after: str = ""
    ) -> AsyncIterator[Event]:
        """The events of a stream until the last one. One that is cut goes on after the last event that came."""
        call = Call(self, method, path, body=body, idempotency_key=idempotency_key, timeout=self.silence)
        failures = 0
        while True:
            if after:
                call.request["headers"]["Last-Event-ID"] = after
            response = await self._answer(call, stream=True)
            if response.status_code == 204:
                return  # the job has ended, and nothing follows `after`
            parser = streams.Parser()
            try:
                async for chunk in response.aiter_bytes():
                    for event in parser.feed(chunk):
                        after, failures = event.id or after, 0
                        yield event
                        if event.last:
                            return
            except (httpx2.RequestError, ValueError):
                pass  # cut: ask for the rest
            finally:
                await response.aclose()
            failures += 1
            if failures >= self.tries:
                raise Unreachable(f"The stream of {path} was cut {failures} times in a row.")
            await asyncio.sleep(self.pause_after(failures))
            call.number = 0

    async def estimate(self, path: str, body: Any = None) -> Any:
        """What a POST of `body` to `path` would cost: `xct_expected` and `xct_max`, decimal strings. Starts nothing."""
        return await self.post(f"{path}/estimate", body)

    async def begin(
        self, path: str, body: Any = None, *, max_xct: str | float | None = None, idempotency_key: str = ""
    ) -> str:
        """Begin a job by a POST that doesn't wait for it. Returns the job's id, for `events`. If it may cost more than
        `max_xct`, nothing begins: ApiError 409 `max_xct_exceeded`."""
        sent = limited(body, max_xct)
        return job_id_of(await self.call("POST", path, body=sent, wait=0, idempotency_key=idempotency_key))

    async def run(
        self,
        path: str,
        body: Any = None,
        *,
        max_xct: str | float | None = None,
        idempotency_key: str = "",
        on_event: Callable[[Event], object] | None = None,
    ) -> dict[str, Any]:
        """Begin a job as `begin` does, and wait for its end as `wait` does."""
        begun = await self.begin(path, body, max_xct=max_xct, idempotency_key=idempotency_key)
        return await self.wait(begun, on_event=on_event)

    async def call(self, method: str, path: str, **parts: Unpack[Parts]) -> Any:
        """Any call. Returns the reply's JSON, its bytes if it is none, or None. Raises ApiError and Unreachable."""
        return content_of(await self.send(method, path, **parts))

    async def send(self, method: str, path: str, *, stream: bool = False, **parts: Unpack[Parts]) -> httpx2.Response:
        """The response (2xx) to a call, made again while the server is busy, or where the answer was lost and a second
        call does no harm. `stream`: its body is still to be read."""
        return await self._answer(Call(self, method, path, **parts), stream=stream)

    async def _answer(self, call: Call, *, stream: bool) -> httpx2.Response:
        while True:
            try:
                response = await self.http.send(self.http.build_request(**call.request), stream=True)
                if not stream or not response.is_success:
                    try:
                        await response.aread()
                    finally:
                        await response.aclose()
            except httpx2.RequestError as error:
                await asyncio.sleep(call.pause_after_loss(error))
                continue
            pause = call.pause_after_reply(response)
            if pause is None:
                return response
            await asyncio.sleep(pause)
