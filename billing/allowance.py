"""The daily allowance of uncharged work. Failed, cancelled and check-rejected calls are free for the customer but cost us.

We bear that up to the plan's `uncharged_usd_per_day` and `uncharged_xct`: what the calls cost us, and what they would have
cost the customer, since a deployment's own model costs no dollars. Beyond either, new work on our keys is refused until
midnight (UTC), and staff are told. Work on the customer's own keys and by the built-in writer is never refused for this
reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import DecimalField, F, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from billing import staff
from billing.models import UsageRecord, Wallet
from scribe.errors import TooManyRequests
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)


@dataclass(frozen=True)
class Uncharged:
    """What today's uncharged calls on our keys cost us in `usd`, and would have cost the customer in `xct`."""

    usd: Decimal
    xct: Decimal

    def uses_up(self, wallet: Wallet) -> bool:
        return self.usd >= wallet.plan.uncharged_usd_per_day or self.xct >= wallet.plan.uncharged_xct


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def used_today(wallet: Wallet, *, now: datetime | None = None) -> Uncharged:
    """What of today's allowance is used."""
    rows = UsageRecord.objects.uncharged().filter(organization_id=wallet.organization_id)
    tokens = Cast(F("input_tokens") + F("output_tokens"), DecimalField(max_digits=16, decimal_places=4))
    found = rows.filter(created_at__gte=_midnight(now or timezone.now())).aggregate(
        usd=Sum("cost_usd"), xct=Sum(tokens * Coalesce("ai_model__multiplier", "ai_model__tier__multiplier") / 1000)
    )
    return Uncharged(found["usd"] or Decimal(0), (found["xct"] or Decimal(0)) * wallet.token_rate_multiplier)


def check(wallet: Wallet) -> None:
    """Raises TooManyRequests `uncharged_allowance_used`, with the time until midnight, when today's allowance is used up."""
    now = timezone.now()
    if not used_today(wallet, now=now).uses_up(wallet):
        return
    raise TooManyRequests(
        _(
            "Too many jobs failed or were cancelled at no charge today. You can start new ones tomorrow "
            "(UTC). If you need them sooner, contact support."
        ),
        code="uncharged_allowance_used",
        retry_after=(_midnight(now) + timedelta(days=1) - now).total_seconds(),
    )


def watch(rows: Iterable[UsageRecord]) -> None:
    """After uncharged calls were recorded: tell staff, once per organization and day, when the allowance is used up."""
    cost = {row.organization_id for row in rows if row.is_uncharged}
    for wallet in Wallet.objects.select_related("plan").filter(organization_id__in=cost):
        spent = used_today(wallet)
        if not spent.uses_up(wallet):
            continue
        amounts = {"usd": f"{spent.usd:f}", "xct": f"{spent.xct:.4f}"}
        log.warning("uncharged allowance used up", organization_id=str(wallet.organization_id), **amounts)
        staff.notify(
            organization_id=wallet.organization_id,
            title=_("An organization used up its allowance of uncharged work"),
            body=_(
                "Calls that cost us {usd} USD, and would have cost {xct} XCT, failed, were rejected or cancelled today. New "
                "work of the organization waits.",
                **amounts,
            ),
            data={"organization_id": str(wallet.organization_id), **amounts},
            key=f"uncharged:{wallet.organization_id}:{timezone.now():%Y-%m-%d}",
        )
