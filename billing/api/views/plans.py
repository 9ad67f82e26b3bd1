"""The plans on offer."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from billing import plans
from billing.api.payment_serializers import PlanReply
from scribe.api.access import PUBLIC
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet


class PlanViewSet(ScribeViewSet):
    @operation(
        tag="billing",
        who=PUBLIC,
        summary="List plans",
        description="The Free plan and those on sale, by rising rank.",
        responses={200: ListOf(PlanReply)},
    )
    def list(self, request: Any) -> Response:
        return Response(PlanReply(plans.offered(), many=True).data)
