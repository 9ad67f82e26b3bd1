"""What was spent before something was told that had happened already: the months that ran then bear it.

A payment is told late, or money that went back. What was spent meanwhile was taken from what was known: another month,
top-ups, overage. `billing.replay` says which months it would have been taken from; the difference is posted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Sum

from billing import cycles, ledger, lots, replay
from billing.changes import ENOUGH
from billing.decisions import PlanFacts
from billing.lot_book import LotBook, month_key, post
from billing.models import FREE, Balance, Cycle, Entry, Hold, HoldCapture, Invoice, PaidPeriod
from billing.models.wallet import ZERO
from billing.months import PROMPT, months_after, months_between

TEXT = "Spent before a payment or refund was known"
ENDLESS = datetime.max.replace(tzinfo=UTC)
#: What staff gave or took, and what a month that ended has paid of what was owed, by the keys of their entries.
ADJUSTED, OWED = "adjustment:", "owed:"


@dataclass(frozen=True)
class MonthRun:
    """A month as it ran, with its period, if it was paid for."""

    cycle: Cycle
    end: datetime
    period: PaidPeriod | None = None
    number: int = 0  # of a month of the period that was not begun

    @property
    def key(self) -> str:
        return self.cycle.key


def carry(stock: LotBook, since: datetime) -> None:
    """Let what was spent since then be of the months that ran."""
    if not Entry.objects.spent_since(stock.wallet.organization_id, since).exists():
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
        if run.number and spent[run.key] > 0:
            assert run.period is not None
            stock.start_month(run.period, run.number, run.key, run.cycle.started_at)
    found = stock.lots_of([*(stock.stored or ()), *stock.book.added])
    there = {key: found.get(key, lots.Lot(key)).spent for key in runs}
    _beside(stock, window, spendings, uncovered, sum((there[key] - _amount_spent(before, key) for key in there), ZERO))
    for key in sorted(runs, key=lambda key: spent[key] - there[key]):
        more = spent[key] - there[key]
        if runs[key].period is None and runs[key].end <= stock.known.at:
            # It has expired, whatever was spent of it, but for what it was told to bear.
            told = -sum(entry.amount for entry in entries if entry.key.startswith(f"{lots.CARRIED}{key}:"))
            more = min(ZERO, max(more, -told))
        if more != 0:
            _bear(stock, runs[key], found.get(key, lots.Lot(key)), more)


def free_since(known: PlanFacts) -> datetime:
    """When the month of the Free plan begins: now, or counted from when the money of the last plan went back, if that
    was told late."""
    last = max((period for period in known.periods if period.begins_at <= known.at), key=over_at, default=None)
    if last is None or over_at(last) >= min(last.until, known.at - PROMPT):
        return known.at
    return months_after(over_at(last), months_between(over_at(last), known.at))


def bear_as_free(stock: LotBook, month: Cycle, since: datetime) -> None:
    """Let a month of the Free plan bear what was spent since the money of a plan went back, which was told late:
    instead of the months that nobody has paid for, and of top-ups."""
    spendings = Entry.objects.filter(
        organization_id=stock.wallet.organization_id,
        transaction_type=Entry.Type.USAGE,
        created_at__gte=since,
    )
    spent = -(spendings.aggregate(total=Sum("amount"))["total"] or ZERO)
    taken = stock.topups_before - stock.wallet.topup_balance
    found = stock.read()
    left = min(found.get(month.key, lots.Lot(month.key)).left, spent, taken)
    for key, lot in found.items():
        if key in stock.cycles and (amount := min(left, lot.owed)) > 0:
            _bear(stock, MonthRun(stock.cycles[key], stock.known.at), lot, -amount)
            _post(stock, month.key, -amount, Entry.Type.ADJUSTMENT, lots.CARRIED)
            left -= amount


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
    """The months that ran since: those of paid periods, with those that were not begun as nobody knew of them; those
    that nobody paid for, until the next one; and for no time those that were not due."""
    found, rest = list[MonthRun](), dict(stock.cycles)
    staff = [cycle for cycle in rest.values() if cycle.source == Cycle.Source.STAFF and cycle.plan_id != FREE]
    for period in stock.known.periods:
        for key, end in stock.ends_of(period).items():
            if (cycle := rest.pop(key, None)) is None:
                continue  # of another one that is counted
            anew = [one.started_at for one in staff if one.started_at > cycle.started_at]
            found.append(MonthRun(cycle, min([end, *anew]), period))
        found += _months_not_begun(stock, period)
    unpaid = [cycle for cycle in rest.values() if cycle in staff or not _ran(stock, cycle.started_at)]
    begins = [*(run.cycle.started_at for run in found), *(cycle.started_at for cycle in unpaid)]
    changes = stock.known.changes
    for period in stock.known.periods:
        begins += [at for at in changes.returned_at(period) if changes.share(period, at) >= ENOUGH]
    for cycle in unpaid:
        found.append(MonthRun(cycle, min((at for at in begins if at > cycle.started_at), default=ENDLESS)))
    free = [cycle for cycle in rest.values() if cycle.plan_id == FREE]
    found += [MonthRun(cycle, cycle.started_at) for cycle in free if not is_due(stock.known, cycle)]
    return (run for run in found if run.end > since - replay.GRACE)


def is_due(known: PlanFacts, month: Cycle) -> bool:
    """Whether a month of the Free plan had to begin: no paid period ran then, with its money there, that was not
    known."""
    began, changes = month.started_at, known.changes
    return month.key.startswith(cycles.SET) or not any(
        period.begins_at <= began < over_at(period) - PROMPT and changes.share(period, began) >= ENOUGH
        for period in known.periods
    )


def over_at(period: PaidPeriod) -> datetime:
    """When no further month of the period began."""
    return min(at for at in (period.until, period.taken_back_at, period.lost_at) if at)


def _ran(stock: LotBook, at: datetime) -> bool:
    """Whether a paid period ran then, or was in its time of grace, with its money there: what nobody paid for began
    because that was not known."""
    changes = stock.known.changes

    def lasted(period: PaidPeriod) -> datetime:
        return period.until + replay.GRACE if over_at(period) == period.until else over_at(period)

    return any(
        period.begins_at <= at < lasted(period) and changes.share(period, at) >= ENOUGH
        for period in stock.known.periods
    )


def _months_not_begun(stock: LotBook, period: PaidPeriod) -> Iterator[MonthRun]:
    """The months of a year that were not begun in their turn."""
    anchor = period.anchor
    there = {months_between(anchor, cycle.started_at) for cycle in stock.months(period)}
    over = min(stock.known.at, over_at(period))
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
        return replay.Month(run.key, began, run.end, ((began, lot.granted),))
    changed = stock.known.changes.returned_at(period)
    changed += [upgrade.seen.at for upgrade in stock.known.upgrades(period)]
    changed += [period.changed_to.begins_at] if period.changed_to is not None else []
    times = sorted({began, *(at for at in changed if at > began)})
    return replay.Month(
        run.key, began, run.end, tuple((at, stock.entitlement(period, run.cycle, lot.granted, at)) for at in times)
    )


def _spends(entry: Entry) -> bool:
    adjusts = entry.balance_type == Balance.SUBSCRIPTION and entry.key.startswith((ADJUSTED, OWED))
    return entry.transaction_type == Entry.Type.USAGE or adjusts


def _began(stock: LotBook, spendings: list[Entry]) -> dict[str, datetime]:
    """When the work began that has spent, by the keys of its captures."""
    keys = [entry.key.rpartition(":")[0] for entry in spendings if entry.transaction_type == Entry.Type.USAGE]
    rows = HoldCapture.objects.of(stock.wallet.organization_id).filter(key__in=keys)
    return dict(rows.values_list("key", "hold__created_at"))


def _spending(entry: Entry, work: Mapping[str, datetime]) -> replay.Spending:
    at, amount = entry.created_at, -entry.amount
    if entry.key.startswith(OWED) or entry.key.endswith(f":{ledger.KEPT}"):
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
        open_ = Invoice.objects.filter(
            organization_id=wallet.organization_id, invoice_type="overage", status=Invoice.Status.PENDING
        )
        unbilled = wallet.overage_owed - (open_.aggregate(total=Sum("xct_amount"))["total"] or ZERO)
        overage = max(ZERO, min(wanted, back[Balance.OVERAGE] - done[Balance.OVERAGE], unbilled))
        wallet.overage_due = max(ZERO, min(wallet.overage_due, unbilled - overage))
        book.touch("overage_due")
    for bucket, amount in ((Balance.OVERAGE, overage), (Balance.TOPUP, wanted - overage)):
        if amount:
            key = f"{lots.CARRIED}{bucket}:{wallet.last_number + 1}"
            book.post(bucket, amount, Entry.Type.ADJUSTMENT, key=key, description=TEXT)


def _bear(stock: LotBook, run: MonthRun, lot: lots.Lot, more: Decimal) -> None:
    """Let a month bear so much more, or less. What one that is over bears comes back of what had expired, or
    expires."""
    period, key = run.period, run.key
    over = run.end <= stock.known.at if period is None else stock.is_over(period, key, run.end)
    if more > 0:
        if over and (again := min(more, lot.expired)) > 0:
            stock.post_again(key, again, TEXT)
        if (missing := more - (lot.expired if over else lot.left - lot.kept)) > 0:
            post(stock.book, lot, lots.Postings(missing), TEXT)
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
