"""What a provider dates ahead of its event counts from its date: not before, and in whatever order it was told."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from billing import provider_events, reconciliation
from billing.models import PlanSeen, ProviderEvent, Refund, Subscription
from billing.months import months_after
from tests import factories
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.outcomes import outcome
from tests.billing.shop import open_shop

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("buyers")]

HOUR = timedelta(hours=1)


@pytest.fixture(params=PROVIDERS)
def buyers(request, db):
    """New buyers at one of the providers."""
    with open_shop() as shop:
        yield lambda: Buyer(request.param, shop, factories.make_organization())


def when_its_date_comes(buyer, at):
    with clock(at):
        provider_events.sweep()
        buyer.shop.work()
        return outcome(buyer)


def bought(buyer, start, plan="starter"):
    buyer.first = buyer.checkout(plan)
    identity = buyer.first.external_id if buyer.provider == "paddle" else f"first_{buyer.number}"
    buyer.pay(start, checkout=buyer.first, id=identity)
    buyer.tell(plan, start)
    return identity


@pytest.mark.thorough
def test_two_changes_that_are_dated_ahead_come_one_after_the_other(buyers):
    """Told in the wrong order, the larger plan stayed, and nobody had paid for it."""
    now = timezone.now()
    start, up, down = now - 10 * 24 * HOUR, now + 30 * HOUR, now + 40 * HOUR
    told = {"up": ("business", up), "down": ("starter", down), "up again": ("business", now + 41 * HOUR)}
    ends = []
    for order in permutations(told):
        buyer = buyers()
        bought(buyer, start)
        assert [buyer.tell(told[name][0], told[name][1], since=start).status for name in order] == ["waiting"] * 3
        plans = [buyer.wallet().plan_id]
        plans += [when_its_date_comes(buyer, at + HOUR / 60)["plan"][0] for at in (up, down)]
        ends.append((plans, when_its_date_comes(buyer, up + 73 * HOUR)))
    assert ends[0][0] == ["starter", "business", "starter"]
    assert ends[0][1]["plan"][0] == "starter"
    assert all(plans == ends[0][0] and end["plan"][0] == "starter" for plans, end in ends)


@pytest.mark.parametrize("lost_first", [True, False])
def test_a_dispute_that_is_dated_ahead_and_won_costs_its_payer_nothing(buyers, lost_first):
    """Once a payer was on Free: the two words had both happened when they came."""
    buyer, now = buyers(), timezone.now()
    payment = bought(buyer, now - 10 * 24 * HOUR)
    name = f"dis_{buyer.number}"
    words = [
        lambda: buyer.money_back(payment, "chargeback", now + 30 * HOUR, cents=2900, id=name),
        lambda: buyer.take_word_back(payment, "chargeback", now + 40 * HOUR, cents=2900, id=name),
    ]
    for word in words if lost_first else reversed(words):
        assert word().status == "waiting"
    assert (buyer.wallet().plan_id, Refund.objects.exists()) == ("starter", False)
    assert when_its_date_comes(buyer, now + 31 * HOUR)["plan"][0] == "free"
    assert when_its_date_comes(buyer, now + 41 * HOUR)["plan"][0] == "starter"


@pytest.mark.parametrize("ahead", [0.5, 22, 40])
def test_an_upgrade_that_is_dated_ahead_is_not_in_force_before(buyers, ahead):
    """In the last hours of the month it cost next to nothing."""
    buyer, now = buyers(), timezone.now()
    start = months_after(now + (ahead + 1) * HOUR, -1)
    bought(buyer, start)
    buyer.tell("business", now + ahead * HOUR, since=start)
    event, _ = buyer.pay(now + ahead * HOUR, kind="plan_change", cents=37, plan="business")
    assert event.status == "waiting"
    assert "counts from then" in event.outcome
    assert (buyer.wallet().plan_id, buyer.wallet().subscription_balance) == ("starter", 1000)
    assert not PlanSeen.objects.filter(plan="business").exists()
    end = when_its_date_comes(buyer, now + ahead * HOUR)
    assert (end["plan"][0], end["parked"]) == ("business", [])
    assert abs(float(end["xct"]) - 1000 - 19_000 / ((months_after(start, 1) - start).days * 24)) < 2


def test_clocks_may_differ_by_some_minutes(buyers):
    buyer, now = buyers(), timezone.now()
    bought(buyer, now + HOUR / 20)
    assert buyer.wallet().plan_id == "starter"


def test_a_purchase_that_is_dated_ahead_is_named_to_staff_after_a_day_and_comes(buyers):
    buyer, now = buyers(), timezone.now()
    bought(buyer, now + 60 * HOUR)
    assert (buyer.wallet().plan_id, Subscription.objects.exists()) == ("free", False)
    assert reconciliation.find() == []
    with clock(now + 25 * HOUR):
        assert {one.check for one in reconciliation.find()} == {"event_is_applied"}
    end = when_its_date_comes(buyer, now + 60 * HOUR)
    assert end["plan"] == ("starter", "monthly", months_after(now + 60 * HOUR, 1))
    assert not ProviderEvent.objects.exclude(status="applied").exists()
    with clock(now + 61 * HOUR):
        assert provider_events.sweep() == 0


def test_an_end_that_is_dated_ahead_of_its_own_event_takes_no_paid_time(buyers):
    buyer, now = buyers(), timezone.now()
    start = ago(days=10)
    bought(buyer, start)
    ends = months_after(start, 1).isoformat()
    named = {"expires_at": ends} if buyer.provider == "dodo" else {"canceled_at": ends}
    buyer.tell("starter", now - HOUR, since=start, status="cancelled", **named)
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.paid_until) == ("starter", months_after(start, 1))
    with clock(months_after(start, 1) + HOUR):
        buyer.shop.work()
        assert outcome(buyer)["later"][0] == "free"
