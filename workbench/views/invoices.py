"""Invoices for bank transfer, payments by card, and the details that invoices need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import organizations
from billing import checkouts
from billing.models import Invoice, Payment, PaymentProviderName
from scribe.api.access import ADMINS
from scribe.errors import DomainError, NotFound
from workbench.forms import PageForm
from workbench.pages import go
from workbench.qr import picture
from workbench.views.account import AccountPage

MOST_LISTED = 200


class BillingDetailsForm(PageForm):
    billing_company_name = forms.CharField(
        label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    billing_address = forms.CharField(
        label=_("Street and number"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    billing_postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    billing_city = forms.CharField(
        label=_("City"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    billing_country = forms.CharField(
        label=_("Country"),
        max_length=2,
        help_text=_("Two letters, such as DE or RS."),
        widget=forms.TextInput(attrs={"autocomplete": "country"}),
    )
    billing_pib = forms.CharField(
        label=_("Tax number (PIB)"), max_length=20, required=False, help_text=_("Companies in Serbia need it.")
    )
    billing_mb = forms.CharField(label=_("Registration number (MB)"), max_length=20, required=False)
    billing_email = forms.EmailField(
        label=_("E-mail for invoices"),
        required=False,
        max_length=254,
        help_text=_("Left empty, they go to the organization's admins."),
    )


class BillingDetailsPage(AccountPage):
    tab = "billing-details"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        organization = self.user.organization
        initial = {name: getattr(organization, name) for name in BillingDetailsForm.base_fields}
        return self.show_account("billing_details", form=BillingDetailsForm(initial=initial))

    def post(self, request: Any) -> HttpResponse:
        form = BillingDetailsForm(request.POST)
        warnings: list[dict[str, str]] = []
        if form.is_valid():
            changes, organization = form.cleaned_data, self.user.organization
            try:
                _, warnings = organizations.set_billing_details(
                    organization=organization, changes=changes, by=self.user
                )
                mail = {"billing_email": changes["billing_email"]}
                organizations.update(organization=organization, changes=mail, by=self.user)
            except DomainError as error:
                form.refuse(error)
        if form.errors:
            return self.show_account("billing_details", status=422, form=form)
        if warnings:
            return self.show_account("billing_details", form=form, warnings=warnings)
        return go("billing-details", said="details-saved")


class InvoicesPage(AccountPage):
    tab = "invoices"

    def get(self, request: Any) -> HttpResponse:
        rows = Invoice.objects.visible_to(self.user).order_by("-created_at")
        paid = Payment.objects.visible_to(self.user).order_by("-paid_at")
        return self.show_account("invoices", invoices=rows[:MOST_LISTED], payments=paid[:MOST_LISTED])


class InvoicePage(AccountPage):
    """One invoice with what a transfer needs, and its QR code for a Serbian bank's app."""

    tab = "invoices"

    def get(self, request: Any, invoice_id: str) -> HttpResponse:
        invoice = self.row(Invoice.objects.select_related("plan"), invoice_id)
        due = invoice.status in (Invoice.Status.PENDING, Invoice.Status.EXPIRED)
        qr = picture(invoice.qr_code_data) if due and invoice.qr_code_data else ""
        return self.show_account("invoice", invoice=invoice, due=due, qr=qr)


class InvoiceFile(AccountPage):
    def get(self, request: Any, invoice_id: str) -> HttpResponse:
        from billing import invoice_pdf  # what draws is much to load, for few requests

        invoice = self.row(Invoice.objects.all(), invoice_id)
        return pdf(invoice_pdf.render(invoice), f"invoice-{invoice.number}")


class PaymentFile(AccountPage):
    """The provider's own invoice for a payment by card."""

    def get(self, request: Any, payment_id: str) -> HttpResponse:
        payment = self.row(Payment.objects.all(), payment_id)
        if payment.provider != PaymentProviderName.DODO:
            raise NotFound("The payment provider keeps this receipt: it is in the pages for cards and receipts.")
        content = checkouts.dodo_invoice(self.user.organization, payment.external_id)
        return pdf(content, f"payment-{payment.paid_at:%Y-%m-%d}")


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
