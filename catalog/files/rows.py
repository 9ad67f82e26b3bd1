"""The types that pass between a file and its adapter: rows in, items and faults out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.files.limits import MAX_EXTERNAL_ID, MAX_FAULTS
from scribe import unforeseen
from scribe.messages import _
from scribe.types import Json


class FileRow(NamedTuple):
    """One record. `position` counts records after the header from 1, blanks and broken ones included; `line` is physical."""

    position: int
    line: int
    cells: list[str]


# A table can be read more than once; `having` skips records whose bytes lack it, before they are parsed.
RowSource = Callable[[bytes | None], Iterator[FileRow]]


@dataclass(slots=True)
class ParsedItem:
    """An item as a file describes it. `refs` are the names by which children may refer to it, `parent_ref` is the name by
    which it refers to its parent. `left_out` is the reason to import it as excluded, such as for a shop's Cart page."""

    position: int
    line: int
    item_type: str
    external_id: str
    source_data: Json
    store_view: str = ""
    parent_ref: str = ""
    refs: tuple[str, ...] = ()
    left_out: str = ""


@dataclass
class Faults:
    """Faults by line: an error leaves its row out, a warning does not. Long lists are cut, but all faults are counted."""

    errors: list[Json] = field(default_factory=list)
    warnings: list[Json] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def error(self, line: int, code: str, reason: str) -> None:
        self.error_count += 1
        if len(self.errors) < MAX_FAULTS:
            self.errors.append({"line": line, "code": code, "reason": reason})

    def unforeseen(self, line: int, error: Exception) -> None:
        """Note a row that failed with an unforeseen error. It is left out and the file is read on."""
        self.error(line, unforeseen.CODE, unforeseen.record(error, _("This row"), line=str(line)))

    def warn(self, line: int, code: str, reason: str) -> None:
        self.warning_count += 1
        if len(self.warnings) < MAX_FAULTS:
            self.warnings.append({"line": line, "code": code, "reason": reason})


def fit(external_id: str) -> str:
    """Shorten an external id to the column's width. Ids that differed still differ."""
    if len(external_id) <= MAX_EXTERNAL_ID:
        return external_id
    return external_id[: MAX_EXTERNAL_ID - 17] + "~" + format(_fingerprint(external_id), "016x")


def _fingerprint(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8", "replace"):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value
