"""Corrections of a balance by platform staff, and the settings that an organization's admin may change."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from billing import corrections
from billing.api.base import BillingViewSet, balance
from billing.api.serializers import (
    AdjustmentRequest,
    BalanceReply,
    OrganizationQuery,
    SettingsRequest,
    TopupRequest,
    TransactionReply,
)
from billing.api.views.balance import transaction
from scribe.api.access import STAFF
from scribe.api.schema import operation
from scribe.errors import Forbidden


class CorrectionsViewSet(BillingViewSet):
    """Operations that create XCT without a payment are for platform staff."""

    whole_actions = frozenset({"topup", "adjustment", "reset_cycle"})

    @operation(
        tag="billing",
        who=STAFF,
        summary="Add XCT top-up",
        description="For platform staff: give top-up XCT, which don't expire.",
        request=TopupRequest,
        parameters=[OrganizationQuery],
        responses={201: TransactionReply},
    )
    def topup(self, request: Any) -> Response:
        organization, body = self.organization(), self.body(TopupRequest)
        entry = corrections.topup(
            organization=organization,
            amount=body["amount"],
            description=body.get("description") or "",
            by=request.user,
        )
        return Response(transaction(entry), status=201)

    @operation(
        tag="billing",
        who=STAFF,
        summary="Adjust XCT balance",
        description="For platform staff: correct the subscription or the top-up balance, up or down.",
        request=AdjustmentRequest,
        parameters=[OrganizationQuery],
        responses={201: TransactionReply},
        errors=(409,),
    )
    def adjustment(self, request: Any) -> Response:
        organization, body = self.organization(), self.body(AdjustmentRequest)
        entry = corrections.adjust(
            organization=organization,
            amount=body["amount"],
            balance_type=body["balance_type"],
            description=body.get("description") or "",
            by=request.user,
        )
        return Response(transaction(entry), status=201)

    @operation(
        tag="billing",
        who=STAFF,
        summary="Reset billing cycle",
        description="For platform staff: start a new cycle today. What is left of the plan's XCT expires, the allotment is "
        "granted anew. Repeated that day it changes nothing.",
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
    )
    def reset_cycle(self, request: Any) -> Response:
        wallet = corrections.reset_cycle(organization=self.organization(), by=request.user)
        return Response(balance(wallet))

    @operation(
        tag="billing",
        scope="billing:write",
        summary="Update billing settings",
        description="`overage_enabled` is for the organization's admins, `token_rate_multiplier` for platform staff.",
        request=SettingsRequest,
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
        errors=(403, 409),
    )
    def settings(self, request: Any) -> Response:
        user = request.user
        if not (user.is_admin or user.is_super_admin):
            raise Forbidden("This operation is for the organization's admins.", code="admin_required")
        organization, body = self.organization(), self.body(SettingsRequest)
        if "token_rate_multiplier" in body and not user.is_super_admin:
            raise Forbidden("The rate is set by platform staff.", code="staff_required")
        wallet = None
        if "overage_enabled" in body:
            wallet = corrections.set_overage(organization=organization, enabled=body["overage_enabled"], by=user)
        if "token_rate_multiplier" in body:
            wallet = corrections.set_rate(organization=organization, multiplier=body["token_rate_multiplier"], by=user)
        return Response(balance(wallet or organization.wallet))
