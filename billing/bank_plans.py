"""Plans paid by bank transfer: a paid invoice buys a month or a year, at once or after what is as good and was paid before."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from billing import decisions, ledger, refunds, settlement
from billing.models import Invoice, PaidPeriod
from billing.models.wallet import ZERO
from billing.months import months_after


def paid(invoice: Invoice) -> None:
    """Record the period that the invoice bought. It starts now or when its turn comes; what it interrupts goes on after it."""
    assert invoice.plan is not None
    now = timezone.now()
    known = settlement.read(ledger.lock(invoice.organization_id), now)
    period = PaidPeriod(
        organization_id=invoice.organization_id,
        key=cycle_key(invoice),
        plan=invoice.plan,
        billing_period=invoice.billing_period,
        begins_at=decisions.begins(known.periods, invoice.plan, now),
        allotment=invoice.allotment,
        price_minor=int(invoice.eur_amount * 100),
        kept=1,
    )
    period.ends_at = months_after(period.begins_at, period.months)
    period.save()
    settlement.settle(invoice.organization_id, at=now, bought=period)


def cycle_key(invoice: Invoice) -> str:
    return f"invoice:{invoice.pk}"


def take_back(invoice: Invoice, by: Any) -> None:
    """Take back the XCT, the period and the plan that a credited invoice gave. XCT already spent becomes a debt on the
    top-up balance. The plan stays if another payment covers it."""
    key = cycle_key(invoice)
    period = PaidPeriod.objects.of(invoice.organization_id).filter(key=key).select_related("plan").first()
    with ledger.book(invoice.organization_id) as book:
        wallet = book.wallet
        from_subscription, rest = ZERO, invoice.xct_amount
        if invoice.invoice_type == Invoice.Type.SUBSCRIPTION:
            keys = [cycle.key for cycle in settlement.cycles_of(period)] if period else [key]
            rest = min(settlement.left(invoice.organization_id, keys)[1], rest * len(keys))
            if wallet.cycle_key in keys:
                from_subscription = min(rest, wallet.subscription_balance - wallet.expiring)
        book.take_back(
            rest,
            from_subscription=from_subscription,
            key=f"credit:{invoice.pk}",
            description=f"Invoice {invoice.number} credited",
            by=by,
        )
    if period is not None:
        refunds.keep(period, ZERO)
        settlement.settle(invoice.organization_id, reason=f"Invoice {invoice.number} was credited")
