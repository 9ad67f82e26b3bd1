"""The allow-lists for HTML: what a description or a blog post may contain, whoever wrote it."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache, partial
from html import unescape
from typing import NamedTuple
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
_ELEMENT = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]*)>")
_EMBEDDED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "form",
        "object",
        "embed",
        "video",
        "audio",
        "svg",
        "canvas",
        "img",
        "input",
        "select",
    ]
)
# A word in brackets is a shortcode if it has attributes, no word's form, or a name that WordPress itself knows.
_DIRECTIVE = re.compile(
    r"\[([a-z]\w{1,40}(?=\s+\w+\s*=)|[a-z]\w{0,40}[-_][\w-]{1,40}|gallery|playlist|products)(?=[\s\]/])"
    r"|\{\{\s?([a-z]{3,20})(?=\s)"
    r"|<!-- wp:([a-z][a-z0-9-]{0,40}(?:/[a-z][a-z0-9-]{0,40})?)"
)
# Blocks of WordPress that bring nothing beside the words and elements within them.
_PLAIN_BLOCKS = frozenset(["paragraph", "heading", "list", "list-item", "quote", "html", "image"])
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([a-zA-Z][\w-]{0,30})\s{0,9}=\s{0,9}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""
)
_HARMLESS = frozenset(["class", "dir", "lang", "title"])  # attributes of any element
_ADDRESSES = frozenset(["href", "src", "cite"])
_WRITTEN_TO = ("mailto:", "tel:")
_SCHEMES = frozenset(["http", "https", "mailto", "tel"])
_NO_TARGET = re.compile(r"<a>(.*?)</a>", re.S)
_NO_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_SHIELDED = str.maketrans({"\\": None, "\t": None, "\n": None, "\r": None})


TAGS = {"product": PRODUCT_TAGS, "blog": BLOG_TAGS}
NO_HOST = ("none.invalid",)
#: Where our own images are: an address without a host.
FILES = "/api/v1/files/"


@dataclass(frozen=True, slots=True)
class OriginalMarkup:
    """The harmless markup of an original, which its translation keeps: elements, their attributes, and addresses."""

    tags: frozenset[str] = frozenset()
    attributes: dict[str, set[str]] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()

    def has(self, tag: str, attribute: str) -> bool:
        return attribute in self.attributes.get(tag, ())


@lru_cache(maxsize=64)
def markup_of(original: str) -> OriginalMarkup:
    tags, attributes, addresses = set[str](), defaultdict[str, set[str]](set), set[str]()
    for tag, inside in _ELEMENT.findall(original) if "<" in original else ():
        if (tag := tag.lower()) not in nh3.ALLOWED_TAGS:
            continue
        tags.add(tag)
        for name, *values in _ATTRIBUTE.findall(inside):
            name, value = name.lower(), unescape("".join(values))
            if name not in _HARMLESS | nh3.ALLOWED_ATTRIBUTES.get(tag, set()):
                continue
            if name not in _ADDRESSES:
                attributes[tag].add(name)
            elif value.startswith(_WRITTEN_TO) or ((address := _address(value)) and address[0] in {*_SCHEMES, ""}):
                attributes[tag].add(name)
                addresses.add(value)
    return OriginalMarkup(frozenset(tags), dict(attributes), frozenset(addresses))


def allow_for(item_type: str) -> str:
    """The allow-list of an item's type: pages and posts may have images, products and categories not."""
    return "blog" if item_type in ("page", "post") else "product"


def removed_elements(source: str, clean: str) -> set[str]:
    """The names of elements of which `clean`, the sanitized `source`, has fewer; `<!-- -->` for comments."""
    names, kept = _element_names(source), _element_names(clean)
    lost = Counter(map(_new_name, names)) - Counter(map(_new_name, kept))
    return {name for name in names if _new_name(name) in lost}


def embedded_lost(there: str, ours: str) -> list[str]:
    """What a page does beside its words `there` and no more with `ours` in its place, by name: embedded elements, and
    shortcodes, directives and blocks of the shop's software (`[gallery]`, `{{widget}}`, `<!-- wp:gallery -->`)."""
    found = removed_elements(there, ours) & _EMBEDDED
    if "[" in there or "{{" in there or "<!-- wp:" in there:
        found |= _directives(there) - _directives(ours)
    return sorted(found)


def _directives(html: str) -> set[str]:
    found = set()
    for code, directive, block in _DIRECTIVE.findall(html):
        if block not in _PLAIN_BLOCKS:
            found.add(f"[{code}]" if code else f"{{{{{directive}}}}}" if directive else f"<!-- wp:{block} -->")
    return found


def _element_names(html: str) -> list[str]:
    return ["<!-- -->"] * html.count("<!--") + [name.lower() for name, _inside in _ELEMENT.findall(html)]


def _new_name(name: str) -> str:
    return _RENAMED.get(name, name)


def sanitize(
    html: str, allow: str = "product", *, host: str = "", image_hosts: Collection[str] = (), original: str = ""
) -> str:
    """`html` reduced to the allow-list `product` or `blog`.

    Links stay when they are relative or lead to `host` (the shop's own) over https; others become plain text. Images
    (blog only) need https or a relative path below /api/v1/files/; `image_hosts`, when given, limits their hosts. Of a
    translation the harmless markup of its `original` stays as well, with the addresses that stand there.
    What comes out is well-formed, and sanitizing it again changes nothing.
    """
    html = visible(html)
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    own = markup_of(original)
    for old, new in _RENAMED.items():
        if old not in own.tags:
            html = html.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    blog = allow == "blog"
    allowed = _ATTRIBUTES if blog else {"*": set(), "a": {"href"}}
    hosts = frozenset(image_hosts if blog else NO_HOST)
    clean = nh3.clean(
        flat(html),
        tags=TAGS[allow] | own.tags,
        clean_content_tags=_CLEAN_CONTENT,
        attributes={
            tag: allowed.get(tag, set()) | own.attributes.get(tag, set()) for tag in {*allowed, *own.attributes}
        },
        attribute_filter=partial(_attribute, allowed=_Allowed(host.lower(), hosts, own.addresses)),
        strip_comments=True,
        link_rel=None,
        url_schemes=set(_SCHEMES),
    )
    # Links without a target become plain text. Images without a source are removed.
    return _NO_SOURCE.sub("", _NO_TARGET.sub(r"\1", clean)).strip()


class _Allowed(NamedTuple):
    """The addresses that stay: of the shop's own `host`, of images on `image_hosts`, and those of an original."""

    host: str
    image_hosts: frozenset[str]
    original: frozenset[str]


def _attribute(tag: str, name: str, value: str, *, allowed: _Allowed) -> str | None:
    if name in _ADDRESSES and value in allowed.original:
        return value
    if name == "href":
        return value if _own_link(value, allowed.host) else None
    if name == "src":
        return value if _safe_image(value, allowed.image_hosts) else None
    if name == "cite":
        return None
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
