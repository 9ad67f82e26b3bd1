"""Corrections by platform staff. Each leaves a ledger entry or an audit entry; most leave both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing import cycles, ledger, notices, plans
from billing.amounts import xct
from billing.models import Balance, Cycle, Entry, Plan, Wallet
from billing.models.wallet import ZERO
from scribe import audit
from scribe.errors import Conflict, InvalidInput
from scribe.ids import uuid7


@transaction.atomic
def topup(*, organization: Any, amount: Decimal, by: Any, description: str = "", key: str = "") -> Entry:
    """Give top-up XCT; they don't expire."""
    with ledger.book(organization) as book:
        entry = book.post(
            Balance.TOPUP,
            xct(amount),
            Entry.Type.TOPUP,
            key=key or f"topup:{uuid7()}",
            description=description or "Top-up by staff",
            by=by,
        )
        notices.after_credit(book.wallet)
    _audit("xct.topped_up", entry, by)
    return entry


@transaction.atomic
def adjust(*, organization: Any, amount: Decimal, balance_type: str, by: Any, description: str = "") -> Entry:
    """Correct the subscription or the top-up balance, up or down.

    Raises InvalidInput for the overage balance, Conflict `balance_too_low` when the balance, or what open holds leave
    of it, is less than what is to be taken.
    """
    if balance_type not in (Balance.SUBSCRIPTION, Balance.TOPUP):
        raise InvalidInput.at(
            "#/balance_type", "Only the subscription and the top-up balance can be adjusted.", "overage"
        )
    amount = xct(amount)
    with ledger.book(organization) as book:
        wallet = book.wallet
        there = wallet.topup_balance
        if balance_type == Balance.SUBSCRIPTION:
            there = wallet.subscription_balance - wallet.expiring
        free = wallet.subscription_balance + wallet.topup_balance - wallet.held
        if amount < 0 and -amount > min(there, free):
            raise Conflict(
                "The balance is lower than what is to be taken from it.",
                code="balance_too_low",
                available=f"{max(ZERO, min(there, free)):f}",
            )
        entry = book.post(
            balance_type,
            amount,
            Entry.Type.ADJUSTMENT,
            key=f"adjustment:{uuid7()}",
            description=description or "Adjustment by staff",
            by=by,
        )
        if amount > 0:
            notices.after_credit(wallet)
    _audit("xct.adjusted", entry, by)
    return entry


def _audit(action: str, entry: Entry, by: Any) -> None:
    audit.record(
        action=action,
        actor=by,
        organization=entry.organization_id,
        target=entry,
        reason=entry.description,
        before={"total_balance": entry.total_after - entry.amount},
        after={"total_balance": entry.total_after, "amount": entry.amount, "balance_type": entry.balance_type},
    )


@transaction.atomic
def change_plan(
    *, organization: Any, plan: Plan, by: Any, allocate_immediately: bool = False, reason: str = ""
) -> Wallet:
    """Put an organization on a plan by hand. With `allocate_immediately` the old subscription balance expires and the
    new allotment is granted; else the next cycle brings it. It holds until the next payment."""
    wallet = ledger.lock(organization)
    before = {"tier": wallet.plan_id}
    if allocate_immediately:
        cycles.start(
            organization=organization,
            key=f"plan:{uuid7()}",
            source=Cycle.Source.STAFF,
            plan=plan,
            at=timezone.now(),
            description=f"Plan {plan.name}, by staff",
            by=by,
        )
        wallet = ledger.lock(organization)
    else:
        plans.put_on(wallet, plan)
    wallet.plan_set_at = timezone.now()
    wallet.save(update_fields=["plan", "allotment", "plan_set_at"])
    audit.record(
        action="subscription.changed",
        actor=by,
        organization=wallet.organization_id,
        target=wallet,
        reason=reason,
        before=before,
        after={"tier": plan.pk, "allocate_immediately": allocate_immediately},
    )
    return ledger.lock(organization)


@transaction.atomic
def reset_cycle(*, organization: Any, by: Any) -> Wallet:
    """Start a new cycle today. A repetition on the same day only adds an entry to the audit log."""
    before = ledger.lock(organization)
    key, balance = before.cycle_key, before.total_balance
    wallet = cycles.reset_today(organization=organization, by=by)
    audit.record(
        action="cycle.reset",
        actor=by,
        organization=wallet.organization_id,
        target=wallet,
        before={"cycle": key, "total_balance": balance},
        after={"cycle": wallet.cycle_key, "total_balance": wallet.total_balance},
    )
    return wallet


@transaction.atomic
def set_rate(*, organization: Any, multiplier: Decimal, by: Any, reason: str = "") -> Wallet:
    """Set the organization's `token_rate_multiplier`."""
    wallet = ledger.lock(organization)
    before, wallet.token_rate_multiplier = wallet.token_rate_multiplier, multiplier
    wallet.save(update_fields=["token_rate_multiplier"])
    audit.record(
        action="wallet.rate_changed",
        actor=by,
        organization=wallet.organization_id,
        target=wallet,
        reason=reason,
        before={"token_rate_multiplier": before},
        after={"token_rate_multiplier": multiplier},
    )
    return wallet


@transaction.atomic
def set_overage(*, organization: Any, enabled: bool, by: Any) -> Wallet:
    """Allow or end overage. It needs a paid plan and billing details (it is invoiced), and cannot end while open holds
    count on it."""
    wallet = ledger.lock(organization)
    if enabled == wallet.overage_enabled:
        return wallet
    if enabled:
        if wallet.plan.is_free:
            raise Conflict("Overage needs a paid plan.", code="paid_plan_required")
        if not wallet.organization.has_billing_details:
            raise InvalidInput("Overage is invoiced and needs the billing details.", code="billing_details_required")
    elif wallet.held > max(ZERO, wallet.subscription_balance + wallet.topup_balance):
        raise Conflict("Work in progress counts on overage. Please wait until it has ended.", code="overage_in_use")
    wallet.overage_enabled = enabled
    wallet.save(update_fields=["overage_enabled"])
    audit.record(
        action="wallet.overage_enabled" if enabled else "wallet.overage_disabled",
        actor=by,
        organization=wallet.organization_id,
        target=wallet,
        before={"overage_enabled": not enabled},
        after={"overage_enabled": enabled},
    )
    return wallet
