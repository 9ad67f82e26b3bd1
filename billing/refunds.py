"""Refunds and chargebacks, and what comes back after all: written down, and settled. XCT, periods and the plan follow the part
of a payment's money that was kept, in whatever order its events come."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from billing import late_news, ledger, lot_book, lots, settlement
from billing.errors import NeedsStaff, NotYetKnown
from billing.lot_book import News
from billing.models import Entry, PaidPeriod, Payment, ProviderEvent, Refund
from billing.models.wallet import ZERO
from integrations.payments.types import Refunded

#: What became of a parked payment.
ALL_RETURNED = "Recorded; all of it was returned."


def apply(event: ProviderEvent, fact: Refunded) -> str:
    """Record money that went back (or came again), and let XCT, period and plan follow."""
    payment = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    parked = payment is not None and payment.kind == Payment.Kind.PARKED
    if payment is None or (payment.status == Payment.Status.FAILED and not parked):
        raise NotYetKnown("The refunded payment is not known.")
    event.organization_id = payment.organization_id
    if fact.currency and payment.currency and fact.currency != payment.currency and not event.accepted_at:
        told = "all" if fact.amount_minor is None else fact.amount_minor
        raise NeedsStaff(
            "Its currency is not that of its payment.",
            expected=f"{Decimal(payment.amount_minor or 0) / 100:.2f} {payment.currency}",
            received=f"{told} in minor units of {fact.currency}"[:40],
        )
    if (
        fact.alternative_minor is not None
        and fact.alternative_minor <= (payment.amount_minor or 0)
        and not event.accepted_at
    ):
        raise NeedsStaff(
            "It is not told whether its amount is in minor units.",
            expected=f"at most {Decimal(payment.amount_minor or 0) / 100:.2f} {payment.currency}",
            received=f"{Decimal(fact.amount_minor or 0) / 100:.2f} or {Decimal(fact.alternative_minor) / 100:.2f}"[:40],
        )
    before = ledger.lock(payment.organization_id).last_number
    refund, is_new = Refund.objects.get_or_create(
        provider=event.provider,
        external_id=fact.refund_id,
        defaults={
            "organization_id": payment.organization_id,
            "payment": payment,
            "amount_minor": fact.amount_minor,
            "tax_minor": fact.tax_minor,
            "chargeback": fact.chargeback,
            "reverses": fact.reverses,
            "refunded_at": fact.at,
        },
    )
    if (refund.payment_id, refund.chargeback) != (payment.pk, fact.chargeback):
        raise NeedsStaff("It is known as what went back of another payment, or otherwise.")
    if not is_new and fact.at <= refund.refunded_at:
        return "This refund was applied before."
    # A dispute may be lost, won, and lost again, and come to another amount.
    refund.refunded_at, refund.amount_minor, refund.tax_minor = fact.at, fact.amount_minor, fact.tax_minor
    refund.save(update_fields=["refunded_at", "amount_minor", "tax_minor"])
    if parked:
        settled = ProviderEvent.objects.filter(provider=event.provider, outcome=ALL_RETURNED)
        for one in settled.filter(references__contains=[f"payment:{payment.external_id}"]):
            one.send_again()
        return f"Recorded of a parked payment: {payment.received}."
    payment.status = payment.standing
    payment.save(update_fields=["status"])
    if payment.kind == Payment.Kind.TOPUP:
        settle_packs(payment, "Chargeback" if fact.chargeback else "Refund", fact.at)
    else:
        period = PaidPeriod.objects.of(payment.organization_id).filter(key=payment.cycle_key).first()
        if period is not None:
            period.follow(payment)
            period.save(update_fields=["kept", "taken_back_at"])
        reason = "The payment for the plan was taken back"
        news = News(payment.paid_at, happened_at=fact.at)
        settlement.settle(payment.organization_id, news=news, reason=reason)
    moved = Entry.objects.filter(organization_id=payment.organization_id, number__gt=before).filter(
        Q(transaction_type=Entry.Type.REFUND) | Q(transaction_type=Entry.Type.GRANT, key__startswith="lot:")
    )
    taken = -(moved.aggregate(total=Sum("amount"))["total"] or ZERO)
    Refund.objects.filter(pk=refund.pk).update(xct=refund.xct + (-taken if refund.reverses else taken))
    return f"{'Gave' if taken < 0 else 'Took'} back {abs(taken):f} XCT."


def settle_packs(payment: Payment, what: str, since: datetime | None = None) -> None:
    """Let a payment for packs have brought the part of its XCT whose money was kept. What was spent becomes a debt; but
    overage, if it was spent `since` the money went back and overage may be had."""
    with ledger.book(payment.organization_id) as book:
        lot = lot_of_packs(payment)
        wanted = lots.bring(lot, lots.of_packs(payment), lives=True)
        lot_book.post(book, lot, wanted, f"{what} of payment {payment.external_id}")
        if since is not None:
            late_news.use_overage(book, since, -wanted.topup)


def lot_of_packs(payment: Payment) -> lots.Lot:
    """The lot of a payment for packs."""
    refunds = list(payment.refunds.select_related("payment"))
    mine = Q(key=payment.cycle_key) | Q(cycle_key=payment.cycle_key, transaction_type=Entry.Type.REFUND)
    for refund in refunds:
        mine |= Q(key__startswith=f"refund:{refund.provider}:{refund.external_id}:")
    rows = Entry.objects.filter(mine, organization_id=payment.organization_id).order_by("number")
    found = lots.read(rows, {}, lot_book.owners(refunds))
    return found.get(payment.cycle_key, lots.Lot(payment.cycle_key))
