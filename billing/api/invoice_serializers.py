"""Request and reply bodies of the invoice operations."""

from __future__ import annotations

from rest_framework import serializers

from billing.models import BillingPeriod, Invoice
from scribe.api.fields import DecimalString, UtcDateTime
from scribe.api.serializers import Reply, Request


class InvoiceReply(Reply):
    id = serializers.UUIDField()
    organization_id = serializers.UUIDField(allow_null=True)
    invoice_number = serializers.CharField()
    invoice_type = serializers.CharField(help_text="subscription, topup, overage or credit_note.")
    amount = DecimalString(help_text="In `currency`.")
    currency = serializers.CharField()
    description = serializers.CharField()
    tier = serializers.CharField(allow_null=True)
    billing_period = serializers.CharField(allow_null=True)
    xct_amount = DecimalString()
    status = serializers.CharField(help_text="pending, paid, cancelled or expired.")
    due_date = serializers.CharField(allow_null=True)
    paid_at = UtcDateTime(allow_null=True)
    confirmed_by = serializers.CharField(allow_null=True)
    created_at = UtcDateTime()
    exchange_rate = serializers.CharField(help_text="RSD for 1 EUR.")
    exchange_rate_date = serializers.CharField()
    exchange_rate_source = serializers.CharField(help_text="nbs, staff or configured.")
    eur_amount = DecimalString()
    buyer_company_name = serializers.CharField()
    buyer_pib = serializers.CharField(allow_null=True)
    buyer_address = serializers.CharField()
    qr_code_data = serializers.CharField(allow_null=True, help_text="The text of the NBS IPS QR code.")
    payment_reference = serializers.CharField(allow_null=True)
    corrects_invoice_id = serializers.UUIDField(allow_null=True)


class UpgradeInvoiceRequest(Request):
    tier = serializers.CharField(max_length=20)
    billing_period = serializers.ChoiceField(choices=BillingPeriod.choices, required=False, default="monthly")


class TopupInvoiceRequest(Request):
    xct_packs = serializers.IntegerField(min_value=1, max_value=1000)


class InvoiceQuery(Request):
    status = serializers.ChoiceField(choices=Invoice.Status.choices, required=False)
    include_credit_notes = serializers.BooleanField(required=False, default=False)


class CancelInvoiceRequest(Request):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
