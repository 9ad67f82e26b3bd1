"""What tables of translations have in common: reading them in any encoding and dialect that imports take, and writing
cells back into them. New ones are UTF-8 with commas."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from catalog.files import delimited
from catalog.files.rows import FileRow
from scribe.errors import InvalidInput
from scribe.messages import _

BOM = "\ufeff"
_CALL = re.compile(r"[(|!]")


def column(names: Sequence[str], *titles: str) -> int:
    """The column with one of these titles, without regard to case; -1 if there is none."""
    wanted = {title.casefold() for title in titles}
    return next((at for at, name in enumerate(names) if name.strip().casefold() in wanted), -1)


def required_column(names: Sequence[str], *titles: str) -> int:
    """The same. Raises InvalidInput if there is none."""
    at = column(names, *titles)
    if at < 0:
        raise InvalidInput(_("The file has no column “{column}”.", column=titles[0]), code="missing_column")
    return at


def cell(row: FileRow, at: int) -> str:
    """The cell's text, "" beyond the row's end, without NULs: the database has no place for them. The apostrophe that
    `write_table` puts before a formula is taken away."""
    text = row.cells[at].replace("\0", "") if 0 <= at < len(row.cells) else ""
    return text[1:] if text.startswith("'") and _runs(text) else text


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A new table in chunks of a row. A text stays as it is, unless a spreadsheet would run it: then an apostrophe
    stands before it."""
    yield BOM.encode()
    cells = ([f"'{text}" if _runs(text) else text for text in (one.replace("\0", "") for one in row)] for row in rows)
    for line in delimited.lines(chain([header], cells)):
        yield line.encode("utf-8", "replace")


def _runs(text: str) -> bool:
    """Whether a spreadsheet would call a function, a program or another file with it."""
    return text.lstrip("'").startswith(delimited.FORMULA) and _CALL.search(text) is not None
