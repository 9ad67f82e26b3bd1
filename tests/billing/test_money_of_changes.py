"""Changes of plan follow the money: each payment is for the change that it is enough for, whatever came first, and what
went back pays for nothing any more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from billing import provider_events, reconciliation, settlement
from billing.models import PaidPeriod, Payment, PlanSeen, Subscription
from billing.months import months_after
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import open_shop
from tests.sizes import some

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("card")]

D = Decimal
HOUR = timedelta(hours=1)


@pytest.fixture(params=PROVIDERS)
def card(request, cast, db):
    with open_shop() as shop:
        yield Buyer(request.param, shop, cast.organization)


def pay(card, plan, at, cents, **fields):
    return card.pay(at, kind="plan_change", cents=cents, plan=plan, **fields)


def change(card, plan, at, cents, **fields):
    """The change of plan and the payment for it; the payment's event and id."""
    card.tell(plan, at, period=fields.get("period", "monthly"))
    return pay(card, plan, at, cents, **fields)


def settled(card, plan, xct, *, within=3, found=()):
    wallet = card.wallet()
    assert wallet.plan_id == plan
    assert abs(wallet.total_balance - D(xct)) < within, wallet.total_balance
    assert {one.check for one in reconciliation.find()} - {"event_is_applied"} == set(found) - {"event_is_applied"}
    return wallet


def upgrade_is_over(card):
    settlement.settle_unpaid_upgrades(now=timezone.now() + timedelta(hours=80))


@pytest.mark.parametrize("cents", [0, 1])
@pytest.mark.parametrize("first", ["payment", "change"])
def test_a_change_payment_of_nothing_pays_no_upgrade_whenever_it_comes(card, cents, first):
    """Business for a year, as the payment came first."""
    start = ago(days=7)
    card.buy("starter", start, period="yearly")
    steps = [
        lambda: card.tell("business", ago(days=5), period="yearly"),
        lambda: card.pay(ago(days=5), kind="plan_change", cents=cents, plan="starter", period="yearly"),
    ]
    for step in reversed(steps) if first == "payment" else steps:
        step()
    upgrade_is_over(card)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)


def test_staff_accept_a_change_payment_of_nothing(card, cast):
    card.buy("starter", ago(days=7))
    event, _ = change(card, "business", ago(days=5), 0)
    assert (event.status, event.received) == ("for_staff", "0.00 EUR")
    assert provider_events.accept(event=event, by=cast.staff, reason="A gift.").status == "applied"
    upgrade_is_over(card)
    wallet = card.wallet()
    assert wallet.plan_id == "business"
    assert wallet.total_balance > 15_000


@pytest.mark.parametrize("order", some(permutations(range(3)), 3))
def test_the_credit_of_a_change_is_less_by_an_upgrade_whose_money_went_back(card, order):
    """20,697 XCT for 32 euros: a year that was nearly over, upgraded, and changed to a month for nothing."""
    start, up, at = ago(days=325), ago(hours=20), ago(hours=2)
    card.buy("starter", start, period="yearly")
    steps = [
        lambda: change(card, "business", up, 29_589, period="yearly", id=f"up_{card.number}"),
        lambda: change(card, "business", at, 0),
        lambda: card.money_back(f"up_{card.number}", "refund", ago(hours=1)),
    ]
    for number in order:
        steps[number]()
    # What is left of the year buys less than a month of Business; so the year goes on, and the 0 euros are for nothing.
    settled(card, "starter", 1000)


def test_an_upgrade_that_was_returned_before_is_no_credit(card):
    card.buy("starter", ago(days=325), period="yearly")
    _, up = change(card, "business", ago(hours=20), 29_589, period="yearly")
    card.money_back(up, "refund", ago(hours=10))
    event, _ = change(card, "business", ago(hours=2), 0)
    assert event.status == "for_staff"
    assert D(event.expected.split()[0]) > 260


@pytest.mark.parametrize("order", some(permutations(range(3)), 3))
@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ([("business", "monthly", 26_200), ("business", "yearly", 271_200)], ("business", "yearly", 18_300)),
        ([("professional", "monthly", 6800), ("business", "monthly", 18_700)], ("business", "monthly", 14_900)),
    ],
)
def test_what_was_paid_after_an_upgrade_stays_when_that_goes_back(card, steps, ends, order):
    """A year for 2712 euros was parked and its XCT owed: its price had risen when the 262 before it went back."""
    card.buy("starter", ago(days=3))
    (first, period, cents), (plan, later, price) = steps
    paid = f"up_{card.number}"
    told = [
        lambda: change(card, first, ago(days=2), cents, period=period, id=paid),
        lambda: change(card, plan, ago(days=1), price, period=later),
        lambda: card.money_back(paid, "refund", ago(hours=2)),
    ]
    for number in order:
        told[number]()
    plan, later, xct = ends
    assert settled(card, plan, xct, within=500).billing_period == later
    assert not [one for one in reconciliation.find() if one.check == "event_is_applied"]


@pytest.mark.parametrize("order", some(permutations(range(5)), 4))
def test_what_was_paid_stays_when_an_upgrade_goes_back_that_was_paid_for_a_second_time(card, order):
    """The one that had gone back before took the place of the second one, which then was no credit at any time."""
    card.buy("starter", ago(days=4))
    told = [
        lambda: change(card, "business", ago(days=3), 26_500, id=f"up_{card.number}"),
        lambda: card.money_back(f"up_{card.number}", "refund", ago(hours=60), id=f"back_{card.number}"),
        lambda: change(card, "business", ago(days=2), 25_600, id=f"up_again_{card.number}"),
        lambda: change(card, "business", ago(days=1), 271_500, period="yearly"),
        lambda: card.money_back(f"up_again_{card.number}", "refund", ago(hours=2), id=f"back_again_{card.number}"),
    ]
    for number in order:
        told[number]()
    assert settled(card, "business", 18_350, within=500).billing_period == "yearly"
    assert not [one for one in reconciliation.find() if one.check == "event_is_applied"]


def test_a_plan_is_lost_when_all_the_money_behind_a_change_went_back_and_comes_again_with_it(card):
    year = card.buy("business", ago(days=1), period="yearly")
    event, _ = change(card, "business", ago(hours=2), 0)
    assert event.status == "applied", event.outcome
    card.money_back(year, "chargeback", ago(hours=1), id="one")
    settled(card, "free", 50)
    card.take_word_back(year, "chargeback", ago(minutes=30), id="one")
    assert settled(card, "business", 20_000, within=700).billing_period == "monthly"


@pytest.mark.parametrize("cents", [0, 1100])
def test_a_month_of_business_is_not_to_be_had_for_what_a_charged_back_year_leaves(card, cents):
    year = card.buy("starter", ago(days=1), period="yearly")
    event, _ = change(card, "business", ago(hours=2), 1100)
    assert event.status == "applied", event.outcome
    card.money_back(year, "chargeback", ago(hours=1))
    assert card.wallet().plan_id == "free"
    assert card.wallet().total_balance < 20_000 * 12 / 299 + 100
    assert reconciliation.find() == []


def test_a_change_after_its_credit_was_returned_waits_for_the_whole_price(card):
    year = card.buy("starter", ago(days=1), period="yearly")
    card.tell("business", ago(hours=3))
    card.money_back(year, "chargeback", ago(hours=2))
    event, _ = pay(card, "business", ago(hours=1), 1100)
    assert (event.status, event.expected, event.received) == ("for_staff", "299.00 EUR", "11.00 EUR")
    assert card.wallet().plan_id == "free"


@pytest.mark.parametrize("which", [0, 1])
def test_an_upgrade_that_was_charged_twice_stays_with_either_payment(card, which):
    """The payer fell to Starter when the first one was refunded."""
    start, at = ago(days=3), ago(days=2)
    card.buy("starter", start)
    paid = [change(card, "business", at, 25_200)[1], pay(card, "business", at + HOUR, 25_200)[1]]
    settled(card, "business", card.wallet().total_balance, found=["event_is_applied"])
    event = provider_events.ProviderEvent.objects.get(status="for_staff")
    assert (event.expected, event.received) == ("0.00 EUR", "252.00 EUR")
    had = card.wallet().total_balance
    card.money_back(paid[which], "refund", ago(hours=1))
    assert settled(card, "business", had).total_balance > 18_000
    card.money_back(paid[1 - which], "refund", ago(minutes=30))
    settled(card, "starter", 1000)


@pytest.mark.parametrize("which", [0, 1])
def test_a_change_to_the_year_that_was_charged_twice_stays_with_either_payment(card, which):
    card.buy("business", ago(days=1))
    at = ago(hours=4)
    first, paid = change(card, "business", at, 270_100, period="yearly")
    second, again = pay(card, "business", at + timedelta(minutes=6), 270_100, period="yearly")
    assert (first.status, second.status) == ("applied", "for_staff")
    assert (second.expected, second.received) == ("0.00 EUR", "2701.00 EUR")
    card.money_back((paid, again)[which], "refund", ago(hours=1))
    second.refresh_from_db()
    assert second.status == "applied"
    assert settled(card, "business", 20_000, within=1000).billing_period == "yearly"


@pytest.mark.parametrize("order", some(permutations(range(4)), 3))
@pytest.mark.parametrize(
    ("first", "steps", "xct"),
    [
        (("starter", "monthly"), [("starter", "yearly", 26_200), ("business", "monthly", 1100)], 20_000),
        (("starter", "monthly"), [("professional", "yearly", 96_200), ("business", "monthly", 0)], 20_000),
        (("business", "monthly"), [("starter", "yearly", 100), ("business", "monthly", 1000)], 20_000),
    ],
)
@pytest.mark.thorough
def test_two_changes_of_period_on_one_day_are_the_same_in_any_order(card, first, steps, xct, order):
    start = ago(days=1)
    card.buy(first[0], start, period=first[1])
    told = []
    for number, (plan, period, cents) in enumerate(steps):
        at = ago(hours=6 - 4 * number)
        told.append(lambda plan=plan, at=at, period=period: card.tell(plan, at, period=period))
        told.append(lambda plan=plan, at=at, period=period, cents=cents: pay(card, plan, at, cents, period=period))
    for number in order:
        told[number]()
    (plan, period, _) = steps[-1]
    wallet = settled(card, plan, card.wallet().total_balance)
    assert (wallet.billing_period, wallet.paid_until - months_after(ago(hours=2), 1) < HOUR) == (period, True)
    assert xct <= wallet.total_balance < xct + 1200
    bought = PaidPeriod.objects.filter(taken_back_at=None).order_by("begins_at").values_list("plan", "billing_period")
    assert list(bought) == [first, *((plan, period) for plan, period, _ in steps)]


@pytest.mark.parametrize("again", [False, True])
def test_a_change_of_period_whose_money_went_back_does_not_wait_as_an_upgrade(card, again):
    """18,100 XCT could be spent for 72 hours."""
    card.buy("starter", ago(days=1))
    _, paid = change(card, "business", ago(hours=6), 296_200, period="yearly")
    card.money_back(paid, "refund", ago(hours=3))
    if again:  # the provider says so once more
        card.tell("business", ago(hours=2), period="yearly")
    settled(card, "starter", 1000)


def test_a_renewal_hours_before_the_end_leaves_the_months_xct_until_then(card):
    ends = timezone.now() + 11 * HOUR
    card.buy("business", months_after(ends, -1))
    _, renewal = card.pay(ago(hours=1), cents=29_900, plan="business")
    period = PaidPeriod.objects.get(key__endswith=renewal)
    ended = PaidPeriod.objects.exclude(pk=period.pk).get().ends_at
    wallet = settled(card, "business", 20_000)
    assert (period.begins_at, wallet.paid_until) == (ended, months_after(ended, 1))
    assert wallet.next_cycle_at == ended
    card.money_back(renewal, "refund", ago(minutes=30))
    settled(card, "business", 20_000)


def test_a_coupons_base_is_a_credit_of_what_was_paid(card):
    """145 and 11 euros gave a month of Business."""
    known = {"type": "percentage", "amount": "50" if card.provider == "paddle" else 5000}
    card.shop.fakes[card.provider].discounts["dsc_1"] = known
    paid = {"total_amount": 14_500, "discounts": [{"discount_id": "dsc_1"}]}
    if card.provider == "paddle":
        paid = {"cents": 29_000, "discount": 14_500, "discount_id": "dsc_1"}
    assert card.pay(ago(days=1), checkout=card.checkout("starter", "yearly"), **paid)[0].status == "applied"
    card.tell("starter", ago(days=1), period="yearly")
    event, _ = change(card, "business", ago(hours=2), 1100)
    assert (event.status, event.received) == ("for_staff", "11.00 EUR")
    assert 153 <= D(event.expected.split()[0]) < 155
    upgrade_is_over(card)
    wallet = card.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)


def test_an_upgrade_that_was_not_paid_does_not_stand_in_the_way_of_a_smaller_one_that_was(card):
    start = ago(days=9)
    card.buy("starter", start)
    card.tell("business", ago(days=8))
    event, _ = change(card, "professional", ago(days=7.9), 6770)
    assert event.status == "applied", event.outcome
    upgrade_is_over(card)
    assert card.wallet().plan_id == "professional"
    assert 3500 < card.wallet().total_balance < 5000


def test_a_period_with_less_than_half_of_its_money_brings_no_plan(card):
    year = card.buy("starter", ago(days=1), period="yearly")
    card.money_back(year, "refund", ago(hours=2), cents=14_500)
    assert card.wallet().plan_id == "starter"
    card.money_back(year, "refund", ago(hours=1), cents=14_400)
    assert card.wallet().plan_id == "free"
    assert [one.check for one in reconciliation.find()] == ["kept_money_buys_a_plan"]


def test_a_payment_that_is_known_by_another_amount_is_parked(card):
    card.buy("starter", ago(days=3))
    event, paid = change(card, "business", ago(days=2), 25_200)
    assert event.status == "applied"
    again, _ = pay(card, "business", ago(days=2), 1, id=paid)
    assert (again.status, again.expected, again.received) == ("for_staff", "252.00 EUR", "0.01 EUR")
    assert Payment.objects.get(external_id=paid).amount_minor == 25_200


def test_money_that_went_back_before_its_parked_payment_was_told_counts(card):
    """The payment was written down and parked, and what had gone back of it went on waiting for it."""
    card.buy("starter", ago(days=3))
    payment = f"twice_{card.number}"
    change(card, "business", ago(days=2), 25_200)
    refund = card.money_back(payment, "refund", ago(hours=1))
    assert refund.status == "waiting"
    event, _ = pay(card, "business", ago(days=1), 25_200, id=payment)
    refund.refresh_from_db()
    assert (event.status, refund.status) == ("applied", "applied")
    assert Payment.objects.get(external_id=payment).kept == 0


# --- what reconciliation says of money that buys nothing, and of what no money bought


def test_reconciliation_names_money_of_a_change_that_nobody_knows_any_more(card):
    card.buy("starter", ago(days=3))
    _, paid = change(card, "business", ago(days=2), 25_200)
    assert reconciliation.find() == []
    PlanSeen.objects.filter(plan="business").delete()
    found = {one.check: one for one in reconciliation.find()}
    assert found["payment_is_for_a_change"].subject == f"{card.provider} payment {paid}"


def test_reconciliation_names_changes_that_their_money_does_not_carry(card):
    card.buy("starter", ago(days=3))
    _, paid = change(card, "business", ago(days=2), 296_300, period="yearly")
    assert reconciliation.find() == []
    Payment.objects.filter(external_id=paid).update(amount_minor=100, worth_minor=100)
    found = {one.check: one for one in reconciliation.find()}
    assert found["changes_are_paid"].found == "30.00 EUR"


def test_reconciliation_names_a_year_of_which_less_than_half_was_kept(card):
    """The payer keeps a month for half of the year's money: staff give back the rest, or take it for the year."""
    year = card.buy("business", ago(days=5), period="yearly")
    card.money_back(year, "refund", ago(hours=1), cents=149_600)
    assert card.wallet().plan_id == "free"
    assert [(one.check, one.found) for one in reconciliation.find()] == [
        ("kept_money_buys_a_plan", "49.97 % of its money")
    ]


def test_reconciliation_names_a_month_of_which_less_than_half_was_kept_while_its_subscription_goes_on(card):
    payment = card.buy("starter", ago(days=5))
    card.money_back(payment, "refund", ago(days=2), cents=2000)
    assert card.wallet().plan_id == "free"
    Subscription.objects.update(created_at=ago(days=5))
    assert [(one.check, one.found) for one in reconciliation.find()] == [
        ("kept_money_buys_a_plan", "31.03 % of its money")
    ]
    card.tell("starter", ago(hours=1), status="cancelled")
    assert reconciliation.find() == []


def test_reconciliation_names_an_upgrade_that_nobody_paid_while_its_provider_reports_it(card):
    start = ago(days=9)
    card.buy("starter", start)
    at = ago(days=5)
    card.tell("business", at, since=start)
    assert card.wallet().plan_id == "starter"
    assert [(one.check, one.expected) for one in reconciliation.find()] == [
        ("upgrade_is_paid", "a payment for business")
    ]
    card.tell("starter", ago(hours=1), since=start)
    assert reconciliation.find() == []


def test_a_renewal_whose_money_went_back_before_its_turn_is_no_difference(card):
    """It granted nothing, as nothing was left to grant for; reconciliation missed its XCT."""
    start = ago(days=33)
    card.buy("professional", start)
    card.pay(months_after(start, 1), cents=9900, plan="professional")
    _, twice = card.pay(months_after(start, 1) + HOUR, cents=9900, plan="professional")
    card.money_back(twice, "refund", ago(hours=1))
    PaidPeriod.objects.filter(key__endswith=twice).update(begins_at=ago(hours=3))  # its turn came, and beat did not
    assert "payment_granted" not in {one.check for one in reconciliation.find()}
