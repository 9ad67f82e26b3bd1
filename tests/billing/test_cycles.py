"""Cycles by beat: late, twice, across month ends, for yearly plans and with pending changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from billing import cycles, holds, ledger, notices, settlement, tasks
from billing.models import Cycle, Entry, Plan, Wallet
from billing.months import months_after, months_between
from tests.billing import books
from tests.factories import make_organization

D = Decimal


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def organization(db):
    return make_organization()


def begin(organization, tier, when, **more):
    return cycles.start(
        organization=organization,
        key=f"begin:{when:%Y%m%d}",
        source="staff",
        plan=Plan.objects.get(pk=tier),
        at=when,
        now=when,
        **more,
    )


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_are_counted_from_the_plans_start(anchor, months, expected):
    assert months_after(at(anchor), months) == at(expected)
    assert months_between(at(anchor), at(expected)) == months
    assert months_between(at(anchor), at(expected) - timedelta(seconds=1)) == months - 1


def test_each_month_starts_once_however_often_beat_comes(organization):
    begin(organization, "starter", at("2026-01-31"))
    for day in ("2026-02-27", "2026-02-28", "2026-02-28", "2026-03-01", "2026-03-30", "2026-03-31", "2026-04-29"):
        settlement.roll_over(organization, now=at(day))
    months = Cycle.objects.of(organization).filter(source="month").order_by("started_at")
    assert [cycle.started_at.date().isoformat() for cycle in months] == ["2026-02-28", "2026-03-31"]
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.next_cycle_at) == (1000, at("2026-04-30"))


def test_a_beat_that_comes_months_late_starts_the_present_month_alone(organization):
    begin(organization, "starter", at("2026-01-10"))
    assert settlement.roll_over(organization, now=at("2026-05-20")).started_at == at("2026-05-10")
    assert settlement.roll_over(organization, now=at("2026-05-20")) is None
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.next_cycle_at) == (1000, at("2026-06-10"))
    grants = Entry.objects.filter(organization=organization, transaction_type="grant")
    assert grants.count() == 3  # registration, the plan's start, May


def test_unused_xct_of_the_plan_expire_and_topups_stay(organization):
    from billing import corrections

    begin(organization, "starter", at("2026-01-10"))
    corrections.topup(organization=organization, amount=D(70), by=None)
    hold = holds.place(organization=organization, amount=D(400), key="work")
    holds.capture(hold=hold, amount=D(400), key="item")
    settlement.roll_over(organization, now=at("2026-02-10"))
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.topup_balance) == (1000, 70)
    expiries = Entry.objects.filter(organization=organization, transaction_type="expiry")
    assert sorted(entry.amount for entry in expiries) == [D(-600), D(-50)]


def test_a_years_plan_has_twelve_months_and_then_waits_for_its_payment(organization):
    start = at("2026-01-31")
    begin(organization, "starter", start, paid_until=months_after(start, 12), billing_period="yearly")
    days = [start + timedelta(days=n) for n in range(450)]
    started = [cycle for day in days if (cycle := settlement.roll_over(organization, now=day))]
    assert len(started) == 11
    assert books.check(organization).next_cycle_at is None


def test_a_beat_that_slept_past_the_paid_time_starts_nothing(organization):
    start = at("2026-01-31")
    begin(organization, "starter", start, paid_until=months_after(start, 12), billing_period="yearly")
    assert settlement.roll_over(organization, now=at("2027-02-05")) is None
    wallet = books.check(organization)
    assert (wallet.plan_id, wallet.next_cycle_at) == ("starter", None)


def test_a_beat_that_slept_past_the_time_of_grace_starts_the_free_plan(organization):
    start = at("2026-01-31")
    begin(organization, "starter", start, paid_until=months_after(start, 12), billing_period="yearly")
    cycle = settlement.roll_over(organization, now=at("2027-03-05"))
    assert (cycle.source, cycle.plan_id) == ("plan_end", "free")
    assert books.check(organization).subscription_balance == 50


def test_a_plan_set_by_staff_for_the_next_cycle_comes_with_it(organization):
    from billing import corrections

    begin(organization, "starter", at("2026-01-10"))
    corrections.change_plan(organization=organization, plan=Plan.objects.get(pk="business"), by=None)
    assert books.check(organization).subscription_balance == 1000
    settlement.roll_over(organization, now=at("2026-02-10"))
    assert books.check(organization).subscription_balance == 20_000


def test_beat_rolls_every_due_organization_though_one_fails(organization):
    other = make_organization()
    past = datetime.now(UTC) - timedelta(days=40)
    Wallet.objects.filter(organization__in=(organization, other)).update(cycle_anchor=past, next_cycle_at=past)
    with transaction.atomic(), ledger.book(organization) as book:  # its cycle's key is taken: starting it must fail
        book.post("topup", D(1), "topup", key=f"grant:month:{past:%Y%m%dT%H%M%S}:1")
    tasks.start_cycles()
    tasks.start_cycles()
    assert Cycle.objects.of(other).filter(source="month").count() == 1
    assert not Cycle.objects.of(organization).filter(source="month").exists()
    books.check(organization)


def test_ten_beats_at_once_start_one_cycle(committed, at_once):
    organization = make_organization()
    begin(organization, "starter", at("2026-01-10"))
    started = at_once(lambda _: settlement.roll_over(organization, now=at("2026-02-11")), range(10))
    assert sum(cycle is not None for cycle in started) == 1
    assert books.check(organization).subscription_balance == 1000


def test_low_balance_is_told_at_20_percent_and_at_nothing_once_per_cycle(cast):
    def told():
        found = cast.owner.notifications.filter(notification_type="low_balance").order_by("created_at")
        return [row.data["percent"] for row in found]

    def spend(amount, key):
        hold = holds.place(organization=cast.organization, amount=D(amount), key=f"hold:{key}")
        holds.capture(hold=hold, amount=D(amount), key=key)

    spend("39.9999", "a")
    assert told() == []
    spend("0.0001", "b")
    spend("5", "c")
    assert told() == [20]
    spend("5", "d")
    assert told() == [20, 0]
    assert not cast.teammate.notifications.filter(notification_type="low_balance").exists()  # for admins
    cycles.reset_today(organization=cast.organization, by=None)
    spend("45", "e")
    assert told() == [20, 0, 20]
    notices.after_spending(Wallet.objects.get(organization=cast.organization))
    assert told() == [20, 0, 20]
