"""XML files, read with expat as a stream: what is found is handed on on the way, with the offsets of its tags.

Entities are refused, so nothing can grow and nothing is fetched.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO, Generic, TypeVar
from xml.parsers import expat

from scribe.errors import InvalidInput, UnsupportedMedia
from scribe.messages import _

Found = TypeVar("Found")
BUILT_IN = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})  # the encodings that expat reads by itself


class XmlReader(ABC, Generic[Found]):
    """Drives expat over the file. A reader's `_start`, `_end` and `_text` put into `found` what `read` hands on."""

    piece = 1024 * 1024  # bytes that are read at once
    refusal = ""  # of a file that declares entities

    def __init__(self, file: BinaryIO, *, namespace_separator: str | None = None) -> None:
        self.file = file
        self.encoding = "utf-8"
        self.found: list[Found] = []
        self.path: list[str] = []  # the open elements
        self.starts: list[int] = []  # where the tag of each begins
        parser = expat.ParserCreate(namespace_separator=namespace_separator)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declared
        parser.EntityDeclHandler = self._refuse
        self.parser = parser

    def read(self, most: int | None = None) -> Iterator[Found]:
        """What is found, in the first `most` bytes or a piece more. Between two of them, the caller may move the file's
        position to copy from it."""
        at = 0
        try:
            while chunk := self._read(at):
                at += len(chunk)
                self.parser.Parse(chunk, False)
                yield from self._drain()
                if most is not None and at >= most:
                    return
            self.parser.Parse(b"", True)
            yield from self._drain()
        except expat.ExpatError as error:
            text = _(
                "The XML breaks off at line {line}, column {column}: {reason}.",
                line=error.lineno,
                column=error.offset,
                reason=expat.ErrorString(error.code),
            )
            raise InvalidInput(text, code="broken_xml", line=error.lineno) from None

    def _read(self, at: int) -> bytes:
        self.file.seek(at)
        return self.file.read(self.piece)

    def _drain(self) -> list[Found]:
        found, self.found = self.found, []
        return found

    def _takes(self, encoding: str) -> bool:
        return encoding in BUILT_IN

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()
        if not self._takes(self.encoding):
            text = _(
                "The encoding {encoding} is not supported. Save the file as UTF-8.",
                encoding=self.encoding[:40],
            )
            raise InvalidInput(text, code="broken_xml")

    def _refuse(self, *declaration: object) -> None:
        raise UnsupportedMedia(self.refusal, code="unsupported_file")

    @abstractmethod
    def _start(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def _end(self, name: str) -> None: ...

    def _text(self, text: str) -> None:
        """The text between two tags, as a whole."""
