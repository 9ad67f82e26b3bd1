"""Refunds, chargebacks and their reversals: what was granted less what was taken is the part of the money that was kept, in
any order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from backoffice import figures
from billing import corrections, holds, provider_events, reconciliation, settlement, usage
from billing.lot_book import News
from billing.models import PaidPeriod, Payment, Plan, Subscription
from billing.months import months_after
from tests.billing.buyer import PROVIDERS, Buyer, ago
from tests.billing.clocks import clock
from tests.billing.shop import open_shop
from tests.fakes import dodo, paddle

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("buyer")]

D = Decimal


@pytest.fixture(params=PROVIDERS)
def buyer(request, cast, db):
    with open_shop() as shop:
        yield Buyer(request.param, shop, cast.organization)


def give_back(buyer, payment, kinds, **fields):
    """As they happened: first the refund, then the chargeback, then its reversal; told in the order of `kinds`."""
    happened = {"refund": 50, "chargeback": 40, "reversal": 30}
    for kind in kinds:
        event = buyer.money_back(payment, kind, ago(minutes=happened[kind]), **fields)
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
        assert granted == (1000 if kept else 0)
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


WORDS = [("holds", "void"), ("holds", "void", "holds"), ("holds", "void", "holds", "void")]


@pytest.mark.parametrize("words", WORDS, ids="-".join)
@pytest.mark.parametrize("kind", ["refund", "chargeback"])
@pytest.mark.parametrize("told", [1, -1], ids=["in order", "backwards"])
def test_the_latest_word_on_a_refund_or_dispute_counts(buyer, words, kind, told):
    """A dispute that was lost after it was won left the XCT; a refund that failed took them."""
    payment = buyer.buy("starter", ago(hours=1))
    steps = [(word, ago(minutes=50 - number)) for number, word in enumerate(words)]
    for word, at in steps[::told]:
        tell = buyer.money_back if word == "holds" else buyer.take_word_back
        event = tell(payment, kind, at, id="one", cents=2900)
        assert event.status == "applied", event.outcome
    kept = words[-1] == "void"
    assert sum(figures.revenue(ago(days=2))["Cards"].values()) == (29 if kept else 0)
    wallet = buyer.wallet()
    assert wallet.plan_id == ("starter" if kept else "free")
    # They are of the month that they were taken from; those of the Free plan in between wait until it comes again.
    assert (wallet.subscription_balance, wallet.topup_balance) == (1000 if kept else 50, 0)
    assert reconciliation.find() == []


@pytest.mark.parametrize("told_last", [20, 40])
def test_the_latest_word_on_a_refund_says_what_it_comes_to(buyer, told_last):
    """The one that was told first did, in either order."""
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1))
    words = {40: 300, 20: 600}  # cents, by the minutes since
    for minutes in sorted(words, key=lambda minutes: minutes == told_last):
        buyer.money_back(payment, "refund", ago(minutes=minutes), cents=words[minutes], id="one")
    assert buyer.wallet().topup_balance == 300
    assert reconciliation.find() == []


def test_a_dispute_is_won_as_far_as_is_told(buyer):
    """One cent that came again gave all of the XCT."""
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1))
    buyer.money_back(payment, "chargeback", ago(minutes=40), id="one", cents=1500)
    buyer.take_word_back(payment, "chargeback", ago(minutes=20), id="one", cents=600)
    assert buyer.wallet().topup_balance == 200
    assert reconciliation.find() == []


def test_xct_that_come_again_expire_with_their_month(buyer):
    with clock(ago(hours=1), runs=True):
        payment = buyer.buy("starter", ago(days=28))
        work(buyer, 400)
    give_back(buyer, payment, ("chargeback",))
    assert buyer.wallet().topup_balance == -400
    give_back(buyer, payment, ("reversal",))
    wallet = buyer.wallet()
    assert (wallet.subscription_balance, wallet.topup_balance) == (600, 0)
    assert wallet.cycle_key == f"payment:{buyer.provider}:{payment}"
    buyer.pay(timezone.now())
    settlement.settle(buyer.organization, at=timezone.now() + timedelta(days=4))
    wallet = buyer.wallet()
    assert (wallet.subscription_balance, wallet.topup_balance) == (1000, 0)
    assert reconciliation.find() == []


@pytest.mark.parametrize(("days", "there"), [(40, ("starter", 1000)), (50, ("free", 50))])
def test_xct_that_come_again_after_their_month_last_for_its_time_of_grace(buyer, days, there):
    payment = buyer.buy("starter", ago(days=days))
    give_back(buyer, payment, ("chargeback", "reversal"))
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == there
    assert reconciliation.find() == []


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
def test_a_part_of_the_money_takes_its_part_and_comes_again_with_it(buyer, kind):
    """A dispute's amount is a string at Dodo: it took all."""
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=2), cents=3000)
    assert buyer.money_back(payment, kind, ago(minutes=50), id="one", cents=1000).status == "applied"
    assert abs(buyer.wallet().topup_balance - D(1000) * 2 / 3) <= D("0.0001")
    assert buyer.take_word_back(payment, kind, ago(minutes=40), id="one", cents=1000).status == "applied"
    assert buyer.wallet().topup_balance == 1000


@pytest.mark.parametrize(
    ("amount", "kept"), [("1000", 2000), ("10.00", 2000), ("10.5", 1950), (1000, 2000), (None, 0), ("3000", 0)]
)
def test_a_disputed_amount_is_read_in_minor_units_or_with_its_decimal_point(cast, db, amount, kept):
    with open_shop() as shop:
        buyer = Buyer("dodo", shop, cast.organization)
        _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=2), cents=3000)
        buyer.deliver("dispute.lost", dodo.dispute("one", payment, amount), ago(minutes=50))
        assert Payment.objects.get().kept == (D(kept) / 3000).quantize(D("1e-8"))


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


# --- what an event says against itself


def contradictory(buyer, payment, what):
    """An event whose status or amount says another thing than its type."""
    if buyer.provider == "dodo":
        if what == "status":
            return buyer.deliver("refund.succeeded", dodo.refund("r", payment, 1500, status="pending"), ago(minutes=5))
        return buyer.deliver("refund.succeeded", dodo.refund("r", payment, -1500), ago(minutes=5))
    if what == "status":
        fields = {"kind": "refund", "status": "pending_approval"}
        data = paddle.adjustment("r", payment, fields["kind"], None, status=fields["status"])
        return buyer.deliver("adjustment.created", data, ago(minutes=5))
    return buyer.deliver("adjustment.created", paddle.adjustment("r", payment, "refund", -1500), ago(minutes=5))


@pytest.mark.parametrize("what", ["status", "amount"])
def test_a_refund_that_contradicts_itself_takes_nothing(buyer, what):
    _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1), cents=1500)
    event = contradictory(buyer, payment, what)
    pending_at_paddle = buyer.provider == "paddle" and what == "status"  # it says that it waits, so nothing is odd
    assert event.status == ("ignored" if pending_at_paddle else "for_staff"), event.outcome
    assert buyer.wallet().topup_balance == 500


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
@pytest.mark.parametrize(("cents", "currency"), [(2900, "USD"), (1, "JPY")])
def test_money_that_goes_back_in_another_currency_is_for_staff(buyer, cast, kind, cents, currency):
    """Its minor units were counted as cents of the payment's currency: 29 dollars took all."""
    payment = buyer.buy("starter", ago(hours=1))
    event = buyer.money_back(payment, kind, ago(minutes=5), cents=cents, currency=currency)
    figures_ = (event.expected, event.received)
    assert (event.status, figures_) == ("for_staff", ("29.00 EUR", f"{cents} in minor units of {currency}"))
    assert buyer.wallet().subscription_balance == 1000
    provider_events.accept(event=event, by=cast.staff, reason="Its amount is in euros.")
    assert buyer.wallet().subscription_balance < 1000


@pytest.mark.parametrize("bought", ["packs", "plan"])
def test_a_payment_whose_status_is_not_that_of_success_is_for_staff(buyer, cast, bought):
    checkout = buyer.checkout(packs=2) if bought == "packs" else buyer.checkout("starter")
    status = "failed" if buyer.provider == "dodo" else "canceled"
    event, _ = buyer.pay(ago(hours=1), checkout=checkout, status=status)
    assert (event.status, event.received) == ("for_staff", f"status {status}")
    assert not Payment.objects.exists()
    assert buyer.wallet().total_balance == 50
    provider_events.accept(event=event, by=cast.staff, reason="The provider confirms it.")
    assert buyer.wallet().total_balance == 1050 if bought == "packs" else 1000


# --- two periods in force


@pytest.mark.parametrize("cancelled", [False, True])
def test_xct_of_a_plan_that_was_bought_twice_are_taken_from_the_balance_they_lie_in(buyer, cancelled):
    """The first purchase's went off the top-ups, while they lay in the month's balance."""
    first = buyer.buy("business", ago(hours=3))
    second = Buyer(buyer.provider, buyer.shop, buyer.organization)
    again = second.buy("business", ago(hours=2))
    assert buyer.wallet().subscription_balance == 40_000
    if cancelled:
        buyer.tell("business", ago(hours=1), status="cancelled")
    give_back(buyer, first, ("refund",))
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("business", 20_000, 0)
    give_back(second, again, ("refund",))
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("free", 50, 0)
    assert reconciliation.find() == []


@pytest.mark.parametrize("returned", [False, True])
def test_an_upgrade_of_a_period_beside_a_better_one_keeps_what_it_paid_for(buyer, returned):
    """Its XCT expired in the settlement that granted them, as another month ran."""
    buyer.buy("starter", ago(days=1))
    Buyer(buyer.provider, buyer.shop, buyer.organization).buy("professional", ago(hours=4))
    assert buyer.wallet().subscription_balance == 6000
    buyer.tell("business", ago(hours=2))
    _, payment = buyer.pay(ago(hours=2), kind="plan_change", cents=26_100, plan="business")
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.topup_balance) == ("business", 0)
    assert wallet.subscription_balance > 6000 + 18_000
    if returned:
        give_back(buyer, payment, ("refund",))
        wallet = buyer.wallet()
        assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("professional", 6000, 0)
    assert reconciliation.find() == []


# --- a change of plan that a credit paid for


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
@pytest.mark.parametrize("told_first", ["change", "money back"])
@pytest.mark.parametrize("spent", [0, 15_000])
def test_a_change_shrinks_with_the_money_that_it_was_credited_with(buyer, kind, told_first, spent):
    """A month of business for 11 euros and a credit of 288 stayed whole when the 290 of the credit went back."""
    year = buyer.buy("starter", ago(days=1), period="yearly")
    buyer.tell("business", ago(hours=3))
    steps = [
        lambda: buyer.pay(ago(hours=3), kind="plan_change", cents=1100, plan="business")[0],
        lambda: buyer.money_back(year, kind, ago(hours=2), id="one"),
    ]
    if told_first == "money back":
        # The change waits for nothing: its period is in force when it comes.
        steps.reverse()
    for step in steps:
        assert step().status == "applied"
        if spent and buyer.wallet().subscription_balance >= 20_000:
            hold = holds.place(organization=buyer.organization, amount=D(spent), key="work")
            holds.capture(hold=hold, amount=D(spent), key="item")
            usage.record(
                organization=buyer.organization, key="item", provider="x", model="y", xct=D(spent), cost_usd=D(1)
            )
    wallet = buyer.wallet()
    used = D(1000) * 21 / 24 / 30  # of the year's first month, at most, until it was changed
    if told_first == "change":
        assert wallet.plan_id == "free"
        assert abs(wallet.total_balance - (D(20_000) * 11 / 299 + 50 - spent)) < 1
    else:
        assert wallet.total_balance < 1000
    assert [one for one in reconciliation.find() if one.check == "granted_is_what_was_kept"] == []
    assert buyer.take_word_back(year, kind, ago(hours=1), id="one").status == "applied"
    wallet = buyer.wallet()
    if told_first == "change":
        assert wallet.plan_id == "business"
        assert abs(wallet.total_balance - (20_000 + used - spent)) < 2
    assert [one for one in reconciliation.find() if one.check == "granted_is_what_was_kept"] == []


def test_a_subscription_whose_upgrade_alone_is_paid_raises_no_alarm(buyer):
    """The period's money was returned, the upgrade's was kept: reconciliation said that nothing was paid."""
    payment = buyer.buy("starter", ago(days=2))
    buyer.tell("business", ago(hours=30))
    _, upgrade = buyer.pay(ago(hours=30), kind="plan_change", cents=26_100, plan="business")
    give_back(buyer, payment, ("refund",))
    Subscription.objects.update(created_at=ago(days=2))
    assert reconciliation.find() == []
    give_back(buyer, upgrade, ("refund",))
    assert [one.check for one in reconciliation.find()] == ["subscription_is_paid"]


def taxed(buyer, net, tax):
    return {"total_amount": net + tax, "tax": tax} if buyer.provider == "dodo" else {"cents": net, "tax": tax}


# what goes back of 29.00 and 5.80 of tax, with the tax in it as Paddle tells it: the part of the price that stays
TAXES = {
    "the tax": ([(580, 580)], 1),
    "the tax, then all that is left": ([(580, 580), (2900, 0)], 0),
    "the tax in two parts": ([(290, 290), (290, 290)], 1),
    "half of both": ([(1740, 290)], D("0.5")),
    "half of the price": ([(1450, 0)], D("0.5")),
    "the tax, then half of the price": ([(580, 580), (1450, 0)], D("0.5")),
    "all": ([(3480, 580)], 0),
}
#: What Dodo leaves unsaid is taken for price and tax alike, but for just the tax.
UNSAID = {"the tax in two parts": 1 - D(580) / 3480, "half of the price": 1 - D(1450) / 3480}


@pytest.mark.parametrize("name", TAXES)
@pytest.mark.parametrize("bought", ["packs", "plan"])
def test_a_refund_is_of_the_price_as_far_as_it_exceeds_its_tax(buyer, bought, name):
    """Who got the tax back, for a number that was given afterwards, lost a sixth of the XCT with it."""
    if bought == "packs":
        _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout(packs=1), **taxed(buyer, 1500, 300))
        whole, scale = 500, D(300) / 580
    else:
        _, payment = buyer.pay(ago(hours=1), checkout=buyer.checkout("starter"), **taxed(buyer, 2900, 580))
        whole, scale = 1000, D(1)
    told, kept = TAXES[name]
    kept = UNSAID.get(name, kept) if buyer.provider == "dodo" else kept
    for number, (cents, tax) in enumerate(told):
        event = buyer.money_back(
            payment, "refund", ago(minutes=9 - number), cents=int(cents * scale), tax=int(tax * scale)
        )
        assert event.status == "applied", event.outcome
    wallet = buyer.wallet()
    granted = wallet.topup_balance if bought == "packs" else wallet.total_balance - (50 if wallet.plan.is_free else 0)
    assert abs(granted - whole * kept) < 1
    assert Payment.objects.get(external_id=payment).status == ("succeeded" if kept == 1 else "refunded")
    assert not [one for one in reconciliation.find() if one.check != "event_is_applied"]


def work(buyer, xct):
    key = f"work {xct}"
    hold = holds.place(organization=buyer.organization, amount=D(xct), key=key)
    holds.capture(hold=hold, amount=D(xct), key=key)
    holds.close(hold=hold)
    usage.record(organization=buyer.organization, key=key, provider="x", model="y", xct=D(xct), cost_usd=D(1))


@pytest.mark.parametrize("spent", [0, 400, 15_000])
def test_a_month_that_staff_start_anew_follows_the_plan_whose_money_is_there(buyer, cast, spent):
    """A Starter kept the 20,000 XCT of the upgrade whose money went back."""
    buyer.buy("starter", ago(days=3))
    buyer.tell("business", ago(days=2))
    _, payment = buyer.pay(ago(days=2), kind="plan_change", cents=26_000, plan="business")
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    assert buyer.wallet().total_balance == 20_000
    if spent:
        work(buyer, spent)
    buyer.money_back(payment, "refund", ago(minutes=5), id="refund")
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000 - spent)
    assert reconciliation.find() == []
    buyer.take_word_back(payment, "refund", ago(minutes=1), id="refund")
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.total_balance) == ("business", 20_000 - spent)
    assert reconciliation.find() == []


def test_what_was_spent_before_staff_started_a_month_anew_is_owed_beyond_the_plan(buyer, cast):
    buyer.buy("starter", ago(days=3))
    buyer.tell("business", ago(days=2))
    _, payment = buyer.pay(ago(days=2), kind="plan_change", cents=26_000, plan="business")
    work(buyer, 1400)
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    buyer.money_back(payment, "refund", ago(minutes=5))
    wallet = buyer.wallet()
    assert (wallet.subscription_balance, wallet.topup_balance) == (1000, -400)
    assert reconciliation.find() == []


@pytest.mark.parametrize("parts", [(2900,), (1740, 1160), (1160, 1740)], ids=str)
@pytest.mark.parametrize("before", [0, 42])
def test_what_was_spent_of_a_month_started_anew_is_owed_when_all_its_money_went_back(buyer, cast, before, parts):
    """Who had asked for a new month and spent it kept it for nothing; and lost it when the money stayed after all."""
    with clock(ago(hours=1), runs=True):
        payment = buyer.buy("starter", ago(days=3))
        if before:
            work(buyer, before)
        corrections.reset_cycle(organization=cast.organization, by=cast.staff)
        work(buyer, 126)
    for number, cents in enumerate(parts):
        buyer.money_back(payment, "refund", ago(minutes=9 - number), cents=cents, id=f"part_{number}")
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.topup_balance) == ("free", -before - 126)
    assert reconciliation.find() == []
    for number, cents in enumerate(parts):
        buyer.take_word_back(payment, "refund", ago(minutes=5 - number), id=f"part_{number}", cents=cents)
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("starter", 874, 0)
    assert wallet.cycle_key.startswith("reset:")
    assert reconciliation.find() == []


def test_what_was_spent_of_a_month_started_anew_is_owed_after_it_too(buyer, cast):
    checkout = buyer.checkout("starter")
    with clock(ago(days=40), runs=True):
        _, payment = buyer.pay(ago(hours=1), checkout=checkout)
        corrections.reset_cycle(organization=cast.organization, by=cast.staff)
        work(buyer, 126)
    buyer.pay(ago(days=9))
    buyer.money_back(payment, "chargeback", ago(minutes=5))
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("starter", 1000, -126)
    assert reconciliation.find() == []


def test_a_new_month_of_the_free_plan_stays(buyer, cast):
    """It is of the Free plan, though the money of another plan went back within it."""
    payment = buyer.buy("starter", ago(days=3))
    buyer.money_back(payment, "refund", ago(minutes=9), id="refund")
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    settlement.settle(cast.organization, news=News(ago(days=3)))
    assert buyer.wallet().total_balance == 50
    assert reconciliation.find() == []


def test_a_new_month_of_a_plan_that_staff_have_set_stays(buyer, cast):
    payment = buyer.buy("starter", ago(days=3))
    business = Plan.objects.get(pk="business")
    corrections.change_plan(organization=cast.organization, plan=business, by=cast.staff)
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    buyer.money_back(payment, "refund", ago(minutes=9))
    assert (buyer.wallet().plan_id, buyer.wallet().total_balance) == ("business", 20_000)
    assert reconciliation.find() == []


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
@pytest.mark.parametrize("used", [0, 42])
@pytest.mark.parametrize("stays", [None, "while it runs", "after it"])
def test_of_what_work_holds_of_a_month_started_anew_what_it_uses_is_owed(buyer, cast, kind, used, stays):
    """All that it held was owed as if it had been spent; and stayed for good if the money stayed after all."""
    payment = buyer.buy("starter", ago(days=10))
    hold = holds.place(organization=cast.organization, amount=D(878), key="work")
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    buyer.money_back(payment, kind, ago(minutes=9), id="back", cents=2900)
    assert buyer.wallet().topup_balance == 0
    assert reconciliation.find() == []
    if stays == "while it runs":
        buyer.take_word_back(payment, kind, ago(minutes=5), id="back", cents=2900)
    finish(hold, used)
    assert reconciliation.find() == []
    if stays == "after it":
        wallet = buyer.wallet()
        assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("free", 50, -used)
        buyer.take_word_back(payment, kind, ago(minutes=5), id="back", cents=2900)
    wallet = buyer.wallet()
    expected = ("starter", 1000, 0) if stays else ("free", 50, -used)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == expected
    assert (wallet.held, wallet.expiring) == (0, 0)
    assert reconciliation.find() == []


@pytest.mark.parametrize("used", [0, 42])
def test_of_what_work_holds_of_a_month_that_is_over_what_it_uses_is_owed(buyer, cast, used):
    """The rest of what it held expired from the month that was paid for."""
    checkout = buyer.checkout("starter")
    with clock(ago(days=40), runs=True):
        _, payment = buyer.pay(ago(hours=1), checkout=checkout)
        hold = holds.place(organization=cast.organization, amount=D(878), key="work")
    buyer.pay(ago(days=9))
    buyer.money_back(payment, "refund", ago(minutes=5))
    finish(hold, used)
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("starter", 1000, -used)
    assert reconciliation.find() == []


def started_anew(buyer, cast, plan, *, spent=0):
    """A month of a plan that staff have started anew a day later; its payment."""
    checkout = buyer.checkout(plan)
    with clock(ago(days=10), runs=True):
        _, payment = buyer.pay(timezone.now(), checkout=checkout)
        buyer.tell(plan, timezone.now())
        if spent:
            work(buyer, spent)
    with clock(ago(days=9), runs=True):
        corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    return payment


@pytest.mark.parametrize("plan", ["starter", "professional"])
@pytest.mark.parametrize("spent", [0, 6000])
@pytest.mark.parametrize("paid", [False, True])
def test_an_upgrade_and_back_after_staff_started_a_month_anew_brings_nothing(buyer, cast, plan, spent, paid):
    """What had expired with the month before came again with the upgrade, and stayed."""
    xct = {"starter": 1000, "professional": 5000}[plan]
    started_anew(buyer, cast, plan)
    for hours in (6, 3):
        buyer.tell("business", ago(hours=hours))
        if paid:
            _, payment = buyer.pay(ago(hours=hours), kind="plan_change", cents=26_000, plan="business")
        assert spent or buyer.wallet().total_balance > 10_000
        if spent and hours == 6:
            work(buyer, spent)
        if paid:
            buyer.money_back(payment, "refund", ago(hours=hours - 1))
        buyer.tell(plan, ago(hours=hours - 2))
        assert buyer.wallet().total_balance == xct - spent
        assert reconciliation.find() == []


def test_an_upgrade_since_staff_started_a_month_anew_stays_without_the_months_money(buyer, cast):
    payment = started_anew(buyer, cast, "starter", spent=400)
    buyer.tell("business", ago(hours=3))
    buyer.pay(ago(hours=3), kind="plan_change", cents=26_000, plan="business")
    brought = buyer.wallet().total_balance - 1000
    buyer.money_back(payment, "refund", ago(hours=2))
    assert buyer.wallet().total_balance == brought - 400
    assert reconciliation.find() == []


@pytest.mark.parametrize("held", [1, 100])
def test_a_new_month_of_the_free_plan_leaves_what_stays_paid_of_a_plan(buyer, cast, held):
    """It expired, and so the balance differed by the order in which a refund failed and did not."""
    with clock(ago(days=6)):
        payment = buyer.buy("professional", ago(days=4), period="yearly")
        work(buyer, 42)
    buyer.money_back(payment, "refund", ago(days=5), cents=66_000, id="refund")
    hold = holds.place(organization=cast.organization, amount=D(held), key="held")
    before = buyer.wallet().total_balance
    assert abs(before - 1674) < 1
    corrections.reset_cycle(organization=cast.organization, by=cast.staff)
    finish(hold, 0)
    assert (buyer.wallet().plan_id, buyer.wallet().total_balance) == ("free", before)
    at = ago(minutes=-5)
    with clock(at):
        buyer.take_word_back(payment, "refund", at, id="refund", cents=66_000)
        wallet = buyer.wallet()
        assert (wallet.plan_id, wallet.total_balance.quantize(D(1))) == ("professional", 5008)
    at = ago(minutes=-8)
    with clock(at):
        buyer.money_back(payment, "refund", at, cents=66_000, id="refund")
        assert (buyer.wallet().plan_id, buyer.wallet().total_balance) == ("free", before)
        assert [one.check for one in reconciliation.find()] == ["kept_money_buys_a_plan"]


def finish(hold, used):
    """Let work end that has used so much of what it held."""
    holds.capture(hold=hold, amount=D(used), key="work")
    holds.close(hold=hold)
    usage.record(organization=hold.organization, key="work", provider="x", model="y", xct=D(used), cost_usd=D(1))


def test_a_month_that_comes_back_after_its_end_pays_what_is_owed_before_it_expires(buyer):
    """A hundred were spent in a month that 29 euros had paid. 68 of them stayed owed when the year after it was lost,
    while 968 of that month expired."""

    def told(at, plan, cents, period="monthly", kind="plan_change"):
        with clock(at):
            settlement.roll_over(buyer.organization)
            buyer.tell(plan, at, period=period)
            return buyer.pay(at, kind=kind, plan=plan, period=period, cents=cents)[1]

    start = ago(days=40)
    with clock(start):
        buyer.buy("starter", start)
    year = told(start + timedelta(days=1), "business", 296_300, "yearly")
    with clock(start + timedelta(days=1, hours=2)):
        work(buyer, 100)
    month = start + timedelta(days=4)
    told(month, "business", 0)
    told(months_after(month, 1), "business", 29_900, kind="renewal")
    buyer.money_back(year, "chargeback", ago(hours=1))
    wallet = buyer.wallet()
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("business", 20_000, 0)
