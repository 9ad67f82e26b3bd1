"""The markup that WordPress's post filter removes on save.

https://developer.wordpress.org/reference/functions/wp_kses_post/. WooCommerce's API filters every product text for all
users. It answers with the kept text and never tells the losses.
"""

import re

from integrations.stores.texts import Kind, pieces
from scribe.messages import _

_RESPELLED = re.compile(r"[<>]|--|-$|&(?!#?\w+;)")
_TAG = re.compile(r"</?([a-zA-Z][^\s<>/]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_STYLE = re.compile(r"""\bstyle\s*=\s*["'][^"']*\b(?:expression|position\s*:\s*fixed|behavior)\b""", re.I)
# wp_kses_allowed_html('post') of WordPress 6.8.
TAGS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "area",
        "article",
        "aside",
        "audio",
        "b",
        "bdo",
        "big",
        "blockquote",
        "br",
        "button",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "legend",
        "li",
        "main",
        "map",
        "mark",
        "menu",
        "nav",
        "object",
        "ol",
        "p",
        "pre",
        "q",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
    ]
)
ATTRIBUTES = frozenset(
    [
        "abbr",
        "accept",
        "accept-charset",
        "accesskey",
        "action",
        "align",
        "alt",
        "autoplay",
        "axis",
        "background",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "char",
        "charoff",
        "charset",
        "cite",
        "class",
        "clear",
        "cols",
        "colspan",
        "color",
        "compact",
        "controls",
        "coords",
        "data",
        "datetime",
        "default",
        "dir",
        "disabled",
        "download",
        "enctype",
        "face",
        "for",
        "frame",
        "headers",
        "height",
        "hidden",
        "href",
        "hreflang",
        "hspace",
        "id",
        "ismap",
        "itemprop",
        "kind",
        "label",
        "lang",
        "loading",
        "longdesc",
        "loop",
        "media",
        "method",
        "multiple",
        "muted",
        "name",
        "nohref",
        "noshade",
        "nowrap",
        "open",
        "playsinline",
        "popovertarget",
        "poster",
        "preload",
        "rel",
        "readonly",
        "rev",
        "reversed",
        "role",
        "rows",
        "rowspan",
        "rules",
        "scope",
        "size",
        "span",
        "src",
        "srclang",
        "start",
        "style",
        "summary",
        "tabindex",
        "target",
        "title",
        "type",
        "usemap",
        "valign",
        "value",
        "vspace",
        "width",
        "xml:lang",
    ]
)


def first_removal(text: str) -> str:
    """The first element or attribute that the filter would remove, in words; "" if the text passes unchanged."""
    for name, rest in _TAG.findall(text):
        if name.lower() not in TAGS and "-" not in name:
            return _("WordPress removes <{name}> from this text.", name=name.lower())
        for attribute in _ATTRIBUTE.findall(rest):
            known = attribute.lower() in ATTRIBUTES or attribute.lower().startswith(("data-", "aria-"))
            if not known:
                return _(
                    "WordPress removes {attribute}=… from <{name}>.", attribute=attribute.lower(), name=name.lower()
                )
    if "<!" in text and not all(_keeps(kind, piece) for kind, piece in pieces(text)):
        return _("WordPress changes a comment with <, >, & or -- in it, and shows parts of it to visitors.")
    return _("WordPress removes styles from this text.") if _STYLE.search(text) else ""


def _keeps(kind: Kind, piece: str) -> bool:
    """Whether the filter keeps a comment as it is. Of one that is not closed, it cuts or shows parts."""
    if kind is Kind.MARKUP and piece.startswith("<!--"):
        return bool(inside := piece[4:-3]) and not _RESPELLED.search(inside)
    return kind is Kind.RAW or "<!" not in piece
