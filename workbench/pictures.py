"""Pictures of other hosts. Pages load nothing from there, so we fetch each picture through the guarded client, and shrink it.

The address of a picture is signed, since the frame of a preview has no rights and sends no cookie. So only what a page of
ours has shown can be asked for.
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from scribe import crypto
from scribe.errors import NotFound, TooManyRequests
from scribe.http import slots
from writing import images

#: How long we and browsers keep a picture.
KEPT = timedelta(hours=1)
NONE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z" fill="#8882"/></svg>'
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)"')


def address(url: str, organization_id: Any) -> str:
    """The address of the picture at `url` on a page of this organization. The same each time, so that browsers keep it."""
    owner = str(organization_id)
    return reverse("workbench:picture", query={"of": url, "for": owner, "mark": _mark(url, owner)})


def _mark(url: str, owner: str) -> str:
    return crypto.digest(f"workbench-picture:{owner}:{url}")[:32]


def in_html(text: str, organization_id: Any, *, ours: str) -> str:
    """Sanitized HTML whose pictures come through us. Those below the path `ours` are on this host already."""

    def through(found: re.Match[str]) -> str:
        url = html.unescape(found[2])
        return found[0] if url.startswith(ours) else f'{found[1]}{html.escape(address(url, organization_id))}"'

    return _SOURCE.sub(through, text)


def asked(query: Any) -> HttpResponse:
    """The picture that a signed address names. Raises NotFound for an address that we did not make."""
    url, owner = query.get("of", ""), query.get("for", "")
    if not constant_time_compare(_mark(url, owner), query.get("mark", "")):
        raise NotFound
    return shown(url, owner)


def shown(url: str, owner: str) -> HttpResponse:
    """The picture at `url`, shrunk; a grey square when it does not come. `owner`: whose turn the look-up takes."""
    key = f"picture:{hashlib.sha256(f'{owner} {url}'.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None and url:
        try:
            with slots.live.take(owner):
                image = images.fetch(url)
        except TooManyRequests:
            return _none()
        if image is not None:
            found = image.data
            cache.set(key, found, KEPT.total_seconds())
    if found is None:
        return _none()
    return HttpResponse(found, content_type="image/jpeg", headers=_kept())


def _kept() -> dict[str, str]:
    return {"Cache-Control": f"private, max-age={int(KEPT.total_seconds())}"}


def _none() -> HttpResponse:
    return HttpResponse(NONE, content_type="image/svg+xml", headers=_kept())
