"""PO, as GNU gettext reads and writes it: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html.

An entry per text: `msgctxt` is the row's name (`item#field`), `msgid` the original, `msgstr` the translation; `fuzzy`
marks one that the translator does not stand by. The digests of the original and of the exported translation are comments
for translators (`#.`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from scribe.messages import _
from writing.translation.files.rows import LONGEST_TEXT, MOST_ROWS, Head, RowFaults, TranslationRow

DIGEST, EXPORTED = "source-hash: ", "target-hash: "
LONGEST_LINE = 4 * LONGEST_TEXT  # bytes
MOST_LINES = 3 * MOST_ROWS  # an entry has three lines or more
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
    line: int
    parts: dict[str, list[str]] = field(default_factory=dict)  # keyword -> its text, line by line
    fuzzy: bool = False
    digest: str = ""
    exported: str = ""
    guessed: bool = False  # by `msgmerge`, from a similar entry, whose original is in the comment `#|`
    obsolete: bool = False  # its lines begin with `#~`
    size: int = 0

    def said(self, keyword: str) -> str:
        return "".join(self.parts.get(keyword, ()))

    @property
    def names(self) -> tuple[str, str]:
        item, _, name = self.said("msgctxt").rpartition("#")
        return item, name

    def fault(self) -> tuple[str, str] | None:
        if "msgid_plural" in self.parts:
            return "plural_entry", _("The entry has plural forms, which no text of a store has.")
        if self.size > LONGEST_TEXT:
            return "cell_too_long", _("The text is longer than {most:,} characters.", most=LONGEST_TEXT)
        return None

    def row(self, language: str) -> TranslationRow:
        return TranslationRow(
            *self.names,
            self.said("msgid"),
            self.said("msgstr"),
            self.digest,
            self.line,
            language,
            self.fuzzy,
            fault=self.fault(),
            exported="" if self.guessed else self.exported,
            obsolete=self.obsolete,
        )


class Po:
    whole_items = False
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
        yield ('msgid ""\nmsgstr ""\n' + "".join(f"{quote(line)}\n" for line in said)).encode()
        for row in rows:
            note = "".join(f"#. {line}\n" for line in row.note.splitlines()[:5])
            exported = f"#. {EXPORTED}{row.exported}\n" if row.exported else ""
            flag = "#, fuzzy\n" if row.draft and row.target else ""
            yield (
                f"\n{note}#. {DIGEST}{row.digest}\n{exported}{flag}msgctxt {quote(f'{row.item}#{row.field}')}\n"
                f"msgid {_lines(row.source)}\nmsgstr {_lines(row.target)}\n"
            ).encode("utf-8", "replace")

    def read(self, file: BinaryIO, faults: RowFaults, head: Head) -> Iterator[TranslationRow]:
        """The rows. An entry that is not PO is added to `faults`, and reading goes on at the next one."""
        reader = PoReader(file, faults)
        for entry in reader.entries():
            yield entry.row(reader.language)


class PoReader:
    """Reads a file line by line."""

    def __init__(self, file: BinaryIO, faults: RowFaults) -> None:
        self.file, self.faults = file, faults
        self.codec, self.language = "utf-8", ""
        self.count = 0

    def entries(self) -> Iterator[PoEntry]:
        """The entries with a text, without the head; obsolete ones if they have a translation."""
        for entry in self._all():
            if entry.obsolete and not entry.said("msgstr"):
                continue
            if entry.said("msgid"):
                self.count += 1
                if self.count > MOST_ROWS:
                    raise TooLarge(_("The file has more than {most:,} rows.", most=MOST_ROWS), code="too_many_rows")
                yield entry
            elif "msgctxt" not in entry.parts:
                self._read_head(entry.said("msgstr"))
        if not self.count and not self.language:
            raise UnsupportedMedia(_("The file has no PO entries."), code="unsupported_file")

    def _read_head(self, text: str) -> None:
        found = _CHARSET.search(text)
        if found and found[1].lower().replace("_", "-") not in ("utf-8", "us-ascii", "ascii", "charset"):
            said = _("The file declares the encoding {encoding}. Save it as UTF-8.", encoding=found[1])
            raise InvalidInput(said, code="undecodable_file")
        if found := _LANGUAGE.search(text):
            self.language = found[1]

    def _all(self) -> Iterator[PoEntry]:
        entry: PoEntry | None = None
        into = ""
        broken = False
        for line, raw in self._lines():
            text = raw.strip()
            if obsolete := text.startswith("#~"):
                text = text[2:].strip()
            begins = text.startswith(("#", "msgctxt", "msgid ", "msgid\t"))
            begins = begins or (entry is not None and bool(entry.parts) and entry.obsolete != obsolete)
            if not text or (begins and entry is not None and "msgstr" in entry.parts):
                if entry is not None and entry.parts and not broken:
                    yield entry
                if not text or begins:
                    entry, into, broken = None, "", False
            if not text or (obsolete and text.startswith("|")):  # the original of before
                continue
            entry = entry or PoEntry(line)
            entry.obsolete = obsolete
            if broken:
                continue
            if text.startswith("#"):
                self._comment(entry, text)
                continue
            keyword = _KEYWORD.match(text)
            if keyword:
                into, text = keyword[1].partition("[")[0], keyword[2]
                if into in entry.parts and into != "msgstr":
                    broken = self._broken(line, _("The entry has two lines `{keyword}`.", keyword=into))
                    continue
                entry.parts.setdefault(into, [])
                if into == "msgid":
                    entry.line = line
            said = _QUOTED.fullmatch(text)
            if said is None or not into:
                broken = self._broken(
                    line, _("This line is not valid PO: it is not a comment, a keyword or a quoted text.")
                )
                continue
            self._add(entry, into, _ESCAPE.sub(_unescape, said[1]))
        if entry is not None and entry.parts and not broken:
            yield entry

    def _add(self, entry: PoEntry, into: str, text: str) -> None:
        entry.size += len(text)
        if entry.size <= LONGEST_TEXT:
            entry.parts[into].append(text)

    def _comment(self, entry: PoEntry, text: str) -> None:
        if text.startswith("#,") and "fuzzy" in text:
            entry.fuzzy = True
        elif text.startswith("#.") and DIGEST in text:
            entry.digest = text.partition(DIGEST)[2].strip()[:64]
        elif text.startswith("#.") and EXPORTED in text:
            entry.exported = text.partition(EXPORTED)[2].strip()[:64]
        elif text.startswith("#|"):
            entry.guessed = True

    def _broken(self, line: int, reason: str) -> bool:
        self.faults.error(line, "broken_entry", reason)
        return True

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number, without the mark of the encoding."""
        self.file.seek(0)
        for number, raw in enumerate(iter(lambda: self.file.readline(LONGEST_LINE), b""), start=1):
            if number > MOST_LINES:
                raise TooLarge(_("The file has more than {most:,} lines.", most=MOST_LINES), code="too_many_rows")
            if len(raw) >= LONGEST_LINE:
                raise TooLarge(
                    _("Line {number} is longer than {most:,} bytes.", number=number, most=LONGEST_LINE),
                    code="cell_too_long",
                )
            if number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise InvalidInput(_("The file is UTF-16. Save it as UTF-8."), code="undecodable_file")
            if b"\0" in raw:
                raise UnsupportedMedia(_("The file is not a text file."), code="binary_file")
            try:
                yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                said = _("Line {number} is not UTF-8. Save the file as UTF-8.", number=number)
                raise InvalidInput(said, code="undecodable_file", line=number) from None


def locale_of(code: str) -> str:
    """A language's code as gettext writes it: `pt_BR`, and a script as its modifier, `sr@latin`."""
    tag, *parts = code.split("-")
    scripts = [SCRIPTS[part] for part in parts if part in SCRIPTS]
    return "_".join((tag, *(part for part in parts if part not in SCRIPTS))) + "".join(f"@{one}" for one in scripts)


def quote(text: str) -> str:
    said = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{said}"'


def _lines(text: str) -> str:
    """`text` as gettext writes it: several lines of a text on lines of their own."""
    if "\n" not in text.rstrip("\n") or not _plain_breaks(text):
        return quote(text)
    return "\n".join(['""', *(quote(line) for line in text.splitlines(keepends=True))])


def _plain_breaks(text: str) -> bool:
    """Whether `text` breaks its lines by line feeds alone, as `splitlines` would also break at other marks."""
    return text.count("\n") + (not text.endswith("\n")) == len(text.splitlines())


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[0])
