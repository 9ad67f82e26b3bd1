"""Request and reply bodies of subscriptions, checkouts and payments."""

from __future__ import annotations

from rest_framework import serializers

from billing.models import BillingPeriod
from scribe.api.fields import DecimalString, UtcDateTime
from scribe.api.serializers import Reply, Request


class PlanReply(Reply):
    tier = serializers.CharField(help_text="What a checkout calls the plan.")
    name = serializers.CharField()
    rank = serializers.IntegerField(help_text="To a higher rank is an upgrade, to a lower one a downgrade.")
    monthly_xct = DecimalString()
    monthly_price_eur = DecimalString(decimal_places=2, allow_null=True)
    yearly_price_eur = DecimalString(decimal_places=2, allow_null=True)
    byok_included = serializers.BooleanField(help_text="Whether provider keys of your own may be used.")
    strict_grounding = serializers.BooleanField(help_text="Whether a second model may read each text.")
    on_sale = serializers.BooleanField(help_text="Whether a checkout or an invoice can buy it.")


class SubscriptionReply(Reply):
    subscription_tier = serializers.CharField()
    payment_subscription_status = serializers.CharField(allow_null=True)
    subscription_period_end = UtcDateTime(allow_null=True)
    payment_method = serializers.CharField(allow_null=True, help_text="dodo, paddle or bank_transfer.")
    payment_customer_id = serializers.CharField(allow_null=True)
    billing_period = serializers.CharField(allow_null=True)
    pending_subscription_tier = serializers.CharField(allow_null=True, help_text="From the period's end on.")
    pending_billing_period = serializers.CharField(allow_null=True)
    cancel_at_period_end = serializers.BooleanField()
    overdue_since = UtcDateTime(allow_null=True)


class PaddleSubscriptionReply(Reply):
    subscription_tier = serializers.CharField()
    paddle_subscription_status = serializers.CharField(allow_null=True)
    subscription_period_end = UtcDateTime(allow_null=True)
    payment_method = serializers.CharField(allow_null=True)
    paddle_customer_id = serializers.CharField(allow_null=True)


class CheckoutRequest(Request):
    tier = serializers.CharField(max_length=20)
    billing_period = serializers.ChoiceField(choices=BillingPeriod.choices, required=False, default="monthly")


class TopupCheckoutRequest(Request):
    packs = serializers.IntegerField(min_value=1, max_value=1000)


class CheckoutReply(Reply):
    checkout_url = serializers.CharField(allow_null=True)
    transaction_id = serializers.CharField(allow_null=True)
    client_token = serializers.CharField(allow_null=True)
    plan_changed = serializers.BooleanField(help_text="The live subscription was changed at once.")
    scheduled = serializers.BooleanField(help_text="The live subscription changes at its period's end.")


class TopupCheckoutReply(Reply):
    checkout_url = serializers.CharField(allow_null=True)
    transaction_id = serializers.CharField(allow_null=True)
    client_token = serializers.CharField(allow_null=True)


class PortalReply(Reply):
    portal_url = serializers.CharField(allow_null=True)
    message = serializers.CharField(allow_null=True)


class CancelReply(Reply):
    status = serializers.CharField()
    effective_at = UtcDateTime(allow_null=True)
    message = serializers.CharField()


class PaymentReply(Reply):
    id = serializers.UUIDField()
    provider = serializers.CharField()
    payment_id = serializers.CharField(help_text="The provider's id.")
    kind = serializers.CharField()
    status = serializers.CharField()
    amount = DecimalString(allow_null=True)
    currency = serializers.CharField()
    xct_amount = DecimalString()
    subscription_tier = serializers.CharField(allow_null=True)
    invoice_number = serializers.CharField(allow_blank=True)
    paid_at = UtcDateTime()


class WebhookReply(Reply):
    received = serializers.BooleanField()
