"""Plans paid by bank transfer: a paid invoice buys a month or a year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from billing import cycles, ledger, periods, subscriptions
from billing.models import BillingPeriod, Cycle, Invoice, PaymentProviderName, Subscription
from billing.models.wallet import ZERO


def _months(invoice: Invoice) -> int:
    return 12 if invoice.billing_period == BillingPeriod.YEARLY else 1


def paid(invoice: Invoice) -> None:
    """Start the plan, or prolong it. A renewal that is paid early begins at the end of the period that was paid before."""
    assert invoice.plan is not None
    now = timezone.now()
    wallet = ledger.lock(invoice.organization_id)
    live = subscriptions.current(invoice.organization_id)
    prolongs = (
        live is not None
        and not live.by_card
        and (live.plan_id, live.billing_period) == (invoice.plan_id, invoice.billing_period)
        and wallet.plan_id == invoice.plan_id
        and wallet.paid_until is not None
        and wallet.paid_until > now
    )
    if prolongs:
        assert live is not None
        assert wallet.paid_until is not None
        begins = wallet.paid_until
        ends = cycles.months_after(begins, _months(invoice))
        _record(invoice, begins, ends)
        wallet.paid_until = ends
        wallet.next_cycle_at = wallet.next_cycle_at or begins
        wallet.save(update_fields=["paid_until", "next_cycle_at"])
        _describe(live, ends)
        return
    ends = cycles.months_after(now, _months(invoice))
    _record(invoice, now, ends)
    if live is None or live.by_card:
        live = Subscription(
            organization_id=invoice.organization_id, provider=PaymentProviderName.BANK, external_id=str(invoice.pk)
        )
    live.plan, live.billing_period, live.status = invoice.plan, invoice.billing_period, Subscription.Status.ACTIVE
    _describe(live, ends)
    cycles.start(
        organization=invoice.organization_id,
        key=cycle_key(invoice),
        source=Cycle.Source.INVOICE,
        plan=invoice.plan,
        allotment=invoice.allotment,
        at=now,
        paid_until=ends,
        billing_period=invoice.billing_period,
        description=f"Plan {invoice.plan.name}: invoice {invoice.number}",
    )
    wallet = ledger.lock(invoice.organization_id)
    wallet.overdue_since, wallet.dunning_stage = None, 0
    wallet.save(update_fields=["overdue_since", "dunning_stage"])


def _record(invoice: Invoice, begins: datetime, ends: datetime) -> None:
    assert invoice.plan is not None
    periods.record(
        invoice.organization_id,
        key=cycle_key(invoice),
        plan=invoice.plan,
        billing_period=invoice.billing_period,
        begins_at=begins,
        ends_at=ends,
    )


def _describe(live: Subscription, ends: datetime) -> None:
    live.period_ends_at, live.cancel_at_period_end, live.ended_at = ends, False, None
    live.save()


def cycle_key(invoice: Invoice) -> str:
    return f"invoice:{invoice.pk}"


def take_back(invoice: Invoice, by: Any) -> None:
    """Take back the XCT, the period and the plan that a credited invoice gave. XCT already spent becomes a debt on the
    top-up balance. The plan stays if another payment covers it."""
    key = cycle_key(invoice)
    is_plan = invoice.invoice_type == Invoice.Type.SUBSCRIPTION
    with ledger.book(invoice.organization_id) as book:
        wallet = book.wallet
        from_subscription, rest = ZERO, invoice.xct_amount
        if is_plan:
            period = periods.of(invoice.organization_id, key)
            keys = [cycle.key for cycle in periods.cycles_of(period)] if period else [key]
            _, left = periods.left(invoice.organization_id, keys)
            rest = min(left, rest * len(keys))
            if wallet.cycle_key in keys:
                from_subscription = min(rest, wallet.subscription_balance - wallet.expiring)
        book.take_back(
            rest,
            from_subscription=from_subscription,
            key=f"credit:{invoice.pk}",
            description=f"Invoice {invoice.number} credited",
            by=by,
        )
    if is_plan and periods.take_back(invoice.organization_id, key):
        _settle_plan(invoice)


def _settle_plan(invoice: Invoice) -> None:
    stays = periods.settle(
        invoice.organization_id, key=f"plan_end:{cycle_key(invoice)}", reason=f"Invoice {invoice.number} was credited"
    )
    live = subscriptions.current(invoice.organization_id)
    if live is None or live.by_card:
        return
    if not stays:
        live.status, live.ended_at = Subscription.Status.EXPIRED, timezone.now()
    else:
        wallet = ledger.lock(invoice.organization_id)
        live.plan, live.billing_period = wallet.plan, wallet.billing_period
        live.period_ends_at = wallet.paid_until
    live.save()
