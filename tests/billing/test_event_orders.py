"""Renewals and changes of plan, told in every order: each payment is for what the subscription was when it was paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db.models import F
from django.utils import timezone

from billing import checkouts, dunning, provider_events, reconciliation, settlement
from billing.models import PaidPeriod, Payment, Plan, ProviderEvent, Subscription, Wallet
from billing.months import months_after
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.shop import open_shop
from tests.fakes import dodo, paddle
from tests.sizes import some

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("card")]

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


@pytest.fixture(params=PROVIDERS)
def card(request, shop, cast):
    return Buyer(request.param, shop, cast.organization)


@pytest.fixture
def by_dodo(shop, cast):
    return Buyer("dodo", shop, cast.organization)


def parked():
    return list(ProviderEvent.objects.filter(status__in=("for_staff", "waiting")).values_list("outcome", flat=True))


@pytest.mark.parametrize("order", some(permutations(range(4)), 5))
def test_a_renewal_and_the_upgrade_after_it_are_the_same_in_any_order(card, order):
    """The upgrade, told before the renewal's payment, parked it: 29 € are less than the larger plan costs."""
    start = ago(days=33)
    card.buy("starter", start)
    renewed = months_after(start, 1)
    steps = [
        lambda: card.pay(renewed, cents=2900),
        lambda: card.tell("starter", renewed + timedelta(seconds=5)),
        lambda: card.tell("business", renewed + HOUR),
        lambda: card.pay(renewed + HOUR, kind="plan_change", cents=27_000, plan="business"),
    ]
    for number in order:
        steps[number]()
    assert parked() == []
    wallet = card.wallet()
    assert wallet.plan_id == "business"
    month = (months_after(renewed, 1) - renewed) / HOUR
    assert (
        abs(wallet.subscription_balance - Decimal(1000 + 19_000 * (month - 1) / month)) < 1
    )  # an hour of it was Starter's
    assert Subscription.objects.get().plan_id == "business"
    assert reconciliation.find() == []


@pytest.mark.parametrize("order", some(permutations(range(3)), 3))
def test_a_renewal_and_the_change_to_the_year_after_it_are_the_same_in_any_order(card, order):
    start = ago(days=33)
    card.buy("starter", start)
    renewed = months_after(start, 1)
    steps = [
        lambda: card.pay(renewed, cents=2900),
        lambda: card.tell("business", renewed + HOUR, period="yearly"),
        lambda: card.pay(renewed + HOUR, kind="plan_change", cents=297_000, plan="business", period="yearly"),
    ]
    for number in order:
        steps[number]()
    assert parked() == []
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.billing_period) == ("business", "yearly")
    assert PaidPeriod.objects.filter(plan="starter", billing_period="monthly").count() == 2
    assert reconciliation.find() == []


def test_a_smaller_plan_that_comes_with_the_renewal_costs_its_own_price_whenever_it_is_told(card):
    for told_first, start in ((True, ago(days=64)), (False, ago(days=33))):
        if told_first:
            card.buy("business", start)
        renewed = months_after(start, 1)
        steps = [lambda at=renewed: card.tell("starter", at + timedelta(minutes=2)), lambda at=renewed: card.pay(at)]
        for step in steps if told_first else reversed(steps):
            step()
    assert parked() == []
    assert card.wallet().plan_id == "starter"


def test_a_renewal_at_the_larger_price_is_of_the_larger_plan_though_a_smaller_one_was_to_follow(by_dodo):
    by_dodo.buy("professional", ago(days=33))
    starter = Plan.objects.get(pk="starter")
    Subscription.objects.update(pending_plan=starter, pending_period="monthly", period_ends_at=ago(days=2))
    assert by_dodo.pay(ago(days=2), cents=9900)[0].status == "applied"
    wallet = by_dodo.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("professional", 5000)


@pytest.mark.parametrize("seconds", [3, -3])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("payment_first", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        ("starter", "professional", "monthly"),
        ("professional", "business", "monthly"),
        ("professional", "professional", "yearly"),
        ("business", "starter", "monthly"),
        ("starter", "starter", "monthly"),
    ],
)
def test_a_renewal_pays_the_plan_that_is_told_with_it(by_dodo, change, payment_first, named, seconds):
    """Told after the payment, or in one event with it, a larger plan was taken for an upgrade that nobody had paid."""
    before, plan, period = change
    start = ago(days=34)
    by_dodo.buy(before, start)
    renewed = months_after(start, 1)
    bought = Plan.objects.get(pk=plan)
    customer = {"customer_id": f"cus_{by_dodo.number}"}
    data = dodo.payment(
        "pay_r",
        subscription_id=by_dodo.subscription,
        created_at=renewed.isoformat(),
        charge_type="renewal",
        total_amount=bought.price_minor(period),
        customer=customer,
    )
    by_dodo.shop.dodo.paid["pay_r"] = data
    told = {"product_id": by_dodo.price(plan, period), "next_billing_date": None, "customer": customer}
    state = dodo.subscription(by_dodo.subscription, **told, **({"payment_id": "pay_r"} if named else {}))
    at = renewed + timedelta(seconds=seconds)
    steps = [
        lambda: by_dodo.deliver("payment.succeeded", data, renewed),
        lambda: by_dodo.deliver("subscription.renewed", state, at),
    ]
    for step in steps if payment_first else reversed(steps):
        step()
    assert parked() == []
    settlement.settle_unpaid_upgrades(now=timezone.now() + 80 * HOUR)
    wallet = by_dodo.wallet()
    assert (wallet.plan_id, wallet.billing_period) == (plan, period)
    assert wallet.subscription_balance == bought.monthly_xct
    paid = PaidPeriod.objects.get(key__endswith="pay_r")
    assert (paid.plan_id, paid.ends_at) == (plan, months_after(renewed, paid.months))
    assert (Subscription.objects.get().plan_id, Payment.objects.get(external_id="pay_r").xct) == (plan, paid.allotment)
    assert reconciliation.find() == []


@pytest.mark.parametrize("cents", [2900, 1])
def test_a_late_word_on_a_payment_that_was_applied_keeps_what_it_paid_for(by_dodo, cents):
    """The renewal was told by the subscription, which had a larger plan since, at a price that it did not reach."""
    by_dodo.buy("starter", ago(days=33))
    at = months_after(ago(days=33), 1)
    data = dodo.payment("pay_x", subscription_id=by_dodo.subscription, created_at=at.isoformat(), charge_type="renewal")
    data["customer"] = {"customer_id": f"cus_{by_dodo.number}"}
    by_dodo.shop.dodo.paid["pay_x"] = data
    state = dodo.subscription(by_dodo.subscription, payment_id="pay_x", customer=data["customer"])
    assert by_dodo.deliver("subscription.renewed", state, at).status == "applied"
    by_dodo.tell("business", ago(hours=2))
    event = by_dodo.deliver("payment.succeeded", {**data, "total_amount": cents}, at)
    if cents == 1:  # not what was recorded
        assert event.status == "for_staff"
        return
    assert (event.status, "starter" in event.outcome) == ("applied", True)
    payment = Payment.objects.get(external_id="pay_x")
    assert (payment.expected_minor, payment.xct) == (2900, 1000)
    assert reconciliation.find() == []


@pytest.mark.parametrize("told_first", [True, False])
def test_a_renewal_without_its_type_is_one_by_its_time(by_dodo, told_first):
    """Of before the field. It waited for a change of plan for ever when the new period was told first."""
    by_dodo.buy("starter", ago(days=33))
    at = months_after(ago(days=33), 1)
    customer = {"customer_id": f"cus_{by_dodo.number}"}
    ends = months_after(at, 1).isoformat()
    state = dodo.subscription(by_dodo.subscription, next_billing_date=ends, customer=customer)
    if told_first:
        by_dodo.deliver("subscription.updated", state, at)
    data = dodo.payment(
        "pay_y", subscription_id=by_dodo.subscription, created_at=at.isoformat(), charge_type=None, customer=customer
    )
    assert by_dodo.deliver("payment.succeeded", data, at).status == "applied"
    assert Payment.objects.get(external_id="pay_y").kind == "renewal"
    assert by_dodo.wallet().subscription_balance == 1000


def test_a_renewal_that_is_on_hold_wakes_what_waits_for_its_subscription(by_dodo):
    """It waits for its own payment; what it tells of the subscription was written down, and woke nobody."""
    by_dodo.pay(ago(days=3), checkout=by_dodo.checkout(packs=1))  # so its customer is known
    by_dodo.checkout("starter")
    event, _ = by_dodo.pay(ago(hours=3), cents=2900)
    assert event.status == "waiting"
    customer = {"customer_id": f"cus_{by_dodo.number}"}
    state = dodo.subscription(by_dodo.subscription, status="on_hold", payment_id="pay_unknown", customer=customer)
    assert by_dodo.deliver("subscription.renewed", state, ago(hours=4)).status == "waiting"
    event.refresh_from_db()
    assert (event.status, by_dodo.wallet().plan_id) == ("applied", "starter")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_subscription_is_active_that_was_paid_after_the_last_word_on_it(card, order):
    """It stayed paused when that was told first, and was active otherwise."""
    card.buy("starter", ago(days=32))
    steps = [
        lambda: card.tell("starter", ago(hours=5), status="paused"),
        lambda: card.pay(ago(hours=2)),
    ]
    for number in order:
        steps[number]()
    assert Subscription.objects.get().status == "active"


# --- what nobody pays for


def test_a_plan_that_nobody_pays_for_ends_though_its_provider_calls_it_active(card, cast):
    card.buy("business", ago(days=20))
    past = timedelta(days=40)
    moved = {name: F(name) - past for name in ("begins_at", "ends_at", "paid_at")}
    PaidPeriod.objects.update(**moved)
    Wallet.objects.filter(organization=card.organization).update(paid_until=F("paid_until") - past)
    for days in (10, 1):
        card.tell("business", ago(days=days))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("free", 50)
    assert cast.owner.notifications.filter(title__contains="moved to the Free plan").count() == 1
    dunning.run()
    card.tell("business", ago(hours=1))
    assert card.wallet().plan_id == "free"
    Subscription.objects.update(created_at=ago(days=60))
    assert [one.check for one in reconciliation.find()] == ["subscription_is_paid"]


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
def test_a_plan_ends_with_its_renewals_money_though_its_provider_calls_it_active(card, kind):
    start = ago(days=33)
    card.buy("business", start)
    _, renewal = card.pay(months_after(start, 1), cents=29_900, plan="business")
    card.tell("business", ago(days=1))
    assert card.wallet().plan_id == "business"
    card.money_back(renewal, kind, ago(hours=3))
    card.tell("business", ago(hours=1))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("free", 50)
    dunning.run()
    assert card.wallet().plan_id == "free"


def test_what_an_upgrades_own_payment_bought_stays_when_the_periods_money_goes_back(card):
    """It took 18,366 XCT that 261 € had bought."""
    base = card.buy("starter", ago(days=1))
    card.tell("business", ago(hours=2))
    _, upgrade = card.pay(ago(hours=2), kind="plan_change", cents=26_500, plan="business")
    had = card.wallet().subscription_balance
    card.money_back(base, "refund", ago(hours=1))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("business", had - 1000)
    assert wallet.paid_until == PaidPeriod.objects.get().ends_at
    assert reconciliation.find() == []
    card.money_back(upgrade, "refund", ago(minutes=30))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("free", 50)
    assert reconciliation.find() == []


@pytest.mark.parametrize("order", some(permutations(range(3)), 3))
def test_the_order_of_upgrade_payment_and_refund_does_not_matter(card, order):
    base = card.buy("starter", ago(days=1))
    steps = [
        lambda: card.tell("business", ago(hours=2)),
        lambda: card.pay(ago(hours=2), kind="plan_change", cents=26_500, plan="business"),
        lambda: card.money_back(base, "refund", ago(hours=1)),
    ]
    for number in order:
        steps[number]()
    wallet = card.wallet()
    assert wallet.plan_id == "business"
    assert 18_000 < wallet.total_balance < 18_500
    assert reconciliation.find() == []


# --- what is shown and asked for


def test_an_unpaid_change_to_the_year_shows_the_end_of_what_was_paid(card, api, cast):
    card.buy("starter", ago(days=10))
    ends = (timezone.now() + timedelta(days=365)).isoformat()
    if card.provider == "dodo":
        customer = {"customer_id": f"cus_{card.number}"}
        product = card.price("business", "yearly")
        state = dodo.subscription(card.subscription, product_id=product, next_billing_date=ends, customer=customer)
    else:
        price, customer = card.price("business", "yearly"), f"ctm_{card.number}"
        state = paddle.subscription(card.subscription, price=price, next_billed_at=ends, customer_id=customer)
        state["current_billing_period"] = {"starts_at": ago(hours=1).isoformat(), "ends_at": ends}
    card.deliver("subscription.updated", state, ago(hours=1))
    wallet = card.wallet()
    shown = api.as_(cast.owner).get("billing/subscription")
    assert shown["subscription_period_end"][:19] == f"{wallet.paid_until:%Y-%m-%dT%H:%M:%S}"
    assert shown["billing_period"] == "monthly"


@pytest.mark.parametrize(("cents", "plan", "xct"), [(29_900, "business", 20_000), (2900, "starter", 1000)])
def test_lowering_the_plan_of_an_overdue_subscription_counts_from_the_payment_that_comes(card, cast, cents, plan, xct):
    card.buy("business", ago(days=35))
    card.tell("business", ago(days=4), status="on_hold")
    outcome = checkouts.subscribe(
        organization=card.organization, plan=Plan.objects.get(pk="starter"), billing_period="monthly", by=cast.owner
    )
    assert (outcome.plan_changed, outcome.scheduled) == (False, True)
    settlement.settle(card.organization)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.overdue_since) == ("business", wallet.paid_until), "in grace, until a payment comes"
    event, _ = card.pay(ago(hours=1), cents=cents, plan=plan)
    assert event.status == "applied", event.outcome
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.overdue_since) == (plan, xct, None)
    assert PaidPeriod.objects.order_by("begins_at").last().price_minor == cents
    assert reconciliation.find() == []


def test_lowering_the_plan_of_an_overdue_subscription_grants_nothing_unpaid(card, cast):
    card.buy("business", ago(days=35))
    card.tell("business", ago(days=4), status="on_hold")
    checkouts.subscribe(
        organization=card.organization, plan=Plan.objects.get(pk="starter"), billing_period="monthly", by=cast.owner
    )
    card.tell("starter", ago(hours=1))
    assert card.pay(ago(minutes=50), cents=1)[0].status == "for_staff"
    before = card.wallet().last_number
    settlement.settle(card.organization, at=timezone.now() + timedelta(days=12))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("free", 50)
    assert wallet.last_number > before


@pytest.mark.parametrize("order", some(permutations(range(3)), 6))
def test_a_year_that_is_told_in_its_time_of_grace_has_its_last_months_xct_in_any_order(card, order):
    """They expired as those of a month that was over, unless something was told after the payment."""
    checkout, packs, since = card.checkout("professional", "yearly"), card.checkout(packs=1), ago(days=372)
    steps = [
        lambda: card.pay(since, checkout=checkout),
        lambda: card.tell("professional", since + timedelta(seconds=5), period="yearly"),
        lambda: card.pay(since, checkout=packs),
    ]
    for number in order:
        steps[number]()
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("professional", 5000, 500)
    assert reconciliation.find() == []


def told_while_messages_are_lost(buyer, tell):
    """The event of `tell` is applied, but what it sends to workers is lost; then comes the sweep."""
    buyer.waits = True
    event = tell()
    buyer.shop.lose()
    provider_events.apply(event.pk)
    buyer.shop.lose()
    with clock(timezone.now() + timedelta(minutes=5)):
        provider_events.sweep()
        buyer.shop.work()


@pytest.mark.parametrize("kind", ["renewal", None])
def test_a_parked_renewal_is_decided_anew_though_the_message_is_lost(by_dodo, kind):
    """It stayed parked for good, held against the plan that its subscription had before."""
    start = ago(days=38)
    renewed = months_after(start, 1)
    by_dodo.buy("professional", start)
    assert by_dodo.pay(renewed, kind=kind, cents=2900)[0].status == "for_staff"
    told_while_messages_are_lost(by_dodo, lambda: by_dodo.tell("starter", renewed))
    wallet = by_dodo.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, parked()) == ("starter", 1000, [])
    assert reconciliation.find() == []


def test_money_that_goes_back_is_taken_with_its_payment_though_the_message_is_lost(card):
    checkout = card.checkout("starter")
    payment = checkout.external_id if card.seller.by_checkout else "pay_late"
    assert card.money_back(payment, "refund", ago(hours=1), cents=2900).status == "waiting"
    told_while_messages_are_lost(card, lambda: card.pay(ago(days=2), checkout=checkout, id=payment)[0])
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, parked()) == ("free", 50, [])
    assert reconciliation.find() == []
