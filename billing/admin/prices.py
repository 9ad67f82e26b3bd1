"""Admin pages of what things cost: plans, packs, models, images and the exchange rate."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from billing import exchange_rates, prices
from billing import models as rows
from billing.models import AIModel, Plan
from billing.models.plan import id_columns
from integrations import payments
from scribe import audit
from scribe.admin import StaffAdmin

PROVIDER_IDS = [column for provider in payments.PROVIDERS for column in id_columns(provider).values()]


@admin.register(Plan)
class PlanAdmin(StaffAdmin):
    """A new row is a new plan. It can be bought once it is on sale and a payment provider knows it by the ids given here
    (or by bank transfer, which needs no ids)."""

    list_display = [
        "name",
        "tier",
        "rank",
        "monthly_xct",
        "monthly_price_eur",
        "yearly_price_eur",
        "byok_included",
        "strict_grounding",
        "grounding",
        "on_sale",
    ]
    list_filter = ["on_sale"]
    search_fields = ["name", "tier"]
    fieldsets = (
        (None, {"fields": ["tier", "name", "rank", "on_sale"]}),
        ("What it includes", {"fields": ["monthly_xct", "byok_included", "strict_grounding", "grounding"]}),
        ("Prices", {"fields": ["monthly_price_eur", "yearly_price_eur"]}),
        ("What payment providers call it", {"fields": PROVIDER_IDS}),
        ("Limits", {"fields": ["uncharged_usd_per_day", "stored_bytes", "items", "projects", "open_streams"]}),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ["tier"] if obj else []


@admin.register(rows.TopupPack)
class TopupPackAdmin(StaffAdmin):
    """A new price is a new row; the newest counts."""

    list_display = ["xct", "price_eur", "valid_from", "paddle_price_id", "dodo_product_id"]


@admin.register(rows.ModelTier)
class ModelTierAdmin(StaffAdmin):
    list_display = ["tier", "multiplier", "rank"]
    search_fields = ["tier"]


@admin.register(AIModel)
class AIModelAdmin(StaffAdmin):
    """Versions of models: saving a change adds a version that is in force at once. The old version stays, for the usage that it priced."""

    list_display = [
        "display_name",
        "provider",
        "model_id",
        "tier",
        "input_usd",
        "output_usd",
        "is_default",
        "active",
        "valid_from",
    ]
    list_filter = ["provider", "tier", "active", "is_default"]
    list_select_related = ["tier"]
    search_fields = ["model_id", "display_name"]
    autocomplete_fields = ["tier"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ["provider", "model_id", "valid_from"] if obj else ["valid_from"]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        current = AIModel.objects.get(pk=obj.pk)
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "audit_reason"}
        names = {field.name: field.attname for field in AIModel._meta.concrete_fields}
        fields = {names[name]: getattr(value, "pk", value) for name, value in changes.items()}
        prices.revise(current, by=request.user, reason=form.cleaned_data["audit_reason"], **fields)


@admin.register(rows.ImagePrice)
class ImagePriceAdmin(StaffAdmin):
    list_display = ["provider", "size", "quality", "xct", "cost_usd", "valid_from"]
    list_filter = ["provider"]


@admin.register(rows.ExchangeRate)
class ExchangeRateAdmin(StaffAdmin):
    list_display = ["date", "rate", "source", "list_number", "fetched_at"]
    list_filter = ["source"]
    date_hierarchy = "date"
    fields = ("date", "rate", "list_number")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ["date"] if obj else []

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save a rate. Issued invoices keep the rate that they were issued at."""
        with audit.because(form.cleaned_data["audit_reason"]):
            entered = exchange_rates.enter(day=obj.date, rate=obj.rate, list_number=obj.list_number, by=request.user)
        obj.pk = entered.pk
