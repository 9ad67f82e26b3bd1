"""Corrections of a balance by platform staff, and the settings that an organization's admin may change."""

from rest_framework.response import Response

from billing import corrections
from billing.api.base import BillingViewSet
from billing.api.serializers import (
    AdjustmentRequest,
    BalanceReply,
    OrganizationQuery,
    SettingsRequest,
    TopupRequest,
    TransactionReply,
)
from scribe.api.access import STAFF
from scribe.api.schema import operation
from scribe.api.views import SignedInRequest
from scribe.errors import Forbidden
from scribe.messages import _


class CorrectionsViewSet(BillingViewSet):
    """Operations that create XCT without a payment are for platform staff."""

    tag = "billing"

    whole_actions = frozenset({"topup", "adjustment", "reset_cycle"})

    @operation(
        who=STAFF,
        summary="Add XCT top-up",
        description="Platform staff only. Adds top-up XCT, which don't expire.",
        request=TopupRequest,
        parameters=[OrganizationQuery],
        responses={201: TransactionReply},
    )
    def topup(self, request: SignedInRequest) -> Response:
        organization, body = self.organization(), self.body(TopupRequest)
        entry = corrections.topup(
            organization=organization,
            amount=body["amount"],
            description=body.get("description") or "",
            by=request.user,
        )
        return Response(TransactionReply.of(entry), status=201)

    @operation(
        who=STAFF,
        summary="Adjust XCT balance",
        description="Platform staff only. Increases or decreases the subscription balance or the top-up balance.",
        request=AdjustmentRequest,
        parameters=[OrganizationQuery],
        responses={201: TransactionReply},
        errors=(409,),
    )
    def adjustment(self, request: SignedInRequest) -> Response:
        organization, body = self.organization(), self.body(AdjustmentRequest)
        entry = corrections.adjust(
            organization=organization,
            amount=body["amount"],
            balance_type=body["balance_type"],
            description=body.get("description") or "",
            by=request.user,
        )
        return Response(TransactionReply.of(entry), status=201)

    @operation(
        who=STAFF,
        summary="Reset billing cycle",
        description="Platform staff only. Starts a new billing cycle today: remaining XCT from the plan expire and "
        "the full allotment is granted. Repeating it on the same day changes nothing.",
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
    )
    def reset_cycle(self, request: SignedInRequest) -> Response:
        wallet = corrections.reset_cycle(organization=self.organization(), by=request.user)
        return Response(BalanceReply.of(wallet))

    @operation(
        scope="billing:write",
        summary="Update billing settings",
        description="`overage_enabled` can be set by the organization's admins, `token_rate_multiplier` by platform "
        "staff.",
        request=SettingsRequest,
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
        errors=(403, 409),
    )
    def settings(self, request: SignedInRequest) -> Response:  # type: ignore[override]  # the operation has this name
        user = request.user
        if not (user.is_admin or user.is_super_admin):
            raise Forbidden(_("Only admins of the organization can do this."), code="admin_required")
        organization, body = self.organization(), self.body(SettingsRequest)
        if "token_rate_multiplier" in body and not user.is_super_admin:
            raise Forbidden(_("The rate is set by platform staff."), code="staff_required")
        wallet = None
        if "overage_enabled" in body:
            wallet = corrections.set_overage(organization=organization, enabled=body["overage_enabled"], by=user)
        if "token_rate_multiplier" in body:
            wallet = corrections.set_rate(organization=organization, multiplier=body["token_rate_multiplier"], by=user)
        return Response(BalanceReply.of(wallet or organization.wallet))
