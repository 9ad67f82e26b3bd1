"""Admin pages of invoices, subscriptions and payments. An invoice changes by admin actions only."""

from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from billing import invoices, receipts
from billing import models as rows
from billing.models import Invoice
from scribe.admin import OrganizationRowAdmin, StaffAction
from scribe.backoffice.secrets import shown_fields
from scribe.backoffice.staff_actions import StaffActionForm
from scribe.types import Json

INVOICE_COLORS = {"pending": "warning", "paid": "success", "cancelled": "default", "expired": "danger"}


class PartForm(StaffActionForm):
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


def not_open(invoice: Invoice) -> str:
    is_open = invoice.status in ("pending", "expired") and not invoice.is_credit_note
    return "" if is_open else f"it is {invoice.status}"


def note_part(invoice: Invoice, by: User, values: Json) -> str:
    told = {name: values[name] for name in ("amount", "received_on", "statement")}
    return f"{receipts.note(invoice=invoice, by=by, **told):,.2f} RSD are still missing."


@admin.register(Invoice)
class InvoiceAdmin(OrganizationRowAdmin):
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
    staff_actions = (
        StaffAction(
            name="confirm",
            label="Confirm payment",
            icon="price_check",
            bulk=True,
            explanation="The money is on our account. The plan or the XCT are granted at once; only a credit note takes that back.",
            run=lambda invoice, by, values: invoices.confirm(invoice=invoice, by=by),
            refusal=not_open,
        ),
        StaffAction(
            name="note-part",
            label="Note a partial payment",
            icon="payments",
            form=PartForm,
            explanation="Less than the whole amount arrived. It grants nothing; confirm the payment once the rest is there.",
            run=note_part,
            refusal=not_open,
        ),
        StaffAction(
            name="cancel",
            label="Cancel invoice",
            icon="cancel",
            danger=True,
            bulk=True,
            explanation="A counter-invoice is issued; the number stays used.",
            run=lambda invoice, by, values: invoices.cancel(invoice=invoice, by=by, reason=values["reason"]),
            refusal=not_open,
        ),
        StaffAction(
            name="credit",
            label="Credit a paid invoice",
            icon="undo",
            danger=True,
            explanation="A credit note is issued, and the XCT that the invoice gave are taken back.",
            run=lambda invoice, by, values: invoices.credit(invoice=invoice, by=by, reason=values["reason"]),
            refusal=lambda invoice: (
                "" if invoice.status == "paid" and not invoice.is_credit_note else f"it is {invoice.status}"
            ),
        ),
    )

    @display(description="Status", ordering="status", label=INVOICE_COLORS)
    def shown_status(self, invoice: Invoice) -> tuple[str, str]:
        return invoice.status, invoice.get_status_display()

    @display(description="PDF")
    def pdf(self, invoice: Invoice) -> str:
        url = reverse("admin:billing_invoice_pdf", args=[invoice.pk])
        return format_html('<a class="text-primary-600" href="{}">PDF</a>', url)

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*shown_fields(Invoice), "received", "pdf"]

    @display(description="Received in parts")
    def received(self, invoice: Invoice) -> str:
        return ", ".join(
            f"{part.received_on}: {part.amount:,.2f} RSD ({part.statement})" for part in invoice.receipts.all()
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.pdf_view)
        return [path("<uuid:pk>/pdf/", view, name="billing_invoice_pdf"), *super().get_urls()]

    def pdf_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
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
class SubscriptionAdmin(OrganizationRowAdmin):
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
    search_fields = ["external_id", "organization__name"]


@admin.register(rows.PaidPeriod)
class PaidPeriodAdmin(OrganizationRowAdmin):
    list_display = ["of", "plan", "begins_at", "ends_at", "taken_back_at", "key"]
    list_filter = ["plan"]


@admin.register(rows.Payment)
class PaymentAdmin(OrganizationRowAdmin):
    list_display = ["external_id", "of", "provider", "kind", "status", "amount", "xct", "paid_at"]
    list_filter = ["status", "kind", "provider"]
    search_fields = ["external_id", "organization__name", "invoice_number"]
    date_hierarchy = "paid_at"

    @display(description="Amount", ordering="amount_minor")
    def amount(self, payment: rows.Payment) -> str:
        return "–" if payment.amount_minor is None else f"{payment.amount_minor / 100:,.2f} {payment.currency}"


@admin.register(rows.Refund)
class RefundAdmin(OrganizationRowAdmin):
    list_display = ["external_id", "of", "provider", "chargeback", "reverses", "xct", "refunded_at"]
    list_filter = ["chargeback", "provider"]
    search_fields = ["external_id", "organization__name"]


@admin.register(rows.Checkout)
class CheckoutAdmin(OrganizationRowAdmin):
    list_display = ["external_id", "of", "provider", "kind", "plan", "packs", "live_mode", "created_at", "completed_at"]
    list_filter = ["provider", "kind", "live_mode"]
    search_fields = ["external_id", "organization__name"]
