"""How the rows that the law asks for are erased with their organization."""

from django.db.models import QuerySet

from billing import ledger
from billing.models import Entry, Invoice


def erase_ledger(rows: QuerySet[Entry]) -> None:
    """Erase an organization's ledger as a whole. Nothing else may delete ledger rows."""
    for organization_id in rows.order_by().values_list("organization_id", flat=True).distinct():
        ledger.erase(organization_id)


def reduce_invoices(rows: QuerySet[Invoice]) -> None:
    """Invoices stay for as long as the law asks, with what it asks for: the buyer's name, address and numbers."""
    for invoice in rows:
        ledger.allow_erasure(invoice.organization_id)
        kept = ("company_name", "address", "city", "postal_code", "country", "pib", "mb")
        invoice.buyer = {name: invoice.buyer[name] for name in kept if name in invoice.buyer}
        invoice.organization, invoice.created_by_id = None, None
        invoice.save(update_fields=["buyer", "organization", "created_by_id"])
