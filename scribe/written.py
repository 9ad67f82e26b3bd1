"""Numbers and times as others write them in headers and bodies: the value, or None for what is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

#: Within these years every sum of a time and a span of ours stays in the calendar.
FIRST_YEAR, LAST_YEAR = 1970, 2999


def whole(text: str, *, digits: int = 18) -> int | None:
    """The number that at most so many ASCII digits write. `str.isdigit` alone also says yes to "²", which `int` refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def moment(value: Any) -> datetime | None:
    """An RFC 3339 time with any number of fraction digits, in UTC; None for what is no time of a year from 1970 to 2999."""
    if not isinstance(value, str) or not value:
        return None
    head, dot, tail = value.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        value = f"{head}.{tail[:digits][:6]}{tail[digits:]}"
    try:
        found = parse_datetime(value)
        if found is None:
            return None
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no such day, or its offset leads out of the years that there are
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
