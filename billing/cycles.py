"""Cycles. Each month of a plan starts once: it expires the XCT left from the month before and grants its own allotment.

Events come late, twice and in any order, so every cycle has a key and a time. One that began before the running cycle
is over already: it grants, and what it granted expires, as it would have had the event come in time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from billing import ledger, notices, plans
from billing.models import Balance, Cycle, Entry, Invoice, Plan, Wallet
from billing.models.wallet import ZERO
from billing.months import next_month

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
#: How a cycle starts: as the running one, beside it (its XCT are added to it), or when it is over already.
Place = Literal["running", "beside", "over"]


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
    paid_until: datetime | None = None,
    billing_period: str = "",
    now: datetime | None = None,
) -> Cycle:
    """Start a cycle at `at`, once per `key`: expire the month before, grant the allotment, set the plan. `paid_until` is where
    beat stops starting months: then only a payment may."""
    with ledger.book(organization) as book:
        if first := Cycle.objects.filter(organization_id=book.wallet.organization_id, key=key).first():
            return first
        granted = plan.monthly_xct if allotment is None else allotment
        cycle = begin(book, key=key, source=source, plan=plan, at=at, allotment=granted, description=description, by=by)
        wallet = book.wallet
        plans.put_on(wallet, plan, allotment=granted)
        wallet.billing_period, wallet.paid_until, wallet.cycle_anchor = billing_period, paid_until, at
        wallet.next_cycle_at = next_month(at, max(at, now or timezone.now()), paid_until)
        return cycle


def begin(
    book: ledger.Book,
    *,
    key: str,
    source: str,
    plan: Plan,
    at: datetime,
    allotment: Decimal,
    description: str,
    by: Any = None,
    place: Place = "running",
    expires: bool = True,
) -> Cycle:
    """Add a cycle that has not begun, with its entries: what is left of the one before expires (with `expires`), the
    allotment is granted. The caller sets the wallet's plan."""
    wallet = book.wallet
    cycle = Cycle.objects.create(
        organization_id=wallet.organization_id, key=key, source=source, started_at=at, plan=plan, allotment=allotment
    )
    if place == "running":
        if expires:
            # But for what open holds still need, which expires when they close.
            wallet.expiring = min(wallet.subscription_balance, wallet.held)
            if (unused := wallet.subscription_balance - wallet.expiring) > 0:
                # A month that was taken back and came again ends twice.
                ended = f"expiry:{wallet.cycle_key}:{wallet.last_number + 1}"
                text = "Unused XCT of the ended cycle"
                book.post(Balance.SUBSCRIPTION, -unused, Entry.Type.EXPIRY, key=ended, description=text, by=by)
        wallet.overage_due = ZERO
        if wallet.overage_owed:
            open_ = Invoice.objects.filter(
                organization_id=wallet.organization_id, invoice_type="overage", status=Invoice.Status.PENDING
            )
            billed = open_.aggregate(total=Sum("xct_amount"))["total"] or ZERO
            wallet.overage_due = max(ZERO, wallet.overage_owed - billed)
        wallet.cycle_key, wallet.cycle_started_at = key, at
        book.changed.update(RUNNING)
    if allotment > ZERO:
        text = description or f"Monthly allotment of the plan {plan.name}"
        kind = Entry.Type.GRANT
        book.post(Balance.SUBSCRIPTION, allotment, kind, key=f"grant:{key}", description=text, by=by, cycle_key=key)
        if place == "over":
            text, kind = "Allotment of a cycle that was already over", Entry.Type.EXPIRY
            book.post(Balance.SUBSCRIPTION, -allotment, kind, key=f"expiry:{key}", description=text, cycle_key=key)
    if place == "running":
        wallet.noticed_at_percent = 100
    notices.after_credit(wallet)
    return cycle


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
