"""Subscriptions as their providers describe them: who they belong to, their state, their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from billing import cycles, ledger, periods, plans, upgrades
from billing.errors import NeedsStaff
from billing.models import (
    BillingPeriod,
    Checkout,
    PaidPeriod,
    PaymentCustomer,
    PaymentProviderName,
    Plan,
    Subscription,
)
from integrations import payments
from scribe.logs import get_logger

log = get_logger(__name__)

Status = Subscription.Status


def checkout_of(provider: str, external_id: str) -> Checkout | None:
    return Checkout.objects.filter(provider=provider, external_id=external_id).first() if external_id else None


def of(provider: str, external_id: str) -> Subscription | None:
    rows = Subscription.objects.select_related("plan", "pending_plan", "checkout", "organization")
    return rows.filter(provider=provider, external_id=external_id).first() if external_id else None


def current(organization: Any) -> Subscription | None:
    """The organization's live subscription; the newest, should there be several."""
    rows = Subscription.objects.of(organization).live().select_related("plan", "pending_plan")
    return rows.order_by("-created_at").first()  # type: ignore[no-any-return]


def begin(checkout: Checkout, external_id: str, customer_id: str) -> Subscription:
    """The subscription that a checkout led to, before its provider has described it."""
    assert checkout.plan is not None
    subscription, _ = Subscription.objects.get_or_create(
        provider=checkout.provider,
        external_id=external_id,
        defaults={
            "organization_id": checkout.organization_id,
            "customer_id": customer_id,
            "checkout": checkout,
            "plan": checkout.plan,
            "billing_period": checkout.billing_period,
        },
    )
    return subscription


def check_customer(provider: str, customer_id: str, organization_id: Any) -> None:
    """Raises NeedsStaff when the customer is another organization's. One that nobody is known by is remembered where we had it
    made for this organization (Dodo makes one per first checkout); Paddle's are remembered when they are made, since a
    buyer may name any address there, and with it anybody's customer."""
    if not customer_id:
        return
    rows = PaymentCustomer.objects.filter(provider=provider, external_id=customer_id)
    if provider == PaymentProviderName.DODO and not rows.exists():
        PaymentCustomer.objects.get_or_create(
            provider=provider, external_id=customer_id, defaults={"organization_id": organization_id}
        )
    if rows.exclude(organization_id=organization_id).exists():
        raise NeedsStaff(f"The customer {customer_id!r} is another organization's.")


def plan_of_price(subscription: Subscription, price_id: str) -> tuple[Plan, str]:
    """The plan and period that the provider means by this price id. Raises NeedsStaff when it is none of ours."""
    for plan in Plan.objects.all():
        for period in BillingPeriod.values:
            if price_id and plan.price_id(subscription.provider, period) == price_id:
                return plan, period
    checkout = subscription.checkout
    if checkout is not None and checkout.plan is not None and checkout.price_id == price_id:
        return checkout.plan, checkout.billing_period  # bought at a price that the plan has no more
    raise NeedsStaff(f"The price {price_id!r} belongs to no plan.")


def paid(subscription: Subscription, plan: Plan, period: str, paid_at: datetime) -> None:
    """Take over the plan and state that a payment implies, unless a newer description is stored."""
    if subscription.last_event_at is None or paid_at > subscription.last_event_at:
        subscription.plan, subscription.billing_period = plan, period
        subscription.last_event_at = paid_at
        if subscription.status == Status.PENDING or subscription.status in Subscription.OVERDUE:
            subscription.status = Status.ACTIVE
        subscription.save(update_fields=["plan", "billing_period", "last_event_at", "status"])
    elif subscription.status == Status.PENDING:
        subscription.status = Status.ACTIVE
        subscription.save(update_fields=["status"])


def follow(subscription: Subscription) -> None:
    """Let the wallet follow its live subscription: tier, period, until when it is paid, and whether it is overdue."""
    if subscription.status not in (Status.ACTIVE, *Subscription.OVERDUE):
        return
    newest = current(subscription.organization_id)
    if newest is not None and newest.pk != subscription.pk:
        return
    wallet = ledger.lock(subscription.organization_id)
    if periods.withdrawn(subscription.organization_id, timezone.now()):
        return  # the provider still calls it active, but its money is gone
    plan = _plan_paid_for(subscription)
    if wallet.plan_id != plan.pk:
        plans.put_on(wallet, plan)
    wallet.billing_period = subscription.billing_period
    wallet.paid_until = subscription.period_ends_at or wallet.paid_until
    wallet.next_cycle_at = cycles.next_month(wallet.cycle_anchor, timezone.now(), wallet.paid_until)
    if subscription.billing_period == BillingPeriod.MONTHLY and subscription.by_card:
        wallet.next_cycle_at = None  # each month is a payment's to start
    if subscription.status == Status.ACTIVE:
        wallet.overdue_since, wallet.dunning_stage = None, 0
    elif wallet.overdue_since is None:
        wallet.overdue_since = timezone.now()
    wallet.save(
        update_fields=[
            "plan",
            "allotment",
            "billing_period",
            "paid_until",
            "next_cycle_at",
            "overdue_since",
            "dunning_stage",
        ]
    )


def _plan_paid_for(subscription: Subscription) -> Plan:
    """The subscription's plan; or that of the running period, when the payment for an upgrade within it was taken back."""
    now = timezone.now()
    for period in PaidPeriod.objects.of(subscription.organization_id).covering(now).select_related("plan"):
        if period.holds(now) and upgrades.taken_back(subscription, period.begins_at, period.ends_at):
            return period.plan
    return subscription.plan


def settle_end(subscription: Subscription) -> None:
    """Back to Free when a subscription that ever gave something has ended and no other is live; once per end.

    A subscription whose first payment failed gave nothing and takes nothing; top-ups stay in any case.
    """
    if subscription.status not in Subscription.ENDED or subscription.end_settled:
        return
    gave = subscription.plans_seen.exists() or subscription.payments.exclude(status="failed").exists()
    others = Subscription.objects.of(subscription.organization_id).live().exclude(pk=subscription.pk)
    if not gave or others.exclude(status=Status.PAUSED).exists():
        return
    subscription.end_settled = True
    subscription.save(update_fields=["end_settled"])
    at = subscription.ended_at or timezone.now()
    cycles.to_free(
        subscription.organization_id,
        key=f"plan_end:{subscription.external_id}:{at:%Y%m%dT%H%M%S%f}",
        reason="The subscription has ended",
    )


def send_pending_changes(*, now: datetime | None = None) -> int:
    """Send downgrades to providers that cannot schedule them, in the period's last hour; returns how many."""
    now = now or timezone.now()
    due = Subscription.objects.live().filter(
        pending_plan__isnull=False,
        pending_sent_at=None,
        period_ends_at__lte=now + timedelta(hours=1),
        period_ends_at__gt=now,
    )
    sent = 0
    for subscription in due.exclude(provider="bank").select_related("pending_plan"):
        provider = payments.provider(subscription.provider)
        if provider.schedules_downgrades or not provider.configured:
            continue
        assert subscription.pending_plan is not None
        price_id = subscription.pending_plan.price_id(subscription.provider, subscription.pending_period)
        # Claimed first: two beats at once must not send it twice. A failed call gives the claim back.
        claimed = Subscription.objects.filter(pk=subscription.pk, pending_sent_at=None).update(pending_sent_at=now)
        if not claimed:
            continue
        try:
            provider.change_plan(subscription.external_id, price_id=price_id, at_period_end=True)
        except Exception as error:  # it concerns this one: the others' hour runs out, too
            Subscription.objects.filter(pk=subscription.pk, pending_sent_at=now).update(pending_sent_at=None)
            log.error("a downgrade could not be sent", subscription=str(subscription.pk), exc_info=error)
            continue
        sent += 1
    return sent
