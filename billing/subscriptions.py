"""Subscriptions as their providers describe them: who they belong to, their state, upgrades, their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils import timezone

from billing import cycles, ledger, periods, plans
from billing.models import (
    BillingPeriod,
    Checkout,
    Cycle,
    PaidPeriod,
    PaymentCustomer,
    Plan,
    PlanSeen,
    Provider,
    ProviderEvent,
    Subscription,
    Tier,
)
from billing.provider_events import Held, Waits
from integrations import payments
from integrations.payments.errors import PaymentError
from integrations.payments.types import SubscriptionChanged
from scribe.logs import get_logger

log = get_logger(__name__)

Status = Subscription.Status
STEP = Decimal("0.0001")
TICK = timedelta(microseconds=1)
#: A cycle is a month: what is further away from an event is not its business.
NEIGHBOURHOOD = timedelta(days=32)


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
    """Raises Held when the customer is another organization's. One that nobody is known by is remembered where we had it
    made for this organization (Dodo makes one per first checkout); Paddle's are remembered when they are made, since a
    buyer may name any address there, and with it anybody's customer."""
    if not customer_id:
        return
    rows = PaymentCustomer.objects.filter(provider=provider, external_id=customer_id)
    if provider == Provider.DODO and not rows.exists():
        PaymentCustomer.objects.get_or_create(
            provider=provider, external_id=customer_id, defaults={"organization_id": organization_id}
        )
    if rows.exclude(organization_id=organization_id).exists():
        raise Held(f"The customer {customer_id!r} is another organization's.")


def plan_of_price(subscription: Subscription, price_id: str) -> tuple[Plan, str]:
    """The plan and period that the provider means by this price id. Raises Held when it is none of ours."""
    for plan in Plan.objects.all():
        for period in BillingPeriod.values:
            if price_id and plan.price_id(subscription.provider, period) == price_id:
                return plan, period
    checkout = subscription.checkout
    if checkout is not None and checkout.plan is not None and checkout.price_id == price_id:
        return checkout.plan, checkout.billing_period  # bought at a price that the plan has no more
    raise Held(f"The price {price_id!r} belongs to no plan.")


def changed(event: ProviderEvent, fact: SubscriptionChanged) -> str:
    """Take over a subscription's state if it is the newest known, and let tier, period and standing follow."""
    subscription = of(event.provider, fact.subscription_id) or _find(event, fact)
    ledger.lock(subscription.organization_id)
    subscription.refresh_from_db()  # as of the lock
    event.organization_id = subscription.organization_id
    check_customer(event.provider, fact.customer_id, subscription.organization_id)
    plan, period = subscription.plan, subscription.billing_period
    if fact.price_id:
        plan, period = plan_of_price(subscription, fact.price_id)
    _check(event, fact, subscription)
    if fact.status == Status.ACTIVE:
        PlanSeen.objects.get_or_create(
            subscription=subscription, plan=plan, at=fact.at, organization_id=subscription.organization_id
        )
    if _is_news(subscription, fact):
        outcome = _take_over(subscription, fact, plan, period)
    else:
        outcome = "Older than what is known of this subscription."
    if fact.renewed_by:
        from billing import paid

        paid.renewed(event, subscription, fact.renewed_by, fact.at, plan, period)
    settle_upgrades(subscription, around=fact.at)
    settle_end(subscription)
    return outcome


def _find(event: ProviderEvent, fact: SubscriptionChanged) -> Subscription:
    """The subscription of a checkout of ours: by the transaction that it names, or as the only thing that this
    customer ordered at this price. Raises Waits when neither is known."""
    checkout = checkout_of(event.provider, fact.checkout_id)
    if checkout is None and fact.customer_id:
        customer = PaymentCustomer.objects.filter(provider=event.provider, external_id=fact.customer_id).first()
        if customer is not None:
            taken = Subscription.objects.of(customer.organization_id).exclude(checkout=None).values("checkout")
            ordered = Checkout.objects.of(customer.organization_id).filter(
                provider=event.provider,
                kind=Checkout.Kind.SUBSCRIPTION,
                price_id=fact.price_id,
                external_id__isnull=False,
            )
            checkout = ordered.exclude(pk__in=taken).order_by("-created_at").first()
    if checkout is None or checkout.plan is None:
        raise Waits("No checkout of ours led to this subscription, as far as is known.")
    return begin(checkout, fact.subscription_id, fact.customer_id)


def _check(event: ProviderEvent, fact: SubscriptionChanged, subscription: Subscription) -> None:
    checkout = subscription.checkout
    if fact.quantity != 1:
        raise Held(f"A subscription of {fact.quantity} is no plan of ours.")
    if checkout is not None and checkout.live_mode != event.live_mode:
        raise Held("The event comes from another environment than the checkout.")
    if checkout is not None and fact.currency and fact.currency != checkout.currency:
        raise Held(f"Subscribed in {fact.currency}, ordered in {checkout.currency}.")


def _is_news(subscription: Subscription, fact: SubscriptionChanged) -> bool:
    """Newer than what is known; at the same time an end is not taken back."""
    known = subscription.last_event_at
    if known is None or fact.at > known:
        return True
    over = subscription.status in (Status.CANCELLED, Status.EXPIRED)
    return fact.at == known and not (over and fact.status not in Subscription.ENDED)


def _take_over(subscription: Subscription, fact: SubscriptionChanged, plan: Plan, period: str) -> str:
    subscription.status, subscription.plan, subscription.billing_period = fact.status, plan, period
    subscription.customer_id = fact.customer_id or subscription.customer_id
    subscription.period_ends_at = fact.period_ends_at or subscription.period_ends_at
    subscription.cancel_at_period_end = fact.cancel_at_period_end
    subscription.last_event_at = fact.at
    subscription.ended_at = (fact.ended_at or fact.at) if fact.status in Subscription.ENDED else None
    if fact.scheduled_price_id:
        subscription.pending_plan, subscription.pending_period = plan_of_price(subscription, fact.scheduled_price_id)
    happened = (subscription.pending_plan_id, subscription.pending_period) == (plan.pk, period)
    if happened or fact.scheduled_price_id == "" or fact.status in Subscription.ENDED:
        subscription.pending_plan, subscription.pending_period, subscription.pending_sent_at = None, "", None
    subscription.end_settled = subscription.end_settled and fact.status in Subscription.ENDED
    subscription.save()
    if fact.status in Subscription.ENDED:
        return f"The subscription is {fact.status}."
    follow(subscription)
    return f"The subscription is {fact.status} on {plan.pk}, {period}."


def paid(subscription: Subscription, plan: Plan, period: str, paid_at: datetime) -> None:
    """A payment of this plan is word of the subscription's state too, unless newer word is known."""
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
        if period.holds(now) and _upgrade_taken_back(subscription, period.begins_at, period.ends_at):
            return period.plan
    return subscription.plan


def _upgrade_taken_back(subscription: Subscription, begins: datetime, ends: datetime) -> bool:
    """Whether an upgrade between these times was paid, and every such payment was taken back."""
    payments_ = subscription.payments.filter(kind="plan_change", paid_at__gte=begins, paid_at__lt=ends).exclude(
        status="failed"
    )
    taken = [payment.taken_back for payment in payments_.prefetch_related("refunds")]
    return bool(taken) and all(taken)


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
    to_free(
        subscription.organization_id,
        key=f"plan_end:{subscription.external_id}:{at:%Y%m%dT%H%M%S%f}",
        reason="The subscription has ended",
    )


def to_free(organization: Any, *, key: str, reason: str) -> None:
    """Start a cycle of the Free plan, from now on by the calendar. Who is there already stays in the running month."""
    wallet = ledger.lock(organization)
    if wallet.plan_id == Tier.FREE and wallet.paid_until is None:
        return
    cycles.start(
        organization=organization,
        key=key[:120],
        source=Cycle.Source.PLAN_END,
        plan=plans.free(),
        at=timezone.now(),
        description=reason,
    )
    wallet = ledger.lock(organization)
    wallet.overdue_since, wallet.dunning_stage = None, 0
    wallet.save(update_fields=["overdue_since", "dunning_stage"])


def settle_upgrades(subscription: Subscription, *, around: datetime) -> None:
    """Grant, per cycle, what the plans seen within it have more than the cycle's own, in proportion to what was left of
    the cycle when each was first seen. What was granted already is not granted again.

    It follows from what was seen and paid alone, so the order in which the events came does not matter. `around` is the
    time of the event that brought news: it concerns the cycle that it falls into or starts, no other.
    """
    near = (around - NEIGHBOURHOOD, around + NEIGHBOURHOOD)
    seen_near = list(subscription.plans_seen.filter(at__range=near).select_related("plan").order_by("at"))
    paid = subscription.payments.filter(kind__in=("first", "renewal")).exclude(status="failed")
    first = paid.order_by("paid_at").values_list("paid_at", flat=True).first()
    if first is None or not seen_near:
        return
    started = list(
        Cycle.objects.of(subscription.organization_id)
        .filter(
            source__in=(Cycle.Source.PAYMENT, Cycle.Source.MONTH),
            started_at__gte=max(first, near[0] - NEIGHBOURHOOD),
            started_at__lte=near[1],
        )
        .order_by("started_at")
    )
    for at, cycle in enumerate(started):
        ends = cycles.months_after(cycle.started_at, 1)
        if at + 1 < len(started):
            ends = min(ends, started[at + 1].started_at)
        # A plan seen in a month whose own cycle is not known yet: its payment will bring it here again.
        within = [seen for seen in seen_near if cycle.started_at <= seen.at < ends]
        if within and not _taken_back(subscription, cycle):
            _grant_upgrades(cycle, within)


def _taken_back(subscription: Subscription, cycle: Cycle) -> bool:
    """Whether the money for this cycle, or for the upgrades within its period, was taken back."""
    for period in PaidPeriod.objects.of(cycle.organization_id).filter(
        begins_at__lte=cycle.started_at, ends_at__gt=cycle.started_at
    ):
        if period.taken_back_at or _upgrade_taken_back(subscription, period.begins_at, period.ends_at):
            return True
    return False


def _grant_upgrades(cycle: Cycle, within: list[PlanSeen]) -> None:
    """`within` is in order of time. The month counts as from its start to the same day of the next."""
    began, ends = cycle.started_at, cycles.months_after(cycle.started_at, 1)
    highest = target = cycles.granted_first(cycle)
    name = ""
    for seen in within:
        more = seen.plan.monthly_xct - highest
        if more > 0 and seen.plan_id != cycle.plan_id:
            left = more * ((ends - seen.at) // TICK) / ((ends - began) // TICK)  # whole numbers: no float near money
            target += left.quantize(STEP, rounding=ROUND_DOWN)
            highest, name = seen.plan.monthly_xct, seen.plan.name
    if target > cycle.allotment:
        cycles.top_to(
            cycle=cycle, target=target, key=f"upgrade:{cycle.key}:{target:f}", description=f"Upgrade to the plan {name}"
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


def ask_about_silent(*, now: datetime | None = None) -> int:
    """Ask providers about live subscriptions whose period ended a day ago without a word: a webhook may be lost."""
    from billing import provider_events

    now = now or timezone.now()
    silent = Subscription.objects.live().filter(period_ends_at__lt=now - timedelta(days=1)).exclude(provider="bank")
    asked = 0
    for subscription in silent:
        if not payments.provider(subscription.provider).configured:
            continue
        try:
            provider_events.fetch(subscription, now=now)
            asked += 1
        except PaymentError as error:
            log.warning("a provider could not be asked", subscription=str(subscription.pk), reason=error.detail)
    return asked
