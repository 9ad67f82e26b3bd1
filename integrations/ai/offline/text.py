"""Plain text out of what shops store: HTML to blocks, blocks to sentences, and which sentences may be used again."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from scribe.marks import normalize

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "td",
        "th",
        "table",
        "section",
        "article",
        "blockquote",
        "dd",
        "dt",
        "hr",
    ]
)
_SILENT = frozenset(["script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title"])
_VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"]
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad\U000e0000-\U000e007f\x00-\x08\x0b-\x1f]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])", re.I)
LONGEST = 8000

# What looks like orders to a machine, contact data, prices or shop talk is not repeated.
_UNWANTED = re.compile(
    r"https?:|www\.|@|\b\d{3}[\s./-]?\d{3}[\s./-]?\d{2,}\b|[€$£]\s?\d|\d\s?(?:€|\$|£|eur|usd|rsd|din)\b"
    r"|ignore (?:all|any|the|previous)|previous instructions|disregard|system prompt|\bsystem\s*:|assistant\s*:|as an ai\b"
    r"|language model|\bprompt\b|you are (?:now|a|an)\b|respond with|reply with|output only|do not mention"
    r"|ignorier|vorherige[nr]? anweisung|ignorez|instructions précédentes|ignora (?:las|le|todas|tutte)"
    r"|zanemari|ignoriši|prethodn\w+ (?:uputstv|instrukcij)|занемари|претходн\w+ (?:упутств|инструкциј)"
    r"|free shipping|versandkostenfrei|livraison gratuite|envío gratis|spedizione gratuita|besplatna dostava|бесплатна достава"
    r"|click here|buy now|order now|add to cart|jetzt (?:kaufen|bestellen)|hier klicken|naručite|kliknite|наручите|кликните"
    r"|\b(?:sale|discount|rabatt|popust|попуст|descuento|sconto|soldes)\b|lorem ipsum|\[/?\w+[^\]]*\]|[{}<>\\|]",
    re.I,
)
# The parser goes back to each `<` that begins nothing, and to each comment without an end.
_HALF_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_HALF_TAG_BUT_COMMENT = re.compile(_HALF_TAG.pattern + "(?!!--)")
_COMMENT_END = re.compile(r"--\s*>")
_ENCODED = re.compile(r"[A-Za-z0-9+/=]{32,}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”“»]?\s+(?=[\"„“«¿¡]?[^\W\d_a-zа-яčćžšđ])|(?<=[.!?…])\s+(?=\d)")


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._tag = "p"
        self._text: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        style = dict(attrs).get("style") or ""
        if tag in _SILENT or (tag not in _VOID and ("hidden" in dict(attrs) or _HIDDEN.search(style))):
            self._skipping.append(tag)
            return
        if tag in _BLOCKS:
            self._flush()
            self._tag = "p" if tag == "br" else tag

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag in self._skipping:
                while self._skipping and self._skipping.pop() != tag:
                    continue
            return
        if tag in _BLOCKS:
            self._flush()
            self._tag = "p"

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._text.append(data)

    def _flush(self) -> None:
        text = re.sub(r"\s+", " ", "".join(self._text)).strip()
        if text:
            self.blocks.append((self._tag, text))
        self._text = []

    def close(self) -> None:
        super().close()
        self._flush()


def blocks(source: str) -> list[tuple[str, str]]:
    """The visible blocks of HTML or plain text as (tag, text). Comments, scripts and hidden elements are left out."""
    source = _INVISIBLE.sub("", source.replace("\t", " "))[:LONGEST]
    source = _without_halves(re.sub(r"\r\n?|\\n", "\n", source))
    if "<" not in source:
        source = "".join(f"<p>{html.escape(html.unescape(line))}</p>" for line in source.split("\n"))
    parser = _Blocks()
    parser.feed(source)
    parser.close()
    return parser.blocks


def _without_halves(source: str) -> str:
    """Half tags, and comments that nothing ends, as text."""
    last = 0
    for end in _COMMENT_END.finditer(source):
        last = end.end()
    return _HALF_TAG_BUT_COMMENT.sub("&lt;", source[:last]) + _HALF_TAG.sub("&lt;", source[last:])


def plain(source: str) -> str:
    return " ".join(text for _, text in blocks(source))


def line(value: object) -> str:
    """One clean line out of a stored value: no markup, no control characters, single blanks."""
    text = html.unescape(str(value))
    text = re.sub(r"<[^<>]*>", " ", text) if "<" in text else text
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def sentences(source: str) -> list[str]:
    """The sentences of the running text (headings, table cells and list items are not sentences)."""
    out = []
    for tag, text in blocks(source):
        if tag in ("p", "div", "section", "article", "blockquote") or (tag == "li" and text.endswith(".")):
            out += [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]
    return out


def usable(sentence: str) -> bool:
    """Whether a sentence of the shop's may be used again: a statement of fair length, without orders, links, prices."""
    if not 15 <= len(sentence) <= 320 or sentence[-1] not in ".!…":
        return False
    if _UNWANTED.search(sentence) or _ENCODED.search(sentence) or "?" in sentence:
        return False
    letters = [c for c in sentence if c.isalpha()]
    if not letters or sum(c.isupper() for c in letters) > 0.5 * len(letters):
        return False
    return len(sentence.split()) >= 3 and not sentence[0].islower()


def clean_value(value: str) -> bool:
    """Whether an attribute's value is a value, and not a text that wants something."""
    return 0 < len(value) <= 120 and not _UNWANTED.search(value.replace("|", " ")) and not _ENCODED.search(value)


def cut(text: str, limit: int) -> str:
    """`text` within `limit` characters, ended at a word."""
    if len(text) <= limit:
        return text
    short = text[: limit + 1].rsplit(" ", 1)[0]
    return (short if len(short) <= limit else text[:limit]).rstrip(" ,;:–-|(")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_ASCII = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "đ": "dj", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "œ": "oe"}


def slug(text: str, limit: int = 80) -> str:
    """Lower-case ASCII words joined by hyphens; Cyrillic is transliterated."""

    from integrations.ai.offline import script

    lower = script.to_latin(text).lower()
    lower = "".join(_ASCII.get(c, c) for c in lower)
    plain_text = normalize("NFKD", lower).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain_text)
    out = ""
    for word in words:
        if len(out) + len(word) + 1 > limit:
            break
        out = f"{out}-{word}" if out else word
    return out
