"""Request and reply bodies of the balance, usage and staff operations."""

from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers

from scribe.api.fields import DecimalString, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request


class BalanceReply(Reply):
    subscription_balance = DecimalString(help_text="XCT of the plan; what is unused expires with the cycle.")
    topup_balance = DecimalString(help_text="Bought XCT; they don't expire.")
    total_balance = DecimalString(help_text="Both, less overage owed.")
    subscription_tier = serializers.CharField()
    overage_enabled = serializers.BooleanField()
    token_rate_multiplier = DecimalString()
    held = DecimalString(help_text="Set aside for work in progress.")
    available = DecimalString(help_text="What can be spent: total less held, plus unused overage.")
    overage_owed = DecimalString()
    cycle_started_at = UtcDateTime()
    next_cycle_at = UtcDateTime(allow_null=True, help_text="When the next month starts by itself.")


class LimitReply(Reply):
    name = serializers.CharField(help_text="`stored_bytes`, `items`, `projects` or `open_streams`.")
    used = serializers.IntegerField(help_text="In the whole organization.")
    limit = serializers.IntegerField(allow_null=True, help_text="What the plan holds; null where it sets no limit.")


class TransactionReply(Reply):
    id = serializers.UUIDField()
    transaction_type = serializers.CharField(help_text="grant, topup, usage, expiry, adjustment or refund.")
    amount = DecimalString(help_text="Signed.")
    balance_type = serializers.CharField(help_text="subscription, topup or overage.")
    description = serializers.CharField()
    created_at = UtcDateTime()
    created_by = serializers.CharField(allow_null=True, help_text="The user's id; null when the system did it.")
    balance_after = DecimalString(help_text="The total balance after this entry.")


class TransactionPage(Reply):
    transactions = TransactionReply(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()


class TransactionQuery(Request):
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)


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
        max_length=64, required=False, help_text="Another organization; for platform staff only."
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
    balance_type = serializers.ChoiceField(choices=["subscription", "topup"])
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
    ai_provider = serializers.CharField()
    ai_model = serializers.CharField()
    content_type = serializers.CharField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Part of the input that came from the provider's cache.")
    cache_write_tokens = serializers.IntegerField(help_text="Part of the input that went into the provider's cache.")
    credits_used = serializers.FloatField(help_text="XCT.")
    cost_estimate = serializers.FloatField(help_text="USD by the model's list price.")
    outcome = serializers.CharField()
    estimated = serializers.BooleanField(help_text="The provider counted no tokens: both numbers are our estimate.")
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
