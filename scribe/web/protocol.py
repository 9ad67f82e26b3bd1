"""uvicorn's HTTP protocol with two more timeouts: for a request head that does not arrive, and for a reply that is not
read."""

import asyncio

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection when a request's head takes longer than HEAD_SECONDS. Cuts it when its full write buffer (64 KiB
    and the last piece) does not drain within STALL_SECONDS, so a reader must take about 2 KiB a second."""

    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # of TCP
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
        """Cut a closed transport after STALL_SECONDS. It still sends its buffer, but a stalled reader must not keep it."""
        if self._stall is None:
            self._stall = self.loop.call_later(settings.STALL_SECONDS, self.transport.abort)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
