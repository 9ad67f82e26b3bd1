"""Addresses as merchants type them, made canonical."""

import re
from urllib.parse import urlsplit

from scribe.http.addresses import check_url

# Paths that merchants paste after the address of their shop.
_TAILS = re.compile(r"/(wp-admin|wp-json|wp-login\.php|rest|admin|index\.php/admin)(/.*)?$", re.IGNORECASE)
# The same for a site that only gets posts, where `rest` and `admin` may be folders of the site.
_SITE_TAILS = re.compile(r"/(wp-admin|wp-json|wp-login\.php)(/.*)?$", re.IGNORECASE)


def of_shop(text: str, *, pointer: str) -> str:
    """The canonical address of a shop. Raises InvalidInput at `pointer` when it may not be called."""
    return _canonical(text, _TAILS, pointer)


def of_site(text: str) -> str:
    """The canonical address of a site for posts. Raises InvalidInput when it may not be called."""
    return _canonical(text, _SITE_TAILS, "#/site_url")


def _canonical(text: str, tails: re.Pattern[str], pointer: str) -> str:
    text = text.strip()
    parts = urlsplit(check_url(text if "://" in text else f"https://{text}", pointer=pointer))
    return f"{parts.scheme}://{parts.netloc}{tails.sub('', parts.path).rstrip('/')}"


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: credentials are valid for these only."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port
