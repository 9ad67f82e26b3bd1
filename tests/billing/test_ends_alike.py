"""What was told of a subscription ends alike in whatever order it came: periods, plan, XCT and what is parked. And each
euro that came is granted, or in a list that staff see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from billing import corrections, holds, reconciliation, usage
from billing.models import Plan
from billing.months import months_after
from tests import factories
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.outcomes import outcome
from tests.billing.shop import open_shop
from tests.billing.steps import back, bought, lost, paid, same_in_any_order, won, word
from tests.fakes import dodo

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.thorough]

D = Decimal
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(params=PROVIDERS)
def told(request, db):
    """Tell a buyer's steps in an order; what is there in the end."""
    with open_shop() as shop:

        def tell(steps, order):
            buyer = Buyer(request.param, shop, factories.make_organization())
            for name in order:
                steps[name](buyer)
            return outcome(buyer)

        yield tell


def test_a_year_a_month_by_credit_and_a_year_again(told):
    """Both years were booked from the first change, and the second bought nothing."""
    t0, t1, t2, t3 = ago(days=2.4), ago(days=1.45), ago(days=0.74), ago(days=0.05)
    steps = {
        "buy": bought("starter", t0),
        "e1": word("business", t1, "yearly"),
        "p1": paid(296_192, t1, "business", "yearly"),
        "e2": word("starter", t2),
        "p2": paid(0, t2),
        "e3": word("business", t3, "yearly"),
        "p3": paid(296_167, t3, "business", "yearly"),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert end["plan"] == ("business", "yearly", months_after(t3, 12))
    assert [period[:3] for period in end["periods"]] == [
        ("starter", "monthly", t0),
        ("business", "yearly", t1),
        ("starter", "monthly", t2),
        ("business", "yearly", t3),
    ]
    assert (end["xct"] - 20_000 < 600, end["parked"]) == (True, [])  # and what its time brought of those before


def test_a_renewal_that_was_charged_twice_buys_a_month_more(told):
    """In three of six orders both months stood side by side."""
    start = ago(days=94)
    at = [months_after(start, number) for number in range(6)]
    steps = {
        "buy": bought("professional", start),
        "r1": paid(9900, at[1], "professional", kind="renewal"),
        "r2": paid(9900, at[2], "professional", kind="renewal"),
        "twice": paid(9900, at[2] + timedelta(minutes=3), "professional", kind="renewal"),
        "r3": paid(9900, at[3], "professional", kind="renewal"),
    }
    end = same_in_any_order(told, steps)
    assert [period[2] for period in end["periods"]] == at[:5]
    assert end["plan"] == ("professional", "monthly", at[5])
    assert (end["xct"], end["parked"]) == (5000, [])


@pytest.mark.parametrize(("cents", "plan"), [(148_150, "business"), (266_100, "business"), (296_200, "starter")])
def test_a_month_by_credit_stays_while_the_money_behind_it_is_there(told, cents, plan):
    """299 of 2,963 euros were its price: with 301 of them kept it was Starter with 2,304 XCT."""
    steps = {
        "buy": bought("starter", ago(days=4)),
        "e1": word("business", ago(days=3), "yearly"),
        "p1": paid(296_300, ago(days=3), "business", "yearly", name="year"),
        "e2": word("business", ago(days=2)),
        "p2": paid(0, ago(days=2), "business"),
        "back": back("year", cents, ago(hours=2)),
    }
    end = same_in_any_order(told, steps)
    assert end["plan"][0] == plan
    if plan == "business":
        assert (20_000 <= end["xct"] < 20_800, end["plan"][1]) == (True, "monthly")


def test_months_that_were_paid_after_a_year_that_is_lost_follow_each_other(told):
    """Both began when the money of the year went back, with the XCT of both and the time of one."""
    begun, lost_at = ago(days=65), ago(hours=2)
    month = begun + timedelta(days=1)
    steps = {
        "buy": bought("starter", begun - timedelta(days=1)),
        "e1": word("business", begun, "yearly"),
        "p1": paid(296_300, begun, "business", "yearly", name="year"),
        "e2": word("business", month),
        "p2": paid(0, month, "business"),
        "r1": paid(29_900, months_after(month, 1), "business", kind="renewal"),
        "r2": paid(29_900, months_after(month, 2), "business", kind="renewal"),
        "lost": lost("year", None, lost_at),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert end["plan"] == ("business", "monthly", months_after(lost_at, 2))
    assert end["xct"] == 20_000


@pytest.mark.parametrize(("cents", "plan", "period"), [(29_000, "starter", "yearly"), (17_420, "business", "monthly")])
def test_a_change_after_a_month_by_credit_was_renewed(told, cents, plan, period):
    """Its payment was parked, and the plan lost: the renewal was taken for one after the year that was left."""
    start = ago(days=45)
    month, change = start + timedelta(days=1), start + timedelta(hours=1000)
    steps = {
        "buy": bought("starter", start, "yearly"),
        "e1": word("starter", month),
        "p1": paid(0, month),
        "renewal": paid(2_900, months_after(month, 1), kind="renewal"),
        "e2": word(plan, change, period),
        "p2": paid(cents, change, plan, period),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert (end["plan"][:2], end["parked"]) == ((plan, period), [])


@pytest.mark.parametrize("hours", [30, 96])
def test_a_year_that_was_left_is_over_though_its_money_goes_back(told, hours):
    """The upgrade within it held to its end: Professional for eleven months more, beside the month that it had paid."""
    start = ago(days=34)
    steps = {
        "buy": bought("starter", start, "yearly"),
        "e1": word("professional", start + DAY, "yearly"),
        "p1": paid(69_800, start + DAY, "professional", "yearly"),
        "e2": word("professional", start + 2 * DAY),
        "p2": paid(0, start + 2 * DAY, "professional"),
        "lost": lambda buyer: buyer.money_back(buyer.first, "chargeback", start + hours * HOUR),
        "end": word("professional", start + 5 * DAY, status="cancelled"),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert (end["plan"][0], end["xct"]) == ("free", 50)


def test_the_exact_price_of_an_upgrade_on_the_last_day_is_for_it(told):
    """It was a cent more than twice the least that the upgrade may cost, and paid for a dearer one after it."""
    start, first, second = ago(hours=712), ago(hours=12), ago(hours=0.1)
    steps = {
        "buy": bought("starter", start),
        "e1": word("professional", first),
        "p1": paid(195, first, "professional"),
        "e2": word("business", second),
        "p2": paid(226, second, "business", name="second"),
        "lost": lost("second", None, ago(minutes=1)),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert (end["plan"][0], end["parked"]) == ("professional", [])


def test_a_year_that_was_charged_twice_after_an_unpaid_month_is_parked_once(told):
    """The second payment bought the month that nobody had paid: 2,697 euros for 9, and no list had it."""
    steps = {
        "buy": bought("starter", ago(days=2.6), "yearly"),
        "month": word("business", ago(days=1.6)),
        "year": word("business", ago(days=1.06), "yearly"),
        "paid": paid(269_700, ago(days=1.06), "business", "yearly"),
        "again": paid(269_700, ago(days=1.05), "business", "yearly"),
    }
    end = same_in_any_order(told, steps)
    assert end["plan"][:2] == ("business", "yearly")
    assert [(status, received) for status, _, received in end["parked"]] == [("for_staff", "2697.00 EUR")]
    assert {one.check for one in reconciliation.find()} == {"event_is_applied"}


def test_a_year_that_is_changed_in_its_second_month(told):
    """Told before the year's payment, what that month had brought until then was never granted."""
    start, at = ago(days=40), ago(days=3)
    steps = {
        "buy": bought("starter", ago(days=42)),
        "e1": word("professional", start, "yearly"),
        "p1": paid(97_000, start, "professional", "yearly"),
        "e2": word("business", at),
        "p2": paid(0, at, "business"),
    }
    end = same_in_any_order(told, steps, first=("buy",), also=["buy e1 e2 p2 p1"])
    began = months_after(start, 1)
    brought = 5000 * ((at - began) / (months_after(start, 2) - began))
    assert abs(end["xct"] - D(20_000 + brought)) < 2


def test_a_downgrade_within_a_month_by_credit(told):
    """The month's XCT were counted from where it was thought to begin: 9,927 or 13,860."""
    t0, t1, t2, t3 = ago(days=33.4), ago(days=27.05), ago(days=21.15), ago(days=13.76)
    steps = {
        "buy": bought("professional", t0, "yearly"),
        "e1": word("business", t1),
        "p1": paid(0, t1, "business"),
        "e2": word("professional", t2),
        "e3": word("professional", t3, "yearly"),
        "p3": paid(82_337, t3, "professional", "yearly"),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    month = months_after(t1, 1) - t1
    assert abs(end["xct"] - D(5000 + 20_000 * ((t3 - t1) / month))) < 2


def test_a_refund_of_the_upgrade_that_a_year_was_credited_with_parks_the_year(told):
    """Told last, it took the year, and its payment's event stayed applied."""
    at = ago(hours=2)
    steps = {
        "buy": bought("starter", ago(days=5)),
        "up": word("business", ago(days=1)),
        "paid up": paid(23_500, ago(days=1), "business", name="up"),
        "back": back("up", 23_000, ago(hours=3)),
        "year": word("business", at, "yearly"),
        "paid": paid(274_084, at, "business", "yearly"),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert [one[2] for one in end["parked"]] == ["2740.84 EUR"]
    assert {one.check for one in reconciliation.find()} == {"event_is_applied"}


def test_two_upgrades_that_are_paid_apart(told):
    """The larger payment was taken for the smaller step, and the smaller one was for nothing."""
    steps = {
        "buy": bought("starter", ago(days=1)),
        "up": word("professional", ago(hours=6)),
        "more": word("business", ago(hours=5)),
        "paid more": paid(19_400, ago(hours=5), "business"),
        "paid up": paid(6800, ago(hours=4), "professional"),
    }
    end = same_in_any_order(told, steps)
    assert (end["plan"][0], end["parked"]) == ("business", [])


@pytest.mark.parametrize("told", ["dodo"], indirect=True)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("before", "plan"), [("business", "starter"), ("starter", "business")])
def test_another_plan_that_is_told_with_the_renewal(told, before, plan, named):
    """Told before the payment that it names, and nobody could be asked, a smaller plan and its payment waited for each
    other: the plan was overdue, though it was paid."""
    start = ago(days=33)
    renewed = months_after(start, 1)

    def renew(buyer):
        payment = {"payment_id": f"renewal_{buyer.number}"} if named else {}
        customer = {"customer_id": f"cus_{buyer.number}"}
        product = {"product_id": buyer.price(plan, "monthly"), "next_billing_date": None}
        state = dodo.subscription(buyer.subscription, customer=customer, **product, **payment)
        buyer.deliver("subscription.renewed", state, renewed + timedelta(seconds=3))

    bought = Plan.objects.get(pk=plan)
    steps = {
        "p0": lambda buyer: buyer.pay(start, checkout=buyer.checkout(before)),
        "e0": word(before, start),
        "e1": renew,
        "p1": paid(bought.price_minor("monthly"), renewed, plan, kind="renewal", name="renewal"),
    }
    end = same_in_any_order(told, steps)
    assert end["plan"] == (plan, "monthly", months_after(start, 2))
    assert (end["xct"], end["parked"]) == (bought.monthly_xct, [])
    assert [period[:3] for period in end["periods"]] == [(before, "monthly", start), (plan, "monthly", renewed)]
    assert reconciliation.find() == []


# --- what leans on the money of others


def first_paid(plan, at, period="monthly"):
    """Order a plan and pay for it, by a payment that others can name as `first`."""

    def step(buyer):
        buyer.first = buyer.checkout(plan, period)
        buyer.pay(at, checkout=buyer.first, id=first_id(buyer))
        buyer.tell(plan, at, period=period)

    return step


def first_id(buyer):
    return buyer.first.external_id if buyer.provider == "paddle" else f"first_{buyer.number}"


def first_back(cents, at):
    return lambda buyer: buyer.money_back(first_id(buyer), "refund", at, cents=cents)


@pytest.mark.parametrize(("cents", "plan"), [(2185, "free"), (1400, "business")])
def test_an_unpaid_change_of_period_falls_with_the_money_it_leans_on(told, cents, plan):
    """A month of which a quarter was kept carried Business for its 72 hours: 18,500 XCT for 7 euros."""
    steps = {
        "buy": first_paid("starter", ago(days=2)),
        "year": word("business", ago(days=0.9), "yearly"),
        "back": first_back(cents, ago(hours=4)),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert end["plan"][0] == plan
    if plan == "free":
        assert end["xct"] < 300
    assert reconciliation.find() == []


@pytest.mark.parametrize("back_again", [False, True])
def test_payments_of_nothing_for_changes_that_nobody_paid_are_parked_in_any_order(told, back_again):
    """Told before their changes they were settled for good, and nobody saw that those were not paid."""
    steps = {
        "buy": bought("starter", ago(days=12)),
        "e1": word("starter", ago(days=10), "yearly"),
        "p1": paid(0, ago(days=10), period="yearly"),
        "e2": word("starter", ago(days=1)),
        "p2": paid(0, ago(days=1)),
    }
    if not back_again:
        del steps["e2"], steps["p2"]
    end = same_in_any_order(told, steps)
    assert [(status, received) for status, _, received in end["parked"]] == [("for_staff", "0.00 EUR")] * (
        1 + back_again
    )
    assert end["plan"][:2] == ("starter", "monthly")


def test_a_payment_of_nothing_for_what_a_credit_paid_until_its_money_went_back_is_parked(told):
    """Its period was void, and its event stayed applied where the chargeback was told last."""
    steps = {
        "buy": first_paid("starter", ago(days=9), "yearly"),
        "back": first_back(29_000, ago(days=8)),
        "e1": word("professional", ago(days=1)),
        "p1": paid(0, ago(days=1), "professional"),
    }
    end = same_in_any_order(told, steps, first=("buy",))
    assert (end["plan"][0], end["parked"]) == ("free", [("for_staff", "99.00 EUR", "0.00 EUR")])


def test_a_paid_month_ends_where_it_ends_whatever_is_changed_within_it_and_back(told):
    """The provider's own count of the month that was changed to, of less than a day later, moved its end."""
    start, changed = ago(days=1.02), ago(days=0.14)
    steps = {
        "buy": bought("starter", start),
        "e1": word("business", changed),
        "p1": paid(0, changed, "business"),
        "e2": word("starter", ago(days=0.1), since=changed),
        "p2": paid(0, ago(days=0.1)),
    }
    end = same_in_any_order(told, steps)
    assert end["plan"] == ("starter", "monthly", months_after(start, 1))
    assert end["periods"] == [("starter", "monthly", start, months_after(start, 1), 1, None)]


def test_periods_that_are_over_end_where_they_did_in_any_order(told):
    """A month that a year by credit took over ended where the month after that did, told in another order."""
    t0, t1, t2, t3 = ago(days=1.22), ago(days=1.05), ago(days=0.86), ago(days=0.04)
    steps = {
        "buy": bought("business", t0),
        "e1": word("professional", t1, "yearly"),
        "p1": paid(69_267, t1, "professional", "yearly"),
        "e2": word("professional", t2),
        "p2": paid(0, t2, "professional"),
        "e3": word("starter", t3, "yearly"),
        "p3": paid(19_369, t3, period="yearly"),
    }
    end = same_in_any_order(told, steps, also=["p3 buy p1 p2 e2 e3 e1", "buy e2 e1 p1 p2 e3 p3"])
    assert [(begins, ends) for _, _, begins, ends, _, _ in end["periods"]] == [
        (t0, months_after(t0, 1)),
        (t1, months_after(t1, 12)),
        (t2, months_after(t2, 1)),
        (t3, months_after(t3, 12)),
    ]


def test_a_payment_for_nothing_is_parked_again_when_its_dispute_is_won(told):
    """It was settled while its money was away, and known to the reconciliation alone when that came back."""
    at = ago(days=1)
    steps = {
        "buy": bought("starter", ago(days=2)),
        "up": word("business", at),
        "paid": paid(26_200, at, "business"),
        "twice": paid(26_200, at + HOUR, "business", name="twice"),
        "lost": lost("twice", 26_200, ago(hours=8)),
        "won": won("twice", 26_200, ago(hours=4)),
    }
    end = same_in_any_order(told, steps)
    assert (end["plan"][0], end["parked"]) == ("business", [("for_staff", "0.00 EUR", "262.00 EUR")])
    assert {one.check for one in reconciliation.find()} == {"event_is_applied"}
    del steps["won"]
    end = same_in_any_order(told, steps)
    assert (end["plan"][0], end["parked"]) == ("business", [])


@pytest.mark.parametrize("told", ["dodo"], indirect=True)
@pytest.mark.parametrize("status", ["active", "on_hold", "past_due", "paused"])
@pytest.mark.parametrize(("cents", "plan"), [(2900, "starter"), (9900, "professional"), (29_900, "business")])
def test_a_renewal_is_of_the_dearest_plan_that_it_paid_of_those_that_were_told(told, cents, plan, status):
    """29.00 after an upgrade that nobody paid bought a Starter or waited for staff; and a plan that was told with
    another status was heard in some orders."""
    start = ago(days=32)
    renewed = months_after(start, 1)
    steps = {
        "bought": bought("starter", start),
        "upgraded": word("business" if plan == "business" else "professional", renewed - 12 * HOUR, status=status),
        "renewed": paid(cents, renewed, kind="renewal"),
        "told": word("starter" if plan == "starter" else plan, renewed + HOUR),
    }
    found = same_in_any_order(told, steps)
    assert found["plan"][0] == plan
    assert found["parked"] == []


# --- what is less than the plan costs


@pytest.mark.parametrize("told", ["dodo"], indirect=True)
def test_a_renewal_that_is_less_than_its_plan_costs_is_parked_in_any_order(told):
    """Of Business, it was a Starter's that the subscription had been before."""
    start = ago(days=40)
    renewed = months_after(start, 1)
    steps = {
        "bought": bought("starter", start),
        "upgraded": word("business", start + HOUR),
        "paid": paid(26_990, start + HOUR, "business"),
        "renewed": paid(15_000, renewed, kind="renewal"),
        "told": word("business", renewed + HOUR),
    }
    end = same_in_any_order(told, steps, first=("bought", "upgraded"))
    assert told(steps, ["bought", "renewed", "told", "paid", "upgraded"]) == end
    assert end["parked"] == [("for_staff", "299.00 EUR", "150.00 EUR")]
    assert end["plan"] == ("business", "monthly", renewed), "in its time of grace"
    assert [period[:3] for period in end["periods"]] == [("starter", "monthly", start)]
    assert {one.check for one in reconciliation.find()} <= {"event_is_applied", "subscription_is_paid"}


@pytest.mark.parametrize("told", ["dodo"], indirect=True)
def test_a_renewal_that_was_parked_is_of_the_smaller_plan_that_is_told_with_it(told):
    start = ago(days=33)
    renewed = months_after(start, 1)
    steps = {
        "bought": bought("starter", start),
        "upgraded": word("business", start + HOUR),
        "paid": paid(26_990, start + HOUR, "business"),
        "renewed": paid(2900, renewed, kind="renewal"),
        "told": word("starter", renewed + HOUR),
    }
    end = same_in_any_order(told, steps, first=("bought",), also=("bought renewed paid upgraded told",))
    assert (end["plan"], end["parked"]) == (("starter", "monthly", months_after(start, 2)), [])
    assert end["xct"] == 1000
    assert reconciliation.find() == []


# --- what comes again in the time of grace


@pytest.mark.parametrize("spent", [0, 300])
@pytest.mark.parametrize("goes", ["refund", "chargeback"])
def test_a_month_whose_money_stayed_after_all_lasts_for_its_time_of_grace(told, goes, spent):
    """Told in the order of time, it was lost for good, with its XCT, and the organization stayed on Free."""
    start = ago(days=35)

    steps = {
        "buy": first_paid("starter", start),
        "work": lambda buyer: spend(buyer, spent),
        "back": lambda buyer: buyer.money_back(first_id(buyer), goes, ago(days=3), id=f"back_{buyer.number}"),
        "word": lambda buyer: buyer.take_word_back(
            first_id(buyer), goes, ago(days=1), id=f"back_{buyer.number}", cents=2900
        ),
    }
    end = same_in_any_order(told, steps, first=("buy", "work"))
    assert end["plan"] == ("starter", "monthly", months_after(start, 1))
    assert end["xct"] == 1000 - spent
    assert reconciliation.find() == []


def spend(buyer, xct):
    if xct:
        hold = holds.place(organization=buyer.organization, amount=D(xct), key="work")
        holds.capture(hold=hold, amount=D(xct), key="work")
        holds.close(hold=hold)
        usage.record(organization=buyer.organization, key="work", provider="x", model="y", xct=D(xct), cost_usd=D(1))


def test_a_month_in_its_time_of_grace_comes_back_when_the_plan_beside_it_was_returned(told):
    """What was left of it had expired while the larger plan ran, and never came back."""
    start, larger, returned = ago(days=35), ago(days=10), ago(days=3)

    def second(buyer):
        buyer.other = Buyer(buyer.provider, buyer.shop, buyer.organization)
        first_paid("business", larger)(buyer.other)

    steps = {
        "first": first_paid("starter", start),
        "second": second,
        "back": lambda buyer: first_back(29_900, returned)(buyer.other),
    }
    for order in (["second", "first", "back"], ["second", "back", "first"]):
        assert told(steps, order) == told(steps, list(steps)), order
    end = told(steps, list(steps))
    assert end["plan"] == ("starter", "monthly", months_after(start, 1))
    assert end["xct"] == 1000
    assert reconciliation.find() == []


def test_a_month_that_staff_replaced_in_its_time_of_grace_does_not_come_back(told, cast):
    def reset(buyer):
        corrections.reset_cycle(organization=buyer.organization, by=cast.staff)

    steps = {"buy": bought("starter", ago(days=35)), "reset": reset, "word": word("starter", ago(days=1))}
    assert told(steps, list(steps))["xct"] == 1000
