"""What is there in the end, after a buyer's events."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from billing import facts
from billing.decisions import decide
from billing.models import PaidPeriod, ProviderEvent


def plan_after(known, days):
    """The plan in so many days, when nothing else is told."""
    wallet, at = known.wallet, timezone.now() + timedelta(days=days)
    # Only of invoices something else is known later: which of their months have begun.
    later = facts.read(wallet, at) if any(row.by_invoice for row in known.periods) else replace(known, at=at)
    decided = decide(later)
    return wallet.plan_id if decided.stays else decided.plan.pk if decided.plan else "free"


def outcome(buyer):
    wallet = buyer.wallet()
    known = facts.read(wallet, timezone.now())
    rows = PaidPeriod.objects.of(buyer.organization).order_by("begins_at", "plan_id")
    # What an invoice bought began where it could when it was paid; once credited, that does not matter.
    periods = [row for row in rows if row.key not in known.changes.void and not (row.by_invoice and row.kept == 0)]
    events = ProviderEvent.objects.filter(organization_id=buyer.organization.pk).exclude(status="applied")
    return {
        "plan": (wallet.plan_id, wallet.billing_period, wallet.paid_until),
        "later": [plan_after(known, days) for days in (1.7, 4.3, 12.3, 32.3, 47.3, 400)],
        "xct": wallet.total_balance.quantize(Decimal(1)),
        "periods": [(p.plan_id, p.billing_period, p.begins_at, p.ends_at, p.kept, p.taken_back_at) for p in periods],
        "parked": sorted((one.status, one.expected or "", one.received or "") for one in events),
    }
