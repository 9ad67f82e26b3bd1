"""The lots of an organization's paid periods: read from its ledger, begun with their months, brought to what was paid,
expired."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from billing import cycles, ledger, lots, notices
from billing.begun_months import BegunMonths, month_key
from billing.changes import DAY
from billing.decisions import PlanDecision, PlanFacts
from billing.models import Balance, Cycle, Entry, PaidPeriod, Refund
from billing.models.wallet import ZERO
from billing.months import NEAR, PROMPT, months_after, months_between
from billing.upgrades import UNPAID_FOR

#: The part of an entry that lots are read from.
READ = ("transaction_type", "balance_type", "amount", "key", "cycle_key", "created_at")
#: Clocks may differ by this much.
SKEW = timedelta(days=2)


@dataclass(frozen=True)
class News:
    """What was just told, of the periods that `around` falls into, or that changes may still be paid of, and of those
    that were changed to from there: when a plan changed, or money went back or came again (`happened_at`)."""

    around: datetime
    happened_at: datetime | None = None

    def concerns(self, period: PaidPeriod) -> bool:
        return period.begins_at - DAY <= self.around < period.ends_at + UNPAID_FOR or period.bought_at == self.around


class LotBook(BegunMonths):
    """The lots of what was decided, in an open book. Those of the periods of which there is `news` are brought to what
    was paid too."""

    def __init__(self, book: ledger.Book, known: PlanFacts, decided: PlanDecision, news: News | None = None) -> None:
        super().__init__(book.wallet, known, decided)
        self.book = book
        #: The periods that are concerned: their last month, and those that end after this time.
        self.concerned = dict.fromkeys([*decided.running, *([decided.base] if decided.base else [])], decided.at)
        for period in known.periods:
            if news is not None and news.concerns(period):
                self.concern(period, news.around)
        changed = [*known.changes.moved, *known.changes.bought_now]
        for period in known.periods:
            if any(period == row or period.changed_to == row for row in changed):
                self.concern(period, period.begins_at)
        self.stored: list[Entry] | None = None
        self._earlier = ZERO
        self._changed = changed
        self.came_late: dict[str, Decimal] = {}  # what months that were over brought, and expired at once
        self.begun_over: dict[str, datetime] = {}  # the ends of months that were over when they began
        #: From when on what was spent may be of other months, as something was told late.
        self.late_since: datetime | None = None
        if news is not None and news.happened_at is not None:
            self.note_late(news.happened_at)

    def concern(self, period: PaidPeriod, since: datetime) -> None:
        """Look at the period's lots that end after `since`, and at those of what it was changed to."""
        self.concerned[period] = min(since, self.concerned.get(period, since))
        if period.changed_to is not None:  # a part of its money is of this one
            self.concern(period.changed_to, min(since, period.changed_to.begins_at))

    def move(self) -> None:
        """Let the first months of periods begin where those were laid out: a payment of before was told after them.
        What had expired of a month that is not over comes back, as it ends later than was thought."""
        for period in self._changed:
            if (cycle := self.cycles.get(period.key)) is None:
                continue
            if cycle.started_at != period.begins_at:
                self.note_late(min(cycle.started_at, period.begins_at))
                cycle.started_at = period.begins_at
                cycle.save(update_fields=["started_at"])
            for key, end in self.ends_of(period).items():
                if self.decided.at < end and self.replaced_by(self.cycles[key]) is None:
                    self._restore(self.cycles[key])

    def note_late(self, since: datetime) -> None:
        """Note that something was told now that happened then."""
        if since < self.known.at - PROMPT:
            self.late_since = min(since, self.late_since or since)

    def restore_last(self) -> None:
        """Let what had expired of a plan's last month come back in its time of grace: it was told late, or what it had
        ended for was taken back since."""
        base = self.decided.base
        newest = self.newest(base) if base and not self.decided.in_force else None
        given = self.resets.get(None, ())  # instead of it
        if newest and all(cycle.started_at < newest.started_at for cycle in given):
            self._restore(newest)

    def restore_anew(self) -> None:
        """Let what had expired of months that staff started anew come back, of which it is known since that they are
        paid for."""
        for period, months in self.resets.items():
            if period is None:
                continue
            ends = self.ends_of(period)
            for cycle in months:
                if not self.is_over(period, cycle.key, ends[cycle.key]):
                    self._restore(cycle)

    def _restore(self, cycle: Cycle) -> None:
        """Let what had expired of a month that is not over come back."""
        if (lot := self.read().get(cycle.key)) is not None and lot.expired > 0:
            self.post_again(cycle.key, lot.expired, "Of a month that is not over", lots.RESTORED)

    def post_again(self, month: str, amount: Decimal, text: str, key: str) -> None:
        """Let so much come back of what had expired of a month."""
        key, kind = f"{key}{month}:{self.wallet.last_number + 1}", Entry.Type.ADJUSTMENT
        self.book.post(Balance.SUBSCRIPTION, amount, kind, key=key, description=text, cycle_key=month)

    def _months(self, period: PaidPeriod) -> list[tuple[Cycle, datetime]]:
        """The months of a period that are concerned, with their ends."""
        ends, newest = self.ends_of(period), {self.wallet.cycle_key, *(cycle.key for cycle in self.months(period)[-1:])}
        return [(self.cycles[key], end) for key, end in ends.items() if key in newest or end > self.concerned[period]]

    def read(self) -> dict[str, lots.Lot]:
        if self.stored is None:
            months = [cycle for period in self.concerned for cycle, _ in self._months(period)]
            mine = [min(cycle.started_at, cycle.created_at) for cycle in months]  # one may have been moved
            due = min(self.known.at, self.wallet.next_cycle_at or self.known.at)  # what ended since has yet to expire
            ends = self.ends()
            mine += [self.cycles[key].started_at for key, end in ends.items() if end >= due]
            mine += [self.cycles[key].started_at for key in (self.wallet.cycle_key,) if key in self.cycles]
            since = min(mine, default=self.known.at)
            # Of the one before something may have been kept for work under way.
            self.load(min([since, *(self.cycles[key].started_at for key, end in ends.items() if end >= since - SKEW)]))
        return self.lots_of([*(self.stored or ()), *self.book.added])

    def load(self, since: datetime) -> None:
        """Read the entries since then that lots are read from."""
        since -= SKEW
        rows = Entry.objects.filter(organization_id=self.wallet.organization_id).order_by("number")
        kinds = Entry.Type.REFUND, Entry.Type.USAGE
        wanted = Q(balance_type=Balance.SUBSCRIPTION) | Q(transaction_type__in=kinds) | Q(key__startswith=lots.CARRIED)
        self.stored = list(rows.filter(wanted, created_at__gte=since).values_list(*READ, named=True))
        before = rows.filter(balance_type=Balance.SUBSCRIPTION, created_at__lt=since)
        self._earlier = before.values_list("balance_after", flat=True).last() or ZERO
        refunds = Refund.objects.of(self.wallet.organization_id).select_related("payment")
        self._owners = owners(refunds) if any(row.key.startswith("refund:") for row in self.stored) else {}

    def lots_of(self, entries: Iterable[Entry]) -> dict[str, lots.Lot]:
        found = lots.read(entries, {**self._replaced(), **self.ends()}, self._owners, self._earlier)
        for period in self.known.periods if self.wallet.expiring else ():
            for key, end in self.ends_of(period).items():
                if self.is_over(period, key, end):
                    found[key].kept = min(found[key].left, self.wallet.expiring)
        return found

    def start_due(self, bought: PaidPeriod | None) -> bool:
        """Begin the months that are due; whether a month runs since. `bought` was just recorded: its first month
        begins, though it may be over."""
        self.move()
        self.bring(waiting=False)
        news = (bought, *self.known.changes.bought_now)
        mine = [period for period in self.known.periods if period in news or period.changed_to is not None]
        base = self.decided.base
        due = dict.fromkeys([*([base] if base else []), *self.decided.running, *mine])
        begun = [self.start(period) for period in due]
        self.restore_last()
        self.restore_anew()
        return any(begun)

    def settle(self) -> None:
        """Bring each lot that is concerned to what was paid for, let expire what is over."""
        self.bring()
        if self.decided.base is not None:
            self.run_on(self.decided.base)

    def differences(self) -> Iterator[tuple[PaidPeriod, Cycle, lots.Lot, Decimal, lots.Postings]]:
        """What is to be posted for each lot that is concerned, with what it should have brought."""
        found = self.read()
        for period in self.concerned:
            for cycle, end in self._months(period):
                lot = found.setdefault(cycle.key, lots.Lot(cycle.key))
                entitled = ZERO  # of a month that was begun before its turn
                if period.begins_at <= self.decided.at:
                    entitled = self.entitlement(period, cycle, lot.granted)
                lives, later = self.lives(period, cycle.key, end), None
                if lives and (anew := self.replaced_by(cycle)):
                    later = min(entitled, self.brought_since(period, cycle, anew.started_at))
                yield period, cycle, lot, entitled, lots.bring(lot, entitled, lives=lives, later=later)

    def bring(self, *, waiting: bool = True) -> None:
        """Let each lot that is concerned have brought what was paid for; those of months `waiting` for their turn once
        those in their place have begun."""
        before = len(self.book.added)
        for period, cycle, lot, entitled, wanted in self.differences():
            if period.begins_at > self.decided.at and not waiting:
                continue
            post(self.book, lot, wanted, f"What was paid for the plan {period.plan.name} has changed")
            if wanted.expires > 0 and cycle.source not in cycles.UNPAID:
                self.came_late[cycle.key] = self.came_late.get(cycle.key, ZERO) + wanted.expires
            if cycle.allotment != entitled:
                cycle.allotment = entitled
                cycle.save(update_fields=["allotment"])
        if any(one.key.startswith(cycles.OWED) for one in self.book.added[before:]):
            self.bring(waiting=waiting)  # what months had paid of debts is theirs again

    def start(self, period: PaidPeriod) -> bool:
        """Start the months of a period that are due: its first, and of a year the one of today, or while it lasts the
        one within which it was changed to another period. Whether one runs since."""
        if period.begins_at > self.decided.at:
            return False
        runs = False
        if period.key not in self.known.started and period.key not in self.cycles:
            runs = self.start_month(period, 0, period.key, period.begins_at)
        changed = period.changed_to.begins_at if period.changed_to is not None else None
        if period.months > 1 and (changed or period in self.decided.running):
            anchor = period.anchor
            number = months_between(anchor, changed or self.decided.at)
            key, at = f"{month_key(anchor)}{number}", months_after(anchor, number)
            counted = len(self.months(period)) + (period.key not in self.cycles)
            lasts = changed is None or self.decided.at < months_after(anchor, number + 1)
            if number >= counted and key not in self.cycles and at < period.ends_at - NEAR and lasts:
                runs = self.start_month(period, number, key, at) or runs
        return runs

    def start_month(self, period: PaidPeriod, number: int, key: str, at: datetime) -> bool:
        anchor = period.anchor
        end = period.ends_at if number + 1 >= period.months else months_after(anchor, number + 1)
        allotment = lots.entitlement(period, self.known.changes.share(period), (), at)
        month = Cycle(key=key, started_at=at, created_at=self.known.at, allotment=allotment)
        lasts, anew = self.decided.at < end, self.replaced_by(month)
        runs = anew is None and period is self.decided.base and (lasts or number + 1 >= period.months)
        source = Cycle.Source.INVOICE if period.by_invoice else Cycle.Source.PAYMENT
        self.note_late(at)
        if not lasts:
            self.begun_over[key] = end
        self.cycles[key] = cycles.start_in(
            self.book,
            key=key,
            source=Cycle.Source.MONTH if number else source,
            plan=period.plan,
            at=at,
            allotment=allotment,
            description="" if number else f"Plan {period.plan.name}: paid",
            place="running" if runs else "beside" if lasts and anew is None else "over",
            ended=self.ended(replaced=period) if runs else None,
        )
        self.concerned.setdefault(period, self.decided.at)
        return runs

    def ended(self, *, replaced: PaidPeriod | None = None, begins: bool = False) -> dict[str, Decimal]:
        """What is left of the lots that are over. When a month begins in place of the one before, of the period
        `replaced`, those that nobody paid for are over too. When one of the Free plan `begins`, all but those that run
        on with less than enough of their money for the plan."""
        found, ended, staying, known = self.read(), {}, ZERO, set()
        for period in self.known.periods:
            for key, end in self.ends_of(period).items():
                lot = found.get(key, lots.Lot(key))
                known.add(key)
                stays = self.lives(period, key, end) and not (begins and period.pk in self.known.changes.holding)
                over = lot.kept if stays and period is not replaced else lot.left
                if self.replaced_by(self.cycles[key]) is not None:  # but for what it has brought since
                    over = max(over, lot.left - max(ZERO, lot.given - lot.before))
                if over > 0:
                    ended[key] = over
                staying += lot.left - over
        if begins or replaced is not None:
            rest = self.wallet.subscription_balance - staying - sum(ended.values(), ZERO)
            if rest > 0:
                ended[self.wallet.cycle_key] = ended.get(self.wallet.cycle_key, ZERO) + rest
            return ended
        for key, lot in found.items():
            cycle = self.cycles.get(key)
            if cycle is None or key in known or key == self.wallet.cycle_key or lot.left <= 0:
                continue
            if cycle.is_free or months_after(cycle.started_at, 1) <= self.decided.at:
                ended[key] = lot.left
        return ended

    def run_on(self, base: PaidPeriod) -> None:
        """Let the newest month of the period that the plan rests on be the running one, unless staff began one; what
        is over expires."""
        running = self.cycles.get(self.wallet.cycle_key)
        if running is None or not self._goes_on(running, base):
            running = self.newest(base) or running
        if running is not None and running.key != self.wallet.cycle_key:
            self.wallet.cycle_key, self.wallet.cycle_started_at = running.key, running.started_at
        if ended := self.ended():
            cycles.expire(self.book, ended)

    def _goes_on(self, month: Cycle, base: PaidPeriod) -> bool:
        """Whether a month that staff started goes on: one of another period ends with that."""
        end = self.ends().get(month.key, base.ends_at)
        lasts = self.decided.at < end or month in self.resets.get(base, ())
        return month.source == Cycle.Source.STAFF and month.started_at >= base.begins_at and lasts

    def next_end(self) -> datetime | None:
        """When the next lot beside the running one is over that still has XCT."""
        found = self.read()
        ends = [
            end
            for key, end in self.ends().items()
            if key != self.wallet.cycle_key and end > self.decided.at and key in found and found[key].left > 0
        ]
        return min(ends, default=None)


def owners(refunds: Iterable[Refund]) -> dict[str, str]:
    """Whose refund it was that an entry of the version before names."""
    return {f"refund:{row.provider}:{row.external_id}": row.payment.cycle_key for row in refunds}


def post(book: ledger.Book, lot: lots.Lot, wanted: lots.Postings, text: str) -> None:
    """Post what a lot is to bring, or what is taken back from it. Nothing is taken from what an open hold still needs
    of ended lots."""
    there = max(ZERO, book.wallet.subscription_balance - book.wallet.expiring)
    month = max(wanted.subscription, -there)
    for bucket, amount in (
        (Balance.SUBSCRIPTION, month),
        (Balance.TOPUP, wanted.topup + wanted.subscription - month),
    ):
        if amount:
            fresh = amount > 0 and bucket == Balance.SUBSCRIPTION and lot.given >= lot.granted
            kind = Entry.Type.GRANT if fresh else Entry.Type.REFUND
            key = f"lot:{lot.key}:{book.wallet.last_number + 1}"
            book.post(bucket, amount, kind, key=key, description=text, cycle_key=lot.key)
    if wanted.expires > 0:
        text, key = "Of a month that is over", f"expiry:{lot.key}:{book.wallet.last_number + 1}"
        book.post(
            Balance.SUBSCRIPTION, -wanted.expires, Entry.Type.EXPIRY, key=key, description=text, cycle_key=lot.key
        )
    if wanted.topup > 0:
        cycles.return_owed(book, lot.key)
    if month > 0 or wanted.topup > 0:
        notices.after_credit(book.wallet)
