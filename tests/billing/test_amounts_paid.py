"""Every payment is compared with what it buys: less, another currency or no amount grants nothing until staff decide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from backoffice import figures
from billing import provider_events, reconciliation
from billing.models import Checkout, PaidPeriod, Payment, Plan
from scribe.errors import Conflict
from scribe.models import AuditEntry
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import open_shop
from tests.fakes import dodo
from tests.scribe.admin_browser import staff_action_url, staff_client

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("buyer")]

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
    assert not Payment.objects.exclude(kind="parked").exists()
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
        buyer.shop.fakes[buyer.provider].paid[identity] = {**data, **amount}
    again = provider_events.replay(event=event, by=None)
    assert (again.status == "applied") is granted
    assert (buyer.wallet().plan_id == "starter") is granted
    if cents == 1:
        assert again.received == "0.01 EUR"


def test_a_payment_that_the_provider_does_not_call_paid_grants_nothing(buyer):
    event, identity = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), **silent(buyer))
    unpaid = {"total_amount": 2900, "details": {"totals": {"total": "2900"}}, "status": "failed"}
    buyer.shop.fakes[buyer.provider].paid[identity] = {**event.payload["data"], **unpaid}
    assert provider_events.replay(event=event, by=None).status == "for_staff"


def offer(buyer, percent):
    known = {"type": "percentage", "amount": percent * 100}
    if buyer.provider == "paddle":
        known = {"type": "percentage", "amount": str(percent)}
    buyer.shop.fakes[buyer.provider].discounts["dsc_1"] = known


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
    browser.post(staff_action_url("accept", event), {"reason": "A price that sales had promised."})
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


def test_a_closed_event_told_again_while_its_money_was_away_stays_closed(buyer, cast):
    """It came to the board again once the dispute was won."""
    checkout = buyer.checkout("starter")
    event, payment = buyer.pay(ago(hours=9), checkout=checkout, cents=2000)
    provider_events.close(event=event, by=cast.staff, reason="Settled by phone.")
    event.refresh_from_db()
    buyer.money_back(payment, "chargeback", ago(hours=8), id="dispute")
    again, _ = buyer.pay(ago(hours=9), checkout=checkout, cents=2000, id=payment)
    assert again.pk != event.pk
    buyer.take_word_back(payment, "chargeback", ago(hours=7), id="dispute")
    again.refresh_from_db()
    assert (again.status, again.outcome) == ("ignored", "Closed by staff: Settled by phone.")
    assert reconciliation.find() == []
    provider_events.replay(event=event, by=cast.staff, reason="It was not settled.")
    for one in (event, again):
        one.refresh_from_db()
        assert one.status == "for_staff"


def test_a_payment_told_again_with_another_sum_shows_what_was_recorded(buyer):
    _, payment = buyer.pay(ago(hours=9), checkout=(checkout := buyer.checkout("starter")), cents=29_900)
    again, _ = buyer.pay(ago(hours=9), checkout=checkout, cents=2900, id=payment)
    assert (again.status, again.expected, again.received) == ("for_staff", "299.00 EUR", "29.00 EUR")


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


@pytest.mark.parametrize("status", [None, "", 1, True, "SUCCEEDED", "processing", "paid"])
def test_only_the_providers_own_word_for_success_grants(buyer, status):
    event, _ = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), status=status)
    assert (event.status, event.received[:6]) == ("for_staff", "status")
    assert buyer.wallet().plan_id == "free"


@pytest.mark.parametrize("tax", ["x", -1, [], 1.5])
def test_a_tax_that_cannot_be_read_is_not_taken_for_none(buyer, tax):
    sums = {"tax": tax}
    if buyer.provider == "paddle":
        sums = {"details": {"totals": {"total": "2900", "tax": tax}}}
    assert buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), **sums)[0].status == "for_staff"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_was_paid_beyond_the_price_of_packs_is_returned_first(cast, db, provider):
    with open_shop() as shop:
        buyer = Buyer(provider, shop, cast.organization)
        _, payment = buyer.pay(ago(hours=3), checkout=buyer.checkout(packs=1), cents=3000)
        buyer.money_back(payment, "refund", ago(hours=2), cents=1500)
        assert books.check(buyer.organization).topup_balance == 500
        buyer.money_back(payment, "refund", ago(hours=1), cents=750)
        assert books.check(buyer.organization).topup_balance == 250


@pytest.mark.parametrize(
    ("paid", "back", "left"), [(6000, 3100, 1000), (5000, 2100, 1000), (6000, 4550, 500), (6000, 6000, 50)]
)
def test_what_was_paid_beyond_the_price_of_a_plan_is_returned_first(buyer, paid, back, left):
    """Half of the surplus's payment back took half of the XCT, or the plan."""
    _, payment = buyer.pay(ago(hours=3), checkout=buyer.checkout("starter"), cents=paid)
    buyer.money_back(payment, "refund", ago(hours=2), cents=back)
    wallet = books.check(buyer.organization)
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter" if left > 50 else "free", left)


def test_a_disputed_amount_that_may_mean_two_sums_waits_for_staff(cast, db):
    """Dodo writes it as a text: 10 may be ten cents or ten of thirty euros."""
    with open_shop() as shop:
        buyer = Buyer("dodo", shop, cast.organization)
        _, payment = buyer.pay(ago(hours=2), checkout=buyer.checkout(packs=2))
        event = buyer.deliver("dispute.lost", dodo.dispute("one", payment, "10"), ago(hours=1))
        assert (event.status, event.received) == ("for_staff", "0.10 or 10.00")
        assert buyer.wallet().topup_balance == 1000
        assert provider_events.accept(event=event, by=cast.staff, reason="Ten cents, says Dodo.").status == "applied"
        assert buyer.wallet().topup_balance < 1000


# --- what was parked, and goes back


def parked_of(buyer, bought):
    """Half of the price of two packs, of a plan, or of its renewal; its event, its id and what was paid."""
    at = ago(hours=3)
    if bought == "renewal":
        buyer.buy("starter", ago(days=28))
        event, identity = buyer.pay(at, cents=1450)
    else:
        checkout = buyer.checkout(packs=2) if bought == "packs" else buyer.checkout("starter")
        event, identity = buyer.pay(at, checkout=checkout, cents=checkout.expected_minor // 2)
    assert event.status == "for_staff"
    return event, identity, 1500 if bought == "packs" else 1450


def differences():
    return [(one.check, one.found) for one in reconciliation.find()]


@pytest.mark.parametrize("bought", ["packs", "plan", "renewal"])
@pytest.mark.parametrize("kind", ["refund", "chargeback"])
def test_a_parked_payment_that_was_returned_is_settled(buyer, bought, kind):
    """It stood as received, and its refund waited for ever."""
    event, identity, cents = parked_of(buyer, bought)
    before = buyer.wallet().total_balance
    assert differences() == [("event_is_applied", f"{cents / 100:.2f} EUR")]
    back = buyer.money_back(identity, kind, ago(hours=2), cents=cents, id=f"back_{buyer.number}")
    event.refresh_from_db()
    assert (event.status, back.status, event.expected) == ("applied", "applied", event.expected)
    assert (differences(), buyer.wallet().total_balance) == ([], before)
    # It comes again: staff see it again.
    buyer.take_word_back(identity, kind, ago(hours=1), cents=cents, id=f"back_{buyer.number}")
    event.refresh_from_db()
    assert (event.status, event.received) == ("for_staff", f"{cents / 100:.2f} EUR")
    assert buyer.wallet().total_balance == before


def test_a_parked_payment_shows_what_was_returned_of_it_in_any_order(buyer):
    checkout = buyer.checkout(packs=2)
    identity = checkout.external_id if buyer.provider == "paddle" else "pay_parked"
    back = buyer.money_back(identity, "refund", ago(hours=2), cents=500)
    assert back.status == "waiting"
    event, _ = buyer.pay(ago(hours=3), checkout=checkout, cents=1500, id=identity)
    event.refresh_from_db()
    assert (event.status, event.expected, event.received) == ("for_staff", "30.00 EUR", "15.00 EUR, 5.00 returned")
    buyer.money_back(identity, "refund", ago(hours=1), cents=250)
    event.refresh_from_db()
    assert event.received == "15.00 EUR, 7.50 returned"
    assert sum(figures.revenue(ago(days=1))["Cards"].values()) == D("7.50")


@pytest.mark.parametrize("bought", ["packs", "plan", "renewal"])
@pytest.mark.parametrize("accepted_first", [True, False])
def test_a_parked_payment_that_staff_accept_brings_the_part_that_was_kept(buyer, cast, bought, accepted_first):
    event, identity, cents = parked_of(buyer, bought)
    steps = [
        lambda: provider_events.accept(event=event, by=cast.staff, reason="a known customer"),
        lambda: buyer.money_back(identity, "refund", ago(hours=2), cents=cents // 5),
    ]
    for step in steps if accepted_first else reversed(steps):
        step()
    event.refresh_from_db()
    payment = Payment.objects.get(external_id=identity)
    assert (event.status, payment.status, payment.expected_minor) == ("applied", "refunded", cents)
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.topup_balance) == (("free", 800) if bought == "packs" else ("starter", 0))
    if bought != "packs":
        assert PaidPeriod.objects.get(key=payment.cycle_key).kept == D("0.8")
    assert differences() == []


def test_a_parked_payment_is_not_among_the_customers(buyer, api, cast):
    parked_of(buyer, "plan")
    assert api.as_(cast.owner).get("billing/payment-history") == []


def test_reconciliation_names_a_parked_payment_that_staff_do_not_see(buyer):
    event, _, _ = parked_of(buyer, "packs")
    type(event).objects.filter(pk=event.pk).update(status="applied")
    assert differences() == [("payment_is_what_was_ordered", "15.00 EUR")]
