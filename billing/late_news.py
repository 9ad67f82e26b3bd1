"""What was spent before something was told that had happened already: the months that ran then bear it.

A payment is told late, or money that went back. What was spent meanwhile was taken from what was known: another month,
top-ups, overage. `billing.replay` says which months it would have been taken from; the difference is posted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from billing import cycles, free_months, ledger, lots, plans, replay, upgrades
from billing.begun_months import month_key
from billing.free_months import ENDLESS, FreeMonth
from billing.lot_book import LotBook, post
from billing.models import FREE, Balance, Cycle, Entry, Hold, HoldCapture, Invoice, PaidPeriod, Wallet
from billing.models.wallet import ZERO
from billing.months import months_after, months_between
from scribe.messages import _

TEXT = _("Spent before a payment or refund was known")
#: What staff gave or took, by the keys of its entries.
ADJUSTED = "adjustment:"


@dataclass(frozen=True)
class MonthRun:
    """A month as it ran, with its period, if it was paid for."""

    cycle: Cycle
    end: datetime
    period: PaidPeriod | None = None
    number: int = 0  # of a month of the period that was not begun
    spans: tuple[tuple[datetime, datetime], ...] = ()  # of one of the Free plan: in between it rested
    anew: datetime | None = None  # when staff started another: what upgrades have brought since is left of it

    @property
    def key(self) -> str:
        return self.cycle.key


def carry(stock: LotBook) -> None:
    """Let what was spent since something happened that was told late be of the months that ran."""
    since = stock.late_since
    if since is None or not Entry.objects.spent_since(stock.wallet.organization_id, since).exists():
        return
    since = _with_earlier_news(stock, since)
    runs = {run.key: run for run in _runs(stock, since)}
    stock.load(min([since, *(min(run.cycle.started_at, run.cycle.created_at) for run in runs.values())]))
    entries = [*(stock.stored or ()), *stock.book.added]
    window = [entry for entry in entries if entry.created_at >= since]
    before = stock.lots_of([entry for entry in entries if entry.created_at < since])
    found = stock.lots_of(entries)
    months = [_month(stock, run, found.get(run.key, lots.Lot(run.key))) for run in runs.values()]
    spendings = [entry for entry in window if _spends(entry)]
    work = _began(stock, spendings)
    spent, uncovered = replay.replay(
        months, [_spending(entry, work) for entry in spendings], {key: lot.spent for key, lot in before.items()}
    )
    for run in runs.values():
        if run.key not in stock.cycles and spent[run.key] != 0:
            _start(stock, run)
    found = stock.lots_of([*(stock.stored or ()), *stock.book.added])
    there = {key: found.get(key, lots.Lot(key)).spent for key in runs}
    _beside(stock, window, spendings, uncovered, sum((there[key] - _amount_spent(before, key) for key in there), ZERO))
    for key in sorted(runs, key=lambda key: spent[key] - there[key]):
        more = spent[key] - there[key]
        if runs[key].period is None and not runs[key].spans and runs[key].end <= stock.known.at:
            # It has expired, whatever was spent of it, but for what it was told to bear.
            told = -sum(entry.amount for entry in entries if entry.key.startswith(f"{lots.CARRIED}{key}:"))
            more = min(ZERO, max(more, -told))
        if more != 0:
            _bear(stock, runs[key], found.get(key, lots.Lot(key)), more)


def _start(stock: LotBook, run: MonthRun) -> None:
    """Begin a month that was not begun as nobody knew of it."""
    if run.period is not None:
        stock.start_month(run.period, run.number, run.key, run.cycle.started_at)
        return
    month = run.cycle
    stock.cycles[run.key] = cycles.start_in(
        stock.book,
        key=month.key,
        source=month.source,
        plan=month.plan,
        at=month.started_at,
        allotment=month.allotment,
        description="",
        place="over",
    )


def _amount_spent(found: dict[str, lots.Lot], key: str) -> Decimal:
    return found[key].spent if key in found else ZERO


def _with_earlier_news(stock: LotBook, since: datetime) -> datetime:
    """The time from which on spending is looked at: from before what an earlier piece of late news was about, if that
    came since."""
    earlier = Entry.objects.filter(
        organization_id=stock.wallet.organization_id, key__startswith=lots.CARRIED, cycle_key__in=list(stock.cycles)
    )
    for told, key in earlier.order_by("-number").values_list("created_at", "cycle_key"):
        if told >= since:
            since = min(since, stock.cycles[key].started_at)
    return since


def _runs(stock: LotBook, since: datetime) -> Iterator[MonthRun]:
    """The months that ran since: those of paid periods, and of the Free plan after them, with those that were not begun
    as nobody knew of them; those that nobody paid for, until the next one; and for no time those that were not due."""
    found, rest = list[MonthRun](), dict(stock.cycles)
    for period in stock.known.periods:
        for key, end in stock.ends_of(period).items():
            if (cycle := rest.pop(key, None)) is None:
                continue  # of another one that is counted
            anew = min((one.started_at for one in stock.anew if one.started_at > cycle.started_at), default=ENDLESS)
            goes_on = anew < end and any(made.seen.at >= anew for made in stock.known.upgrades(period))
            found.append(MonthRun(cycle, end if goes_on else min(end, anew), period, anew=anew if goes_on else None))
        found += _months_not_begun(stock, period)
    by_staff = [cycle.started_at for cycle in rest.values() if cycle.source == Cycle.Source.STAFF]
    for month in free_months.find(stock.known):
        cycle = month.cycle(rest.values()) or _not_begun(stock, month)
        rest.pop(cycle.key, None)
        spans = [(begins, min([end, *(at for at in by_staff if at > begins)])) for begins, end in month.spans]
        found.append(MonthRun(cycle, spans[-1][1], spans=tuple(spans)))
    unpaid = [one for one in rest.values() if one in stock.anew or not free_months.runs(stock.known, one.started_at)]
    begins = [*(run.cycle.started_at for run in found), *(cycle.started_at for cycle in unpaid)]
    for cycle in unpaid:
        found.append(MonthRun(cycle, min((at for at in begins if at > cycle.started_at), default=ENDLESS)))
    free = [cycle for cycle in rest.values() if cycle.plan_id == FREE]
    found += [MonthRun(cycle, cycle.started_at) for cycle in free if not free_months.is_due(stock.known, cycle)]
    return (run for run in found if run.end > since - replay.GRACE)


def _not_begun(stock: LotBook, month: FreeMonth) -> Cycle:
    free, key = plans.free(), f"{cycles.PLAN_END}{month.began:%Y%m%dT%H%M%S}"
    row = {"plan": free, "allotment": free.monthly_xct, "created_at": stock.known.at}
    return Cycle(key=key, source=Cycle.Source.PLAN_END, started_at=month.began, **row)


def _months_not_begun(stock: LotBook, period: PaidPeriod) -> Iterator[MonthRun]:
    """The months of a year that were not begun in their turn."""
    anchor = period.anchor
    there = {months_between(anchor, cycle.started_at) for cycle in stock.months(period)}
    over = min(at for at in (stock.known.at, period.until, period.taken_back_at, period.lost_at) if at)
    for number in range(1, period.months):
        at = months_after(anchor, number)
        if number not in there and period.begins_at <= at < over:
            cycle = Cycle(
                key=f"{month_key(anchor)}{number}", started_at=at, plan=period.plan, created_at=stock.known.at
            )
            yield MonthRun(cycle, min(months_after(anchor, number + 1), period.ends_at), period, number)


def _month(stock: LotBook, run: MonthRun, lot: lots.Lot) -> replay.Month:
    began, period = run.cycle.started_at, run.period
    if period is None:
        steps = [step for begins, end in run.spans for step in ((begins, run.cycle.allotment), (end, ZERO))]
        return replay.Month(run.key, began, run.end, tuple(steps) or ((began, lot.granted),), paid=False)
    changed = stock.known.changes.returned_at(period)
    for upgrade in stock.known.upgrades(period):
        changed += [upgrade.seen.at, *upgrades.ends(stock.known.changes, upgrade)]
        changed += [upgrade.payment.paid_at] if upgrade.payment else []
    changed += [period.changed_to.begins_at] if period.changed_to is not None else []
    changed += [run.anew] if run.anew is not None else []

    def brought(at: datetime) -> Decimal:
        if run.anew is not None and at >= run.anew:
            return stock.brought_since(period, run.cycle, run.anew, at)
        return stock.entitlement(period, run.cycle, lot.granted, at)

    steps = [(at, brought(at)) for at in sorted({began, *(at for at in changed if at > began)})]
    return replay.Month(run.key, began, run.end, tuple(steps), anew=run.anew)


def _spends(entry: Entry) -> bool:
    adjusts = entry.balance_type == Balance.SUBSCRIPTION and entry.key.startswith((ADJUSTED, cycles.OWED))
    return entry.transaction_type == Entry.Type.USAGE or adjusts


def _began(stock: LotBook, spendings: list[Entry]) -> dict[str, datetime]:
    """When the work began that has spent, by the keys of its captures."""
    keys = [entry.key.rpartition(":")[0] for entry in spendings if entry.transaction_type == Entry.Type.USAGE]
    rows = HoldCapture.objects.of(stock.wallet.organization_id).filter(key__in=keys)
    return dict(rows.values_list("key", "hold__created_at"))


def _spending(entry: Entry, work: Mapping[str, datetime]) -> replay.Spending:
    at, amount = entry.created_at, -entry.amount
    if entry.key.startswith(cycles.OWED):
        return replay.Spending(at, amount, entry.cycle_key)
    return replay.Spending(at, amount, began=work.get(entry.key.rpartition(":")[0]))


def _beside(
    stock: LotBook, window: list[Entry], spendings: list[Entry], uncovered: list[Decimal], of_months: Decimal
) -> None:
    """Give back what was spent of top-ups and overage that a month bears; and let top-ups bear what no month does that
    was known to run."""
    book, wallet = stock.book, stock.wallet
    carried = [entry for entry in window if entry.key.startswith(lots.CARRIED)]
    back = dict.fromkeys(Balance, ZERO)
    for entry, rest in zip(spendings, uncovered, strict=True):
        back[Balance(entry.balance_type)] += -entry.amount - rest
    of_months += sum((entry.amount for entry in carried if entry.balance_type == Balance.SUBSCRIPTION), ZERO)
    excess = max(ZERO, of_months - back[Balance.SUBSCRIPTION])
    done = {bucket: sum((one.amount for one in carried if one.balance_type == bucket), ZERO) for bucket in Balance}
    wanted = back[Balance.TOPUP] + back[Balance.OVERAGE] - excess - done[Balance.TOPUP] - done[Balance.OVERAGE]
    overage = ZERO
    if wallet.overage_owed and back[Balance.OVERAGE]:
        overage = max(
            ZERO, min(wanted, back[Balance.OVERAGE] - done[Balance.OVERAGE], _overage_without_invoice(wallet))
        )
    _give_back(book, overage, wanted - overage)


def pay_owed(stock: LotBook) -> None:
    """Let months that are over pay what is owed, as they would have when they ended: with what came back to them, or
    has expired since, what the same news leaves owed for others; and those that were begun over what was owed then."""
    book, wallet = stock.book, stock.wallet
    new = (one for one in book.added if one.balance_type == Balance.TOPUP and one.key.startswith("lot:"))
    owed = min(-wallet.topup_balance, -sum((one.amount for one in new), ZERO))
    if owed > 0:
        for month, amount in {**_expired_since(stock), **stock.came_late}.items():
            owed -= _pay(stock, month, min(owed, amount))
    if wallet.topup_balance >= 0:
        return
    for month, end in stock.begun_over.items():
        before = Entry.objects.of(wallet.organization_id).filter(balance_type=Balance.TOPUP, created_at__lte=end)
        then = before.order_by("number").values_list("balance_after", flat=True).last() or ZERO
        _pay(stock, month, min(-then, -wallet.topup_balance))


def _expired_since(stock: LotBook) -> dict[str, Decimal]:
    """What has expired of months that were paid for since the news happened, if that is late."""
    if stock.late_since is None:
        return {}
    rows = Entry.objects.of(stock.wallet.organization_id).filter(
        transaction_type=Entry.Type.EXPIRY, balance_type=Balance.SUBSCRIPTION, created_at__gte=stock.late_since
    )
    found = dict[str, Decimal]()
    for month, amount in rows.order_by("number").values_list("cycle_key", "amount"):
        if month in stock.cycles and stock.cycles[month].source not in cycles.UNPAID:
            found[month] = found.get(month, ZERO) - amount
    if found:
        stock.load(min(stock.cycles[month].started_at for month in found))
    return found


def _pay(stock: LotBook, month: str, most: Decimal) -> Decimal:
    """Let a month that is over pay so much of what is owed, as far as it has expired; what it has paid."""
    lot = stock.read().get(month)
    # What was not paid for pays nothing.
    if lot is None or (part := min(most, lot.expired, stock.cycles[month].allotment - lot.spent)) <= 0:
        return ZERO
    stock.post_again(month, part, "Of a month that is over, for what is owed", lots.RESTORED)
    cycles.pay_owed(stock.book, month, part)
    return part


def use_packs(book: ledger.Book, since: datetime, most: Decimal) -> None:
    """Let packs that were told late bear what was spent beyond the plan since they were paid."""
    wallet = book.wallet
    if not wallet.overage_owed:
        return
    overage = _spent_of(wallet, Balance.OVERAGE, since)
    overage = min(overage, most, wallet.topup_balance, _overage_without_invoice(wallet))
    if overage > 0:
        _give_back(book, overage, -overage)


def use_overage(book: ledger.Book, since: datetime, most: Decimal) -> None:
    """Let overage bear what was spent of packs since their money went back."""
    wallet = book.wallet
    if most <= 0 or wallet.topup_balance >= 0 or not wallet.overage_room:
        return
    spent = min(_spent_of(wallet, Balance.TOPUP, since), most, -wallet.topup_balance, wallet.overage_room)
    if spent > 0:
        _give_back(book, -spent, spent)


def _spent_of(wallet: Wallet, bucket: str, since: datetime) -> Decimal:
    """What was spent of top-ups or beyond the plan since then, with what was carried to other months."""
    spent = Q(transaction_type=Entry.Type.USAGE) | Q(key__startswith=lots.CARRIED)
    rows = Entry.objects.of(wallet.organization_id).filter(spent, balance_type=bucket, created_at__gte=since)
    return -(rows.aggregate(total=Sum("amount"))["total"] or ZERO)


def _overage_without_invoice(wallet: Wallet) -> Decimal:
    """The overage that is on no invoice yet."""
    open_ = Invoice.objects.of(wallet.organization_id).filter(invoice_type="overage", status=Invoice.Status.PENDING)
    return wallet.overage_owed - (open_.aggregate(total=Sum("xct_amount"))["total"] or ZERO)


def _give_back(book: ledger.Book, overage: Decimal, topup: Decimal) -> None:
    """Post what comes back of overage and of top-ups; below zero it is taken."""
    wallet = book.wallet
    if overage:
        wallet.overage_due = max(ZERO, min(wallet.overage_due, _overage_without_invoice(wallet) - overage))
        book.touch("overage_due")
    for bucket, amount in ((Balance.OVERAGE, overage), (Balance.TOPUP, topup)):
        if amount:
            key = f"{lots.CARRIED}{bucket}:{wallet.last_number + 1}"
            book.post(bucket, amount, Entry.Type.ADJUSTMENT, key=key, description=TEXT)


def _bear(stock: LotBook, run: MonthRun, lot: lots.Lot, more: Decimal) -> None:
    """Let a month bear so much more, or less. What one that is over bears comes back of what had expired, or
    expires."""
    period, key = run.period, run.key
    over = run.end <= stock.known.at
    if period is not None:
        over = run.anew is None and stock.is_over(period, key, run.end)
    if more > 0:
        missing = max(ZERO, more if over else more - (lot.left - lot.kept))
        if (again := min(missing, lot.expired)) > 0:
            stock.post_again(key, again, TEXT, lots.BORNE if over else lots.RESTORED)
        if missing > again:
            post(stock.book, lot, lots.Postings(missing - again), TEXT)
    _post(stock, key, -more, Entry.Type.ADJUSTMENT, lots.CARRIED)
    if more < 0:
        owed = min(-more, max(ZERO, lot.owed))  # by nobody any more
        post(stock.book, lot, lots.Postings(-owed, owed), TEXT)
        if over and owed < -more:
            wallet, back = stock.wallet, -more - owed
            kept = min(back, max(ZERO, Hold.objects.need_of_ended_months(wallet) - wallet.expiring))
            wallet.expiring += kept
            if back > kept:
                _post(stock, key, kept - back, Entry.Type.EXPIRY, "expiry:")
    if period is not None:
        stock.concern(period, run.cycle.started_at)


def _post(stock: LotBook, month: str, amount: Decimal, kind: str, key: str) -> None:
    named = f"{key}{month}:{stock.wallet.last_number + 1}"
    stock.book.post(Balance.SUBSCRIPTION, amount, kind, key=named, description=TEXT, cycle_key=month)
