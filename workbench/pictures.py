"""Pictures of other hosts. Pages load nothing from there, so we fetch each picture through the guarded client, and shrink it.

The address of a picture is signed, since the frame of a preview has no rights and sends no cookie. So only what a page of
ours has shown can be asked for, and for two days at most. It takes the share of the organization whose page it was.
"""

import hashlib
import html
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qsl
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from projects import sample_catalogue
from scribe import crypto
from scribe.api.deferred import InTurn
from scribe.errors import NotFound
from writing import images

DAY = 86_400  # seconds
#: How long we and browsers keep a picture.
KEPT = timedelta(hours=1)
#: How long a failure is kept: as if the picture were empty.
FAILED = timedelta(minutes=1)
NONE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z" fill="#8882"/></svg>'
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)"')


def address(url: str, organization_id: UUID) -> str:
    """The address of the picture at `url` on a page of this organization. The same for a day, so that browsers keep it. It
    opens the picture for one day more."""
    owner, until = str(organization_id), str((int(time.time()) // DAY + 2) * DAY)
    query = {"of": url, "for": owner, "until": until, "mark": _mark(url, owner, until)}
    return reverse("workbench:picture", query=query)


def _mark(url: str, owner: str, until: str) -> str:
    return crypto.digest(f"workbench-picture:{owner}:{until}:{url}")[:32]


def in_html(text: str, organization_id: UUID, *, ours: str) -> str:
    """Sanitized HTML whose pictures come through us. Those below the path `ours` are on this host already."""

    def through(found: re.Match[str]) -> str:
        url = html.unescape(found[2])
        return found[0] if url.startswith(ours) else f'{found[1]}{html.escape(address(url, organization_id))}"'

    return _SOURCE.sub(through, text)


def requested_picture(query: Mapping[str, str]) -> HttpResponse:
    """The picture that a signed address names. Raises NotFound for an address that we did not make, or that is too old."""
    if not _is_ours(query):
        raise NotFound
    return shrunk_picture(query["of"], query["for"])


def _is_ours(query: Mapping[str, str]) -> bool:
    url, owner, until = query.get("of", ""), query.get("for", ""), query.get("until", "")
    return constant_time_compare(_mark(url, owner, until), query.get("mark", "")) and int(until) > time.time()


def proof(path: str, query: bytes, headers: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    """The organization on whose page a picture's signed address stood, for `scribe.fairness.callers`."""
    if path != reverse("workbench:picture"):
        return None
    given = dict(parse_qsl(query.decode("latin-1")))
    return (given["for"], "") if _is_ours(given) else None


def shrunk_picture(url: str, owner: str) -> HttpResponse:
    """The picture at `url`, shrunk; a grey square when it does not come. Deferred where it has to be fetched."""
    key = f"picture:{hashlib.sha256(f'{owner} {url}'.encode()).hexdigest()}"
    found = cache.get(key) or sample_catalogue.picture(url)
    if found is None and url:
        return InTurn(partial(_fetch, url, key))
    return _reply(found)


def _fetch(url: str, key: str) -> HttpResponse:
    found = cache.get(key)  # which another request may have fetched while this one waited for its turn
    if found is None:
        image = images.fetch(url)
        found = image.data if image is not None else b""
        cache.set(key, found, (KEPT if found else FAILED).total_seconds())
    return _reply(found)


def _reply(found: bytes | None) -> HttpResponse:
    kept = KEPT if found else FAILED
    return HttpResponse(
        found or NONE,
        content_type="image/jpeg" if found else "image/svg+xml",
        headers={"Cache-Control": f"private, max-age={int(kept.total_seconds())}"},
    )
