"""Money in a forced order: whoever comes second waits for the wallet, and finds what the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from billing import (
    corrections,
    exchange_rates,
    holds,
    invoices,
    ledger,
    orders,
    provider_events,
    settlement,
    usage,
)
from billing.errors import InsufficientXCT
from billing.models import Checkout, Entry, ExchangeRate, Hold, Invoice, Payment, Plan, Wallet
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import registry, worker
from scribe.jobs.models import Job
from tests.billing.shop import Shop, open_shop
from tests.factories import BILLING_DETAILS, make_organization, make_user
from tests.fakes import dodo
from tests.proof.ordering import checked, in_order

D = Decimal
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def organization(committed: None) -> Any:
    """50 XCT of the Free plan."""
    return make_organization(**BILLING_DETAILS)


def hold_of(organization: Any, amount: Any = 40, key: str = "work", **more: Any) -> Hold:
    return holds.place(organization=organization, amount=D(amount), key=key, **more)


@transaction.atomic
def capture(hold: Hold, amount: int, *, release: int | None = None) -> None:
    """One piece of work, charged and recorded."""
    holds.capture(hold=hold, amount=D(amount), key="piece", release=None if release is None else D(release))
    usage.record(
        organization=hold.organization_id,
        key="piece",
        provider="x",
        model="x",
        xct=D(amount),
        cost_usd=D("0.001"),
        job_id=hold.job_id,
    )


def spent(organization: Any) -> Decimal:
    entries = Entry.objects.filter(organization=organization, transaction_type=Entry.Type.USAGE)
    return -sum(entries.values_list("amount", flat=True), D(0))


# --- holds and captures


class Work:
    """A running job with a hold, whose next piece costs 3 of at most 10 XCT."""

    def __init__(self, organization: Any) -> None:
        job = jobs.create(job_type=Job.Type.GENERATION, organization=organization, total=1)
        self.hold = hold_of(organization, job=job)
        taken = worker.claim(job.pk)
        assert taken is not None
        self.run = worker.Run(taken, registry.kinds[taken.job_type])

    def settle(self) -> None:
        with self.run.settling():
            capture(self.hold, 3, release=10)
            self.run.advance(1)


def test_a_piece_that_settles_before_the_cancel_is_paid_and_the_rest_comes_back(organization: Any) -> None:
    work = Work(organization)
    _, cancelled = in_order(work.settle, lambda: jobs.cancel(work.run.job))
    assert (cancelled.status, cancelled.progress_current) == ("cancelled", 1)
    wallet = checked(organization)
    assert (wallet.held, wallet.total_balance, spent(organization)) == (0, 47, 3)


def test_a_piece_that_settles_after_the_cancel_costs_nothing(organization: Any) -> None:
    work = Work(organization)
    _, late = in_order(lambda: jobs.cancel(work.run.job), work.settle)
    assert isinstance(late, jobs.JobStopped)
    wallet = checked(organization)
    assert (wallet.held, wallet.total_balance, spent(organization)) == (0, 50, 0)


def test_a_capture_that_waits_for_the_closing_of_its_hold_is_refused(organization: Any) -> None:
    hold = hold_of(organization)
    _, late = in_order(lambda: holds.close(hold=hold), lambda: capture(hold, 3))
    assert isinstance(late, Conflict)
    assert (checked(organization).total_balance, spent(organization)) == (50, 0)


def test_a_closing_that_waits_for_a_capture_gives_back_what_that_left(organization: Any) -> None:
    hold = hold_of(organization)
    _, given_back = in_order(lambda: capture(hold, 3, release=10), lambda: holds.close(hold=hold))
    assert given_back == 30
    assert (checked(organization).total_balance, spent(organization)) == (47, 3)


@pytest.mark.parametrize("commits", [True, False])
def test_the_same_piece_twice_is_charged_once_by_whoever_commits(organization: Any, commits: bool) -> None:
    hold = hold_of(organization)
    piece = [lambda: capture(hold, 3, release=10)] * 2
    assert in_order(*piece, commits=commits) == (None, None)
    wallet = checked(organization)
    assert (wallet.held, wallet.total_balance, spent(organization)) == (30, 47, 3)


def test_one_key_is_captured_once_whichever_hold_it_comes_from(organization: Any) -> None:
    one, other = hold_of(organization, 20, "one"), hold_of(organization, 20, "other")
    in_order(lambda: capture(one, 3), lambda: capture(other, 3))
    assert (checked(organization).held, spent(organization)) == (37, 3)


def test_two_holds_never_promise_the_same_xct(organization: Any) -> None:
    _, refused = in_order(lambda: hold_of(organization, 30, "a"), lambda: hold_of(organization, 30, "b"))
    assert isinstance(refused, InsufficientXCT)
    assert refused.extra["available"] == "20.0000"
    assert checked(organization).held == 30


# --- cycles, plans and corrections


def reset(organization: Any) -> Wallet:
    return corrections.reset_cycle(organization=organization, by=None)


def test_a_cycle_that_waits_for_a_hold_keeps_what_it_needs(organization: Any) -> None:
    hold, _ = in_order(lambda: hold_of(organization), lambda: reset(organization))
    wallet = checked(organization)
    assert (wallet.subscription_balance, wallet.expiring, wallet.available) == (90, 40, 50)
    holds.close(hold=hold)
    assert checked(organization).subscription_balance == 50


def test_a_hold_that_waits_for_a_cycle_is_one_of_the_new_cycle(organization: Any) -> None:
    capture(hold_of(organization, 45, "before"), 45)
    _, hold = in_order(lambda: reset(organization), lambda: hold_of(organization))
    wallet = checked(organization)
    assert (hold.cycle_key, wallet.subscription_balance, wallet.expiring) == (wallet.cycle_key, 50, 0)


def test_a_capture_that_waits_for_a_cycle_draws_on_what_was_kept_for_it(organization: Any) -> None:
    hold = hold_of(organization)
    in_order(lambda: reset(organization), lambda: capture(hold, 25, release=40))
    wallet = checked(organization)
    assert (wallet.subscription_balance, wallet.expiring, wallet.held, spent(organization)) == (50, 0, 0, 25)


def take(organization: Any, amount: int) -> Entry:
    return corrections.adjust(organization=organization, amount=D(-amount), balance_type="subscription", by=None)


def test_staff_take_no_xct_that_a_hold_has_just_promised(organization: Any) -> None:
    _, refused = in_order(lambda: hold_of(organization), lambda: take(organization, 11))
    assert isinstance(refused, Conflict)
    assert (refused.code, refused.extra["available"]) == ("balance_too_low", "10.0000")
    assert checked(organization).total_balance == 50


def test_a_hold_finds_what_staff_have_just_taken_gone(organization: Any) -> None:
    _, refused = in_order(lambda: take(organization, 11), lambda: hold_of(organization))
    assert isinstance(refused, InsufficientXCT)
    wallet = checked(organization)
    assert (wallet.total_balance, wallet.held) == (39, 0)


def on(organization: Any, plan: str, *, now: bool = True) -> Wallet:
    return corrections.change_plan(
        organization=organization, plan=Plan.objects.get(pk=plan), by=None, allocate_immediately=now
    )


@pytest.mark.parametrize("now", [True, False])
def test_a_cycle_that_waits_for_a_change_of_plan_is_one_of_the_new_plan(organization: Any, now: bool) -> None:
    in_order(lambda: on(organization, "starter", now=now), lambda: reset(organization))
    wallet = checked(organization)
    assert (wallet.plan_id, wallet.allotment, wallet.subscription_balance) == ("starter", 1000, 1000)


def test_a_change_of_plan_that_waits_for_a_cycle_replaces_it(organization: Any) -> None:
    in_order(lambda: reset(organization), lambda: on(organization, "starter"))
    wallet = checked(organization)
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter", 1000)
    assert wallet.cycle_key.startswith("plan:")


def test_the_months_beat_waits_for_a_change_of_plan_and_starts_no_second_cycle(organization: Any) -> None:
    due = Wallet.objects.get(organization=organization).next_cycle_at
    assert due is not None
    _, started = in_order(lambda: on(organization, "starter"), lambda: settlement.roll_over(organization, now=due))
    wallet = checked(organization)
    assert (started, wallet.plan_id, wallet.subscription_balance) == (None, "starter", 1000)


# --- overage


@pytest.fixture
def overdrawn(organization: Any) -> Any:
    """On a paid plan with overage: 50 XCT are there, 1050 can be held."""
    on(organization, "starter", now=False)
    corrections.set_overage(organization=organization, enabled=True, by=None)
    return organization


def switch_off(organization: Any) -> Wallet:
    return corrections.set_overage(organization=organization, enabled=False, by=None)


def test_overage_stays_on_while_a_hold_has_just_counted_on_it(overdrawn: Any) -> None:
    hold, refused = in_order(lambda: hold_of(overdrawn, 200), lambda: switch_off(overdrawn))
    assert isinstance(refused, Conflict)
    assert refused.code == "overage_in_use"
    capture(hold, 200)
    wallet = checked(overdrawn)
    assert (wallet.subscription_balance, wallet.overage_owed, wallet.overage_enabled) == (0, 150, True)


def test_a_hold_cannot_count_on_overage_that_was_just_switched_off(overdrawn: Any) -> None:
    _, refused = in_order(lambda: switch_off(overdrawn), lambda: hold_of(overdrawn, 200))
    assert isinstance(refused, InsufficientXCT)
    wallet = checked(overdrawn)
    assert (wallet.held, wallet.overage_owed, wallet.overage_enabled) == (0, 0, False)


# --- payments


@pytest.fixture
def shop(organization: Any) -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def paid_topup(shop: Shop, organization: Any, *, event_id: str = "evt_1") -> Any:
    """The event of a payment for 500 XCT, stored and not applied."""
    Checkout.objects.get_or_create(
        external_id="cks_1",
        defaults={
            "organization": organization,
            "provider": "dodo",
            "kind": Checkout.Kind.TOPUP,
            "price_id": "pdt_topup",
            "quantity": 1,
            "packs": 1,
            "xct_per_pack": D(500),
            "currency": "EUR",
            "live_mode": True,
        },
    )
    data = dodo.payment("pay_1", checkout_session_id="cks_1", total_amount=1500)
    return shop.deliver("dodo", "payment.succeeded", data, at=AT, event_id=event_id, apply=False)


@pytest.mark.parametrize("second", ["evt_1", "evt_2"], ids=["the same event", "another event of the same payment"])
@pytest.mark.parametrize("commits", [True, False])
def test_a_top_up_is_granted_once(organization: Any, shop: Shop, second: str, commits: bool) -> None:
    events = [paid_topup(shop, organization), paid_topup(shop, organization, event_id=second)]
    one, other = (lambda event=event: provider_events.apply(event.pk) for event in events)
    _, later = in_order(one, other, commits=commits)
    assert later.status == "applied"
    if not commits:
        shop.work()
    wallet = checked(organization)
    assert (wallet.topup_balance, Payment.objects.count()) == (500, 1)


def refund(shop: Shop, kind: str, cents: int = 1500) -> Any:
    if kind == "refund":
        return shop.deliver("dodo", "refund.succeeded", dodo.refund("r_1", "pay_1", cents), at=AT, apply=False)
    return shop.deliver("dodo", "dispute.lost", dodo.dispute("d_1", "pay_1", str(cents)), at=AT, apply=False)


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
@pytest.mark.parametrize("spent_first", [True, False])
def test_a_refund_and_a_spend_leave_the_debt_that_both_make(
    organization: Any, shop: Shop, kind: str, spent_first: bool
) -> None:
    provider_events.apply(paid_topup(shop, organization).pk)
    hold = hold_of(organization, 400)
    event = refund(shop, kind)
    steps = [lambda: capture(hold, 400), lambda: provider_events.apply(event.pk)]
    in_order(*(steps if spent_first else reversed(steps)))
    event.refresh_from_db()
    assert event.status == "applied"
    wallet = checked(organization)
    assert (wallet.total_balance, wallet.held, spent(organization)) == (-350, 0, 400)
    assert isinstance(_refused(organization), InsufficientXCT)


def _refused(organization: Any) -> Exception | None:
    try:
        hold_of(organization, "0.0001", "more")
    except InsufficientXCT as error:
        return error
    return None


def test_a_hold_that_waits_for_a_refund_finds_the_xct_gone(organization: Any, shop: Shop) -> None:
    provider_events.apply(paid_topup(shop, organization).pk)
    event = refund(shop, "refund")
    _, refused = in_order(lambda: provider_events.apply(event.pk), lambda: hold_of(organization, 51))
    assert isinstance(refused, InsufficientXCT)
    assert checked(organization).total_balance == 50


def paid_year(shop: Shop, organization: Any, at: datetime) -> Any:
    """The event of a payment for a year of Starter, stored and not applied."""
    Checkout.objects.create(
        organization=organization,
        external_id="cks_1",
        provider="dodo",
        kind=Checkout.Kind.SUBSCRIPTION,
        plan_id="starter",
        billing_period="yearly",
        price_id="pdt_starter_yearly",
    )
    data = dodo.payment(
        "pay_1",
        checkout_session_id="cks_1",
        subscription_id="sub_1",
        charge_type="new",
        total_amount=29000,
        created_at=at.isoformat(),
    )
    return shop.deliver("dodo", "payment.succeeded", data, at=at, apply=False)


@pytest.mark.parametrize("month_first", [True, False])
def test_a_year_that_is_charged_back_as_its_next_month_begins_leaves_neither(
    organization: Any, shop: Shop, month_first: bool
) -> None:
    at = timezone.now() - timedelta(days=31)
    provider_events.apply(paid_year(shop, organization, at).pk)
    event = refund(shop, "chargeback", 29_000)
    steps = [
        lambda: settlement.roll_over(organization, now=at + timedelta(days=62)),
        lambda: provider_events.apply(event.pk),
    ]
    in_order(*(steps if month_first else reversed(steps)))
    wallet = checked(organization)
    assert (wallet.plan_id, wallet.total_balance) == ("free", 50)


# --- invoices


@pytest.mark.parametrize("commits", [True, False])
def test_two_orders_at_once_are_counted_one_after_the_other(
    organization: Any, invoice: Invoice, settings: Any, commits: bool
) -> None:
    settings.INVOICES_OPEN_AT_MOST = 2
    person = make_user(organization)
    one, other = (lambda: orders.order_packs(organization=organization, packs=1, by=person) for _ in range(2))
    _, later = in_order(one, other, commits=commits)
    assert isinstance(later, Conflict) is commits
    assert Invoice.objects.of(organization).count() == 2


@pytest.fixture
def invoice(organization: Any, settings: Any) -> Invoice:
    settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_CITY = "Primer", "Kneza Miloša 10", "Beograd"
    settings.SELLER_PIB, settings.SELLER_MB = "101134702", "17335600"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"
    ExchangeRate.objects.get_or_create(date=exchange_rates.today(), defaults={"rate": D("117.1837"), "source": "nbs"})
    return orders.order_packs(organization=organization, packs=1, by=None)


def test_an_invoice_that_is_being_confirmed_cannot_be_cancelled(organization: Any, invoice: Invoice) -> None:
    _, refused = in_order(
        lambda: invoices.confirm(invoice=invoice, by=None), lambda: invoices.cancel(invoice=invoice, by=None)
    )
    assert isinstance(refused, Conflict)
    assert (checked(organization).topup_balance, Invoice.objects.count()) == (500, 1)


def test_an_invoice_that_is_being_cancelled_cannot_be_confirmed(organization: Any, invoice: Invoice) -> None:
    _, refused = in_order(
        lambda: invoices.cancel(invoice=invoice, by=None), lambda: invoices.confirm(invoice=invoice, by=None)
    )
    assert isinstance(refused, Conflict)
    assert (checked(organization).topup_balance, Invoice.objects.count()) == (0, 2)


@pytest.mark.parametrize("confirmed_first", [True, False])
def test_an_invoice_that_expires_as_it_is_confirmed_is_paid(
    organization: Any, invoice: Invoice, confirmed_first: bool
) -> None:
    later = invoice.due_date + timedelta(days=1)
    steps = [lambda: invoices.confirm(invoice=invoice, by=None), lambda: orders.expire(today=later)]
    in_order(*(steps if confirmed_first else reversed(steps)))
    invoice.refresh_from_db()
    assert invoice.status == "paid"
    assert checked(organization).topup_balance == 500


def test_an_invoice_is_confirmed_once_and_credited_once(organization: Any, invoice: Invoice) -> None:
    in_order(*[lambda: invoices.confirm(invoice=invoice, by=None)] * 2)
    assert checked(organization).topup_balance == 500
    in_order(*[lambda: invoices.credit(invoice=invoice, by=None, reason="wrong")] * 2)
    assert checked(organization).topup_balance == 0
    assert Invoice.objects.filter(corrects=invoice).count() == 1


def test_other_organizations_never_wait(organization: Any) -> None:
    other = make_organization()
    in_order(lambda: ledger.lock(organization), lambda: capture(hold_of(other), 3), waits=False)
    assert checked(other).total_balance == 47
