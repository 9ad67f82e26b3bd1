"""Invoices for bank transfer."""

from django.http import HttpResponse
from rest_framework.response import Response

from billing import invoices, orders, plans
from billing.api.base import BillingViewSet
from billing.api.serializers import (
    CancelInvoiceRequest,
    InvoiceQuery,
    InvoiceReply,
    TopupInvoiceRequest,
    UpgradeInvoiceRequest,
)
from billing.models import Invoice
from scribe.api.access import ADMINS, STAFF
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import SignedInRequest
from scribe.errors import NotFound
from scribe.ids import parse
from scribe.messages import _
from scribe.types import Json


def reply_of(invoice: Invoice) -> Json:
    buyer = invoice.buyer
    town = " ".join(filter(None, (buyer.get("postal_code"), buyer.get("city"))))
    return InvoiceReply.of(
        invoice,
        buyer_company_name=buyer.get("company_name", ""),
        buyer_pib=buyer.get("pib") or None,
        buyer_address=", ".join(filter(None, (buyer.get("address"), town, buyer.get("country")))),
    )


class InvoiceViewSet(BillingViewSet):
    tag = "billing"
    whole_actions = frozenset({"order_plan", "order_packs", "confirm_invoice", "cancel_invoice"})

    @operation(
        scope="billing:read",
        summary="List My Invoices",
        description="The organization's invoices, newest first. Credit notes are included on request.",
        parameters=[InvoiceQuery],
        responses={200: ListOf(InvoiceReply)},
    )
    def invoices(self, request: SignedInRequest) -> HttpResponse:
        asked = self.query(InvoiceQuery)
        rows = Invoice.objects.visible_to(request.user)
        if not asked["include_credit_notes"]:
            rows = rows.filter(series=Invoice.Series.INVOICE)
        if status := asked.get("status"):
            rows = rows.filter(status=status)
        return bare_array(request, rows, reply_of)

    @operation(
        scope="billing:write",
        who=ADMINS,
        summary="Self-service plan upgrade",
        description="Creates an invoice for one month or one year of a plan, payable by bank transfer. Not "
        "available while a card subscription is active. The plan starts when the payment is confirmed.",
        request=UpgradeInvoiceRequest,
        responses={201: InvoiceReply},
        errors=(409, 503),
    )
    def order_plan(self, request: SignedInRequest) -> Response:
        body = self.body(UpgradeInvoiceRequest)
        invoice = orders.order_plan(
            organization=request.user.organization,
            plan=plans.find(body["tier"], on_sale=True),
            billing_period=body["billing_period"],
            by=request.user,
        )
        return Response(reply_of(invoice), status=201)

    @operation(
        scope="billing:write",
        who=ADMINS,
        summary="Self-service XCT top-up",
        description="Creates an invoice for top-up packs, payable by bank transfer. The XCT are added when the "
        "payment is confirmed.",
        request=TopupInvoiceRequest,
        responses={201: InvoiceReply},
        errors=(409, 503),
    )
    def order_packs(self, request: SignedInRequest) -> Response:
        packs = self.body(TopupInvoiceRequest)["xct_packs"]
        invoice = orders.order_packs(organization=request.user.organization, packs=packs, by=request.user)
        return Response(reply_of(invoice), status=201)

    @operation(
        scope="billing:read",
        summary="Download invoice PDF",
        description="The invoice in Serbian and English, with its QR code. Available to the organization and to "
        "platform staff.",
        responses={200: Binary("application/pdf")},
    )
    def invoice_pdf(self, request: SignedInRequest, invoice_id: str) -> HttpResponse:
        from billing import invoice_pdf  # what draws is much to load, for few requests

        invoice = self._any(invoice_id) if request.user.is_super_admin else self.row(Invoice.objects.all(), invoice_id)
        reply = HttpResponse(invoice_pdf.render(invoice), content_type="application/pdf")
        reply["Content-Disposition"] = f'attachment; filename="invoice-{invoice.number}.pdf"'
        return reply

    def _any(self, invoice_id: str) -> Invoice:
        """The invoice of any organization. Only operations for platform staff call this."""
        found = Invoice.objects.filter(pk=parse(invoice_id)).first() if parse(invoice_id) else None  # type: ignore[misc]
        if found is None:
            raise NotFound(_("This invoice does not exist."))
        return found

    @operation(
        who=STAFF,
        summary="Confirm an invoice's payment",
        description="Platform staff only. Records that the transfer arrived and grants the plan or the XCT once. "
        "Repeating the request returns the same reply.",
        request=None,
        responses={200: InvoiceReply},
        errors=(409,),
    )
    def confirm_invoice(self, request: SignedInRequest, invoice_id: str) -> Response:
        return Response(reply_of(invoices.confirm(invoice=self._any(invoice_id), by=request.user)))

    @operation(
        who=STAFF,
        summary="Cancel an unpaid invoice",
        description="Platform staff only. Cancels the invoice with a counter-invoice; its number stays in use. "
        "Repeating the request returns the same reply.",
        request=CancelInvoiceRequest,
        responses={200: InvoiceReply},
        errors=(409,),
    )
    def cancel_invoice(self, request: SignedInRequest, invoice_id: str) -> Response:
        reason = self.body(CancelInvoiceRequest).get("reason", "")
        return Response(reply_of(invoices.cancel(invoice=self._any(invoice_id), by=request.user, reason=reason)))
