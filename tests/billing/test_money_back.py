"""Refunds, chargebacks and their reversals: what was granted less what was taken is the part of the money that was kept, in
any order."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from billing import holds, reconciliation, settlement
from billing.models import PaidPeriod, Payment
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.shop import open_shop

D = Decimal


@pytest.fixture(params=PROVIDERS)
def buyer(request, cast, db):
    with open_shop() as shop:
        yield Buyer(request.param, shop, cast.organization)


def give_back(buyer, payment, kinds, **fields):
    for number, kind in enumerate(kinds):
        event = buyer.money_back(payment, kind, ago(minutes=50 - number), **fields)
        assert event.status == "applied", event.outcome


ORDERS = [
    *permutations(("refund", "chargeback", "reversal")),
    *permutations(("chargeback", "reversal")),
    ("reversal",),
    ("chargeback",),
    ("refund", "chargeback"),
]


@pytest.mark.parametrize("kinds", ORDERS, ids="-".join)
@pytest.mark.parametrize("bought", ["packs", "plan"])
def test_what_stays_granted_is_what_stays_paid(buyer, bought, kinds):
    """A buyer who was refunded, and whose bank then lost the dispute, kept money and XCT."""
    if bought == "packs":
        _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1), cents=1500)
    else:
        payment = buyer.buy("starter", ago(hours=1))
    give_back(buyer, payment, kinds)
    kept = "refund" not in kinds and kinds.count("chargeback") <= kinds.count("reversal")
    wallet = buyer.wallet()
    if bought == "packs":
        assert wallet.topup_balance == (500 if kept else 0)
    else:
        assert wallet.plan_id == ("starter" if kept else "free")
        granted = wallet.total_balance - (50 if wallet.plan_id == "free" else 0)
        # Whoever was on Free in between has its XCT beside those that came back.
        assert granted in ((1000, 1050) if kept else (0,))
    assert Payment.objects.get(external_id=payment).kept == (1 if kept else 0)
    assert not [one for one in reconciliation.find() if one.check != "event_is_applied"]


def test_a_chargeback_that_is_reported_as_reversed_twice_leaves_a_refund_in_force(cast, db):
    """Paddle reverses by an adjustment of its own, and marks the first one as reversed too."""
    with open_shop() as shop:
        buyer = Buyer("paddle", shop, cast.organization)
        _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1))
        give_back(buyer, payment, ("refund",))
        give_back(buyer, payment, ("chargeback",), id="adj_1")
        give_back(buyer, payment, ("reversal",))
        data = {"id": "adj_1", "action": "chargeback", "type": "full", "status": "reversed", "transaction_id": payment}
        buyer.deliver("adjustment.updated", data, ago(minutes=1))
        assert buyer.wallet().topup_balance == 0


@pytest.mark.parametrize("parts", [(500, 500, 500), (1000, 400, 400), (1, 1499)])
def test_parts_of_the_money_take_their_parts_of_the_xct(buyer, parts):
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1), cents=1500)
    gone = 0
    for cents in parts:
        give_back(buyer, payment, ("refund",), cents=cents)
        gone = min(1500, gone + cents)
        assert abs(buyer.wallet().topup_balance - (500 - D(500) * gone / 1500)) <= D("0.0001")
    give_back(buyer, payment, ("chargeback", "reversal"))
    assert abs(buyer.wallet().topup_balance - (500 - D(500) * gone / 1500)) <= D("0.0001")


def test_what_was_spent_of_returned_money_is_owed_and_comes_back_with_it(buyer):
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1), cents=1500)
    hold = holds.place(organization=buyer.organization, amount=D(400), key="work")
    holds.capture(hold=hold, amount=D(400), key="item")
    give_back(buyer, payment, ("chargeback",))
    assert buyer.wallet().total_balance == -350
    give_back(buyer, payment, ("reversal",))
    assert buyer.wallet().total_balance == 150


def test_a_partly_refunded_year_brings_its_part_in_later_months_too(buyer):
    payment = buyer.buy("starter", ago(days=20), period="yearly")
    give_back(buyer, payment, ("refund",), cents=14500)
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter", 500)
    settlement.roll_over(buyer.organization, now=wallet.next_cycle_at)
    assert buyer.wallet().subscription_balance == 500
    give_back(buyer, payment, ("chargeback",))
    assert buyer.wallet().plan_id == "free"
    assert reconciliation.find() == []


def test_a_late_reversal_gives_what_is_left_of_the_period(buyer):
    payment = buyer.buy("starter", ago(days=20))
    give_back(buyer, payment, ("chargeback",))
    assert PaidPeriod.objects.get().taken_back_at is not None
    give_back(buyer, payment, ("reversal",))
    period = PaidPeriod.objects.get()
    assert (period.taken_back_at, period.kept) == (None, 1)
    assert period.ends_at > timezone.now()
    assert buyer.wallet().plan_id == "starter"
