"""Write one generated value as a cell, in the form that the platform's importer reads and in the file's encoding."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from catalog.files.adapters import Adapter
from catalog.files.targets import TargetKind
from integrations.stores import texts
from scribe.marks import normalize
from scribe.messages import _

# The nearest letters, where removing the accent is not enough.
_NEAREST = {
    "đ": "dj", "Đ": "Dj", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS",
    "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‘": "'", "’": "'",
    "‚": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "…": "...", "•": "-", "·": "-", "€": "EUR", "£": "GBP", "™": "(TM)", "®": "(R)",
    "©": "(C)", "×": "x", "÷": "/", "°": " deg", "²": "2", "³": "3", "½": "1/2", "¼": "1/4", "¾": "3/4", "µ": "u", "μ": "u", "≤": "<=", "≥": ">=",
    "≈": "~", "→": "->", "←": "<-", "✓": "", "✔": "", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\u200d": "", "\ufe0f": "",
}  # fmt: skip
_CYRILLIC = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџшйёыэщъьюяіїєґ",
        "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š j jo y e šč  ' ju ja i ji je g".replace(
            "  ", " \0 "
        ).split(" "),
        strict=True,
    )
)
ALTERED = _(
    "{number} texts lost a sign that a spreadsheet would run at their beginning, or that separates the entries of a list: "
    "{texts}"
)
_HTML, _NAME = TargetKind.HTML, TargetKind.NAME  # a look-up on the class takes longer than the rest of a short text


def altered_warnings(texts: list[str]) -> list[str]:
    """What an export says of the texts in `CellWriter.altered`."""
    return [ALTERED.format(number=len(texts), texts=texts[:20])] if texts else []


@dataclass
class CellWriter:
    """Writes values for one file of the adapter's platform, whose cells `delimiter` separates. `codec` is the file's own,
    `raw` the one in which its cells are written here. `replaced` counts the characters that had to become their nearest
    letters; `altered` has the beginnings of the texts of which a cell can't have a sign.
    `is_export`: the platform's exporter wrote the file."""

    adapter: Adapter
    codec: str
    line_end: str = "\n"
    escaped: bool = False
    delimiter: str = ","
    replaced: Counter[str] = field(default_factory=Counter)
    altered: list[str] = field(default_factory=list)
    raw: str = "utf-8"
    is_export: bool = True

    def text(self, value: object, kind: TargetKind) -> str:
        """The cell's text, before quoting."""
        text = (self._list(list(map(str, value))) if isinstance(value, list) else str(value)).replace("\0", "")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "<" in text and (kind is _HTML or (kind is _NAME and self.adapter.name_is_html)):
            text = text if texts.is_html(text) else texts.as_html(text)  # otherwise a shop may cut the text after a `<`
        if kind is _HTML:
            text = self.adapter.with_line_ends(text, self.line_end, is_export=self.is_export)
        else:
            text = " ".join(text.split())
        guarded = self.adapter.guarded(text)
        if guarded != text and self.adapter.unguarded(guarded) != text.strip():
            self.altered.append(text[:40])
        return self.encodable(guarded, kind)

    def _list(self, entries: list[str]) -> str:
        cell = self.adapter.joined(entries, delimiter=self.delimiter)
        for entry in entries:
            if entry.strip() not in cell and entry not in self.adapter.listed(cell):
                self.altered.append(entry[:40])
        return cell

    def encodable(self, text: str, kind: TargetKind) -> str:
        if text.isascii():
            return text
        try:
            text.encode(self.codec)
            return text
        except UnicodeEncodeError:
            if kind is _HTML:
                return text.encode(self.codec, "xmlcharrefreplace").decode(self.codec)
        plain = "".join(map(self._nearest, normalize("NFC", text)))
        return self.adapter.guarded(" ".join(plain.split()))

    def _nearest(self, letter: str) -> str:
        if self._holds(letter):
            return letter
        self.replaced[letter] += 1
        for candidate in _candidates(letter):
            if self._holds(candidate):
                return candidate
        return ""

    def _holds(self, text: str) -> bool:
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True

    def quoted(self, text: str, *, was_quoted: bool = False) -> bytes:
        """The cell's bytes. They are quoted if the old cell was, or if the text needs it."""
        if self.escaped:
            text = text.replace('\\"', '"').rstrip("\\")  # PHP would read the backslash as an escape
        raw = text.encode(self.raw)
        if (
            was_quoted
            or self.delimiter.encode() in raw
            or b'"' in raw
            or b"\n" in raw
            or b"\r" in raw
            or raw[:1] == b" "
            or raw[-1:] == b" "
        ):
            return b'"' + raw.replace(b'"', b'""') + b'"'
        return raw


def _candidates(letter: str) -> list[str]:
    found = []
    lower = letter.lower()
    if lower in _CYRILLIC:
        latin = _CYRILLIC[lower].strip("\0")
        found.append(latin if letter == lower else latin.capitalize())
        found.append(_plain(found[-1]))
    if letter in _NEAREST:
        found.append(_NEAREST[letter])
    found.append(_plain(letter))
    return found


def _plain(text: str) -> str:
    text = "".join(_NEAREST.get(letter, letter) for letter in text)
    return "".join(letter for letter in normalize("NFKD", text) if not unicodedata.combining(letter))
