"""Admin pages of the ledger, holds, usage and what the nightly count found. All are read-only."""

from django.contrib import admin
from unfold.decorators import display

from billing import models as rows
from scribe.admin import OrganizationRowAdmin, ReadOnlyAdmin


@admin.register(rows.Wallet)
class WalletAdmin(OrganizationRowAdmin):
    list_display = ["of", "plan", "shown_total", "held", "overage_enabled", "next_cycle_at", "dunning_stage"]
    list_filter = ["plan", "overage_enabled", "dunning_stage"]

    @display(description="Balance")
    def shown_total(self, wallet: rows.Wallet) -> str:
        return f"{wallet.total_balance:,.4f}"


@admin.register(rows.Entry)
class EntryAdmin(OrganizationRowAdmin):
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
class HoldAdmin(OrganizationRowAdmin):
    list_display = ["key", "of", "amount", "captured", "remaining", "created_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["organization__name", "=key"]
    linked_by = ("organization__id__exact", "closed_at__isnull")


@admin.register(rows.UsageRecord)
class UsageRecordAdmin(OrganizationRowAdmin):
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
class CycleAdmin(OrganizationRowAdmin):
    list_display = ["of", "plan", "source", "started_at", "allotment", "key"]
    list_filter = ["source", "plan"]


@admin.register(rows.Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "finished_at", "wallets", "entries", "differences"]


@admin.register(rows.Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    list_display = ["check_name", "subject", "expected", "found", "organization_id", "created_at", "resolved_at"]
    list_filter = ["check_name", ("resolved_at", admin.EmptyFieldListFilter)]
    search_fields = ["subject", "=organization_id"]
    linked_by = ("resolved_at__isnull",)


# --- what is for sale
