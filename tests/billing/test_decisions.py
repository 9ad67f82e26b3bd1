"""The decision on a plan, as a table: what is known, and what follows. No database: the decision reads nothing.

The cases are those of the table in docs/explanation/ledger.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from billing.changes import PlanChanges
from billing.decisions import PlanFacts, decide
from billing.models import PaidPeriod, Payment, Plan, PlanSeen, Refund, Subscription, Wallet
from billing.months import months_after

NOW = datetime(2026, 6, 15, tzinfo=UTC)
DAY = timedelta(days=1)
FREE = Plan(tier="free", rank=0, monthly_xct=Decimal(50))
STARTER = Plan(
    tier="starter", rank=100, monthly_xct=Decimal(1000), monthly_price_eur=Decimal(29), yearly_price_eur=Decimal(290)
)
BUSINESS = Plan(
    tier="business",
    rank=400,
    monthly_xct=Decimal(20_000),
    monthly_price_eur=Decimal(299),
    yearly_price_eur=Decimal(2990),
)


def subscription(plan: Plan = STARTER, status: str = "active", **fields: Any) -> Subscription:
    return Subscription(provider="dodo", external_id=str(uuid4()), plan=plan, status=status, **fields)


def period(plan: Plan, start: int, payer: Subscription | None, *, yearly: bool = False, kept: str = "1") -> PaidPeriod:
    """A paid month or year from `start` days from now; by invoice without a payer."""
    at = NOW + start * DAY
    return PaidPeriod(
        key=f"{'payment:dodo' if payer else 'invoice'}:{uuid4()}",
        plan=plan,
        billing_period="yearly" if yearly else "monthly",
        begins_at=at,
        ends_at=months_after(at, 12 if yearly else 1),
        subscription=payer,
        kept=Decimal(kept),
        taken_back_at=None if float(kept) else NOW,
    )


def seen(payer: Subscription, plan: Plan, start: float) -> PlanSeen:
    return PlanSeen(subscription=payer, plan=plan, at=NOW + start * DAY, billing_period="monthly")


def proration(payer: Subscription, start: float, *, refunded: bool = False) -> Payment:
    made = Payment(
        provider="dodo",
        external_id=str(uuid4()),
        subscription=payer,
        kind="plan_change",
        paid_at=NOW + start * DAY,
        amount_minor=26_000,
    )
    made._prefetched_objects_cache = {"refunds": [Refund(amount_minor=None)] if refunded else []}
    return made


@dataclass(frozen=True)
class Case:
    plan: str  # the plan decided, "stays" where the wallet is left alone
    periods: tuple[PaidPeriod, ...] = ()
    seen: tuple[PlanSeen, ...] = ()
    prorations: tuple[Payment, ...] = ()
    bank: Subscription | None = None
    set_days_ago: int | None = None
    more: dict[str, Any] = field(default_factory=dict)  # further facts that must follow


a, b, held, gone, early, just = (
    subscription(),
    subscription(BUSINESS),
    subscription(status="on_hold"),
    subscription(status="cancelled", ended_at=NOW - 9 * DAY),
    subscription(status="cancelled", ended_at=NOW - 5 * DAY),
    subscription(status="cancelled", ended_at=NOW - DAY),
)
bank, bank_cancelled = (
    Subscription(provider="bank", plan=STARTER, status="active", cancel_at_period_end=cancelled)
    for cancelled in (False, True)
)
up, behind = subscription(BUSINESS), subscription(BUSINESS, status="past_due")
month = period(STARTER, -10, a)
over = period(STARTER, -40, held)

CASES = {
    "nothing was paid": Case("stays"),
    "a paid period runs": Case("starter", (month,), more={"in_force": True, "paid_until": month.ends_at}),
    "two run, of two plans": Case("business", (month, period(BUSINESS, -3, b))),
    "a renewal was on a smaller plan": Case("starter", (period(BUSINESS, -20, a), month)),
    "the better one was taken back": Case("starter", (month, period(BUSINESS, -3, b, kept="0"))),
    "all was taken back": Case("free", (period(STARTER, -3, a, kept="0"),)),
    "half of its money is there": Case("starter", (period(STARTER, -3, a, kept="0.5"),)),
    "less than half of its money is there": Case("free", (period(STARTER, -3, a, kept="0.49"),)),
    "it is over, the subscription is active": Case("starter", (period(STARTER, -40, a),), more={"in_force": False}),
    "it is over, the subscription is overdue": Case("starter", (over,), more={"overdue_since": over.ends_at}),
    "it is over for 14 days, the subscription is active": Case("free", (period(STARTER, -46, a),), more={"lapsed": True}),
    "it is over, the renewal was taken back": Case("free", (period(STARTER, -40, a), period(STARTER, -9, a, kept="0")), more={"lapsed": False}),
    "it is over, and the subscription has ended": Case("free", (period(STARTER, -40, gone),)),
    "it runs, though the subscription has ended": Case("starter", (period(STARTER, -10, early),), more={"in_force": True}),
    "its last day runs, though the subscription has ended": Case("starter", (period(STARTER, -30, just),), more={"in_force": True}),
    "an invoice for less waits behind it": Case("business", (period(BUSINESS, -9, b), period(STARTER, 21, None)), bank=bank),
    "an invoice for less goes on below it": Case("business", (period(STARTER, -9, None, yearly=True), period(BUSINESS, -3, None)), bank=bank),
    "the better one is over, the other goes on": Case("starter", (period(STARTER, -90, None, yearly=True), period(BUSINESS, -40, None)), bank=bank),
    "an invoice's period is over": Case("starter", (period(STARTER, -40, None),), bank=bank),
    "an invoice's period is over for 14 days": Case("free", (period(STARTER, -46, None),), bank=bank),
    "an invoice's period is over, a better one within it was credited": Case(
        "starter", (period(STARTER, -40, None), period(BUSINESS, -30, None, kept="0")), bank=bank
    ),
    "an invoice's period is over, as asked": Case("free", (period(STARTER, -40, None),), bank=bank_cancelled),
    "staff have set a plan since": Case("stays", (month,), set_days_ago=2),
    "staff had set a plan before": Case("starter", (month,), set_days_ago=12),
    "staff have set a plan, and less was paid for since": Case(
        "business", (period(BUSINESS, -9, b), period(STARTER, -1, None)), bank=bank, set_days_ago=2
    ),
    "upgraded, not paid yet": Case("business", (period(STARTER, -10, up),), (seen(up, BUSINESS, -2),)),
    "upgraded, not paid after 72 hours": Case("starter", (period(STARTER, -10, up),), (seen(up, BUSINESS, -3),)),
    "upgraded, not paid, overdue": Case("starter", (period(STARTER, -10, behind),), (seen(behind, BUSINESS, -2),)),
    "upgraded, not paid, back on the smaller plan": Case("starter", (month,), (seen(a, BUSINESS, -2),)),
    "upgraded and paid": Case("business", (period(STARTER, -10, up),), (seen(up, BUSINESS, -5),), (proration(up, -5),)),
    "upgraded and paid, the money returned": Case(
        "starter", (period(STARTER, -10, up),), (seen(up, BUSINESS, -1),), (proration(up, -1, refunded=True),)
    ),
    "upgraded and paid, the period's money returned": Case(
        "business", (period(STARTER, -10, up, kept="0"),), (seen(up, BUSINESS, -1),), (proration(up, -1),), more={"in_force": True}
    ),
    "upgraded and paid, all money returned": Case(
        "free", (period(STARTER, -10, up, kept="0"),), (seen(up, BUSINESS, -1),), (proration(up, -1, refunded=True),)
    ),
    "upgraded, not paid, a quarter of the period's money is there": Case(
        "free", (period(STARTER, -10, up, kept="0.25"),), (seen(up, BUSINESS, -1),)
    ),
    "upgraded, not paid, the period's money returned": Case("free", (period(STARTER, -10, up, kept="0"),), (seen(up, BUSINESS, -1),)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_plan_follows_from_what_is_known(name):
    case = CASES[name]
    wallet = Wallet(plan=STARTER, paid_until=NOW if case.periods else None)
    if case.set_days_ago is not None:
        wallet.plan_set_at = NOW - case.set_days_ago * DAY
    started = frozenset(period.key for period in case.periods if period.begins_at <= NOW and case.plan != "business")
    known = PlanFacts(
        at=NOW,
        wallet=wallet,
        periods=case.periods,
        started=started,
        changes=PlanChanges(case.periods, case.seen, case.prorations, started),
        bank=case.bank,
    )
    found = decide(known)
    plan = "stays" if found.stays else found.plan.pk if found.plan else "free"
    assert plan == case.plan
    assert {key: getattr(found, key) for key in case.more} == case.more
    # Whatever the order in which the rows are read.
    again = PlanChanges(case.periods[::-1], case.seen[::-1], case.prorations[::-1], started)
    assert decide(replace(known, periods=known.periods[::-1], changes=again)) == found


def test_the_table_in_the_documentation_has_these_cases():
    text = (Path(__file__).resolve().parents[2] / "docs/explanation/ledger.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", text.split("## Which plan")[1].split("\n## ")[0], re.MULTILINE)
    shown = {name: plan for name, plan in rows if name != "what is known" and "---" not in name}
    assert shown == {name: case.plan for name, case in CASES.items()}


def test_a_change_costs_at_least_its_part_of_the_difference():
    base = period(STARTER, -10, a)  # 31 days
    # A day is left to providers' ways of counting.

    def price(plan, at=NOW, billing_period="monthly"):
        row = PlanSeen(subscription=a, plan=plan, at=at, billing_period=billing_period)
        return PlanChanges([base], [row]).price(row, base)

    length = (base.ends_at - base.begins_at) / DAY
    assert price(BUSINESS) == int(27000 * (length - 11) / length)
    year = price(BUSINESS, billing_period="yearly")
    assert 299_000 - 2900 <= year <= 299_000 - 1800
    assert price(STARTER) is None
    hours = length * 24
    at = base.ends_at - timedelta(hours=14)
    assert price(BUSINESS, at) == int(27000 * 7 / hours), "the last day is not free"
    assert price(Plan(tier="enterprise", rank=500)) is None


# (id, when, cents, chargeback, takes a word back or reverses)
KEPT: dict[str, tuple[int, list[tuple[str, int, int | None, bool, bool]]]] = {
    "nothing went back": (3000, []),
    "a part was refunded": (2000, [("r", 1, 1000, False, False)]),
    "all was refunded in parts": (0, [("r", 1, 1000, False, False), ("s", 2, 2500, False, False)]),
    "a refund failed": (3000, [("r", 1, 1000, False, False), ("r:failed", 2, 1000, False, True)]),
    "a refund failed, and came through at last": (2000, [("r", 3, 1000, False, False), ("r:failed", 2, 1000, False, True)]),
    "a refund failed that nobody knew": (3000, [("r:failed", 2, 1000, False, True)]),
    "a dispute was lost": (0, [("d", 1, None, True, False)]),
    "a dispute of a part was lost": (2000, [("d", 1, 1000, True, False)]),
    "a dispute was lost and won": (3000, [("d", 1, None, True, False), ("d:won", 2, None, True, True)]),
    "a dispute was won and lost": (0, [("d", 2, None, True, False), ("d:won", 1, None, True, True)]),
    "a dispute was won beside a refund": (2000, [("r", 1, 1000, False, False), ("d:won", 1, None, True, True)]),
    "one of two disputes was won": (1000, [("d", 1, 1000, True, False), ("e", 1, 2000, True, False), ("d:won", 2, 1000, True, True)]),
    "a chargeback was reversed by its own id and another": (
        3000, [("d", 1, None, True, False), ("d:reversed", 2, None, True, True), ("e", 2, None, True, True)],
    ),
    "a reversal beside a refund": (2000, [("r", 1, 1000, False, False), ("e", 2, None, True, True)]),
    "a reversal was rejected": (0, [("d", 1, None, True, False), ("e", 2, None, True, True), ("e:rejected", 3, None, True, True)]),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_of_each_refund_and_dispute_the_latest_word_counts(name):
    left, words = KEPT[name]
    rows = [
        Refund(external_id=one, refunded_at=NOW + when * DAY, amount_minor=cents, chargeback=dispute, reverses=back)
        for one, when, cents, dispute, back in words
    ]
    for order in (rows, rows[::-1]):
        payment = Payment(amount_minor=3000)
        payment._prefetched_objects_cache = {"refunds": order}
        assert payment.kept == (Decimal(left) / 3000).quantize(Decimal("1e-8"))
