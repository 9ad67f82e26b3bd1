"""Notices about the balance."""

from datetime import datetime
from decimal import Decimal

from accounts import notifications
from billing.amounts import format_amount
from billing.decisions import GRACE_DAYS
from billing.models import Wallet
from billing.models.wallet import ZERO
from scribe.messages import _

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
    empty = level == 0
    notifications.notify(
        organization=wallet.organization,
        event="wallet.low",
        objects={wallet.pk: {"percent": level}},
        title=_("Your XCT balance is used up") if empty else _("Your XCT balance is running low"),
        body=(
            _("You have no XCT left. Top up or upgrade your plan to continue generating.")
            if empty
            else _(
                "You have {amount} XCT left, less than {level} % of this month's XCT.",
                amount=format_amount(left),
                level=level,
            )
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
        event="payment.failed",
        title=_("Your organization was moved to the Free plan"),
        body=_(
            "We did not receive the payment for your plan. Your content and your top-ups are kept. You can "
            "buy the plan again at any time."
        ),
        data={"stage": GRACE_DAYS},
        key=f"dunning:{wallet.pk}:{at:%Y%m%d}:{GRACE_DAYS}",
    )
