"""Usage records and their summary."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.response import Response

from billing import summaries
from billing.api.base import BillingViewSet
from billing.api.serializers import DaysQuery, UsageQuery, UsageReply, UsageSummaryReply
from billing.models import UsageRecord
from scribe.api.fields import utc
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.errors import InvalidInput


def usage(record: UsageRecord) -> dict[str, Any]:
    return {
        "id": str(record.pk),
        "ai_provider": record.provider,
        "ai_model": record.model,
        "content_type": record.content_type,
        "input_tokens": record.input_tokens,
        "output_tokens": record.output_tokens,
        "cached_tokens": record.cached_tokens,
        "cache_write_tokens": record.cache_write_tokens,
        "credits_used": float(record.xct),
        "cost_estimate": float(record.cost_usd),
        "outcome": record.outcome,
        "estimated": record.estimated,
        "is_test": record.is_test,
        "tier": record.tier,
        "job_id": str(record.job_id) if record.job_id else None,
        "project_id": str(record.project_id) if record.project_id else None,
        "item_id": str(record.item_id) if record.item_id else None,
        "created_at": utc(record.created_at),
    }


def moment(name: str, text: str, *, end: bool) -> datetime:
    """A day or a time in ISO 8601, in UTC unless it has an offset. A day that ends a range means the day's last moment."""
    text = text.strip().replace(" ", "+") if "T" in text else text.strip()
    try:
        if "T" not in text and (day := parse_date(text)):
            return datetime.combine(day + timedelta(days=end), time.min, UTC) - timedelta(microseconds=end)
        found = parse_datetime(text)
        if found is not None:  # an offset may lead out of the years that there are
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidInput.at(f"?{name}", "This is not a date or time in ISO 8601.", "invalid_date")
    return found


class UsageViewSet(BillingViewSet):
    @operation(
        tag="usage",
        scope="billing:read",
        summary="List usage records",
        description="One record per call of a language model, the newest first, optionally between two days.",
        parameters=[UsageQuery],
        responses={200: ListOf(UsageReply)},
    )
    def list(self, request: Any) -> HttpResponse:
        asked = self.query(UsageQuery)
        rows = UsageRecord.objects.visible_to(request.user)
        if start := asked.get("start_date"):
            rows = rows.filter(created_at__gte=moment("start_date", start, end=False))
        if end := asked.get("end_date"):
            rows = rows.filter(created_at__lte=moment("end_date", end, end=True))
        return bare_array(request, rows, usage)

    @operation(
        tag="usage",
        scope="billing:read",
        summary="Get usage summary",
        description="Tokens and estimated cost of the last `days`, by AI provider and by content type.",
        parameters=[DaysQuery],
        responses={200: UsageSummaryReply},
    )
    def summary(self, request: Any) -> Response:
        return Response(summaries.tokens(request.user.organization_id, days=self.query(DaysQuery)["days"]))
