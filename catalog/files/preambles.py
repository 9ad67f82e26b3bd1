"""Lines above the header of a table: a title, a date, the name of the shop."""

from collections.abc import Sequence

from catalog.files.headers import normalise
from catalog.files.vocabulary import GENERIC_LABELS, WOOCOMMERCE_LABELS

LOOKED_AT = 20  # rows


def titles_above(rows: Sequence[list[str]]) -> int:
    """The number of rows above the header, given the first rows of a table. A title fills fewer cells than the rows below
    it: at most half as many as a full row. A row with a column's usual name is the header, whatever it fills."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:LOOKED_AT]]
    counts = sorted(count for count in filled if count)
    usual = counts[3 * len(counts) // 4] if counts else 0
    for at, (row, count) in enumerate(zip(rows, filled, strict=False)):
        if 2 * count > usual or (count and any(_is_label(cell) for cell in row)):
            return at if at + 1 < len(rows) else 0  # a row has to follow the header
    return 0


def _is_label(cell: str) -> bool:
    name = normalise(cell[:100])
    return name in GENERIC_LABELS or name in WOOCOMMERCE_LABELS
