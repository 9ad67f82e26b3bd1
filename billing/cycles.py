"""Cycles. Each month of a plan starts once: it expires the XCT left from the month before and grants its own allotment.

Events come late, twice and in any order, so every cycle has a key and a time. One that began before the running cycle
is over already: it grants, and what it granted expires, as it would have had the event come in time.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from billing import ledger, notices, plans
from billing.models import FREE, Balance, Cycle, Entry, Invoice, Plan, Wallet
from billing.models.wallet import ZERO

#: The wallet's columns that a started cycle changes.
RUNNING = (
    "cycle_key",
    "cycle_started_at",
    "cycle_anchor",
    "next_cycle_at",
    "plan",
    "allotment",
    "billing_period",
    "paid_until",
    "overage_due",
)
#: A month that would start within this time before the paid period ends is started by the next payment instead.
NEAR = timedelta(days=1)


def months_after(anchor: datetime, months: int) -> datetime:
    """`anchor` moved by whole months; a day that the month lacks becomes its last one (31 January → 28 February)."""
    index = anchor.month - 1 + months
    year, month = anchor.year + index // 12, index % 12 + 1
    day = min(anchor.day, calendar.monthrange(year, month)[1])
    return anchor.replace(year=year, month=month, day=day)


def months_between(anchor: datetime, now: datetime) -> int:
    """How many whole months of cycles have begun since `anchor`."""
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    return months if months_after(anchor, months) <= now else months - 1


def next_month(anchor: datetime, now: datetime, paid_until: datetime | None) -> datetime | None:
    """When the month after `now` starts, counted from `anchor`; None when it lies beyond what was paid for."""
    due = months_after(anchor, months_between(anchor, now) + 1)
    return due if paid_until is None or due < paid_until - NEAR else None


@transaction.atomic
def start(
    *,
    organization: Any,
    key: str,
    source: str,
    plan: Plan,
    at: datetime,
    allotment: Decimal | None = None,
    description: str = "",
    by: Any = None,
    late: bool = False,
    anchor: datetime | None = None,
    paid_until: datetime | None = None,
    billing_period: str = "",
    now: datetime | None = None,
) -> Cycle:
    """Start a cycle at `at`, once per `key`: expire the month before, grant the allotment, set the plan.

    `late`: a later one runs already, so this one grants and expires at once. `anchor` is the plan's start if the months
    are counted from another time than `at`. `paid_until` is where beat stops starting months: then only a payment may.
    """
    with ledger.book(organization) as book:
        wallet = book.wallet
        if first := Cycle.objects.filter(organization_id=wallet.organization_id, key=key).first():
            return first
        granted = plan.monthly_xct if allotment is None else allotment
        cycle = Cycle.objects.create(
            organization_id=wallet.organization_id, key=key, source=source, started_at=at, plan=plan, allotment=granted
        )
        text = description or f"Monthly allotment of the plan {plan.name}"
        if late:
            _grant(book, cycle, granted, key=f"grant:{key}", description=text, by=by)
            _expire_late(book, cycle, granted, key=f"expiry:{key}")
            return cycle
        expire(book, by=by)
        wallet.overage_due = overage_to_invoice(wallet)
        wallet.cycle_key, wallet.cycle_started_at = key, at
        plans.put_on(wallet, plan, allotment=granted)
        wallet.billing_period, wallet.paid_until = billing_period, paid_until
        wallet.cycle_anchor = anchor or at
        wallet.next_cycle_at = next_month(wallet.cycle_anchor, max(at, now or timezone.now()), paid_until)
        book.touch(*RUNNING)
        _grant(book, cycle, granted, key=f"grant:{key}", description=text, by=by)
        wallet.noticed_at_percent = 100
        notices.after_credit(wallet)
        return cycle


def overage_to_invoice(wallet: Wallet) -> Decimal:
    """Overage that is owed and on no open invoice yet."""
    open_invoices = Invoice.objects.filter(
        organization_id=wallet.organization_id, invoice_type=Invoice.Type.OVERAGE, status=Invoice.Status.PENDING
    )
    billed = open_invoices.aggregate(total=Sum("xct_amount"))["total"] or ZERO
    return max(ZERO, wallet.overage_owed - billed)


def expire(book: ledger.Book, *, by: Any = None) -> None:
    """End the running cycle: what is left of its subscription XCT expires, but for what open holds still need."""
    wallet = book.wallet
    needed = min(wallet.subscription_balance, wallet.held)
    unused = wallet.subscription_balance - needed
    wallet.expiring = needed
    key = f"expiry:{wallet.cycle_key}"
    if unused > 0:
        book.post(
            Balance.SUBSCRIPTION,
            -unused,
            Entry.Type.EXPIRY,
            key=key,
            description="Unused XCT of the ended cycle",
            by=by,
        )


def granted_first(cycle: Cycle) -> Decimal:
    """The XCT that the cycle granted when it started, before any upgrade."""
    first = Entry.objects.filter(organization_id=cycle.organization_id, key=f"grant:{cycle.key}")
    return first.values_list("amount", flat=True).first() or ZERO


@transaction.atomic
def top_to(*, cycle: Cycle, target: Decimal, key: str, description: str) -> None:
    """Raise the grant of `cycle` to `target`, once per `key`. An upgrade within the cycle grants the difference."""
    with ledger.book(cycle.organization_id) as book:
        cycle.refresh_from_db()
        difference = target - cycle.allotment
        if difference <= 0 or book.posted(key):
            return
        cycle.allotment = target
        cycle.save(update_fields=["allotment"])
        _grant(book, cycle, difference, key=key, description=description)
        if book.wallet.cycle_key != cycle.key:
            _expire_late(book, cycle, difference, key=f"expiry:{key}")
        else:
            notices.after_credit(book.wallet)


def _grant(book: ledger.Book, cycle: Cycle, amount: Decimal, *, key: str, description: str, by: Any = None) -> None:
    if amount > ZERO:
        book.post(
            Balance.SUBSCRIPTION,
            amount,
            Entry.Type.GRANT,
            key=key,
            description=description,
            by=by,
            cycle_key=cycle.key,
        )


def _expire_late(book: ledger.Book, cycle: Cycle, amount: Decimal, *, key: str) -> None:
    if amount > ZERO:
        book.post(
            Balance.SUBSCRIPTION,
            -amount,
            Entry.Type.EXPIRY,
            key=key,
            description="Allotment of a cycle that was already over",
            cycle_key=cycle.key,
        )


@transaction.atomic
def reset_today(*, organization: Any, by: Any, now: datetime | None = None) -> Wallet:
    """Start a new cycle today, as staff asked. A repetition on the same day changes nothing."""
    now = now or timezone.now()
    wallet = ledger.lock(organization)
    start(
        organization=organization,
        key=f"reset:{now.astimezone(UTC):%Y-%m-%d}",
        source=Cycle.Source.STAFF,
        plan=wallet.plan,
        allotment=wallet.allotment,
        at=now,
        description="New cycle, started by staff",
        by=by,
        paid_until=wallet.paid_until,
        billing_period=wallet.billing_period,
        now=now,
    )
    return ledger.lock(organization)


def to_free(organization: Any, *, key: str, reason: str) -> None:
    """Start a cycle of the Free plan, from now on by the calendar. Who is there already stays in the running month."""
    wallet = ledger.lock(organization)
    if wallet.plan_id == FREE and wallet.paid_until is None:
        return
    start(
        organization=organization,
        key=key[:120],
        source=Cycle.Source.PLAN_END,
        plan=plans.free(),
        at=timezone.now(),
        description=reason,
    )
    wallet = ledger.lock(organization)
    wallet.overdue_since, wallet.dunning_stage = None, 0
    wallet.save(update_fields=["overdue_since", "dunning_stage"])


@transaction.atomic
def roll_over(organization: Any, *, now: datetime | None = None) -> Cycle | None:
    """Start the month that is due, counted from the plan's start; None when none is due.

    However late it runs, only the month of today starts, and it starts once: its key is its number of months.
    """
    now = now or timezone.now()
    wallet = ledger.lock(organization)
    if wallet.next_cycle_at is None or wallet.next_cycle_at > now:
        return None
    anchor = wallet.cycle_anchor
    months = months_between(anchor, now)
    at = months_after(anchor, months)
    if wallet.paid_until is not None and at >= wallet.paid_until - NEAR:
        # So late that what was paid for is over: the months in between are gone, the next is the payment's to start.
        wallet.next_cycle_at = None
        wallet.save(update_fields=["next_cycle_at"])
        return None
    return start(
        organization=organization,
        key=f"month:{anchor.astimezone(UTC):%Y%m%dT%H%M%S}:{months}",
        source=Cycle.Source.MONTH,
        plan=wallet.plan,
        allotment=wallet.allotment,
        at=at,
        anchor=anchor,
        paid_until=wallet.paid_until,
        billing_period=wallet.billing_period,
        now=now,
    )
