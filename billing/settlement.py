"""Settlement: read what is known, let `billing.decisions` decide, and write cycles, postings and the plan.

Whatever happens (a payment, a refund, a provider's word on a subscription, a paid or credited invoice, dunning, beat)
ends here. Everything runs under the wallet's lock, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from billing import cycles, ledger, notices, plans
from billing.amounts import xct
from billing.decisions import (
    UNPAID_FOR,
    PlanDecision,
    PlanFacts,
    decide,
    is_late,
    moved,
    upgrades,
    upgrades_xct,
)
from billing.models import (
    Balance,
    Cycle,
    Entry,
    PaidPeriod,
    Payment,
    PaymentProviderName,
    PlanSeen,
    Subscription,
    Wallet,
)
from billing.models.wallet import ZERO
from billing.months import NEAR, months_after, months_between, next_month
from scribe.logs import get_logger

log = get_logger(__name__)

#: How the keys of the Free months that follow a plan begin.
PLAN_END = "plan_end:"
#: How far back unpaid upgrades are looked for. Those of the version before that are older stay as they were settled.
LOOKED_BACK = timedelta(days=31)


def read(wallet: Wallet, at: datetime) -> PlanFacts:
    """What is known of the organization whose wallet is locked."""
    organization_id = wallet.organization_id
    periods = tuple(
        PaidPeriod.objects.of(organization_id).select_related("plan", "subscription__plan").order_by("begins_at")
    )
    # Periods of the version before name no subscription.
    if unlinked := {period.key: period for period in periods if not (period.subscription_id or period.by_invoice)}:
        paid = Payment.objects.of(organization_id).filter(subscription__isnull=False)
        for payment in paid.select_related("subscription__plan"):
            if payment.cycle_key in unlinked:
                unlinked[payment.cycle_key].subscription = payment.subscription
    newest: dict[object, PaidPeriod] = {}
    for period in periods:
        if period.subscription_id and period.taken_back_at is None:
            if before := newest.get(period.subscription_id):
                before.ends_at = min(before.ends_at, period.begins_at)  # the next one took over; in memory alone
            newest[period.subscription_id] = period
    bank = Subscription.objects.of(organization_id).filter(provider=PaymentProviderName.BANK).order_by("-created_at")
    cards = {period.subscription_id for period in periods if period.subscription_id}
    larger = tuple(
        row
        for row in PlanSeen.objects.filter(subscription__in=cards).select_related("plan")
        if any(
            row.subscription_id == period.subscription_id
            and period.begins_at <= row.at < period.ends_at
            and row.plan.rank > period.plan.rank
            for period in periods
        )
    )
    paid = Payment.objects.filter(subscription__in=cards, kind=Payment.Kind.PLAN_CHANGE)
    paid = paid.exclude(status=Payment.Status.FAILED).prefetch_related("refunds")
    cycles_ = Cycle.objects.of(organization_id)
    started = set(cycles_.filter(key__in=[period.key for period in periods]).values_list("key", flat=True))
    for period in periods:
        # The version before began an invoice that prolonged a plan by the months of the one before it.
        if period.by_invoice and period.key not in started and period.begins_at <= at:
            within = cycles_.filter(source=Cycle.Source.MONTH, plan=period.plan, started_at__lt=period.ends_at)
            if within.filter(started_at__gte=period.begins_at - NEAR).exists():
                started.add(period.key)
    return PlanFacts(
        at=at,
        wallet=wallet,
        periods=periods,
        seen=larger,
        prorations=tuple(paid) if larger else (),
        started=frozenset(started),
        bank=bank.first() if any(period.by_invoice for period in periods) else None,
    )


@transaction.atomic
def settle(
    organization: object,
    *,
    at: datetime | None = None,
    bought: PaidPeriod | None = None,
    around: datetime | None = None,
    reason: str = "What was paid for is over",
) -> PlanDecision:
    """Put the organization on what it has paid for. Twice is harmless.

    `bought` was just recorded: its cycle starts, whatever the plan. `around` is the time of an event that brought news
    of upgrades: it concerns the period that it falls into.
    """
    with ledger.book(organization) as book:
        wallet = book.wallet
        known = read(wallet, at or timezone.now())
        runs_on = bought is not None and bought.key not in known.started and bought.ends_at > known.at
        if bought is not None and runs_on and any(period.by_invoice for period in known.periods):
            move(known.periods, bought, bought.months)
        decided = decide(known)
        base = decided.base
        if wallet.cycle_key.startswith(PLAN_END):
            _resume(wallet, decided)
        starting = {period.pk: period for period in (base, bought) if period and period.key not in known.started}
        for period in starting.values():
            runs = base is not None and period.pk == base.pk
            if runs or period.begins_at <= decided.at:
                cycles.begin(
                    book,
                    key=period.key,
                    source=Cycle.Source.INVOICE if period.by_invoice else Cycle.Source.PAYMENT,
                    plan=period.plan,
                    at=period.begins_at,
                    allotment=period.plan.monthly_xct if period.allotment is None else period.allotment,
                    description=f"Plan {period.plan.name}: paid",
                    place="running" if runs else "over" if is_late(period, known.periods) else "beside",
                    expires=not decided.interrupts,
                )
        if base is not None and decided.plan is not None:
            plans.put_on(wallet, decided.plan, allotment=decided.allotment)
            wallet.billing_period, wallet.paid_until = base.billing_period, decided.paid_until
            # An invoice's period may have been interrupted: its months are counted back from its end.
            wallet.cycle_anchor = months_after(base.ends_at, -base.months) if base.by_invoice else base.begins_at
            since = max(known.at, base.begins_at)
            month = next_month(wallet.cycle_anchor, since, base.ends_at) if base.months > 1 else None
            wallet.next_cycle_at = min((when for when in (decided.changes_at, month) if when), default=None)
            if decided.in_force or base.pk in starting:
                wallet.overdue_since, wallet.dunning_stage = None, 0
            else:
                wallet.overdue_since = decided.overdue_since
            if base.by_invoice:
                _describe(known, decided, renewed=bought is not None)
        elif not decided.stays:
            _to_free(book, known, reason, lapsed=decided.lapsed)
        book.changed.update(cycles.RUNNING, ("overdue_since", "dunning_stage"))
    if known.seen:
        _settle_upgrades(known, base, around)
    return decided


def _resume(wallet: Wallet, decided: PlanDecision) -> None:
    """Let the month of a period go on that was taken back, and is there again."""
    if decided.base is not None and decided.in_force:
        for cycle in cycles_of(decided.base)[-1:]:
            wallet.cycle_key, wallet.cycle_started_at = cycle.key, cycle.started_at


def move(periods: Iterable[PaidPeriod], by: PaidPeriod, months: int) -> None:
    """Save the invoices' periods that `by` moves."""
    for period in moved(periods, by, months):
        period.save(update_fields=["begins_at", "ends_at"])


def _describe(known: PlanFacts, decided: PlanDecision, *, renewed: bool) -> None:
    """Let the subscription by bank transfer follow the invoice's period that is in force."""
    base = decided.base
    assert base is not None
    live = known.bank or Subscription(
        organization_id=base.organization_id,
        provider=PaymentProviderName.BANK,
        external_id=base.key.removeprefix("invoice:"),
    )
    live.plan, live.billing_period, live.period_ends_at = base.plan, base.billing_period, decided.paid_until
    if decided.in_force:
        live.status, live.ended_at = Subscription.Status.ACTIVE, None
    if renewed:
        live.cancel_at_period_end = False
    live.save()


def _to_free(book: ledger.Book, known: PlanFacts, reason: str, *, lapsed: bool) -> None:
    """Start a cycle of the Free plan, from now on by the calendar."""
    wallet, free = book.wallet, plans.free()
    cycles.begin(
        book,
        key=f"{PLAN_END}{wallet.last_number + 1}",
        source=Cycle.Source.PLAN_END,
        plan=free,
        at=known.at,
        allotment=free.monthly_xct,
        description="The payment for the plan did not come in" if lapsed else reason,
    )
    if lapsed:
        notices.after_lapse(wallet, known.at)
    plans.put_on(wallet, free)
    wallet.billing_period, wallet.paid_until, wallet.cycle_anchor = "", None, known.at
    wallet.next_cycle_at = next_month(known.at, known.at, None)
    wallet.overdue_since, wallet.dunning_stage = None, 0
    Subscription.objects.of(wallet.organization_id).live().filter(provider=PaymentProviderName.BANK).update(
        status=Subscription.Status.EXPIRED, ended_at=known.at
    )


def cycles_of(period: PaidPeriod) -> list[Cycle]:
    """The months that began within the period: its own cycle, and for a year those that beat started."""
    rows = Cycle.objects.of(period.organization_id)
    found = rows.filter(key=period.key)
    if period.months > 1:
        within = rows.filter(
            source=Cycle.Source.MONTH, started_at__gte=period.begins_at, started_at__lt=period.ends_at - NEAR
        )
        # A card's months are counted from its payment; an invoice's may have been moved, but never change the plan.
        mine = {"plan": period.plan} if period.by_invoice else {"key__startswith": _month_key(period.begins_at)}
        found |= within.filter(**mine)
    return list(found.order_by("started_at"))


def _month_key(anchor: datetime) -> str:
    return f"month:{anchor.astimezone(UTC):%Y%m%dT%H%M%S}:"


def left(organization_id: object, keys: list[str]) -> tuple[Decimal, Decimal]:
    """The XCT that these cycles granted, and the part of it that has not expired (spent or not)."""
    entries = Entry.objects.filter(organization_id=organization_id, cycle_key__in=keys)
    sums = dict(
        entries.filter(transaction_type__in=(Entry.Type.GRANT, Entry.Type.EXPIRY))
        .order_by()
        .values_list("transaction_type")
        .annotate(total=Sum("amount"))
    )
    granted = sums.get(Entry.Type.GRANT, ZERO)
    return granted, max(ZERO, granted + sums.get(Entry.Type.EXPIRY, ZERO))


def in_balance(wallet: Wallet, period: PaidPeriod, periods: Iterable[PaidPeriod], cycle: Cycle, at: datetime) -> bool:
    """Whether the XCT of a cycle of `period` lie in the subscription balance: it runs, or goes on beside another."""
    goes_on = cycle.started_at <= at < months_after(cycle.started_at, 1) and not wallet.cycle_key.startswith(PLAN_END)
    renewed = any(p.subscription_id == period.subscription_id and p.begins_at > period.begins_at for p in periods)
    return cycle.key == wallet.cycle_key or (goes_on and not (renewed and period.subscription_id))


def own_xct(period: PaidPeriod, cycle: Cycle) -> Decimal:
    """What the cycle granted when it began, without upgrades."""
    first = Entry.objects.filter(organization_id=cycle.organization_id, key=f"grant:{cycle.key}")
    granted = first.values_list("amount", flat=True).first() or ZERO
    return min(granted, period.plan.monthly_xct if period.allotment is None else period.allotment)


def _settle_upgrades(known: PlanFacts, base: PaidPeriod | None, around: datetime | None) -> None:
    """Settle the upgrades within the period in force, and within the one that `around` falls into."""
    with ledger.book(known.wallet.organization_id) as book:
        for period in known.periods:
            if period is base or (around is not None and period.begins_at <= around < period.ends_at):
                _settle_months(book, period, known)


def _settle_months(book: ledger.Book, period: PaidPeriod, known: PlanFacts) -> None:
    """Let each month of the period have what its upgrades bring: grant what is missing, take back what is not paid."""
    wallet, made = book.wallet, upgrades(period, known.seen, known.prorations, known.at)
    for cycle in cycles_of(period) if made else ():
        target = own_xct(period, cycle) + upgrades_xct(made, cycle.started_at)
        difference, key = target - cycle.allotment, f"upgrade:{cycle.key}:{wallet.last_number + 1}"
        running = in_balance(wallet, period, known.periods, cycle, known.at)
        if difference > 0:
            text = f"Upgrade to the plan {made[-1].seen.plan.name}"
            kind, bucket = Entry.Type.GRANT, Balance.SUBSCRIPTION
            book.post(bucket, difference, kind, key=key, description=text, cycle_key=cycle.key)
            if running:
                notices.after_credit(wallet)
            else:
                text, kind = "Allotment of a cycle that was already over", Entry.Type.EXPIRY
                book.post(bucket, -difference, kind, key=f"expiry:{key}", description=text, cycle_key=cycle.key)
        elif difference < 0:
            # What the refund of the period's own payment took is not there to be taken again.
            named = Payment.objects.of(cycle.organization_id).filter(external_id=period.key.split(":", 2)[-1])
            returned = sum((row.xct_taken for row in named if row.cycle_key == period.key), ZERO)
            taken = min(returned, own_xct(period, cycle))
            amount = max(ZERO, min(-difference, left(cycle.organization_id, [cycle.key])[1] - taken))
            refunds = [refund for upgrade in made if upgrade.payment for refund in upgrade.payment.refunds.all()]
            if any(refund.xct for refund in refunds):
                amount = ZERO  # the version before took it with the refund
            there = wallet.subscription_balance - wallet.expiring if running else ZERO
            text = "An upgrade that was not paid for, or whose payment was returned"
            book.take_back(amount, from_subscription=min(amount, there), key=key, description=text)
        if difference:
            Cycle.objects.filter(pk=cycle.pk).update(allotment=target)


@transaction.atomic
def roll_over(organization: object, *, now: datetime | None = None) -> Cycle | None:
    """Start the cycle that is due: of a paid period that begins, or the month counted from the plan's start. None when
    none is.

    However late it runs, only the month of today starts, and it starts once: its key is its number of months.
    """
    now = now or timezone.now()
    wallet = ledger.lock(organization)
    if wallet.next_cycle_at is None or wallet.next_cycle_at > now:
        return None
    running, ended = wallet.cycle_key, wallet.paid_until
    base = settle(organization, at=now).base
    with ledger.book(organization) as book:
        wallet = book.wallet
        if wallet.cycle_key != running:
            return Cycle.objects.of(organization).get(key=wallet.cycle_key)
        anchor, ends = wallet.cycle_anchor, base.ends_at if base else wallet.paid_until
        number = months_between(anchor, now)
        at = months_after(anchor, number)
        key = f"{_month_key(anchor)}{number}"
        # When a better plan has ended, the one below it goes on in its own month.
        goes_on = base is not None and ended is not None and at < ended <= now
        over = ends is not None and at >= ends - NEAR
        known = Cycle.objects.of(organization).filter(key=key).exists()
        if over or goes_on or known or (base is not None and base.months == 1):
            if base is None:
                wallet.next_cycle_at = None if over else next_month(anchor, now, ends)
                book.touch("next_cycle_at")
            return None
        cycle = cycles.begin(
            book,
            key=key,
            source=Cycle.Source.MONTH,
            plan=wallet.plan,
            at=at,
            allotment=_month_of(base) if base else wallet.allotment,
            description="",
        )
        if base is None:
            wallet.next_cycle_at = next_month(anchor, now, ends)
    if base is not None:
        settle(organization, at=now)  # with the upgrades' XCT of this month
    return cycle


def _month_of(period: PaidPeriod) -> Decimal:
    """The XCT of a further month of the period; less if a part of its money was returned."""
    allotment = period.plan.monthly_xct if period.allotment is None else period.allotment
    return xct(allotment * (1 if period.kept is None else period.kept))


def settle_unpaid_upgrades(*, now: datetime | None = None) -> int:
    """Take back the upgrades that nobody paid for within 72 hours; returns how many changes of plan were looked at."""
    now = now or timezone.now()
    due = PlanSeen.objects.filter(settled_at=None, at__lte=now - UNPAID_FOR, at__gt=now - LOOKED_BACK)
    looked_at = 0
    for seen in due.order_by("at"):
        try:
            with transaction.atomic():
                settle(seen.organization_id, at=now, around=seen.at)
                looked_at += PlanSeen.objects.filter(pk=seen.pk).update(settled_at=now)
        except Exception as error:  # one organization's trouble stops no other
            log.error("an upgrade could not be settled", organization_id=str(seen.organization_id), exc_info=error)
    return looked_at
