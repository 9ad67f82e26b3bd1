"""Take an HTML text apart for the score: blocks, sentences, headings, links and images, in reading order.

Scripts, code, navigation, captions and quotations are left out: they are not the author's text. A block element ends a
sentence. An image's `alt` is not text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree, html

from blog.seo.languages import LanguageRules
from blog.seo.languages.base import words
from blog.seo.sentences import WORD, split
from scribe.marks import normalize
from writing.depth import flat

_DROPPED = words(
    """
    script style code pre blockquote figcaption nav template noscript textarea select iframe object svg math head
    """
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = words(
    """
    p div section article main header footer aside figure ul ol li dl dt dd table thead tbody tfoot
    tr td th caption form fieldset address details summary hr body html
    """
) | frozenset(_HEADINGS)
_PARAGRAPHS = words(
    """
    p div section article main header footer aside body html details address
    """
)
_LISTS = words("ul ol table")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"\A[\s\ufeff]*<\?xml[^>]*>")  # lxml takes no text that names its encoding
_PARSER = {"remove_comments": True, "remove_pis": True, "no_network": True, "huge_tree": False, "recover": True}


@dataclass(frozen=True)
class DocumentSentence:
    text: str
    words: tuple[str, ...]  # lower-case


@dataclass
class Block:
    tag: str
    text: str
    words: int = 0
    sentences: list[DocumentSentence] = field(default_factory=list)
    listed: bool = False  # stands in a list or table

    @property
    def level(self) -> int:
        """1 to 6 for a heading, else 0."""
        return _HEADINGS.get(self.tag, 0)

    @property
    def is_paragraph(self) -> bool:
        return self.tag in _PARAGRAPHS


@dataclass(frozen=True)
class Link:
    href: str
    text: str
    nofollow: bool


@dataclass
class Document:
    blocks: list[Block]
    links: list[Link]
    images: list[str]  # the alt text of each image, "" without one

    @cached_property
    def word_count(self) -> int:
        return sum(block.words for block in self.blocks)

    @cached_property
    def sentences(self) -> list[DocumentSentence]:
        return [sentence for block in self.blocks for sentence in block.sentences]

    @cached_property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.level]

    @cached_property
    def paragraphs(self) -> list[Block]:
        return [block for block in self.blocks if block.is_paragraph]

    @property
    def is_empty(self) -> bool:
        return not self.word_count


def read(source: str, language: LanguageRules) -> Document:
    """Parse `source`. Broken HTML raises nothing."""
    reader = _DocumentReader(language.fold)
    reader.walk(parse(source))
    document = Document(reader.blocks, reader.links, reader.images)
    for block in document.blocks:
        for text in split(block.text, language):
            found = tuple(WORD.findall(text.lower()))
            if found:
                block.sentences.append(DocumentSentence(text, found))
                block.words += len(found)
    return document


def parse(source: str) -> html.HtmlElement | None:
    """The tree of a document without comments; None if it has no content. Broken HTML raises nothing."""
    text = normalize("NFC", flat(_CONTROL.sub(" ", _DECLARATION.sub("", source or ""))))
    if not text.strip():
        return None
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(**_PARSER))
    except (etree.ParserError, ValueError):
        return None  # only markup without content


class _DocumentReader:
    """Walk the tree once. The state is the current block and the open links."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self.fold = fold
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.images: list[str] = []
        self._open: list[str] = ["body"]
        self._text: list[str] = []
        self._unread = False  # the current block holds an element that is left out
        self._lists = 0  # open lists and tables
        self._anchors: list[tuple[html.HtmlElement, list[str]]] = []

    def walk(self, root: html.HtmlElement | None) -> None:
        if root is None:
            return
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _DROPPED or not tag:
                    if tag == "blockquote":
                        self._flush()
                    self._unread = True
                    walker.skip_subtree()
                else:
                    self._start(tag, element)
            else:
                self._end(tag, element)
        self._flush()

    def _start(self, tag: str, element: html.HtmlElement) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._open.append(tag)
            self._lists += tag in _LISTS
        elif tag == "br":
            self._add("\n")
        elif tag == "img":
            self.images.append(self.fold(element.get("alt") or "").strip())
        elif tag == "a" and element.get("href"):
            self._anchors.append((element, []))
        if element.text:
            self._add(element.text)

    def _end(self, tag: str, element: html.HtmlElement) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._open.pop()
            self._lists -= tag in _LISTS
        elif self._anchors and self._anchors[-1][0] is element:
            _, pieces = self._anchors.pop()
            rel = (element.get("rel") or "").lower().split()
            text = " ".join("".join(pieces).split())
            self.links.append(Link(element.get("href").strip(), text, "nofollow" in rel))
        if element.tail:
            self._add(element.tail)

    def _add(self, text: str) -> None:
        text = self.fold(text)
        self._text.append(text)
        for _, pieces in self._anchors:
            pieces.append(text)

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text or (self._unread and self._open[-1] in _HEADINGS):  # a heading of code alone parts sections too
            self.blocks.append(Block(self._open[-1], text, listed=self._lists > 0))
        self._text.clear()
        self._unread = False
