"""PO, as GNU gettext reads and writes it: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html.

An entry per text: `msgctxt` is the row's name (`item#field`), `msgid` the original, `msgstr` the translation; `fuzzy`
marks one that the translator does not stand by. The digests of the original and of the exported translation are comments
for translators (`#.`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from writing.translation.files import patches
from writing.translation.files.rows import LONGEST_TEXT, MOST_ROWS, Head, RowFaults, TranslationRow

DIGEST, EXPORTED = "source-hash: ", "target-hash: "
LONGEST_LINE = 4 * LONGEST_TEXT  # bytes
MOST_LINES = 3 * MOST_ROWS  # an entry has three lines or more
CHUNK = 1024 * 1024
BOM = b"\xef\xbb\xbf"
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)[ \t]+(".*)', re.S)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"[ \t]*')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CHARSET = re.compile(r"charset=([A-Za-z0-9_-]{1,30})", re.I)
#: The scripts in codes of ours, as gettext names them.
SCRIPTS = {"Latn": "latin", "Cyrl": "cyrillic"}
_LANGUAGE = re.compile(r"^Language:[ \t]*([A-Za-z0-9_@.-]{1,40})", re.M)


@dataclass
class PoEntry:
    """An entry as it is read. `place` is the span of its translation: the quoted lines after `msgstr`."""

    line: int
    parts: dict[str, list[str]] = field(default_factory=dict)  # keyword -> its text, line by line
    fuzzy: tuple[int, int] | None = None
    digest: str = ""
    exported: str = ""
    guessed: bool = False  # by `msgmerge`, from a similar entry, whose original is in the comment `#|`
    place: tuple[int, int] = (0, 0)
    size: int = 0

    def said(self, keyword: str) -> str:
        return "".join(self.parts.get(keyword, ()))

    @property
    def names(self) -> tuple[str, str]:
        item, _, name = self.said("msgctxt").rpartition("#")
        return item, name

    def fault(self) -> tuple[str, str] | None:
        if "msgid_plural" in self.parts:
            return "plural_entry", "The entry has plural forms, which no text of a shop has."
        if self.size > LONGEST_TEXT:
            return "cell_too_long", f"The text is longer than {LONGEST_TEXT:,} characters."
        return None

    def row(self, language: str) -> TranslationRow:
        return TranslationRow(
            *self.names,
            self.said("msgid"),
            self.said("msgstr"),
            self.digest,
            self.line,
            language,
            self.fuzzy is not None,
            fault=self.fault(),
            exported="" if self.guessed else self.exported,
        )


class Unheard:
    """Faults that were told when the file was read."""

    def error(self, line: int, code: str, reason: str) -> None:
        return None


class Po:
    extension, media_type = "po", "text/x-gettext-translation"
    by = "id"
    fields: frozenset[str] | None = None

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]:
        said = (
            "MIME-Version: 1.0\n",
            "Content-Type: text/plain; charset=UTF-8\n",
            "Content-Transfer-Encoding: 8bit\n",
            f"Language: {locale_of(head.target_code)}\n",
            f"X-Source-Language: {head.original_code}\n",
        )
        yield ('msgid ""\nmsgstr ""\n' + "".join(f"{quoted(line)}\n" for line in said)).encode()
        for row in rows:
            note = "".join(f"#. {line}\n" for line in row.note.splitlines()[:5])
            exported = f"#. {EXPORTED}{row.exported}\n" if row.exported else ""
            flag = "#, fuzzy\n" if row.draft and row.target else ""
            yield (
                f"\n{note}#. {DIGEST}{row.digest}\n{exported}{flag}msgctxt {quoted(f'{row.item}#{row.field}')}\n"
                f"msgid {_lines(row.source)}\nmsgstr {_lines(row.target)}\n"
            ).encode("utf-8", "replace")

    def read(self, file: BinaryIO, faults: RowFaults, head: Head) -> Iterator[TranslationRow]:
        """The rows. An entry that is not PO is added to `faults`, and reading goes on at the next one."""
        reader = PoReader(file, faults)
        for entry in reader.entries():
            yield entry.row(reader.language)

    def fill(self, file: BinaryIO, targets: Mapping[tuple[str, str], str], head: Head) -> Iterator[bytes]:
        reader = PoReader(file, Unheard())
        yield from patches.applied(file, reader.edits(targets))


class PoReader:
    """Reads a file line by line."""

    def __init__(self, file: BinaryIO, faults: RowFaults) -> None:
        self.file, self.faults = file, faults
        self.codec, self.language = "utf-8", ""
        self.end_of_line = "\n"
        self.count = 0

    def entries(self) -> Iterator[PoEntry]:
        """The entries with a text, without the head and obsolete ones."""
        for entry in self._all():
            if entry.said("msgid"):
                self.count += 1
                if self.count > MOST_ROWS:
                    raise TooLarge(f"The file has more than {MOST_ROWS:,} rows.", code="too_many_rows")
                yield entry
            elif "msgctxt" not in entry.parts:
                self._read_head(entry.said("msgstr"))
        if not self.count and not self.language:
            raise UnsupportedMedia("The file has no entry of a PO file.", code="unsupported_file")

    def _read_head(self, text: str) -> None:
        found = _CHARSET.search(text)
        if found and found[1].lower().replace("_", "-") not in ("utf-8", "us-ascii", "ascii", "charset"):
            said = f"The file declares the encoding {found[1]!r}. Save it as UTF-8."
            raise InvalidInput(said, code="undecodable_file")
        if found := _LANGUAGE.search(text):
            self.language = found[1]

    def _all(self) -> Iterator[PoEntry]:
        entry: PoEntry | None = None
        into = ""
        broken = False
        for line, at, raw in self._lines():
            text = raw.strip()
            if text.startswith("#~"):
                continue
            begins = text.startswith(("#", "msgctxt", "msgid ", "msgid\t"))
            if not text or (begins and entry is not None and "msgstr" in entry.parts):
                if entry is not None and entry.parts and not broken:
                    yield entry
                if not text or begins:
                    entry, into, broken = None, "", False
            if not text:
                continue
            entry = entry or PoEntry(line)
            if broken:
                continue
            if text.startswith("#"):
                self._comment(entry, text, at, len(raw.encode()))
                continue
            keyword = _KEYWORD.match(text)
            if keyword:
                into, text = keyword[1].partition("[")[0], keyword[2]
                if into in entry.parts and into != "msgstr":
                    broken = self._broken(line, f"The entry has two lines `{into}`.")
                    continue
                entry.parts.setdefault(into, [])
                if into == "msgid":
                    entry.line = line
            said = _QUOTED.fullmatch(text)
            if said is None or not into:
                broken = self._broken(line, "This line is not PO: it is no comment, keyword or quoted text.")
                continue
            if into == "msgstr" and keyword:
                begin = at + len(raw[: raw.index('"')].encode())
                entry.place = (begin, begin)
            self._add(entry, into, _ESCAPE.sub(_unescaped, said[1]))
            if into == "msgstr":
                entry.place = (entry.place[0], at + len(raw.rstrip().encode()))
        if entry is not None and entry.parts and not broken:
            yield entry

    def _add(self, entry: PoEntry, into: str, text: str) -> None:
        entry.size += len(text)
        if entry.size <= LONGEST_TEXT:
            entry.parts[into].append(text)

    def _comment(self, entry: PoEntry, text: str, at: int, length: int) -> None:
        if text.startswith("#,") and "fuzzy" in text:
            entry.fuzzy = (at, at + length)
        elif text.startswith("#.") and DIGEST in text:
            entry.digest = text.partition(DIGEST)[2].strip()[:64]
        elif text.startswith("#.") and EXPORTED in text:
            entry.exported = text.partition(EXPORTED)[2].strip()[:64]
        elif text.startswith("#|"):
            entry.guessed = True

    def _broken(self, line: int, reason: str) -> bool:
        self.faults.error(line, "broken_entry", reason)
        return True

    def _lines(self) -> Iterator[tuple[int, int, str]]:
        """Each line with its number and offset, without the mark of the encoding."""
        at = 0
        for number, raw in enumerate(self._raw_lines(), start=1):
            if number > MOST_LINES:
                raise TooLarge(f"The file has more than {MOST_LINES:,} lines.", code="too_many_rows")
            start = at
            at += len(raw)
            if number == 1:
                if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise InvalidInput("The file is UTF-16. Save it as UTF-8.", code="undecodable_file")
                if raw.startswith(BOM):
                    raw, start = raw[len(BOM) :], len(BOM)
                if raw.endswith(b"\r\n"):
                    self.end_of_line = "\r\n"
            if len(raw) >= LONGEST_LINE:
                raise TooLarge(f"Line {number} is longer than {LONGEST_LINE:,} bytes.", code="cell_too_long")
            if b"\0" in raw:
                raise UnsupportedMedia("The file is not a text file.", code="binary_file")
            try:
                yield number, start, raw.decode()
            except UnicodeDecodeError:
                said = f"Line {number} is not UTF-8. Save the file as UTF-8."
                raise InvalidInput(said, code="undecodable_file", line=number) from None

    def _raw_lines(self) -> Iterator[bytes]:
        """The lines with their ends; one that is too long is cut. Between two lines, the caller may move the file's
        position to copy from it."""
        at, rest = 0, b""
        while True:
            self.file.seek(at)
            if not (chunk := self.file.read(CHUNK)):
                break
            at += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line + b"\n"
            if len(rest) >= LONGEST_LINE:
                break
        if rest:
            yield rest

    # --- writing back

    def edits(self, targets: Mapping[tuple[str, str], str]) -> Iterator[patches.Edit]:
        """What `fill` replaces. The mark `fuzzy` goes with the text that it was about."""
        for entry in self.entries():
            text = targets.get(entry.names)
            present = entry.said("msgstr")
            if text is None or entry.fault() or (text == present and entry.fuzzy is None):
                continue
            if entry.fuzzy is not None:
                yield self._without_mark(*entry.fuzzy)
            if text != present:
                yield *entry.place, _lines(text, self.end_of_line).encode()

    def _without_mark(self, start: int, end: int) -> patches.Edit:
        self.file.seek(start)
        flags = [flag.strip() for flag in self.file.read(end - start).decode().strip()[2:].split(",")]
        rest = [flag for flag in flags if flag != "fuzzy"]
        return start, end, f"#, {', '.join(rest)}{self.end_of_line}".encode() if rest else b""


def locale_of(code: str) -> str:
    """A language's code as gettext writes it: `pt_BR`, and a script as its modifier, `sr@latin`."""
    tag, *parts = code.split("-")
    scripts = [SCRIPTS[part] for part in parts if part in SCRIPTS]
    return "_".join((tag, *(part for part in parts if part not in SCRIPTS))) + "".join(f"@{one}" for one in scripts)


def quoted(text: str) -> str:
    said = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{said}"'


def _lines(text: str, end: str = "\n") -> str:
    """`text` as gettext writes it: several lines of a text on lines of their own."""
    if "\n" not in text.rstrip("\n"):
        return quoted(text)
    return (
        end.join(['""', *(quoted(line) for line in text.splitlines(keepends=True))])
        if _plain_breaks(text)
        else quoted(text)
    )


def _plain_breaks(text: str) -> bool:
    """Whether `text` breaks its lines by line feeds alone, as `splitlines` would also break at other marks."""
    return text.count("\n") + (not text.endswith("\n")) == len(text.splitlines())


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[0])
