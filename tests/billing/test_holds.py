"""Holds: the quoted maximum is set aside, what was usable is captured, the rest comes back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from billing import cycles, holds, ledger
from billing.errors import InsufficientXCT
from billing.models import Entry, Hold, Wallet
from scribe.errors import Conflict
from tests.billing import books
from tests.factories import make_organization

D = Decimal


@pytest.fixture
def organization(db):
    return make_organization()


def topup(organization, amount, key="test-topup"):
    with transaction.atomic(), ledger.book(organization) as book:
        book.post("topup", D(amount), "topup", key=key)


def test_a_new_organization_has_50_xct(organization):
    wallet = books.check(organization)
    assert wallet.total_balance == wallet.available == D(50)
    assert wallet.plan_id == "free"


def test_a_hold_takes_from_what_is_available_and_closing_gives_it_back(organization):
    hold = holds.place(organization=organization, amount=D("12.5"), key="a")
    assert books.check(organization).available == D("37.5")
    assert holds.close(hold=hold) == D("12.5")
    assert holds.close(hold=hold) == 0
    assert books.check(organization).available == D(50)


def test_the_same_key_returns_the_first_hold(organization):
    first = holds.place(organization=organization, amount=D(30), key="a")
    assert holds.place(organization=organization, amount=D(30), key="a").pk == first.pk
    assert books.check(organization).held == D(30)


def test_more_than_is_available_is_refused_with_what_is_there(organization):
    holds.place(organization=organization, amount=D(30), key="a")
    with pytest.raises(InsufficientXCT) as refused:
        holds.place(organization=organization, amount=D("20.0001"), key="b")
    assert (refused.value.status, refused.value.code) == (402, "insufficient_xct")
    assert refused.value.extra == {"required": "20.0001", "available": "20.0000"}


def test_captures_draw_subscription_then_topup_one_entry_per_bucket(organization):
    topup(organization, 10)
    hold = holds.place(organization=organization, amount=D(60), key="a")
    holds.capture(hold=hold, amount=D(55), key="item", release=D(60))
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.topup_balance, wallet.held) == (0, 5, 0)
    used = Entry.objects.filter(organization=organization, transaction_type="usage")
    assert {(e.key, e.amount) for e in used} == {("item:subscription", D(-50)), ("item:topup", D(-5))}


def test_overage_is_drawn_last_and_only_up_to_a_months_allotment(organization):
    Wallet.objects.filter(organization=organization).update(overage_enabled=True, plan="starter")
    with pytest.raises(InsufficientXCT):
        holds.place(organization=organization, amount=D("100.0001"), key="too much")
    hold = holds.place(organization=organization, amount=D(100), key="a")
    holds.capture(hold=hold, amount=D(80), key="item", release=D(100))
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.overage_owed) == (0, 30)
    assert wallet.total_balance == D(-30)
    assert wallet.available == D(20)


def test_many_captures_cost_a_constant_number_of_statements(organization, django_assert_max_num_queries):
    topup(organization, 1000)
    hold = holds.place(organization=organization, amount=D(600), key="a")
    work = [holds.Capture(f"item:{n}", D("1.5"), D(2), "text") for n in range(300)]
    with django_assert_max_num_queries(14):
        holds.capture_many(hold=hold, captures=work)
    wallet = books.check(organization)
    assert wallet.total_balance == D(1050) - D("1.5") * 300
    assert wallet.held == 0


def test_a_key_is_charged_once_even_at_no_cost(organization):
    hold = holds.place(organization=organization, amount=D(10), key="a")
    for _ in range(3):
        holds.capture(hold=hold, amount=D(2), key="paid", release=D(4))
        holds.capture(hold=hold, amount=D(0), key="unusable", release=D(4))
    wallet = books.check(organization)
    assert (wallet.held, wallet.total_balance) == (2, 48)


def test_the_bill_never_exceeds_the_hold(organization):
    hold = holds.place(organization=organization, amount=D(10), key="a")
    with pytest.raises(Conflict, match="hold has left"):
        holds.capture(hold=hold, amount=D("10.0001"), key="item")
    assert books.check(organization).total_balance == D(50)


def test_a_cycles_end_keeps_what_an_open_hold_needs_and_expires_the_rest_when_it_closes(organization):
    hold = holds.place(organization=organization, amount=D(20), key="a")
    cycles.reset_today(organization=organization, by=None)
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.expiring, wallet.available) == (70, 20, 50)
    holds.capture(hold=hold, amount=D(5), key="item", release=D(12))
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.expiring, wallet.held) == (58, 8, 8)
    holds.close(hold=hold)
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.expiring, wallet.held) == (50, 0, 0)


def test_new_work_cannot_spend_what_is_kept_for_older_holds(organization):
    topup(organization, 10)
    old = holds.place(organization=organization, amount=D(20), key="old")
    cycles.reset_today(organization=organization, by=None)
    with pytest.raises(InsufficientXCT):
        holds.place(organization=organization, amount=D("60.0001"), key="too much")
    new = holds.place(organization=organization, amount=D(60), key="new")
    holds.capture(hold=new, amount=D(60), key="new item")
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.topup_balance, wallet.expiring) == (20, 0, 20)
    holds.capture(hold=old, amount=D(20), key="old item")
    assert books.check(organization).total_balance == 0


def test_the_sweep_closes_holds_of_ended_jobs(organization):
    from scribe.jobs.models import Job

    job = Job.objects.create(organization=organization, job_type="generation", status="running")
    holds.place(organization=organization, amount=D(10), key="a", job=job)
    assert holds.sweep() == 0
    Job.objects.filter(pk=job.pk).update(status="failed")
    assert holds.sweep() == 1
    assert books.check(organization).held == 0


def test_200_parallel_holds_on_50_xct_grant_exactly_what_fits(committed, at_once):
    organization = make_organization()

    def place(number):
        return holds.place(organization=organization, amount=D("0.7"), key=f"hold:{number}")

    placed = at_once(place, range(200), threads=24)
    granted = [hold for hold in placed if isinstance(hold, Hold)]
    refused = [error for error in placed if isinstance(error, InsufficientXCT)]
    assert len(granted) == 71  # 71 × 0.7 = 49.7
    assert len(granted) + len(refused) == 200
    wallet = books.check(organization)
    assert (wallet.held, wallet.available) == (D("49.7"), D("0.3"))


def test_captures_in_parallel_charge_each_piece_once(committed, at_once):
    organization = make_organization()
    hold = holds.place(organization=organization, amount=D(40), key="work")
    work = [number % 40 for number in range(120)]  # each piece three times

    at_once(lambda n: holds.capture(hold=hold, amount=D("0.5"), key=f"item:{n}", release=D(1)), work, threads=16)
    wallet = books.check(organization)
    assert (wallet.total_balance, wallet.held) == (D(30), 0)
