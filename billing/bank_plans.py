"""Plans paid by bank transfer: a paid invoice buys a month or a year, at once or after what is as good and was paid before."""

from django.utils import timezone

from accounts.models import User
from billing import ledger, settlement
from billing.lot_book import News
from billing.models import Balance, Entry, Invoice, PaidPeriod
from billing.models.wallet import ZERO
from billing.months import months_after


def record_period(invoice: Invoice) -> None:
    """Record the period that the invoice bought. `billing.periods` decides when its turn comes."""
    assert invoice.plan is not None
    now = timezone.now()
    ledger.lock(invoice.organization_id)
    period = PaidPeriod(  # type: ignore[misc]  # never another here
        organization_id=invoice.organization_id,
        key=cycle_key(invoice),
        plan=invoice.plan,
        billing_period=invoice.billing_period,
        begins_at=now,
        paid_at=now,
        allotment=invoice.allotment,
        price_minor=int(invoice.eur_amount * 100),
        kept=1,
    )
    period.ends_at = months_after(period.begins_at, period.months)
    period.save()
    settlement.settle(invoice.organization_id, at=now, bought=period)


def cycle_key(invoice: Invoice) -> str:
    return f"invoice:{invoice.pk}"


def take_back(invoice: Invoice, by: User) -> None:
    """Take back the XCT, the period and the plan that a credited invoice gave. XCT already spent becomes a debt on the
    top-up balance. The plan stays if another payment covers it."""
    period = PaidPeriod.objects.of(invoice.organization_id).filter(key=cycle_key(invoice)).first()
    if period is not None:
        period.kept, period.taken_back_at = ZERO, timezone.now()
        period.save(update_fields=["kept", "taken_back_at"])
        reason = f"Invoice {invoice.number} was credited"
        settlement.settle(invoice.organization_id, news=News(period.begins_at), reason=reason)
    elif invoice.invoice_type == Invoice.Type.TOPUP:
        with ledger.book(invoice.organization_id) as book:
            key, kind = f"credit:{invoice.pk}:{Balance.TOPUP}", Entry.Type.REFUND
            text = f"Invoice {invoice.number} credited"
            book.post(Balance.TOPUP, -invoice.xct_amount, kind, key=key, description=text, by=by)
