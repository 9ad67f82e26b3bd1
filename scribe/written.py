"""Read numbers and times that third parties write in headers and bodies. Invalid ones become None."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

#: In these years, a time plus or minus any span of ours is still a valid date.
FIRST_YEAR, LAST_YEAR = 1970, 2999
#: A person's choice of a later time is kept as this one: at the end of the year 9999, a time zone leads out of all years.
LAST_MOMENT = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)


def whole(text: str, *, digits: int = 18) -> int | None:
    """The number written with at most `digits` ASCII digits, or None. `str.isdigit` alone accepts "²", which `int` refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def moment(value: object) -> datetime | None:
    """An RFC 3339 time with any number of fraction digits, in UTC. None for any other text, and outside 1970 to 2999."""
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
    except (ValueError, OverflowError):  # an invalid date, or an offset that leads out of Python's range of years
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
