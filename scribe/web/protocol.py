"""uvicorn's HTTP, with an end to two waits that it has none for: a request head that never comes, and a reply that nobody
takes."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PatientProtocol(HttpToolsProtocol):
    """A connection is closed when a request's head takes longer than HEAD_SECONDS, and cut when its buffer of 64 KiB and
    what was written above it does not drain within STALL_SECONDS: a reader may be slow, at 2 KiB a second."""

    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        _cancel(self._head)
        self._head = None
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stall is None:
            self._stall = self.loop.call_later(settings.STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        _cancel(self._stall)
        self._stall = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._cut_later()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._cut_later()

    def connection_lost(self, exc: Exception | None) -> None:
        _cancel(self._head)
        self._head = None
        super().connection_lost(exc)
        _cancel(self._stall)
        self._stall = None

    def _await_head(self) -> None:
        self._head = self.loop.call_later(settings.HEAD_SECONDS, self.transport.close)

    def _cut_later(self) -> None:
        """A closed transport still sends what it has; whoever does not take it must not keep it open."""
        if self._stall is None:
            self._stall = self.loop.call_later(settings.STALL_SECONDS, self.transport.abort)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
