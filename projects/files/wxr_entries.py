"""The entries of a WordPress export, read with expat: their texts, and the offsets of the writable ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.parsers import expat

from projects.files.limits import MIB
from scribe.errors import InvalidInput, UnsupportedMedia

WRITABLE = ("title", "excerpt:encoded", "content:encoded")
_BUILT_IN = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})  # the encodings that expat reads by itself


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


class WxrReader:
    """Drives expat over the file and gathers items. Entities and outside references are refused, not resolved."""

    def __init__(self, file: BinaryIO, *, probe: bool = False) -> None:
        self.file = file
        self.probe = probe
        self.encoding = "utf-8"
        self.is_wxr = False
        self.found: list[WxrItem] = []
        self.count = 0
        self.entry: WxrItem | None = None
        self.path: list[str] = []
        self.text: list[str] = []
        self.starts: list[int] = []
        self.meta_key = ""
        self.meta_value: tuple[str, tuple[int, int]] = ("", (0, 0))
        self.domain = ""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        parser.XmlDeclHandler = self._declared
        parser.EntityDeclHandler = self._entity
        self.parser = parser

    def entries(self) -> Iterator[WxrItem]:
        at = 0
        try:
            while chunk := self._read(at):
                at += len(chunk)
                self.parser.Parse(chunk, False)
                yield from self._drain()
            self.parser.Parse(b"", True)
            yield from self._drain()
        except expat.ExpatError as error:
            text = f"The XML breaks off at line {error.lineno}, column {error.offset}: {expat.ErrorString(error.code)}."
            raise InvalidInput(text, code="broken_xml", line=error.lineno) from None

    def _read(self, at: int) -> bytes:
        """Read a chunk. Between two chunks, the caller may move the file's position to copy from it."""
        self.file.seek(at)
        return self.file.read(MIB // 4 if self.probe else MIB)

    def _drain(self) -> list[WxrItem]:
        found, self.found = self.found, []
        return found

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()
        if self.encoding in _BUILT_IN:
            return
        try:  # expat asks Python for a table of the 256 bytes, and lets Python's own errors out
            known = len(bytes(range(256)).decode(self.encoding, "replace")) == 256
        except (LookupError, ValueError):
            known = False
        if not known:
            raise InvalidInput(
                f"The XML declares the encoding {self.encoding[:40]!r}, which is not read. Save the file as UTF-8.",
                code="broken_xml",
            )

    def _entity(self, *declaration: Any) -> None:
        raise UnsupportedMedia(
            "The XML declares entities, which a WordPress export never does.", code="unsupported_file"
        )

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
