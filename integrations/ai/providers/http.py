"""The HTTP clients below the SDKs: pools wide enough for many calls at once, one TLS context per process."""

from __future__ import annotations

import ssl
from functools import lru_cache

import httpcore2
import httpx2

POOL = 256


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The system's trust store. Building it costs tens of milliseconds, so it is built once."""
    return httpcore2.default_ssl_context(_trust_env=True)


def limits() -> httpx2.Limits:
    return httpx2.Limits(max_connections=POOL, max_keepalive_connections=POOL, keepalive_expiry=30)


def timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(seconds, 10.0), pool=min(seconds, 60.0))
