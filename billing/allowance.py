"""The daily allowance of uncharged cost. Failed, cancelled and check-rejected calls are free for the customer but cost us.

We bear that cost up to the plan's `uncharged_usd_per_day`. Beyond it, new work on our keys is refused until midnight (UTC),
and staff are told. Work on the customer's own keys and by the built-in writer is never refused for this reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts import notifications
from accounts.models import Organization, User
from billing.models import UsageRecord, Wallet
from scribe.errors import TooManyRequests
from scribe.logs import get_logger

log = get_logger(__name__)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def used(organization_id: Any, *, now: datetime | None = None) -> Decimal:
    """USD that today's uncharged calls on our keys cost."""
    rows = UsageRecord.objects.uncharged().filter(organization_id=organization_id)
    return rows.filter(created_at__gte=_midnight(now or timezone.now())).aggregate(n=Sum("cost_usd"))["n"] or Decimal(0)


def check(wallet: Wallet) -> None:
    """Raises TooManyRequests `uncharged_allowance_used`, with the time until midnight, when today's allowance is used up."""
    now = timezone.now()
    if used(wallet.organization_id, now=now) < wallet.plan.uncharged_usd_per_day:
        return
    raise TooManyRequests(
        "Too much of today's work failed or was cancelled at no charge. New work can start tomorrow (UTC); please ask "
        "support if you need it sooner.",
        code="uncharged_allowance_used",
        retry_after=(_midnight(now) + timedelta(days=1) - now).total_seconds(),
    )


def watch(rows: Iterable[UsageRecord]) -> None:
    """After uncharged calls were recorded: tell staff, once per organization and day, when the allowance is used up."""
    cost = {row.organization_id for row in rows if row.is_uncharged}
    for wallet in Wallet.objects.select_related("plan").filter(organization_id__in=cost):
        spent, now = used(wallet.organization_id), timezone.now()
        if spent < wallet.plan.uncharged_usd_per_day:
            continue
        log.warning("uncharged allowance used up", organization_id=str(wallet.organization_id), usd=str(spent))
        staff = User.objects.filter(is_super_admin=True, is_active=True).select_related("organization")
        notifications.notify(
            organization=Organization.objects.get(pk=wallet.organization_id),
            kind="security",
            users=list(staff),
            title="An organization used up its allowance of uncharged work",
            body=f"{spent:f} USD of calls failed, were rejected or cancelled today. New work of the organization waits.",
            data={"organization_id": str(wallet.organization_id), "usd": f"{spent:f}"},
            key=f"uncharged:{wallet.organization_id}:{now:%Y-%m-%d}",
        )
