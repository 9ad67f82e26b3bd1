"""The units of an XLIFF file, read with expat: their texts, and where the translations stand.

Entities and document types are refused, so nothing can grow and nothing is fetched. Text marked up by a tool (`mrk`) is
read as its text. A unit with other inline elements is refused, since their places in our escaped HTML cannot be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from writing.translation.files.patches import Edit
from writing.translation.files.rows import ILLEGAL, LONGEST_TEXT, MOST_ROWS, TranslationRow

DIGEST, EXPORTED = "source-hash", "target-hash"  # name the notes with the digests of the original and the translation
_UNITS = frozenset(["trans-unit", "unit"])
_TRANSPARENT = frozenset(["mrk", "sm", "em"])  # a tool's marks
_ASIDE = frozenset(
    ["alt-trans", "matches", "glossary", "metadata", "seg-source", "changeTrack", "validation", "originalData"]
)
_DRAFTS = ("new", "initial", "needs-")  # how the states begin that say: not finished
_OPENING = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_STATE = re.compile(r"""\s+state\s*=\s*(?:"[^"]*"|'[^']*')""")
LONGEST_TAG = 64 * 1024


@dataclass
class Unit:
    """One unit as it is read. `place` is the span of the target's element, from its tag to its end tag's begin."""

    name: str
    line: int
    language: str
    source: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    digest: str = ""
    exported: str = ""
    state: str = ""
    closed: bool = False  # not to be translated
    segments: int = 0
    parts: tuple[int, int] = (0, 0)  # where the segment begins in `source` and `target`
    missing: int = 0  # segments with a source, but without a translation
    place: tuple[int, int] | None = None
    begins: int = -1  # where the tag of its segment begins, in version 2
    after_source: int = 0  # where the end tag of the source begins
    strange: str = ""  # an inline element
    size: int = 0

    def row(self) -> TranslationRow:
        item, _, name = self.name.rpartition("#")
        fault = None
        if self.strange:
            said = f"The translation has the inline element <{self.strange[:40]}>, where markup is escaped text."
            fault = ("inline_markup", said)
        elif self.size > LONGEST_TEXT:
            fault = ("cell_too_long", f"The text is longer than {LONGEST_TEXT:,} characters.")
        target = "".join(self.target)
        if not fault and self.missing and target:
            said = f"{self.missing} of its {self.segments} segments have no translation."
            fault = ("incomplete_unit", said)
        return TranslationRow(
            item,
            name,
            "".join(self.source),
            target,
            self.digest,
            self.line,
            self.language,
            bool(target) and (self.closed or self.state.startswith(_DRAFTS)),
            fault=fault,
            exported=self.exported,
        )


class XliffReader:
    """Drives expat over the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.encoding = "utf-8"
        self.count = 0
        self.language = ""
        self.unit: Unit | None = None
        self.found: list[Unit] = []
        self.path: list[str] = []
        self.starts: list[int] = []
        self.into: list[str] | None = None
        self.note: list[str] | None = None
        self.noted = ""  # which digest the note has
        self.aside = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        self.parser = parser

    def units(self) -> Iterator[Unit]:
        at = 0
        try:
            while chunk := self._read(at):
                at += len(chunk)
                self.parser.Parse(chunk, False)
                yield from self._drain()
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            said = f"The XML breaks off at line {error.lineno}, column {error.offset}: {expat.ErrorString(error.code)}."
            raise InvalidInput(said, code="broken_xml", line=error.lineno) from None

    def _read(self, at: int) -> bytes:
        self.file.seek(at)
        return self.file.read(512 * 1024)

    def _drain(self) -> list[Unit]:
        found, self.found = self.found, []
        return found

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()
        if self.encoding not in ("utf-8", "utf-16", "iso-8859-1", "us-ascii"):
            said = f"The XML declares the encoding {self.encoding[:40]!r}, which is not read. Save the file as UTF-8."
            raise InvalidInput(said, code="broken_xml")

    def _doctype(self, *declaration: Any) -> None:
        raise UnsupportedMedia(
            "The XML declares a document type or entities, which no XLIFF needs.", code="unsupported_file"
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not self.path and name != "xliff":
            raise UnsupportedMedia("This is XML, but not XLIFF.", code="unsupported_file")
        self.path.append(name)
        self.starts.append(self.parser.CurrentByteIndex)
        self.language = attributes.get("target-language") or attributes.get("trgLang") or self.language
        if name in _ASIDE:
            self.aside += 1
        if self.aside:
            return
        if name in _UNITS:
            self._open(attributes, two=name == "unit")
        elif self.unit is None:
            return
        elif name in ("source", "target") and self.into is None:
            self.into = self.unit.source if name == "source" else self.unit.target
            if name == "source":
                self.unit.segments += 1
            else:
                self.unit.state = attributes.get("state", self.unit.state)
        elif name == "segment":
            self.unit.state = attributes.get("state", self.unit.state)
            self.unit.begins = self.starts[-1]
            self.unit.parts = len(self.unit.source), len(self.unit.target)
        elif name == "note" and (named := _digest_in(attributes)):
            self.note, self.noted = [], named
        elif self.into is not None and name not in _TRANSPARENT:
            self.unit.strange = name

    def _open(self, attributes: dict[str, str], *, two: bool) -> None:
        self.count += 1
        if self.count > MOST_ROWS:
            raise TooLarge(f"The file has more than {MOST_ROWS:,} rows.", code="too_many_rows")
        named = attributes.get("name") if two else attributes.get("id")
        named = named or attributes.get("id") or attributes.get("resname") or ""
        self.unit = Unit(
            named, self.parser.CurrentLineNumber, self.language, closed=attributes.get("translate") == "no"
        )

    def _text(self, text: str) -> None:
        if self.aside or self.unit is None:
            return
        if self.note is not None:
            self.note.append(text[:200])
        elif self.into is not None:
            self.unit.size += len(text)
            if self.unit.size <= LONGEST_TEXT:
                self.into.append(text)

    def _end(self, tag: str) -> None:
        name, start, here = self.path.pop(), self.starts.pop(), self.parser.CurrentByteIndex
        if name in _ASIDE:
            self.aside -= 1
            return
        unit = self.unit
        if self.aside or unit is None:
            return
        if name == "note" and self.note is not None:
            said, self.note = "".join(self.note).strip()[:64], None
            if self.noted == DIGEST:
                unit.digest = said
            else:
                unit.exported = said
        elif name in ("source", "target") and self.into is not None:
            if self.into is (unit.source if name == "source" else unit.target):
                self.into = None
                if name == "source":
                    unit.after_source = here
                else:
                    unit.place = (start, here)
        elif name == "segment":
            source, target = "".join(unit.source[unit.parts[0] :]), "".join(unit.target[unit.parts[1] :])
            unit.missing += bool(source.strip()) and not target.strip()
        elif name in _UNITS:
            self.found.append(unit)
            self.unit = None

    # --- writing back

    def edits(self, targets: Mapping[tuple[str, str], str]) -> Iterator[Edit]:
        """What `fill` replaces. A unit that a tool has cut into several segments, or whose text has inline elements, stays
        as it is. A state that calls the text unfinished goes with the text that it was about."""
        for unit in self.units():
            item, _, name = unit.name.rpartition("#")
            text = targets.get((item, name))
            if text is None or unit.segments != 1 or unit.strange or text == "".join(unit.target):
                continue
            value = escape(ILLEGAL.sub("", text), {"\r": "&#13;"}).encode(self._codec(), "xmlcharrefreplace")
            unfinished = unit.state.startswith(_DRAFTS)
            if unfinished and unit.begins >= 0:
                yield unit.begins, (end := self._end_of_tag(unit.begins)), self._stateless(unit.begins, end)
            if unit.place is None:
                end = self._end_of_tag(unit.after_source)
                yield end, end, self._encoded("<target>") + value + self._encoded("</target>")
                continue
            start, end = unit.place
            opened = self._end_of_tag(start)
            tag = self._stateless(start, opened) if unfinished and unit.begins < 0 else self._slice(start, opened)
            if tag.endswith(self._encoded("/>")):
                opening = tag.rpartition(self._encoded("/"))[0]
                yield start, opened, opening + self._encoded(">") + value + self._encoded("</target>")
            elif unfinished:
                yield start, end, tag + value
            else:
                yield opened, end, value

    def _stateless(self, start: int, end: int) -> bytes:
        """A tag without its state."""
        return self._encoded(_STATE.sub("", self._slice(start, end).decode(self._codec())))

    def _codec(self) -> str:
        if self.encoding != "utf-16":
            return self.encoding
        return "utf-16-be" if self._slice(0, 2) == b"\xfe\xff" else "utf-16-le"

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec())

    def _slice(self, start: int, end: int) -> bytes:
        self.file.seek(start)
        return self.file.read(end - start)

    def _end_of_tag(self, start: int) -> int:
        """Where the tag that begins at `start` ends."""
        raw = self._slice(start, start + LONGEST_TAG)
        if self._codec().startswith("utf-16"):
            return start + raw.find(self._encoded(">")) + 2
        opening = _OPENING.match(raw)
        assert opening is not None, "expat saw a tag here"
        return start + opening.end()


def _digest_in(attributes: Mapping[str, str]) -> str:
    """Which digest a note has, if any."""
    names = (attributes.get("from"), attributes.get("category"))
    return next((name for name in (DIGEST, EXPORTED) if name in names), "")
