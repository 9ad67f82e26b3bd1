"""The balance and its ledger entries."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from billing import limits, summaries
from billing.api.base import BillingViewSet, balance
from billing.api.serializers import (
    BalanceReply,
    DaysQuery,
    LimitReply,
    ModelTiersReply,
    SpendingReply,
    TransactionPage,
    TransactionQuery,
)
from billing.models import Entry
from scribe.api.fields import decimal, utc
from scribe.api.schema import ListOf, operation


def transaction(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "transaction_type": entry.transaction_type,
        "amount": decimal(entry.amount),
        "balance_type": entry.balance_type,
        "description": entry.description,
        "created_at": utc(entry.created_at),
        "created_by": str(entry.created_by_id) if entry.created_by_id else None,
        "balance_after": decimal(entry.total_after),
    }


class BalanceViewSet(BillingViewSet):
    @operation(
        tag="billing",
        scope="billing:read",
        summary="Get XCT balance",
        description="The organization's XCT: of the plan, of top-ups, held for work in progress, available.",
        responses={200: BalanceReply},
    )
    def balance(self, request: Any) -> Response:
        return Response(balance(self.wallet()))

    @operation(
        tag="billing",
        scope="billing:read",
        summary="List the plan's limits",
        description="What the plan lets the organization keep, and how much of it is used. What passes a limit is refused with 409 "
        "`storage_full`, `items_full`, `projects_full` or `streams_full`.",
        responses={200: ListOf(LimitReply)},
    )
    def limits(self, request: Any) -> Response:
        return Response(LimitReply(limits.usage(request.user.organization), many=True).data)

    @operation(
        tag="billing",
        scope="billing:read",
        summary="List XCT transactions",
        description="The ledger's entries, the newest first.",
        parameters=[TransactionQuery],
        responses={200: TransactionPage},
    )
    def transactions(self, request: Any) -> Response:
        asked = self.query(TransactionQuery)
        page, size = asked["page"], asked["page_size"]
        rows = Entry.objects.visible_to(request.user).order_by("-number")
        return Response(
            {
                "transactions": [transaction(entry) for entry in rows[(page - 1) * size : page * size]],
                "total": rows.count(),
                "page": page,
                "page_size": size,
            }
        )

    @operation(
        tag="billing",
        scope="billing:read",
        summary="Get billing usage summary",
        description="XCT used in the last `days`, by model tier and by AI provider. It adds up to the usage records.",
        parameters=[DaysQuery],
        responses={200: SpendingReply},
    )
    def usage_summary(self, request: Any) -> Response:
        found = summaries.spending(request.user.organization_id, days=self.query(DaysQuery)["days"])
        return Response(SpendingReply(found).data)

    @operation(
        tag="billing",
        scope="billing:read",
        summary="List model tier pricing",
        description="The model tiers with what they cost and which models are in them.",
        responses={200: ModelTiersReply},
    )
    def model_tiers(self, request: Any) -> Response:
        return Response({"tiers": summaries.model_tiers(), "subscription_tier": self.wallet().plan_id})
