"""Months of a plan, counted from its start by the calendar."""

import calendar
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

#: A month that would start within this time before the paid period ends is started by the next payment instead.
NEAR = timedelta(days=1)
#: What is told within this time is told at once.
PROMPT = timedelta(seconds=30)


def months_after(anchor: datetime, months: int, day: int | None = None) -> datetime:
    """`anchor` moved by whole months, to its day or that `day`; one that the month lacks becomes its last one
    (31 January → 28 February)."""
    index = anchor.month - 1 + months
    year, month = anchor.year + index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return anchor.replace(year=year, month=month, day=min(day or anchor.day, last))


def months_between(anchor: datetime, now: datetime) -> int:
    """How many whole months of cycles have begun since `anchor`."""
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    return months if months_after(anchor, months) <= now else months - 1


def next_month(anchor: datetime, now: datetime, paid_until: datetime | None) -> datetime | None:
    """When the month after `now` starts, counted from `anchor`; None when it lies beyond what was paid for."""
    due = months_after(anchor, months_between(anchor, now) + 1)
    return due if paid_until is None or due < paid_until - NEAR else None


def since_when(times: Iterable[datetime], holds: Callable[[datetime], bool]) -> datetime | None:
    """The time since which something holds at all of the later times; None when it does not hold at the last."""
    since = None
    for at in sorted(times, reverse=True):
        if not holds(at):
            break
        since = at
    return since
