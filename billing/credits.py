"""Payments that a provider's credit made: what a change of plan leaves of the money pays renewals and later changes.

Where the money that the credit came from goes back, so does what it paid, the last first. Which money that was follows
from the periods, whatever the order in which they were told. Nothing here reads or writes a row;
docs/explanation/ledger.md has the rules.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from billing.models import PaidPeriod, Payment
from billing.upgrades import ENOUGH

if TYPE_CHECKING:
    from billing.changes import PlanChanges

ZERO = Decimal(0)
#: A time before anything went back.
BEFORE = datetime.min.replace(tzinfo=UTC)


def forget(changes: "PlanChanges") -> None:
    """Let periods that a credit paid follow their own payment alone, as if all that is behind it were there."""
    for period in changes.periods:
        payment = changes.payments.get(period.key)
        if payment is not None and payment.credit_net:
            period.follow(payment)
            period.lost_at = changes.lost_at(period) if 0 < payment.kept_of_price < ENOUGH else None


def follow(changes: "PlanChanges") -> bool:
    """Note with each payment what of its credit went back, and let the periods follow; whether any did."""
    behind, found = _behind_all(changes), False
    for base in sorted(filter(None, behind), key=lambda period: period.begins_at):
        found = _take_back(changes, base, behind[base]) or found
    return found


def find_uncovered(changes: "PlanChanges") -> Iterator[tuple[Payment, Decimal, int]]:
    """Payments with more credit than was left of the money behind it: the last one of each, what was left at most, and
    the credit of all, in minor units before tax."""
    for base, made in _behind_all(changes).items():
        most, credit = _most(changes, base) if base else ZERO, sum(one.credit_net for one in made)
        if credit > most:
            yield made[-1], most, credit


def _most(changes: "PlanChanges", base: PaidPeriod) -> Decimal:
    if (after := base.changed_to) is None:
        return changes.there(base, BEFORE) + sum(one.net_minor for _, one in changes.steps(base, BEFORE))
    rest = changes.rest(base, after.begins_at, BEFORE, leeway=timedelta(days=1), returned=True)
    return max(ZERO, rest - _price_after(changes, after))


def _behind_all(changes: "PlanChanges") -> dict[PaidPeriod | None, list[Payment]]:
    """The payments that a credit made, in time, by the period whose money it is of."""
    behind: dict[PaidPeriod | None, list[Payment]] = {}
    made = (one for one in changes.payments.values() if one.credit_net and one.subscription_id)
    for payment in sorted(made, key=lambda one: (one.paid_at, one.external_id)):
        behind.setdefault(_behind(changes, payment), []).append(payment)
    return behind


def _behind(changes: "PlanChanges", payment: Payment) -> PaidPeriod | None:
    """The period whose money the credit of a payment is of: the last one before it that more than a credit has paid.
    Who pays anything has used up his credit."""

    def is_paid(period: PaidPeriod) -> bool:
        its = changes.payments.get(period.key)
        return its is not None and its.paid_at < payment.paid_at and its.net_minor > its.credit_net

    same = (one for one in changes.periods if one.subscription_id == payment.subscription_id and is_paid(one))
    return max(same, key=lambda one: one.begins_at, default=None)


def _take_back(changes: "PlanChanges", base: PaidPeriod, made: list[Payment]) -> bool:
    after = base.changed_to

    def left(at: datetime) -> Decimal:
        return changes.there(base, at) if after is None else changes.rest(base, after.begins_at, at, returned=True)

    whole, changed = left(BEFORE), False
    # What the provider has credited was there, however it counts.
    credit = max(whole - _price_after(changes, after), Decimal(sum(one.credit_net for one in made)))
    back: dict[Payment, list[tuple[datetime, Decimal]]] = {one: [] for one in made}
    times = changes.refunded_at(base).union(*(one.returned_at for _, one in changes.steps(base, BEFORE)))
    for at in sorted(times):
        there = max(ZERO, credit - (whole - left(at)))
        for payment in made:
            its = min(there, Decimal(payment.credit_net))
            back[payment].append((at, payment.credit_net - its))
            there -= its
    changes.counted.clear()
    for payment in made:
        payment.credit_back = tuple(back[payment])
        if any(gone for _, gone in payment.credit_back):
            changed = True
            for period in changes.periods:
                if period.key == payment.cycle_key:
                    period.follow(payment)
                    period.lost_at = changes.lost_at(period)
    return changed


def _price_after(changes: "PlanChanges", after: PaidPeriod | None) -> int:
    """What the change itself cost beside what was paid for it: that much of the rest it took."""
    if after is None or after.key not in changes.payments:
        return 0
    price = after.price_minor or after.plan.price_minor(after.billing_period) or 0
    return max(0, price - changes.payments[after.key].net_minor)
