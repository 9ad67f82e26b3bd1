"""Admin pages of money. The ledger, holds and usage are read-only; invoices and events change by admin actions only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from billing import exchange_rates, invoice_pdf, invoices, prices, provider_events
from billing import models as rows
from billing.models import AIModel, Invoice, Plan
from scribe import audit
from scribe.admin import Deed, ReadOnlyAdmin, StaffAdmin, link
from scribe.backoffice.secrets import shown_fields

INVOICE_COLORS = {"pending": "warning", "paid": "success", "cancelled": "default", "expired": "danger"}
EVENT_COLORS = {
    "received": "info", "applied": "success", "ignored": "default", "waiting": "warning", "held": "danger", "failed": "danger",
}  # fmt: skip


class OfOrganization(ReadOnlyAdmin):
    """Rows of one organization: searched by its name, linked from its page."""

    list_select_related = ["organization"]
    search_fields = ["organization__name"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "organization__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: Any) -> str:
        return link(row.organization)


@admin.register(rows.Wallet)
class WalletAdmin(OfOrganization):
    list_display = ["of", "plan", "shown_total", "held", "overage_enabled", "next_cycle_at", "dunning_stage"]
    list_filter = ["plan", "overage_enabled", "dunning_stage"]
    list_select_related = ["organization", "plan"]

    @display(description="Balance")
    def shown_total(self, wallet: rows.Wallet) -> str:
        return f"{wallet.total_balance:,.4f}"


@admin.register(rows.Entry)
class EntryAdmin(OfOrganization):
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
class HoldAdmin(OfOrganization):
    list_display = ["key", "of", "amount", "captured", "remaining", "created_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["organization__name", "=key"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "closed_at__isnull" or super().lookup_allowed(lookup, value, request)


@admin.register(rows.UsageRecord)
class UsageRecordAdmin(OfOrganization):
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
    ]
    list_filter = ["provider", "outcome", "byok"]
    search_fields = ["organization__name", "model", "=job_id"]
    date_hierarchy = "created_at"


@admin.register(rows.Cycle)
class CycleAdmin(OfOrganization):
    list_display = ["of", "plan", "source", "started_at", "allotment", "key"]
    list_filter = ["source", "plan"]
    list_select_related = ["organization", "plan"]


@admin.register(rows.PaidPeriod)
class PaidPeriodAdmin(OfOrganization):
    list_display = ["of", "plan", "begins_at", "ends_at", "taken_back_at", "key"]
    list_filter = ["plan"]
    list_select_related = ["organization", "plan"]


@admin.register(Invoice)
class InvoiceAdmin(OfOrganization):
    list_display = [
        "number",
        "of",
        "invoice_type",
        "shown_status",
        "eur_amount",
        "amount",
        "issued_on",
        "due_date",
        "paid_at",
        "pdf",
    ]
    list_filter = ["status", "invoice_type", "series", "issued_on"]
    search_fields = ["number", "reference", "organization__name", "description"]
    readonly_fields = ["pdf"]
    ordering = ["-created_at"]
    deeds = (
        Deed(
            name="confirm",
            label="Confirm payment",
            icon="price_check",
            bulk=True,
            audit_action="invoice.confirmed",
            explanation="The money is on our account. The plan or the XCT are granted at once; only a credit note takes that back.",
            run=lambda invoice, by, values: invoices.confirm(invoice=invoice, by=by) and None,
            refusal=lambda invoice: (
                ""
                if invoice.status in ("pending", "expired") and not invoice.is_credit_note
                else f"it is {invoice.status}"
            ),
        ),
        Deed(
            name="cancel",
            label="Cancel invoice",
            icon="cancel",
            danger=True,
            bulk=True,
            audit_action="invoice.cancelled",
            explanation="A counter-invoice is issued; the number stays used.",
            run=lambda invoice, by, values: invoices.cancel(invoice=invoice, by=by, reason=values["reason"]) and None,
            refusal=lambda invoice: (
                ""
                if invoice.status in ("pending", "expired") and not invoice.is_credit_note
                else f"it is {invoice.status}"
            ),
        ),
        Deed(
            name="credit",
            label="Credit a paid invoice",
            icon="undo",
            danger=True,
            audit_action="invoice.credited",
            explanation="A credit note is issued, and the XCT that the invoice gave are taken back.",
            run=lambda invoice, by, values: invoices.credit(invoice=invoice, by=by, reason=values["reason"]) and None,
            refusal=lambda invoice: (
                "" if invoice.status == "paid" and not invoice.is_credit_note else f"it is {invoice.status}"
            ),
        ),
    )

    @display(description="Status", ordering="status", label=INVOICE_COLORS)
    def shown_status(self, invoice: Invoice) -> Any:
        return invoice.status, invoice.get_status_display()

    @display(description="PDF")
    def pdf(self, invoice: Invoice) -> str:
        url = reverse("admin:billing_invoice_pdf", args=[invoice.pk])
        return format_html('<a class="text-primary-600" href="{}">PDF</a>', url)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*shown_fields(Invoice), "pdf"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.pdf_view)
        return [path("<uuid:pk>/pdf/", view, name="billing_invoice_pdf"), *super().get_urls()]

    def pdf_view(self, request: HttpRequest, pk: Any) -> HttpResponse | FileResponse:
        invoice = Invoice.objects.filter(pk=pk).first()
        if invoice is None:
            raise Http404
        return HttpResponse(
            invoice_pdf.render(invoice),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{invoice.number}.pdf"'},
        )


@admin.register(rows.ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    list_display = ["event_type", "provider", "shown_status", "outcome", "organization_id", "attempts", "created_at"]
    list_filter = ["status", "provider", "event_type", "live_mode"]
    search_fields = ["event_id", "event_type", "=organization_id", "outcome"]
    date_hierarchy = "created_at"
    readonly_fields = ["shown_payload"]
    deeds = (
        Deed(
            name="replay",
            label="Replay",
            icon="replay",
            bulk=True,
            audit_action="provider_event.replayed",
            explanation="The event is applied again. What it has already done it does not do twice.",
            run=lambda event, by, values: said(provider_events.replay(event=event, by=by, reason=values["reason"])),
        ),
    )

    @display(description="Status", ordering="status", label=EVENT_COLORS)
    def shown_status(self, event: rows.ProviderEvent) -> Any:
        return event.status, event.get_status_display()

    @display(description="Payload")
    def shown_payload(self, event: rows.ProviderEvent) -> str:
        return pretty(event.payload)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*(name for name in shown_fields(rows.ProviderEvent) if name != "payload"), "shown_payload"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "status__in" or super().lookup_allowed(lookup, value, request)


def said(event: Any) -> str:
    return f"{event.event_type}: {event.get_status_display()}. {event.outcome}" if event else "It is being applied."


def pretty(value: Any) -> str:
    import json

    return format_html('<pre class="bo-pre">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False))


@admin.register(rows.Subscription)
class SubscriptionAdmin(OfOrganization):
    list_display = [
        "external_id",
        "of",
        "provider",
        "plan",
        "billing_period",
        "status",
        "period_ends_at",
        "cancel_at_period_end",
    ]
    list_filter = ["status", "provider", "plan"]
    list_select_related = ["organization", "plan"]
    search_fields = ["external_id", "organization__name"]


@admin.register(rows.Payment)
class PaymentAdmin(OfOrganization):
    list_display = ["external_id", "of", "provider", "kind", "status", "amount", "xct", "paid_at"]
    list_filter = ["status", "kind", "provider"]
    search_fields = ["external_id", "organization__name", "invoice_number"]
    date_hierarchy = "paid_at"

    @display(description="Amount", ordering="amount_minor")
    def amount(self, payment: rows.Payment) -> str:
        return "–" if payment.amount_minor is None else f"{payment.amount_minor / 100:,.2f} {payment.currency}"


@admin.register(rows.Refund)
class RefundAdmin(OfOrganization):
    list_display = ["external_id", "of", "provider", "chargeback", "reverses", "xct", "refunded_at"]
    list_filter = ["chargeback", "provider"]
    search_fields = ["external_id", "organization__name"]


@admin.register(rows.Checkout)
class CheckoutAdmin(OfOrganization):
    list_display = ["external_id", "of", "provider", "kind", "plan", "packs", "live_mode", "created_at", "completed_at"]
    list_filter = ["provider", "kind", "live_mode"]
    list_select_related = ["organization", "plan"]
    search_fields = ["external_id", "organization__name"]


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


@admin.register(Plan)
class PlanAdmin(StaffAdmin):
    list_display = [
        "name",
        "tier",
        "rank",
        "monthly_xct",
        "monthly_price_eur",
        "yearly_price_eur",
        "byok_included",
        "on_sale",
    ]
    list_filter = ["on_sale"]
    search_fields = ["name", "tier"]
    may_add = False  # the API fixes the set of tiers

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ["tier", "rank"]


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
