"""Every payment is compared with what it buys: less, another currency or no amount grants nothing until staff decide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from billing import provider_events, reconciliation
from billing.models import Checkout, PaidPeriod, Payment, Plan
from scribe.errors import Conflict
from scribe.models import AuditEntry
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import open_shop
from tests.scribe.admin_browser import deed_url, staff_client

D = Decimal


@pytest.fixture(params=PROVIDERS)
def buyer(request, cast, db):
    with open_shop() as shop:
        yield Buyer(request.param, shop, cast.organization)


@pytest.mark.parametrize("bought", ["topup", "business_yearly", "starter_monthly"])
def test_a_cent_buys_nothing(buyer, bought):
    plan, _, period = bought.partition("_")
    checkout = buyer.checkout(packs=2) if bought == "topup" else buyer.checkout(plan, period)
    event, _ = buyer.pay(ago(hours=1), checkout=checkout, cents=1)
    expected = f"{D(checkout.expected_minor) / 100:.2f} EUR"
    assert (event.status, event.expected, event.received) == ("for_staff", expected, "0.01 EUR")
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("free", 50)
    assert not Payment.objects.exists()
    assert not PaidPeriod.objects.exists()


def test_a_renewal_for_a_cent_buys_nothing(buyer):
    buyer.buy("starter", ago(days=28))
    event, _ = buyer.pay(ago(hours=1), cents=1)
    assert (event.status, event.expected, event.received) == ("for_staff", "29.00 EUR", "0.01 EUR")
    assert PaidPeriod.objects.count() == 1


def test_a_renewal_cannot_name_a_dearer_plan(buyer):
    buyer.buy("starter", ago(days=28))
    named = {"plan": "business"}
    if buyer.provider == "dodo":
        named = {"product_cart": [{"product_id": "pdt_business_monthly", "quantity": 1}]}
    event, _ = buyer.pay(ago(hours=1), cents=2900, **named)
    assert (event.status, event.expected) == ("for_staff", "299.00 EUR")
    assert buyer.wallet().plan_id == "starter"


def test_the_amount_is_compared_before_tax(buyer):
    """29.00 with 20 % tax in it are 24.17: less than the price. 34.80 are the price and the tax."""
    checkout = buyer.checkout("starter")
    sums = {"total_amount": 2900, "tax": 483} if buyer.provider == "dodo" else {"cents": 2417, "tax": 483}
    event, identity = buyer.pay(ago(hours=1), checkout=checkout, **sums)
    assert (event.status, event.received) == ("for_staff", "24.17 EUR")
    sums = {"total_amount": 3480, "tax": 580} if buyer.provider == "dodo" else {"cents": 2900, "tax": 580}
    event, _ = buyer.pay(ago(hours=1), checkout=checkout, id=identity, **sums)
    assert event.status == "applied"
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.tax_minor, payment.expected_minor) == (3480, 580, 2900)


def test_the_price_is_the_one_of_the_order_and_of_the_subscription(buyer):
    """Staff have raised the price since: who ordered before pays what was shown, and goes on paying that."""
    checkout = buyer.checkout("starter")
    Plan.objects.filter(pk="starter").update(monthly_price_eur=D(39))
    assert buyer.pay(ago(days=28), checkout=checkout)[0].status == "applied"
    assert buyer.pay(ago(hours=1), cents=2900)[0].status == "applied"
    assert PaidPeriod.objects.filter(price_minor=2900).count() == 2


def test_another_currency_is_parked(buyer):
    wrong = {"currency": "USD"} if buyer.provider == "dodo" else {"currency_code": "USD"}
    event, _ = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), **wrong)
    assert (event.status, event.expected, event.received) == ("for_staff", "29.00 EUR", "29.00 USD")
    assert buyer.wallet().plan_id == "free"


def test_more_is_granted_and_noted(buyer):
    event, _ = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), cents=5000)
    assert event.status == "applied"
    assert "50.00 EUR came, 29.00 were expected" in event.outcome
    assert buyer.wallet().subscription_balance == 1000


def silent(buyer):
    return {"total_amount": None} if buyer.provider == "dodo" else {"details": {}}


@pytest.mark.parametrize(("cents", "granted"), [(2900, True), (1, False), (None, False)])
def test_an_amount_that_the_event_does_not_name_is_looked_up(buyer, cents, granted):
    """None: the provider does not answer."""
    checkout = buyer.checkout("starter")
    event, identity = buyer.pay(ago(hours=1), checkout=checkout, **silent(buyer))
    assert (event.status, event.received) == ("for_staff", "unknown")
    data = event.payload["data"]
    if cents is not None:
        totals = {"total": str(cents), "tax": "0"}
        amount = {"total_amount": cents} if buyer.provider == "dodo" else {"details": {"totals": totals}}
        getattr(buyer.shop, buyer.provider).paid[identity] = {**data, **amount}
    again = provider_events.replay(event=event, by=None)
    assert (again.status == "applied") is granted
    assert (buyer.wallet().plan_id == "starter") is granted
    if cents == 1:
        assert again.received == "0.01 EUR"


def test_a_payment_that_the_provider_does_not_call_paid_grants_nothing(buyer):
    event, identity = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), **silent(buyer))
    unpaid = {"total_amount": 2900, "details": {"totals": {"total": "2900"}}, "status": "failed"}
    getattr(buyer.shop, buyer.provider).paid[identity] = {**event.payload["data"], **unpaid}
    assert provider_events.replay(event=event, by=None).status == "for_staff"


def offer(buyer, percent):
    known = {"type": "percentage", "amount": percent * 100}
    if buyer.provider == "paddle":
        known = {"type": "percentage", "amount": str(percent)}
    getattr(buyer.shop, buyer.provider).discounts["dsc_1"] = known


def discounted(buyer):
    if buyer.provider == "dodo":
        return {"total_amount": 2320, "discounts": [{"discount_id": "dsc_1"}]}
    return {"cents": 2900, "discount": 580, "discount_id": "dsc_1"}


@pytest.mark.parametrize(("percent", "status"), [(20, "applied"), (10, "for_staff"), (None, "for_staff")])
def test_a_discount_counts_as_far_as_the_provider_knows_it(buyer, percent, status):
    if percent:
        offer(buyer, percent)
    event, _ = buyer.pay(ago(days=28), checkout=buyer.checkout("starter"), **discounted(buyer))
    assert event.status == status
    if percent == 20:
        assert buyer.pay(ago(hours=2), **discounted(buyer))[0].status == "applied"
        assert buyer.pay(ago(hours=1), cents=2320)[0].status == "for_staff"  # it names no discount


def test_staff_accept_an_amount_with_a_reason_and_it_counts_for_renewals(buyer, cast):
    event, _ = buyer.pay(ago(days=28), checkout=buyer.checkout("starter"), cents=1900)
    browser = staff_client(cast.staff)
    board = browser.get(reverse("admin:money_at_risk")).content.decode()
    assert "29.00 EUR" in board
    assert "19.00 EUR" in board
    browser.post(deed_url("accept", event), {"reason": "A price that sales had promised."})
    event.refresh_from_db()
    assert event.status == "applied", event.outcome
    entry = AuditEntry.objects.get(action="provider_event.accepted")
    assert (entry.actor_id, entry.reason) == (cast.staff.pk, "A price that sales had promised.")
    assert buyer.wallet().subscription_balance == 1000
    assert buyer.pay(ago(hours=1), cents=1900)[0].status == "applied"
    assert not [one for one in reconciliation.find() if one.check == "payment_is_its_price"]


def test_staff_close_an_event_whose_money_went_back(buyer, cast):
    event, _ = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), cents=1)
    assert [one.expected for one in reconciliation.find()] == ["29.00 EUR"]
    provider_events.close(event=event, by=cast.staff, reason="Refunded at the provider.")
    event.refresh_from_db()
    assert (event.status, "Refunded" in event.outcome) == ("ignored", True)
    assert reconciliation.find() == []
    with pytest.raises(Conflict):
        provider_events.accept(event=event, by=cast.staff, reason="No")
    assert buyer.wallet().plan_id == "free"


def test_a_renewal_that_only_the_subscription_tells_is_looked_up(cast, db):
    with open_shop() as shop:
        buyer = Buyer("dodo", shop, cast.organization)
        buyer.buy("starter", ago(days=28))
        event = buyer.tell("starter", ago(hours=1), payment_id="pay_x")
        assert event.status == "applied"
        told = {"product_id": "pdt_starter_monthly", "payment_id": "pay_x"}
        renewed = shop.deliver(
            "dodo",
            "subscription.renewed",
            {**event.payload["data"], **told},
            at=ago(minutes=30),
        )
        assert renewed.status == "waiting"
        assert PaidPeriod.objects.count() == 1
        event, _ = buyer.pay(ago(minutes=30), id="pay_x")
        renewed.refresh_from_db()
        assert (event.status, renewed.status) == ("applied", "applied")
        assert PaidPeriod.objects.count() == 2


def test_an_order_without_a_frozen_price_costs_what_the_list_says(buyer):
    """Orders of the version before."""
    checkout = buyer.checkout("starter")
    Checkout.objects.update(expected_minor=None)
    checkout.refresh_from_db()
    assert buyer.pay(ago(hours=1), checkout=checkout, cents=2899)[0].status == "for_staff"
    assert buyer.pay(ago(hours=1), checkout=checkout, cents=2900)[0].status == "applied"
    packs = buyer.checkout(packs=2)
    Checkout.objects.update(expected_minor=None)
    packs.refresh_from_db()
    assert buyer.pay(ago(hours=1), checkout=packs, cents=2999)[0].status == "for_staff"
    assert buyer.pay(ago(hours=1), checkout=packs, cents=3000)[0].status == "applied"
    assert books.check(buyer.organization).topup_balance == 1000


def test_a_tax_of_less_than_nothing_does_not_make_up_for_the_price(buyer):
    checkout = buyer.checkout(packs=2)
    sums = {"total_amount": 1, "tax": -2999} if buyer.provider == "dodo" else {"cents": 1, "tax": -2999}
    event, _ = buyer.pay(ago(hours=1), checkout=checkout, **sums)
    assert event.status == "for_staff"
    assert buyer.wallet().total_balance == 50
