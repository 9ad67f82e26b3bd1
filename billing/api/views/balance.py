"""The balance and its ledger entries."""

from functools import partial

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample
from rest_framework.request import Request
from rest_framework.response import Response

from billing import limits, summaries, test_balance
from billing.api.base import BillingViewSet
from billing.api.serializers import (
    BalanceReply,
    DaysQuery,
    LimitReply,
    ModelTiersReply,
    SpendingReply,
    TestBalanceChange,
    TestBalanceReply,
    TransactionPage,
    TransactionQuery,
    TransactionReply,
)
from billing.models import Entry
from scribe.api.access import ADMINS
from scribe.api.pagination import page_in_envelope, short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import SignedInRequest

reads = partial(operation, scope="billing:read")


class BalanceViewSet(BillingViewSet):
    tag = "billing"

    @reads(
        live=False,
        summary="Get XCT balance",
        description="The organization's XCT: from the plan, from top-ups, reserved for running jobs, and available. A test "
        "key gets its test XCT as `topup_balance`, and nothing of the live balance.",
        responses={200: BalanceReply},
    )
    def balance(self, request: Request) -> Response:
        return Response(BalanceReply.of(self.wallet().for_caller()))

    @operation(
        who=ADMINS,
        scope="billing:write",
        live=False,
        summary="Set the test balance",
        description="Sets the test XCT of the organization's test keys, to rehearse a low or an empty balance. A text or a "
        "post that a test key has written costs one.",
        request=TestBalanceChange,
        responses={200: TestBalanceReply},
        examples=[OpenApiExample("Enough for two texts", request_only=True, value={"balance": "2"})],
    )
    def set_test_balance(self, request: SignedInRequest) -> Response:
        wallet = test_balance.change(request.user.organization_id, self.body(TestBalanceChange)["balance"])
        return Response(TestBalanceReply.of(wallet))

    @reads(
        summary="List the plan's limits",
        description="The plan's limits and how much of each is used. A request that would exceed a limit returns "
        "409 `storage_full`, `items_full`, `projects_full` or `streams_full`.",
        responses={200: ListOf(LimitReply)},
    )
    def limits(self, request: SignedInRequest) -> HttpResponse:
        return short_array(request, [LimitReply(row).data for row in limits.usage(request.user.organization)])

    @reads(
        summary="List XCT transactions",
        description="The XCT transactions, newest first.",
        parameters=[TransactionQuery],
        responses={200: TransactionPage},
    )
    def transactions(self, request: SignedInRequest) -> Response:
        asked = self.query(TransactionQuery)
        page, size = asked["page"], asked.get("limit") or asked["page_size"]
        rows = Entry.objects.visible_to(request.user).order_by("-number", "-id")
        found, headers = page_in_envelope(
            request, rows, limit=size, offset=(page - 1) * size, cursor=asked.get("cursor", "")
        )
        reply = {
            "transactions": [TransactionReply.of(entry) for entry in found],
            "total": rows.count(),
            "page": page,
            "page_size": size,
        }
        return Response(reply, headers=headers)

    @reads(
        summary="Get billing usage summary",
        description="XCT used in the last `days`, by model tier and by AI provider. The totals match the usage "
        "records that you can list.",
        parameters=[DaysQuery],
        responses={200: SpendingReply},
    )
    def usage_summary(self, request: SignedInRequest) -> Response:
        found = summaries.spending(request.user, days=self.query(DaysQuery)["days"])
        return Response(SpendingReply(found).data)

    @reads(
        summary="List model tier pricing",
        description="The model tiers, their prices and the models in each.",
        responses={200: ModelTiersReply},
    )
    def model_tiers(self, request: Request) -> Response:
        return Response({"tiers": summaries.model_tiers(), "subscription_tier": self.wallet().plan_id})
