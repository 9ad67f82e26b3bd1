"""Subscriptions as their providers describe them: who they belong to, their state, their end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import Organization
from billing.errors import NeedsStaff
from billing.models import (
    FREE,
    BillingPeriod,
    Checkout,
    Payment,
    PaymentCustomer,
    Plan,
    Subscription,
    TopupPack,
    Wallet,
)
from billing.upgrades import ENOUGH
from integrations import payments
from scribe.logs import get_logger

log = get_logger(__name__)


def checkout_of(provider: str, external_id: str) -> Checkout | None:
    return Checkout.objects.filter(provider=provider, external_id=external_id).first() if external_id else None


def find_subscription(provider: str, external_id: str) -> Subscription | None:
    rows = Subscription.objects.select_related("plan", "pending_plan", "checkout", "organization")
    return rows.filter(provider=provider, external_id=external_id).first() if external_id else None


def current(organization: Organization | UUID) -> Subscription | None:
    """The organization's live subscription; the newest, should there be several."""
    rows = Subscription.objects.of(organization).live().select_related("plan", "pending_plan")
    return rows.order_by("-created_at").first()


def is_refunded(live: Subscription) -> bool:
    """Whether its money went back, so that it brings no plan until it is charged again."""
    now = timezone.now()
    running = live.periods.filter(begins_at__lte=now, ends_at__gt=now, kept__lt=ENOUGH)
    return running.exists() and Wallet.objects.filter(organization=live.organization_id, plan=FREE).exists()


def create(checkout: Checkout, external_id: str, customer_id: str) -> Subscription:
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
    Payment.objects.filter(checkout=checkout, subscription=None).update(subscription=subscription)
    return subscription


def check_customer(provider: str, customer_id: str, organization_id: UUID) -> None:
    """Raises NeedsStaff when the customer is another organization's. One that nobody is known by is remembered where the
    provider itself makes one per first checkout; the others are remembered when we make them, since a buyer may name any
    address there, and with it anybody's customer."""
    if not customer_id:
        return
    rows = PaymentCustomer.objects.filter(provider=provider, external_id=customer_id)
    if payments.PROVIDERS[provider].makes_customers and not rows.exists():
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


def ordered_price(checkout: Checkout) -> int | None:
    """What the checkout costs in minor units before tax: as frozen when it was made, or else by today's list."""
    if checkout.expected_minor is not None:
        return checkout.expected_minor
    if checkout.plan is not None:
        return checkout.plan.price_minor(checkout.billing_period)
    pack = TopupPack.objects.filter(xct=checkout.xct_per_pack).first() or TopupPack.current()
    return int(pack.price_eur * checkout.packs * 100)


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
