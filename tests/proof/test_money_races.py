"""Money in a forced order: whoever comes second waits for the wallet, and finds what the first has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
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
    reconciliation,
    settlement,
    usage,
)
from billing.errors import InsufficientXCT
from billing.models import Checkout, Entry, ExchangeRate, Hold, Invoice, Payment, Plan, ProviderEvent, Wallet
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import registry, worker
from scribe.jobs.models import Job
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import Shop, open_shop
from tests.factories import BILLING_DETAILS, make_organization, make_user
from tests.fakes import dodo
from tests.proof.ordering import checked, in_order
from tests.sizes import some

D = Decimal


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
    return shop.deliver("dodo", "payment.succeeded", data, at=ago(days=30), event_id=event_id, apply=False)


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
        return shop.deliver(
            "dodo", "refund.succeeded", dodo.refund("r_1", "pay_1", cents), at=ago(days=30), apply=False
        )
    return shop.deliver("dodo", "dispute.lost", dodo.dispute("d_1", "pay_1", str(cents)), at=ago(days=30), apply=False)


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


Told = list[Callable[[], Any]]


class Pair:
    """A month that is a day old, and two things that happen to it at once: each is told, and then applied or done."""

    def __init__(self, buyer: Buyer) -> None:
        self.buyer, self.hour = buyer, ago(hours=5)
        self.order = buyer.checkout("starter")
        self.first = self._named("first", self.order)

    def _named(self, name: str, order: Checkout | None = None) -> str:
        by_order = order is not None and self.buyer.provider == "paddle"
        return str(order.external_id) if order is not None and by_order else f"{name}_{self.buyer.number}"

    def _buy(self) -> Any:
        return self.buyer.pay(ago(days=1), checkout=self.order, id=self.first)[0]

    def _packs(self, cents: int = 3000) -> str:
        order = self.buyer.checkout(packs=2)
        self.buyer.pay(self.hour, checkout=order, id=self._named("packs", order), cents=cents)
        return self._named("packs", order)

    def _back(self, payment: str, kind: str, hours: float, cents: int, *, holds: bool = True) -> Callable[[], Any]:
        tell = self.buyer.money_back if holds else self.buyer.take_word_back
        name = "dis" if kind == "chargeback" else f"ref_{hours}"
        return lambda: tell(payment, kind, ago(hours=hours), cents=cents, id=f"{name}_{self.buyer.number}")

    def _month(self, *, upgraded: bool = False) -> None:
        self._buy()
        self.buyer.tell("starter", ago(days=1))
        if upgraded:
            self._upgrade()

    def _upgrade(self) -> Any:
        return self.buyer.tell("business", self.hour)

    def _paid(self, *, at: datetime | None = None, **fields: Any) -> Any:
        """A payment for the upgrade."""
        change = {"kind": "plan_change", "cents": 26_400, "plan": "business", **fields}
        return self.buyer.pay(at or self.hour, **change)[0]

    def _renewal(self, hours: int = 3) -> Any:
        return self.buyer.pay(ago(hours=hours), cents=2900)[0]

    def _invoice(self, plan: str) -> Callable[[], Any]:
        organization, row = self.buyer.organization, Plan.objects.get(pk=plan)
        issued = orders.order_plan(organization=organization, plan=row, billing_period="monthly")
        return lambda: invoices.confirm(invoice=issued, by=None)

    def _accept(self, payment: str) -> Callable[[], Any]:
        event = ProviderEvent.objects.get(status="for_staff", references__contains=[f"payment:{payment}"])
        return lambda: provider_events.accept(event=event, by=None, reason="-")

    def a_purchase_and_its_subscription(self) -> Told:
        return [self._buy, lambda: self.buyer.tell("starter", ago(days=1))]

    def a_change_and_its_payment(self) -> Told:
        self._month()
        return [self._upgrade, self._paid]

    def a_change_to_the_year_and_its_payment(self) -> Told:
        self._month()
        tell = lambda: self.buyer.tell("business", self.hour, period="yearly")  # noqa: E731
        return [tell, lambda: self._paid(cents=296_500, period="yearly")]

    def two_renewals(self) -> Told:
        self._month()
        return [self._renewal, lambda: self._renewal(2)]

    def a_renewal_and_an_upgrade(self) -> Told:
        self._month()
        return [self._renewal, self._upgrade]

    def an_invoice_and_a_renewal(self) -> Told:
        confirm = self._invoice("business")
        self._month()
        return [lambda: confirm, self._renewal]

    def an_invoice_and_the_money_of_the_month(self) -> Told:
        confirm = self._invoice("starter")
        self._month()
        return [lambda: confirm, self._back(self.first, "refund", 1, 2900)]

    def a_plan_that_staff_set_and_a_renewal(self) -> Told:
        self._month()
        return [lambda: lambda: on(self.buyer.organization, "professional"), self._renewal]

    def the_end_and_a_renewal(self) -> Told:
        self._month()
        return [lambda: self.buyer.tell("starter", ago(hours=1), status="cancelled"), self._renewal]

    def two_halves_of_the_money(self) -> Told:
        self._month()
        return [self._back(self.first, "refund", hours, 1450) for hours in (3, 2)]

    def a_refund_and_a_dispute(self) -> Told:
        self._month()
        return [self._back(self.first, "refund", 3, 2900), self._back(self.first, "chargeback", 2, 2900)]

    def a_dispute_and_its_end(self) -> Told:
        self._month()
        return [self._back(self.first, "chargeback", hours, 2900, holds=hours == 3) for hours in (3, 2)]

    def a_refund_and_a_dispute_of_packs(self) -> Told:
        packs = self._packs()
        return [self._back(packs, "refund", 3, 1000), self._back(packs, "chargeback", 2, 1500)]

    def a_parked_payment_that_staff_accept_and_its_refund(self) -> Told:
        packs = self._packs(1500)
        return [lambda: self._accept(packs), self._back(packs, "refund", 3, 500)]

    def the_refund_of_a_parked_payment_and_its_failure(self) -> Told:
        packs = self._packs(1500)
        return [self._back(packs, "refund", 3, 1500), self._back(packs, "refund", 3, 1500, holds=False)]

    def the_money_of_a_month_and_the_payment_of_its_upgrade(self) -> Told:
        self._month(upgraded=True)
        return [self._back(self.first, "refund", 4, 2000), self._paid]

    def an_upgrade_that_is_charged_twice(self) -> Told:
        self._month(upgraded=True)
        return [self._paid, lambda: self._paid(at=ago(hours=4))]

    def a_payment_of_nothing_and_the_way_back(self) -> Told:
        self._month(upgraded=True)
        return [lambda: self._paid(cents=0), lambda: self.buyer.tell("starter", ago(hours=4))]

    def the_money_of_a_change_and_its_second_payment(self) -> Told:
        self._month(upgraded=True)
        self._paid(id=self._named("up"))
        return [self._back(self._named("up"), "chargeback", 3, 26_400), lambda: self._paid(at=ago(hours=4))]


PAIRS = [name for name in vars(Pair) if not name.startswith("_")]


@pytest.mark.each_value
@pytest.mark.usefixtures("seller")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", some(PAIRS, 8))
def test_two_of_one_subscription_at_once_end_as_one_after_the_other(
    organization: Any, shop: Shop, provider: str, name: str, turned: bool
) -> None:
    ends = []
    for at_once in (True, False):
        owner = organization if at_once else make_organization(**BILLING_DETAILS)
        buyer = Buyer(provider, shop, owner)
        pair = getattr(Pair(buyer), name)()
        buyer.waits = True
        told = [step() for step in pair]
        steps = [
            one if callable(one) else (lambda event=one: provider_events.apply(event.pk))
            for one in (reversed(told) if turned else told)
        ]
        if at_once:
            in_order(*steps)
        else:
            for step in steps:
                step()
        shop.work()
        wallet = books.check(owner)
        parked = ProviderEvent.objects.filter(organization_id=owner.pk).exclude(status="applied")
        found = sorted(parked.values_list("status", "expected", "received"))
        ends.append((wallet.plan_id, round(wallet.total_balance), found))
    assert ends[0] == ends[1]
    assert {one.check for one in reconciliation.find()} <= {"event_is_applied"}


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
def seller(organization: Any, settings: Any) -> None:
    settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_CITY = "Primer", "Kneza Miloša 10", "Beograd"
    settings.SELLER_PIB, settings.SELLER_MB = "101134702", "17335600"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"
    ExchangeRate.objects.get_or_create(date=exchange_rates.today(), defaults={"rate": D("117.1837"), "source": "nbs"})


@pytest.fixture
def invoice(organization: Any, seller: None) -> Invoice:
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
