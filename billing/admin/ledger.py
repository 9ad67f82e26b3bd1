"""Admin pages of the ledger, holds, usage and what the nightly count found. All are read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from billing import models as rows
from billing.admin.base import BillingRowAdmin
from scribe.admin import ReadOnlyAdmin


@admin.register(rows.Wallet)
class WalletAdmin(BillingRowAdmin):
    list_display = ["of", "plan", "shown_total", "held", "overage_enabled", "next_cycle_at", "dunning_stage"]
    list_filter = ["plan", "overage_enabled", "dunning_stage"]
    list_select_related = ["organization", "plan"]

    @display(description="Balance")
    def shown_total(self, wallet: rows.Wallet) -> str:
        return f"{wallet.total_balance:,.4f}"


@admin.register(rows.Entry)
class EntryAdmin(BillingRowAdmin):
    list_display = [
        "created_at",
        "of",
        "transaction_type",
        "balance_type",
        "amount",
        "balance_after",
        "total_after",
        "description",
    ]
    list_filter = ["transaction_type", "balance_type"]
    search_fields = ["organization__name", "=key", "description"]
    date_hierarchy = "created_at"


@admin.register(rows.Hold)
class HoldAdmin(BillingRowAdmin):
    list_display = ["key", "of", "amount", "captured", "remaining", "created_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["organization__name", "=key"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "closed_at__isnull" or super().lookup_allowed(lookup, value, request)


@admin.register(rows.UsageRecord)
class UsageRecordAdmin(BillingRowAdmin):
    list_display = [
        "created_at",
        "of",
        "provider",
        "model",
        "content_type",
        "input_tokens",
        "output_tokens",
        "cached_tokens",
        "cache_write_tokens",
        "xct",
        "cost_usd",
        "outcome",
        "estimated",
    ]
    list_filter = ["provider", "outcome", "estimated", "byok", "is_test"]
    search_fields = ["organization__name", "model", "=job_id"]
    date_hierarchy = "created_at"


@admin.register(rows.Cycle)
class CycleAdmin(BillingRowAdmin):
    list_display = ["of", "plan", "source", "started_at", "allotment", "key"]
    list_filter = ["source", "plan"]
    list_select_related = ["organization", "plan"]


@admin.register(rows.Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "finished_at", "wallets", "entries", "differences"]


@admin.register(rows.Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    list_display = ["check_name", "subject", "expected", "found", "organization_id", "created_at", "resolved_at"]
    list_filter = ["check_name", ("resolved_at", admin.EmptyFieldListFilter)]
    search_fields = ["subject", "=organization_id"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "resolved_at__isnull" or super().lookup_allowed(lookup, value, request)


# --- what is for sale
