"""The caller's address, and whether the caller used https. All parts of the product read both here.

The caller is the socket's peer. If that is one of TRUSTED_PROXIES, the caller is the nearest address in X-Forwarded-For
that is not a trusted proxy. Headers from any other peer are ignored.
"""

import ipaddress
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from django.conf import settings
from django.http import HttpRequest

from scribe.types import Scope

UNKNOWN = "unknown"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
V4_BITS = 96  # of an IPv6 address come before the IPv4 address in it


@lru_cache(maxsize=256)
def _networks(names: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [network(name) for name in names]


def network(text: str) -> Network:
    """A network in CIDR notation, or a single address. IPv4 written inside IPv6 (`::ffff:192.0.2.0/120`) is the IPv4
    network, as `parse` reads callers. Raises ValueError."""
    found = ipaddress.ip_network(text, strict=False)
    inner = getattr(found.network_address, "ipv4_mapped", None)
    if inner is None or found.prefixlen < V4_BITS:
        return found
    return ipaddress.ip_network((inner, found.prefixlen - V4_BITS))


def parse(text: str) -> Address | None:
    """An address as proxies write it: plain, with a port, in brackets, with a zone, or IPv4 inside IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_trusted(peer: str) -> bool:
    """Whether `peer` is one of TRUSTED_PROXIES."""
    found = parse(peer)
    return found is not None and _is_proxy(found)


def _is_proxy(address: Address) -> bool:
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


def address_of(peer: str, forwarded: str) -> str:
    """The caller's address in its canonical spelling, or `unknown`. If a hop is not an address, the search ends there, and
    the hop next to it on our side counts."""
    here = parse(peer)
    if here is None:
        return UNKNOWN
    for hop in reversed(forwarded.split(",")):
        if not _is_proxy(here):
            break
        further = parse(hop)
        if further is None:
            break
        here = further
    return str(here)


def client_address(request: HttpRequest) -> str:
    """The address of the caller of `request`, or `unknown`."""
    return address_of(request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", ""))


def address_of_scope(scope: Scope) -> str:
    """The address of the caller, from an ASGI scope."""
    client = scope.get("client")
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return address_of(client[0] if client else "", forwarded.decode("latin-1"))


def network_of(address: str) -> str:
    """The network that limits count as one caller: an IPv4 address, or the /64 of an IPv6 address, which is the smallest
    range that one household or server gets."""
    found = parse(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def within(address: str, networks: list[str]) -> bool:
    """Whether `address` lies in one of `networks`, in CIDR notation."""
    found = parse(address)
    return found is not None and any(found in network for network in _networks(tuple(networks)))


def believe(request: HttpRequest) -> None:
    """Set the scheme of `request` to the last one that a trusted proxy named. Ignore the header of any other peer."""
    said = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
    if said and is_trusted(request.META.get("REMOTE_ADDR") or ""):
        request.META["HTTP_X_FORWARDED_PROTO"] = said.rpartition(",")[2].strip().lower()
