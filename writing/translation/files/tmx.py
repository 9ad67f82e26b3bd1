"""TMX 1.4b, the exchange format of translation memories: https://www.gala-global.org/tmx-14b

A unit holds a segment in several languages. HTML stands in ours as escaped text, as in our XLIFF. Of other tools'
files, the codes within `bpt`, `ept`, `ph` and `it` are read as the text that they stand for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from scribe.errors import TooLarge, UnsupportedMedia
from scribe.messages import _
from scribe.xml_reader import XmlReader
from writing.translation.files.rows import ILLEGAL

EXTENSION, MEDIA_TYPE = "tmx", "application/x-tmx+xml"
MOST_UNITS = 1_000_000  # of a file
LONGEST_SEGMENT = 10_000  # characters
MOST_VARIANTS = 100  # languages of one unit
_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
    '<header creationtool="XC Scribe" creationtoolversion="1" segtype="sentence" o-tmf="XC Scribe" adminlang="en"'
    ' srclang={source} datatype="html"/>\n<body>\n'
)
_CODES = frozenset(["bpt", "ept", "ph", "it", "hi"])  # whose text belongs to the segment


def write(pairs: Iterable[tuple[str, str]], source: str, target: str) -> Iterator[bytes]:
    """The file in chunks: a unit for each pair of a segment in `source` and its translation in `target`."""
    codes = quoteattr(source), quoteattr(target)
    yield _START.format(source=codes[0]).encode()
    for pair in pairs:
        variants = (
            f"<tuv xml:lang={code}><seg>{_text(segment)}</seg></tuv>" for code, segment in zip(codes, pair, strict=True)
        )
        yield f"<tu>{''.join(variants)}</tu>\n".encode()
    yield b"</body>\n</tmx>\n"


@dataclass
class TmxUnit:
    """One unit: its segments, each with the file's code of its language. `fault` is why it cannot be taken, as (code,
    reason)."""

    line: int
    variants: list[tuple[str, str]] = field(default_factory=list)
    fault: tuple[str, str] | None = None


class TmxReader(XmlReader[TmxUnit]):
    piece = 512 * 1024
    refusal = _("The XML declares entities, which no TMX needs.")

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.count = 0
        self.unit: TmxUnit | None = None
        self.language = ""
        self.segment: list[str] | None = None
        self.size = 0
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SkippedEntityHandler = self._refuse

    def _doctype(self, name: str, system: str | None, public: str | None, has_own: int) -> None:
        """Most tools name TMX's DTD, which is never fetched. Declarations of a file's own are refused."""
        if has_own:
            self._refuse()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path and name != "tmx":
            raise UnsupportedMedia(_("This is XML, but not TMX."), code="unsupported_file")
        self.path.append(name)
        if name == "tu":
            self.count += 1
            if self.count > MOST_UNITS:
                raise TooLarge(_("The file has more than {most:,} units.", most=MOST_UNITS), code="too_many_rows")
            self.unit = TmxUnit(self.parser.CurrentLineNumber)
        elif self.unit is None:
            return
        elif name == "tuv":
            self.language = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif name == "seg":
            self.segment, self.size = [], 0
        elif self.segment is not None and name not in _CODES:
            said = _("The segment has the inline element <{element}>.", element=name[:40])
            self.unit.fault = ("inline_markup", said)

    def _text(self, text: str) -> None:
        if self.segment is None or self.unit is None:
            return
        self.size += len(text)
        if self.size <= LONGEST_SEGMENT:
            self.segment.append(text)
        else:
            reason = _("The segment is longer than {most:,} characters.", most=LONGEST_SEGMENT)
            self.unit.fault = ("cell_too_long", reason)

    def _end(self, name: str) -> None:
        self.path.pop()
        if self.unit is None:
            return
        if name == "seg" and self.segment is not None:
            if len(self.unit.variants) < MOST_VARIANTS:
                self.unit.variants.append((self.language[:40], "".join(self.segment).strip()))
            self.segment = None
        elif name == "tu":
            self.found.append(self.unit)
            self.unit = None


def _text(text: str) -> str:
    return escape(ILLEGAL.sub("", text), {"\r": "&#13;"})
