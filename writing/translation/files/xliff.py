"""XLIFF 1.2 and 2.1, as OASIS publishes them: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html and
http://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html.

A unit per text. HTML stands in it as escaped text, so that no tool can lose a tag as an inline element of its own. A unit
is named `item#field`; the digests of its original and of the exported translation are notes. The state says whether the translator stands by the text.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from writing.translation.files.rows import ILLEGAL, Head, RowFaults, TranslationRow
from writing.translation.files.xliff_reader import DIGEST, EXPORTED, XliffReader

_START_1 = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
    '<file original={name} source-language={source} target-language={target} datatype="html">\n<body>\n'
)
_START_2 = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang={source} trgLang={target}>\n'
    '<file id="f1" original={name}>\n'
)


class Xliff:
    """One version of the format."""

    whole_items = False
    extension, media_type = "xlf", "application/xliff+xml"
    by = "id"
    fields: frozenset[str] | None = None

    def __init__(self, version: str) -> None:
        self.version = version

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]:
        start = _START_1 if self.version == "1.2" else _START_2
        named = {"name": head.name or "catalogue", "source": head.original_code, "target": head.target_code}
        yield start.format(**{key: quoteattr(_legal(value)) for key, value in named.items()}).encode()
        unit = self._unit_1 if self.version == "1.2" else self._unit_2
        for number, row in enumerate(rows, start=1):
            yield unit(number, row).encode()
        yield (b"</body>\n</file>\n</xliff>\n" if self.version == "1.2" else b"</file>\n</xliff>\n")

    def _unit_1(self, number: int, row: TranslationRow) -> str:
        state = "needs-review-translation" if row.draft else "translated"
        exported = f'<note from="{EXPORTED}">{row.exported}</note>\n' if row.exported else ""
        target = f'<target state="{state}">{_text(row.target)}</target>' if row.target else '<target state="new"/>'
        note = f"<note>{_text(row.note)}</note>\n" if row.note else ""
        return (
            f'<trans-unit id={_name(row)} xml:space="preserve">\n<source>{_text(row.source)}</source>\n{target}\n'
            f'{note}<note from="{DIGEST}">{row.digest}</note>\n{exported}</trans-unit>\n'
        )

    def _unit_2(self, number: int, row: TranslationRow) -> str:
        state = ("initial" if row.draft else "translated") if row.target else "initial"
        exported = f'<note category="{EXPORTED}">{row.exported}</note>\n' if row.exported else ""
        target = f'<target xml:space="preserve">{_text(row.target)}</target>\n' if row.target else ""
        note = f"<note>{_text(row.note)}</note>\n" if row.note else ""
        return (
            f'<unit id="u{number}" name={_name(row)}>\n'
            f'<notes>\n{note}<note category="{DIGEST}">{row.digest}</note>\n{exported}</notes>\n'
            f'<segment state="{state}">\n<source xml:space="preserve">{_text(row.source)}</source>\n{target}</segment>\n</unit>\n'
        )

    def read(self, file: BinaryIO, faults: RowFaults, head: Head) -> Iterator[TranslationRow]:
        """The rows of either version, whatever the name of the format was. A file that is no XLIFF, or no XML, is
        refused as a whole."""
        for unit in XliffReader(file).read():
            yield unit.row()


def _name(row: TranslationRow) -> str:
    return quoteattr(_legal(f"{row.item}#{row.field}"))


def _text(text: str) -> str:
    return escape(_legal(text), {"\r": "&#13;"})


def _legal(text: str) -> str:
    return ILLEGAL.sub("", text)
