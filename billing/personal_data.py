"""The rows of billing that hold customers' data, and how each is erased with its organization."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from billing import ledger
from billing.models import (
    AIModel,
    BankReceipt,
    Checkout,
    Cycle,
    Difference,
    Entry,
    ExchangeRate,
    Hold,
    HoldCapture,
    ImagePrice,
    Invoice,
    InvoiceCounter,
    ModelTier,
    PaidPeriod,
    Payment,
    PaymentCustomer,
    Plan,
    PlanSeen,
    ProviderEvent,
    Reconciliation,
    Refund,
    Subscription,
    TopupPack,
    UsageRecord,
    Wallet,
)
from scribe import gdpr


def erase_ledger(rows: QuerySet[Any]) -> None:
    """Erase an organization's ledger as a whole. Nothing else may delete ledger rows."""
    for organization_id in rows.order_by().values_list("organization_id", flat=True).distinct():
        ledger.erase(organization_id)


def reduce_invoices(rows: QuerySet[Any]) -> None:
    """Invoices stay for as long as the law asks, with what it asks for: the buyer's name, address and numbers."""
    for invoice in rows:
        ledger.allow_erasure(invoice.organization_id)
        kept = ("company_name", "address", "city", "postal_code", "country", "pib", "mb")
        invoice.buyer = {name: invoice.buyer[name] for name in kept if name in invoice.buyer}
        invoice.organization, invoice.created_by_id = None, None
        invoice.save(update_fields=["buyer", "organization", "created_by_id"])


def register() -> None:
    gdpr.register(
        Entry,
        export=["number", "created_at", "transaction_type", "balance_type", "amount", "balance_after", "description"],
        erase=erase_ledger,
    )
    gdpr.register(HoldCapture)
    gdpr.register(Hold, export=["created_at", "amount", "captured", "closed_at"])
    gdpr.register(
        UsageRecord,
        export=[
            "created_at",
            "provider",
            "model",
            "content_type",
            "input_tokens",
            "output_tokens",
            "cached_tokens",
            "cache_write_tokens",
            "xct",
            "outcome",
        ],
    )
    gdpr.register(Cycle, export=["key", "started_at", "plan_id", "allotment"])
    gdpr.register(
        Wallet,
        export=[
            "plan_id",
            "billing_period",
            "subscription_balance",
            "topup_balance",
            "overage_owed",
            "overage_enabled",
        ],
    )
    gdpr.register(PaidPeriod, export=["key", "plan_id", "begins_at", "ends_at", "taken_back_at"])
    gdpr.register(Refund, export=["provider", "external_id", "amount_minor", "chargeback", "xct", "refunded_at"])
    gdpr.register(
        Payment,
        export=["provider", "external_id", "kind", "status", "amount_minor", "currency", "invoice_number", "paid_at"],
    )
    gdpr.register(PlanSeen, export=["plan_id", "at"])
    gdpr.register(
        Subscription,
        export=["provider", "external_id", "customer_id", "plan_id", "billing_period", "status", "period_ends_at"],
    )
    gdpr.register(
        Checkout, export=["created_at", "provider", "external_id", "kind", "plan_id", "billing_period", "packs"]
    )
    gdpr.register(PaymentCustomer, export=["provider", "external_id"])
    gdpr.register(
        Invoice,
        export=[
            *("number", "invoice_type", "status", "description", "eur_amount", "rate", "amount", "currency", "buyer"),
            *("issued_on", "due_date", "paid_at"),
        ],
        erase=reduce_invoices,
    )
    # Payloads carry names and addresses of buyers.
    gdpr.register(ProviderEvent, export=["provider", "event_type", "occurred_at", "status"])
    gdpr.register(Difference)
    for model in (Plan, TopupPack, ModelTier, AIModel, ImagePrice):
        gdpr.holds_none(model, "prices, the same for everybody")
    gdpr.holds_none(BankReceipt, "amounts of an invoice, by lines of a bank statement")
    gdpr.holds_none(ExchangeRate, "the bank's rates")
    gdpr.holds_none(InvoiceCounter, "numbers alone")
    gdpr.holds_none(Reconciliation, "counts alone")
