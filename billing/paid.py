"""Payments received. Each is stored once, and grants once what its checkout or its plan names."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import notifications
from billing import cycles, ledger, notices, periods, subscriptions, upgrades
from billing.errors import NeedsStaff, NotYetKnown
from billing.models import Balance, BillingPeriod, Checkout, Cycle, Entry, Payment, Plan, ProviderEvent, Subscription
from billing.models.wallet import ZERO
from integrations.payments.types import PaymentFailed, PaymentSucceeded

CYCLE_KINDS = (Payment.Kind.FIRST, Payment.Kind.RENEWAL)
#: A payment whose event does not say its kind is a renewal when it comes this close to the period's end.
NEAR_THE_END = timedelta(days=3)


def succeeded(event: ProviderEvent, fact: PaymentSucceeded) -> str:
    """Record a payment and grant what it paid for. Returns a sentence that says what was done."""
    known = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    checkout = subscriptions.checkout_of(event.provider, fact.checkout_id)
    subscription = subscriptions.of(event.provider, fact.subscription_id)
    if checkout is None and subscription is not None and fact.kind == "checkout":
        checkout = subscription.checkout
    source = checkout or subscription
    if source is None:
        raise NotYetKnown("No checkout or subscription of ours is known by these ids.")
    ledger.lock(source.organization_id)
    event.organization_id = source.organization_id
    subscriptions.check_customer(event.provider, fact.customer_id, source.organization_id)
    kind = _kind(fact, checkout, subscription)
    if kind in CYCLE_KINDS or kind == Payment.Kind.TOPUP:
        _check(event, fact, checkout if fact.kind == "checkout" else None, subscription)
    if kind == Payment.Kind.FIRST and subscription is None and fact.subscription_id:
        assert checkout is not None
        subscription = subscriptions.begin(checkout, fact.subscription_id, fact.customer_id)
    payment = known or Payment(provider=event.provider, external_id=fact.payment_id, kind=kind, paid_at=fact.paid_at)
    if known is not None and known.status == Payment.Status.FAILED:
        payment.kind, payment.paid_at = kind, fact.paid_at
    payment.organization_id = source.organization_id
    payment.checkout, payment.subscription = checkout or payment.checkout, subscription or payment.subscription
    payment.amount_minor, payment.currency = fact.amount_minor, fact.currency
    payment.invoice_number = fact.invoice_number or payment.invoice_number
    if payment.status != Payment.Status.REFUNDED:
        payment.status = Payment.Status.SUCCEEDED
    if kind == Payment.Kind.TOPUP:
        assert checkout is not None
        outcome = _grant_packs(payment, checkout)
    elif kind in CYCLE_KINDS:
        plan, period = _plan_paid(fact, checkout, subscription)
        outcome = start_cycle(payment, plan, period)
    else:
        outcome = "Recorded; a payment of this kind grants nothing by itself."
        payment.save()
    if checkout is not None and checkout.completed_at is None:
        checkout.completed_at = fact.paid_at
        checkout.save(update_fields=["completed_at"])
    if subscription is not None:
        upgrades.settle(subscription, around=payment.paid_at)
        subscriptions.settle_end(subscription)
    return outcome


def _kind(fact: PaymentSucceeded, checkout: Checkout | None, subscription: Subscription | None) -> str:
    if fact.kind == "checkout":
        if checkout is None:
            raise NotYetKnown("The checkout of this payment is not known.")
        return Payment.Kind.TOPUP if checkout.kind == Checkout.Kind.TOPUP else Payment.Kind.FIRST
    if fact.kind == "plan_change":
        return Payment.Kind.PLAN_CHANGE
    if subscription is None:
        raise NotYetKnown("The subscription of this payment is not known.")
    if fact.kind == "renewal":
        return Payment.Kind.RENEWAL
    # The event does not say what was charged: the first payment, a renewal by its time, else a proration.
    if not subscription.payments.filter(kind__in=CYCLE_KINDS).exists():
        return Payment.Kind.FIRST
    ends = subscription.period_ends_at
    return Payment.Kind.RENEWAL if ends and fact.paid_at >= ends - NEAR_THE_END else Payment.Kind.PLAN_CHANGE


def _check(
    event: ProviderEvent, fact: PaymentSucceeded, checkout: Checkout | None, subscription: Subscription | None
) -> None:
    """Raises NeedsStaff unless price, quantity, currency and mode agree with what was ordered."""
    ordered = checkout or (subscription.checkout if subscription else None)
    if ordered is not None:
        if ordered.provider != event.provider or ordered.live_mode != event.live_mode:
            raise NeedsStaff("The event comes from another environment than the checkout.")
        if fact.currency and fact.currency != ordered.currency:
            raise NeedsStaff(f"Paid in {fact.currency}, ordered in {ordered.currency}.")
    if checkout is not None and fact.items and fact.items != ((checkout.price_id, checkout.quantity),):
        raise NeedsStaff(f"Paid for {fact.items!r}, ordered {(checkout.price_id, checkout.quantity)!r}.")


def _plan_paid(
    fact: PaymentSucceeded, checkout: Checkout | None, subscription: Subscription | None
) -> tuple[Plan, str]:
    """The plan and period that this payment pays: of the checkout, of the price that it names, of the subscription."""
    if fact.kind == "checkout" and checkout is not None:
        assert checkout.plan is not None
        return checkout.plan, checkout.billing_period
    assert subscription is not None
    if fact.items:
        if len(fact.items) != 1 or fact.items[0][1] != 1:
            raise NeedsStaff(f"A renewal of {fact.items!r} is no plan of ours.")
        return subscriptions.plan_of_price(subscription, fact.items[0][0])
    ends = subscription.period_ends_at
    if subscription.pending_plan and ends and fact.paid_at >= ends - NEAR_THE_END:
        return subscription.pending_plan, subscription.pending_period or subscription.billing_period
    return subscription.plan, subscription.billing_period


def _grant_packs(payment: Payment, checkout: Checkout) -> str:
    amount = checkout.packs * checkout.xct_per_pack
    key = payment.cycle_key
    with ledger.book(payment.organization_id) as book:
        if not book.posted(key):
            book.post(
                Balance.TOPUP,
                amount,
                Entry.Type.TOPUP,
                key=key,
                description=f"{checkout.packs} top-up pack{'s' if checkout.packs != 1 else ''}",
                by=checkout.created_by_id,
            )
            notices.after_credit(book.wallet)
        payment.xct = amount
        payment.save()
    return f"Granted {amount:f} XCT of top-up."


def start_cycle(payment: Payment, plan: Plan, period: str) -> str:
    """Start the cycle that `payment` pays for, once per payment; one that is over already grants and expires at once."""
    subscription = payment.subscription
    late = subscription is not None and _is_late(subscription, payment.paid_at)
    payment.xct = payment.xct or plan.monthly_xct
    payment.save()
    if subscription is not None and not late:
        subscriptions.paid(subscription, plan, period, payment.paid_at)
    paid_until = _paid_until(subscription, period, payment.paid_at)
    periods.record(
        payment.organization_id,
        key=payment.cycle_key,
        plan=plan,
        billing_period=period,
        begins_at=payment.paid_at,
        ends_at=paid_until if not late else _paid_until(None, period, payment.paid_at),
    )
    cycles.start(
        organization=payment.organization_id,
        key=payment.cycle_key,
        source=Cycle.Source.PAYMENT,
        plan=plan,
        at=payment.paid_at,
        late=late,
        paid_until=paid_until,
        billing_period=period,
        description=f"Plan {plan.name}: month paid",
    )
    if subscription is not None and not late:
        subscriptions.follow(subscription)
    return (
        f"Granted the allotment of {plan.pk}." if not late else f"Granted the allotment of {plan.pk}, which was over."
    )


def _is_late(subscription: Subscription, paid_at: datetime) -> bool:
    """Whether a later payment of this subscription, or its end, is known already."""
    later = subscription.payments.filter(kind__in=CYCLE_KINDS, paid_at__gt=paid_at).exclude(
        status=Payment.Status.FAILED
    )
    ended = subscription.status in Subscription.ENDED and subscription.ended_at and subscription.ended_at > paid_at
    return bool(ended) or later.exists()


def _paid_until(subscription: Subscription | None, period: str, paid_at: datetime) -> datetime:
    ends = subscription.period_ends_at if subscription else None
    by_calendar = cycles.months_after(paid_at, 12 if period == BillingPeriod.YEARLY else 1)
    return ends if ends and ends > paid_at + timedelta(days=1) else by_calendar


def renewed(
    event: ProviderEvent, subscription: Subscription, payment_id: str, paid_at: datetime, plan: Plan, period: str
) -> None:
    """Record a renewal of `plan` that the subscription's event reports. The payment's own event may not have arrived yet."""
    payment, is_new = Payment.objects.get_or_create(
        provider=event.provider,
        external_id=payment_id,
        defaults={
            "organization_id": subscription.organization_id,
            "subscription": subscription,
            "kind": Payment.Kind.RENEWAL,
            "status": Payment.Status.SUCCEEDED,
            "paid_at": paid_at,
        },
    )
    if payment.xct > ZERO:
        return
    if not is_new:
        payment.kind, payment.status = Payment.Kind.RENEWAL, Payment.Status.SUCCEEDED
        payment.subscription = subscription
    start_cycle(payment, plan, period)


def failed(event: ProviderEvent, fact: PaymentFailed) -> str:
    """Record a failed payment and tell the organization. A failed payment alone does not cut off access."""
    source = subscriptions.of(event.provider, fact.subscription_id) or subscriptions.checkout_of(
        event.provider, fact.checkout_id
    )
    if source is None:
        raise NotYetKnown("No checkout or subscription of ours is known by these ids.")
    event.organization_id = source.organization_id
    subscription = source if isinstance(source, Subscription) else None
    payment, is_new = Payment.objects.get_or_create(
        provider=event.provider,
        external_id=fact.payment_id or f"failed:{event.event_id}",
        defaults={
            "organization_id": source.organization_id,
            "subscription": subscription,
            "checkout": None if subscription else source,
            "kind": Payment.Kind.RENEWAL if subscription else Payment.Kind.OTHER,
            "status": Payment.Status.FAILED,
            "amount_minor": fact.amount_minor,
            "currency": fact.currency,
            "paid_at": fact.failed_at,
        },
    )
    if not is_new and payment.status != Payment.Status.FAILED:
        return "It succeeded meanwhile."
    if subscription is not None:
        notifications.notify(
            organization=source.organization,
            kind="payment_failed",
            title="A payment failed",
            body="The payment for your plan did not go through. Please check the payment method.",
            data={"provider": event.provider, "payment_id": fact.payment_id},
            key=f"payment_failed:{event.provider}:{fact.payment_id}",
        )
    return "Recorded as failed."
