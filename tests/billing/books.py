"""What must hold of the books of an organization at any time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing import prices
from billing.models import AIModel, Entry, Hold, HoldCapture, Wallet
from writing.settings import WritingSettings


def check(organization: Any) -> Wallet:
    """Assert that the balances are the sums of the entries and of the open holds; returns the wallet."""
    wallet = Wallet.objects.get(organization=organization)
    entries = Entry.objects.filter(organization=organization)
    sums = {
        row["balance_type"]: row["total"]
        for row in entries.order_by().values("balance_type").annotate(total=Sum("amount"))
    }
    zero = Decimal(0)
    assert wallet.subscription_balance == sums.get("subscription", zero)
    assert wallet.topup_balance == sums.get("topup", zero)
    assert -wallet.overage_owed == sums.get("overage", zero)
    assert wallet.held == (
        Hold.objects.open().filter(organization=organization).aggregate(t=Sum("remaining"))["t"] or 0
    )
    assert list(entries.order_by("number").values_list("number", flat=True)) == list(range(1, wallet.last_number + 1))
    running = dict.fromkeys(("subscription", "topup", "overage"), zero)
    for entry in entries.order_by("number"):
        running[entry.balance_type] += entry.amount
        assert entry.balance_after == running[entry.balance_type]
        assert entry.total_after == sum(running.values())
    captured = HoldCapture.objects.filter(organization=organization).aggregate(t=Sum("amount"))["t"] or zero
    used = entries.filter(transaction_type="usage").aggregate(t=Sum("amount"))["t"] or zero
    assert captured == -used
    return wallet


def priced(model: AIModel, tokens: int, organization: Any, *, own_key: bool = False) -> Decimal:
    """XCT of `tokens` of `model` for `organization`."""
    asked = WritingSettings(provider=model.provider, tier_multiplier=model.tier.multiplier, own_key=own_key)
    return prices.xct(tokens, asked, prices.rate_multiplier(organization))
