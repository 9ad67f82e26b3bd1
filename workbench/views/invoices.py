"""Invoices for bank transfer, payments by card, and the details that invoices need."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import organizations
from billing import checkouts
from billing.models import Invoice, Payment
from scribe.api.access import ADMINS
from scribe.errors import NotFound
from workbench.forms import PageForm, text
from workbench.pages import go
from workbench.qr import picture
from workbench.views.account import AccountPage

MOST_LISTED = 200


class BillingDetailsForm(PageForm):
    billing_company_name = text(_("Company"), 200, autocomplete="organization")
    billing_address = text(_("Street and number"), 300, autocomplete="street-address")
    billing_postal_code = text(_("Postal code"), 20, autocomplete="postal-code", required=False)
    billing_city = text(_("City"), 120, autocomplete="address-level2")
    billing_country = text(_("Country"), 2, autocomplete="country", help_text=_("Two letters, such as DE or RS."))
    billing_pib = text(_("Tax number (PIB)"), 20, required=False, help_text=_("Required for companies in Serbia."))
    billing_mb = text(_("Registration number (MB)"), 20, required=False)
    billing_email = forms.EmailField(
        label=_("Email for invoices"),
        required=False,
        max_length=254,
        help_text=_("If empty, invoices go to the organization's admins."),
    )


class BillingDetailsPage(AccountPage):
    tab = "billing-details"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        organization = self.user.organization
        initial = {name: getattr(organization, name) for name in BillingDetailsForm.base_fields}
        return self.show_account("billing_details", form=BillingDetailsForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BillingDetailsForm(request.POST)
        warnings: list[dict[str, str]] = []
        if form.is_valid():
            changes, organization = form.cleaned_data, self.user.organization
            with form.refusals():
                _, warnings = organizations.set_billing_details(
                    organization=organization, changes=changes, by=self.user
                )
                mail = {"billing_email": changes["billing_email"]}
                organizations.update(organization=organization, changes=mail, by=self.user)
        if form.errors:
            return self.show_account("billing_details", status=422, form=form)
        if warnings:
            return self.show_account("billing_details", form=form, warnings=warnings)
        return go("billing-details", said="details-saved")


class InvoicesPage(AccountPage):
    tab = "invoices"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Invoice.objects.visible_to(self.user).order_by("-created_at")
        paid = Payment.objects.visible_to(self.user).order_by("-paid_at")
        return self.show_account("invoices", invoices=rows[:MOST_LISTED], payments=paid[:MOST_LISTED])


class InvoicePage(AccountPage):
    """One invoice with what a transfer needs, and its QR code for a Serbian bank's app."""

    tab = "invoices"

    def get(self, request: HttpRequest, invoice_id: str) -> HttpResponse:
        invoice = self.row(Invoice.objects.select_related("plan"), invoice_id)
        due = invoice.status in (Invoice.Status.PENDING, Invoice.Status.EXPIRED)
        qr = picture(invoice.qr_code_data) if due and invoice.qr_code_data else ""
        return self.show_account("invoice", invoice=invoice, due=due, qr=qr)


class InvoiceFile(AccountPage):
    def get(self, request: HttpRequest, invoice_id: str) -> HttpResponse:
        from billing import invoice_pdf  # what draws is much to load, for few requests

        invoice = self.row(Invoice.objects.all(), invoice_id)
        return pdf(invoice_pdf.render(invoice), f"invoice-{invoice.number}")


class PaymentFile(AccountPage):
    """The provider's own invoice for a payment by card."""

    def get(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        payment = self.row(Payment.objects.all(), payment_id)
        if not payment.has_invoice_file:
            raise NotFound(
                gettext("The payment provider keeps this receipt. You can find it under “Cards and receipts”.")
            )
        return pdf(checkouts.provider_invoice(payment), f"payment-{payment.paid_at:%Y-%m-%d}")


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
