"""Formulas that several cells of a sheet share, as Excel writes a column that was filled down: the first cell has the
formula, and the others have only its number. If the first cell gets a text of ours, the next one takes its place.
"""

import re
from html import escape, unescape

_FORMULA = re.compile(rb'<((?:\w+:)?)f\b([^<>]*\bt="shared"[^<>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)')
_NUMBER = re.compile(rb'\bsi="(\d+)"')
_RANGE = re.compile(rb'\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
LONGEST = 8192  # Excel's own limit
MARK = b't="shared"'


class SharedFormulas:
    """Takes the cells of one sheet in their order. `homeless` are the formulas that no cell has any longer, by their
    numbers: each with the cell that it stood in, and the range of the cells that share it."""

    def __init__(self) -> None:
        self.homeless: dict[bytes, tuple[str, str, re.Match[bytes]]] = {}

    def replaced(self, cell: bytes, at: str) -> None:
        """The cell at `at`, such as `D2`, gets another value."""
        found = _FORMULA.search(cell)
        if found is None or not found[3] or len(found[3]) > LONGEST:
            return
        number, cells = _NUMBER.search(found[2]), _RANGE.search(found[2])
        if number is not None and cells is not None:
            self.homeless[number[1]] = unescape(found[3].decode()), at, cells

    def kept(self, cell: bytes, at: str) -> bytes:
        """A cell that stays, with the formula in it if it shared one that is homeless. A formula that can't be read
        leaves its value."""
        found = _FORMULA.search(cell)
        number = _NUMBER.search(found[2]) if found is not None else None
        if found is None or number is None or number[1] not in self.homeless:
            return cell
        formula, origin, cells = self.homeless[number[1]]
        moved = _move(formula, origin, at)
        if not moved:
            return cell[: found.start()] + cell[found.end() :]
        del self.homeless[number[1]]
        first = at.encode() if cells[1] == cells[3] else cells[1] + cells[2]
        inner = b'%(p)sf t="shared" ref="%(f)s:%(l)s" si="%(n)s">%(t)s</%(p)sf>' % {
            b"p": found[1],
            b"f": first,
            b"l": cells[3] + cells[4],
            b"n": number[1],
            b"t": escape(moved, quote=False).encode(),
        }
        return cell[: found.start()] + b"<" + inner + cell[found.end() :]


def _move(formula: str, origin: str, to: str) -> str:
    """The formula as it reads in another cell; "" if it is none."""
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        return str(Translator(f"={formula}", origin).translate_formula(to))[1:]
    except (TokenizerError, TranslatorError):
        return ""
