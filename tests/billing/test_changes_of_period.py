"""Months and years, two subscriptions, several charges, odd clocks: nobody holds XCT that were not paid for, and nobody
loses what was."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import holds, invoices, orders, provider_events, reconciliation, settlement, usage
from billing.models import PaidPeriod, Payment, Plan
from billing.months import months_after
from scribe.errors import Conflict
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.shop import open_shop
from tests.scribe.admin_browser import staff_action_url, staff_client

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("card")]

D = Decimal
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(params=PROVIDERS)
def card(request, cast, db):
    with open_shop() as shop:
        yield Buyer(request.param, shop, cast.organization)


@pytest.fixture
def by_dodo(cast, db):
    with open_shop() as shop:
        yield Buyer("dodo", shop, cast.organization)


def another(card):
    return Buyer(card.provider, card.shop, card.organization)


def spend(card, amount):
    key = f"work {amount} {card.wallet().last_number}"
    hold = holds.place(organization=card.organization, amount=D(amount), key=key)
    holds.capture(hold=hold, amount=D(amount), key=key)
    usage.record(organization=card.organization, key=key, provider="x", model="y", xct=D(amount), cost_usd=D(1))
    holds.close(hold=hold)


def part(since, until):
    """The part of the month from `since` that has passed at `until`."""
    return D((until - since) / (months_after(since, 1) - since))


def change(card, plan, at, cents, *, period="monthly"):
    card.tell(plan, at, period=period)
    event, payment = card.pay(at, kind="plan_change", cents=cents, plan=plan, period=period)
    assert event.status == "applied", event.outcome
    return payment


def settled(card, xct, *, plan):
    """The organization is on the plan and has these XCT in all."""
    wallet = card.wallet()
    assert wallet.plan_id == plan
    assert abs(wallet.total_balance - D(xct)) < 2, wallet.total_balance
    assert [one for one in reconciliation.find() if one.check != "event_is_applied"] == []
    return wallet


@pytest.mark.parametrize("spent", [0, 15_000])
def test_a_change_of_period_brings_its_own_xct_and_not_the_difference_too(card, spent):
    """The difference was granted at once, and a whole allotment with the payment: 17,000 to 18,000 XCT too many."""
    start, at = ago(days=3), ago(hours=2)
    card.buy("starter", start, period="yearly")
    card.tell("business", at)
    if spent:
        spend(card, spent)
    assert card.pay(at + HOUR, kind="plan_change", cents=1200, plan="business")[0].status == "applied"
    settled(card, 20_000 + 1000 * part(start, at + HOUR) - spent, plan="business")


@pytest.mark.parametrize("spent", [0, 20_000])
def test_a_month_that_becomes_a_year_brings_its_own_xct_for_its_own_days(card, spent):
    """Of a month that was spent whole, 289 of 299 euros were a part of the year's price: 13 allotments for a year."""
    start, at = ago(days=1), ago(hours=1)
    card.buy("business", start)
    if spent:
        spend(card, spent)
    change(card, "business", at, 270_100, period="yearly")
    wallet = settled(card, 20_000 + 20_000 * part(start, at) - spent, plan="business")
    assert wallet.billing_period == "yearly"


def test_what_was_overspent_is_paid_by_the_months_that_follow_before_they_expire(card):
    start, at = ago(days=1), ago(hours=1)
    card.buy("business", start)
    with clock(at - HOUR):
        spend(card, 20_000)
    change(card, "business", at, 270_100, period="yearly")
    wallet = card.wallet()
    assert wallet.topup_balance < -19_000
    settlement.roll_over(card.organization, now=wallet.next_cycle_at + HOUR)
    wallet = card.wallet()
    assert (wallet.subscription_balance, wallet.topup_balance) == (20_000, 0)


@pytest.mark.parametrize("spent", [0, 20_000])
def test_a_change_whose_credit_is_larger_than_its_price_takes_the_credits_xct(by_dodo, spent):
    """A month of Business just bought, then a year of Starter for a euro: both had all their XCT."""
    start, at = ago(days=1), ago(hours=1)
    by_dodo.buy("business", start)
    if spent:
        spend(by_dodo, spent)
    change(by_dodo, "starter", at, 100, period="yearly")
    settled(by_dodo, 1000 + 20_000 * part(start, at) - spent, plan="starter")


@pytest.mark.parametrize("told_first", ["change", "payment"])
def test_a_payment_for_a_change_shows_what_it_bought_whenever_that_is_known(card, told_first):
    card.buy("business", ago(days=3), period="yearly")
    tell = {
        "change": lambda: card.tell("business", ago(hours=2)),
        "payment": lambda: card.pay(ago(hours=2), kind="plan_change", cents=0, plan="business"),
    }
    for name in sorted(tell, key=lambda name: name != told_first):
        tell[name]()
    assert Payment.objects.get(kind="plan_change").xct == 20_000


@pytest.mark.parametrize("later", [False, True])
def test_of_two_payments_for_a_change_only_one_shows_xct_whichever_is_told_first(card, later):
    card.buy("starter", ago(days=5))
    at = ago(hours=4)
    card.tell("starter", at, period="yearly")
    for paid_at in sorted((at, at + HOUR / 2), reverse=later):
        card.pay(paid_at, kind="plan_change", cents=26_928, plan="starter", period="yearly")
    made = Payment.objects.filter(kind="plan_change").order_by("paid_at")
    assert list(made.values_list("xct", flat=True)) == [1000, 0]


@pytest.mark.parametrize(("plan", "cents", "xct"), [("starter", 26_200, 1000), ("business", 270_100, 20_000)])
@pytest.mark.parametrize("kind", ["refund", "chargeback"])
def test_a_year_that_is_returned_the_same_day_leaves_the_month_with_its_xct(card, plan, cents, xct, kind):
    """The month had 0 XCT."""
    card.buy(plan, ago(days=1))
    with clock(ago(hours=3)):
        spend(card, 300)
    year = change(card, plan, ago(hours=2), cents, period="yearly")
    card.money_back(year, kind, ago(hours=1), id="one")
    wallet = settled(card, xct - 300, plan=plan)
    assert (wallet.billing_period, wallet.topup_balance) == ("monthly", 0)
    card.take_word_back(year, kind, ago(minutes=30), id="one")
    assert settled(card, xct - 300 + xct * part(ago(days=1), ago(hours=2)), plan=plan).billing_period == "yearly"


@pytest.mark.parametrize("hours", [12, 36, 400])
def test_an_upgrade_brings_xct_for_the_time_that_is_paid_by_the_second(by_dodo, hours):
    """Twelve hours before the end 457 cents brought a whole day's XCT."""
    ends = timezone.now() + hours * HOUR
    start = months_after(ends, -1)
    by_dodo.buy("starter", start)
    at = timezone.now()
    fair = 1 - part(start, at)
    change(by_dodo, "business", at, int(27_000 * fair))
    settled(by_dodo, 1000 + 19_000 * fair, plan="business")


def test_xct_of_two_subscriptions_half_a_month_apart_expire_each_with_its_own(card):
    """They never did."""
    renewed = timezone.now() + HOUR
    card.buy("business", months_after(renewed, -1))
    other = another(card)
    other.buy("starter", ago(days=14))
    assert card.wallet().subscription_balance == 21_000
    card.pay(ago(hours=2), cents=29_900, plan="business")
    settled(card, 21_000, plan="business")
    settlement.settle(card.organization, at=renewed + 24 * HOUR)
    assert card.wallet().subscription_balance == 21_000
    ends = PaidPeriod.objects.get(plan="starter").ends_at
    assert card.wallet().next_cycle_at == ends
    assert settlement.roll_over(card.organization, now=ends + HOUR) is None
    assert card.wallet().subscription_balance == 20_000


def test_what_is_left_of_a_month_that_was_changed_expires_at_its_end(by_dodo):
    """It stayed until the next month began, as its entries were too old to be looked at."""
    start, at = ago(days=20), ago(days=10)
    with clock(start):
        by_dodo.buy("business", start)
    with clock(at):
        change(by_dodo, "business", at, 280_000, period="yearly")
        assert by_dodo.wallet().next_cycle_at == months_after(start, 1)
    with clock(months_after(start, 1) + HOUR):
        settlement.roll_over(by_dodo.organization)
        assert by_dodo.wallet().subscription_balance == 20_000


def test_what_is_spent_beside_is_of_what_ends_first(by_dodo):
    by_dodo.buy("business", ago(days=10))
    another(by_dodo).buy("starter", ago(days=20))
    spend(by_dodo, 1500)
    by_dodo.wallet()
    ends = PaidPeriod.objects.get(plan="starter").ends_at
    settlement.settle(by_dodo.organization, at=ends + HOUR)
    assert by_dodo.wallet().subscription_balance == 19_500


@pytest.mark.parametrize("spent", [0, 15_000])
def test_an_upgrade_that_is_paid_after_it_was_taken_back_pays_what_was_owed_for_it(card, spent):
    """Its XCT came to the month, and the debt stayed."""
    start, at = ago(days=5), ago(hours=2)
    card.buy("starter", start)
    card.tell("business", at)
    if spent:
        spend(card, spent)
    settlement.settle_unpaid_upgrades(now=timezone.now() + 72 * HOUR)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000 - spent)
    event, _ = card.pay(ago(hours=1), kind="plan_change", cents=26_000, plan="business")
    assert event.status == "applied", event.outcome
    wallet = settled(card, 1000 + 19_000 * (1 - part(start, at)) - spent, plan="business")
    assert wallet.topup_balance == 0


@pytest.mark.parametrize(("hours", "cents"), [(40, 1501), (240, 9001)])
def test_an_upgrade_may_be_paid_within_72_hours_of_the_end_of_its_period(card, hours, cents):
    """Its payment was for nothing, and what had been spent of it stayed owed."""
    start = ago(days=40)
    ends = months_after(start, 1)
    with clock(ends - hours * HOUR):
        card.buy("starter", start)
        card.tell("business", ends - hours * HOUR)
        spend(card, 1500)
    if hours > 72:
        with clock(ends - HOUR):
            settlement.settle_unpaid_upgrades()
            assert card.wallet().total_balance == -500
    with clock(ends + HOUR):
        card.pay(ends + HOUR, kind="renewal", plan="business", cents=29_900)
    with clock(ends + 10 * HOUR):
        event, _ = card.pay(ends + 10 * HOUR, kind="plan_change", cents=cents, plan="business")
        assert (event.status, event.outcome[:15]) == ("applied", "Paid an upgrade")
    with clock(ends + 80 * HOUR):
        settlement.settle_unpaid_upgrades()
        wallet = card.wallet()
        assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("business", 20_000, 0)
        assert reconciliation.find() == []


@pytest.mark.parametrize("rounds", [1, 4])
def test_a_dispute_that_is_lost_and_won_again_and_again_costs_nothing(card, rounds):
    """Each round took 50 XCT more; and then the first one left the 50 of the Free plan in between."""
    payment = card.buy("starter", ago(days=1))
    for number in range(rounds):
        at = ago(hours=20 - 4 * number)
        card.money_back(payment, "chargeback", at, id="one")
        assert card.wallet().plan_id == "free"
        card.take_word_back(payment, "chargeback", at + HOUR, id="one")
        settled(card, 1000, plan="starter")


def test_each_of_several_charges_within_a_period_buys_its_own_time(card):
    """Three of four months were lost."""
    start = ago(days=2)
    card.buy("starter", start)
    paid = [card.pay(ago(days=1) + number * HOUR)[1] for number in range(3)]
    wallet = settled(card, 1000, plan="starter")
    assert wallet.paid_until == months_after(start, 4)
    second = wallet.next_cycle_at
    assert second == months_after(start, 1)
    assert settlement.roll_over(card.organization, now=second + HOUR) is not None
    assert card.wallet().subscription_balance == 1000
    card.money_back(paid[2], "refund", ago(minutes=5))
    assert card.wallet().paid_until == months_after(start, 3)


def test_the_first_of_two_charges_that_is_returned_leaves_the_second(card):
    first = card.buy("starter", ago(days=1))
    card.pay(ago(hours=20))
    card.money_back(first, "refund", ago(hours=1))
    settled(card, 1000, plan="starter")


@pytest.mark.parametrize("days", [3, 500])
def test_a_word_dated_in_the_future_does_not_make_what_is_paid_look_over(card, days):
    """All was over by the newest event's time: the plan was Free, and honest changes were older than what was known."""
    start = ago(days=33)
    card.buy("starter", start)
    card.tell("starter", timezone.now() + timedelta(days=days))
    card.pay(months_after(start, 1))
    settled(card, 1000, plan="starter")
    change(card, "business", ago(minutes=5), 27_000)
    assert card.wallet().plan_id == "business"


def test_a_payment_dated_in_the_future_was_made_when_it_was_told_if_staff_say_so(card, cast):
    event, _ = card.pay(timezone.now() + timedelta(days=400), checkout=card.checkout("starter"))
    assert (event.status, card.wallet().plan_id) == ("waiting", "free")
    assert (
        staff_client(cast.staff).post(staff_action_url("count-now", event), {"reason": "a wrong clock"}).status_code
        == 302
    )
    event.refresh_from_db()
    assert (event.status, event.accepted_at) == ("applied", None)
    with pytest.raises(Conflict):
        provider_events.count_now(event=event, by=cast.staff, reason="again")
    wallet = settled(card, 1000, plan="starter")
    assert wallet.paid_until < timezone.now() + timedelta(days=32)


def test_a_card_between_two_invoices_leaves_no_gap(cast, buyer, db):
    """The second moved by the card's month, though it began after that."""
    ordered = [
        orders.order_plan(organization=buyer, plan=Plan.objects.get(pk=plan), billing_period=period)
        for plan, period in (("business", "monthly"), ("starter", "yearly"))
    ]
    for invoice in ordered:
        invoices.confirm(invoice=invoice, by=cast.staff)
    with open_shop() as shop:
        Buyer("dodo", shop, buyer).buy("professional", ago(days=1))
    business, year = (PaidPeriod.objects.get(plan=plan) for plan in ("business", "starter"))
    assert year.begins_at == business.ends_at
    invoices.credit(invoice=ordered[0], by=cast.staff, reason="Returned")
    year.refresh_from_db()
    assert year.begins_at <= PaidPeriod.objects.get(plan="professional").ends_at
    assert reconciliation.find() == []


@pytest.mark.parametrize("returned", [False, True])
def test_an_invoice_waits_behind_a_paid_upgrade(card, cast, buyer, returned):
    """It began at once, below the upgrade, and lost the days until that was over."""
    start, at, plan = ago(days=20), ago(days=15), Plan.objects.get(pk="professional")
    issued = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly")
    by_card = Buyer(card.provider, card.shop, buyer)
    by_card.buy("starter", start)
    payment = change(by_card, "business", at, 23_000)
    invoices.confirm(invoice=issued, by=cast.staff)
    period, upgraded = (PaidPeriod.objects.get(plan=plan) for plan in ("professional", "starter"))
    assert (period.begins_at, period.ends_at) == (upgraded.ends_at, months_after(upgraded.ends_at, 1))
    assert by_card.wallet().plan_id == "business"
    if returned:
        by_card.money_back(payment, "refund", timezone.now())
        period.refresh_from_db()
        assert timezone.now() - period.begins_at < HOUR
        assert by_card.wallet().plan_id == "professional"


def test_an_invoice_goes_on_after_a_paid_upgrade_within_it(card, cast, buyer):
    plan, by_card = Plan.objects.get(pk="professional"), Buyer(card.provider, card.shop, buyer)
    issued = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly")
    with clock(ago(days=20)):
        invoices.confirm(invoice=issued, by=cast.staff)
    by_card.buy("starter", ago(days=18))
    at = ago(days=5)
    change(by_card, "business", at, 15_000)
    period, upgraded = (PaidPeriod.objects.get(plan=plan) for plan in ("professional", "starter"))
    assert period.ends_at == months_after(period.begins_at, 1) + (upgraded.ends_at - at)


@pytest.mark.parametrize("told_first", [True, False])
@pytest.mark.parametrize(("cents", "waits"), [(1160, True), (1740, False)])
def test_an_invoice_waits_behind_a_card_while_enough_of_its_money_is_there(card, buyer, cents, waits, told_first):
    """It waited for the end of a month that brought no plan any more."""
    by_card, plan = Buyer(card.provider, card.shop, buyer), Plan.objects.get(pk="starter")
    issued = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly")
    payment, at = by_card.buy("starter", ago(days=20)), ago(hours=3)
    steps = [
        lambda: by_card.money_back(payment, "refund", at, cents=cents),
        lambda: invoices.confirm(invoice=issued, by=None),
    ]
    for step in steps if told_first else reversed(steps):
        step()
    by_invoice = PaidPeriod.objects.get(key__startswith="invoice:")
    month = PaidPeriod.objects.get(key__startswith="payment:")
    assert (by_invoice.begins_at == month.ends_at) is waits
    if not waits:
        assert timezone.now() - by_invoice.begins_at <= 4 * HOUR
    wallet = by_card.wallet()
    assert wallet.plan_id == "starter"
    assert waits or wallet.paid_until == by_invoice.ends_at
    assert reconciliation.find() == []


def test_an_invoice_loses_no_time_to_a_card_whose_money_went_back_in_most(card, cast, buyer):
    plan, by_card = Plan.objects.get(pk="professional"), Buyer(card.provider, card.shop, buyer)
    issued = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly")
    with clock(ago(days=20)):
        invoices.confirm(invoice=issued, by=cast.staff)
    since, until = ago(days=8), ago(days=3)
    payment = by_card.buy("business", since)
    by_card.money_back(payment, "refund", until, cents=20_000)
    period = PaidPeriod.objects.get(key__startswith="invoice:")
    assert period.ends_at == months_after(period.begins_at, 1) + (until - since)
    assert by_card.wallet().plan_id == "professional"
    assert reconciliation.find() == []


def test_a_charge_after_most_of_a_months_money_went_back_begins_at_once(card):
    """Its payer had nothing of it until that month's end."""
    payment = card.buy("starter", ago(days=10))
    card.money_back(payment, "refund", ago(days=5), cents=2000)
    assert card.wallet().plan_id == "free"
    card.pay(ago(days=1))
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.paid_until) == ("starter", PaidPeriod.objects.order_by("paid_at").last().ends_at)
    assert wallet.paid_until > timezone.now() + timedelta(days=25)
    assert reconciliation.find() == []


def test_a_year_beside_a_better_month_brings_its_months_too(card):
    """Only the better plan's months were granted."""
    card.buy("starter", ago(days=40), period="yearly")
    another(card).buy("business", ago(days=5))
    wallet = settled(card, 21_000, plan="business")
    assert settlement.roll_over(card.organization, now=wallet.next_cycle_at + HOUR) is not None
    assert card.wallet().subscription_balance == 21_000
