"""Photo search at Pexels. https://www.pexels.com/api/documentation/

The licence asks for a credit and a link wherever results are shown; `Photo` carries both. The default quota is 200
requests an hour, so callers cache the answers.
"""

import math
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings

from scribe.http import client
from scribe.http import errors as http
from scribe.messages import _
from scribe.types import Json


class PhotosError(Exception):
    """The provider gave no usable answer. `retry_after` is in seconds, if the provider stated it."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class KeyRefused(PhotosError):
    """The key is wrong or revoked."""


class Busy(PhotosError):
    """The key's quota is used up for now."""


class PhotosTimedOut(PhotosError):
    """No answer in time."""


SECONDS = 10.0
MAX_BYTES = 2 * 1024 * 1024
IMAGE_HOST = "images.pexels.com"
LICENSE = "Pexels License (https://www.pexels.com/license/)"
ORIENTATIONS = ("landscape", "portrait", "square")
SIZES = ("original", "large2x", "large", "medium", "small", "portrait", "landscape", "tiny")


@dataclass(frozen=True)
class Photo:
    """`url` is the photo's page at Pexels; `src` its addresses by size."""

    id: int
    width: int
    height: int
    url: str
    photographer: str
    photographer_url: str
    avg_color: str
    alt: str
    src: dict[str, str]


@dataclass(frozen=True)
class Found:
    total_results: int
    page: int
    per_page: int
    photos: list[Photo]

    def as_dict(self) -> Json:
        return asdict(self)


def search(*, key: str, query: str, page: int = 1, per_page: int = 20, orientation: str = "") -> Found:
    """One page of photos. Raises PhotosError, which never contains the key or the provider's own words."""
    params: Json = {"query": query, "page": page, "per_page": per_page}
    if orientation:
        params["orientation"] = orientation
    body = _get("/v1/search", key, params)
    photos = body.get("photos")
    return Found(
        total_results=_number(body.get("total_results")),
        page=_number(body.get("page")) or page,
        per_page=_number(body.get("per_page")) or per_page,
        photos=[_photo(row) for row in photos if isinstance(row, dict)] if isinstance(photos, list) else [],
    )


def is_image_address(url: str) -> bool:
    """Whether `url` is one of the provider's own images: https on exactly its host. Where the deployment sets
    `PEXELS_API_URL` and lets that host through, the host named there counts, too."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username or parts.password or "\\" in url or "@" in parts.netloc:
        return False
    if parts.scheme == "https" and host == IMAGE_HOST and port in (None, 443):
        return True
    other = urlsplit(settings.PEXELS_API_URL)
    return other.hostname != "api.pexels.com" and (parts.scheme, host, port) == (
        other.scheme,
        (other.hostname or "").lower(),
        other.port,
    )


def _get(path: str, key: str, params: Json) -> Json:
    try:
        response = client.request(
            "GET",
            settings.PEXELS_API_URL.rstrip("/") + path,
            headers={"Authorization": key},
            params=params,
            timeout=SECONDS,
            max_bytes=MAX_BYTES,
        )
        if response.status in (401, 403):
            raise KeyRefused(_("Pexels rejected the API key. Check the key."))
        if response.status == 429:
            raise Busy(_("The Pexels quota is used up for now."), retry_after=_wait(response))
        if not response.ok:
            raise PhotosError(
                _("Pexels returned status {status}.", status=response.status), retry_after=response.retry_after
            )
        body = response.json()
    except http.TimedOut:
        raise PhotosTimedOut(_("Pexels did not answer in time.")) from None
    except http.OutboundError:
        raise PhotosError(_("Pexels can't be reached right now.")) from None
    if not isinstance(body, dict):
        raise PhotosError(_("Pexels did not return a usable reply."))
    return body


def _wait(response: client.Response) -> float:
    """Seconds to wait after a 429, from any of the forms in which it may say so; else a minute."""
    if response.retry_after is not None:
        return response.retry_after
    reset = client.retry_after(response.headers.get("X-Ratelimit-Reset"))
    if reset is not None and reset > 1_000_000_000:
        return min(3600.0, max(1.0, reset - time.time()))
    return 60.0


def _photo(row: Json) -> Photo:
    given = row.get("src")
    src: Json = given if isinstance(given, dict) else {}
    return Photo(
        id=_number(row.get("id")),
        width=_number(row.get("width")),
        height=_number(row.get("height")),
        url=str(row.get("url") or ""),
        photographer=str(row.get("photographer") or ""),
        photographer_url=str(row.get("photographer_url") or ""),
        avg_color=str(row.get("avg_color") or ""),
        alt=str(row.get("alt") or ""),
        src={name: str(src[name]) for name in SIZES if src.get(name)},
    )


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
