"""Counting the opens and clicks of people, without those of machines and without quick repeats."""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrations.models import Prospect
from scribe.errors import InvalidInput
from scribe.ids import parse
from scribe.messages import _

OPEN_WINDOW = timedelta(minutes=30)  # in which a prospect's opens count as one
CLICK_WINDOW = timedelta(minutes=1)
_MACHINES = re.compile(
    r"bot\b|bots\b|crawl|spider|slurp|preview|scanner|monitor|headless|phantom|curl|wget|python|java/|go-http|okhttp|"
    r"libwww|httpclient|axios|facebookexternalhit|slackbot|whatsapp|telegram|discord|barracuda|mimecast|proofpoint|"
    r"safelinks|bingpreview|lighthouse|pingdom|uptime",
    re.I,
)


def is_machine(headers: Mapping[str, str]) -> bool:
    """Whether the request comes from a robot, a scanner, or a browser that only prefetches."""
    agent = headers.get("User-Agent", "")
    ahead = " ".join(headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")).lower()
    return not agent or bool(_MACHINES.search(agent)) or "prefetch" in ahead or "preview" in ahead


def find(prospect_id: str) -> Prospect | None:
    found = parse(prospect_id)
    return Prospect.objects.filter(pk=found).first() if found else None


@transaction.atomic
def count_open(*, prospect_id: str, headers: Mapping[str, str]) -> bool:
    """Count an open; False for a machine, a repeat within half an hour, or an unknown prospect."""
    found = parse(prospect_id)
    if found is None or is_machine(headers):
        return False
    now = timezone.now()
    # One conditional UPDATE: two at once count once.
    rows = Prospect.objects.filter(pk=found).exclude(last_opened_at__gt=now - OPEN_WINDOW)
    return bool(
        rows.update(
            open_count=F("open_count") + 1, first_opened_at=Coalesce("first_opened_at", now), last_opened_at=now
        )
    )


@transaction.atomic
def count_click(*, prospect: Prospect, url: str, headers: Mapping[str, str]) -> bool:
    """Count a click on `url`; False for a machine, or the link that was clicked last within a minute."""
    if is_machine(headers):
        return False
    now = timezone.now()
    rows = Prospect.objects.filter(pk=prospect.pk).exclude(last_clicked_url=url, last_clicked_at__gt=now - CLICK_WINDOW)
    return bool(rows.update(click_count=F("click_count") + 1, last_clicked_at=now, last_clicked_url=url))


LONGEST = 2048
_SAFE = re.compile(r"[!#$%&'()*+,\-./:;=?@\[\]_~0-9A-Za-z]+")  # RFC 3986; no blanks, controls, backslashes, quotes
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def check_link(url: str, *, website: str = "") -> str:
    """Return `url` if a click may lead there. Raises InvalidInput `link_not_allowed` for any other.

    Beside foreign hosts it refuses schemes other than http(s), user info, backslashes, blanks, control characters, a
    host that is not written in plain ASCII, a port that was not allowed, and another URL inside path, query or
    fragment.
    """
    parts = _parse(url)
    if parts is None or _place(parts) not in allowed_hosts(website) or _nests(parts):
        raise InvalidInput.at("?url", _("The link leads to an address that is not allowed."), "link_not_allowed")
    return url


def allowed_hosts(website: str = "") -> set[tuple[str, int | None]]:
    """(host, port) of the allow-list, of the app, and of the prospect's own site. Port None is the scheme's default."""
    out: set[tuple[str, int | None]] = set()
    for entry in settings.OUTREACH_ALLOWED_HOSTS:
        host, _, port = entry.strip().lower().partition(":")
        if host:
            out.add((host, int(port) if port.isdigit() else None))
    for own in (settings.FRONTEND_URL, website):
        if own and (parts := _parse(own)):
            out.add(_place(parts))
    return out


def _parse(url: str) -> SplitResult | None:
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
    for _unused in range(3):
        lower = rest.lower()
        if (
            "://" in lower
            or parts.path.startswith("//")
            or re.search(r"[=/](?:%2f|/){2}|javascript:|data:|[\\\r\n\t\x00]", lower)
        ):
            return True
        rest = unquote(rest)
    return False
