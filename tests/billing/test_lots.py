"""Lots, as tables: what each brought, should have brought, and what is posted; without a database.

The cases of `bring` are those of the table in docs/explanation/ledger.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from billing import upgrades
from billing.changes import PlanChanges
from billing.lots import Lot, Postings, bring, entitlement, read
from billing.models import Entry, PaidPeriod, Payment, Plan, PlanSeen, Refund, Subscription
from billing.months import months_after
from billing.periods import lay_out

D = Decimal
NOW = datetime(2026, 6, 1, tzinfo=UTC)  # June has 30 days
DAY = timedelta(days=1)
STARTER = Plan(tier="starter", rank=100, monthly_xct=D(1000), monthly_price_eur=D(29), yearly_price_eur=D(290))
BUSINESS = Plan(tier="business", rank=400, monthly_xct=D(20_000), monthly_price_eur=D(299), yearly_price_eur=D(2990))

# name: (entitled, given, left, expired, owed, lives), (month, top-ups, expires at once)
CASES = {
    "all is paid, some spent": ((1000, 1000, 600, 0, 0, True), (0, 0, 0)),
    "the money went back, nothing was spent": ((0, 1000, 1000, 0, 0, True), (-1000, 0, 0)),
    "the money went back, 400 were spent": ((0, 1000, 600, 0, 0, True), (-600, -400, 0)),
    "it went back after the month, 400 were spent": ((0, 1000, 0, 600, 0, False), (0, -400, 0)),
    "half of it went back after the month, 400 were spent": ((500, 1000, 0, 600, 0, False), (0, 0, 0)),
    "it went back and came again": ((1000, 0, 0, 0, 400, True), (600, 400, 0)),
    "it came again after the month": ((1000, 600, 0, 600, 400, False), (0, 400, 0)),
    "nine tenths came again after the month, 800 were spent": ((900, 200, 0, 200, 800, False), (0, 800, 0)),
    "half of it went back": ((500, 1000, 1000, 0, 0, True), (-500, 0, 0)),
    "an upgrade": ((10_500, 1000, 0, 0, 0, True), (9500, 0, 0)),
    "an upgrade that was paid after the month": ((10_500, 1000, 0, 0, 0, False), (9500, 0, 9500)),
    "an upgrade that nobody paid, 4000 were spent": ((1000, 13_700, 9700, 0, 0, True), (-9700, -3000, 0)),
    "it was paid at last": ((13_700, 1000, 0, 0, 3000, True), (9700, 3000, 0)),
    "changed to another period after a fifth": ((200, 1000, 1000, 0, 0, True), (-800, 0, 0)),
    "changed to another period, all was spent": ((200, 1000, 0, 0, 0, True), (0, -800, 0)),
    "that period's money went back": ((1000, 200, 0, 0, 800, True), (0, 800, 0)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_lot_is_brought_to_what_was_paid(name):
    (entitled, given, left, expired, owed, lives), wanted = CASES[name]
    lot = Lot("key", given=D(given), left=D(left), expired=D(expired), owed=D(owed))
    assert bring(lot, D(entitled), lives=lives) == Postings(*(D(amount) for amount in wanted))


@pytest.mark.parametrize(("months", "xct"), [(1, 5000 + 15_000 * 2 / 31), (2, 5000 + 15_000 * 2 / 30)])
def test_an_upgrade_of_a_year_counts_by_the_month_that_it_is_in(months, xct):
    """A year from 31 January had its third month end on 28 March, and the upgrade of the 29th brought nothing."""
    year = PaidPeriod(
        key="payment:dodo:1",
        plan=Plan(tier="professional", rank=300, monthly_xct=D(5000)),
        billing_period="yearly",
        begins_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        ends_at=datetime(2027, 1, 31, 12, tzinfo=UTC),
        allotment=D(5000),
    )
    ends = months_after(year.begins_at, months + 1)
    seen = PlanSeen(plan=BUSINESS, at=ends - 2 * DAY)
    made = upgrades.Upgrade(seen, year.plan, None, in_force=True)
    brought = entitlement(year, D(1), [made], months_after(year.begins_at, months))
    assert abs(brought - D(xct)) < 1


def test_the_table_in_the_documentation_has_these_cases():
    text = (Path(__file__).resolve().parents[2] / "docs/explanation/ledger.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (\S+) \| (\S+) \| (\S+) \|$", text, re.MULTILINE)
    amounts = {name: [one.replace("−", "-") for one in rest] for name, *rest in rows if rest[0][-1].isdigit()}
    shown = {name: tuple(int(one) for one in rest) for name, rest in amounts.items()}
    assert shown == {name: wanted for name, (_, wanted) in CASES.items()}


def period(plan, start, payer=None, *, months=1, **fields):
    at = NOW + start * DAY
    fields = {"kept": D(1), "price_minor": plan.price_minor("yearly" if months == 12 else "monthly"), **fields}
    return PaidPeriod(
        key=f"{'payment:dodo' if payer else 'invoice'}:{uuid4()}",
        plan=plan,
        billing_period="yearly" if months == 12 else "monthly",
        begins_at=at,
        paid_at=at,
        ends_at=months_after(at, months),
        subscription=payer,
        allotment=plan.monthly_xct,
        **fields,
    )


def payer(plan=STARTER, period="monthly"):
    return Subscription(provider="dodo", external_id=str(uuid4()), plan=plan, status="active", billing_period=period)


def kept_with(payment, refund):
    payment.__dict__["_prefetched_objects_cache"] = {"refunds": [refund] if refund else []}


def payment(card, at, cents, *, key="", refund=None):
    """A payment: of the period of this key, or for a change of plan."""
    made = Payment(
        provider="dodo",
        external_id=key.rpartition(":")[2] or str(uuid4()),
        subscription=card,
        kind="first" if key else "plan_change",
        paid_at=at,
        amount_minor=cents,
        worth_minor=None if key else cents,
    )
    kept_with(made, refund)
    return made


def seen(card, plan, at, billing_period="monthly"):
    return PlanSeen(subscription=card, plan=plan, at=at, billing_period=billing_period)


def changed(base, plan, months, cents, *, back=None):
    """A day after it began the period was changed to another billing period: what was bought, and the changes."""
    card, at = base.subscription, NOW + DAY
    made = payment(card, at, cents, refund=back and Refund(amount_minor=None, refunded_at=back))
    row = seen(card, plan, at, "yearly" if months == 12 else "monthly")
    first = payment(card, base.bought_at, base.price_minor, key=base.key)
    if base.kept < 1:
        first.__dict__["_prefetched_objects_cache"] = {
            "refunds": [Refund(amount_minor=int(base.price_minor * (1 - base.kept)), refunded_at=NOW + 2 * DAY)]
        }
    found = PlanChanges([base], [row], [first, made], {base.key})
    return next((one for one in found.periods if one is not base), None), found


@pytest.mark.parametrize("hours", [0, 1, 12, 360, 719])
@pytest.mark.parametrize("returned", [False, True])
def test_an_upgrade_brings_its_part_of_the_month_by_the_second(hours, returned):
    card = payer(BUSINESS)
    base, at = period(STARTER, 0, card), NOW + timedelta(hours=hours)
    cents = 27_000 * (720 - hours) // 1440 * 2
    back = Refund(amount_minor=cents // 2, refunded_at=at) if returned else None
    paid = payment(card, at, cents, refund=back)
    made = upgrades.find(PlanChanges([base], [seen(card, BUSINESS, at)], [paid], {base.key}), base, at)
    more = D(19_000) * (720 - hours) / 720 * (D("0.5") if returned else 1)
    assert abs(entitlement(base, D(1), made, NOW) - (1000 + more)) <= D("0.0001")


def test_a_change_of_period_takes_the_rest_of_the_month_into_its_price():
    base = period(BUSINESS, 0, payer(BUSINESS))
    bought, changes = changed(base, BUSINESS, 12, 270_100)
    assert (base.changed_to, base.over_at) == (bought, bought.begins_at)
    assert abs(entitlement(base, D(1), (), NOW) - D(20_000 / 30)) < D("0.001")
    assert entitlement(bought, changes.share(bought), (), bought.begins_at) == 20_000


@pytest.mark.parametrize("cents", [0, 100_000, 265_000])
def test_a_change_that_its_payment_is_not_enough_for_buys_nothing(cents):
    base = period(BUSINESS, 0, payer(BUSINESS))
    bought, changes = changed(base, BUSINESS, 12, cents)
    assert (bought, changes.prices, base.changed_to) == (None, {}, None)


def test_a_change_whose_own_money_went_back_leaves_the_month_as_it_was():
    base = period(BUSINESS, 0, payer(BUSINESS))
    bought, changes = changed(base, BUSINESS, 12, 270_100, back=NOW + 2 * DAY)
    assert (bought.kept, bought.taken_back_at, base.changed_to) == (0, NOW + 2 * DAY, None)
    assert entitlement(base, D(1), (), NOW) == 20_000
    assert upgrades.find(changes, base, NOW + 2 * DAY) == []


@pytest.mark.parametrize(
    ("kept", "share", "holds"), [("1", 1, True), ("0.5", D(155) / 299, True), ("0", D(11) / 299, False)]
)
def test_a_change_shrinks_with_the_money_of_its_credit(kept, share, holds):
    """With less than half of its money it brings no plan."""
    base = period(STARTER, 0, payer(), months=12, kept=D(kept))
    base.taken_back_at = None if base.kept else NOW + 2 * DAY
    bought, changes = changed(base, BUSINESS, 1, 1100)
    assert abs(changes.share(bought) - share) < D("0.003")  # a day of the year was used
    assert (bought.pk in changes.holding) is holds


def test_charges_within_a_period_buy_the_time_after_it():
    card = payer()
    rows = [period(STARTER, 0, card), period(STARTER, 2, card), period(STARTER, 2.001, card), period(STARTER, 28, card)]
    for order in (rows, rows[::-1]):
        lay_out(order, (), {rows[0].key})
        assert [row.begins_at for row in rows] == [months_after(NOW, n) for n in range(4)]
    rows[1].taken_back_at = NOW + 3 * DAY
    lay_out(rows, (), {rows[0].key})
    assert (rows[2].begins_at, rows[3].begins_at) == (months_after(NOW, 1), months_after(NOW, 2))
    rows[0].taken_back_at = NOW + 3 * DAY
    lay_out(rows, (), {rows[0].key})
    assert rows[2].begins_at == NOW + 3 * DAY, "the first charge's time was used until its money went back"


def test_months_of_who_began_on_the_31st_end_by_that_day_again():
    """From 28 February it was a month to 28 March, though the provider charges on the 31st."""
    card = payer()
    days = [datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31))]
    rows = [period(STARTER, (at - NOW + timedelta(hours=late)) / DAY, card) for late, at in enumerate(days[:4])]
    for order in (rows, rows[::-1], rows):
        lay_out(order, (), {rows[0].key})
        ends = [row.ends_at - at for row, at in zip(rows, days[1:], strict=True)]
        assert all(timedelta(0) <= late < timedelta(hours=4) for late in ends)
    lay_out(rows, {rows[1].key}, {rows[0].key})
    assert rows[1].ends_at == months_after(rows[1].begins_at, 1), "a change begins to count anew"


def test_a_renewal_shortly_before_the_end_begins_with_it():
    """It ended the month at once, whose XCT did not come back with its money."""
    card = payer()
    rows = [period(STARTER, 0, card), period(STARTER, 28, card)]
    lay_out(rows, (), {rows[0].key})
    assert (rows[1].begins_at, rows[0].until) == (rows[0].ends_at, rows[0].ends_at)


def test_an_invoices_period_waits_for_what_is_as_good_and_goes_on_after_what_interrupts_it():
    less, better = period(STARTER, 0, months=12), period(BUSINESS, 10)
    ends = less.ends_at
    lay_out([less, better], (), {less.key})
    assert (better.begins_at, less.ends_at) == (better.paid_at, months_after(ends, 1))
    better.taken_back_at = better.paid_at
    lay_out([less, better], (), {less.key, better.key})
    assert less.ends_at == ends
    waits = period(STARTER, 20)
    lay_out([waits, less, better], (), {less.key, better.key})
    assert waits.begins_at == ends


def test_two_better_ones_at_once_interrupt_an_invoices_period_once():
    less, one, two = period(STARTER, 0, months=12), period(BUSINESS, 10, payer()), period(BUSINESS, 20, payer())
    lay_out([less, one, two], (), {less.key})
    assert months_after(NOW, 13) < less.ends_at <= months_after(NOW, 12) + (two.ends_at - one.begins_at) + DAY


def test_a_card_beside_leaves_no_gap_between_two_invoices():
    business, year = period(BUSINESS, 1), period(STARTER, 1.1, months=12)
    card = period(STARTER, 0, payer())
    lay_out([business, year, card], (), {business.key, card.key})
    assert year.begins_at == business.ends_at


def entry(kind, amount, key="", bucket="subscription", name=""):
    return Entry(transaction_type=kind, amount=D(amount), cycle_key=key, balance_type=bucket, key=name or str(uuid4()))


def test_xct_are_spent_from_the_lot_that_ends_first_and_the_sum_is_the_balance():
    ends = {"a": NOW + 20 * DAY, "b": NOW + 5 * DAY}
    entries = [
        entry("grant", 1000, "a"),
        entry("usage", -100, "a"),
        entry("grant", 500, "b"),
        entry("usage", -300, "a"),
        entry("usage", -300, "b"),
        entry("refund", -250, "a"),
        entry("refund", -50, "a", "topup"),
        entry("expiry", -300, "b"),
    ]
    lots = read(entries, ends, {})
    assert (lots["a"].left, lots["b"].left) == (250, 0)
    assert (lots["a"].given, lots["a"].owed, lots["a"].expired) == (700, 50, 300)
    assert sum(lot.left for lot in lots.values()) == sum(one.amount for one in entries if one.balance_type != "topup")


def test_entries_of_the_version_before_are_found_by_what_they_name():
    owners = {"refund:dodo:ref_1": "payment:dodo:pay_1", "refund:dodo:credit-7": "payment:dodo:pay_2"}
    entries = [
        entry("topup", 500, "registration", "topup", "payment:dodo:pay_1"),
        entry("refund", -500, "registration", "topup", "refund:dodo:ref_1:topup"),
        entry("refund", -30, "other", "topup", "refund:dodo:credit-7:12:topup"),
        entry("refund", -40, "other", "topup", "upgrade:payment:dodo:pay_2:9:topup"),
        entry("refund", -20, "other", "topup", "credit:9d:topup"),
    ]
    lots = read(entries, {}, owners)
    assert {key: lot.given for key, lot in lots.items() if key} == {
        "payment:dodo:pay_1": 0,
        "payment:dodo:pay_2": -70,
        "invoice:9d": -20,
    }
