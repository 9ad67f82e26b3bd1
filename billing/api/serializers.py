"""Request and reply bodies of billing."""

from decimal import Decimal

from rest_framework import serializers

from billing.models import BillingPeriod, Invoice
from integrations import payments
from scribe.api.fields import Choice, DecimalString, FreeObject, UtcDateTime
from scribe.api.pagination import cursor_field
from scribe.api.serializers import Reply, Request


class BalanceReply(Reply):
    subscription_balance = DecimalString(help_text="XCT from the plan. Unused XCT expire at the end of the cycle.")
    topup_balance = DecimalString(help_text="Bought XCT; they don't expire.")
    total_balance = DecimalString(help_text="The sum of both, minus overage owed.")
    subscription_tier = serializers.CharField(source="plan_id")
    overage_enabled = serializers.BooleanField()
    token_rate_multiplier = DecimalString()
    held = DecimalString(help_text="Reserved for running jobs.")
    available = DecimalString(help_text="The XCT you can spend: total minus reserved, plus unused overage.")
    overage_owed = DecimalString()
    cycle_started_at = UtcDateTime()
    next_cycle_at = UtcDateTime(allow_null=True, help_text="When the next cycle starts automatically.")


class TestBalanceChange(Request):
    balance = serializers.DecimalField(
        max_digits=16, decimal_places=4, min_value=Decimal(0), help_text="The test XCT that test keys have from now on."
    )


class TestBalanceReply(Reply):
    balance = DecimalString(source="test_balance", help_text="In test XCT, which are worth nothing.")


class LimitReply(Reply):
    name = serializers.CharField(help_text="`stored_bytes`, `items`, `projects` or `open_streams`.")
    used = serializers.IntegerField(help_text="In the whole organization.")
    limit = serializers.IntegerField(allow_null=True, help_text="The plan's limit; `null` if there is none.")


class TransactionReply(Reply):
    id = serializers.UUIDField()
    transaction_type = serializers.CharField(help_text="grant, topup, usage, expiry, adjustment or refund.")
    amount = DecimalString(help_text="Signed.")
    balance_type = serializers.CharField(help_text="subscription, topup or overage.")
    description = serializers.CharField()
    created_at = UtcDateTime()
    created_by = serializers.CharField(
        source="created_by_id", allow_null=True, help_text="The ID of the user; `null` for the system."
    )
    balance_after = DecimalString(source="total_after", help_text="The total balance after this entry.")


class TransactionPage(Reply):
    transactions = TransactionReply(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()


class TransactionQuery(Request):
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)
    limit = serializers.IntegerField(min_value=1, max_value=1000, required=False, help_text="In place of `page_size`.")
    cursor = cursor_field()


class DaysQuery(Request):
    days = serializers.IntegerField(min_value=1, max_value=365, required=False, default=30)


class TierUsage(Reply):
    tier = serializers.CharField()
    request_count = serializers.IntegerField()
    total_tokens = serializers.IntegerField()
    xct_used = DecimalString()


class SpendingReply(Reply):
    period_start = UtcDateTime()
    period_end = UtcDateTime()
    total_xct_used = DecimalString()
    by_tier = TierUsage(many=True)
    by_provider = FreeObject(help_text="provider → request_count, total_tokens, xct_used.")


class ModelTierReply(Reply):
    tier = serializers.CharField()
    multiplier = serializers.FloatField(help_text="XCT per 1,000 tokens.")
    models = FreeObject(help_text="provider → [{model_id, display_name}].")


class ModelTiersReply(Reply):
    tiers = ModelTierReply(many=True)
    subscription_tier = serializers.CharField()


class OrganizationQuery(Request):
    organization_id = serializers.CharField(
        max_length=64, required=False, help_text="The organization. Platform staff only."
    )


class Amount(serializers.DecimalField):
    """An amount of XCT in a body: a number (or a decimal string) with at most four places."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_digits=12, decimal_places=4, coerce_to_string=False, **kwargs)  # type: ignore[arg-type]


class TopupRequest(Request):
    amount = Amount(min_value=Decimal("0.0001"))
    description = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)


class AdjustmentRequest(Request):
    amount = Amount(help_text="Signed.")
    balance_type = Choice(choices=["subscription", "topup"])
    description = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)

    def validate_amount(self, value: Decimal) -> Decimal:
        if value == 0:
            raise serializers.ValidationError("An adjustment of nothing is none.", code="zero")
        return value


class PlanChangeRequest(Request):
    tier = serializers.CharField(max_length=20)
    allocate_immediately = serializers.BooleanField(required=False)


class SettingsRequest(Request):
    overage_enabled = serializers.BooleanField(required=False)
    token_rate_multiplier = serializers.DecimalField(
        max_digits=8,
        decimal_places=4,
        min_value=Decimal(0),
        max_value=Decimal(1000),
        coerce_to_string=False,
        required=False,
        help_text="For platform staff.",
    )


class UsageReply(Reply):
    id = serializers.UUIDField()
    is_test = serializers.BooleanField(help_text="Work of a test key.")
    ai_provider = serializers.CharField(source="provider")
    ai_model = serializers.CharField(source="model")
    content_type = serializers.CharField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Part of the input that came from the provider's cache.")
    cache_write_tokens = serializers.IntegerField(help_text="Part of the input that went into the provider's cache.")
    credits_used = serializers.FloatField(help_text="XCT.")
    cost_estimate = serializers.FloatField(help_text="USD by the model's list price.")
    outcome = serializers.CharField()
    estimated = serializers.BooleanField(
        help_text="Whether the token counts are estimates, because the provider returned none."
    )
    tier = serializers.CharField()
    job_id = serializers.UUIDField(allow_null=True)
    project_id = serializers.UUIDField(allow_null=True)
    item_id = serializers.UUIDField(allow_null=True)
    created_at = UtcDateTime()


class UsageQuery(Request):
    start_date = serializers.CharField(
        max_length=40, required=False, help_text="From this day (or time) on, in ISO 8601 and UTC."
    )
    end_date = serializers.CharField(max_length=40, required=False, help_text="Up to and with this day (or time).")


class UsageSummaryReply(Reply):
    total_input_tokens = serializers.IntegerField()
    total_output_tokens = serializers.IntegerField()
    total_cost = serializers.FloatField()
    by_provider = FreeObject(help_text="provider → requests, input_tokens, output_tokens, cost, credits_used.")
    by_content_type = FreeObject(help_text="content type → the same.")


class InvoiceReply(Reply):
    id = serializers.UUIDField()
    organization_id = serializers.UUIDField(allow_null=True)
    invoice_number = serializers.CharField(source="number")
    invoice_type = serializers.CharField(help_text="subscription, topup, overage or credit_note.")
    amount = DecimalString(help_text="In `currency`.")
    currency = serializers.CharField()
    description = serializers.CharField()
    tier = serializers.CharField(source="plan_id", allow_null=True)
    billing_period = serializers.CharField(allow_null=True)
    xct_amount = DecimalString()
    status = serializers.CharField(help_text="pending, paid, cancelled or expired.")
    due_date = serializers.CharField(allow_null=True)
    paid_at = UtcDateTime(allow_null=True)
    confirmed_by = serializers.CharField(source="confirmed_by_id", allow_null=True)
    created_at = UtcDateTime()
    exchange_rate = serializers.CharField(source="rate", help_text="RSD for 1 EUR.")
    exchange_rate_date = serializers.CharField(source="rate_date")
    exchange_rate_source = serializers.CharField(source="rate_source", help_text="nbs, staff or configured.")
    eur_amount = DecimalString()
    buyer_company_name = serializers.CharField()
    buyer_pib = serializers.CharField(allow_null=True)
    buyer_address = serializers.CharField()
    qr_code_data = serializers.CharField(allow_null=True, help_text="The text of the NBS IPS QR code.")
    payment_reference = serializers.CharField(source="reference", allow_null=True)
    corrects_invoice_id = serializers.UUIDField(source="corrects_id", allow_null=True)


class UpgradeInvoiceRequest(Request):
    tier = serializers.CharField(max_length=20)
    billing_period = Choice(choices=BillingPeriod.choices, required=False, default="monthly")


class TopupInvoiceRequest(Request):
    xct_packs = serializers.IntegerField(min_value=1, max_value=1000)


class InvoiceQuery(Request):
    status = Choice(choices=Invoice.Status.choices, required=False)
    include_credit_notes = serializers.BooleanField(required=False, default=False)


class CancelInvoiceRequest(Request):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class PlanReply(Reply):
    tier = serializers.CharField(help_text="The name of the plan in a checkout.")
    name = serializers.CharField()
    rank = serializers.IntegerField(help_text="Changing to a higher rank is an upgrade, to a lower rank a downgrade.")
    monthly_xct = DecimalString()
    monthly_price_eur = DecimalString(decimal_places=2, allow_null=True)
    yearly_price_eur = DecimalString(decimal_places=2, allow_null=True)
    byok_included = serializers.BooleanField(help_text="Whether the plan includes using your own AI provider keys.")
    strict_grounding = serializers.BooleanField(
        help_text="Whether the plan includes a check of each text by a second AI model."
    )
    on_sale = serializers.BooleanField(help_text="Whether the plan can be bought by checkout or invoice.")


class SubscriptionReply(Reply):
    subscription_tier = serializers.CharField()
    payment_subscription_status = serializers.CharField(allow_null=True)
    subscription_period_end = UtcDateTime(allow_null=True)
    payment_method = serializers.CharField(
        allow_null=True, help_text=f"{', '.join(payments.PROVIDERS)} or bank_transfer."
    )
    payment_customer_id = serializers.CharField(allow_null=True)
    billing_period = serializers.CharField(allow_null=True)
    pending_subscription_tier = serializers.CharField(
        allow_null=True, help_text="The plan after the end of the billing period."
    )
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
    billing_period = Choice(choices=BillingPeriod.choices, required=False, default="monthly")


class TopupCheckoutRequest(Request):
    packs = serializers.IntegerField(min_value=1, max_value=1000)


class CheckoutReply(Reply):
    checkout_url = serializers.CharField(allow_null=True)
    transaction_id = serializers.CharField(allow_null=True)
    client_token = serializers.CharField(allow_null=True)
    plan_changed = serializers.BooleanField(help_text="The active subscription was changed immediately.")
    scheduled = serializers.BooleanField(help_text="The active subscription changes at the end of the billing period.")


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
    payment_id = serializers.CharField(source="external_id", help_text="The provider's id.")
    kind = serializers.CharField()
    status = serializers.CharField()
    amount = DecimalString(allow_null=True)
    currency = serializers.CharField()
    xct_amount = DecimalString(source="xct")
    subscription_tier = serializers.CharField(allow_null=True)
    invoice_number = serializers.CharField(allow_blank=True)
    paid_at = UtcDateTime()


class WebhookReply(Reply):
    received = serializers.BooleanField()
