"""Refunds and chargebacks take back what the payment gave, once each; what was spent already becomes a debt."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from billing import ledger, notices
from billing.amounts import xct
from billing.models import Balance, Cycle, Entry, Payment, ProviderEvent, Refund
from billing.models.wallet import ZERO
from billing.provider_events import Waits
from integrations.payments.types import Refunded


def apply(event: ProviderEvent, fact: Refunded) -> str:
    """Take back (or, when a chargeback was won, give back) what the payment gave."""
    payment = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    if payment is None or payment.status == Payment.Status.FAILED:
        raise Waits("The refunded payment is not known.")
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
    return f"{'Gave' if fact.reverses else 'Took'} back {amount:f} XCT."


def _net_taken(payment: Payment) -> Decimal:
    """What earlier refunds took, less what reversals gave back."""
    taken = payment.refunds.filter(reverses=False).aggregate(total=Sum("xct"))["total"] or ZERO
    given = payment.refunds.filter(reverses=True).aggregate(total=Sum("xct"))["total"] or ZERO
    return taken - given


def _cycles_paid(payment: Payment) -> list[str]:
    """The keys of the cycles that the payment paid for: its own, and for a year's payment the months that followed."""
    keys = [payment.cycle_key]
    if payment.kind == Payment.Kind.TOPUP:
        return keys
    later = Cycle.objects.of(payment.organization_id).filter(started_at__gt=payment.paid_at).order_by("started_at")
    for key, source in later.values_list("key", "source"):
        if source != Cycle.Source.MONTH:
            break
        keys.append(key)
    return keys


def _to_take(payment: Payment, amount_minor: int | None, *, taken_before: Decimal) -> Decimal:
    """The XCT that this part of the money paid for; at most what the payment gave, and has neither expired nor been
    taken back before."""
    granted = left = payment.xct
    if payment.kind != Payment.Kind.TOPUP:
        keys = _cycles_paid(payment)
        entries = Entry.objects.filter(organization_id=payment.organization_id, cycle_key__in=keys)
        sums = dict(
            entries.filter(transaction_type__in=(Entry.Type.GRANT, Entry.Type.EXPIRY))
            .order_by()
            .values_list("transaction_type")
            .annotate(total=Sum("amount"))
        )
        granted = min(sums.get(Entry.Type.GRANT, ZERO), payment.xct * len(keys))
        left = max(ZERO, granted + sums.get(Entry.Type.EXPIRY, ZERO))
    whole = payment.amount_minor
    if amount_minor and whole and amount_minor < whole:
        granted = xct(granted * Decimal(amount_minor) / Decimal(whole))
    return max(ZERO, min(granted, left - taken_before))


def _take(book: ledger.Book, amount: Decimal, refund: Refund, payment: Payment) -> None:
    """From the balance that was given to; the rest from top-ups, whose balance may fall below zero by this alone."""
    wallet = book.wallet
    kind = "Chargeback" if refund.chargeback else "Refund"
    from_subscription = ZERO
    if payment.kind != Payment.Kind.TOPUP and wallet.cycle_key in _cycles_paid(payment):
        from_subscription = min(amount, wallet.subscription_balance - wallet.expiring)
    for bucket, part in ((Balance.SUBSCRIPTION, from_subscription), (Balance.TOPUP, amount - from_subscription)):
        if part > 0:
            book.post(
                bucket,
                -part,
                Entry.Type.REFUND,
                key=f"refund:{refund.provider}:{refund.external_id}:{bucket}",
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
