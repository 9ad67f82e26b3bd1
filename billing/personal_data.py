"""Which rows of billing hold customers' data, and what becomes of them when an organization is erased."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from billing import ledger
from billing.models import (
    AIModel,
    Cycle,
    Entry,
    Hold,
    HoldCapture,
    ImagePrice,
    ModelTier,
    Plan,
    TopupPack,
    UsageRecord,
    Wallet,
)
from scribe import gdpr


def erase_ledger(rows: QuerySet[Any]) -> None:
    """The one way out of the append-only ledger: the whole organization goes."""
    for organization_id in rows.order_by().values_list("organization_id", flat=True).distinct():
        ledger.erase(organization_id)


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
        export=["created_at", "provider", "model", "content_type", "input_tokens", "output_tokens", "xct", "outcome"],
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
    for model in (Plan, TopupPack, ModelTier, AIModel, ImagePrice):
        gdpr.holds_none(model, "prices, the same for everybody")
