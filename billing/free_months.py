"""The months of the Free plan that had to begin, as far as that follows from what was paid.

One begins when what was paid for is over, or its money went back, and goes on when that is so again within the month.
It rests while something paid runs. Nothing here reads or writes a row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from billing.changes import DAY
from billing.cycles import SET
from billing.decisions import GRACE, PlanFacts
from billing.models import Cycle, PaidPeriod, Subscription
from billing.months import PROMPT, months_after, months_between
from billing.periods import NEAR_THE_END
from billing.upgrades import ENOUGH

ENDLESS = datetime.max.replace(tzinfo=UTC)


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
        return cycle.is_free and self.began - PROMPT <= cycle.started_at < self.began + DAY

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
    """Whether something paid ran then, with its money there or that of an upgrade, or its time of grace, or a plan that
    staff had set."""
    set_at = known.wallet.plan_set_at
    if grace and set_at is not None and set_at <= at and all(period.bought_at <= set_at for period in known.periods):
        return True
    return any(
        period.begins_at <= at < _until(known, period, at, grace=grace) and _is_paid(known, period, at)
        for period in known.periods
    )


def _until(known: PlanFacts, period: PaidPeriod, at: datetime, *, grace: bool) -> datetime:
    """Until when the period runs, as it was then. A change without its money ended nothing."""
    after = period.changed_to
    if after is not None and after.begins_at <= at and known.changes.share_then(after, at) < ENOUGH:
        return period.ends_at + (GRACE if grace else timedelta(0))
    return _lasts(known, period) if grace else period.until


def _is_paid(known: PlanFacts, period: PaidPeriod, at: datetime) -> bool:
    made = known.upgrades(period, at)
    return known.changes.share_then(period, at) >= ENOUGH or any(one.in_force and one.payment for one in made)


def _ends(known: PlanFacts, period: PaidPeriod) -> Iterator[datetime]:
    """When the period ends, or may, as money of it or of an upgrade goes back."""
    yield from known.changes.returned_at(period)
    for made in known.upgrades(period):
        yield from [made.seen.at, *(made.payment.returned_at if made.payment else ())]
    if period.changed_to is not None:
        yield from (period.ends_at, period.ends_at + GRACE)
    yield _lasts(known, period)


def _lasts(known: PlanFacts, period: PaidPeriod) -> datetime:
    """Until when the period runs with its time of grace, which one has that nothing follows and whose subscription has
    not ended, until another begins that lasts longer."""
    payer, others = period.subscription, [other for other in known.periods if other is not period]
    followed = [
        other.begins_at
        for other in others
        if other.subscription_id == period.subscription_id
        and period.ends_at - NEAR_THE_END <= other.begins_at <= period.ends_at + GRACE
    ]
    ended = payer is not None and payer.status in Subscription.ENDED
    if period.until < period.ends_at:
        return period.until
    if followed or ended:
        return max(period.until, min(followed, default=period.until))
    share = known.changes.share
    longer = ((max(period.until, other.begins_at), other) for other in others if other.ends_at > period.ends_at)
    return min([period.until + GRACE, *(at for at, other in longer if share(other, at) >= ENOUGH)])
