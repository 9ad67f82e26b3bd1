"""Charts in SVG: where their bars and columns stand. The numbers are in a table beside each."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from scribe.types import Json

WIDTH, HEIGHT = 1000, 200
#: The smallest column, or part of a bar, of what there is any of.
LEAST = 3


def columns(rows: Iterable[Json], key: str = "used") -> list[Json]:
    """Each row with the column of its number `key`: `x`, `y`, `width`, `height`."""
    rows = list(rows)
    most = max((row[key] for row in rows), default=0)
    step = WIDTH / max(1, len(rows))
    found = []
    for number, row in enumerate(rows):
        height = round(HEIGHT * float(row[key] / most)) if most else 0
        height = max(height, LEAST) if row[key] else 0
        left, right = round(number * step), round((number + 1) * step)
        gap = max(1, (right - left) // 6)
        found.append({**row, "x": left, "y": HEIGHT - height, "width": max(1, right - left - gap), "height": height})
    return found


def shares(rows: list[Json]) -> list[Json]:
    """Each row with `share`: the per cent that it has of the largest."""
    most = max((row["used"] for row in rows), default=Decimal(0))
    return [{**row, "share": percent(row["used"], most)} for row in rows]


def parts(numbers: Mapping[str, int]) -> list[Json]:
    """The parts of one bar, in their order: `name`, `n`, `x`, `width`. What there is any of can be seen."""
    some = {name: n for name, n in numbers.items() if n}
    room = WIDTH - LEAST * 2 * len(some)
    total, left, found = sum(some.values()), 0, []
    for name, n in some.items():
        width = LEAST + round(room * n / total)
        found.append({"name": name, "n": n, "x": left, "width": width})
        left += width + LEAST
    return found


def percent(part: Decimal | float, whole: Decimal | float) -> int:
    """In whole per cent: 0 of nothing, 100 of all there is, and neither of anything between."""
    if not part or part == whole:
        return 100 if part else 0
    return min(99, max(1, round(100 * float(part / whole))))  # type: ignore[operator]  # both are of one kind
