"""Usage records, their summary, and what a key has spent beside its cap."""

from datetime import UTC, datetime, time, timedelta

from django.http import HttpResponse
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey
from billing import key_caps, summaries
from billing.api.base import BillingViewSet
from billing.api.serializers import DaysQuery, UsageQuery, UsageReply, UsageSummaryReply
from billing.models import UsageRecord
from scribe.api.access import ADMINS
from scribe.api.fields import UtcDateTime, decimal, utc
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json


def usage(record: UsageRecord) -> Json:
    return UsageReply.of(record, credits_used=float(record.xct), cost_estimate=float(record.cost_usd))


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
        raise InvalidInput.at(
            f"?{name}", _("Enter a date or time in ISO 8601 format, such as 2026-01-31."), "invalid_date"
        )
    return found


class UsageViewSet(BillingViewSet):
    tag = "usage"

    @operation(
        scope="billing:read",
        summary="List usage records",
        description="One record per call of an AI model, newest first, optionally limited to a date range.",
        parameters=[UsageQuery],
        responses={200: ListOf(UsageReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        asked = self.query(UsageQuery)
        rows = UsageRecord.objects.visible_to(request.user)
        if start := asked.get("start_date"):
            rows = rows.filter(created_at__gte=moment("start_date", start, end=False))
        if end := asked.get("end_date"):
            rows = rows.filter(created_at__lte=moment("end_date", end, end=True))
        return bare_array(request, rows, usage)

    @operation(
        scope="billing:read",
        summary="Get usage summary",
        description="Tokens and estimated cost of the last `days`, by AI provider and by content type, of the usage records "
        "that you can list.",
        parameters=[DaysQuery],
        responses={200: UsageSummaryReply},
    )
    def summary(self, request: SignedInRequest) -> Response:
        return Response(summaries.tokens(request.user, days=self.query(DaysQuery)["days"]))


class KeyUsageReply(Reply):
    since = UtcDateTime(help_text="The start of the month, in UTC.")
    xct_used = serializers.CharField(
        help_text="XCT spent or reserved for running jobs, together with the keys it replaced."
    )
    xct_per_month = serializers.CharField(allow_null=True, help_text="The cap; null without one.")


class KeyUsageViewSet(ScribeViewSet):
    tag = "api-keys"

    @operation(
        scope="api_keys:read",
        who=ADMINS,
        summary="Get usage of an API key",
        responses={200: KeyUsageReply},
    )
    def key_usage(self, request: Request, key_id: str) -> Response:
        key = self.row(ApiKey.objects.all(), key_id)
        cap = key.xct_per_month
        return Response(
            {
                "since": utc(key_caps.month()),
                "xct_used": decimal(key_caps.used_this_month(key)),
                "xct_per_month": None if cap is None else decimal(cap),
            }
        )
