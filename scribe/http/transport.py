"""The sockets below the client: connections to a checked address under the host's name, and reads with a deadline.

`requests` does TLS and pooling. This module only tells it where to connect: to the address that was checked, while SNI, the
certificate check and the Host header use the name. A peer that sends one byte at a time, in the headers or the body, is cut
off when the call's time is up. `requests` alone would renew its timeout at each byte.
"""

import http.client
import io
import os
import socket
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.wait import wait_for_read

from scribe.types import Json

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DEADLINE: ContextVar[float] = ContextVar("outbound_deadline")
#: Called each second while a peer lets a call wait. What it raises ends the call.
WATCH: ContextVar[Callable[[], None] | None] = ContextVar("outbound_watch", default=None)
PIECE = 65536
# The certificate authorities: those of `requests`, or the file or folder that REQUESTS_CA_BUNDLE names.
CA_BUNDLE: str | bool = settings.REQUESTS_CA_BUNDLE or True


class _TimedReader(io.RawIOBase):
    """Reads from a socket until the call's deadline, whatever the pace of the peer."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.file = sock.makefile("rb", buffering=0)  # the socket counts its files, and closes after the last one

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        if watch := WATCH.get():
            while not _has_data(self.sock, min(1.0, _time_left())):
                watch()
        self.sock.settimeout(_time_left())
        return self.file.readinto(buffer)

    def close(self) -> None:
        self.file.close()
        super().close()


class _TimedSocket:
    """The part of a socket that http.client uses: a file to read from, here one with a deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self.sock), PIECE)


def _has_data(sock: socket.socket, seconds: float) -> bool:
    """Whether something can be read within so many seconds. What TLS has unpacked already is not seen at the socket."""
    pending = getattr(sock, "pending", None)
    return bool(pending and pending()) or wait_for_read(sock, seconds)


def _time_left() -> float:
    left = DEADLINE.get() - time.monotonic()
    if left <= 0:
        raise TimeoutError("the call's time is up")
    return left


class _Timed:
    """A mixin for urllib3's connections. Sends and reads count against the deadline of the running call."""

    sock: socket.socket | None

    def response_class(self, sock: socket.socket, *args: object, **kwargs: object) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_TimedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]

    def send(self, data: object) -> None:
        if not isinstance(data, bytes) or self.sock is None:
            super().send(data)  # type: ignore[misc]
            return
        for start in range(0, len(data), PIECE):
            self.sock.settimeout(_time_left())
            super().send(data[start : start + PIECE])  # type: ignore[misc]


class TimedHTTPConnection(_Timed, HTTPConnection):  # type: ignore[misc]  # both wrap it
    pass


class TimedHTTPSConnection(_Timed, HTTPSConnection):  # type: ignore[misc]  # both wrap it
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = TimedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = TimedHTTPSConnection


class TimedAdapter(HTTPAdapter):
    """Sends and reads until DEADLINE, which the caller has set. Keeps connections alive."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class PinnedAdapter(TimedAdapter):
    """Sends a request to `request.pinned`, the checked address, under the name in its URL."""

    def build_connection_pool_key_attributes(  # type: ignore[override]  # its types are in the stubs alone
        self, request: requests.PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> tuple[Json, Json]:
        its_host, its_pool = super().build_connection_pool_key_attributes(request, verify, cert)
        host, pool = {**its_host}, {**its_pool}
        if host["scheme"] == "https":
            pool["server_hostname"] = host["host"]
            pool["assert_hostname"] = host["host"]
        host["host"] = request.pinned  # type: ignore[attr-defined]
        return host, pool


_adapter: PinnedAdapter | None = None


def adapter() -> PinnedAdapter:
    """This process's connection pools: up to 64 addresses, with 32 idle connections each."""
    global _adapter
    if _adapter is None:
        _adapter = PinnedAdapter(pool_connections=64, pool_maxsize=32, max_retries=0)
    return _adapter


def _forget() -> None:
    """Drop the pools after a fork, since a worker must not write into its parent's connections."""
    global _adapter
    _adapter = None


os.register_at_fork(after_in_child=_forget)
