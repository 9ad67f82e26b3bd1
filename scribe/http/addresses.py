"""The addresses that the product may call on behalf of a customer, and their resolution.

A customer's URL could make us call internal servers. So a URL must use https on its usual ports and a real domain name,
not an IP literal in any spelling. Every address of the name must be public, and the connection goes to the very address
that was checked. `settings.OUTBOUND_ALLOWED_HOSTS` lists exceptions (`host` or `host:port`), for self-hosters and tests.
Plain http is allowed for public images.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import idna
from django.conf import settings

from scribe.errors import InvalidInput
from scribe.fairness import lookups
from scribe.http.errors import BlockedAddress, Unreachable
from scribe.marks import normalize
from scribe.messages import _

MAX_URL = 2048
PORTS = {"https": {443, 8443}, "http": {80}}
DEFAULT_PORT = {"https": 443, "http": 80}
INTERNAL_SUFFIXES = frozenset(
    ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "arpa", "onion"]
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_V4_COMPATIBLE = ipaddress.ip_network("::/96")
_RELAY_ANYCAST = ipaddress.ip_network("192.88.99.0/24")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class CheckedUrl:
    """A checked URL, taken apart. `host` is lower-case ASCII without brackets or a trailing dot."""

    scheme: str
    host: str
    port: int
    path: str
    query: str
    allowed: bool

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return urlunsplit((self.scheme, self.netloc, self.path or "/", self.query, ""))


def parse(url: str, *, image: bool = False) -> CheckedUrl:
    """Parse `url` and check every rule that needs no look-up. Raises BlockedAddress."""
    if not isinstance(url, str) or not url or len(url) > MAX_URL:
        raise BlockedAddress(
            _("The address is empty or longer than {most} characters.", most=MAX_URL), code="invalid_url"
        )
    if _UNSAFE.search(url):
        raise BlockedAddress(_("The address has characters that no web address has."), code="invalid_url")
    try:
        parts = urlsplit(url)
        port = parts.port
        raw_host = parts.hostname or ""
        if "[" in parts.netloc:
            ipaddress.IPv6Address(raw_host)  # "[v1.x]" is none, and no name either
    except ValueError:
        raise BlockedAddress(_("The address is not a valid web address."), code="invalid_url") from None
    if parts.scheme not in ("http", "https"):
        raise BlockedAddress(_("The address must begin with https://."), code="scheme_not_allowed")
    if "@" in parts.netloc:
        raise BlockedAddress(_("The address must not contain a user name or password."), code="credentials_in_url")
    host = _ascii_host(raw_host)
    port = DEFAULT_PORT[parts.scheme] if port is None else port
    allowed = is_allowed(host, port)
    target = CheckedUrl(parts.scheme, host, port, parts.path, parts.query, allowed)
    if not allowed:
        _check_public_form(target, image=image)
    return target


def _ascii_host(raw: str) -> str:
    """The host as DNS will be asked for it: NFKC (full-width digits and dots), IDNA, lower case, no trailing dot."""
    host = normalize("NFKC", raw).replace("。", ".").lower()
    host = host.removesuffix(".")
    if not host:
        raise BlockedAddress(_("The address has no host name."), code="invalid_url")
    if ":" in host:
        return host
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            raise BlockedAddress(_("The host name is not valid."), code="invalid_url") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise BlockedAddress(_("The host name is not valid."), code="invalid_url")
    return host


def _check_public_form(target: CheckedUrl, *, image: bool) -> None:
    if target.scheme == "http" and not image:
        raise BlockedAddress(_("The address must begin with https://."), code="scheme_not_allowed")
    if is_ip_literal(target.host):
        raise BlockedAddress(_("The address must name a host, not an IP address."), code="ip_literal")
    labels = target.host.split(".")
    if len(labels) < 2 or labels[-1] in INTERNAL_SUFFIXES:
        raise BlockedAddress(_("The host is an internal name."), code="internal_host")
    if target.port not in PORTS[target.scheme]:
        raise BlockedAddress(_("Port {port} is not allowed.", port=target.port), code="port_not_allowed")


def is_ip_literal(host: str) -> bool:
    """Whether some resolver reads `host` as an IP address: dotted, decimal, octal, hex, short or IPv6."""
    if ":" in host:
        return True
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def is_allowed(host: str, port: int) -> bool:
    """Whether `settings.OUTBOUND_ALLOWED_HOSTS` names the host (any port) or the host with this port."""
    for entry in settings.OUTBOUND_ALLOWED_HOSTS:
        entry = entry.strip().lower()
        if entry in (host, f"[{host}]", f"{host}:{port}", f"[{host}]:{port}"):
            return True
    return False


def is_public(address: str) -> bool:
    """Whether the address is on the public internet, whatever it is wrapped in (mapped, 6to4, NAT64, Teredo)."""
    try:
        ip: IPAddress = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if "%" in address:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := _embedded_addresses(ip):
            return all(is_public(str(i)) for i in inner)
        if ip in _NAT64_LOCAL or ip.is_site_local:
            return False
    elif ip in _RELAY_ANYCAST:
        return False
    return bool(ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback))


def _embedded_addresses(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if ip in _NAT64 or ip in _V4_COMPATIBLE:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return ()


def look_up(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver gives for `host`, in its order; [] when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(target: CheckedUrl) -> list[str]:
    """The checked addresses to connect to. If one of them is not public, all are refused, since a name that mixes both
    is suspicious. Raises the errors of `scribe.http.errors`."""
    found = look_up(target.host, target.port)
    if not found:
        raise Unreachable(_("The host {host} cannot be found.", host=target.host))
    if not target.allowed and not all(is_public(address) for address in found):
        raise BlockedAddress(_("The host {host} does not have a public address.", host=target.host))
    return found


def check_url(url: str, *, image: bool = False, pointer: str = "#/base_url") -> str:
    """Check an address when it is saved and return its canonical form; raises InvalidInput at `pointer`, or
    TooManyRequests while too many names are being looked up.

    A name that doesn't resolve yet is accepted: nothing is sent now, and each call checks it again.
    """
    try:
        target = parse(url, image=image)
        lookups.start()
        found = look_up(target.host, target.port)
        if found and not target.allowed and not all(is_public(address) for address in found):
            raise BlockedAddress(_("The host {host} does not have a public address.", host=target.host))
    except BlockedAddress as refused:
        raise InvalidInput.at(pointer, str(refused), refused.code) from None
    return target.url
