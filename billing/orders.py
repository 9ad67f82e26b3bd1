"""Orders by invoice: top-up packs, plans, and the overage of ended cycles; and the reminders, renewals and expiry that beat
runs for unpaid invoices."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import notifications
from accounts.access import check_verified
from accounts.models import Organization, User
from billing import access, exchange_rates, ledger, subscriptions
from billing.amounts import cents, format_amount
from billing.invoices import issue
from billing.models import BillingPeriod, Invoice, PaymentProviderName, Plan, Subscription, TopupPack, Wallet
from billing.models.wallet import ZERO
from scribe.errors import Conflict, TooManyRequests
from scribe.messages import _
from scribe.unforeseen import keep_going

REMIND_BEFORE = timedelta(days=2)
#: How long before its end the next invoice of a plan is issued.
RENEWAL_AHEAD = timedelta(days=10)
Status, Type = Invoice.Status, Invoice.Type


def check_may_order(organization: Organization, by: User) -> None:
    """Check that the organization may take another invoice number. Numbers have no gaps and are never reused, so each gets few at a time. Raises Forbidden for an address that is not
    verified, Conflict `too_many_open_invoices`, TooManyRequests `too_many_invoices` for a day's number."""
    check_verified(by)
    ledger.lock(organization)  # two orders at once are counted one after the other
    ordered = Invoice.objects.of(organization).filter(invoice_type__in=(Type.TOPUP, Type.SUBSCRIPTION))
    if ordered.filter(status=Status.PENDING).count() >= settings.INVOICES_OPEN_AT_MOST:
        raise Conflict(
            _("You have unpaid invoices. Pay one of them, or wait until it expires, before you order more."),
            code="too_many_open_invoices",
        )
    if ordered.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= settings.INVOICES_A_DAY:
        raise TooManyRequests(
            _("You have ordered too many invoices today. Please try again tomorrow."),
            code="too_many_invoices",
            retry_after=3600,
        )


@transaction.atomic
def order_packs(*, organization: Organization, packs: int, by: User) -> Invoice:
    """An invoice for top-up packs; its confirmation grants them."""
    access.check_open(organization)
    if by is not None:
        check_may_order(organization, by)
    pack = TopupPack.current()
    return issue(
        organization=organization,
        invoice_type=Type.TOPUP,
        description=f"XC Scribe: {packs} × {format_amount(pack.xct)} XCT",
        eur_amount=cents(pack.price_eur * packs),
        quantity=packs,
        xct_amount=pack.xct * packs,
        by=by,
    )


@transaction.atomic
def order_plan(*, organization: Organization, plan: Plan, billing_period: str, by: User | None = None) -> Invoice:
    """An invoice for a month or a year of a plan. Conflict `card_subscription` while one by card is live."""
    access.check_open(organization)
    live = subscriptions.current(organization)
    if live is not None and live.by_card:
        raise Conflict(_("This plan is paid by card. Change it in the card checkout."), code="card_subscription")
    if by is not None:  # beat's own renewals are one per period
        check_may_order(organization, by)
    price = plan.price_eur(billing_period)
    assert price is not None  # a plan on sale has both prices
    yearly = billing_period == BillingPeriod.YEARLY
    return issue(
        organization=organization,
        invoice_type=Type.SUBSCRIPTION,
        description=_("XC Scribe {plan_name}: 1 year", plan_name=plan.name)
        if yearly
        else _("XC Scribe {plan_name}: 1 month", plan_name=plan.name),
        eur_amount=cents(price),
        plan=plan,
        billing_period=billing_period,
        allotment=plan.monthly_xct,
        xct_amount=plan.monthly_xct,
        by=by,
    )


def issue_renewals(*, now: datetime | None = None) -> int:
    """Issue the next invoice of plans that end soon and are not cancelled, once per period; returns how many."""
    now = now or timezone.now()
    ending = Subscription.objects.live().filter(
        provider=PaymentProviderName.BANK,
        cancel_at_period_end=False,
        period_ends_at__lte=now + RENEWAL_AHEAD,
        period_ends_at__gt=now - RENEWAL_AHEAD,
        organization__deletion_scheduled_for=None,
    )
    issued = 0
    for live in ending.exclude(renewal_invoiced_for=F("period_ends_at")).select_related("plan", "organization"):
        # The filtered update is the lock: two beats at once invoice a period once.
        with keep_going("a renewal could not be invoiced", subscription=str(live.pk)), transaction.atomic():
            claimed = Subscription.objects.filter(pk=live.pk).exclude(renewal_invoiced_for=live.period_ends_at)
            if claimed.update(renewal_invoiced_for=live.period_ends_at):
                order_plan(organization=live.organization, plan=live.plan, billing_period=live.billing_period)
                issued += 1
    return issued


@transaction.atomic
def bill_overage(organization: Organization | UUID) -> Invoice | None:
    """An invoice for the overage of ended cycles that is on none yet, at the price of top-ups."""
    wallet = ledger.lock(organization)
    if wallet.overage_due <= 0:
        return None
    pack = TopupPack.current()
    due, wallet.overage_due = wallet.overage_due, ZERO
    wallet.save(update_fields=["overage_due"])
    price = cents(pack.price_eur * due / pack.xct)
    if price <= 0:
        return None  # less than half a cent; it stays owed and comes along with the next cycle's
    return issue(
        organization=wallet.organization,
        invoice_type=Type.OVERAGE,
        description=_("XC Scribe: {amount} XCT beyond the plan", amount=format_amount(due)),
        eur_amount=price,
        xct_amount=due,
    )


def remind(*, today: date | None = None) -> int:
    """Remind, once, of what is due in two days; returns how many were reminded."""
    today = today or exchange_rates.today()
    due = Invoice.objects.filter(
        status=Status.PENDING, reminded_at=None, due_date__lte=today + REMIND_BEFORE, organization__isnull=False
    )
    reminded = 0
    for invoice in due.select_related("organization"):
        assert invoice.organization is not None  # asked for above
        with keep_going("an invoice's reminder failed", invoice=str(invoice.pk)), transaction.atomic():
            # The filtered update is the lock: two beats at once remind once.
            claimed = Invoice.objects.filter(pk=invoice.pk, reminded_at=None, status=Status.PENDING)
            if not claimed.update(reminded_at=timezone.now()):
                continue
            notifications.notify(
                organization=invoice.organization,
                event="invoice.due",
                title=_(
                    "Invoice {number} is due on {due_date:%Y-%m-%d}", number=invoice.number, due_date=invoice.due_date
                ),
                body=_(
                    "{description}: {amount:f} RSD are still unpaid.",
                    description=invoice.description,
                    amount=invoice.amount,
                ),
                data={"invoice_id": str(invoice.pk), "number": invoice.number, "reminder": True},
                key=f"invoice_reminder:{invoice.pk}",
            )
            reminded += 1
    return reminded


def expire(*, today: date | None = None) -> int:
    """Mark what was not paid by its due date; a payment that comes later can still be confirmed."""
    today = today or exchange_rates.today()
    overdue = Invoice.objects.filter(status=Status.PENDING, due_date__lt=today)
    # Overage is owed whether or not its invoice is paid in time: it stays open.
    return overdue.exclude(invoice_type=Type.OVERAGE).update(status=Status.EXPIRED)


def bill_overages() -> int:
    """Issue the invoices for the overage of ended cycles; returns how many. One organization's trouble stops no other."""
    billed = 0
    for organization_id in Wallet.objects.filter(overage_due__gt=0).values_list("organization_id", flat=True):
        with keep_going("overage could not be invoiced", organization_id=str(organization_id)):
            billed += bill_overage(organization_id) is not None
    return billed
