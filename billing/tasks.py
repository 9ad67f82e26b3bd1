"""Billing's tasks. Each may run twice, run late, or be killed at any line."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from billing import (
    checkouts,
    dunning,
    exchange_rates,
    holds,
    margins,
    orders,
    provider_events,
    reconciliation,
    settlement,
    subscriptions,
)
from billing.checks import operations
from billing.models import Wallet
from integrations.payments.errors import PaymentError
from scribe.logs import get_logger
from scribe.unforeseen import keep_going

log = get_logger(__name__)


@shared_task(queue="default", acks_late=True, reject_on_worker_lost=True)
def apply_event(event_id: str) -> None:
    """Apply one webhook event; a failure is recorded on it and tried again by the sweep."""
    provider_events.apply(UUID(event_id))


@shared_task(queue="default")
def sweep_events() -> None:
    """Send events again whose task got lost with its worker, or failed."""
    if sent := provider_events.sweep():
        log.info("provider events sent again", count=sent)


@shared_task(queue="default")
def start_cycles() -> None:
    """Start the months that are due, each organization in a transaction of its own."""
    due = Wallet.objects.filter(next_cycle_at__lte=timezone.now(), organization__erased_at=None)
    for organization_id in due.values_list("organization_id", flat=True).iterator(chunk_size=500):
        with keep_going("a cycle could not be started", organization_id=str(organization_id)):
            settlement.roll_over(organization_id)


@shared_task(queue="default")
def sweep_holds() -> None:
    """Close holds whose job has ended or vanished."""
    if closed := holds.sweep():
        log.warning("holds were left open by their jobs", count=closed)


@shared_task(queue="default")
def send_pending_changes() -> None:
    """Send downgrades in the period's last hour to providers that cannot schedule them."""
    subscriptions.send_pending_changes()


@shared_task(queue="default")
def settle_unpaid_upgrades() -> None:
    """Take back the upgrades that nobody paid for within 72 hours."""
    settlement.settle_unpaid_upgrades()


@shared_task(queue="default")
def run_dunning() -> None:
    """Notices, pauses and falls back to Free for overdue payments."""
    dunning.run()
    dunning.run_overage()


@shared_task(queue="default")
def stop_renewals() -> None:
    """Organizations that are about to be deleted renew nothing, unless they cancel it. A provider that is down is asked again
    by the next beat."""
    checkouts.stop_renewals()
    checkouts.resume_renewals()


@shared_task(queue="default")
def fetch_exchange_rate() -> None:
    """Fetch the day's exchange rate, unless it is there. A bank that is down is asked again by the next beat."""
    try:
        exchange_rates.fetch_if_needed()
    except PaymentError as error:
        log.error("the exchange rate could not be fetched", reason=error.detail)


@shared_task(queue="default")
def tend_invoices() -> None:
    """Reminders, expiry, renewals by bank transfer, overage of ended cycles."""
    orders.remind()
    orders.expire()
    orders.issue_renewals()
    orders.bill_overages()


@shared_task(queue="default")
def reconcile() -> None:
    """Check every night that all books add up, having asked providers about subscriptions that fell silent."""
    provider_events.ask_about_silent()
    run = reconciliation.run()
    for sentence in margins.report(timezone.now() - operations.COSTS_WINDOW):
        log.info("margin", of=sentence)
    log.info("reconciled", wallets=run.wallets, entries=run.entries, differences=run.differences)
