"""Overdue payments: a notice after 3 days, no generation after 7, back to Free after 14 (which `billing.decisions` decides).
Nothing is deleted."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notifications
from billing import exchange_rates, ledger, settlement
from billing.decisions import GRACE_DAYS
from billing.models import Invoice, Wallet
from scribe.messages import _
from scribe.unforeseen import keep_going

STAGES = (3, 7, GRACE_DAYS)
#: A renewal counts as overdue when it comes later than this after the period's end.
GRACE = timedelta(days=1)
#: An overage invoice is due this long after the end of the cycle that it bills.
INVOICE_TIME = timedelta(days=8)
WORDS = {
    3: (_("A payment is overdue"), _("The payment for your plan is overdue. Please check your payment method.")),
    7: (
        _("Generation is paused"),
        _("The payment for your plan is a week overdue. Generation is paused until you pay. Your content is kept."),
    ),
}


def run(*, now: datetime | None = None) -> int:
    """Move every overdue organization to the stage that is due; returns how many moved. Twice is harmless."""
    now = now or timezone.now()
    unpaid = Q(overdue_since=None, paid_until__lt=now - GRACE)
    moved = 0
    for organization_id in Wallet.objects.filter(
        unpaid | Q(overdue_since__lte=now - timedelta(days=STAGES[0]))
    ).values_list("organization_id", flat=True):
        with keep_going("dunning failed", organization_id=str(organization_id)):
            moved += _advance(organization_id, now)
    return moved


@transaction.atomic
def _advance(organization_id: UUID, now: datetime) -> bool:
    before = ledger.lock(organization_id)  # a payment that comes in just now goes first or after, not between
    settlement.settle(
        organization_id, at=now
    )  # another paid period may cover it, it ended as asked, or the plan is lost
    wallet = ledger.lock(organization_id)
    if wallet.overdue_since is None:
        if wallet.paid_until is None or wallet.paid_until >= now - GRACE:
            return wallet.plan_id != before.plan_id
        wallet.overdue_since = wallet.paid_until
        wallet.save(update_fields=["overdue_since"])
    days = (now - wallet.overdue_since).days
    stage = max((stage for stage in WORDS if days >= stage), default=0)
    if stage <= wallet.dunning_stage:
        return False
    title, body = WORDS[stage]
    notifications.notify(
        organization=wallet.organization,
        event="payment.failed",
        title=title,
        body=body,
        data={"days_overdue": days, "stage": stage},
        key=f"dunning:{wallet.pk}:{wallet.overdue_since:%Y%m%d}:{stage}",
    )
    wallet.dunning_stage = stage
    wallet.save(update_fields=["dunning_stage"])
    return True


OVERAGE_WORDS = {
    3: (
        _("An invoice for XCT beyond your plan is overdue"),
        _("The invoice for XCT beyond your plan is overdue. Please pay it."),
    ),
    7: (
        _("Generation is paused"),
        _(
            "The invoice for XCT beyond your plan is a week overdue. Generation is paused until you pay it. "
            "Your content is kept."
        ),
    ),
    14: (
        _("XCT beyond your plan are switched off"),
        _(
            "The invoice for XCT beyond your plan is still unpaid. You can't use XCT beyond your plan any "
            "more, and generation is paused until you pay."
        ),
    ),
}


def run_overage(*, today: date | None = None) -> int:
    """The same stages for overage whose invoice is overdue; returns how many organizations moved. The plan stays: it is
    paid by itself."""
    today = today or exchange_rates.today()
    moved = 0
    owing = Wallet.objects.filter(Q(overage_stage__gt=0) | Q(overage_owed__gt=0))
    for organization_id in owing.values_list("organization_id", flat=True):
        with keep_going("dunning of overage failed", organization_id=str(organization_id)):
            moved += settle_overage(organization_id, today=today)
    return moved


@transaction.atomic
def settle_overage(organization_id: UUID | None, *, today: date | None = None) -> bool:
    """Put the organization on the stage that its unpaid overage calls for; none, once it is paid."""
    today = today or exchange_rates.today()
    wallet = ledger.lock(organization_id)  # a confirmation that comes in just now goes first or after, not between
    since = _overage_due_since(wallet)
    stage = max((stage for stage in STAGES if since and (today - since).days >= stage), default=0)
    if stage == wallet.overage_stage:
        return False
    if since is not None and stage > wallet.overage_stage:
        title, body = OVERAGE_WORDS[stage]
        notifications.notify(
            organization=wallet.organization,
            event="payment.failed",
            title=title,
            body=body,
            data={"days_overdue": (today - since).days, "stage": stage},
            key=f"dunning_overage:{wallet.pk}:{since:%Y%m%d}:{stage}",
        )
    wallet.overage_stage = stage
    if stage == STAGES[-1]:
        wallet.overage_enabled = False
    wallet.save(update_fields=["overage_stage", "overage_enabled"])
    return True


def _overage_due_since(wallet: Wallet) -> date | None:
    """The oldest day that unpaid overage was due; also where no invoice can be made, for want of billing details."""
    open_ = Invoice.objects.of(wallet.organization_id).filter(
        invoice_type=Invoice.Type.OVERAGE, status=Invoice.Status.PENDING, due_date__isnull=False
    )
    due = [day for day in open_.order_by("due_date").values_list("due_date", flat=True)[:1] if day is not None]
    if wallet.overage_due > 0 and not wallet.organization.has_billing_details:
        due.append((wallet.cycle_started_at + INVOICE_TIME).date())
    return min(due, default=None)
