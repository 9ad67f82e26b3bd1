"""Sums over usage records: exact, and equal to the records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from billing.models import AIModel, ModelTier, UsageRecord

NOTHING = Decimal("0.0000")


def _since(organization: Any, days: int, now: datetime | None) -> tuple[datetime, datetime, QuerySet[UsageRecord]]:
    end = now or timezone.now()
    start = end - timedelta(days=days)
    rows = UsageRecord.objects.of(organization).filter(created_at__gt=start, created_at__lte=end)
    return start, end, rows


def _grouped(rows: QuerySet[UsageRecord], *fields: str) -> Iterable[dict[str, Any]]:
    return (
        rows.order_by()
        .values(*fields)
        .annotate(
            requests=Count("pk"),
            input=Sum("input_tokens"),
            output=Sum("output_tokens"),
            used=Sum("xct"),
            cost=Sum("cost_usd"),
        )
    )


def spending(organization: Any, *, days: int, now: datetime | None = None) -> dict[str, Any]:
    """XCT used in the last `days`, by model tier and by provider."""
    start, end, rows = _since(organization, days, now)
    tiers: dict[str, dict[str, Any]] = {}
    providers: dict[str, dict[str, Any]] = {}
    total = NOTHING
    for group in _grouped(rows, "tier", "provider"):
        total += group["used"]
        for table, name in ((tiers, group["tier"]), (providers, group["provider"])):
            line = table.setdefault(name, {"request_count": 0, "total_tokens": 0, "xct_used": NOTHING})
            line["request_count"] += group["requests"]
            line["total_tokens"] += group["input"] + group["output"]
            line["xct_used"] += group["used"]
    rank = dict(ModelTier.objects.values_list("tier", "rank"))
    order = sorted(tiers, key=lambda tier: (rank.get(tier, 99), tier))
    return {
        "period_start": start,
        "period_end": end,
        "total_xct_used": total,
        "by_tier": [{"tier": tier, **tiers[tier]} for tier in order],
        "by_provider": {
            name: {**providers[name], "xct_used": f"{providers[name]['xct_used']:f}"} for name in sorted(providers)
        },
    }


def tokens(organization: Any, *, days: int, now: datetime | None = None) -> dict[str, Any]:
    """Tokens and cost of the last `days`, by provider and by content type."""
    _, _, rows = _since(organization, days, now)
    total = {"total_input_tokens": 0, "total_output_tokens": 0}
    cost = Decimal(0)
    tables: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for group in _grouped(rows, "provider", "content_type"):
        total["total_input_tokens"] += group["input"]
        total["total_output_tokens"] += group["output"]
        cost += group["cost"]
        for table, name in zip(tables, (group["provider"], group["content_type"] or "other"), strict=True):
            line = table.setdefault(
                name,
                {"requests": 0, "input_tokens": 0, "output_tokens": 0, "cost": Decimal(0), "credits_used": NOTHING},
            )
            line["requests"] += group["requests"]
            line["input_tokens"] += group["input"]
            line["output_tokens"] += group["output"]
            line["cost"] += group["cost"]
            line["credits_used"] += group["used"]
    for table in tables:
        for line in table.values():
            line["cost"], line["credits_used"] = float(line["cost"]), float(line["credits_used"])
    return {**total, "total_cost": float(cost), "by_provider": tables[0], "by_content_type": tables[1]}


def model_tiers() -> list[dict[str, Any]]:
    """The tiers with their multipliers and the models in force, by provider."""
    models: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for model in AIModel.objects.in_force().select_related("tier").order_by("provider", "model_id"):
        models.setdefault(model.tier_id, {}).setdefault(model.provider, []).append(
            {
                "model_id": model.model_id,
                "display_name": model.display_name,
                "multiplier": float(model.xct_per_thousand),
            }
        )
    return [
        {"tier": tier.tier, "multiplier": float(tier.multiplier), "models": models.get(tier.tier, {})}
        for tier in ModelTier.objects.all()
    ]
