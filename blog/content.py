"""The text of a post: the HTML that it may hold, and how its parts are put together.

The allow-list is that of products, with images, quotes and captions added, and links to other sites: a post may cite.
"""

import html
import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from urllib.parse import urlsplit

import nh3
from django.conf import settings

from scribe.types import ReadOnlyJson
from writing.depth import flat
from writing.html import BLOG_TAGS
from writing.html import removed_elements as fewer_elements
from writing.text import visible

FILES = "/api/v1/files/"
_RELS = frozenset({"nofollow", "sponsored", "ugc", "noopener", "noreferrer"})
_DROPPED_WHOLE = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "textarea", "select"}
)
ATTRIBUTES = {"a": {"href", "rel"}, "img": {"src", "alt", "width", "height"}}
_RENAMED = re.compile(r"(</?)(h1|b|i)(?=[\s>/])", re.IGNORECASE)
_NEW_NAMES = {"h1": "h2", "b": "strong", "i": "em"}
_BARE_LINK = re.compile(r"<a(?: rel=\"[^\"]*\")?>(.*?)</a>", re.DOTALL)
_BARE_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"[^>]*>')
_FIGURE = re.compile(r"<figure>(?:(?!<figure>).)*?</figure>", re.DOTALL)
_MAY_BE_EMPTY = ("p", "figure", "li", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote")
_EMPTY = re.compile(rf"<({'|'.join(_MAY_BE_EMPTY)})>\s*</\1>")
_PRODUCT_LINK = re.compile(r"""\bhref\s{0,9}=\s{0,9}(["'])\s{0,9}product:([^"']{0,99})\1""", re.IGNORECASE)
_ODD = str.maketrans(dict.fromkeys("\\\t\n\r", None))


def sanitize(source: str, *, only_links: Iterable[str] | None = None) -> str:
    """Reduce `source` to the allow-list. With `only_links`, a link to any other address is removed and its text kept.
    The result is well-formed. Sanitizing may be repeated: it changes nothing more."""
    source = _RENAMED.sub(lambda m: m[1] + _NEW_NAMES[m[2].lower()], visible(source))
    allowed = None if only_links is None else frozenset(only_links)
    clean = nh3.clean(
        flat(source),
        tags=set(BLOG_TAGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=partial(_attribute, allowed=allowed),
        strip_comments=True,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    clean = _BARE_IMAGE.sub("", _BARE_LINK.sub(r"\1", clean))
    while (shorter := _EMPTY.sub("", clean)) != clean:
        clean = shorter
    return clean.strip()


def without_images(clean: str, urls: Collection[str]) -> str:
    """A sanitized text without the images at these addresses, and without the figures that then have none."""
    if not any(html.escape(url) in clean for url in urls):
        return clean

    def drop(found: re.Match[str]) -> str:
        return "" if html.unescape(found[1]) in urls else found[0]

    def drop_figure(found: re.Match[str]) -> str:
        left = _IMAGE.sub(drop, found[0])
        return left if left == found[0] or "<img" in left else ""

    return _IMAGE.sub(drop, _FIGURE.sub(drop_figure, clean))


def removed_elements(source: str, clean: str) -> list[str]:
    """The elements in `source` that `clean`, the sanitized text, has lost, by name. An empty paragraph is no loss."""
    return sorted(fewer_elements(source, clean).difference(_MAY_BE_EMPTY))


def _attribute(tag: str, name: str, value: str, *, allowed: frozenset[str] | None) -> str | None:
    if tag == "a" and name == "href":
        return value if is_link(value) and (allowed is None or value in allowed) else None
    if name == "rel":
        return " ".join(word for word in value.lower().split() if word in _RELS) or None
    if name == "src":
        return value if is_image_address(value) else None
    if name in ("width", "height"):
        return value if value.isascii() and value.isdigit() and len(value) <= 5 else None
    return value


def is_link(value: str) -> bool:
    parts = _split(value)
    if parts is None:
        return False
    scheme, host, _ = parts
    return bool(host) if scheme in ("http", "https") else scheme in ("", "mailto", "tel")


def is_web_address(value: str) -> bool:
    """Whether `value` is an http or https address with a host, without credentials or odd characters."""
    parts = _split(value)
    return parts is not None and parts[0] in ("http", "https") and bool(parts[1])


def is_image_address(value: str) -> bool:
    """Whether `value` is an https address, or a file of ours."""
    parts = _split(value)
    if parts is None:
        return False
    scheme, host, path = parts
    if value.startswith(f"{settings.PUBLIC_URL}{FILES}"):
        return ".." not in path
    if not scheme and not host:
        return path.startswith(FILES) and ".." not in path
    return scheme == "https" and bool(host)


def _split(value: str) -> tuple[str, str, str] | None:
    """Scheme, host and path. None when a browser might read the address differently."""
    if value != value.strip().translate(_ODD) or value.startswith("//"):
        return None
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    return None if parts.username or parts.password else (parts.scheme.lower(), host, parts.path)


def with_product_links(source: str, links: Mapping[str, str]) -> str:
    """Replace `href="product:<id>"` by the product's address in `links`. Drops the `href` of an unknown product."""

    def address(found: re.Match[str]) -> str:
        url = links.get(found[2].strip(), "")
        return f'href="{html.escape(url, quote=True)}"' if url else ""

    return _PRODUCT_LINK.sub(address, source)


def figure(*, url: str, alt: str, width: int | None = None, height: int | None = None, caption: str = "") -> str:
    size = f' width="{width}" height="{height}"' if width and height else ""
    note = f"<figcaption>{html.escape(caption, quote=False)}</figcaption>" if caption else ""
    return f'<figure><img src="{html.escape(url)}" alt="{html.escape(alt)}"{size}>{note}</figure>'


def compose(data: ReadOnlyJson, *, figures: Iterable[str] = ()) -> str:
    """Join a draft's introduction, sections and conclusion. A figure follows each section; the others come last."""
    left = iter(figures)
    parts = [paragraphs(data.get("introduction"))]
    for section in data.get("sections") or []:
        if not isinstance(section, Mapping):
            continue
        heading = str(section.get("heading") or "").strip()
        if heading:
            parts.append(f"<h2>{html.escape(html.unescape(heading), quote=False)}</h2>")
        parts.append(paragraphs(section.get("html")))
        parts.append(next(left, ""))
    parts += [paragraphs(data.get("conclusion")), *left]
    return "\n".join(part for part in parts if part)


def paragraphs(value: object) -> str:
    """Return HTML with block tags unchanged, and plain text as `<p>` paragraphs."""
    text = str(value or "").strip()
    if not text or re.search(r"<(p|ul|ol|h[2-4]|blockquote|table|figure)\b", text, re.IGNORECASE):
        return text
    return "".join(f"<p>{' '.join(block.split())}</p>" for block in re.split(r"\n\s*\n", text) if block.strip())
