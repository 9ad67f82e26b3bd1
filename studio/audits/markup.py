"""Whether HTML is well formed enough for a shop page: tags closed in order, nothing cut off, nothing escaped twice."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_IMPLIED = frozenset(
    ["li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"]
)  # may stay open by the standard
_CLOSES_P = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "form",
        "hr",
        "pre",
        "figure",
    ]
)
_ESCAPED_TAG = re.compile(r"&(?:amp;)?lt;\s*/?\s*(?:p|br|div|span|strong|b|em|i|ul|li|a|h[1-6]|table|img)\b", re.I)
_DOUBLE_ENTITY = re.compile(r"&amp;(?:amp|nbsp|lt|gt|quot|[a-z]+uml|#\d+);", re.I)
_CUT_OFF = re.compile(r"<[a-zA-Z/][^<>]*(?:<|$)")


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSES_P and self.open and self.open[-1] == "p":
            self.open.pop()
        if tag in _IMPLIED and self.open and self.open[-1] == tag:
            self.open.pop()
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<br/>` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        while self.open and self.open[-1] in _IMPLIED and self.open[-1] != tag:
            self.open.pop()
        if self.open and self.open[-1] == tag:
            self.open.pop()
            return
        self.faults += 1
        if tag in self.open:
            while self.open.pop() != tag:
                continue


def is_broken(source: str) -> bool:
    if "<" not in source and "&" not in source:
        return False
    if _ESCAPED_TAG.search(source) or _DOUBLE_ENTITY.search(source) or _CUT_OFF.search(source):
        return True
    parser = _Nesting()
    parser.feed(source)
    parser.close()
    return parser.faults > 0 or any(tag not in _IMPLIED for tag in parser.open)
