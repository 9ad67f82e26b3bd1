"""Histories of payments, drawn at random: told as they happened, with the beats between, or all at once and in any
order, or all before their dates, they end alike, and nothing is there that nobody paid for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from billing import (
    checkouts,
    corrections,
    dunning,
    exchange_rates,
    invoices,
    orders,
    provider_events,
    reconciliation,
    settlement,
)
from billing.models import Cycle, ExchangeRate, Payment, Plan, ProviderEvent
from billing.months import months_after
from tests import factories
from tests.billing import buyer as buyers
from tests.billing import sales as ledgers
from tests.billing.buyer import PROVIDERS
from tests.billing.clocks import STORIES, clock
from tests.billing.outcomes import outcome
from tests.billing.sales import Sale
from tests.billing.shop import open_shop
from tests.factories import BILLING_DETAILS
from tests.sizes import FULL, size, some

D = Decimal
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANS = ("starter", "professional", "business")
PERIODS = ("monthly", "yearly")

#: What is bought first, and how many days ago; and the tax, in hundredths of the price.
firsts = st.tuples(
    st.sampled_from(PLANS),
    st.sampled_from(("monthly", "monthly", "yearly")),
    st.integers(1, 70),
    st.sampled_from((0, 20)),
)
#: Which plan and period, when (in hundredths of the time since), and how its price is paid.
changes = st.tuples(
    st.sampled_from(PLANS),
    st.sampled_from(PERIODS),
    st.integers(1, 97),
    st.sampled_from(("whole", "whole", "whole", "nothing", "half", "twice", "not")),
)
#: What goes back: of which payment, when, and how.
returns = st.tuples(
    st.integers(0, 9),
    st.integers(1, 97),
    st.sampled_from(("all", "half", "most", "little", "tax", "failed", "lost", "won", "reversed", "lost_again")),
)
#: What the provider calls the subscription, when.
standings = st.tuples(
    st.integers(1, 97), st.sampled_from(("on_hold", "past_due", "paused", "trialing", "expired", "cancelled"))
)
#: What else there is: packs, a late renewal, what is told of it (and how many seconds after its payment), an end, and
#: what is paid half.
others = st.tuples(
    st.integers(0, 2),
    st.sampled_from((0, 0, 40)),
    st.sampled_from(
        (("active", 2), ("active", 2), ("on_hold", -3600), ("past_due", 2), ("paused", 1), ("active", 7200))
    ),
    st.sampled_from(("", "", "", "cancelled")),
    st.sampled_from(("", "", "packs", "renewal_1", "renewal_2")),
)
#: What we do ourselves: plans and packs by bank transfer, credited or not, when (as above); what staff do with what is
#: parked in the end, which plan they set when, and when they start a month anew; when the organization is to be
#: deleted, and that is withdrawn.
part = st.integers(0, 97)
ordered = st.sampled_from(("packs", *PLANS, "business_yearly", "starter_yearly"))
deeds = st.tuples(
    st.lists(st.tuples(ordered, part, st.sampled_from((None, None, 40, 90))), max_size=2),
    st.sampled_from(("", "accept", "close")),
    st.sampled_from((None, None, None, 0, 50)),
    st.sampled_from((None, None, None, 30, 80)),
    st.sampled_from((None, None, (10, 60), (70, 90))),
)


SEEN_BY_STAFF = {"event_is_applied", "kept_money_buys_a_plan", "subscription_is_paid", "upgrade_is_paid"}


class Buyer(buyers.Buyer):
    """What it has ordered, by the name of the payment; and its invoices."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ordered: dict[str, Any] = {}
        self.invoices: dict[int, Any] = {}

    def payment_id(self, name: str) -> str:
        checkout = self.ordered.get(name)
        return checkout.external_id if checkout and self.provider == "paddle" else f"{name}_{self.number}"


Fact = tuple[datetime, Callable[[Buyer], Any]]


class History:
    """What happened: each fact with its time, and how a provider tells it of a buyer."""

    def __init__(self, now: datetime, drawn: Any) -> None:
        first, made, gone, told, beside, (invoiced, self.settled, staff, reset, deletion) = drawn
        made = made if staff is None else []  # what staff set is not stored beside what took over from it
        self.now, self.facts, self.deeds = now, list[Fact](), list[Fact]()
        self.payments: list[tuple[str, int, datetime]] = []
        self.sales: list[Sale] = []
        self.sightings: list[datetime] = []
        self.changed: list[datetime] = []
        self.disputed: dict[str, str] = {}
        self.invoiced: list[str] = []
        self.plan, self.period, days, self.tax = first
        self.packs, self.late, self.renewal_told, self.end, self.short = beside
        self.start = self.since = now - days * DAY
        self.first_plan = self.plan, self.period
        price = self._price(self.plan, self.period)
        self._pay("first", price, self.start)
        self._tell(self.start)
        if self.packs:
            self._pay("packs", 1500 * self.packs, self.start + HOUR)
        steps = [(part, lambda at, it=(plan, period, how): self._change(*it, at)) for plan, period, part, how in made]
        steps += [(part, lambda at, status=status: self._tell(at, status, 4)) for part, status in told]
        for part, step in sorted(steps, key=lambda one: one[0]):
            at = self._at(part)
            self._renew(at)
            step(at)
        self._renew(now)
        for number, (which, part, how) in enumerate(gone):
            if which < len(self.payments):
                self._give_back(self.payments[which], number, part, how)
        if self.end:
            self._tell(now - HOUR, self.end)
        for number, (what, when, credited) in enumerate(invoiced):
            self._invoice(number, what, when, credited)
        if staff is not None:
            self.deeds.append((self._at(staff), set_plan))
        if reset is not None:
            self.deeds.append((self._at(reset), reset_month))
        for part, wanted in zip(deletion or (), (True, False), strict=False):
            self.deeds.append((self._at(part), lambda buyer, wanted=wanted: delete(buyer, wanted=wanted)))
        self.waits_for_upgrades = any(now - at < 73 * HOUR for at in self.sightings)
        self.sold = bool(invoiced) or staff is not None
        self.beside = self.sold or reset is not None
        self.waits = staff is not None and any(what != "packs" and when <= staff for what, when, _ in invoiced)

    def _at(self, part: int) -> datetime:
        return self.start + (self.now - self.start) * part / 100

    def _invoice(self, number: int, what: str, when: int, credited: int | None) -> None:
        def pay(buyer: Buyer) -> None:
            buyer.invoices[number] = invoices.confirm(invoice=buyer.invoices[number], by=None)

        self.invoiced.append(what)
        self.deeds.append((self._at(when), pay))
        if credited is not None:
            later = self._at(when) + (self.now - self._at(when)) * credited / 100
            self.deeds.append(
                (later, lambda buyer: invoices.credit(invoice=buyer.invoices[number], by=None, reason="-"))
            )

    def changed_since(self, at: datetime) -> bool:
        """Whether the plan or its period was changed since."""
        return any(one >= at for one in self.changed)

    def _price(self, plan: str, period: str) -> int:
        return Plan.objects.get(pk=plan).price_minor(period) or 0

    @property
    def ends(self) -> datetime:
        return months_after(self.since, 12 if self.period == "yearly" else 1)

    def _pay(self, name: str, cents: int, at: datetime, kind: str = "", **sold: Any) -> None:
        plan, period = self.plan, self.period
        price, cents = cents, cents // 2 if name == self.short else cents
        tax = cents * self.tax // 100

        def step(buyer: Buyer) -> None:
            sums = {"cents": cents, "tax": tax}
            if buyer.provider == "dodo":
                sums = {"total_amount": cents + tax, "tax": tax}
            if checkout := buyer.ordered.get(name):
                buyer.pay(at, checkout=checkout, id=buyer.payment_id(name), **sums)
            else:
                buyer.pay(at, kind=kind, plan=plan, period=period, id=buyer.payment_id(name), **sums)

        self.facts.append((at, step))
        self.payments.append((name, cents, at))
        what = "packs" if name == "packs" else kind or "first"
        self.sales.append(Sale(name, what, plan, period, sold.get("price", price), cents, tax, at))

    def _tell(self, at: datetime, status: str = "active", after: int = 2) -> None:
        plan, period, since = self.plan, self.period, self.since
        told = at + timedelta(seconds=after)
        self.sightings.append(told)

        def step(buyer: Buyer) -> None:
            buyer.tell(plan, told, period=period, status=status, since=since)

        self.facts.append((told, step))

    def _renew(self, until: datetime) -> None:
        while (at := self.ends + self.late * HOUR) < until:
            self.since = self.ends
            self._pay(f"renewal_{len(self.payments)}", self._price(self.plan, self.period), at, "renewal")
            self._tell(at, *self.renewal_told)

    def _change(self, plan: str, period: str, how: str, at: datetime) -> None:
        if (plan, period) == (self.plan, self.period):
            return
        left = max(0, (self.ends - at) / (self.ends - self.since))
        new, old = self._price(plan, period), self._price(self.plan, self.period)
        price = int((new - old) * left) + 1 if period == self.period else int(new - old * left) + 1
        if period != self.period:
            self.since = at
        self.plan, self.period = plan, period
        self.changed.append(at)
        self._tell(at)
        price = max(0, price)
        cents = {"nothing": 0, "half": price // 2}.get(how, price)
        if how != "not":
            self._pay(f"change_{len(self.payments)}", cents, at, "plan_change", price=price)
        if how == "twice" and cents:
            self._pay(f"change_{len(self.payments)}", cents, at + 2 * timedelta(minutes=1), "plan_change")

    def _give_back(self, payment: tuple[str, int, datetime], number: int, part: int, how: str) -> None:
        name, cents, paid = payment
        sale = next(one for one in self.sales if one.name == name)
        whole = cents + sale.tax
        at = paid + (self.now - paid) * part / 100
        parts = {"half": whole // 2, "most": whole * 7 // 10, "little": whole // 5, "tax": sale.tax}
        amount = parts.get(how, whole)
        kind = "chargeback" if how in ("lost", "won", "lost_again", "reversed") else "refund"
        if not amount:
            return
        if kind == "chargeback":  # Paddle tells the reversal of one by an id of its own, or a word on itself
            told = self.disputed.setdefault(name, how)
            how = how if (how == "reversed") == (told == "reversed") else "lost"
        tax = amount if how == "tax" else amount * sale.tax // whole

        def step(buyer: Buyer, *, holds: bool = True, at: datetime = at) -> None:
            back = f"back_{buyer.number}_{number}"
            if holds:
                its = {"tax": tax} if buyer.provider == "paddle" and kind == "refund" else {}
                buyer.money_back(buyer.payment_id(name), kind, at, cents=amount, id=back, **its)
            elif how == "reversed" and buyer.provider == "paddle":
                buyer.money_back(buyer.payment_id(name), "reversal", at, cents=amount, id=f"{back}_reversed")
            else:
                buyer.take_word_back(buyer.payment_id(name), kind, at, id=back, cents=amount)

        words = {"won": 2, "reversed": 2, "failed": 2, "lost_again": 3}.get(how, 1)
        for word in range(words):
            when = at + (self.now - at) * word / 4
            self.facts.append((when, lambda buyer, word=word, when=when: step(buyer, holds=word % 2 == 0, at=when)))
        if words % 2:
            sale.returned.append((amount, how == "tax"))

    # --- how it is told

    def _buyer(self, provider: str, shop: Any) -> Buyer:
        with clock(self.start - DAY):  # what it got then is in the ledger before all else
            organization = factories.make_organization(**BILLING_DETAILS)
        buyer = Buyer(provider, shop, organization)
        buyer.ordered["first"] = buyer.checkout(*self.first_plan)
        if self.packs:
            buyer.ordered["packs"] = buyer.checkout(packs=self.packs)
        for number, what in enumerate(self.invoiced):
            if what == "packs":
                issued = orders.order_packs(organization=buyer.organization, packs=1, by=None)
            else:
                plan, _, period = what.partition("_")
                issued = orders.order_plan(
                    organization=buyer.organization,
                    plan=Plan.objects.get(pk=plan),
                    billing_period=period or "monthly",
                )
            buyer.invoices[number] = issued
        return buyer

    def _beats(self) -> list[Fact]:
        times = [at + wait for at, _ in self.facts for wait in (73 * HOUR, 31 * DAY + HOUR, 47 * DAY)]
        return [(at, lambda buyer: None) for at in times if at < self.now]

    def _live(self, buyer: Buyer, facts: list[Fact]) -> Buyer:
        """Let our clock run over all that. The books add up at any time."""
        for at, step in sorted(facts, key=lambda fact: fact[0]):
            with clock(at + timedelta(seconds=1)):
                step(buyer)
                beat(buyer)
                if FULL:
                    check()
        with clock(self.now):
            beat(buyer)
        return buyer

    def as_it_happened(self, provider: str, shop: Any, order: Random) -> Buyer:
        return self._live(self._buyer(provider, shop), [*self.facts, *self.deeds, *self._beats()])

    def at_once(self, provider: str, shop: Any, order: Random) -> Buyer:
        buyer = self._live(self._buyer(provider, shop), self.deeds)
        with clock(self.now):
            for _, step in order.sample(self.facts, len(self.facts)):
                step(buyer)
            beat(buyer)
        return buyer

    def before_their_dates(self, provider: str, shop: Any, order: Random) -> Buyer:
        buyer = self._buyer(provider, shop)
        with clock(self.start - HOUR):
            for _, step in order.sample(self.facts, len(self.facts)):
                step(buyer)
        dates = [(at + timedelta(seconds=2), lambda buyer: None) for at, _ in self.facts]
        return self._live(buyer, [*dates, *self.deeds, *self._beats()])

    def settle(self, buyer: Buyer) -> None:
        """What staff do with what is parked."""
        deed = {"accept": provider_events.accept, "close": provider_events.close}.get(self.settled)
        parked = ProviderEvent.objects.filter(organization_id=buyer.organization.pk, status="for_staff")
        for event in sorted(parked, key=lambda event: event.references) if deed else ():
            event.refresh_from_db()
            if event.status == "for_staff":
                deed(event=event, by=None, reason="-")
                buyer.shop.work()


def set_plan(buyer: Buyer) -> None:
    plan = Plan.objects.get(pk="professional")
    corrections.change_plan(organization=buyer.organization, plan=plan, by=None, allocate_immediately=True)


def reset_month(buyer: Buyer) -> None:
    corrections.reset_cycle(organization=buyer.organization, by=None)


def delete(buyer: Buyer, *, wanted: bool) -> None:
    """The organization is to be deleted, or not any more; and what beat does then."""
    buyer.organization.deletion_requested_at = timezone.now() if wanted else None
    buyer.organization.deletion_scheduled_for = timezone.now() + 30 * DAY if wanted else None
    buyer.organization.save(update_fields=["deletion_requested_at", "deletion_scheduled_for"])
    checkouts.stop_renewals()
    checkouts.resume_renewals()


def check() -> None:
    """What came for nothing, or of which too little was kept, staff see; and nothing else differs."""
    differences = [one for one in reconciliation.find() if one.check not in SEEN_BY_STAFF]
    assert differences == []


def beat(buyer: Buyer) -> None:
    provider_events.sweep()
    buyer.shop.work()
    settlement.settle_unpaid_upgrades()
    settlement.roll_over(buyer.organization)
    dunning.run()
    buyer.shop.work()


def ended(history: History, told: Callable[[], Buyer]) -> dict[str, Any]:
    """What is there in the end; and nothing of it afterwards."""
    with transaction.atomic():
        buyer = told()
        with clock(history.now):
            found = outcome(buyer)
            check()
            payments = Payment.objects.of(buyer.organization).exclude(kind__in=("topup", "parked"))
            if not any(one.net_minor * one.kept for one in payments) and not history.sold:
                assert set(found["later"][1:]) == {"free"}  # but for the 72 hours
            if not history.sold:
                ledgers.check_most(history, buyer)
            if not history.beside:
                ledgers.check_paid(history, buyer)
            history.settle(buyer)
            check()
            found["settled"] = outcome(buyer)
        if history.beside or Cycle.objects.of(buyer.organization).filter(source="plan_end").exists():
            found["xct"] = None  # the Free plan in between has its own XCT, and expires others
        found["settled"].pop("xct")
        if history.waits:  # an invoice takes over from what staff have set by when its period began
            for end in (found, found["settled"]):
                end["plan"] = end["later"] = None
        transaction.set_rollback(True)
    return found


@pytest.fixture
def seller_and_rate(settings: Any, db: None) -> Iterator[None]:
    settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_CITY = "Primer", "Kneza Miloša 10", "Beograd"
    settings.SELLER_PIB, settings.SELLER_MB = "101134702", "17335600"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"
    with clock(STORIES):
        rate = {"rate": D("117.1837"), "source": "nbs"}
        ExchangeRate.objects.get_or_create(date=exchange_rates.today(), defaults=rate)
        yield


@pytest.mark.thorough
@pytest.mark.timeout(1500)  # twelve histories take minutes beside other work
@pytest.mark.parametrize("provider", some(PROVIDERS, 1))
@settings(
    max_examples=size(2, 12),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a smaller example takes many minutes
)
@given(
    drawn=st.tuples(
        firsts,
        st.lists(changes, max_size=3, unique_by=lambda one: one[2]),
        st.lists(returns, max_size=3),
        st.lists(standings, max_size=2, unique_by=lambda one: one[0]),
        others,
        deeds,
    ),
    seed=st.integers(0, 1000),
)
def test_a_history_ends_alike_however_and_whenever_it_is_told(
    provider: str, drawn: Any, seed: int, seller_and_rate: None
) -> None:
    history = History(STORIES, drawn)
    with open_shop() as shop:
        ways = (history.as_it_happened, history.at_once, history.before_their_dates)
        ends = [ended(history, lambda way=way: way(provider, shop, Random(seed))) for way in ways]
    xct = [end.pop("xct") for end in ends]
    assert ends[1] == ends[0]
    assert ends[2] == ends[0]
    assert None in xct or max(xct) - min(xct) <= 2
