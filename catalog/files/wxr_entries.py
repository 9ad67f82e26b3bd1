"""The entries of a WordPress export, read with expat: their texts, and the offsets of the writable ones."""

from dataclasses import dataclass, field
from typing import BinaryIO

from catalog.files.limits import MIB
from scribe.messages import _
from scribe.xml_reader import XmlReader

WRITABLE = ("title", "excerpt:encoded", "content:encoded")


@dataclass
class WxrItem:
    """One `<item>`: its texts, and the spans of the writable ones. A span is (begin, end) of an element's content."""

    position: int
    line: int
    end: int = 0  # offset of `</item>`
    texts: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    meta_spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)


class WxrReader(XmlReader[WxrItem]):
    """Gathers items."""

    refusal = _("The XML declares entities, which a WordPress export never does.")

    def __init__(self, file: BinaryIO, *, probe: bool = False) -> None:
        super().__init__(file)
        self.piece = MIB // 4 if probe else MIB
        self.is_wxr = False
        self.count = 0
        self.entry: WxrItem | None = None
        self.text: list[str] = []
        self.parser.CharacterDataHandler = self.text.append
        self.meta_key = ""
        self.meta_value: tuple[str, tuple[int, int]] = ("", (0, 0))
        self.domain = ""

    def _takes(self, encoding: str) -> bool:
        """See the base class. Others expat asks Python for, and lets Python's own errors out."""
        try:
            return super()._takes(encoding) or len(bytes(range(256)).decode(encoding, "replace")) == 256
        except (LookupError, ValueError):
            return False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.text.clear()
        self.starts.append(self.parser.CurrentByteIndex)
        if name in ("wp:wxr_version", "wp:post_type"):
            self.is_wxr = True
        elif name == "item" and len(self.path) == 3:
            self.count += 1
            self.entry = WxrItem(self.count, self.parser.CurrentLineNumber)
        elif name == "wp:postmeta":
            self.meta_key, self.meta_value = "", ("", (0, 0))
        elif name == "category":
            self.domain = attributes.get("domain", "category")

    def _end(self, name: str) -> None:
        start, here = self.starts.pop(), self.parser.CurrentByteIndex
        self.path.pop()
        text, entry = "".join(self.text), self.entry
        self.text.clear()
        if entry is None:
            return
        depth = len(self.path)
        if name == "item" and depth == 2:
            entry.end = here
            self.found.append(entry)
            self.entry = None
        elif name == "wp:meta_key":
            self.meta_key = text
        elif name == "wp:meta_value":
            self.meta_value = (text, (start, here))
        elif name == "wp:postmeta":
            entry.meta[self.meta_key], entry.meta_spans[self.meta_key] = self.meta_value
        elif name == "category" and depth == 3:
            if text and text not in entry.terms.setdefault(self.domain, []):
                entry.terms[self.domain].append(text)
        elif depth == 3:
            entry.texts[name] = text
            if name in WRITABLE:
                entry.spans[name] = (start, here)
