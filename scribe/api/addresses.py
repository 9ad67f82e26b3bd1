"""The caller's address."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Any

from django.conf import settings


@lru_cache(maxsize=1)
def _proxies(names: tuple[str, ...]) -> list[Any]:
    return [ipaddress.ip_network(name, strict=False) for name in names]


def _trusted(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _proxies(tuple(settings.TRUSTED_PROXIES)))


def client_address(request: Any) -> str:
    """The socket's peer, or, when that is one of TRUSTED_PROXIES, the nearest address in X-Forwarded-For that is not."""
    address = request.META.get("REMOTE_ADDR") or "unknown"
    if not settings.TRUSTED_PROXIES or not _trusted(address):
        return str(address)
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = hop.strip() or address
        if not _trusted(address):
            break
    return str(address)
