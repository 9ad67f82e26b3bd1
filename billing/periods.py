"""Paid periods, and the plan that remains when one of them is taken back.

Everything here runs under the wallet's lock, in the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from billing import cycles, ledger, plans
from billing.models import BillingPeriod, Cycle, Entry, PaidPeriod, Plan
from billing.models.wallet import ZERO


def record(
    organization_id: Any, *, key: str, plan: Plan, billing_period: str, begins_at: datetime, ends_at: datetime
) -> None:
    """Record a paid period, once per `key`. A period that was taken back stays taken back."""
    PaidPeriod.objects.get_or_create(
        organization_id=organization_id,
        key=key,
        defaults={
            "plan": plan,
            "billing_period": billing_period or BillingPeriod.MONTHLY,
            "begins_at": begins_at,
            "ends_at": max(begins_at, ends_at),
        },
    )


def of(organization_id: Any, key: str) -> PaidPeriod | None:
    return PaidPeriod.objects.of(organization_id).filter(key=key).select_related("plan").first()


def cycles_of(period: PaidPeriod) -> list[Cycle]:
    """The months that began within the period: its own cycle, and for a year those that beat started."""
    within = Cycle.objects.of(period.organization_id).filter(
        started_at__gte=period.begins_at, started_at__lt=period.ends_at - cycles.NEAR
    )
    months = within.filter(source=Cycle.Source.MONTH)
    return list((months | Cycle.objects.of(period.organization_id).filter(key=period.key)).order_by("started_at"))


def left(organization_id: Any, keys: list[str]) -> tuple[Decimal, Decimal]:
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


def take_back(organization_id: Any, key: str) -> bool:
    """The period gives nothing any more; invoices that were paid to follow it move up, unless it is over anyway. False when
    there is none, or it was taken back before."""
    taken = of(organization_id, key)
    if taken is None or taken.taken_back_at is not None:
        return False
    now = timezone.now()
    PaidPeriod.objects.filter(pk=taken.pk).update(taken_back_at=now)
    following = PaidPeriod.objects.of(organization_id).covering(now).filter(key__startswith="invoice:")
    for later in following.filter(begins_at__gte=taken.ends_at) if taken.ends_at > now else ():
        later.begins_at = cycles.months_after(later.begins_at, -taken.months)
        later.ends_at = cycles.months_after(later.ends_at, -taken.months)
        later.save(update_fields=["begins_at", "ends_at"])
    return True


def give_back(organization_id: Any, key: str) -> None:
    """The money came back after all: the period counts again."""
    PaidPeriod.objects.of(organization_id).filter(key=key).update(taken_back_at=None)


def withdrawn(organization_id: Any, at: datetime) -> bool:
    """Whether what was paid for `at` and later has been taken back, and nothing else covers it."""
    rows = PaidPeriod.objects.of(organization_id)
    return rows.filter(taken_back_at__isnull=False, ends_at__gt=at).exists() and not rows.covering(at).exists()


def settle(organization_id: Any, *, key: str, reason: str) -> bool:
    """After something was taken back, or came back: stay on what else was paid for, or go back to Free. True when a plan stays."""
    now = timezone.now()
    wallet = ledger.lock(organization_id)
    covering = PaidPeriod.objects.of(organization_id).covering(now).select_related("plan")
    best = covering.order_by("-plan__rank", "-ends_at").first()
    if best is None:
        if wallet.paid_until is None:
            return False  # on a plan that nobody pays: nothing of it was bought
        cycles.to_free(organization_id, key=key, reason=reason)
        return False
    if wallet.plan_id != best.plan_id:
        plans.put_on(wallet, best.plan)
    wallet.billing_period, wallet.paid_until = best.billing_period, best.ends_at
    wallet.next_cycle_at = wallet.next_cycle_at and cycles.next_month(wallet.cycle_anchor, now, wallet.paid_until)
    wallet.save(update_fields=["plan", "allotment", "billing_period", "paid_until", "next_cycle_at"])
    return True
