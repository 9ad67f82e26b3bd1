"""Invoices for bank transfer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from billing import invoices, orders, plans
from billing.api.base import BillingViewSet
from billing.api.invoice_serializers import (
    CancelInvoiceRequest,
    InvoiceQuery,
    InvoiceReply,
    TopupInvoiceRequest,
    UpgradeInvoiceRequest,
)
from billing.models import Invoice
from scribe.api.access import ADMINS, STAFF
from scribe.api.fields import decimal, utc
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.errors import NotFound
from scribe.ids import parse


def shown(invoice: Invoice) -> dict[str, Any]:
    buyer = invoice.buyer
    town = " ".join(filter(None, (buyer.get("postal_code"), buyer.get("city"))))
    return {
        "id": str(invoice.pk),
        "organization_id": str(invoice.organization_id) if invoice.organization_id else None,
        "invoice_number": invoice.number,
        "invoice_type": invoice.invoice_type,
        "amount": decimal(invoice.amount),
        "currency": invoice.currency,
        "description": invoice.description,
        "tier": invoice.plan_id,
        "billing_period": invoice.billing_period or None,
        "xct_amount": decimal(invoice.xct_amount),
        "status": invoice.status,
        "due_date": str(invoice.due_date) if invoice.due_date else None,
        "paid_at": utc(invoice.paid_at),
        "confirmed_by": str(invoice.confirmed_by_id) if invoice.confirmed_by_id else None,
        "created_at": utc(invoice.created_at),
        "exchange_rate": decimal(invoice.rate),
        "exchange_rate_date": str(invoice.rate_date),
        "exchange_rate_source": invoice.rate_source,
        "eur_amount": decimal(invoice.eur_amount),
        "buyer_company_name": buyer.get("company_name", ""),
        "buyer_pib": buyer.get("pib") or None,
        "buyer_address": ", ".join(filter(None, (buyer.get("address"), town, buyer.get("country")))),
        "qr_code_data": invoice.qr_code_data or None,
        "payment_reference": invoice.reference or None,
        "corrects_invoice_id": str(invoice.corrects_id) if invoice.corrects_id else None,
    }


class InvoiceViewSet(BillingViewSet):
    whole_actions = frozenset({"order_plan", "order_packs", "confirm_invoice", "cancel_invoice"})

    @operation(
        tag="billing",
        scope="billing:read",
        summary="List My Invoices",
        description="The organization's invoices, the newest first; credit notes on request.",
        parameters=[InvoiceQuery],
        responses={200: ListOf(InvoiceReply)},
    )
    def invoices(self, request: Any) -> HttpResponse:
        asked = self.query(InvoiceQuery)
        rows = Invoice.objects.visible_to(request.user)
        if not asked["include_credit_notes"]:
            rows = rows.filter(series=Invoice.Series.INVOICE)
        if status := asked.get("status"):
            rows = rows.filter(status=status)
        return bare_array(request, rows, shown)

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Self-service plan upgrade",
        description="An invoice for a month or a year of a plan, to be paid by bank transfer. Not while a card "
        "subscription is live. The plan starts when the payment is confirmed.",
        request=UpgradeInvoiceRequest,
        responses={201: InvoiceReply},
        errors=(409, 503),
    )
    def order_plan(self, request: Any) -> Response:
        body = self.body(UpgradeInvoiceRequest)
        invoice = orders.order_plan(
            organization=request.user.organization,
            plan=plans.find(body["tier"], on_sale=True),
            billing_period=body["billing_period"],
            by=request.user,
        )
        return Response(shown(invoice), status=201)

    @operation(
        tag="billing",
        scope="billing:write",
        who=ADMINS,
        summary="Self-service XCT top-up",
        description="An invoice for top-up packs, to be paid by bank transfer. They come with the payment.",
        request=TopupInvoiceRequest,
        responses={201: InvoiceReply},
        errors=(409, 503),
    )
    def order_packs(self, request: Any) -> Response:
        packs = self.body(TopupInvoiceRequest)["xct_packs"]
        invoice = orders.order_packs(organization=request.user.organization, packs=packs, by=request.user)
        return Response(shown(invoice), status=201)

    @operation(
        tag="billing",
        scope="billing:read",
        summary="Download invoice PDF",
        description="The invoice in Serbian and English, with its QR code. For the organization and for platform staff.",
        responses={200: Binary("application/pdf")},
    )
    def invoice_pdf(self, request: Any, invoice_id: str) -> HttpResponse:
        from billing import invoice_pdf  # what draws is much to load, for few requests

        invoice = self._any(invoice_id) if request.user.is_super_admin else self.row(Invoice.objects.all(), invoice_id)
        reply = HttpResponse(invoice_pdf.render(invoice), content_type="application/pdf")
        reply["Content-Disposition"] = f'attachment; filename="invoice-{invoice.number}.pdf"'
        return reply

    def _any(self, invoice_id: str) -> Invoice:
        """The invoice of any organization. Only operations for platform staff call this."""
        found = Invoice.objects.filter(pk=parse(invoice_id)).first() if parse(invoice_id) else None
        if found is None:
            raise NotFound("There is no such invoice.")
        return found

    @operation(
        tag="billing",
        who=STAFF,
        summary="Confirm an invoice's payment",
        description="For platform staff: the transfer has come in. The plan or the XCT are granted, once; a repeat gives "
        "the same answer.",
        request=None,
        responses={200: InvoiceReply},
        errors=(409,),
    )
    def confirm_invoice(self, request: Any, invoice_id: str) -> Response:
        return Response(shown(invoices.confirm(invoice=self._any(invoice_id), by=request.user)))

    @operation(
        tag="billing",
        who=STAFF,
        summary="Cancel an unpaid invoice",
        description="For platform staff: cancel by a counter-invoice; the number stays used. A repeat gives the same answer.",
        request=CancelInvoiceRequest,
        responses={200: InvoiceReply},
        errors=(409,),
    )
    def cancel_invoice(self, request: Any, invoice_id: str) -> Response:
        reason = self.body(CancelInvoiceRequest).get("reason", "")
        return Response(shown(invoices.cancel(invoice=self._any(invoice_id), by=request.user, reason=reason)))
