"""Partial bank payments: staff note what arrived for an invoice, until it is paid in full and confirmed."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from billing.models import BankReceipt, Invoice
from scribe import audit
from scribe.errors import Conflict
from scribe.messages import _


def amount_received(invoice: Invoice) -> Decimal:
    """RSD that have arrived for an invoice that is not confirmed."""
    return invoice.receipts.aggregate(n=Sum("amount"))["n"] or Decimal(0)


@transaction.atomic
def note(*, invoice: Invoice, amount: Decimal, received_on: date, statement: str, by: User) -> Decimal:
    """Note that `amount` RSD arrived, once per line of a bank statement. Returns what is still missing.

    Raises Conflict `invoice_not_open` for an invoice that is paid or cancelled, and `paid_in_full` when nothing would be
    missing any more: such a payment is confirmed.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.is_credit_note or invoice.status not in (Invoice.Status.PENDING, Invoice.Status.EXPIRED):
        raise Conflict(_("The invoice is {invoice}.", invoice=invoice.status), code="invoice_not_open")
    left = invoice.amount - amount_received(invoice)
    if invoice.receipts.filter(statement=statement).exists():
        return left
    if amount >= left:
        raise Conflict(_("With this the invoice is paid in full: confirm its payment."), code="paid_in_full")
    BankReceipt.objects.create(
        invoice=invoice, amount=amount, received_on=received_on, statement=statement, noted_by_label=str(by)[:255]
    )
    audit.record(
        action="invoice.part_received",
        actor=by,
        target=invoice,
        after={"number": invoice.number, "amount": amount, "received_on": received_on, "missing": left - amount},
    )
    return left - amount
