"""Changes of plan within the paid periods of cards: what each costs, and which payment is for which.

It follows from what is known, whatever the order in which it was told: a payment is for the change that is nearest to
it of those that it is enough for. One within the billing period is an upgrade; one to another period buys a period of
its own, and what is left of the money of the one before is a part of its price. Money is counted as it was paid, by
the second, and less what went back. Nothing here reads or writes a row; docs/explanation/ledger.md has the rules.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from billing import credits, upgrades
from billing.models import PaidPeriod, Payment, Plan, PlanSeen
from billing.models.subscription import ANY_PRICE
from billing.months import months_after, since_when
from billing.periods import lay_out
from billing.upgrades import ENOUGH, UNPAID_FOR

DAY = timedelta(days=1)
ZERO = Decimal(0)
#: What is stored of a period and follows from the changes, but for when its money went back.
COLUMNS = attrgetter("plan_id", "billing_period", "begins_at", "ends_at", "kept")


class PlanChanges:
    """The paid periods of an organization, laid out, with the changes of plan within them.

    `seen` are the plans that its subscriptions had, `payments` those of its cards that did not fail. Periods that
    changes bought are set to what they bought, or void where another payment did, or where theirs was parked since;
    `bought_now` have no row yet.
    """

    def __init__(
        self,
        periods: Iterable[PaidPeriod] = (),
        seen: Iterable[PlanSeen] = (),
        payments: Iterable[Payment] = (),
        started: Collection[str] = (),
    ) -> None:
        paid = {payment.cycle_key: payment for payment in payments}
        self.payments = {key: one for key, one in paid.items() if one.kind != Payment.Kind.PARKED}
        made = {key: one for key, one in self.payments.items() if one.kind == Payment.Kind.PLAN_CHANGE}
        self.made = tuple(made.values())
        self.started = started
        self.seen = sorted(seen, key=lambda row: (row.at, row.plan.rank, row.billing_period))
        self.paid: dict[object, Payment] = {}  # by the sighting of what was paid for
        self.prices: dict[str, int] = {}  # by the payment: the least that it had to be
        self.bought: dict[str, PaidPeriod] = {}  # periods that changes bought
        self.bought_now: list[PaidPeriod] = []
        self.counted: dict[tuple[str, datetime | None], Decimal] = {}  # what is there of a period, at a time
        self._owner: dict[object, PaidPeriod] = {}
        self.within: dict[object, list[PlanSeen]] = {}
        found, rows, stored = list(periods), [], {}
        parked = [row for row in found if row.key in paid and row.key not in self.payments]
        for row in (row for row in found if row not in parked):
            # What the version before has settled stays.
            if row.key in made and made[row.key].worth_minor is not None:
                stored[row.key] = row
                continue
            rows.append(row)
            if payment := made.pop(row.key, None):
                self.bought[payment.cycle_key] = row
        self.periods = rows
        before = {row.pk: COLUMNS(row) for row in (*rows, *stored.values(), *parked)}
        for row in [row for row in rows if row.kept and row.kept < ENOUGH and row.key not in self.bought]:
            row.lost_at = self.lost_at(row)
        self.unsettled = sorted(made.values(), key=lambda one: (one.kept == 0, one.paid_at, one.external_id))
        lay_out(rows, self.bought, started)
        changed = any(
            (row.plan_id, row.period) != (period.plan_id, period.billing_period)
            for row in self.seen
            for period in rows
            if row.subscription_id == period.subscription_id and period.begins_at <= row.at < period.until
        )
        if made or self.bought or changed or any(one.credit_net for one in self.payments.values()):
            self._decide(stored)
        else:
            self.seen = []
        #: The keys of periods whose payment is for nothing any more: they decide nothing, what they brought goes back.
        self.void = frozenset([*stored, *(row.key for row in parked)])
        #: The periods of which enough of the money is there for the plan, by their ids.
        self.holding = {
            row.pk
            for row in self.periods
            if row.taken_back_at is None and (self.share(row) if row.key in self.bought else row.kept or 1) >= ENOUGH
        }
        for row in self.bought.values():
            row.lost_at = None if row.pk in self.holding else self.lost_at(row)
        upgraded = list(upgrades.paid_time(self)) if self.paid else []
        if upgraded or any(row.lost_at for row in self.bought.values()):
            lay_out(self.periods, self.bought, started, upgraded)
        for row in parked:
            row.kept, row.taken_back_at = ZERO, row.begins_at
        self.periods += parked
        self.moved = [row for row in self.periods if row.pk in before and before[row.pk] != COLUMNS(row)]

    def _decide(self, stored: dict[str, PaidPeriod]) -> None:
        """Find what the payments are for, and what is behind those that a credit made."""
        credits.forget(self)
        self._lay_out()
        self._settle(self.unsettled, stored)
        for row in stored.values():
            row.kept, row.taken_back_at = ZERO, row.begins_at
        self.periods += stored.values()
        self._lay_out()
        if credits.follow(self):
            self._lay_out()

    def _settle(self, unsettled: list[Payment], stored: dict[str, PaidPeriod]) -> None:
        """Find what each payment is for: what takes most of its money rather than the rest, then by time. Changes come
        one after the other, as what one has bought may be what the next one changes; returned money comes last."""
        while True:
            pairs = []
            for one in unsettled:
                offers = [
                    ((price + 1) * 2 < one.net_minor, abs(row.at - one.paid_at), row.at, price, row)
                    for row, price in self.offers(one)
                    if price <= one.worth and (one.worth == ANY_PRICE or one.net_minor <= self._most(row, price))
                ]
                if offers:
                    pairs.append((*min(offers, key=lambda offer: offer[:3]), one))
            if not pairs:
                return
            *_, price, row, payment = min(
                pairs, key=lambda pair: (pair[-1].kept == 0, pair[2], pair[1], pair[-1].paid_at, pair[-1].external_id)
            )
            self.paid[row.pk], self.prices[payment.cycle_key] = payment, price
            unsettled.remove(payment)
            self.counted.clear()
            if row.period != self._owner[row.pk].billing_period:
                self._buy(payment, row, stored.pop(payment.cycle_key, None))

    def _buy(self, payment: Payment, seen: PlanSeen, row: PaidPeriod | None) -> None:
        if row is None:
            row = PaidPeriod(organization_id=payment.organization_id, key=payment.cycle_key, billing_period="")
            self.bought_now.append(row)
        if (row.plan_id, row.billing_period, row.begins_at) != (seen.plan_id, seen.period, seen.at):
            row.plan, row.billing_period, row.subscription = seen.plan, seen.period, payment.subscription
            row.begins_at, row.paid_at = seen.at, payment.paid_at
            row.ends_at = months_after(row.begins_at, row.months)
            row.allotment, row.price_minor = seen.plan.monthly_xct, seen.plan.price_minor(seen.period)
        row.follow(payment)
        self.bought[row.key] = row
        self.periods.append(row)
        self._lay_out()

    def _lay_out(self) -> None:
        """Set when each period begins and ends, and which of them ran when each plan was seen: of its subscription the
        newest whose money is there, or else that has begun. A change whose money went back leaves what was before."""
        for _ in range(len(self.bought) + 1):  # what changes took over decides where others begin
            before = [(row.begins_at, row.changed_to) for row in self.periods]
            lay_out(self.periods, self.bought, self.started)
            if before == [(row.begins_at, row.changed_to) for row in self.periods]:
                break
        self.counted.clear()
        self._owner.clear()
        self.within.clear()
        cards = [
            row for row in self.periods if row.subscription_id and (row.taken_back_at is None or not self._made(row))
        ]
        cards.sort(key=lambda row: (row.taken_back_at is None, row.begins_at))
        for seen in self.seen:
            for row in cards:
                if row.subscription_id == seen.subscription_id and row.begins_at <= seen.at < row.until:
                    self._owner[seen.pk] = row
            if owner := self._owner.get(seen.pk):
                self.within.setdefault(owner.pk, []).append(seen)

    def _made(self, row: PaidPeriod) -> bool:
        payment = self.payments.get(row.key)
        return payment is not None and payment.kind == Payment.Kind.PLAN_CHANGE

    def lost_at(self, row: PaidPeriod) -> datetime | None:
        """Since when too little of its price is there for its plan: of its own payment, and of what it has a credit
        of. What goes back once more changes nothing."""
        return since_when(self.refunded_at(row), lambda at: self.share_then(row, at) < ENOUGH)

    def refunded_at(self, row: PaidPeriod) -> set[datetime]:
        """When money went back, or came again, of what a period was paid with."""
        payments = [self.payments.get(row.key)]
        found = set[datetime]()
        for before in self.periods:
            if before.changed_to is row:
                payments += [one for _, one in self.steps(before)]
                found |= self.refunded_at(before)
        return found.union(*(one.returned_at for one in payments if one))

    # --- what changes

    @property
    def for_nothing(self) -> list[Payment]:
        """The payments that are for no change that is known, as far as staff have to look at them: their money is here,
        nobody has accepted it, and one of 0 only where its change costs something."""
        here = [one for one in self.unsettled if one.kept > 0 and one.worth < ANY_PRICE]
        return [one for one in here if one.net_minor > 0 or any(self.offers(one))]

    def asked(self, payment: Payment) -> int | None:
        """What the change nearest to a payment that is for nothing costs; 0 when all are paid, None when none is
        known."""
        offers = sorted(self.offers(payment), key=lambda one: abs(one[0].at - payment.paid_at))
        if offers:
            return offers[0][1]
        return 0 if any(one.subscription_id == payment.subscription_id for one in self.paid.values()) else None

    def offers(self, payment: Payment) -> Iterator[tuple[PlanSeen, int]]:
        """The changes that the payment may be for as far as they are not paid, with the least that they cost."""
        for row in self.seen:
            base = self._owner.get(row.pk) if row.subscription_id == payment.subscription_id else None
            # It may be paid for some time after its period, as long as an upgrade waits for its payment.
            if base is None or not base.begins_at - DAY <= payment.paid_at <= base.until + UNPAID_FOR:
                continue
            if row.period != base.billing_period and row.at <= base.begins_at:
                continue
            # A plan that was paid for by then is not paid for again.
            same = [one for one in self.within[base.pk] if (one.plan_id, one.period) == (row.plan_id, row.period)]
            paid = [self.paid[one.pk] for one in same if one.pk in self.paid]
            if row.pk in self.paid or any(one.kept_by(payment.paid_at) > 0 for one in paid):
                continue
            price, then = (self.price(row, base, payment.paid_at, returned=returned) for returned in (False, True))
            if price is not None and then is not None and then <= payment.worth < price:
                # It paid what it cost; since then money of an upgrade before it went back.
                whole = Decimal(payment.net_minor + price - then)
                if row.period != base.billing_period:  # with what it has of the period before
                    whole += max(0, (row.plan.price_minor(row.period) or 0) - price)
                price = then if whole - (price - then) >= whole * ENOUGH else price
            if price is not None:
                yield row, price

    def price(
        self, seen: PlanSeen, base: PaidPeriod, at: datetime | None = None, *, returned: bool = False
    ) -> int | None:
        """The least that the change costs, in minor units before tax, by the money that was there at a time, with that
        of upgrades that has `returned` since; None where it is no change to pay for, or no list price is known.

        Providers prorate by the second and by months of their own, so a day is left to them, but no more than half of
        what is left: the last day is not free.
        """
        new, left = seen.plan.price_minor(seen.period), base.ends_at - seen.at
        leeway = min(DAY, left / 2)
        if new is None:
            return None
        if seen.period != base.billing_period:
            return max(0, new - int(self.rest(base, seen.at, at, leeway=leeway, returned=returned)))
        before = self._highest(base, at if returned else None)
        old = before.price_minor(base.billing_period)
        if old is None or seen.plan.rank <= before.rank:
            return None
        return max(0, int((new - old) * ((left - leeway) / (base.ends_at - base.begins_at))))

    def _most(self, seen: PlanSeen, price: int) -> int:
        """The most that is taken for the change's payment: twice its price, and what two days of its plan cost, as a
        provider may count whole days. Who paid more has paid for something else."""
        base = self._owner[seen.pk]
        days = Decimal(2 * DAY / (base.ends_at - base.begins_at))
        return int(2 * price + (seen.plan.price_minor(base.billing_period) or 0) * days)

    def _highest(self, base: PaidPeriod, at: datetime | None = None) -> Plan:
        steps = [row.plan for row, _ in self.steps(base, at)]
        return max([base.plan, *steps], key=lambda plan: plan.rank)

    def steps(self, base: PaidPeriod, at: datetime | None = None) -> list[tuple[PlanSeen, Payment]]:
        """The upgrades within the period whose money is there, or was at a time."""
        paid = [(row, self.paid.get(row.pk)) for row in self.within.get(base.pk, ())]
        return [(row, one) for row, one in paid if one and one.kept_by(at) > 0 and one.cycle_key not in self.bought]

    @cached_property
    def trusted_until(self) -> datetime:
        return upgrades.trusted_until(self)

    # --- money

    def there(self, period: PaidPeriod, at: datetime | None = None) -> Decimal:
        """The money in minor units that the period was bought with, as far as it was there at a time (None: now), with
        what is in it of the period before."""
        key = period.key, at
        if key not in self.counted:
            price: int = period.price_minor or period.plan.price_minor(period.billing_period) or 0
            payment = self.payments.get(period.key)
            if payment is None or payment.amount_minor is None:
                self.counted[key] = Decimal(price) * (1 if period.kept is None else period.kept)
            else:
                own: int = min(payment.net_minor, price)
                kept = payment.kept_by(at)
                # What came beyond the price is returned first.
                own_there = min(Decimal(own), payment.net_minor * kept)
                self.counted[key] = own_there + (self._credit(period, price - own, at) if kept else 0)
        return self.counted[key]

    def _credit(self, period: PaidPeriod, most: int, at: datetime | None) -> Decimal:
        base = next((row for row in self.periods if row.changed_to is period), None)
        if base is None or period.key not in self.bought:
            return ZERO
        return min(Decimal(most), self.rest(base, period.begins_at, at, returned=True))

    def rest(
        self,
        base: PaidPeriod,
        since: datetime,
        at: datetime | None = None,
        *,
        leeway: timedelta = timedelta(0),
        returned: bool = False,
    ) -> Decimal:
        """What was left of the money of the period and of the upgrades within it for the time since: as it was there at
        a time, of upgrades whose money has all `returned` since nothing, unless it is asked for."""
        left = base.ends_at - since + leeway

        def part(begins: datetime) -> Decimal:
            return Decimal(max(0.0, min(1.0, left / (base.ends_at - begins))))

        upgrades = [
            payment.net_minor * payment.kept_by(at) * part(row.at)
            for row, payment in self.steps(base, at if returned else None)
            if row.at <= since
        ]
        return self.there(base, at) * part(base.begins_at) + sum(upgrades, ZERO)

    def returned_at(self, period: PaidPeriod) -> list[datetime]:
        """When money of the period's own went back, or came again."""
        payment = self.payments.get(period.key)
        found = payment.returned_at if payment else [period.taken_back_at]
        return [at for at in found if at]

    def share(self, period: PaidPeriod, at: datetime | None = None) -> Decimal:
        """The part of the period's price whose money is there, 0 to 1: of what its payer paid for it. Or was there
        then, but for a change's."""
        kept = Decimal(1) if period.kept is None else period.kept
        if at is not None and period.key in self.payments and period.key not in self.bought:
            return self.payments[period.key].kept_of_price_by(at)
        if at is not None and period.by_invoice and period.taken_back_at and at < period.taken_back_at:
            return Decimal(1)
        if period.key not in self.bought or kept == 0:
            return kept
        # What went back of its own money counts, whenever it is dated; of the credit, what went back since.
        return self.share_then(period, None)

    def share_then(self, period: PaidPeriod, at: datetime | None) -> Decimal:
        """That part at a time (None: now), of a change's period too."""
        if period.key not in self.bought:
            return self.share(period, at)
        price = period.price_minor or period.plan.price_minor(period.billing_period) or 0
        payment = self.payments[period.key]
        own = min(payment.net_minor, price)
        whole = own + self._credit(period, price - own, payment.paid_at)
        return min(Decimal(1), self.there(period, at) / whole) if whole else payment.kept_of_price_by(at)
