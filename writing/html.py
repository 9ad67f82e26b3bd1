"""The allow-lists for HTML: what a description or a blog post may contain, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from urllib.parse import urlsplit

import nh3

from writing.depth import flat
from writing.text import UNREAD, visible

PRODUCT_TAGS = frozenset(
    ["p", "ul", "ol", "li", "strong", "em", "h2", "h3", "table", "thead", "tbody", "tr", "td", "th", "br", "a"]
)
BLOG_TAGS = PRODUCT_TAGS | frozenset(["img", "figure", "figcaption", "blockquote", "h4"])
# These tags are renamed rather than dropped, because models and editors use both forms.
_RENAMED = {"b": "strong", "i": "em", "h1": "h2"}
_CLEAN_CONTENT = UNREAD | {"option"}
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "img": {"src", "alt", "width", "height"}}
_NO_TARGET = re.compile(r"<a>(.*?)</a>", re.S)
_NO_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_SHIELDED = str.maketrans({"\\": None, "\t": None, "\n": None, "\r": None})


TAGS = {"product": PRODUCT_TAGS, "blog": BLOG_TAGS}
NO_HOST = ("none.invalid",)
#: Where our own images are: an address without a host.
FILES = "/api/v1/files/"


def allow_for(item_type: str) -> str:
    """The allow-list of an item's type: pages and posts may have images, products and categories not."""
    return "blog" if item_type in ("page", "post") else "product"


def sanitize(html: str, allow: str = "product", *, host: str = "", image_hosts: Collection[str] = ()) -> str:
    """`html` reduced to the allow-list `product` or `blog`.

    Links stay when they are relative or lead to `host` (the shop's own) over https; others become plain text. Images
    (blog only) need https or a relative path below /api/v1/files/; `image_hosts`, when given, limits their hosts.
    What comes out is well-formed, and sanitizing it again changes nothing.
    """
    html = visible(html)
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    for old, new in _RENAMED.items():
        html = html.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    blog = allow == "blog"
    clean = nh3.clean(
        flat(html),
        tags=TAGS[allow],
        clean_content_tags=_CLEAN_CONTENT,
        attributes=_ATTRIBUTES if blog else {"*": set(), "a": {"href"}},
        attribute_filter=partial(_attribute, host=host.lower(), image_hosts=frozenset(image_hosts)),
        strip_comments=True,
        link_rel=None,
        url_schemes={"http", "https"},
    )
    # Links without a target become plain text. Images without a source are removed.
    return _NO_SOURCE.sub("", _NO_TARGET.sub(r"\1", clean)).strip()


def _attribute(tag: str, name: str, value: str, *, host: str, image_hosts: frozenset[str]) -> str | None:
    if tag == "a":
        return value if _own_link(value, host) else None
    if name == "src":
        return value if _safe_image(value, image_hosts) else None
    if name in ("width", "height"):
        return value if value.isascii() and value.isdigit() and len(value) <= 5 else None
    return value


def _own_link(value: str, host: str) -> bool:
    address = _address(value)
    if address is None:
        return False
    scheme, netloc = address
    if not scheme and not netloc:
        return value.startswith(("/", "#", "?")) or value[:1].isalnum()
    return bool(host) and scheme in ("http", "https") and netloc in (host, f"www.{host}", host.removeprefix("www."))


def _safe_image(value: str, image_hosts: frozenset[str]) -> bool:
    address = _address(value)
    if address is None:
        return False
    scheme, netloc = address
    if not scheme and not netloc:
        return value.startswith(FILES) and ".." not in value
    return (
        scheme in ("https", "http")
        and (scheme == "https" or netloc in image_hosts)
        and (not image_hosts or netloc in image_hosts)
    )


def _address(value: str) -> tuple[str, str] | None:
    """(scheme, host) of a URL, or None for a URL that a browser might read differently."""
    if value != value.strip().translate(_SHIELDED) or "@" in value.split("?")[0] or value.startswith("//"):
        return None
    try:
        parts = urlsplit(value)
        return parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        return None
