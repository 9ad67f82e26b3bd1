"""A card year that was paid before an invoice and is told after it: the invoice's period waits for the end of the year,
and what was spent of its month meanwhile is of the year's months, to the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import product, takewhile

import pytest
from django.utils import timezone

from billing import (
    corrections,
    cycles,
    holds,
    invoices,
    ledger,
    orders,
    provider_events,
    receipts,
    reconciliation,
    settlement,
)
from billing.models import Cycle, PaidPeriod, Payment, Plan
from billing.months import months_after
from tests import factories
from tests.billing import books
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.outcomes import outcome
from tests.billing.shop import open_shop
from tests.factories import BILLING_DETAILS
from tests.sizes import size

D = Decimal

#: How many days ago the year was paid, and told at last; what happened between, in its order.
STORIES = {
    "told at once": (40, 0, (("pay", 0),)),
    "told at once, all of the year's XCT were spent": (40, 0, (("pay", 0), ("spend", 0, 1000))),
    "spent within a month of the year": (40, 0, (("pay", 8), ("spend", 7, D("400.1234")))),
    "spent within a month that is over": (40, 0, (("pay", 35), ("spend", 34, 400))),
    "spent of the invoice's second month": (40, 0, (("pay", 35), ("spend", 3, 30))),
    "spent before and after the months": (
        (50, 0, (("pay", 35), ("spend", 34, 300), ("spend", 15, 200), ("spend", 8, D("123.4567")), ("spend", 3, 40)))
    ),
    "goes on after it is told": (40, 2, (("pay", 35), ("spend", 34, 300), ("spend", 3, 40), ("spend", 1, 70))),
    "staff give XCT between": (
        (40, 0, (("pay", 20), ("grant", 19, "topup"), ("spend", 18, 400), ("grant", 17, "subscription")))
    ),
    "paid in parts": (40, 0, (("part", 9), ("pay", 8), ("spend", 7, 400))),
}


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


def spend(organization, amount, key):
    hold = holds.place(organization=organization, amount=D(amount), key=f"work:{key}")
    holds.capture(hold=hold, amount=D(amount), key=f"item:{key}")
    holds.close(hold=hold)


def do(organization, invoice, what, number, *given):
    if what == "part":
        today = timezone.now().date()
        receipts.note(invoice=invoice, amount=D(10), received_on=today, statement="1/1", by=None)
    elif what == "pay":
        invoices.confirm(invoice=invoice, by=None)
    elif what == "spend":
        spend(organization, *given, number)
    else:
        corrections.adjust(organization=organization, amount=D(300), balance_type=given[0], by=None)


def end(provider, shop, bought, story, *, in_time):
    """The buyer of the plan by card, for a year unless told, and of the period by invoice that were `bought`, after all
    that."""
    (by_card, period, *card), (paid, told, between), now = bought, story, timezone.now()
    start = now - timedelta(days=paid)
    with clock(start - timedelta(hours=1)):
        organization = factories.make_organization(**BILLING_DETAILS)
    plan = Plan.objects.get(pk="starter")
    invoice = orders.order_plan(organization=organization, plan=plan, billing_period=period)
    by = Buyer(provider, shop, organization)
    before = takewhile(lambda step: step[1] >= told, between)
    when = 0 if in_time else len(list(before))
    steps = [(days, what, number, given) for number, (what, days, *given) in enumerate(between)]
    steps.insert(when, (paid if in_time else told, "buy", None, ()))
    for days, what, number, given in steps:
        with clock(now - timedelta(days=days)):
            settlement.roll_over(organization)
            if what == "buy":
                by.buy(by_card, start, period=card[0] if card else "yearly")
            else:
                do(organization, invoice, what, number, *given)
    with clock(now):
        settlement.roll_over(organization)
    return by


def months_to_come(organization):
    """When each month comes that is due yet, with its plan and what is there then."""
    found = []
    while True:
        wallet = books.check(organization)
        due = wallet.next_cycle_at
        found.append((due, wallet.plan_id, wallet.subscription_balance, wallet.topup_balance))
        if due is None:
            return found
        with clock(due):
            settlement.roll_over(organization)


@pytest.mark.each_value("provider", "story")
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("bought", product(["starter", "professional"], ["monthly", "yearly"]), ids=" ".join)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_it_ends_as_if_the_year_had_been_told_in_time(provider, shop, bought, story):
    """The invoice's month had begun, so it stayed, a year long, with its XCT beside those of the year."""
    now = timezone.now()
    with clock(now):
        buyers = [end(provider, shop, bought, story, in_time=one) for one in (True, False)]
        differences = {one.check for one in reconciliation.find()}
        assert differences <= {"usage_is_what_was_charged"}  # spent without a job
        in_time, late = (outcome(by) for by in buyers)
    assert late == in_time
    in_time, late = (months_to_come(by.organization) for by in buyers)
    assert late == in_time


def give_back(by, back):
    """All or half of the card's money goes back; or all of it, which fails then."""
    now, payment = timezone.now(), Payment.objects.of(by.organization).get(provider=by.provider)
    cents, refund = payment.amount_minor // (2 if back == "half" else 1), f"refund_{by.number}"
    by.money_back(payment.external_id, "refund", now, id=refund, cents=cents)
    if back == "failed":
        by.take_word_back(payment.external_id, "refund", now, id=refund, cents=cents)
    settlement.roll_over(by.organization)


@pytest.mark.each_value("provider", "story")
@pytest.mark.parametrize("back", ["all", "half", "failed"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("bought", [("starter", "monthly"), ("professional", "yearly")], ids=" ".join)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_when_the_years_money_goes_back_as_much_is_owed_as_if_it_had_been_told_in_time(
    provider, shop, bought, story, back
):
    """What was spent in a month of the year that was over when it was told was owed by nobody."""
    with clock(timezone.now()):
        buyers = [end(provider, shop, bought, story, in_time=one) for one in (True, False)]
        for by in buyers:
            give_back(by, back)
        in_time, late = ((outcome(by), balances(by)) for by in buyers)
    assert late == in_time


#: The same of a card's month, which is over once the invoice's period runs.
MONTHS = {
    "spent in it": (40, 0, (("pay", 35), ("spend", 34, 400))),
    "spent in it and after it": (40, 0, (("pay", 35), ("spend", 34, 400), ("spend", 5, 100))),
    "all was spent": (40, 0, (("pay", 35), ("spend", 34, 1000))),
    "told before its end": (25, 0, (("pay", 15), ("spend", 14, 400))),
}


@pytest.mark.each_value("provider", "story")
@pytest.mark.parametrize("back", [None, "all", "half", "failed"])
@pytest.mark.parametrize("story", MONTHS.values(), ids=MONTHS)
@pytest.mark.parametrize("by_card", ["starter", "professional"])
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("seller", "rate")
def test_a_month_that_was_told_late_is_spent_first(provider, shop, by_card, story, back):
    with clock(timezone.now()):
        bought = by_card, "monthly", "monthly"
        buyers = [end(provider, shop, bought, story, in_time=one) for one in (True, False)]
        for by in buyers if back else ():
            give_back(by, back)
        in_time, late = ((outcome(by), balances(by)) for by in buyers)
    assert late == in_time


def balances(by):
    wallet = by.wallet()
    return wallet.subscription_balance, wallet.topup_balance


@pytest.mark.usefixtures("seller", "rate")
def test_reconciliation_names_an_invoice_that_runs_beside_the_year_and_settlement_mends_it(shop):
    now = timezone.now()
    with clock(now):
        organization = end("dodo", shop, ("starter", "monthly"), STORIES["told at once"], in_time=True).organization
    period = PaidPeriod.objects.get(subscription=None)
    begins, ends = period.begins_at, period.ends_at
    # As it was until now: the month had begun when the year was told.
    PaidPeriod.objects.filter(pk=period.pk).update(begins_at=now, ends_at=months_after(now, 13))
    with ledger.book(organization) as book:
        month = {"source": Cycle.Source.INVOICE, "plan": period.plan, "at": now, "allotment": D(1000)}
        cycles.start_in(book, key=period.key, description="", place="beside", **month)
    assert books.check(organization).total_balance == 2000
    kept = {one.subject: one.found for one in reconciliation.find() if one.check == "granted_is_what_was_kept"}
    assert kept == {period.key.replace(":", " "): "1000.0000 XCT more"}
    spend(organization, 400, 1)
    settlement.settle(organization)
    period.refresh_from_db()
    assert (period.begins_at, period.ends_at) == (begins, ends)
    wallet = books.check(organization)
    assert (wallet.subscription_balance, wallet.topup_balance) == (600, 0)
    assert "granted_is_what_was_kept" not in {one.check for one in reconciliation.find()}


@pytest.mark.thorough
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("committed", "seller", "rate")
def test_the_invoice_and_the_years_event_20_times_at_once_give_a_month_once(provider, cast, at_once):
    with open_shop() as shop:
        for name, value in BILLING_DETAILS.items():
            setattr(cast.organization, name, value)
        cast.organization.save()
        plan = Plan.objects.get(pk="starter")
        invoice = orders.order_plan(organization=cast.organization, plan=plan, billing_period="monthly")
        by, paid = Buyer(provider, shop, cast.organization, waits=True), ago(days=8)
        event, _ = by.pay(paid, checkout=by.checkout("starter", "yearly"), plan="starter", period="yearly")

        def work(number):
            if number % 4 == 0:
                return invoices.confirm(invoice=invoice, by=cast.staff)
            return provider_events.apply(event.pk)

        answers = at_once(work, range(size(20, 40)), threads=20)
        assert not [one for one in answers if isinstance(one, Exception)]
        by.waits = False
        by.tell("starter", paid, period="yearly")
        wallet = by.wallet()
        assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("starter", 1000, 0)
        month = PaidPeriod.objects.get(subscription=None)
        assert month.begins_at == months_after(paid, 12)
        assert reconciliation.find() == []
