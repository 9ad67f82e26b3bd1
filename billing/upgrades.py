"""Upgrades within the paid periods of cards: which are in force, since when, and what each adds.

One is paid for with the difference of the prices, or waits for its payment for some time. Nothing here reads or writes
a row; docs/explanation/ledger.md has the rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from billing.models import PaidPeriod, Payment, Plan, PlanSeen, Subscription
from billing.months import since_when

if TYPE_CHECKING:
    from billing.changes import PlanChanges

#: An upgrade whose payment is not known after this time is taken back.
UNPAID_FOR = timedelta(hours=72)
#: A plan is in force while at least this part of its money is there.
ENOUGH = Decimal("0.5")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Upgrade:
    """A larger plan that a subscription had within a paid period, and the payment for it as far as it is known."""

    seen: PlanSeen
    before: Plan
    payment: Payment | None
    in_force: bool
    at: datetime | None = None  # as it was then; None: as it is

    @property
    def xct(self) -> Decimal:
        """What it adds to a whole month, for the part of its price that was kept."""
        more = max(ZERO, self.seen.plan.monthly_xct - self.before.monthly_xct)
        return more * (self.payment.kept_of_price_by(self.at) if self.payment else int(self.in_force))


def find(changes: "PlanChanges", period: PaidPeriod, now: datetime, at: datetime | None = None) -> list[Upgrade]:
    """The upgrades within a card's paid period, in order of time, or those by a time `at`, as they were then.

    One without a payment leans on the money of the period: it holds for its 72 hours, while enough of that is there
    and the subscription is neither overdue, nor over, nor back on a smaller plan. One whose payment was returned
    does not hold; nor does one to another billing period that has bought a period of its own.
    """
    subscription, highest, found = period.subscription, period.plan, []
    if subscription is None:
        return []
    told: set[str] = set()
    rows = changes.within.get(period.pk, [])
    returned = {
        row.plan_id: changes.paid[row.pk] for row in rows if row.pk in changes.paid and not changes.paid[row.pk].kept
    }
    for row in rows:
        if at is not None and row.at > at:
            break
        first = row.plan_id not in told
        told.add(row.plan_id)
        payment = changes.paid.get(row.pk)
        if payment is not None and at is not None and at < payment.paid_at:
            payment = None  # it waited then
        if _is_apart(changes, row, period) or row.plan.rank <= highest.rank:
            continue
        if payment is not None and payment.kept > 0:
            whole = changes.rest(period, row.at, datetime.min.replace(tzinfo=now.tzinfo))
            holds = not whole or changes.rest(period, row.at, at) >= whole * ENOUGH
            # It paid the difference to what was paid for then, though that has gone back since.
            paid = (one.plan for one, by in changes.steps(period, payment.paid_at) if one.at < row.at and by != payment)
            before = max([highest, *paid], key=lambda plan: plan.rank)
            found.append(Upgrade(row, before if before.rank < row.plan.rank else highest, payment, holds, at))
            highest = row.plan
            continue
        waits = (
            (at or now) < changes.trusted_until
            and row.plan_id not in returned
            and _is_carried(changes, period, row, at)
        )
        if waits or first or payment is not None:
            found.append(Upgrade(row, highest, payment or returned.get(row.plan_id), waits, at))
        if waits:
            highest = row.plan
    return found


def _is_carried(changes: "PlanChanges", period: PaidPeriod, row: PlanSeen, at: datetime | None) -> bool:
    """Whether an upgrade that nobody has paid for may lean on its period: enough of its money is there, and the
    subscription is neither overdue, nor over, nor back on a smaller plan; or was not, as far as that is known."""
    live = period.subscription
    assert live is not None
    if at is None:
        running = live.status not in (*Subscription.OVERDUE, *Subscription.ENDED)
        return running and period.pk in changes.holding and live.plan.rank >= row.plan.rank
    *_, newest = (one for one in changes.within[period.pk] if one.at <= at)
    return changes.share(period, at) >= ENOUGH and newest.plan.rank >= row.plan.rank


def paid_time(changes: "PlanChanges") -> Iterator[PaidPeriod]:
    """The time within periods for which upgrades were paid, until their money went back."""
    for period in changes.periods:
        for made in find(changes, period, datetime.max.replace(tzinfo=UTC)):
            if made.payment is None:
                continue
            time = PaidPeriod(plan=made.seen.plan, billing_period=period.billing_period, begins_at=made.seen.at)
            time.ends_at, time.over_at = period.ends_at, period.over_at
            if not made.in_force:
                time.taken_back_at = _over_since(changes, period, made)
            yield time


def _over_since(changes: "PlanChanges", period: PaidPeriod, made: Upgrade) -> datetime | None:
    """Since when the money of an upgrade is not there: none of its own, or too little of what it leans on."""
    payment, seen = made.payment, made.seen
    assert payment is not None
    whole = changes.rest(period, seen.at, datetime.min.replace(tzinfo=UTC))
    times = changes.refunded_at(period).union(payment.returned_at)
    return since_when(times, lambda at: payment.kept_by(at) <= 0 or changes.rest(period, seen.at, at) < whole * ENOUGH)


def ends(changes: "PlanChanges", made: Upgrade) -> list[datetime]:
    """When an upgrade ends that nobody has paid for, or when money of its payment went back or came again."""
    if made.payment is None:
        back = (row.at for row in changes.seen if row.at > made.seen.at and row.plan.rank < made.seen.plan.rank)
        return [changes.trusted_until, *back]
    return made.payment.returned_at


def trusted_until(changes: "PlanChanges") -> datetime:
    """Until when upgrades hold that nobody has paid for: 72 hours after the first of them all, whatever was told
    since, in whichever month or subscription."""
    found = []
    for period in changes.periods:
        highest = period.plan
        for row in changes.within.get(period.pk, ()):
            payment, apart = changes.paid.get(row.pk), _is_apart(changes, row, period)
            paid = payment is not None and payment.kept > 0
            if row.plan.rank > highest.rank and paid and not apart:
                highest = row.plan
            elif row.plan.rank > highest.rank and not paid and (payment is not None or not apart):
                found.append(row.at)
    return min(found, default=datetime.max.replace(tzinfo=UTC) - UNPAID_FOR) + UNPAID_FOR


def _is_apart(changes: "PlanChanges", row: PlanSeen, period: PaidPeriod) -> bool:
    """Whether it is a change to another billing period that has bought a period of its own."""
    payment = changes.paid.get(row.pk)
    bought = payment is not None and payment.cycle_key in changes.bought
    return bought or (row.period != period.billing_period and period.changed_to is not None)
