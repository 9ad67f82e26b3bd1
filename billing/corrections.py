"""Corrections by platform staff. Each leaves a ledger entry or an audit entry; most leave both."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from billing import cycles, ledger, notices, plans, settlement
from billing.amounts import xct
from billing.models import Balance, Cycle, Entry, Plan, Wallet
from billing.models.wallet import ZERO
from scribe import audit
from scribe.errors import Conflict, InvalidInput
from scribe.ids import uuid7
from scribe.messages import _


@transaction.atomic
def topup(*, organization: Organization, amount: Decimal, by: User, description: str = "") -> Entry:
    """Give top-up XCT; they don't expire."""
    with ledger.book(organization) as book:
        entry = book.post(
            Balance.TOPUP,
            xct(amount),
            Entry.Type.TOPUP,
            key=f"topup:{uuid7()}",
            description=description or _("Top-up by staff"),
            by=by,
        )
        notices.after_credit(book.wallet)
    _audit("xct.topped_up", entry, by)
    return entry


@transaction.atomic
def adjust(*, organization: Organization, amount: Decimal, balance_type: str, by: User, description: str = "") -> Entry:
    """Correct the subscription or the top-up balance, up or down.

    Raises InvalidInput for the overage balance, Conflict `balance_too_low` when the balance, or what open holds leave
    of it, is less than what is to be taken.
    """
    if balance_type not in (Balance.SUBSCRIPTION, Balance.TOPUP):
        raise InvalidInput.at(
            "#/balance_type", _("Only the subscription and the top-up balance can be adjusted."), "overage"
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
                _("You can't subtract more than the balance."),
                code="balance_too_low",
                available=f"{max(ZERO, min(there, free)):f}",
            )
        entry = book.post(
            balance_type,
            amount,
            Entry.Type.ADJUSTMENT,
            key=f"adjustment:{uuid7()}",
            description=description or _("Adjustment by staff"),
            by=by,
        )
        if amount > 0:
            notices.after_credit(wallet)
    _audit("xct.adjusted", entry, by)
    return entry


def _audit(action: str, entry: Entry, by: User) -> None:
    audit.record(
        action=action,
        actor=by,
        target=entry,
        reason=entry.description,
        before={"total_balance": entry.total_after - entry.amount},
        after={"total_balance": entry.total_after, "amount": entry.amount, "balance_type": entry.balance_type},
    )


@transaction.atomic
def change_plan(
    *, organization: Organization, plan: Plan, by: User, allocate_immediately: bool = False, reason: str = ""
) -> Wallet:
    """Put an organization on a plan by hand. With `allocate_immediately` the old subscription balance expires and the
    new allotment is granted; else the next cycle brings it. It stays until something else is paid for."""
    wallet = ledger.lock(organization)
    before = {"tier": wallet.plan_id}
    if allocate_immediately:
        cycles.start(
            organization=organization,
            key=f"{cycles.SET}{uuid7()}",
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
    settlement.settle(organization)  # what was paid for may take over within the month
    audit.record(
        action="subscription.changed",
        actor=by,
        target=wallet,
        reason=reason,
        before=before,
        after={"tier": plan.pk, "allocate_immediately": allocate_immediately},
    )
    return ledger.lock(organization)


@transaction.atomic
def reset_cycle(*, organization: Organization, by: User) -> Wallet:
    """Start a new cycle today. A repetition on the same day only adds an entry to the audit log."""
    before = ledger.lock(organization)
    key, balance = before.cycle_key, before.total_balance
    cycles.reset_today(organization=organization, by=by, ended=settlement.ended_by_a_new_month(before))
    settlement.settle(organization)  # it brings no more than is paid of the plan
    wallet = ledger.lock(organization)
    audit.record(
        action="cycle.reset",
        actor=by,
        target=wallet,
        before={"cycle": key, "total_balance": balance},
        after={"cycle": wallet.cycle_key, "total_balance": wallet.total_balance},
    )
    return wallet


@transaction.atomic
def set_rate(*, organization: Organization, multiplier: Decimal, by: User, reason: str = "") -> Wallet:
    """Set the organization's `token_rate_multiplier`."""
    wallet = ledger.lock(organization)
    before, wallet.token_rate_multiplier = wallet.token_rate_multiplier, multiplier
    wallet.save(update_fields=["token_rate_multiplier"])
    audit.record(
        action="wallet.rate_changed",
        actor=by,
        target=wallet,
        reason=reason,
        before={"token_rate_multiplier": before},
        after={"token_rate_multiplier": multiplier},
    )
    return wallet


@transaction.atomic
def set_overage(*, organization: Organization, enabled: bool, by: User) -> Wallet:
    """Allow or end overage. It needs a paid plan and billing details (it is invoiced), and cannot end while open holds
    count on it."""
    wallet = ledger.lock(organization)
    if enabled == wallet.overage_enabled:
        return wallet
    if enabled:
        if wallet.plan.is_free:
            raise Conflict(_("To use XCT beyond your plan, you need a paid plan."), code="paid_plan_required")
        if not wallet.organization.has_billing_details:
            raise InvalidInput(
                _("XCT beyond your plan are invoiced. Enter your billing details first."),
                code="billing_details_required",
            )
    elif wallet.held > max(ZERO, wallet.subscription_balance + wallet.topup_balance):
        raise Conflict(
            _("Running jobs may still use XCT beyond your plan. Please wait until they have finished."),
            code="overage_in_use",
        )
    wallet.overage_enabled = enabled
    wallet.save(update_fields=["overage_enabled"])
    audit.record(
        action="wallet.overage_enabled" if enabled else "wallet.overage_disabled",
        actor=by,
        target=wallet,
        before={"overage_enabled": not enabled},
        after={"overage_enabled": enabled},
    )
    return wallet
