"""What an API key has spent this month, beside its cap."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import ApiKey
from billing import key_caps
from scribe.api.access import ADMINS
from scribe.api.fields import UtcDateTime, decimal, utc
from scribe.api.schema import operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet


class KeyUsageReply(Reply):
    since = UtcDateTime(help_text="The beginning of the month, in UTC.")
    xct_used = serializers.CharField(
        help_text="Spent, or set aside for work under way, with the keys that it replaced."
    )
    xct_per_month = serializers.CharField(allow_null=True, help_text="The cap; null without one.")


class KeyUsageViewSet(ScribeViewSet):
    @operation(
        tag="api-keys",
        scope="api_keys:read",
        who=ADMINS,
        summary="Get usage of an API key",
        responses={200: KeyUsageReply},
    )
    def key_usage(self, request: Any, key_id: str) -> Response:
        key: Any = self.row(ApiKey.objects.all(), key_id)
        cap = key.xct_per_month
        return Response(
            {
                "since": utc(key_caps.month()),
                "xct_used": decimal(key_caps.used(key)),
                "xct_per_month": None if cap is None else decimal(cap),
            }
        )
