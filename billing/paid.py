"""Payments received. Each is compared with its price, stored once, and grants once what its checkout or its plan names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts import notifications
from billing import ledger, notices, refunds, settlement, subscriptions
from billing.decisions import DAY, NEAR_THE_END, change_price, upgrades
from billing.errors import NeedsStaff, NotYetKnown
from billing.models import (
    Balance,
    BillingPeriod,
    Checkout,
    Entry,
    PaidPeriod,
    Payment,
    Plan,
    PlanSeen,
    ProviderEvent,
    Subscription,
    Wallet,
)
from billing.months import months_after
from integrations.payments.types import PaymentFailed, PaymentSucceeded

CYCLE_KINDS = (Payment.Kind.FIRST, Payment.Kind.RENEWAL)


@dataclass(frozen=True)
class Purchase:
    """What a payment is for. `plan` is the plan whose period it buys, if any; `expected_minor` the price before tax in minor
    units (None: there is no price to compare with), `price_minor` what the next period costs."""

    kind: str
    checkout: Checkout | None
    subscription: Subscription | None
    plan: Plan | None
    billing_period: str
    expected_minor: int | None
    price_minor: int | None = None
    compared: bool = True


def succeeded(event: ProviderEvent, fact: PaymentSucceeded) -> str:
    """Compare a payment with its price, record it and grant what it paid for. Returns a sentence that says what was done.

    Raises NotYetKnown, or NeedsStaff for another amount, price, quantity, currency or mode than was ordered.
    """
    known = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    options, wallet = _purchase(event, fact, known)
    net = (fact.amount_minor or 0) - (fact.tax_minor or 0)
    priced = []
    for option in options:
        price = option.expected_minor
        for discount in (event.looked_up or {}).get("discounts", ()) if option.compared else ():
            off = Decimal(discount["percent"]) / 100 * (price or 0) if discount["percent"] else discount["minor"]
            price = None if price is None else max(0, price - int(off))
        priced.append((price, option))
    paid = [(price, option) for price, option in priced if price is not None and price <= net]
    expected, bought = max(paid, key=lambda one: one[0] or 0, default=priced[0])
    subscription, plan = bought.subscription, bought.plan
    noted = ""
    if bought.compared:
        currency = bought.checkout.currency if bought.checkout else "EUR"
        told = fact.amount_minor is not None and fact.currency
        if not event.accepted_at and (not told or expected is None or net < expected or fact.currency != currency):
            raise NeedsStaff(
                "Its amount or currency is not what was ordered." if told else "Its amount is not known.",
                expected="no known price" if expected is None else f"{Decimal(expected) / 100:.2f} {currency}",
                received=f"{Decimal(net) / 100:.2f} {fact.currency}" if told else "unknown",
            )
        if expected is not None and net > expected:
            noted = f" {Decimal(net) / 100:.2f} {fact.currency} came, {Decimal(expected) / 100:.2f} were expected."
    if subscription is None and bought.kind == Payment.Kind.FIRST and fact.subscription_id:
        assert bought.checkout is not None
        subscription = subscriptions.begin(bought.checkout, fact.subscription_id, fact.customer_id)
    payment = known or Payment(provider=event.provider, external_id=fact.payment_id)
    if payment.status in ("", Payment.Status.FAILED):
        payment.kind, payment.paid_at, payment.status = bought.kind, fact.paid_at, Payment.Status.SUCCEEDED
    payment.organization_id = wallet.organization_id
    payment.checkout, payment.subscription = payment.checkout or bought.checkout, payment.subscription or subscription
    payment.amount_minor, payment.tax_minor, payment.currency = fact.amount_minor, fact.tax_minor, fact.currency
    if bought.compared:
        payment.expected_minor = net if event.accepted_at else expected
    payment.invoice_number = fact.invoice_number or payment.invoice_number
    outcome = "Recorded; a payment of this kind grants nothing by itself."
    if bought.kind == Payment.Kind.TOPUP:
        assert bought.checkout is not None
        payment.xct = payment.xct or bought.checkout.packs * bought.checkout.xct_per_pack
        _grant_packs(payment, bought.checkout)
        outcome = f"Granted {payment.xct:f} XCT of top-up."
    elif plan is not None:
        payment.xct = payment.xct or plan.monthly_xct
        outcome = f"Paid the plan {plan.pk}."
    payment.save()
    if subscription is not None and plan is not None:
        newer = subscription.last_event_at is None or fact.paid_at > subscription.last_event_at
        if newer:
            subscription.plan, subscription.billing_period = plan, bought.billing_period
            subscription.last_event_at = fact.paid_at
        if subscription.status == "pending" or (newer and subscription.status in Subscription.OVERDUE):
            subscription.status = Subscription.Status.ACTIVE
        subscription.save(update_fields=["plan", "billing_period", "last_event_at", "status"])
    if bought.checkout is not None and bought.checkout.completed_at is None:
        bought.checkout.completed_at = fact.paid_at
        bought.checkout.save(update_fields=["completed_at"])
    period = None
    if plan is not None:
        yearly = bought.billing_period == BillingPeriod.YEARLY
        period, _ = PaidPeriod.objects.get_or_create(
            organization_id=payment.organization_id,
            key=payment.cycle_key,
            defaults={
                "plan": plan,
                "billing_period": bought.billing_period or BillingPeriod.MONTHLY,
                "begins_at": payment.paid_at,
                "ends_at": months_after(payment.paid_at, 12 if yearly else 1),
                "subscription": subscription,
                "allotment": plan.monthly_xct,
                "price_minor": net if event.accepted_at else bought.price_minor,
                "kept": 1,
            },
        )
    if bought.kind != Payment.Kind.TOPUP:
        base = settlement.settle(payment.organization_id, bought=period, around=payment.paid_at).base
        if bought.kind == Payment.Kind.PLAN_CHANGE and period is not None:
            refunds.follow_credit(payment)
        if period is not None and (base is None or base.pk != period.pk):
            outcome = f"Paid the plan {period.plan_id}, which is over or below the one in force."
    return outcome + noted


def _purchase(event: ProviderEvent, fact: PaymentSucceeded, known: Payment | None) -> tuple[list[Purchase], Wallet]:
    """What the payment is for (the likeliest first, where its amount must tell), with the organization's wallet, locked."""
    orders = Checkout.objects.filter(provider=event.provider, external_id=fact.checkout_id)
    rows_ = Subscription.objects.select_related("plan", "pending_plan", "checkout", "organization")
    described = rows_.filter(provider=event.provider, external_id=fact.subscription_id)
    checkout = orders.first() if fact.checkout_id else None
    subscription = described.first() if fact.subscription_id else None
    if checkout is None and subscription is not None and fact.kind == "checkout":
        checkout = subscription.checkout
    source = checkout or subscription
    if source is None:
        raise NotYetKnown("No checkout or subscription of ours is known by these ids.")
    wallet = ledger.lock(source.organization_id)
    event.organization_id = source.organization_id
    subscriptions.check_customer(event.provider, fact.customer_id, source.organization_id)
    ordered = checkout or (subscription.checkout if subscription else None)
    if ordered is not None and (ordered.provider != event.provider or ordered.live_mode != event.live_mode):
        raise NeedsStaff("The event comes from another environment than the checkout.")
    recorded = known is not None and known.status != Payment.Status.FAILED
    if known is not None and recorded:
        kind = known.kind
    elif fact.kind == "checkout":
        if checkout is None:
            raise NotYetKnown("The checkout of this payment is not known.")
        kind = Payment.Kind.TOPUP if checkout.kind == Checkout.Kind.TOPUP else Payment.Kind.FIRST
    elif subscription is None:
        raise NotYetKnown("The subscription of this payment is not known.")
    elif fact.kind == "unknown":
        # The event does not say what was charged: the first payment, a renewal by its time, else a proration.
        cycles = subscription.payments.filter(kind__in=CYCLE_KINDS).exclude(status=Payment.Status.FAILED)
        last = cycles.filter(paid_at__lt=fact.paid_at).order_by("-paid_at").first()
        runs = PaidPeriod.objects.of(wallet.organization_id).filter(key=last.cycle_key if last else "")
        within = runs.filter(ends_at__gt=fact.paid_at + NEAR_THE_END).exists()
        kind = Payment.Kind.FIRST if last is None else Payment.Kind.PLAN_CHANGE if within else Payment.Kind.RENEWAL
    else:
        kind = Payment.Kind.RENEWAL if fact.kind == "renewal" else Payment.Kind.PLAN_CHANGE
    rows: dict[str, Any] = {"kind": kind, "checkout": checkout, "subscription": subscription}
    if known is not None and recorded and (known.amount_minor, known.currency) == (fact.amount_minor, fact.currency):
        rows["compared"] = False
        own = PaidPeriod.objects.of(wallet.organization_id).filter(key=known.cycle_key).select_related("plan").first()
        if own is not None or kind == Payment.Kind.PLAN_CHANGE:
            # It was recorded; what the subscription has changed to since is not what it paid for.
            rows |= {"plan": own and own.plan, "billing_period": own.billing_period if own else ""}
            return [Purchase(expected_minor=known.expected_minor, **rows)], wallet
    if fact.kind == "checkout" and checkout is not None:
        if fact.items and fact.items != ((checkout.price_id, checkout.quantity),):
            raise NeedsStaff(f"Paid for {fact.items!r}, ordered {(checkout.price_id, checkout.quantity)!r}.")
        price = subscriptions.ordered_price(checkout)
        rows |= {"plan": checkout.plan, "billing_period": checkout.billing_period}
        return [Purchase(expected_minor=price, price_minor=price, **rows)], wallet
    assert subscription is not None
    if kind == Payment.Kind.PLAN_CHANGE:
        return [_change(fact, subscription, wallet, rows)], wallet
    return _renewal(fact, subscription, rows), wallet


def _renewal(fact: PaymentSucceeded, subscription: Subscription, rows: dict[str, Any]) -> list[Purchase]:
    """What a renewal may be of, the likeliest first: the plan that the event names. Else the one that was to follow with it,
    that of the subscription when it was paid, or one that was seen on the day after."""
    organization_id, at = subscription.organization_id, fact.paid_at
    periods = PaidPeriod.objects.of(organization_id).filter(subscription=subscription).select_related("plan")
    if fact.items:
        if len(fact.items) != 1 or fact.items[0][1] != 1:
            raise NeedsStaff(f"A renewal of {fact.items!r} is no plan of ours.")
        options = [subscriptions.plan_of_price(subscription, fact.items[0][0])]
    else:
        seen = PlanSeen.objects.of(organization_id).filter(subscription=subscription, at__lte=at + DAY)
        told = [(row.at, row.plan, row.period) for row in seen.select_related("plan", "subscription")]
        told += [(row.begins_at, row.plan, row.billing_period) for row in periods if row.begins_at < at]
        told.sort(key=lambda one: one[0])
        before = [(plan, period) for when, plan, period in told if when <= at]
        options = before[-1:] + [(plan, period) for when, plan, period in told if when > at]
        if subscription.pending_plan:
            options.insert(0, (subscription.pending_plan, subscription.pending_period or subscription.billing_period))
    ordered, found = subscription.checkout, []
    for plan, period in options or [(subscription.plan, subscription.billing_period)]:
        same = [row for row in periods if (row.plan_id, row.billing_period) == (plan.pk, period)]
        price = next((row.price_minor for row in reversed(same) if row.price_minor is not None), None)
        if price is None and ordered is not None and (ordered.plan_id, ordered.billing_period) == (plan.pk, period):
            price = subscriptions.ordered_price(ordered)
        price = plan.price_minor(period) if price is None else price
        found.append(Purchase(plan=plan, billing_period=period, expected_minor=price, price_minor=price, **rows))
    return found


def _change(fact: PaymentSucceeded, subscription: Subscription, wallet: Wallet, rows: dict[str, Any]) -> Purchase:
    """The change of plan that the payment is for. One to another billing period buys a period of its own."""
    known = settlement.read(wallet, fact.paid_at)
    within = [
        period
        for period in known.periods
        if period.subscription_id == subscription.pk and period.begins_at <= fact.paid_at < period.ends_at
    ]
    base = next(
        (period for period in reversed(within) if period.key != f"payment:{subscription.provider}:{fact.payment_id}"),
        None,
    )
    if base is None:
        raise NotYetKnown("The period that this payment changes is not known.")
    me = Payment(
        provider=subscription.provider,
        external_id=fact.payment_id,
        subscription=subscription,
        paid_at=fact.paid_at,
        amount_minor=fact.amount_minor,
    )
    others = [payment for payment in known.prorations if payment.external_id != fact.payment_id]
    made = upgrades(base, known.seen, [*others, me], known.at)
    mine = next((upgrade for upgrade in made if upgrade.payment is me), None)
    seen = PlanSeen.objects.of(subscription.organization_id).filter(
        subscription=subscription, at__gte=base.begins_at, at__lt=base.ends_at
    )
    to_others = [row for row in seen.select_related("plan", "subscription") if row.period != base.billing_period]
    nearest = min(to_others, key=lambda row: abs(row.at - fact.paid_at), default=None)
    if nearest and (mine is None or abs(nearest.at - fact.paid_at) <= abs(mine.seen.at - fact.paid_at)):
        before = [upgrade.seen.plan for upgrade in made if upgrade.payment not in (None, me)]
        plan, period = nearest.plan, nearest.period
        expected = change_price(base, before[-1] if before else base.plan, plan, period, fact.paid_at)
        return Purchase(
            plan=plan, billing_period=period, expected_minor=expected, price_minor=plan.price_minor(period), **rows
        )
    if not made and fact.amount_minor:
        raise NotYetKnown("No change of plan is known that this payment is for.")
    expected = change_price(base, mine.before, mine.seen.plan, base.billing_period, mine.seen.at) if mine else 0
    return Purchase(plan=None, billing_period="", expected_minor=expected, **rows)


def _grant_packs(payment: Payment, checkout: Checkout) -> None:
    with ledger.book(payment.organization_id) as book:
        if not book.posted(payment.cycle_key):
            book.post(
                Balance.TOPUP,
                payment.xct,
                Entry.Type.TOPUP,
                key=payment.cycle_key,
                description=f"{checkout.packs} top-up pack{'s' if checkout.packs != 1 else ''}",
                by=checkout.created_by_id,
            )
            notices.after_credit(book.wallet)


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
