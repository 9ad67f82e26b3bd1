"""What a provider's credit paid goes back with the money that the credit came from, in whatever order it is told.

A year that is changed to a month leaves a credit at Paddle, from which it pays the renewals.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing import reconciliation
from billing.models import Payment
from billing.months import months_after
from tests import factories
from tests.billing.buyer import Buyer, ago
from tests.billing.outcomes import outcome
from tests.billing.shop import open_shop
from tests.billing.steps import back, bought, lost, paid, same_in_any_order, won, word

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.thorough]

YEAR = 296_300


@pytest.fixture
def told(db):
    with open_shop() as shop:

        def tell(steps, order):
            buyer = Buyer("paddle", shop, factories.make_organization())
            for name in order:
                steps[name](buyer)
            return outcome(buyer)

        yield tell


def story():
    """A year of business for 2,963 euros, changed to a month at once, which is renewed twice."""
    begun = ago(days=65)
    first = begun + timedelta(days=1)
    return first, {
        "buy": bought("starter", begun - timedelta(days=1)),
        "e1": word("business", begun, "yearly"),
        "p1": paid(YEAR, begun, "business", "yearly", name="year"),
        "e2": word("business", first),
        "p2": paid(0, first, "business"),
        "r1": paid(29_900, months_after(first, 1), "business", kind="renewal", credit=29_900, name="r1"),
        "r2": paid(29_900, months_after(first, 2), "business", kind="renewal", credit=29_900, name="r2"),
    }


def test_renewals_that_a_credit_paid_stay(told):
    first, steps = story()
    end = same_in_any_order(told, steps, first=("buy",))
    assert end["plan"] == ("business", "monthly", months_after(first, 3))
    assert (end["xct"], end["parked"]) == (20_000, [])


def test_with_the_year_goes_what_its_credit_paid(told):
    """Both renewals stayed, and 20,000 XCT, though all of the money was gone."""
    _, steps = story()
    end = same_in_any_order(told, steps | {"lost": lost("year", None, ago(hours=2))}, first=("buy",))
    assert (end["plan"][0], end["xct"]) == ("free", 50)


def test_a_dispute_that_is_won_brings_them_back(told):
    first, steps = story()
    more = {"lost": lost("year", None, ago(hours=2)), "won": won("year", None, ago(hours=1))}
    end = same_in_any_order(told, steps | more, first=("buy",))
    assert (end["plan"], end["xct"]) == (("business", "monthly", months_after(first, 3)), 20_000)


@pytest.mark.parametrize(("cents", "plan", "xct"), [(206_000, "business", 20_000), (234_800, "free", None)])
def test_the_last_of_them_goes_first(told, cents, plan, xct):
    """897 euros of the year paid three months: with 903 of it kept all stay, with 615 the third has 17 left."""
    _, steps = story()
    end = same_in_any_order(told, steps | {"back": back("year", cents, ago(hours=2))}, first=("buy",))
    assert end["plan"][0] == plan
    assert xct is None or end["xct"] == xct


def test_a_renewal_told_after_the_money_is_gone_brings_nothing(told):
    _, steps = story()
    steps["lost"] = lost("year", None, ago(days=30))
    end = same_in_any_order(told, steps, first=("buy",), also=["buy e1 p1 e2 p2 r1 lost r2"])
    assert (end["plan"][0], end["xct"]) == ("free", 50)


def test_an_order_that_a_credit_paid_waits_for_staff(db):
    with open_shop() as shop:
        buyer = Buyer("paddle", shop, factories.make_organization())
        event, identity = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=2), credit=1_000)
        assert (event.status, event.outcome) == ("for_staff", "A credit at the provider paid 10.00 of it.")
        assert Payment.objects.get(external_id=identity).kind == "parked"
        assert buyer.wallet().topup_balance == 0
        assert [one.check for one in reconciliation.find()] == ["event_is_applied"]


@pytest.mark.parametrize(
    ("plan", "period", "cents", "credits"),
    [("business", "yearly", 299_000, [299_000]), ("starter", "monthly", 2_900, [2_900, 2_900])],
    ids=["dearer than all that was paid", "used twice"],
)
def test_a_credit_beyond_the_money_before_it_is_named(told, plan, period, cents, credits):
    """It paid a year of the dearest plan, and month after month, of which nobody has anything."""
    begun = ago(days=65)
    steps = {"buy": bought("starter", begun)}
    if plan != "starter":
        steps["e1"] = word(plan, months_after(begun, 1) - timedelta(hours=4), period)
    for number, credit in enumerate(credits, 1):
        at = months_after(begun, number)
        steps[f"r{number}"] = paid(cents, at, plan, period, kind="renewal", credit=credit, name=f"r{number}")
    told(steps, list(steps))
    (named,) = [one for one in reconciliation.find() if one.check == "credit_is_of_money"]
    assert (named.expected, named.found) == ("a credit of at most 29.00", f"{sum(credits) / 100:.2f} EUR")
