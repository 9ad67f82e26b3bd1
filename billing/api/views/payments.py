"""Subscription, checkouts, portal, payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from billing import checkouts, corrections, plans, subscriptions
from billing.api.base import balance
from billing.api.payment_serializers import (
    CancelReply,
    CheckoutReply,
    CheckoutRequest,
    PaddleSubscriptionReply,
    PaymentReply,
    PortalReply,
    SubscriptionReply,
    TopupCheckoutReply,
    TopupCheckoutRequest,
)
from billing.api.serializers import BalanceReply, OrganizationQuery, PlanChangeRequest
from billing.api.views.corrections import CorrectionsViewSet
from billing.models import Payment, PaymentCustomer
from billing.models.subscription import PaymentProviderName
from scribe.api import idempotency
from scribe.api.access import ADMINS, STAFF
from scribe.api.fields import decimal, utc
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation

METHODS: dict[str, str] = {PaymentProviderName.BANK: "bank_transfer"}  # the others are called by their provider's name


def payment(row: Payment) -> dict[str, Any]:
    subscription = row.subscription
    return {
        "id": str(row.pk),
        "provider": row.provider,
        "payment_id": row.external_id,
        "kind": row.kind,
        "status": row.status,
        "amount": None if row.amount_minor is None else f"{Decimal(row.amount_minor) / 100:.2f}",
        "currency": row.currency,
        "xct_amount": decimal(row.xct),
        "subscription_tier": subscription.plan_id if subscription else None,
        "invoice_number": row.invoice_number,
        "paid_at": utc(row.paid_at),
    }


class SubscriptionViewSet(CorrectionsViewSet):
    @operation(
        tag="billing",
        scope="billing:read",
        summary="Get subscription info",
        description="The plan, how it is paid, until when, and what changes at the period's end.",
        responses={200: SubscriptionReply},
    )
    def retrieve(self, request: Any) -> Response:
        return Response(self._described())

    def _described(self) -> dict[str, Any]:
        wallet = self.wallet()
        live = subscriptions.current(wallet.organization_id)
        customer = None
        if live is None:
            known = PaymentCustomer.objects.of(wallet.organization_id).order_by("-created_at")
            customer = known.values_list("external_id", flat=True).first()
        return {
            "subscription_tier": wallet.plan_id,
            "payment_subscription_status": live.status if live else None,
            "subscription_period_end": utc(wallet.paid_until or (live.period_ends_at if live else None)),
            "payment_method": METHODS.get(live.provider, live.provider) if live else None,
            "payment_customer_id": (live.customer_id if live else customer) or None,
            "billing_period": wallet.billing_period or (live.billing_period if live else None),
            "pending_subscription_tier": live.pending_plan_id if live else None,
            "pending_billing_period": (live.pending_period if live else "") or None,
            "cancel_at_period_end": bool(live and live.cancel_at_period_end),
            "overdue_since": utc(wallet.overdue_since),
        }

    @operation(
        tag="billing",
        who=STAFF,
        summary="Change subscription tier",
        description="For platform staff: put an organization on a plan; with `allocate_immediately` its allotment is "
        "granted at once, and what was left of the old one expires.",
        request=PlanChangeRequest,
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
    )
    def change_plan(self, request: Any) -> Response:
        organization, body = self.organization(), self.body(PlanChangeRequest)
        wallet = corrections.change_plan(
            organization=organization,
            plan=plans.find(body["tier"]),
            allocate_immediately=body.get("allocate_immediately", False),
            by=request.user,
        )
        return Response(balance(wallet))

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Create subscription checkout",
        description="A checkout for a new subscription. With a live one: an upgrade is made at once (`plan_changed`), a "
        "downgrade at the period's end (`scheduled`). Payment alone grants.",
        request=CheckoutRequest,
        responses={200: CheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def checkout(self, request: Any) -> Response:
        body = self.body(CheckoutRequest)
        outcome = checkouts.subscribe(
            organization=request.user.organization,
            plan=plans.find(body["tier"], on_sale=True),
            billing_period=body["billing_period"],
            by=request.user,
            last=lambda outcome: idempotency.keep(Response(CheckoutReply(outcome).data)),
        )
        return Response(CheckoutReply(outcome).data)

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Create top-up checkout",
        description="A checkout for packs of XCT, which don't expire.",
        request=TopupCheckoutRequest,
        responses={200: TopupCheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def topup_checkout(self, request: Any) -> Response:
        outcome = checkouts.buy_packs(
            organization=request.user.organization,
            packs=self.body(TopupCheckoutRequest)["packs"],
            by=request.user,
            last=lambda outcome: idempotency.keep(Response(TopupCheckoutReply(outcome).data)),
        )
        return Response(TopupCheckoutReply(outcome).data)

    @operation(
        tag="billing",
        who=ADMINS,
        lasting=True,  # the provider's session lets its holder cancel and change how is paid
        summary="Get customer portal URL",
        description="Where payment methods and receipts are managed; null for who never paid by card.",
        responses={200: PortalReply},
        errors=(502, 503, 504),
    )
    def portal(self, request: Any) -> Response:
        url = checkouts.portal_url(request.user.organization)
        return Response(
            {"portal_url": url, "message": None if url else "There is no customer account for payments yet."}
        )

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Cancel subscription",
        description="Cancel the subscription at the end of its period. Access stays until then.",
        request=None,
        responses={200: CancelReply},
        errors=(409, 502, 503, 504),
    )
    def cancel(self, request: Any) -> Response:
        status, effective_at = checkouts.cancel(organization=request.user.organization, by=request.user)
        until = f" on {effective_at:%Y-%m-%d}" if effective_at else " at the end of its period"
        return Response(
            {"status": status, "effective_at": utc(effective_at), "message": f"The subscription ends{until}."}
        )

    @operation(
        tag="billing",
        scope="billing:read",
        summary="Get payment history",
        description="The payments of the organization, the newest first.",
        responses={200: ListOf(PaymentReply)},
    )
    def payment_history(self, request: Any) -> HttpResponse:
        return bare_array(request, Payment.objects.visible_to(request.user).select_related("subscription"), payment)

    @operation(
        tag="billing",
        scope="billing:read",
        summary="Download Dodo invoice PDF",
        description="The provider's invoice for one of the organization's payments.",
        responses={200: Binary("application/pdf")},
        errors=(502, 503, 504),
    )
    def dodo_invoice(self, request: Any, payment_id: str) -> HttpResponse:
        content = checkouts.dodo_invoice(request.user.organization, payment_id)
        reply = HttpResponse(content, content_type="application/pdf")
        reply["Content-Disposition"] = f'attachment; filename="invoice-{"".join(filter(str.isalnum, payment_id))}.pdf"'
        return reply


class PaddleViewSet(SubscriptionViewSet):
    """The same operations under their older paths, which name Paddle."""

    @operation(
        tag="billing",
        scope="billing:read",
        summary="Get subscription info (legacy)",
        description="As `GET /billing/subscription`, with older names.",
        responses={200: PaddleSubscriptionReply},
    )
    def legacy_subscription(self, request: Any) -> Response:
        found = self._described()
        return Response(
            {
                "subscription_tier": found["subscription_tier"],
                "paddle_subscription_status": found["payment_subscription_status"],
                "subscription_period_end": found["subscription_period_end"],
                "payment_method": found["payment_method"],
                "paddle_customer_id": found["payment_customer_id"],
            }
        )

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Create subscription checkout (legacy)",
        description="As `POST /billing/checkout`.",
        request=CheckoutRequest,
        responses={200: CheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def legacy_checkout(self, request: Any) -> Response:
        return self.checkout(request)

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Create top-up checkout (legacy)",
        description="As `POST /billing/topup-checkout`.",
        request=TopupCheckoutRequest,
        responses={200: TopupCheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def legacy_topup_checkout(self, request: Any) -> Response:
        return self.topup_checkout(request)

    @operation(
        tag="billing",
        who=ADMINS,
        lasting=True,
        summary="Get customer portal URL (legacy)",
        description="As `GET /billing/portal`.",
        responses={200: PortalReply},
        errors=(502, 503, 504),
    )
    def legacy_portal(self, request: Any) -> Response:
        return self.portal(request)
