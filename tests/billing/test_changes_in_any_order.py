"""Changes of plan, their payments and what went back, drawn at random and read in any order: the same follows, and no
plan is there that the money does not carry. No database: nothing is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import upgrades
from billing.changes import DAY, PlanChanges
from billing.decisions import PlanFacts, decide
from billing.models import PaidPeriod, Payment, Plan, PlanSeen, Refund, Subscription, Wallet
from billing.months import months_after

D = Decimal
NOW = datetime(2026, 6, 15, tzinfo=UTC)
PLANS = [
    Plan(tier=tier, rank=rank, monthly_xct=D(xct), monthly_price_eur=D(eur), yearly_price_eur=D(eur * 10))
    for tier, rank, xct, eur in (
        ("starter", 100, 1000, 29),
        ("professional", 200, 5000, 99),
        ("business", 300, 20_000, 299),
    )
]
PERIODS = ("monthly", "yearly")
#: Which plan and period, when (hours after the first payment), what is paid for it, in hundredths of its price less
#: what was left, and whether it is charged again.
changes = st.tuples(
    st.sampled_from(PLANS),
    st.sampled_from(PERIODS),
    st.integers(1, 400),
    st.sampled_from((0, 10, 50, 99, 100, 100, 100)),
    st.sampled_from((False, False, True)),
)
#: What goes back: of which payment, when, and how many hundredths of it.
returns = st.tuples(st.integers(0, 5), st.integers(1, 420), st.sampled_from((10, 50, 60, 99, 100)))


class Told:
    def __init__(self, plan, billing_period, made, gone, renewals=()):
        self.card = Subscription(
            provider="dodo", external_id="sub", plan=plan, status="active", billing_period=billing_period
        )
        self.start = NOW - timedelta(hours=430)
        self.first = self._payment("base", plan.price_minor(billing_period), 0, kind="first")
        self.plan, self.period = plan, billing_period
        self.payments, self.seen, self.returned = [self.first], [], []
        before, since, months = plan, self.start, 12 if billing_period == "yearly" else 1
        for number, (wanted, period, hours, part, twice) in enumerate(sorted(made, key=lambda one: one[2])):
            at = self.start + timedelta(hours=hours)
            self.seen.append(PlanSeen(subscription=self.card, plan=wanted, billing_period=period, at=at))
            whole, was = months_after(since, months) - since, PERIODS[months > 1]
            left = max(0, (since + whole - at) / whole)
            price = wanted.price_minor(period) - before.price_minor(was) * (left if period != was else 1)
            price = max(0, int(price * (left if period == was else 1)))
            for again in range(1 + twice):
                self.payments.append(self._payment(f"change_{number}_{again}", price * part // 100, hours + again))
            before = wanted
            if period != was:
                since, months = at, 12 if period == "yearly" else 1
        for number, hours in enumerate(renewals):
            cents = plan.price_minor(billing_period)
            self.payments.append(self._payment(f"renewal_{number}", cents, hours, kind="renewal"))
        for number, (which, hours, part) in enumerate(gone):
            if which < len(self.payments):
                self._give_back(self.payments[which], number, hours, part)

    def _payment(self, name, cents, hours, *, kind="plan_change"):
        at = self.start + timedelta(hours=hours)
        fields = {"amount_minor": cents, "worth_minor": cents, "paid_at": at, "kind": kind}
        made = Payment(provider="dodo", external_id=name, subscription=self.card, status="succeeded", **fields)
        made.__dict__["_prefetched_objects_cache"] = {"refunds": []}
        return made

    def _give_back(self, payment, number, hours, part):
        at, cents = self.start + timedelta(hours=hours), payment.amount_minor * part // 100
        row = Refund(external_id=f"back_{number}", amount_minor=cents, refunded_at=at, chargeback=False, reverses=False)
        self.returned.append((payment, row))

    def _period(self, payment):
        return PaidPeriod(
            key=payment.cycle_key,
            plan=self.plan,
            billing_period=self.period,
            begins_at=payment.paid_at,
            paid_at=payment.paid_at,
            ends_at=months_after(payment.paid_at, 12 if self.period == "yearly" else 1),
            subscription=self.card,
            allotment=self.plan.monthly_xct,
            price_minor=payment.amount_minor,
        )

    def read_one_by_one(self, order):
        """What follows when it is told one after the other, and each time what followed is stored."""
        facts = [*self.seen, *self.payments[1:], *self.returned]
        rows, seen, paid, waits = {}, [], [], []
        for fact in (self.first, *order.sample(facts, len(facts))):
            if isinstance(fact, PlanSeen):
                seen.append(fact)
            elif isinstance(fact, Payment):
                paid.append(fact)
                if fact.kind != "plan_change":
                    rows[fact.cycle_key] = self._period(fact)
            else:
                waits.append(fact)
            for payment, refund in [one for one in waits if one[0] in paid]:
                payment.__dict__["_prefetched_objects_cache"]["refunds"].append(refund)
                waits.remove((payment, refund))
            for payment in paid:
                if payment.kind != "plan_change":
                    rows[payment.cycle_key].follow(payment)
            for row in rows.values():
                row.over_at = row.changed_to = row.lost_at = None
            found = PlanChanges(list(rows.values()), seen, paid)
            rows |= {row.key: row for row in found.periods}
        return found

    def read(self, order):
        """What follows when its rows are read in this order."""
        for payment, refund in self.returned:
            payment.__dict__["_prefetched_objects_cache"]["refunds"].append(refund)
        rows = [self._period(payment) for payment in self.payments if payment.kind != "plan_change"]
        bought = {payment.cycle_key: payment for payment in self.payments}
        for row in rows:
            row.follow(bought[row.key])
        base = rows[0]
        found = PlanChanges(
            rows, order.sample(self.seen, len(self.seen)), order.sample(self.payments, len(self.payments))
        )
        facts = PlanFacts(
            at=NOW, wallet=Wallet(plan=self.plan, paid_until=NOW), periods=tuple(found.periods), changes=found
        )
        return base, found, decide(facts)


@pytest.mark.thorough
@settings(max_examples=150, deadline=None, database=None)
@given(
    first=st.tuples(st.sampled_from(PLANS), st.sampled_from(PERIODS)),
    made=st.lists(changes, max_size=4, unique_by=lambda one: one[2]),
    gone=st.lists(returns, max_size=4),
    renewals=st.lists(st.integers(1, 420), max_size=2),
)
def test_what_follows_from_changes_is_the_same_in_any_order_and_carried_by_the_money(first, made, gone, renewals):
    stories = [Told(*first, made, gone, renewals) for _ in range(3)]
    told = stories[0]
    readings = [story.read(Random(seed)) for seed, story in enumerate(stories)]
    outcomes = [
        (
            decided.plan and decided.plan.pk,
            found.prices,
            _for_nothing(found),
            sorted(
                (row.key, row.plan_id, row.billing_period, row.begins_at, found.share(row)) for row in found.periods
            ),
        )
        for _, found, decided in readings
    ]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    _, found, decided = readings[0]
    for seed in (1, 2):
        one_by_one = Told(*first, made, gone, renewals).read_one_by_one(Random(seed))
        assert _bought(one_by_one) == _bought(found)
        assert _for_nothing(one_by_one) == _for_nothing(found)
    there = sum((one.net_minor * one.kept for one in told.payments), D(0))
    for row in found.bought.values():
        payment = found.payments[row.key]
        before = next((one for one in found.periods if one.changed_to is row), None)
        rest = found.rest(before, row.begins_at, row.begins_at) if before else 0
        # What it was bought with is its price but for a day of what was left.
        assert row.kept == 0 or payment.net_minor + rest >= row.price_minor - (before.price_minor or 0) / 14 - 1
    # Each part of the money is in one period or upgrade, and counts for the time that it was used.
    used = D(0)
    for row in found.periods:
        whole, until = row.ends_at - row.begins_at, row.changed_to.begins_at if row.changed_to else row.ends_at
        used += found.there(row) * D((until - row.begins_at) / whole)
        for seen, payment in found.steps(row):
            used += payment.net_minor * payment.kept * D(max(0, (until - seen.at) / (row.ends_at - seen.at)))
    assert used <= there + 1
    if decided.plan is not None and decided.base is not None and not _waits(found, decided):
        left = D(
            (decided.base.ends_at - max(decided.base.begins_at, NOW)) / (decided.base.ends_at - decided.base.begins_at)
        )
        price = decided.plan.price_minor(decided.base.billing_period)
        assert price * left <= 2 * there + price * D(DAY / (decided.base.ends_at - decided.base.begins_at)) + 1
    if told.first.kept == 1 and not found.bought:
        assert decided.plan is not None
        assert decided.plan.rank >= told.plan.rank


def _bought(found):
    rows = [
        (row.key, row.plan.pk, row.billing_period, row.begins_at, row.ends_at, found.share(row))
        for row in found.periods
    ]
    return found.prices, sorted(row for row in rows if row[-1])


def _for_nothing(found):
    """What staff are to look at, and what is asked for it."""
    return sorted((one.external_id, found.asked(one)) for one in found.for_nothing)


def _waits(found, decided):
    return any(one.in_force and one.payment is None for one in upgrades.find(found, decided.base, NOW))
