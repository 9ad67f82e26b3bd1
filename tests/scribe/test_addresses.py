"""Who is calling: one reading of addresses and schemes, whatever the caller says about itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from scribe.api import addresses

PROXY = {"TRUSTED_PROXIES": ["10.0.0.0/8", "127.0.0.1"]}


def asked(peer: str, forwarded: str | None = None, **more: str) -> Any:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers={**headers, **more})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody's proxy speaks for itself
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "2001:DB8:0:0::1", "2001:db8::1"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.7, 10.0.0.2", "10.0.0.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "198.51.100.1", "unknown"),
    ],
)
def test_the_address_is_the_nearest_that_is_no_trusted_proxy(
    settings: Any, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = PROXY["TRUSTED_PROXIES"]
    assert addresses.client_address(asked(peer, forwarded)) == address
    sent = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    assert addresses.address_of_scope({"client": (peer, 1) if peer else None, "headers": sent}) == address


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert addresses.client_address(asked("127.0.0.1", "198.51.100.1")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_limits_count_a_64_of_ipv6_as_one_caller(address: str, network: str) -> None:
    assert addresses.network_of(address) == network


def test_addresses_of_one_64_share_a_limit(settings: Any, db: Any) -> None:
    settings.RATE_LIMIT_FACTOR = 1
    settings.RATE_LIMITS = {"principal": (9, 60), "public": (2, 60)}
    statuses = [
        Client().get("/api/v1/projects", REMOTE_ADDR=f"2001:db8::{number}").status_code for number in range(1, 5)
    ]
    assert statuses == [401, 401, 429, 429]
    assert Client().get("/api/v1/projects", REMOTE_ADDR="2001:db8:0:1::1").status_code == 401


@pytest.mark.parametrize(
    ("peer", "said", "https"),
    [
        ("203.0.113.9", "https", False),
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "https, http", False),  # the proxy's own word is the last
        ("10.0.0.1", "http, HTTPS", True),
        ("10.0.0.1", "", False),
    ],
)
def test_https_is_believed_of_trusted_proxies_alone(settings: Any, peer: str, said: str, https: bool) -> None:
    settings.TRUSTED_PROXIES = PROXY["TRUSTED_PROXIES"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = asked(peer, **{"X-Forwarded-Proto": said})
    addresses.believe(request)
    assert request.is_secure() is https


def test_a_sign_in_through_a_proxy_that_names_ports_is_kept_with_its_address(
    api: Any, cast: Any, settings: Any
) -> None:
    from accounts.models import Session
    from tests.factories import PASSWORD

    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    caller = api.with_(X_Forwarded_For="198.51.100.1:4711")
    caller.post("auth/login", {"email": cast.owner.email, "password": PASSWORD})
    assert Session.objects.get(user=cast.owner).address == "198.51.100.1"
