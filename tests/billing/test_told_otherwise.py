"""What is told of a payment once more: as another's, for something else, or with other sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from billing import provider_events, reconciliation
from billing.models import Checkout, PaidPeriod, Payment, ProviderEvent, Refund, Subscription
from tests import factories
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import open_shop
from tests.scribe.admin_browser import staff_action_url, staff_client

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("pair")]

HOUR = timedelta(hours=1)


@pytest.fixture(params=PROVIDERS)
def pair(request, db):
    """Two buyers of two organizations."""
    with open_shop() as shop:
        yield [Buyer(request.param, shop, factories.make_organization()) for _ in range(2)]


@pytest.fixture
def buyer(pair):
    return pair[0]


def test_a_payment_of_one_organization_buys_nothing_for_another(pair):
    """Its amount was known, and not compared: the 29 euros of a Starter were a month of Business elsewhere."""
    one, other = pair
    payment = one.buy("starter", ago(days=3))
    other.buy("business", ago(days=28))
    event, _ = other.pay(ago(hours=2), id=payment, cents=2900, plan="business")
    assert event.status == "for_staff"
    assert PaidPeriod.objects.of(other.organization).count() == 1
    assert Payment.objects.get(external_id=payment).organization_id == one.organization.pk
    assert one.wallet().plan_id == "starter"
    assert [found.check for found in reconciliation.find()] == ["event_is_applied"], "staff see it"


def test_an_order_of_one_organization_is_not_paid_into_anothers_subscription(pair):
    one, other = pair
    other.buy("business", ago(days=3))
    event, _ = other.pay(ago(hours=2), checkout=one.checkout("starter"))
    assert event.status == "for_staff"
    assert Subscription.objects.get().plan_id == "business"
    assert one.wallet().plan_id == "free"
    assert not PaidPeriod.objects.of(one.organization).exists()


@pytest.mark.parametrize("pair", ["paddle"], indirect=True)
def test_a_renewal_with_the_id_of_anothers_order_is_for_staff(pair):
    """It counted for the subscription that it named, and who had ordered got nothing."""
    one, other = pair
    other.buy("starter", ago(days=31))
    event, _ = other.pay(ago(hours=2), id=one.checkout("starter").external_id)
    assert event.status == "for_staff"
    assert PaidPeriod.objects.count() == 1


def test_a_refund_of_one_payment_does_not_become_that_of_another(pair):
    """A later word on it, that named another payment, changed what had gone back of the first."""
    one, other = pair
    bought = one.buy("starter", ago(days=3))
    others = other.buy("starter", ago(days=3))
    one.money_back(bought, "refund", ago(hours=3), cents=2900, id="back")
    event = other.money_back(others, "refund", ago(hours=2), cents=1, id="back")
    assert event.status == "for_staff"
    assert Refund.objects.get().amount_minor == 2900
    assert (one.wallet().plan_id, other.wallet().plan_id) == ("free", "starter")
    assert reconciliation.find()[0].check == "event_is_applied"


@pytest.mark.parametrize("bought", ["starter", "packs"])
def test_a_payment_that_went_back_is_not_made_larger_afterwards(buyer, bought):
    """Told again with twice its amount, it was as if only what came beyond its price had gone back."""
    checkout = buyer.checkout(packs=2) if bought == "packs" else buyer.checkout(bought)
    cents = checkout.expected_minor
    _, payment = buyer.pay(ago(hours=5), checkout=checkout)
    buyer.money_back(payment, "refund", ago(hours=3), cents=cents)
    event, _ = buyer.pay(ago(hours=5), checkout=checkout, id=payment, cents=2 * cents)
    assert event.status == "for_staff"
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("free", 50)
    assert Payment.objects.get().amount_minor == cents


def test_what_went_back_does_not_become_tax_afterwards(buyer):
    """Told again with a larger tax in the same amount, the refund looked like one of the tax alone."""
    checkout = buyer.checkout("starter")

    def pay(net, tax, **fields):
        sums = {"total_amount": net + tax} if buyer.provider == "dodo" else {"cents": net}
        return buyer.pay(ago(hours=5), checkout=checkout, tax=tax, **sums, **fields)

    _, payment = pay(2900, 580)
    buyer.money_back(payment, "refund", ago(hours=3), cents=2900)
    had = buyer.wallet().total_balance
    event, _ = pay(580, 2900, id=payment)
    assert event.status == "for_staff"
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("free", had)
    assert Payment.objects.get().tax_minor == 580


def test_a_payment_for_packs_is_no_renewal(buyer):
    """It ended in an error, and was tried again for ever."""
    buyer.buy("starter", ago(days=28))
    _, payment = buyer.pay(ago(hours=5), checkout=buyer.checkout(packs=2))
    event, _ = buyer.pay(ago(hours=2), id=payment, cents=3000)
    assert event.status == "for_staff"
    assert buyer.wallet().topup_balance == 1000
    assert PaidPeriod.objects.count() == 1


def test_an_old_payment_with_a_new_date_does_not_end_that_the_subscription_is_on_hold(buyer):
    checkout = buyer.checkout("starter")
    _, payment = buyer.pay(ago(days=3), checkout=checkout)
    buyer.tell("starter", ago(hours=5), status="on_hold")
    buyer.pay(ago(hours=2), checkout=checkout, id=payment)
    assert Subscription.objects.get().status in Subscription.OVERDUE


def test_a_discount_that_is_named_twice_is_taken_off_once(buyer):
    named = {"type": "percentage", "amount": 2000 if buyer.provider == "dodo" else "20"}
    buyer.shop.fakes[buyer.provider].discounts["dsc_1"] = named
    if buyer.provider == "dodo":
        told = {"total_amount": 10, "discounts": [{"discount_id": "dsc_1"}] * 30}
    else:
        told = {"cents": 2900, "discount": 2890, "discount_id": "dsc_1"}
    event, _ = buyer.pay(ago(hours=2), checkout=buyer.checkout("starter"), **told)
    assert (event.status, event.expected, event.received) == ("for_staff", "23.20 EUR", "0.10 EUR")


@pytest.mark.parametrize("pair", ["paddle"], indirect=True)
@pytest.mark.parametrize("tax", [0, 580])
def test_no_more_tax_goes_back_than_was_paid(buyer, tax):
    """A refund of which all was said to be tax left the plan with its XCT."""
    _, payment = buyer.pay(ago(hours=5), checkout=buyer.checkout("starter"), tax=tax)
    event = buyer.money_back(payment, "refund", ago(hours=2), cents=2900, tax=2900)
    assert event.status == "applied"
    assert buyer.wallet().total_balance <= 1000 * tax / 2900 + 1 + 50


@pytest.mark.parametrize("pair", ["dodo"], indirect=True)
def test_a_tax_larger_than_any_is_for_staff_at_once(buyer):
    event, _ = buyer.pay(ago(hours=2), checkout=buyer.checkout("starter"), total_amount=2900, tax=10**25)
    assert event.status == "for_staff"


@pytest.mark.parametrize("year", [1970, 2020])
@pytest.mark.parametrize("settle", ["accept", "return"])
def test_a_payment_of_before_its_order_is_for_staff(buyer, cast, year, settle):
    """It bought a month of 1970, and its XCT expired at once."""
    checkout = buyer.checkout("starter")
    Checkout.objects.filter(pk=checkout.pk).update(created_at=ago(hours=2))
    checkout.refresh_from_db()
    event, payment = buyer.pay(datetime(year, 1, 1, tzinfo=UTC), checkout=checkout)
    assert (event.status, event.expected, event.received) == ("for_staff", "29.00 EUR", "29.00 EUR")
    assert "dated before its order" in event.outcome
    assert reconciliation.find()
    if settle == "return":
        buyer.money_back(payment, "refund", ago(minutes=5))
        assert not PaidPeriod.objects.exists()
    else:
        staff_client(cast.staff).post(staff_action_url("accept", event), {"reason": "Their clock is wrong."})
        assert PaidPeriod.objects.get().begins_at == Payment.objects.get().paid_at == checkout.created_at
        assert (buyer.wallet().plan_id, buyer.wallet().subscription_balance) == ("starter", 1000)
    assert reconciliation.find() == []


def test_a_payment_of_before_its_order_shows_staff_what_else_is_wrong_with_it(buyer):
    """Who accepted its date accepted its amount unseen."""
    checkout = buyer.checkout("starter")
    Checkout.objects.filter(pk=checkout.pk).update(created_at=ago(hours=2))
    event, _ = buyer.pay(ago(days=60), checkout=checkout, cents=100)
    assert (event.status, event.expected, event.received) == ("for_staff", "29.00 EUR", "1.00 EUR")
    assert "dated before its order" in event.outcome
    assert "amount" in event.outcome


def test_a_payment_of_before_its_order_counts_while_what_it_buys_lasts(buyer):
    checkout = buyer.checkout("starter")
    Checkout.objects.filter(pk=checkout.pk).update(created_at=ago(hours=2))
    event, _ = buyer.pay(ago(days=5), checkout=checkout)
    assert event.status == "applied"
    assert (buyer.wallet().plan_id, buyer.wallet().subscription_balance) == ("starter", 1000)


def contradicted(buyer):
    return {"status": "failed" if buyer.provider == "dodo" else "canceled"}


@pytest.mark.parametrize("wrong", ["amount", "status"])
@pytest.mark.parametrize("settle", ["accept", "close"])
@pytest.mark.parametrize("told_after", [False, True])
def test_staff_settle_a_payment_once_however_often_it_is_told(buyer, cast, wrong, settle, told_after):
    """The second event stayed on their board, and one that they had closed came back under another id."""
    checkout = buyer.checkout("starter")
    identity = checkout.external_id if buyer.seller.by_checkout else "pay_twice"
    fields = {"cents": 1900} if wrong == "amount" else contradicted(buyer)

    def tell(hours):
        event, _ = buyer.pay(ago(hours=hours), checkout=checkout, id=identity, **fields)
        return event

    events = [tell(5), *([] if told_after else [tell(4)])]
    assert {event.status for event in events} == {"for_staff"}
    staff_client(cast.staff).post(staff_action_url(settle, events[-1]), {"reason": "As agreed."})
    buyer.shop.work()
    events += [tell(3)] if told_after else []
    statuses = set(ProviderEvent.objects.values_list("status", flat=True))
    assert statuses == {"applied" if settle == "accept" else "ignored"}
    assert buyer.wallet().subscription_balance == (1000 if settle == "accept" else 50)
    assert PaidPeriod.objects.count() == (settle == "accept")
    assert reconciliation.find() == []


def test_what_staff_have_accepted_does_not_let_another_amount_pass(buyer, cast):
    checkout = buyer.checkout("starter")
    event, payment = buyer.pay(ago(hours=5), checkout=checkout, cents=1900)
    provider_events.accept(event=event, by=cast.staff, reason="As agreed.")
    other, _ = buyer.pay(ago(hours=4), checkout=checkout, id=payment, cents=1800)
    assert other.status == "for_staff"
