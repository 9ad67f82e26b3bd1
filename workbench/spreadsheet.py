"""Tables as CSV files that spreadsheets open, written line by line."""

from collections.abc import Iterable
from itertools import chain

from django.http import StreamingHttpResponse

from catalog.files import delimited
from scribe.api.files import attachment


def download(name: str, header: Iterable[object], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """The table as a file `name`. Nothing is kept in memory but the line under way."""
    lines = delimited.lines(chain([map(str, header)], (map(_cell, row) for row in rows)))
    return attachment(chain(["\ufeff"], lines), name)  # the mark by which spreadsheets know UTF-8


def _cell(value: object) -> object:
    """`value`, and text that looks like a formula behind an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(delimited.FORMULA) else value
