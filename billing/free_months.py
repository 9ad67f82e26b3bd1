"""The months of the Free plan that had to begin, as far as that follows from what was paid.

One begins when what was paid for is over, or its money went back, and goes on when that is so again within the month.
It rests while something paid runs. Nothing here reads or writes a row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from billing.changes import DAY
from billing.cycles import SET
from billing.decisions import GRACE, PlanFacts
from billing.models import FREE, Cycle, PaidPeriod, Subscription
from billing.months import PROMPT, months_after, months_between
from billing.periods import NEAR_THE_END
from billing.upgrades import ENOUGH

ENDLESS = datetime.max.replace(tzinfo=UTC)
#: The sources of the months that follow what was paid for.
FOLLOWING = (Cycle.Source.PLAN_END, Cycle.Source.MONTH)


@dataclass
class FreeMonth:
    """A month of the Free plan, and the spans of time in which its XCT could be spent."""

    began: datetime
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def ended(self) -> datetime:
        return self.spans[-1][1]

    def is_of(self, cycle: Cycle) -> bool:
        """Whether a cycle is this month: beat begins one a little later."""
        follows = cycle.plan_id == FREE and cycle.source in FOLLOWING
        return follows and self.began - PROMPT <= cycle.started_at < self.began + DAY

    def cycle(self, begun: Iterable[Cycle]) -> Cycle | None:
        return min((one for one in begun if self.is_of(one)), key=lambda one: one.started_at, default=None)


def find(known: PlanFacts) -> list[FreeMonth]:
    """The months of the Free plan that followed what was paid for, in order."""
    found, began = list[FreeMonth](), None
    for since, until in _unpaid(known):
        if began is None or months_after(began, 1) <= since:
            began = since
            found.append(FreeMonth(began))
        found[-1].spans.append((since, min(until, months_after(began, 1))))
        last = min(until, known.at)
        for number in range(1, months_between(began, last) + 1):
            at = months_after(began, number)
            if at < last:
                found.append(FreeMonth(at, [(at, min(until, months_after(began, number + 1)))]))
    return found


def began(known: PlanFacts) -> datetime:
    """When the month of the Free plan began that is due: now, or counted from when the money of the last plan went
    back, if that was told late."""
    months = find(known)
    if not months or months[-1].ended <= known.at:
        return known.at
    since = months[-1].spans[-1][0]
    natural = any(since == _lasts(known, period) for period in known.periods)
    return known.at if natural or since >= known.at - PROMPT else months[-1].began


def is_due(known: PlanFacts, month: Cycle) -> bool:
    """Whether a month of the Free plan had to begin: nothing paid ran then that was not known, but for a time of grace.
    Clocks may differ a little."""
    return month.key.startswith(SET) or not runs(known, month.started_at + PROMPT, grace=False)


def _unpaid(known: PlanFacts) -> Iterator[tuple[datetime, datetime]]:
    """The spans of time between what was paid for, or after it, until now."""
    times = {at for period in known.periods for at in (period.begins_at, *_ends(known, period))}
    ran, since = False, None
    for at in sorted(at for at in times if at <= known.at):
        there = runs(known, at)
        if ran and not there:
            since = at
        elif there and since is not None:
            yield since, at
            since = None
        ran = there
    if since is not None:
        yield since, ENDLESS


def runs(known: PlanFacts, at: datetime, *, grace: bool = True) -> bool:
    """Whether something paid ran then, with its money there, or its time of grace, or a plan that staff had set."""
    share, set_at = known.changes.share, known.wallet.plan_set_at
    if grace and set_at is not None and set_at <= at and all(period.bought_at <= set_at for period in known.periods):
        return True
    return any(
        period.begins_at <= at < (_lasts(known, period) if grace else period.until) and share(period, at) >= ENOUGH
        for period in known.periods
    )


def _ends(known: PlanFacts, period: PaidPeriod) -> Iterator[datetime]:
    yield from known.changes.returned_at(period)
    yield _lasts(known, period)


def _lasts(known: PlanFacts, period: PaidPeriod) -> datetime:
    """Until when the period runs with its time of grace, which one has that nothing follows and whose subscription has
    not ended."""
    payer = period.subscription
    followed = any(
        other.subscription_id == period.subscription_id
        and other is not period
        and period.ends_at - NEAR_THE_END <= other.begins_at <= period.ends_at + GRACE
        for other in known.periods
    )
    ended = payer is not None and payer.status in Subscription.ENDED
    return period.until if followed or ended or period.until < period.ends_at else period.until + GRACE
