"""Tables as CSV files that spreadsheets open, written line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

#: A cell that begins so would be run as a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """What `csv` writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


def download(name: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The table as a file `name`. Nothing is kept in memory but the line under way."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(map(str, header))  # the mark by which spreadsheets know UTF-8
    for row in rows:
        yield writer.writerow(map(_cell, row))


def _cell(value: Any) -> Any:
    """`value`, and text that looks like a formula behind an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
