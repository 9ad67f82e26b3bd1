"""The plan follows from the paid periods, always: old invoices, dunning and events without money do not change it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from billing import corrections, dunning, holds, invoices, orders, reconciliation, settlement
from billing.models import PaidPeriod, Payment, Plan, PlanSeen, ProviderEvent, Subscription, Wallet
from billing.months import months_after
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.shop import open_shop

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("card")]

D = Decimal
HOURS = timedelta(hours=1)


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


@pytest.fixture(params=PROVIDERS)
def card(request, shop, cast):
    return Buyer(request.param, shop, cast.organization)


def ordered(organization, tier, period="monthly"):
    return orders.order_plan(organization=organization, plan=Plan.objects.get(pk=tier), billing_period=period)


def confirm(invoice, cast):
    invoices.confirm(invoice=invoice, by=cast.staff)
    return books.check(invoice.organization)


# --- invoices


@pytest.mark.parametrize("by", ["invoice", *PROVIDERS])
def test_an_old_invoice_that_is_paid_late_takes_nothing_away_and_is_not_lost(cast, buyer, shop, by):
    """It expired 20,000 XCT, and dunning then ended the year that had been paid for."""
    old = ordered(buyer, "starter")
    if by == "invoice":
        confirm(ordered(buyer, "business", "yearly"), cast)
    else:
        Buyer(by, shop, buyer).buy("business", ago(minutes=5), period="yearly")
    wallet = confirm(old, cast)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.billing_period) == ("business", 20_000, "yearly")
    year_ends = PaidPeriod.objects.get(plan="business").ends_at
    month = PaidPeriod.objects.get(plan="starter")
    assert (month.begins_at, wallet.next_cycle_at < year_ends) == (year_ends, True)
    dunning.run(now=timezone.now() + timedelta(days=60))
    assert books.check(buyer).plan_id == "business"
    assert reconciliation.find() == []
    Wallet.objects.filter(organization=buyer).update(next_cycle_at=year_ends)
    settlement.roll_over(buyer, now=year_ends + HOURS)
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.paid_until) == ("starter", 1000, month.ends_at)


def test_a_better_plan_begins_at_once_and_what_it_interrupts_goes_on_after_it(cast, buyer):
    confirm(ordered(buyer, "starter", "yearly"), cast)
    year = PaidPeriod.objects.get()
    wallet = confirm(ordered(buyer, "business"), cast)
    assert wallet.plan_id == "business"
    assert wallet.subscription_balance == 21_000  # what was paid for does not expire by buying more
    month_ends = PaidPeriod.objects.get(plan="business").ends_at
    assert wallet.next_cycle_at == month_ends
    ends = year.ends_at
    year.refresh_from_db()
    assert year.ends_at > ends + timedelta(days=27)
    settlement.roll_over(buyer, now=month_ends + HOURS)
    assert (books.check(buyer).plan_id, Subscription.objects.get().plan_id) == ("starter", "starter")
    grants = 0
    for _ in range(14):
        due = books.check(buyer).next_cycle_at
        if due is None:
            break
        grants += settlement.roll_over(buyer, now=due + HOURS) is not None
    assert grants == 11, "twelve months were paid for"


@pytest.mark.parametrize("told_late", [True, False])
def test_an_invoice_that_began_before_a_card_was_told_of_loses_no_time_to_it(cast, buyer, card, told_late):
    """What the card had paid for was counted twice."""
    invoice, start = ordered(buyer, "starter"), ago(days=20)
    if told_late:
        confirm(invoice, cast)
        card.buy("starter", start)
    else:
        card.buy("starter", start)
        confirm(invoice, cast)
    ends = PaidPeriod.objects.get(subscription=None).ends_at
    assert abs(ends - months_after(months_after(start, 1), 1)) < 2 * 24 * HOURS


def test_crediting_the_first_of_two_starts_the_second_with_its_xct(cast, buyer):
    first = ordered(buyer, "starter")
    confirm(first, cast)
    confirm(ordered(buyer, "starter"), cast)
    invoices.credit(invoice=first, by=cast.staff, reason="Paid twice")
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)


# --- dunning and ends


def test_dunning_leaves_a_plan_whose_paid_period_runs(card):
    card.buy("business", ago(days=3), period="yearly")
    long_ago = ago(days=30)
    Wallet.objects.filter(organization=card.organization).update(overdue_since=long_ago, dunning_stage=7)
    dunning.run()
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.dunning_stage, wallet.overdue_since) == ("business", 0, None)


def test_a_subscription_that_ends_early_keeps_what_was_paid_for(card, cast):
    card.buy("starter", ago(days=10))
    card.tell("starter", ago(days=1), status="cancelled")
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter", 1000)
    over = wallet.paid_until + timedelta(days=2)
    dunning.run(now=over)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("free", 50)
    assert not cast.owner.notifications.filter(notification_type="payment_failed").exists()


def test_a_subscription_that_has_ended_leaves_its_plan_when_the_period_ends(card):
    """It stayed a day longer, with all that was left of the month: only dunning looked at it."""
    card.buy("starter", ago(days=10))
    card.tell("starter", ago(days=1), status="cancelled")
    over = card.wallet().paid_until
    with clock(over - HOURS):
        assert settlement.roll_over(card.organization) is None
    with clock(over + timedelta(minutes=1)):
        settlement.roll_over(card.organization)
        assert books.check(card.organization).plan_id == "free"


def test_a_subscription_without_a_payment_gives_no_plan(card):
    card.checkout("business")
    checkout = card.checkout("business")
    named = {"transaction_id": checkout.external_id} if card.provider == "paddle" else {}
    card.tell("business", ago(hours=1), **named)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance, wallet.paid_until) == ("free", 50, None)


def test_a_smaller_plan_beside_a_larger_one_adds_its_xct(cast, buyer, shop):
    confirm(ordered(buyer, "business"), cast)
    Buyer("dodo", shop, buyer).buy("starter", ago(minutes=1))
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.subscription_balance) == ("business", 21_000)


def test_what_staff_set_holds_until_the_next_payment(card, cast):

    card.buy("starter", ago(days=32))
    enterprise = Plan.objects.get(pk="enterprise")
    corrections.change_plan(organization=card.organization, plan=enterprise, by=cast.staff, allocate_immediately=True)
    card.tell("starter", ago(minutes=1))
    settlement.settle(card.organization)
    assert card.wallet().plan_id == "enterprise"
    card.pay(timezone.now())
    assert card.wallet().plan_id == "starter"


# --- upgrades


def upgraded(card, *, hours):
    card.buy("starter", ago(days=10))
    card.tell("business", ago(hours=hours))
    return card.wallet()


def settle_unpaid(hours):
    return settlement.settle_unpaid_upgrades(now=timezone.now() + timedelta(hours=hours))


def test_an_upgrade_is_granted_at_once_and_stays_when_it_is_paid(card):
    wallet = upgraded(card, hours=1)
    assert (wallet.plan_id, wallet.subscription_balance > 10_000) == ("business", True)
    assert card.pay(ago(minutes=50), kind="plan_change", cents=20_000, plan="business")[0].status == "applied"
    had = wallet.subscription_balance
    assert settle_unpaid(80) > 0
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("business", had)
    assert not PlanSeen.objects.filter(settled_at=None).exists()


def test_an_upgrade_that_nobody_pays_for_is_taken_back_after_72_hours_with_what_was_spent(card):
    upgraded(card, hours=1)
    settle_unpaid(70)
    assert card.wallet().plan_id == "business"
    hold = holds.place(organization=card.organization, amount=D(4000), key="work")
    holds.capture(hold=hold, amount=D(4000), key="item")
    settle_unpaid(72)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", -3000)
    settle_unpaid(200)
    assert card.wallet().total_balance == -3000
    # The payment comes after all.
    assert card.pay(ago(minutes=1), kind="plan_change", cents=20_000, plan="business")[0].status == "applied"
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance > 6000) == ("business", True)


def test_what_staff_set_goes_over_into_what_was_paid_for_the_time_after_it(card, cast):
    """The next word on the subscription put its payer on Free; and what was paid for waited for the next month."""
    start = ago(days=27)
    card.buy("starter", start)
    card.pay(ago(days=1), cents=2900)
    corrections.change_plan(organization=cast.organization, plan=Plan.objects.get(pk="business"), by=cast.staff)
    card.tell("starter", ago(minutes=5), since=start)
    assert card.wallet().plan_id == "business"
    begins = months_after(start, 1)
    assert card.wallet().next_cycle_at == begins
    with clock(begins + timedelta(minutes=1)):
        settlement.roll_over(cast.organization)
        assert (card.wallet().plan_id, card.wallet().paid_until) == ("starter", months_after(start, 2))


@pytest.mark.parametrize("again", ["professional", "business", "another month", "another subscription"])
def test_the_72_hours_are_given_once_until_the_upgrade_is_paid(card, again):
    """Business for three days of each month was to be had for the price of Starter, and Professional after it."""
    start = ago(days=36 if again == "another month" else 9)
    card.buy("starter", start)
    first = start + timedelta(days=1)
    card.tell("business", first, since=start)
    card.tell("starter", first + timedelta(hours=80), since=start)
    buyer = card
    if again == "another month":
        since = months_after(start, 1)
        card.pay(since, cents=2900)
    elif again == "another subscription":
        buyer = Buyer(card.provider, card.shop, card.organization)
        buyer.buy("starter", ago(days=2))
    plan = "professional" if again == "professional" else "business"
    buyer.tell(plan, ago(days=1))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance <= 2000) == ("starter", True)
    # Who pays loses nothing, and is trusted again.
    cents = 27_000 if plan == "business" else 7000
    assert buyer.pay(ago(hours=20), kind="plan_change", cents=cents, plan=plan)[0].status == "applied"
    assert card.wallet().plan_id == plan
    if again == "professional":
        card.pay(first, kind="plan_change", cents=26_000, plan="business")
        assert card.wallet().plan_id == "business"


def test_who_has_paid_for_an_upgrade_has_72_hours_for_the_next(card):
    card.buy("starter", ago(days=9))
    card.tell("professional", ago(days=8))
    assert card.pay(ago(days=8), kind="plan_change", cents=7000, plan="professional")[0].status == "applied"
    card.tell("business", ago(days=1))
    assert card.wallet().plan_id == "business"


@pytest.mark.parametrize("then", ["on_hold", "back"])
def test_an_unpaid_upgrade_ends_with_the_subscriptions_standing(card, then):
    upgraded(card, hours=3)
    status = {"status": "on_hold"} if then == "on_hold" else {}
    card.tell("starter" if then == "back" else "business", ago(hours=1), **status)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance, wallet.overdue_since) == ("starter", 1000, None)


@pytest.mark.parametrize("upgrade_first", [True, False])
def test_an_upgrade_for_a_cent_is_not_paid(card, upgrade_first):
    card.buy("starter", ago(days=10))
    steps = [
        lambda: card.tell("business", ago(hours=80)),
        lambda: card.pay(ago(hours=80), kind="plan_change", cents=1, plan="business"),
    ]
    for step in steps if upgrade_first else reversed(steps):
        step()
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)
    parked = ProviderEvent.objects.get(status="for_staff")
    assert (parked.received, D(parked.expected.split()[0]) > 100) == ("0.01 EUR", True)


def test_a_change_to_the_year_is_in_force_when_it_is_paid(card):
    card.buy("starter", ago(days=10))
    card.tell("business", ago(hours=2), period="yearly")
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.billing_period) == ("business", "monthly")
    event, _ = card.pay(ago(hours=1), kind="plan_change", cents=297_500, plan="business", period="yearly")
    assert event.status == "applied", event.outcome
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.billing_period) == ("business", "yearly")
    assert wallet.paid_until > timezone.now() + timedelta(days=360)
    used = PaidPeriod.objects.get(billing_period="monthly")  # for ten days of it; the rest went into the year's price
    part = (ago(hours=2) - used.begins_at) / (months_after(used.begins_at, 1) - used.begins_at)
    assert abs(wallet.subscription_balance - D(20_000 + 1000 * part)) < 1
    assert reconciliation.find() == []


def test_a_year_that_the_version_before_let_a_month_change_to_becomes_a_paid_period(card):
    changed = ago(days=20)
    card.buy("starter", ago(days=40))
    Subscription.objects.update(plan="business", billing_period="yearly")
    Payment.objects.create(
        organization=card.organization,
        provider=card.provider,
        external_id="change_1",
        subscription=Subscription.objects.get(),
        kind="plan_change",
        status="succeeded",
        amount_minor=297_500,
        currency="EUR",
        paid_at=changed,
    )
    fill = import_module("billing.migrations.0021_years_that_were_changed_to").fill
    fill(apps, None)
    fill(apps, None)
    year = PaidPeriod.objects.get(billing_period="yearly")
    assert (year.plan_id, year.begins_at, year.subscription.external_id) == ("business", changed, card.subscription)
    settlement.settle(card.organization)
    assert (card.wallet().plan_id, card.wallet().billing_period) == ("business", "yearly")


def test_a_renewal_that_was_charged_before_its_turn_raises_no_alarm_until_then(card):
    """The database's clock was asked, too, which may be another."""
    checkout = card.checkout("starter")
    with clock(ago(days=40)):
        card.pay(timezone.now(), checkout=checkout)
        card.tell("starter", timezone.now())
    with clock(ago(days=14)):
        card.pay(timezone.now())
        assert reconciliation.find() == []
