"""Usage by calendar day, by model and by project. Each breakdown adds up to the same records, exactly.

Days are of UTC. A call counts on the day on which it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from billing.models import UsageRecord
from billing.models.wallet import ZERO


def _rows(organization: Any, days: int, now: datetime | None) -> tuple[date, QuerySet[UsageRecord]]:
    """The first day of the last `days`, today included, and the records since then."""
    end = now or timezone.now()
    first = end.astimezone(UTC).date() - timedelta(days=days - 1)
    start = datetime.combine(first, time.min, UTC)
    return first, UsageRecord.objects.of(organization).filter(created_at__gte=start, created_at__lte=end)


def _summed(rows: QuerySet[UsageRecord], *fields: str) -> QuerySet[UsageRecord, dict[str, Any]]:
    return (
        rows.order_by()
        .values(*fields)
        .annotate(calls=Count("pk"), tokens=Sum(F("input_tokens") + F("output_tokens")), used=Sum("xct"))
    )


def by_day(organization: Any, *, days: int, now: datetime | None = None) -> list[dict[str, Any]]:
    """Each of the last `days`, the oldest first, also those without a call: `{day, calls, tokens, used}`, `used` in XCT."""
    first, rows = _rows(organization, days, now)
    found = {row["day"]: row for row in _summed(rows.annotate(day=TruncDate("created_at", tzinfo=UTC)), "day")}
    nothing = {"calls": 0, "tokens": 0, "used": ZERO}
    every = (first + timedelta(days=n) for n in range(days))
    return [found.get(day) or {"day": day, **nothing} for day in every]


def by_model(organization: Any, *, days: int, now: datetime | None = None) -> list[dict[str, Any]]:
    """`{provider, model, calls, tokens, used}` of the last `days`; what used most XCT comes first."""
    _, rows = _rows(organization, days, now)
    return list(_summed(rows, "provider", "model").order_by("-used", "-calls", "provider", "model"))


def by_project(organization: Any, *, days: int, now: datetime | None = None) -> list[dict[str, Any]]:
    """`{project_id, calls, tokens, used}` of the last `days`, in the same order. The id is None for calls outside of
    projects, and may be that of a project that is gone."""
    _, rows = _rows(organization, days, now)
    return list(_summed(rows, "project_id").order_by("-used", "-calls", "project_id"))


def lines(organization: Any, *, days: int, now: datetime | None = None) -> Iterator[dict[str, Any]]:
    """One line per day, project and model, the oldest first: all of the above in one table."""
    _, rows = _rows(organization, days, now)
    rows = rows.annotate(day=TruncDate("created_at", tzinfo=UTC))
    fields = ("day", "project_id", "provider", "model")
    return _summed(rows, *fields).order_by(*fields).iterator(chunk_size=2000)
