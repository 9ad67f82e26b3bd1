"""Decisions about money: which plan follows from what was paid, what an upgrade brings and costs, and when a period begins.

Each function answers from the values that it is given; none reads or writes a row. docs/ledger.md has the table of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from billing.amounts import STEP
from billing.models import PaidPeriod, Payment, Plan, PlanSeen, Subscription, Wallet
from billing.months import months_after

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
#: The end that a provider tells may lie this far from ours: it is the end of the same period.
NEAR_THE_END = timedelta(days=3)
#: An upgrade whose payment is not known after this time is taken back.
UNPAID_FOR = timedelta(hours=72)
#: A plan whose time is over is lost after these days, the time of grace.
GRACE_DAYS = 14


@dataclass(frozen=True)
class PlanFacts:
    """What is known of an organization at `at`, by our clock."""

    at: datetime
    wallet: Wallet
    periods: tuple[PaidPeriod, ...] = ()
    seen: tuple[PlanSeen, ...] = ()
    prorations: tuple[Payment, ...] = ()  # succeeded payments for changes of plan
    started: frozenset[str] = frozenset()  # the periods whose own cycle has started
    bank: Subscription | None = None  # the newest plan by bank transfer


@dataclass(frozen=True)
class Upgrade:
    """A larger plan that a subscription had within a paid period, and the payment for it as far as it is known."""

    seen: PlanSeen
    before: Plan
    payment: Payment | None
    in_force: bool


@dataclass(frozen=True)
class PlanDecision:
    """What an organization is on. `base` is the paid period that it rests on; without one it is on Free, or stays (`stays`)
    where it is because nobody pays for that. `at` is when this holds: now, or the time of the newest event if it is later."""

    at: datetime
    base: PaidPeriod | None = None
    plan: Plan | None = None
    allotment: Decimal = Decimal(0)
    paid_until: datetime | None = None
    changes_at: datetime | None = None  # when another paid period takes over
    in_force: bool = False
    overdue_since: datetime | None = None
    interrupts: bool = False  # another paid period runs on below this one
    stays: bool = False
    lapsed: bool = False  # the plan is lost as its payment did not come in


def decide(known: PlanFacts) -> PlanDecision:
    """The best plan that a paid period in force bought. When none is: the last one, for 14 days, unless its subscription has
    ended or the money of a later period went back; then Free. What staff have set stays until the next payment."""
    wallet = known.wallet
    relevant = [p for p in known.periods if wallet.plan_set_at is None or p.begins_at > wallet.plan_set_at]
    bigger = {p.pk: _upgraded(p, known) for p in relevant} if known.seen else {}
    # What an upgrade's own payment bought stays with it when the money of the period went back.
    paid = sorted((p for p in relevant if p.taken_back_at is None or bigger.get(p.pk)), key=lambda p: p.begins_at)
    # Of one subscription the newest period counts: a renewal takes over from the month before, also on a smaller plan.
    current = list({p.subscription_id or p.pk: p for p in paid}.values())
    at, over = known.at, set()
    for period in current:
        subscription = period.subscription
        if subscription is None:
            continue
        at = max(at, period.begins_at, subscription.last_event_at or at)
        ended = subscription.ended_at if subscription.status in Subscription.ENDED else None
        if ended is not None and ended >= period.ends_at - NEAR_THE_END:
            over.add(period.pk)
    in_force = [p for p in current if p.begins_at <= at < p.ends_at and p.pk not in over]
    plans = {p.pk: bigger.get(p.pk) or p.plan for p in current}
    if in_force:
        base = max(in_force, key=lambda p: (plans[p.pk].rank, p.ends_at))
    else:
        last = max(current, key=lambda p: p.ends_at, default=None)
        payer = None
        if last is not None:
            payer = last.subscription or (known.bank if last.by_invoice else None)
        ended_ = payer is not None and (
            payer.status in Subscription.ENDED or (not payer.by_card and payer.cancel_at_period_end)
        )
        returned = last is not None and any(
            p.taken_back_at and p.subscription_id == last.subscription_id and p.begins_at > last.begins_at
            for p in relevant
        )
        until = last.ends_at if last else wallet.paid_until
        late = until is not None and at >= until + GRACE_DAYS * DAY
        if last is None or ended_ or returned or late or (wallet.paid_until is None and last.key in known.started):
            # Where nothing was paid for, nothing is lost.
            lost = wallet.paid_until is not None and (bool(relevant) or late)
            return PlanDecision(at, stays=not lost, lapsed=lost and late and not ended_ and not returned)
        base = last
    plan = plans[base.pk]
    ends = base.ends_at
    for later in current:  # in order of their beginning
        if later.by_invoice and later.plan_id == base.plan_id and later.begins_at <= ends < later.ends_at:
            ends = later.ends_at
    overdue = not in_force and base.subscription is not None and base.subscription.status in Subscription.OVERDUE
    return PlanDecision(
        at=at,
        base=base,
        plan=plan,
        allotment=plan.monthly_xct if plan.pk != base.plan_id or base.allotment is None else base.allotment,
        paid_until=ends,
        changes_at=base.ends_at if any(p.ends_at > base.ends_at for p in current) else None,
        in_force=bool(in_force),
        overdue_since=None if in_force else wallet.overdue_since or (base.ends_at if overdue else None),
        interrupts=any(p.pk != base.pk and p.key in known.started for p in in_force),
    )


def _upgraded(period: PaidPeriod, known: PlanFacts) -> Plan | None:
    made = [
        upgrade.seen.plan for upgrade in upgrades(period, known.seen, known.prorations, known.at) if upgrade.in_force
    ]
    return made[-1] if made else None


def is_late(period: PaidPeriod, periods: Iterable[PaidPeriod]) -> bool:
    """Whether a later period of the same subscription, or its end, is known already: then this one is over."""
    subscription = period.subscription
    if subscription is None:
        return False
    ended = subscription.status in Subscription.ENDED and subscription.ended_at
    later = any(p.subscription_id == subscription.pk and p.begins_at > period.begins_at for p in periods)
    return later or bool(ended and ended > period.begins_at)


def upgrades(
    period: PaidPeriod, seen: Iterable[PlanSeen], prorations: Iterable[Payment], now: datetime
) -> list[Upgrade]:
    """The upgrades within a card's paid period, in order of time, each with the payment that is nearest to it.

    One without a payment holds for 72 hours, while the subscription is neither overdue nor back on a smaller plan, and the
    period was not taken back. One whose payment was returned does not hold.
    """
    subscription, highest, steps = period.subscription, period.plan, []
    if subscription is None:
        return []
    for row in sorted(seen, key=lambda row: row.at):
        within = row.subscription_id == subscription.pk and period.begins_at <= row.at < period.ends_at
        if within and row.plan.rank > highest.rank:
            steps.append((row, highest))
            highest = row.plan
    paid: dict[object, Payment] = {}
    for payment in sorted(prorations, key=lambda payment: payment.paid_at):
        unpaid = [row for row, _ in steps if row.pk not in paid]
        mine = payment.subscription_id == subscription.pk and payment.paid_at <= period.ends_at
        if unpaid and mine and payment.paid_at >= period.begins_at - DAY:
            paid[min(unpaid, key=lambda row: abs(row.at - payment.paid_at)).pk] = payment
    found = []
    for row, before in steps:
        bought = paid.get(row.pk)
        waits = (
            now < row.at + UNPAID_FOR
            and period.taken_back_at is None
            and subscription.status not in Subscription.OVERDUE
            and subscription.plan.rank >= row.plan.rank
        )
        found.append(Upgrade(row, before, bought, bought.kept > 0 if bought else waits))
    return found


def upgrades_xct(made: Iterable[Upgrade], began: datetime) -> Decimal:
    """The XCT that upgrades bring to the month that began at `began`: the difference of the allotments, in the month of the
    upgrade in proportion to what was left of it.

    That is counted in days, to the nearest. A cycle begins with its payment or with the subscription's own event of it,
    whichever arrives first; those are minutes apart, and must not grant different amounts.
    """
    ends, total = months_after(began, 1), Decimal(0)
    for upgrade in made:
        if upgrade.in_force and upgrade.seen.at < ends:
            more = max(Decimal(0), upgrade.seen.plan.monthly_xct - upgrade.before.monthly_xct)
            left = min(_days(ends - upgrade.seen.at), _days(ends - began))
            kept = upgrade.payment.kept if upgrade.payment else 1
            total += (more * left / _days(ends - began) * kept).quantize(STEP, rounding=ROUND_DOWN)
    return total


def _days(time: timedelta) -> int:
    """Whole days, to the nearest."""
    return (time + DAY / 2) // DAY


def change_price(period: PaidPeriod, before: Plan, plan: Plan, billing_period: str, at: datetime) -> int | None:
    """The least that changing to `plan` within `period` costs, in minor units before tax; None without list prices.

    Providers prorate by the second and by months of their own, so a day is left to them, but no more than half of what is left:
    the last day is not free.
    """
    old, new = before.price_eur(period.billing_period), plan.price_eur(billing_period)
    if old is None or new is None:
        return None
    length = (period.ends_at - period.begins_at) // SECOND
    left = max(0, (period.ends_at - at) // SECOND)
    leeway = min(DAY // SECOND, left // 2)
    if billing_period == period.billing_period:
        return max(0, int((new - old) * 100 * (left - leeway) / length))
    return max(0, int(new * 100 - old * 100 * min(length, left + leeway) / length))


def begins(periods: Iterable[PaidPeriod], plan: Plan, at: datetime) -> datetime:
    """When a period of `plan` that an invoice buys at `at` begins: at once, or after what is as good and was paid before."""
    return max(
        (p.ends_at for p in periods if p.taken_back_at is None and p.plan.rank >= plan.rank and p.ends_at > at),
        default=at,
    )


def moved(periods: Iterable[PaidPeriod], by: PaidPeriod, months: int) -> list[PaidPeriod]:
    """The invoices' periods that `by` interrupts or comes before, moved by `months`: their time is not lost. Negative `months`
    move them up again, when `by` was taken back. Changes the rows in memory."""
    found = []
    for period in periods:
        follows = period.begins_at >= by.begins_at
        if (
            period.by_invoice
            and period.pk != by.pk
            and period.taken_back_at is None
            and period.ends_at > by.begins_at
            and period.plan.rank <= by.plan.rank
        ):
            period.ends_at = months_after(period.ends_at, months)
            if follows:
                period.begins_at = months_after(period.begins_at, months)
            found.append(period)
    return found
