"""Bars of a chart, as whole numbers in the units of its SVG. A table with the same numbers stands beside each chart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

WIDTH, HEIGHT = 1000, 200
#: The smallest bar of a day on which anything was used.
LEAST = 3


def columns(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each day with its column: `x`, `y`, `width`, `height`."""
    most = max((day["used"] for day in days), default=Decimal(0))
    step = WIDTH / max(1, len(days))
    found = []
    for number, day in enumerate(days):
        height = round(HEIGHT * float(day["used"] / most)) if most else 0
        height = max(height, LEAST) if day["used"] else 0
        left, right = round(number * step), round((number + 1) * step)
        gap = max(1, (right - left) // 6)
        found.append({**day, "x": left, "y": HEIGHT - height, "width": max(1, right - left - gap), "height": height})
    return found


def shares(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with `share`: the per cent that it has of the largest."""
    most = max((row["used"] for row in rows), default=Decimal(0))
    return [{**row, "share": round(100 * float(row["used"] / most)) if most else 0} for row in rows]
