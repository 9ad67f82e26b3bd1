"""The units of an XLIFF file, read with expat.

Text marked up by a tool (`mrk`) is read as its text. A unit with other inline elements is refused, since their places in
our escaped HTML cannot be known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from scribe.errors import TooLarge, UnsupportedMedia
from scribe.messages import _
from scribe.xml_reader import XmlReader
from writing.translation.files.rows import LONGEST_TEXT, MOST_ROWS, TranslationRow

DIGEST, EXPORTED = "source-hash", "target-hash"  # name the notes with the digests of the original and the translation
_UNITS = frozenset(["trans-unit", "unit"])
_TRANSPARENT = frozenset(["mrk", "sm", "em"])  # a tool's marks
_ASIDE = frozenset(
    ["alt-trans", "matches", "glossary", "metadata", "seg-source", "changeTrack", "validation", "originalData"]
)
_DRAFTS = ("new", "initial", "needs-")  # how the states begin that say: not finished


@dataclass
class Unit:
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
    strange: str = ""  # an inline element
    size: int = 0

    def row(self) -> TranslationRow:
        item, _unused, name = self.name.rpartition("#")
        fault = None
        if self.strange:
            said = _(
                "The translation has the inline element <{element}>, where markup is escaped text.",
                element=self.strange[:40],
            )
            fault = ("inline_markup", said)
        elif self.size > LONGEST_TEXT:
            fault = ("cell_too_long", _("The text is longer than {most:,} characters.", most=LONGEST_TEXT))
        target = "".join(self.target)
        if not fault and self.missing and target.strip():
            said = _(
                "{missing} of its {segments} segments have no translation.",
                missing=self.missing,
                segments=self.segments,
            )
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


class XliffReader(XmlReader[Unit]):
    piece = 512 * 1024
    refusal = _("The XML declares a document type or entities, which no XLIFF needs.")

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, namespace_separator=" ")
        self.count = 0
        self.language = ""
        self.unit: Unit | None = None
        self.into: list[str] | None = None
        self.note: list[str] | None = None
        self.noted = ""  # which digest the note has
        self.aside = 0
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not self.path and name != "xliff":
            raise UnsupportedMedia(_("This is XML, but not XLIFF."), code="unsupported_file")
        self.path.append(name)
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
                self.into.append("")  # an empty translation is there as well
                self.unit.state = attributes.get("state", self.unit.state)
        elif name in ("segment", "ignorable"):
            self.unit.state = attributes.get("state", self.unit.state)
            self.unit.parts = len(self.unit.source), len(self.unit.target)
        elif name == "note" and (named := _digest_in(attributes)):
            self.note, self.noted = [], named
        elif self.into is not None and name not in _TRANSPARENT:
            self.unit.strange = name

    def _open(self, attributes: dict[str, str], *, two: bool) -> None:
        self.count += 1
        if self.count > MOST_ROWS:
            raise TooLarge(_("The file has more than {most:,} rows.", most=MOST_ROWS), code="too_many_rows")
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
        name = self.path.pop()
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
        elif name == "segment":
            source, target = "".join(unit.source[unit.parts[0] :]), "".join(unit.target[unit.parts[1] :])
            unit.missing += bool(source.strip()) and not target.strip()
        elif name == "ignorable":
            unit.segments -= 1
            if len(unit.target) == unit.parts[1]:  # without a translation of its own it stands as in the original
                unit.target += unit.source[unit.parts[0] :]
        elif name in _UNITS:
            self.found.append(unit)
            self.unit = None


def _digest_in(attributes: Mapping[str, str]) -> str:
    """Which digest a note has, if any."""
    names = (attributes.get("from"), attributes.get("category"))
    return next((name for name in (DIGEST, EXPORTED) if name in names), "")
