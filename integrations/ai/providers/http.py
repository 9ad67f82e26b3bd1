"""The HTTP clients below the SDKs: pools wide enough for many calls at once, one TLS context per process, and a limit
on the size of an answer."""

import ssl
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from scribe.messages import _
from scribe.types import Json

POOL = 256
MIB = 1024 * 1024
# The longest text that we ask for has a hundredth of this size.
LARGEST = 8 * MIB
# Compressed bytes grow at most a thousandfold. A hundred KiB of them hold more text than any model writes for us.
LARGEST_PACKED = 128 * 1024


class AnswerTooLong(httpx2.ReadError):
    """A server sent more than we read."""


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The system's trust store. Building it costs tens of milliseconds, so it is built once."""
    return httpcore2.default_ssl_context(_trust_env=True)


def limits() -> httpx2.Limits:
    return httpx2.Limits(max_connections=POOL, max_keepalive_connections=POOL, keepalive_expiry=30)


def timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(seconds, 10.0), pool=min(seconds, 60.0))


def options(largest: int = LARGEST, *, packed: int = LARGEST_PACKED) -> Json:
    """The arguments of an SDK's HTTP client. An answer of more than `largest` bytes on the wire (`packed` bytes when
    compressed) raises AnswerTooLong. Redirects are not followed: one would take our key to another server."""

    async def bound(response: httpx2.Response) -> None:
        plain = response.headers.get("content-encoding", "identity").strip().lower() == "identity"
        response.stream = _Bounded(response.stream, largest if plain else packed)

    return {"limits": limits(), "verify": tls(), "follow_redirects": False, "event_hooks": {"response": [bound]}}


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: Any, most: int) -> None:  # type: ignore[explicit-any]  # httpx's stream, or ours
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise AnswerTooLong(_("The answer is too long."))
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
