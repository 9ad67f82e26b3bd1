"""Admin pages of what things cost: plans, packs, models, images and the exchange rate."""

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.widgets import UnfoldBooleanSwitchWidget

from billing import exchange_rates, margins, prices
from billing import models as rows
from billing.models import AIModel, Plan
from billing.models.plan import id_columns, pack_id_column
from integrations import payments
from scribe import audit
from scribe.admin import StaffAdmin
from scribe.backoffice.pages import ReasonedForm, StaffRequest
from scribe.types import Json

ACCEPT = "accept_loss"
PROVIDER_IDS = [column for provider in payments.PROVIDERS for column in id_columns(provider).values()]


class PricedForm(ReasonedForm):
    """The form of a price. One at which we lose money is saved only when staff say so."""

    accept_loss = forms.BooleanField(
        required=False, label="Save it although it loses money", widget=UnfoldBooleanSwitchWidget()
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook
        if not self.errors and not self.cleaned_data.get(ACCEPT) and (found := margins.caused_by(self.instance)):
            self.add_error(ACCEPT, found)


class PricedAdmin(StaffAdmin):
    form = PricedForm

    def get_fieldsets(self, request: HttpRequest, obj: object = None) -> list[tuple[str, Json]]:
        found = super().get_fieldsets(request, obj)
        for _, options in found:
            options["fields"] = [name for name in options["fields"] if name != ACCEPT]
        if found[-1][0] == "Why":
            found[-1][1]["fields"].append(ACCEPT)
        return found


@admin.register(Plan)
class PlanAdmin(PricedAdmin):
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
        (
            "Limits",
            {
                "fields": [
                    *("uncharged_usd_per_day", "uncharged_xct_per_day"),
                    *("stored_bytes", "items", "projects", "open_streams"),
                ]
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return ["tier"] if obj else []


@admin.register(rows.TopupPack)
class TopupPackAdmin(PricedAdmin):
    """A new price is a new row; the newest counts."""

    list_display = ["xct", "price_eur", "valid_from", *map(pack_id_column, payments.PROVIDERS)]


@admin.register(rows.ModelTier)
class ModelTierAdmin(PricedAdmin):
    list_display = ["tier", "multiplier", "rank"]
    search_fields = ["tier"]


@admin.register(AIModel)
class AIModelAdmin(PricedAdmin):
    """Versions of models: saving a change adds a version that is in force at once. The old version stays, for the usage that it priced."""

    list_display = [
        "display_name",
        "provider",
        "model_id",
        "tier",
        "multiplier",
        "input_usd",
        "output_usd",
        "is_default",
        "active",
        "valid_from",
    ]
    list_filter = ["provider", "tier", "active", "is_default"]
    search_fields = ["model_id", "display_name"]
    autocomplete_fields = ["tier"]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return ["provider", "model_id", "valid_from"] if obj else ["valid_from"]

    def save_model(self, request: StaffRequest, obj: AIModel, form: "ModelForm[AIModel]", change: bool) -> None:  # type: ignore[override]  # its own rows
        if not change:
            super().save_model(request, obj, form, change)
            return
        current = AIModel.objects.get(pk=obj.pk)
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name not in ("audit_reason", ACCEPT)}
        names = {field.name: field.attname for field in AIModel._meta.concrete_fields}
        fields = {names[name]: getattr(value, "pk", value) for name, value in changes.items()}
        prices.revise(current, by=request.user, reason=form.cleaned_data["audit_reason"], **fields)


@admin.register(rows.ImagePrice)
class ImagePriceAdmin(PricedAdmin):
    list_display = ["provider", "size", "quality", "xct", "cost_usd", "valid_from"]
    list_filter = ["provider"]


@admin.register(rows.ExchangeRate)
class ExchangeRateAdmin(StaffAdmin):
    list_display = ["date", "rate", "usd_rate", "source", "list_number", "fetched_at"]
    list_filter = ["source"]
    date_hierarchy = "date"
    fields = ("date", "rate", "usd_rate", "list_number")

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return ["date"] if obj else []

    def save_model(  # type: ignore[override]  # its own rows
        self, request: StaffRequest, obj: rows.ExchangeRate, form: "ModelForm[rows.ExchangeRate]", change: bool
    ) -> None:
        """Save a rate. Issued invoices keep the rate that they were issued at."""
        with audit.because(form.cleaned_data["audit_reason"]):
            entered = exchange_rates.enter(
                day=obj.date, rate=obj.rate, usd_rate=obj.usd_rate, list_number=obj.list_number, by=request.user
            )
        obj.pk = entered.pk
