"""Tell whether HTML is well formed enough for a shop page: tags close in order, and no text is cut or escaped twice."""

import re
from collections import Counter

from studio.audits.product import audible_text
from writing.depth import IMPLIED, VOID

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


_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)>")


class _Nesting:
    def __init__(self) -> None:
        self.open: list[str] = []
        self.counts: Counter[str] = Counter()  # how often each tag is in `open`
        self.faults = 0

    def feed(self, source: str) -> None:
        for closing, name, rest in _TAG.findall(source):
            tag = name.lower()
            if tag in VOID or (not closing and rest.endswith("/")):
                continue
            if closing:
                self._close(tag)
            else:
                self._open(tag)

    def _open(self, tag: str) -> None:
        if self.open and ((tag in _CLOSES_P and self.open[-1] == "p") or (tag in IMPLIED and self.open[-1] == tag)):
            self._pop()
        self.open.append(tag)
        self.counts[tag] += 1

    def _close(self, tag: str) -> None:
        while self.open and self.open[-1] in IMPLIED and self.open[-1] != tag:
            self._pop()
        if self.open and self.open[-1] == tag:
            self._pop()
            return
        self.faults += 1
        if self.counts[tag]:
            while self._pop() != tag:
                continue

    def _pop(self) -> str:
        tag = self.open.pop()
        self.counts[tag] -= 1
        return tag


def is_broken(source: str) -> bool:
    if "<" not in source and "&" not in source:
        return False
    if _ESCAPED_TAG.search(source) or _DOUBLE_ENTITY.search(source) or _CUT_OFF.search(source):
        return True
    parser = _Nesting()
    parser.feed(audible_text(source))
    return parser.faults > 0 or any(tag not in IMPLIED for tag in parser.open)
