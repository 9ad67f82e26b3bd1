"""Paid periods in time: which begins when, what goes on after what, and what a change of plan paid for with its rest.

Of one subscription the periods follow each other: a charge that comes while the time of the one before runs buys the
time after it. A change to another billing period begins at once; the rest of the money of the one that it ends is a
part of its price. An invoice's period waits for what is as good, and goes on after what interrupts it. A period whose
money went back, or too much of it for its plan, took time until then. Nothing here reads or writes a row;
docs/explanation/ledger.md has the rules.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from billing.models import PaidPeriod, Plan
from billing.months import NEAR, months_after

#: A charge that does not say what it is for is a renewal this much before the end.
NEAR_THE_END = timedelta(days=3)


def lay_out(
    periods: Iterable[PaidPeriod],
    changes: Collection[str],
    started: Collection[str],
    upgraded: Iterable[PaidPeriod] = (),
) -> None:
    """Set when each period begins and ends, and what takes over from it, in memory. Those that `changes` of plan bought
    begin with them, the others by when they were paid, whichever was told first; but rows of before `paid_at` that have
    begun (`started`) stay where they begin. Invoices also wait for the time that was `upgraded`."""
    rows = sorted(periods, key=lambda row: (row.bought_at, row.key))
    cards = [row for row in rows if not row.by_invoice]
    begun = {row.pk for row in rows if row.paid_at is None and row.key in started}
    fixed = begun | {row.pk for row in cards if row.key in changes or row.subscription_id is None}
    placed: list[PaidPeriod] = []
    for row in sorted(cards, key=lambda row: row.pk not in fixed):
        row.over_at = row.over_at if row.changed_to else None  # what followed it before may follow later now
        same = [other for other in placed if row.bought_at < other.ends_at]
        if row.pk not in fixed and (same or row.begins_at != row.bought_at):
            same = [other for other in same if other.subscription_id == row.subscription_id]
            _start(row, _after(same, row.plan, row.bought_at))
        if row.paid_at is not None and row.begins_at.day == months_after(row.begins_at, 0, 31).day:
            _count(row, () if row.key in changes else placed)
        placed.append(row)
    kept: dict[object, PaidPeriod] = {}
    for row in sorted(cards, key=lambda row: row.begins_at):
        row.over_at = row.changed_to = None
        if row.subscription_id is not None and row.taken_back_at is None:
            if row.subscription_id in kept:
                kept[row.subscription_id].over_at = row.begins_at
            kept[row.subscription_id] = row
            if row.key in changes:
                _credit(row, cards)
    placed += upgraded
    for row in sorted((row for row in rows if row.by_invoice), key=lambda row: (-row.plan.rank, row.pk not in fixed)):
        if row.pk not in fixed:
            _start(row, _after(placed, row.plan, row.bought_at))
        row.ends_at = _end_with_interruptions(row, placed)
        placed.append(row)


def _start(row: PaidPeriod, at: datetime) -> None:
    if at != row.begins_at:
        row.begins_at, row.ends_at = at, months_after(at, row.months)


def _count(row: PaidPeriod, placed: Iterable[PaidPeriod]) -> None:
    """Let a period that begins on the last of a month end by the calendar of those that it follows: who began on a 31st
    has paid from 28 February to 31 March."""
    before = (other for other in placed if other.subscription_id == row.subscription_id)
    followed = (other.day or other.begins_at.day for other in before if abs(other.ends_at - row.begins_at) <= NEAR)
    row.day = max([row.begins_at.day, *followed])
    row.ends_at = months_after(row.begins_at, row.months, row.day)


def _credit(change: PaidPeriod, cards: Iterable[PaidPeriod]) -> None:
    """Let the period that ran when its subscription changed know what the rest of its money went into."""
    ran = [
        other
        for other in cards
        if other.subscription_id == change.subscription_id and other.begins_at < change.begins_at < other.ends_at
    ]
    if ran:
        before = max(ran, key=lambda other: (other.taken_back_at is None, other.begins_at))
        before.changed_to = change
        before.over_at = min(before.over_at or change.begins_at, change.begins_at)  # also without its own money


def _end(row: PaidPeriod) -> datetime:
    """Until when the period takes time that others wait for."""
    return max(row.begins_at, min(row.until, row.taken_back_at or row.lost_at or row.until))


def _after(others: Iterable[PaidPeriod], plan: Plan, at: datetime) -> datetime:
    """The first time from `at` on when none of the others that are as good runs."""
    for other in sorted(others, key=lambda other: other.begins_at):
        if other.plan.rank >= plan.rank and other.begins_at <= at < _end(other):
            at = _end(other)
    return at


def _end_with_interruptions(row: PaidPeriod, others: Iterable[PaidPeriod]) -> datetime:
    """When an invoice's period ends: after its months, and the time that better ones take within it, also those that
    began before it and were told since."""
    ends, reached = months_after(row.begins_at, row.months), row.begins_at
    for other in sorted(others, key=lambda other: other.begins_at):
        end, begins = _end(other), max(other.begins_at, reached)
        if other.plan.rank < row.plan.rank or other.begins_at >= ends or end <= reached:
            continue
        whole = begins == other.begins_at and end == months_after(begins, other.months)
        ends, reached = months_after(ends, other.months) if whole else ends + (end - begins), end
    return ends
