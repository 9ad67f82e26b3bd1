"""Admin pages of invoices, subscriptions and payments. An invoice changes by admin actions only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from billing import invoices, receipts
from billing import models as rows
from billing.admin.base import BillingRowAdmin
from billing.models import Invoice
from scribe.admin import Deed
from scribe.backoffice.deeds import DeedForm
from scribe.backoffice.secrets import shown_fields

INVOICE_COLORS = {"pending": "warning", "paid": "success", "cancelled": "default", "expired": "danger"}


class PartForm(DeedForm):
    amount = forms.DecimalField(
        label="Amount in RSD",
        min_value=Decimal("0.01"),
        max_digits=16,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget,
    )
    received_on = forms.DateField(widget=UnfoldAdminSingleDateWidget)
    statement = forms.CharField(
        max_length=60, help_text="The number of the bank statement's line.", widget=UnfoldAdminTextInputWidget
    )


def note_part(invoice: Invoice, by: Any, values: dict[str, Any]) -> str:
    told = {name: values[name] for name in ("amount", "received_on", "statement")}
    return f"{receipts.note(invoice=invoice, by=by, **told):,.2f} RSD are still missing."


@admin.register(Invoice)
class InvoiceAdmin(BillingRowAdmin):
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
    readonly_fields = ["pdf", "received"]
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
            name="note-part",
            label="Note a partial payment",
            icon="payments",
            audit_action="invoice.part_received",
            form=PartForm,
            explanation="Less than the whole amount arrived. It grants nothing; confirm the payment once the rest is there.",
            run=note_part,
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
        return [*shown_fields(Invoice), "received", "pdf"]

    @display(description="Received in parts")
    def received(self, invoice: Invoice) -> str:
        return ", ".join(
            f"{part.received_on}: {part.amount:,.2f} RSD ({part.statement})" for part in invoice.receipts.all()
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.pdf_view)
        return [path("<uuid:pk>/pdf/", view, name="billing_invoice_pdf"), *super().get_urls()]

    def pdf_view(self, request: HttpRequest, pk: Any) -> HttpResponse | FileResponse:
        from billing import invoice_pdf  # what draws is much to load, for few requests

        invoice = Invoice.objects.filter(pk=pk).first()
        if invoice is None:
            raise Http404
        return HttpResponse(
            invoice_pdf.render(invoice),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{invoice.number}.pdf"'},
        )


@admin.register(rows.Subscription)
class SubscriptionAdmin(BillingRowAdmin):
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


@admin.register(rows.PaidPeriod)
class PaidPeriodAdmin(BillingRowAdmin):
    list_display = ["of", "plan", "begins_at", "ends_at", "taken_back_at", "key"]
    list_filter = ["plan"]
    list_select_related = ["organization", "plan"]


@admin.register(rows.Payment)
class PaymentAdmin(BillingRowAdmin):
    list_display = ["external_id", "of", "provider", "kind", "status", "amount", "xct", "paid_at"]
    list_filter = ["status", "kind", "provider"]
    search_fields = ["external_id", "organization__name", "invoice_number"]
    date_hierarchy = "paid_at"

    @display(description="Amount", ordering="amount_minor")
    def amount(self, payment: rows.Payment) -> str:
        return "–" if payment.amount_minor is None else f"{payment.amount_minor / 100:,.2f} {payment.currency}"


@admin.register(rows.Refund)
class RefundAdmin(BillingRowAdmin):
    list_display = ["external_id", "of", "provider", "chargeback", "reverses", "xct", "refunded_at"]
    list_filter = ["chargeback", "provider"]
    search_fields = ["external_id", "organization__name"]


@admin.register(rows.Checkout)
class CheckoutAdmin(BillingRowAdmin):
    list_display = ["external_id", "of", "provider", "kind", "plan", "packs", "live_mode", "created_at", "completed_at"]
    list_filter = ["provider", "kind", "live_mode"]
    list_select_related = ["organization", "plan"]
    search_fields = ["external_id", "organization__name"]
