"""Comparing texts as a reader sees them, and checking whether a store has kept the text that it was sent."""

import html
import json
import re
from collections.abc import Iterator
from enum import Enum

from integrations.stores import meanings
from integrations.stores.types import Text
from scribe import elements
from scribe.messages import _
from scribe.types import JsonValue

ELEMENTS_GONE = _("It was updated. The earlier text had elements that ours lacks: {names}.")
_ELEMENT = re.compile(r"<(?=[a-zA-Z/])(/?)([^\s/<>]*)[^<>]*>")
_RAW = {name: re.compile(rf"</{name}(?![^\s/>])", re.I) for name in ("script", "style")}
_BARE = re.compile(r"<(?![a-zA-Z/!])")
_NAME = re.compile(r"<(/?)([^\s/>]*)")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
# Browsers don't show white space beside these elements.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "iframe",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def same(field: str, one: Text | None, other: Text | None) -> bool:
    """Whether a reader sees no difference: entities, white space, and the spelling of HTML tags don't count.

    `tags` are compared as sets without case, as the platforms treat them; attribute values option by option.
    """
    if one == other:
        return True
    if field == "tags":
        return members(one) == members(other)
    if field.startswith("attributes."):
        return _options(one) == _options(other)
    if field.startswith("meta.") and (parsed := data(one)) is not None:
        return bool(parsed == data(other))
    return reading(one) == reading(other)


def exact(field: str, one: Text | None, other: Text | None) -> bool:
    """Whether two texts are the same letter by letter. Tags and attributes are sets of values in every store."""
    return one == other or (field.partition(".")[0] in ("tags", "attributes") and same(field, one, other))


def data(text: Text | None) -> JsonValue:
    """The JSON that a chosen place holds, since stores may reformat it; None for any other text."""
    if not isinstance(text, str) or not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def alike(field: str, there: Text | None, sent: Text | None) -> bool:
    """Whether `there` equals the sent text for a reader, or has the same attribute values in the shop's own words."""
    if same(field, there, sent):
        return True
    name = field.removeprefix("attributes.")
    return name != field and bool(there and sent) and meanings.same(name, _options(there), _options(sent))


def left_of(field: str, there: Text | None, sent: Text | None, *, spoiled: bool = False) -> bool:
    """Whether the store may have made `there` from `sent`: all of its words are ours, in our order.

    An HTML filter that strips elements leaves such a text. Where it is known to have `spoiled` this one, words of its comments, scripts and
    attributes count too, since the filter shows some of them. `tags` count as kept while all of ours are among them.
    """
    if same(field, there, sent):
        return True
    if field == "tags":
        return members(sent) <= members(there)
    if field.startswith("attributes."):
        return False
    words = _all_words if spoiled else _words
    kept = words(there)
    if not kept:
        return not words(sent)
    rest = iter(words(sent))
    return all(word in rest for word in kept)


def grown_from(field: str, there: Text | None, sent: Text | None, before: Text | None) -> bool:
    """Whether somebody seems to have edited `sent`: `there` still has most of the words that were new in it (of `tags`,
    any of the new ones)."""
    if field == "tags":
        return bool((members(sent) - members(before)) & members(there))
    fresh = set(_words(sent)) - set(_words(before))
    return bool(fresh) and 2 * len(fresh & set(_words(there))) > len(fresh)


def reading(text: Text | None) -> str:
    """The text in a form to compare: words and elements with their attributes, all in one spelling. What stands inside
    scripts and styles counts to the letter, and inside `pre` white space does."""
    value = ", ".join(text) if isinstance(text, list) else str(text or "")
    if "<" not in value:
        return _words_only(value)
    parts: list[str] = []
    waiting, after_block = "", True
    for kind, piece in pieces(value):
        if kind is Kind.TEXT:
            waiting = piece
            continue
        tag, block = _tag(piece) if kind is Kind.MARKUP else (html.unescape(piece), False)
        after_block = _add(parts, waiting, after_block, block)
        parts.append(piece if kind is Kind.RAW else tag)
        waiting, after_block = "", block
    _add(parts, waiting, after_block, True)
    return "".join(parts)


class Kind(Enum):
    """What a piece of HTML is: words, a tag or comment, words inside `pre`, or what stands inside a script or style."""

    TEXT, MARKUP, PREFORMATTED, RAW = range(4)


def pieces(text: str) -> Iterator[tuple[Kind, str]]:
    """The text as pieces of one kind each; together they are the text. Words come in one piece between two others."""
    at = begin = preformatted = 0
    unclosed = False  # whether a comment without an end was met: no later one has an end either
    while (start := text.find("<", at)) >= 0:
        name, closes, end = "", False, 0
        if text.startswith("<!--", start):
            close = -1 if unclosed else text.find("-->", start + 4)
            unclosed, end = close < 0, close + 3 if close >= 0 else 0
        elif found := _ELEMENT.match(text, start):
            name, closes, end = found[2].lower(), bool(found[1]), found.end()
        if end <= start:
            at = start + 1
            continue
        if begin < start:
            yield Kind.PREFORMATTED if preformatted else Kind.TEXT, text[begin:start]
        yield Kind.MARKUP, text[start:end]
        at = begin = end
        if name == "pre":
            preformatted = max(0, preformatted + (-1 if closes else 1))
        if name in _RAW and not closes:
            closing = _RAW[name].search(text, end)
            at = begin = closing.start() if closing else len(text)
            if end < begin:
                yield Kind.RAW, text[end:begin]
    if begin < len(text):
        yield Kind.PREFORMATTED if preformatted else Kind.TEXT, text[begin:]


def _add(parts: list[str], text: str, after_block: bool, before_block: bool) -> bool:
    words = _SPACE.sub(" ", html.unescape(text))
    words = words.lstrip() if after_block else words
    words = words.rstrip() if before_block else words
    if words:
        parts.append(words)
    return after_block


def _tag(text: str) -> tuple[str, bool]:
    """A tag in one spelling, and whether it begins or ends a block."""
    if text.startswith("<!--"):
        return "\x00!" + _SPACE.sub(" ", text[4:-3]).strip() + "\x00", True
    opening = _NAME.match(text)
    assert opening is not None
    name = opening[2].lower()
    shown = "" if opening[1] else "".join(sorted(_attributes(text[opening.end() : -1])))
    return f"\x00{opening[1]}{name}{shown}\x00", name in _BLOCKS


def _attributes(text: str) -> Iterator[str]:
    for name, value in _ATTRIBUTE.findall(text):
        plain = _SPACE.sub(" ", html.unescape(value.strip("\"'"))).strip()
        if name.lower() == "style":
            plain = ";".join(
                ":".join(p.strip() for p in part.split(":", 1)) for part in plain.split(";") if part.strip()
            )
        yield f" {name.lower()}={plain}"


def _words_only(text: str) -> str:
    return _SPACE.sub(" ", html.unescape(text) if "&" in text else text).strip()


def _words(text: Text | None) -> list[str]:
    """The visible words and those of scripts and styles, without backslashes, which some stores remove."""
    value = ", ".join(text) if isinstance(text, list) else str(text or "")
    if "<" not in value:
        return html.unescape(value).replace("\\", "").split()
    shown = (
        " " if kind is Kind.MARKUP else piece if kind is Kind.RAW else html.unescape(piece)
        for kind, piece in pieces(value)
    )
    return "".join(shown).replace("\\", "").split()


def _all_words(text: Text | None) -> list[str]:
    return _WORD.findall(html.unescape(str(text or "")))


def without(there: Text | None, pushed: Text | None, before: Text | None) -> Text:
    """The tags of `there` without those that `pushed` added to `before`.
    Returns `before` itself if the sets are equal."""
    ours = members(pushed) - members(before)
    listed = there if isinstance(there, list) else (there or "").split(",")
    left = [tag.strip() for tag in listed if tag.strip() and not members([tag]) & ours]
    return before or [] if members(left) == members(before) else left


def members(text: Text | None) -> frozenset[str]:
    items = text if isinstance(text, list) else (text or "").split(",")
    return frozenset(_words_only(item).casefold() for item in items if item.strip())


def _options(text: Text | None) -> list[str]:
    parts = text if isinstance(text, list) else re.split(r"[|,]", text or "")
    return sorted(_words_only(part) for part in parts if part.strip())


# --- plain text and HTML


def is_html(text: str) -> bool:
    """Whether a text contains an HTML element; otherwise it is plain text, also with a `<M>` in it."""
    return elements.found_in(text)


def as_html(text: str) -> str:
    """A plain text, escaped for a place that holds HTML."""
    return html.escape(text, quote=False)


def escape_plain_text(text: str) -> str:
    """A plain text for a place that strips tags and keeps entities: an unescaped `<` would lose the text up to `>`."""
    return as_html(text) if "<" in text else text


def escape_stray_brackets(text: str) -> str:
    """HTML with `&lt;` for each `<` among its words that opens no tag: an HTML filter would cut the text after it. Scripts,
    styles and comments stay as they are."""
    if "<" not in text:
        return text
    words = (Kind.TEXT, Kind.PREFORMATTED)
    return "".join(_BARE.sub("&lt;", piece) if kind in words else piece for kind, piece in pieces(text))


def plain_text_of(text: str) -> str:
    """The plain text that an HTML place shows. A text with tags is returned unchanged."""
    plain = html.unescape(text) if "&" in text else text
    return text if is_html(plain) else plain
