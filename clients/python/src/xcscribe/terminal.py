"""What the command line prints: tables on a terminal, JSON in a pipe or a file.

Nothing that is printed steers a terminal: the server's words, and a shop's texts, may be anybody's.
"""

from __future__ import annotations

import json
import sys
from typing import Any

WIDEST = 60  # characters of a column; what is longer is in the JSON


def show(result: dict[str, Any]) -> int:
    """Print `result`: on a terminal its values in lines and its lists as tables, else one line of JSON."""
    if sys.stdout.isatty():
        sys.stdout.write("\n".join(_lines(result)) + "\n")
    else:
        text = json.dumps(result, ensure_ascii=False)
        sys.stdout.write("".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text) + "\n")
    sys.stdout.flush()
    return 0


def say(text: str) -> None:
    """Print a sentence on standard error."""
    sys.stderr.write(_printable(text) + "\n")


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)


def _lines(result: dict[str, Any]) -> list[str]:
    tables = {name: value for name, value in result.items() if _is_table(value)}
    lines = aligned([[name, _text(value)] for name, value in result.items() if name not in tables])
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        lines += ["", name, *aligned([columns, *([_cell(row.get(column)) for column in columns] for row in rows)])]
    return lines


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _printable(", ".join(value))
    return _printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cell(value: Any) -> str:
    text = "" if value is None else _text(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of texts as lines, each column as wide as its widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
