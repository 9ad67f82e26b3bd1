"""Where a click may lead: to an allowed host or to the prospect's own site. Hosts must match exactly."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from scribe.errors import InvalidInput

LONGEST = 2048
_SAFE = re.compile(r"[!#$%&'()*+,\-./:;=?@\[\]_~0-9A-Za-z]+")  # RFC 3986; no blanks, controls, backslashes, quotes
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def checked(url: str, *, website: str = "") -> str:
    """Return `url` if a click may lead there. Raises InvalidInput `link_not_allowed` for any other.

    Beside foreign hosts it refuses schemes other than http(s), user info, backslashes, blanks, control characters, a
    host that is not written in plain ASCII, a port that was not allowed, and another URL inside path, query or
    fragment.
    """
    parts = _parsed(url)
    if parts is None or _place(parts) not in allowed(website) or _nests(parts):
        raise InvalidInput.at("?url", "The link leads to a place that is not allowed.", "link_not_allowed")
    return url


def allowed(website: str = "") -> set[tuple[str, int | None]]:
    """(host, port) of the allow-list, of the app, and of the prospect's own site. Port None is the scheme's default."""
    out: set[tuple[str, int | None]] = set()
    for entry in settings.OUTREACH_ALLOWED_HOSTS:
        host, _, port = entry.strip().lower().partition(":")
        if host:
            out.add((host, int(port) if port.isdigit() else None))
    for own in (settings.FRONTEND_URL, website):
        if own and (parts := _parsed(own)):
            out.add(_place(parts))
    return out


def _parsed(url: str) -> SplitResult | None:
    if not url or len(url) > LONGEST or not _SAFE.fullmatch(url) or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    # Only a plain host is allowed, without user info or brackets: another parser might split those elsewhere.
    written = parts.netloc.lower()
    if "@" in parts.netloc or not _HOST.fullmatch(host) or written.partition(":")[0] != host or written.endswith(":"):
        return None
    return parts


def _place(parts: SplitResult) -> tuple[str, int | None]:
    usual = {"http": 80, "https": 443}[parts.scheme.lower()]
    return str(parts.hostname), None if parts.port in (None, usual) else parts.port


def _nests(parts: SplitResult) -> bool:
    """Whether path, query or fragment contain another URL, also encoded once or twice: a page might redirect to it."""
    rest = f"{parts.path}?{parts.query}#{parts.fragment}"
    for _ in range(3):
        lower = rest.lower()
        if (
            "://" in lower
            or parts.path.startswith("//")
            or re.search(r"[=/](?:%2f|/){2}|javascript:|data:|[\\\r\n\t\x00]", lower)
        ):
            return True
        rest = unquote(rest)
    return False
