"""Refunds and chargebacks take back what the payment gave: the XCT (what was spent already becomes a debt), the period, and the
plan unless another payment covers it. What comes back after all is given again.

What was granted less what was taken is always the part of the money that was kept, in whatever order its events come.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from billing import ledger, notices, settlement
from billing.amounts import xct
from billing.errors import NeedsStaff, NotYetKnown
from billing.models import Balance, Cycle, Entry, PaidPeriod, Payment, ProviderEvent, Refund, Wallet
from billing.models.wallet import ZERO
from billing.months import months_after
from integrations.payments.types import Refunded


def apply(event: ProviderEvent, fact: Refunded) -> str:
    """Record money that went back (or came again), and let XCT, period and plan follow."""
    payment = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    if payment is None or payment.status == Payment.Status.FAILED:
        raise NotYetKnown("The refunded payment is not known.")
    event.organization_id = payment.organization_id
    if fact.currency and payment.currency and fact.currency != payment.currency and not event.accepted_at:
        told = "all" if fact.amount_minor is None else fact.amount_minor
        raise NeedsStaff(
            "Its currency is not that of its payment.",
            expected=f"{Decimal(payment.amount_minor or 0) / 100:.2f} {payment.currency}",
            received=f"{told} in minor units of {fact.currency}"[:40],
        )
    kind = "Chargeback" if fact.chargeback else "Refund"
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
        if not is_new and fact.at <= refund.refunded_at:
            return "This refund was applied before."
        # A dispute may be lost, won, and lost again.
        refund.refunded_at = max(refund.refunded_at, fact.at)
        refund.save(update_fields=["refunded_at"])
        key = f"refund:{refund.provider}:{refund.external_id}" + ("" if is_new else f":{book.wallet.last_number + 1}")
        payment.status = Payment.Status.SUCCEEDED if payment.kept == 1 else Payment.Status.REFUNDED
        payment.save(update_fields=["status"])
    amount = _follow(payment, refund, key, kind)
    if payment.subscription_id:
        changes = Payment.objects.filter(subscription=payment.subscription_id, kind=Payment.Kind.PLAN_CHANGE)
        for change in changes.filter(paid_at__gt=payment.paid_at).order_by("paid_at"):
            follow_credit(change)
    return f"{'Gave' if amount < 0 else 'Took'} back {abs(amount):f} XCT."


def follow_credit(change: Payment) -> None:
    """Let what a change of plan bought follow the money of the period that it was credited with. A refund of nothing writes
    down the XCT that this took."""
    if share(change) == change.kept and not change.refunds.filter(external_id__startswith=Refund.CREDIT).exists():
        return
    refund, _ = Refund.objects.get_or_create(
        provider=change.provider,
        external_id=f"{Refund.CREDIT}{change.pk}",
        defaults={
            "organization_id": change.organization_id,
            "payment": change,
            "amount_minor": 0,
            "refunded_at": change.paid_at,
        },
    )
    number = ledger.lock(change.organization_id).last_number + 1
    _follow(change, refund, f"refund:{refund.provider}:{refund.external_id}:{number}", "Refund of the credit")


def _follow(payment: Payment, refund: Refund, key: str, kind: str) -> Decimal:
    """Let XCT, period and plan follow the money that was kept; the XCT that were taken (negative: given again)."""
    with ledger.book(payment.organization_id) as book:
        amount = unsettled(payment)
        if amount > 0:
            # From the subscription balance if they lie there, the rest from top-ups.
            runs = payment.kind != Payment.Kind.TOPUP and _in_balance(book.wallet, payment)
            there = book.wallet.subscription_balance - book.wallet.expiring if runs else ZERO
            text = f"{kind} of payment {payment.external_id}"
            book.take_back(amount, from_subscription=min(amount, there), key=key, description=text)
        refund.xct += -amount if refund.reverses else amount
        refund.save(update_fields=["xct"])
    period = PaidPeriod.objects.of(payment.organization_id).filter(key=payment.cycle_key).select_related("plan").first()
    if period is not None:
        keep(period, share(payment))
    if payment.kind != Payment.Kind.TOPUP:
        settlement.settle(
            payment.organization_id, around=payment.paid_at, reason="The payment for the plan was taken back"
        )
    if amount < 0:
        with ledger.book(payment.organization_id) as book:
            _give(book, payment, -amount, key, f"{kind} taken back: payment {payment.external_id}")
    return amount


def share(payment: Payment) -> Decimal:
    """The part of what a payment bought whose money was kept. A change of plan to a period of its own was paid for with a
    credit as well, the rest of the period before: of that, what was kept of its money counts."""
    kept = payment.kept
    if payment.kind != Payment.Kind.PLAN_CHANGE or payment.amount_minor is None:
        return kept
    periods = PaidPeriod.objects.of(payment.organization_id)
    own = periods.filter(key=payment.cycle_key, subscription__isnull=False, price_minor__isnull=False).first()
    if own is None:
        return kept
    before = periods.filter(
        subscription=own.subscription_id, begins_at__lt=own.begins_at, ends_at__gt=own.begins_at
    ).order_by("-begins_at")
    base = before.first()
    if base is None or base.kept is None or base.kept == 1:
        return kept
    net, price = payment.amount_minor - (payment.tax_minor or 0), own.price_minor or 0
    credit = max(0, price - net)
    return (kept * (net + credit * base.kept) / max(1, net + credit)).quantize(Decimal("1e-8"))


def _in_balance(wallet: Wallet, payment: Payment) -> bool:
    """Whether XCT of the payment's period lie in the subscription balance."""
    now = timezone.now()
    periods = list(PaidPeriod.objects.of(payment.organization_id).select_related("subscription"))
    mine = [period for period in periods if period.key == payment.cycle_key]
    return any(
        settlement.in_balance(wallet, period, periods, cycle, now)
        for period in mine
        for cycle in settlement.cycles_of(period)
    )


def _give(book: ledger.Book, payment: Payment, amount: Decimal, key: str, text: str) -> None:
    """Give XCT again whose money is there: to each balance what was taken from it, top-ups (they may be a debt) first. Those of
    a month that is over expire with it."""
    before = Q()
    for refund in payment.refunds.all():
        before |= Q(key__startswith=f"refund:{refund.provider}:{refund.external_id}:")
    entries = Entry.objects.filter(before, organization_id=payment.organization_id).order_by()
    taken: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for bucket, cycle_key, n in entries.values_list("balance_type", "cycle_key").annotate(n=Sum("amount")):
        taken[cycle_key if bucket == Balance.SUBSCRIPTION else bucket] -= n
    of_months = amount - min(amount, max(ZERO, taken[Balance.TOPUP]))
    for cycle in Cycle.objects.of(payment.organization_id).filter(key__in=list(taken)).order_by("-started_at"):
        part = max(ZERO, min(of_months, taken[cycle.key]))
        if part > 0:
            of_months, amount, named = of_months - part, amount - part, f"{key}:{cycle.pk}"
            book.post(Balance.SUBSCRIPTION, part, Entry.Type.REFUND, key=named, description=text, cycle_key=cycle.key)
            if cycle.key != book.wallet.cycle_key and months_after(cycle.started_at, 1) <= timezone.now():
                over, ended = "Of a month that is over", f"expiry:{named}"
                book.post(
                    Balance.SUBSCRIPTION, -part, Entry.Type.EXPIRY, key=ended, description=over, cycle_key=cycle.key
                )
    if amount > 0:
        book.post(Balance.TOPUP, amount, Entry.Type.REFUND, key=f"{key}:{Balance.TOPUP}", description=text)
    notices.after_credit(book.wallet)


def unsettled(payment: Payment) -> Decimal:
    """The XCT that are still to be taken for what was returned of a payment; negative: to be given back.

    At most what neither expired nor was taken before is taken. What upgrades brought is settled with the upgrades.
    """
    taken = payment.xct_taken
    whole = granted = left = payment.xct
    if payment.kind != Payment.Kind.TOPUP:
        period = (
            PaidPeriod.objects.of(payment.organization_id).filter(key=payment.cycle_key).select_related("plan").first()
        )
        months = settlement.cycles_of(period) if period else []
        keys = [cycle.key for cycle in months]
        whole = payment.xct * len(months)
        granted = sum((settlement.own_xct(period, cycle) for cycle in months), ZERO) if period else ZERO
        left = min(granted, settlement.left(payment.organization_id, keys)[1])
    amount = granted - taken - xct(whole * share(payment))
    return max(ZERO, min(amount, left - taken)) if amount > 0 else amount


def keep(period: PaidPeriod, kept: Decimal) -> None:
    """Let the period follow the part of its money that was kept: with none it is taken back, and invoices that were paid to
    follow it move up, unless it is over anyway."""
    now = timezone.now()
    before, period.kept = period.taken_back_at, kept
    period.taken_back_at = None if kept > 0 else before or now
    period.save(update_fields=["kept", "taken_back_at"])
    if (before is None) != (period.taken_back_at is None) and period.ends_at > now:
        others = PaidPeriod.objects.of(period.organization_id).select_related("plan")
        settlement.move(others, period, -period.months if period.taken_back_at else period.months)
