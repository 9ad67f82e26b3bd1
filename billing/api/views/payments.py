"""Subscription, checkouts, portal, payments."""

from decimal import Decimal
from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from billing import checkouts, corrections, plans, subscriptions
from billing.api.serializers import (
    BalanceReply,
    CancelReply,
    CheckoutReply,
    CheckoutRequest,
    OrganizationQuery,
    PaddleSubscriptionReply,
    PaymentReply,
    PlanChangeRequest,
    PortalReply,
    SubscriptionReply,
    TopupCheckoutReply,
    TopupCheckoutRequest,
)
from billing.api.views.corrections import CorrectionsViewSet
from billing.models import Payment, PaymentCustomer
from billing.models.subscription import PaymentProviderName
from scribe.api import idempotency
from scribe.api.access import ADMINS, STAFF
from scribe.api.fields import utc
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import SignedInRequest
from scribe.errors import NotFound
from scribe.messages import _
from scribe.types import Json

admins_write = partial(operation, who=ADMINS, scope="billing:write")

METHODS: dict[str, str] = {PaymentProviderName.BANK: "bank_transfer"}  # the others are called by their provider's name


def payment(row: Payment) -> Json:
    subscription = row.subscription
    return PaymentReply.of(
        row,
        amount=None if row.amount_minor is None else f"{Decimal(row.amount_minor) / 100:.2f}",
        subscription_tier=subscription.plan_id if subscription else None,
    )


class SubscriptionViewSet(CorrectionsViewSet):
    tag = "billing"

    @operation(
        scope="billing:read",
        summary="Get subscription info",
        description="The plan, how it is paid, when the billing period ends, and what changes then.",
        responses={200: SubscriptionReply},
    )
    def retrieve(self, request: SignedInRequest) -> Response:
        return Response(self._described())

    def _described(self) -> Json:
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
        who=STAFF,
        summary="Change subscription tier",
        description="Platform staff only. Moves an organization to a plan. With `allocate_immediately`, the new "
        "allotment is granted immediately and the remaining XCT of the old plan expire.",
        request=PlanChangeRequest,
        parameters=[OrganizationQuery],
        responses={200: BalanceReply},
    )
    def change_plan(self, request: SignedInRequest) -> Response:
        organization, body = self.organization(), self.body(PlanChangeRequest)
        wallet = corrections.change_plan(
            organization=organization,
            plan=plans.find(body["tier"]),
            allocate_immediately=body.get("allocate_immediately", False),
            by=request.user,
        )
        return Response(BalanceReply.of(wallet))

    @admins_write(
        summary="Create subscription checkout",
        description="Creates a checkout for a new subscription. If there is an active subscription, an upgrade "
        "takes effect immediately (`plan_changed`) and a downgrade at the end of the billing period "
        "(`scheduled`). XCT are granted only when the payment is confirmed.",
        request=CheckoutRequest,
        responses={200: CheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def checkout(self, request: SignedInRequest) -> Response:
        body = self.body(CheckoutRequest)
        outcome = checkouts.subscribe(
            organization=request.user.organization,
            plan=plans.find(body["tier"], on_sale=True),
            billing_period=body["billing_period"],
            by=request.user,
            last=lambda outcome: idempotency.keep(Response(CheckoutReply(outcome).data)),
        )
        return Response(CheckoutReply(outcome).data)

    @admins_write(
        summary="Create top-up checkout",
        description="Creates a checkout for packs of XCT, which don't expire.",
        request=TopupCheckoutRequest,
        responses={200: TopupCheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def topup_checkout(self, request: SignedInRequest) -> Response:
        outcome = checkouts.buy_packs(
            organization=request.user.organization,
            packs=self.body(TopupCheckoutRequest)["packs"],
            by=request.user,
            last=lambda outcome: idempotency.keep(Response(TopupCheckoutReply(outcome).data)),
        )
        return Response(TopupCheckoutReply(outcome).data)

    @operation(
        who=ADMINS,
        lasting=True,  # the provider's session lets its holder cancel and change how is paid
        summary="Get customer portal URL",
        description="The URL where payment methods and receipts are managed. `null` if the organization never paid "
        "by card.",
        responses={200: PortalReply},
        errors=(502, 503, 504),
    )
    def portal(self, request: SignedInRequest) -> Response:
        url = checkouts.portal_url(request.user.organization)
        return Response(
            {"portal_url": url, "message": None if url else "There is no customer account for payments yet."}
        )

    @admins_write(
        summary="Cancel subscription",
        description="Cancels the subscription at the end of the billing period. Access continues until then.",
        request=None,
        responses={200: CancelReply},
        errors=(409, 502, 503, 504),
    )
    def cancel(self, request: SignedInRequest) -> Response:
        status, effective_at = checkouts.cancel(organization=request.user.organization, by=request.user)
        until = f" on {effective_at:%Y-%m-%d}" if effective_at else " at the end of its period"
        return Response(
            {"status": status, "effective_at": utc(effective_at), "message": f"The subscription ends{until}."}
        )

    @operation(
        scope="billing:read",
        summary="Get payment history",
        description="The organization's payments, newest first.",
        responses={200: ListOf(PaymentReply)},
    )
    def payment_history(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(request, Payment.objects.visible_to(request.user).select_related("subscription"), payment)

    @operation(
        scope="billing:read",
        summary="Download Dodo invoice PDF",
        description="Downloads the provider's invoice for one of the organization's payments. Not only Dodo's: those of "
        "every provider that gives them.",
        responses={200: Binary("application/pdf")},
        errors=(502, 503, 504),
    )
    def dodo_invoice(self, request: SignedInRequest, payment_id: str) -> HttpResponse:
        own = Payment.objects.visible_to(request.user).filter(external_id=payment_id)
        paid = next((payment for payment in own if payment.has_invoice_file), None)
        if paid is None:
            raise NotFound(_("This payment does not exist."))
        reply = HttpResponse(checkouts.provider_invoice(paid), content_type="application/pdf")
        reply["Content-Disposition"] = f'attachment; filename="invoice-{"".join(filter(str.isalnum, payment_id))}.pdf"'
        return reply


class PaddleViewSet(SubscriptionViewSet):
    """The same operations under their older paths, which name Paddle."""

    @operation(
        scope="billing:read",
        summary="Get subscription info (legacy)",
        description="Same as `GET /billing/subscription`, with older field names.",
        responses={200: PaddleSubscriptionReply},
    )
    def legacy_subscription(self, request: SignedInRequest) -> Response:
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

    @admins_write(
        summary="Create subscription checkout (legacy)",
        description="Same as `POST /billing/checkout`.",
        request=CheckoutRequest,
        responses={200: CheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def legacy_checkout(self, request: SignedInRequest) -> Response:
        return self.checkout(request)

    @admins_write(
        summary="Create top-up checkout (legacy)",
        description="Same as `POST /billing/topup-checkout`.",
        request=TopupCheckoutRequest,
        responses={200: TopupCheckoutReply},
        errors=(409, 502, 503, 504),
    )
    def legacy_topup_checkout(self, request: SignedInRequest) -> Response:
        return self.topup_checkout(request)

    @operation(
        who=ADMINS,
        lasting=True,
        summary="Get customer portal URL (legacy)",
        description="Same as `GET /billing/portal`.",
        responses={200: PortalReply},
        errors=(502, 503, 504),
    )
    def legacy_portal(self, request: SignedInRequest) -> Response:
        return self.portal(request)
