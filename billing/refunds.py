"""Refunds and chargebacks take back what the payment gave, once each: the XCT (what was spent already becomes a debt), the
period, and the plan unless another payment covers it."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from billing import cycles, ledger, notices, periods, subscriptions
from billing.amounts import xct
from billing.errors import NotYetKnown
from billing.models import Balance, Cycle, Entry, PaidPeriod, Payment, ProviderEvent, Refund, Subscription
from billing.models.wallet import ZERO
from integrations.payments.types import Refunded


def apply(event: ProviderEvent, fact: Refunded) -> str:
    """Take back (or, when a chargeback was won, give back) what the payment gave."""
    payment = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    if payment is None or payment.status == Payment.Status.FAILED:
        raise NotYetKnown("The refunded payment is not known.")
    event.organization_id = payment.organization_id
    with ledger.book(payment.organization_id) as book:
        refund, is_new = Refund.objects.get_or_create(
            provider=event.provider,
            external_id=fact.refund_id,
            defaults={
                "organization_id": payment.organization_id,
                "payment": payment,
                "amount_minor": fact.amount_minor,
                "chargeback": fact.chargeback,
                "reverses": fact.reverses,
                "refunded_at": fact.at,
            },
        )
        if not is_new:
            return "This refund was applied before."
        net = _net_taken(payment)
        if fact.reverses:
            amount = net
            _give(book, amount, refund)
        else:
            amount = _to_take(payment, fact.amount_minor, taken_before=net)
            _take(book, amount, refund, payment)
        refund.xct = amount
        refund.save(update_fields=["xct"])
        payment.status = Payment.Status.SUCCEEDED if fact.reverses else Payment.Status.REFUNDED
        payment.save(update_fields=["status"])
    _settle_plan(payment, refund)
    return f"{'Gave' if fact.reverses else 'Took'} back {amount:f} XCT."


def _net_taken(payment: Payment) -> Decimal:
    """The XCT that earlier refunds took, less what their reversals gave back."""
    taken = payment.refunds.filter(reverses=False).aggregate(total=Sum("xct"))["total"] or ZERO
    given = payment.refunds.filter(reverses=True).aggregate(total=Sum("xct"))["total"] or ZERO
    return taken - given


def _cycles_paid(payment: Payment) -> list[str]:
    """The keys of the cycles that the payment paid for: its own, and for a year's payment the months that followed. For an
    upgrade: that of its time and those that followed within the period that it fell into."""
    if payment.kind == Payment.Kind.PLAN_CHANGE:
        period = _upgraded(payment)
        started = periods.cycles_of(period) if period else []
        before = [cycle for cycle in started if cycle.started_at <= payment.paid_at][-1:]
        return [cycle.key for cycle in (*before, *(cycle for cycle in started if cycle.started_at > payment.paid_at))]
    period = periods.of(payment.organization_id, payment.cycle_key)
    if payment.kind == Payment.Kind.TOPUP or period is None:
        return [payment.cycle_key]
    return [cycle.key for cycle in periods.cycles_of(period)] or [payment.cycle_key]


def _upgraded(payment: Payment) -> PaidPeriod | None:
    """The paid period that an upgrade's payment fell into."""
    rows = PaidPeriod.objects.of(payment.organization_id).filter(
        begins_at__lte=payment.paid_at, ends_at__gt=payment.paid_at
    )
    return rows.select_related("plan").order_by("-begins_at").first()


def _given(payment: Payment, keys: list[str]) -> Decimal:
    """The XCT that the payment brought, expired or not."""
    if payment.kind == Payment.Kind.TOPUP:
        return payment.xct
    if payment.kind != Payment.Kind.PLAN_CHANGE:
        granted, _ = periods.left(payment.organization_id, keys)
        return min(granted, payment.xct * len(keys))
    period = _upgraded(payment)
    if period is None:
        return ZERO
    total = ZERO
    for cycle in Cycle.objects.of(payment.organization_id).filter(key__in=keys):
        before_it = min(cycles.granted_first(cycle), period.plan.monthly_xct)
        total += max(ZERO, cycle.allotment - before_it)
    # Several upgrades of one period share what they brought in proportion to what they cost.
    upgrades = Payment.objects.of(payment.organization_id).filter(
        kind=Payment.Kind.PLAN_CHANGE, paid_at__gte=period.begins_at, paid_at__lt=period.ends_at
    )
    money = upgrades.exclude(status=Payment.Status.FAILED).aggregate(total=Sum("amount_minor"))["total"]
    if money and payment.amount_minor and payment.amount_minor < money:
        return xct(total * payment.amount_minor / money)
    return total


def _to_take(payment: Payment, amount_minor: int | None, *, taken_before: Decimal) -> Decimal:
    """The XCT that this part of the money paid for; at most what the payment gave, and has neither expired nor been
    taken back before."""
    keys = _cycles_paid(payment)
    granted = left = _given(payment, keys)
    if payment.kind != Payment.Kind.TOPUP:
        _, left = periods.left(payment.organization_id, keys)
        left = min(left, granted)
    whole = payment.amount_minor
    if amount_minor and whole and amount_minor < whole:
        granted = xct(granted * Decimal(amount_minor) / Decimal(whole))
    return max(ZERO, min(granted, left - taken_before))


def _settle_plan(payment: Payment, refund: Refund) -> None:
    """Let plan and periods follow when all of a payment's money is gone, or has come back."""
    organization_id, subscription = payment.organization_id, payment.subscription
    if payment.kind in (Payment.Kind.FIRST, Payment.Kind.RENEWAL):
        if refund.reverses:
            periods.give_back(organization_id, payment.cycle_key)
        elif not payment.taken_back or not periods.take_back(organization_id, payment.cycle_key):
            return
        if not refund.reverses or subscription is None or subscription.status not in Subscription.ENDED:
            key = f"plan_end:refund:{refund.provider}:{refund.external_id}"[:120]
            periods.settle(organization_id, key=key, reason="The payment for the plan was taken back")
    if subscription is not None and payment.kind != Payment.Kind.TOPUP:
        subscriptions.follow(subscription)


def _take(book: ledger.Book, amount: Decimal, refund: Refund, payment: Payment) -> None:
    """Take XCT from the balance that the payment credited, and the rest from top-ups."""
    wallet = book.wallet
    kind = "Chargeback" if refund.chargeback else "Refund"
    from_subscription = ZERO
    if payment.kind != Payment.Kind.TOPUP and wallet.cycle_key in _cycles_paid(payment):
        from_subscription = min(amount, wallet.subscription_balance - wallet.expiring)
    book.take_back(
        amount,
        from_subscription=from_subscription,
        key=f"refund:{refund.provider}:{refund.external_id}",
        description=f"{kind} of payment {payment.external_id}",
    )


def _give(book: ledger.Book, amount: Decimal, refund: Refund) -> None:
    if amount > 0:
        book.post(
            Balance.TOPUP,
            amount,
            Entry.Type.REFUND,
            key=f"refund:{refund.provider}:{refund.external_id}:{Balance.TOPUP}",
            description=f"Chargeback taken back: payment {refund.payment.external_id}",
        )
        notices.after_credit(book.wallet)
