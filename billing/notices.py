"""Notices about the balance."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from accounts import notifications
from billing.amounts import shown
from billing.decisions import GRACE_DAYS
from billing.models import Wallet
from billing.models.wallet import ZERO
from scribe import outbox

LEVELS = (20, 0)


def after_spending(wallet: Wallet) -> None:
    """Tell the organization, once per level and cycle, that 20 % of the month's allotment or nothing at all is left.

    Runs under the wallet's lock, in the spending transaction: two spends at once cannot tell it twice.
    """
    left = max(ZERO, wallet.subscription_balance + wallet.topup_balance)
    reached = [level for level in LEVELS if left <= wallet.allotment * Decimal(level) / 100]
    if not reached:
        return
    level = min(reached)
    if level >= wallet.noticed_at_percent:
        return
    wallet.noticed_at_percent = level
    wallet.save(update_fields=["noticed_at_percent"])
    outbox.record(organization=wallet.organization_id, event="wallet.low", objects={wallet.pk: {"percent": level}})
    empty = level == 0
    notifications.notify(
        organization=wallet.organization,
        kind="low_balance",
        title="Your XCT balance is used up" if empty else "Your XCT balance is running low",
        body=(
            "There are no XCT left. Add a top-up or upgrade the plan to go on generating."
            if empty
            else f"{shown(left)} XCT are left, less than {level} % of this month's allotment."
        ),
        data={"percent": level, "balance": f"{left:f}", "subscription_tier": wallet.plan_id},
    )


def after_credit(wallet: Wallet) -> None:
    """Note that new XCT came in: once the balance is above a level again, that level's notice may be sent again. The caller saves the wallet."""
    left = max(ZERO, wallet.subscription_balance + wallet.topup_balance)
    above = [level for level in LEVELS if left <= wallet.allotment * Decimal(level) / 100]
    wallet.noticed_at_percent = max(wallet.noticed_at_percent, min(above) if above else 100)


def after_lapse(wallet: Wallet, at: datetime) -> None:
    """Tell the organization that its plan is lost, since the payment for it did not come in."""
    notifications.notify(
        organization=wallet.organization,
        kind="payment_failed",
        title="Your organization is back on the Free plan",
        body="The payment for your plan did not come in. Your content and your top-ups stay; the plan can be bought again.",
        data={"stage": GRACE_DAYS},
        key=f"dunning:{wallet.pk}:{at:%Y%m%d}:{GRACE_DAYS}",
    )
