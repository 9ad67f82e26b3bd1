"""What would have been spent of which month, had everything been told in time.

Each XCT is spent of the month that ends first of those that run then, whatever was known of them, but first of one
that nobody paid for. What no month holds
stays where it was: it was spent of top-ups, or beyond the plan. Nothing here reads or writes a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billing.decisions import GRACE
from billing.models.wallet import ZERO


@dataclass(frozen=True)
class Month:
    """A month while its XCT could be spent. `steps` are the XCT that it has in all, each from a time on: it was
    upgraded, or money went back. At `anew` what was left of it was gone, and the steps since are of what came then."""

    key: str
    begins: datetime
    ends: datetime
    steps: tuple[tuple[datetime, Decimal], ...]
    paid: bool = True
    anew: datetime | None = None

    def holds(self, at: datetime) -> Decimal:
        return next((xct for since, xct in reversed(self.steps) if since <= at), ZERO)


@dataclass(frozen=True)
class Spending:
    """What was spent at a time; below zero it is what staff have given. Of this `month`, if that was settled; by work
    that began at a time, whose month has kept XCT for it."""

    at: datetime
    amount: Decimal
    month: str = ""
    began: datetime | None = None


def replay(
    months: Iterable[Month], spendings: Iterable[Spending], before: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], list[Decimal]]:
    """What should be spent of each month in the end, if so much was `before`; and what of each spending no month
    holds."""
    by_end = sorted(months, key=lambda month: (month.paid, month.ends, month.begins))
    spent = {month.key: before.get(month.key, ZERO) for month in by_end}
    gone: dict[str, Decimal] = {}  # what had been spent of a month when what was left was gone
    uncovered = []

    def room(month: Month, at: datetime) -> Decimal:
        over = month.anew is not None and month.anew <= at
        return month.holds(at) + (gone.setdefault(month.key, spent[month.key]) if over else ZERO) - spent[month.key]

    for spending in spendings:
        at, left = spending.at, spending.amount
        running = [month for month in by_end if month.begins <= at < month.ends]
        if not running:  # the last one, in its time of grace
            running = [month for month in by_end if month.begins < month.ends <= at < month.ends + GRACE][-1:]
        running = [month for month in by_end if month.key == spending.month and month.begins <= at] or running
        if (began := spending.began) is not None:
            running = [month for month in by_end if month.begins <= began < month.ends <= at] + running
        if left < 0 and running:
            spent[max(running, key=lambda month: month.begins).key] += left
            left = ZERO
        for month in running:
            drawn = max(ZERO, min(left, room(month, at)))
            spent[month.key] += drawn
            left -= drawn
        uncovered.append(left)
    return spent, uncovered
