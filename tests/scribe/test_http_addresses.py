"""Which addresses the outbound guard refuses, at save time and before each call."""

from __future__ import annotations

import pytest

from scribe.errors import InvalidInput
from scribe.http import addresses, client
from scribe.http.errors import BlockedAddress, Unreachable

# What the resolver says in these tests: name -> addresses.
NAMES = {
    "shop.example.com": ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"],
    "private.example.com": ["10.1.2.3"],
    "loop.example.com": ["127.0.0.1"],
    "loop6.example.com": ["::1"],
    "mapped.example.com": ["::ffff:127.0.0.1"],
    "mapped-public.example.com": ["::ffff:93.184.216.34"],
    "meta.example.com": ["169.254.169.254"],
    "meta6.example.com": ["fd00:ec2::254"],
    "cgnat.example.com": ["100.64.0.1"],
    "zero.example.com": ["0.0.0.0"],
    "six2four.example.com": ["2002:7f00:1::"],
    "nat64.example.com": ["64:ff9b::7f00:1"],
    "nat64-local.example.com": ["64:ff9b:1::7f00:1"],
    "compatible.example.com": ["::7f00:1"],
    "teredo.example.com": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "linklocal6.example.com": ["fe80::1"],
    "scoped.example.com": ["fe80::1%eth0"],
    "ula.example.com": ["fc00::1"],
    "multicast.example.com": ["224.0.0.1"],
    "multicast6.example.com": ["ff02::1"],
    "broadcast.example.com": ["255.255.255.255"],
    "reserved.example.com": ["240.0.0.1"],
    "docs.example.com": ["192.0.2.1"],
    "bench.example.com": ["198.18.0.1"],
    "relay.example.com": ["192.88.99.1"],
    "ietf.example.com": ["192.0.0.1"],
    "private172.example.com": ["172.16.0.1"],
    "private192.example.com": ["192.168.1.1"],
    "mixed.example.com": ["93.184.216.34", "10.0.0.1"],
    "sitelocal.example.com": ["fec0::1"],
}

REFUSED_BY_FORM = [
    "http://shop.example.com/",
    "ftp://shop.example.com/",
    "file:///etc/passwd",
    "gopher://shop.example.com/",
    "data:text/html,hello",
    "//shop.example.com/",
    "shop.example.com",
    "",
    "https://",
    "https:///path",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://[::1]/",
    "https://[v1.x]/",
    "https://[v1.x:]/",
    "https://[shop.example.com]/",
    "https://[]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://93.184.216.34/",
    "https://１２７.０.０.１/",
    "https://127。0。0。1/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://db.internal/",
    "https://printer.local/",
    "https://foo.localhost/",
    "https://router.home.arpa/",
    "https://intranet/",
    "https://user:pw@shop.example.com/",
    "https://shop.example.com@10.0.0.1/",
    "https://shop.example.com:22/",
    "https://shop.example.com:6379/",
    "https://shop.example.com:80/",
    "https://shop.example.com:0/",
    "https://shop.example.com:99999/",
    "https://shop.example.com\\@10.0.0.1/",
    "https://shop.example.com/\r\nX-Evil: 1",
    "https://shop.example.com\t/",
    "https://shop..example.com/",
    "https://-bad.example.com/",
    "https://shop.example.com " + "a",
    "https://" + "a" * 64 + ".example.com/",
    "https://[::1",
    "https://shop.example.com/" + "a" * 3000,
]
REFUSED_BY_LOOK_UP = [
    f"https://{name}/" for name in NAMES if name not in ("shop.example.com", "mapped-public.example.com")
]


@pytest.fixture(autouse=True)
def resolver(monkeypatch, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = []
    monkeypatch.setattr(addresses, "look_up", lambda host, port: NAMES.get(host, []))


@pytest.fixture
def no_sockets(monkeypatch):
    """Any attempt to open a socket fails the test: a refusal must come before a byte is sent."""
    opened = []
    monkeypatch.setattr("socket.socket.connect", lambda self, address: opened.append(address))
    yield
    assert opened == []


def test_there_are_at_least_sixty_hostile_addresses():
    assert len(set(REFUSED_BY_FORM + REFUSED_BY_LOOK_UP)) >= 60


@pytest.mark.parametrize("url", REFUSED_BY_FORM + REFUSED_BY_LOOK_UP)
def test_a_hostile_address_is_refused_before_anything_is_sent(url, no_sockets):
    with pytest.raises(BlockedAddress) as refused:
        client.request("GET", url)
    assert not refused.value.sent
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("url", REFUSED_BY_FORM + REFUSED_BY_LOOK_UP)
def test_a_hostile_address_cannot_be_saved(url):
    with pytest.raises(InvalidInput) as refused:
        addresses.check_url(url, pointer="#/site_url")
    [error] = refused.value.extra["errors"]
    assert error["pointer"] == "#/site_url"
    for private in ("10.1.2.3", "169.254.169.254" if "169.254" not in url else "—"):
        assert private not in error["detail"]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://shop.example.com", "https://shop.example.com/"),
        ("https://SHOP.example.com./a?b=1#c", "https://shop.example.com/a?b=1"),
        ("https://shop.example.com:443/x", "https://shop.example.com/x"),
        ("https://shop.example.com:8443/x", "https://shop.example.com:8443/x"),
        ("https://mapped-public.example.com/", "https://mapped-public.example.com/"),
        ("https://bücher.example.com/", "https://xn--bcher-kva.example.com/"),
        ("https://not-registered-yet.example.com/", "https://not-registered-yet.example.com/"),
    ],
)
def test_a_public_address_is_saved_in_its_canonical_form(url, canonical):
    assert addresses.check_url(url) == canonical


def test_plain_http_is_for_public_images_only():
    assert addresses.check_url("http://shop.example.com/a.jpg", image=True) == "http://shop.example.com/a.jpg"
    with pytest.raises(InvalidInput):
        addresses.check_url("http://private.example.com/a.jpg", image=True)
    with pytest.raises(InvalidInput):
        addresses.check_url("http://shop.example.com:8080/a.jpg", image=True)


@pytest.mark.parametrize(
    ("entry", "url", "let_through"),
    [
        ("127.0.0.1", "http://127.0.0.1:4444/", True),
        ("127.0.0.1:4444", "http://127.0.0.1:4444/", True),
        ("127.0.0.1:4444", "http://127.0.0.1:4445/", False),
        ("loop.example.com", "http://loop.example.com/", True),
        ("loop.example.com", "http://sub.loop.example.com/", False),
        ("[::1]:80", "http://[::1]/", True),
        ("127.0.0.1", "http://user:pw@127.0.0.1/", False),
        ("127.0.0.1", "ftp://127.0.0.1/", False),
    ],
)
def test_the_deployment_can_allow_a_host(settings, entry, url, let_through):
    settings.OUTBOUND_ALLOWED_HOSTS = [entry]
    if let_through:
        assert addresses.check_url(url)
    else:
        with pytest.raises(InvalidInput):
            addresses.check_url(url)


def test_an_unknown_name_is_unreachable():
    with pytest.raises(Unreachable) as error:
        client.request("GET", "https://nowhere.example.com/")
    assert not error.value.sent
