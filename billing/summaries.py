"""Sums over usage records: exact, and equal to the records."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from billing.models import AIModel, ModelTier, UsageRecord
from scribe.rows import Principal
from scribe.types import Json

NOTHING = Decimal("0.0000")


def _since(caller: Principal, days: int) -> tuple[datetime, datetime, QuerySet[UsageRecord]]:
    """The last `days`, and their records that the caller may see."""
    end = timezone.now()
    start = end - timedelta(days=days)
    rows = UsageRecord.objects.visible_to(caller).filter(created_at__gt=start, created_at__lte=end)
    return start, end, rows


def _group(rows: QuerySet[UsageRecord], *fields: str) -> QuerySet[UsageRecord, Json]:
    sums: QuerySet[UsageRecord, Json] = (
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
    return sums


def spending(caller: Principal, *, days: int) -> Json:
    """XCT used in the last `days`, by model tier and by provider."""
    start, end, rows = _since(caller, days)
    tiers: dict[str, Json] = {}
    providers: dict[str, Json] = {}
    total = NOTHING
    for group in _group(rows, "tier", "provider"):
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


def tokens(caller: Principal, *, days: int) -> Json:
    """Tokens and cost of the last `days`, by provider and by content type."""
    _, _, rows = _since(caller, days)
    total = {"total_input_tokens": 0, "total_output_tokens": 0}
    cost = Decimal(0)
    tables: tuple[Json, Json] = ({}, {})
    for group in _group(rows, "provider", "content_type"):
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


def model_tiers() -> list[Json]:
    """The tiers with their multipliers and the models in force, by provider."""
    models: dict[str, dict[str, list[Json]]] = {}
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


# --- by calendar day, by model and by project


def _rows(caller: Principal, days: int) -> tuple[date, QuerySet[UsageRecord]]:
    """The first day of the last `days`, today included, and the records since then that the caller may list. Days are
    of UTC, and a call counts on the day on which it was recorded."""
    end = timezone.now()
    first = end.astimezone(UTC).date() - timedelta(days=days - 1)
    start = datetime.combine(first, time.min, UTC)
    return first, UsageRecord.objects.visible_to(caller).filter(created_at__gte=start, created_at__lte=end)


def _sums(rows: QuerySet[UsageRecord], *fields: str) -> QuerySet[UsageRecord, Json]:
    sums: QuerySet[UsageRecord, Json] = rows.order_by().values(*fields)
    return sums.annotate(calls=Count("pk"), tokens=Sum(F("input_tokens") + F("output_tokens")), used=Sum("xct"))


def by_day(caller: Principal, *, days: int) -> list[Json]:
    """Each of the last `days`, the oldest first, those without calls too: `{day, calls, tokens, used}`, in XCT."""
    first, rows = _rows(caller, days)
    found = {row["day"]: row for row in _sums(rows.annotate(day=TruncDate("created_at", tzinfo=UTC)), "day")}
    nothing = {"calls": 0, "tokens": 0, "used": NOTHING}
    every = (first + timedelta(days=n) for n in range(days))
    return [found.get(day) or {"day": day, **nothing} for day in every]


def by_model(caller: Principal, *, days: int) -> list[Json]:
    """`{provider, model, calls, tokens, used}` of the last `days`; what used most XCT comes first."""
    _, rows = _rows(caller, days)
    return list(_sums(rows, "provider", "model").order_by("-used", "-calls", "provider", "model"))  # type: ignore[misc]


def by_project(caller: Principal, *, days: int) -> list[Json]:
    """`{project_id, calls, tokens, used}` of the last `days`, in the same order. The id is None for calls outside of
    projects, and may be that of a project that is gone."""
    _, rows = _rows(caller, days)
    return list(_sums(rows, "project_id").order_by("-used", "-calls", "project_id"))  # type: ignore[misc]


def lines(caller: Principal, *, days: int) -> Iterator[Json]:
    """One line per day, project and model, the oldest first: all of the above in one table."""
    _, rows = _rows(caller, days)
    rows = rows.annotate(day=TruncDate("created_at", tzinfo=UTC))
    fields = ("day", "project_id", "provider", "model")
    return _sums(rows, *fields).order_by(*fields).iterator(chunk_size=2000)
