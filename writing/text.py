"""Plain text: what is removed from foreign text before a model or a person sees it, and from what people write."""

import html
import re
from itertools import islice

import lxml.html
import regex
from lxml.etree import ParserError

from scribe import elements
from scribe.marks import normalize
from writing.depth import flat

# Control characters other than tab and newline, zero-width and bidi controls, the byte order mark, variation selectors
# other than the emoji ones, interlinear marks, and the tag characters U+E0000..E007F that can hide a whole message.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Joiners carry meaning inside some scripts (Persian, Hindi, emoji): kept between letters of those, dropped elsewhere.
_JOINED = re.compile(
    "(?<=[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])[\u200c\u200d]"
    "(?=[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])"
)
#: The names of elements that begin or end a line, and the tag of one.
_BLOCKS = re.compile("p|div|br|li|ul|ol|h[1-6]|tr|table|td|th|section|article|blockquote|dd|dt|figure|hr")
BLOCK = re.compile(rf"</?(?:{_BLOCKS.pattern})\b[^<>]*>", re.I)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
MARKUP = re.compile(r"<[a-zA-Z/!?]")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*0(?![.\d]*[1-9])|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.I,
)
#: Elements whose content is not shown as text.
UNREAD = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "title",
        "textarea",
        "select",
    ]
)
_DROPPED = UNREAD | {"head", "button"}
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n\s*")
_CHARACTER = regex.compile(r"\X")


def visible(value: str) -> str:
    """`value` without invisible characters, in NFC. Lines end as `\\n`, also those of a form, sent as `\\r\\n`."""
    if value.isascii() and value.isprintable():
        return value
    value = value.replace("\r\n", "\n")
    kept = _JOINED.sub(lambda m: "\ue000" if m[0] == "\u200c" else "\ue001", value)
    kept = _INVISIBLE.sub(lambda m: "\n" if m[0] in "\r\u2028\u2029\x0b\x0c\x85" else "", kept)
    return normalize("NFC", kept).replace("\ue000", "\u200c").replace("\ue001", "\u200d")


def strip_html(value: str) -> str:
    """The text that a reader of foreign HTML would see: no comments, scripts or hidden elements; blocks end lines."""
    if not MARKUP.search(value):
        return squeeze(visible(html.unescape(value) if "&" in value else value))
    try:
        root = lxml.html.fragment_fromstring(flat(value.replace("\x00", "")), create_parent="div")
    except (ParserError, ValueError, AssertionError):
        return squeeze(visible(html.unescape(_TAG.sub(" ", value))))
    parts: list[str] = []
    _collect(root, parts, 0)
    return squeeze(visible("".join(parts)))


def _collect(node: lxml.html.HtmlElement, parts: list[str], depth: int) -> None:
    if isinstance(node.tag, str) and depth < 200:
        style = node.get("style")
        hidden = node.tag in _DROPPED or node.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style))
        if not hidden:
            block = _BLOCKS.fullmatch(node.tag)
            if block:
                parts.append("\n")
            if node.text:
                parts.append(node.text)
            for child in node:
                _collect(child, parts, depth + 1)
            if block:
                parts.append("\n")
    if node.tail and depth:
        parts.append(node.tail)


def of_html(value: str) -> str:
    """The visible text of HTML that our own sanitizer made (well-formed, nothing hidden): fast, no parser."""
    if "<" in value:
        value = _TAG.sub("", BLOCK.sub("\n", value))
    if "&" in value:
        value = html.unescape(value)
    return squeeze(value)


def squeeze(value: str) -> str:
    return _LINES.sub("\n", _SPACES.sub(" ", value)).strip()


def plain(value: str) -> str:
    """What a person wrote into a plain text field: no HTML and no invisible characters. A `<` that begins no element of
    HTML stays, as in “size <M>”."""
    return strip_html(elements.escape_others(value))


def plain_line(value: object) -> str:
    """The visible text of any value, on one line."""
    return " ".join(strip_html(str(value or "")).split())


def length(value: str) -> int:
    """The number of characters that a reader counts: a family of emojis is one, and so is a letter with its marks.

    Counts the extended grapheme clusters of https://www.unicode.org/reports/tr29/.
    """
    return len(value) - value.count("\r\n") if value.isascii() else sum(1 for _ in _CHARACTER.finditer(value))


def cut(value: str, limit: int) -> str:
    """`value` cut to at most `limit` characters as a reader counts them. It ends at a sentence if one ends in the last
    third, else at a word."""
    if len(value) <= limit or length(value) <= limit:
        return value
    if not value.isascii():
        limit = next(islice(_CHARACTER.finditer(value), limit, None)).start()  # now in code points
    head = value[: limit + 1]
    sentence = max(head.rfind(mark, 0, limit) for mark in (". ", "! ", "? ", ".\n", "。"))
    if sentence > limit * 2 // 3:
        return head[: sentence + 1]
    space = head.rfind(" ", limit // 2)
    return head[: space if space > 0 else limit].rstrip(" ,;:–-")
