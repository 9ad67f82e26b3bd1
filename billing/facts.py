"""The facts about an organization's plan, read from its rows for `billing.decisions`."""

from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from billing.changes import PlanChanges
from billing.decisions import PlanFacts
from billing.models import Cycle, Entry, PaidPeriod, Payment, PaymentProviderName, PlanSeen, Subscription, Wallet
from billing.months import NEAR, PROMPT


def read(wallet: Wallet, at: datetime) -> PlanFacts:
    """What is known of the organization whose wallet is locked, with its periods laid out."""
    organization_id = wallet.organization_id
    rows = PaidPeriod.objects.of(organization_id).select_related("plan", "subscription__plan").order_by("begins_at")
    found = tuple(rows)
    # Periods of the version before name no subscription.
    if unlinked := {period.key: period for period in found if not (period.subscription_id or period.by_invoice)}:
        paid = Payment.objects.of(organization_id).filter(subscription__isnull=False)
        for payment in paid.select_related("subscription__plan"):
            if payment.cycle_key in unlinked:
                unlinked[payment.cycle_key].subscription = payment.subscription
    cycles = tuple(Cycle.objects.of(organization_id).order_by("started_at"))
    started = {period.key for period in found} & {cycle.key for cycle in cycles}
    for period in found:
        # The version before began an invoice that prolonged a plan by the months of the one before it.
        if period.by_invoice and period.key not in started and period.begins_at <= at:
            months = (one for one in cycles if (one.source, one.plan_id) == (Cycle.Source.MONTH, period.plan_id))
            if any(period.begins_at - NEAR <= month.started_at < period.ends_at for month in months):
                started.add(period.key)
    cards = {period.subscription_id for period in found if period.subscription_id}
    # Those too that had bought something before they were parked.
    failed = Q(status=Payment.Status.FAILED) & ~Q(kind=Payment.Kind.PARKED)
    paid = Payment.objects.filter(subscription__in=cards).exclude(failed)
    seen = PlanSeen.objects.filter(subscription__in=cards).select_related("plan", "subscription")
    changes = PlanChanges(found, seen, paid.select_related("subscription__plan").prefetch_related("refunds"), started)
    ordered = sorted(changes.periods, key=lambda period: period.begins_at)
    bank = Subscription.objects.of(organization_id).filter(provider=PaymentProviderName.BANK).order_by("-created_at")
    late = [row.begins_at for row in ordered if row.key not in started and row.begins_at < at - PROMPT]
    return PlanFacts(
        at=at,
        wallet=wallet,
        periods=tuple(ordered),
        changes=changes,
        cycles=cycles,
        started=frozenset(started),
        plain=not (changes.seen or changes.bought or changes.moved)
        and all(period.kept in (None, 1) for period in found)
        and all(period.ends_at <= later.begins_at for period, later in pairwise(ordered))
        and not (cycles and ordered and cycles[-1].started_at > ordered[-1].begins_at)
        and not (late and Entry.objects.spent_since(organization_id, min(late)).exists()),
        bank=bank.first() if any(period.by_invoice for period in found) else None,
    )
