"""Invoices for bank transfer: issued once with a number without gaps, confirmed once, corrected by a counter-invoice.

An issued invoice is frozen: seller, buyer, price, rate and QR text are copied in, and the database refuses any
change but that of its payment.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import mail, notifications
from accounts.models import Organization, User
from billing import bank_plans, dunning, exchange_rates, identifiers, ips, ledger, notices
from billing.amounts import cents
from billing.models import (
    Balance,
    Entry,
    Invoice,
    InvoiceCounter,
    Plan,
)
from billing.models.wallet import ZERO
from scribe import audit
from scribe.errors import Conflict, InvalidInput, NotConfigured
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)

DUE_AFTER = timedelta(days=8)
PAYMENT_CODE = "221"
Status, Type, Series = Invoice.Status, Invoice.Type, Invoice.Series


# --- issuing


def seller() -> dict[str, str]:
    """The issuer as configured; NotConfigured when something that must be on an invoice is missing."""
    account = identifiers.account(settings.SELLER_ACCOUNT)
    needed = (settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_CITY, settings.SELLER_PIB, account)
    if not all(needed):
        raise NotConfigured(_("Payment by bank transfer is not set up on this server."), code="invoices_not_configured")
    return {
        "name": settings.SELLER_NAME,
        "address": settings.SELLER_ADDRESS,
        "city": settings.SELLER_CITY,
        "pib": settings.SELLER_PIB,
        "mb": settings.SELLER_MB,
        "account": account or "",
    }


def buyer(organization: Organization) -> dict[str, str]:
    """The buyer's details as they are now; InvalidInput `billing_details_required` when they don't suffice."""
    if not organization.has_billing_details:
        raise InvalidInput(
            _(
                "Enter your billing details first: name, address, city and country, and the PIB for companies "
                "in Serbia."
            ),
            code="billing_details_required",
        )
    names = ("company_name", "address", "city", "postal_code", "country", "pib", "mb")
    return {
        **{name: getattr(organization, f"billing_{name}") for name in names},
        "email": organization.billing_email,
    }


def language_in(country: str) -> str:
    """The language in which the country's books are kept, if it is one of ours that people do not choose there."""
    return "sr-latn" if country == "RS" else ""


def _language(organization: Organization, country: str, by: User | None) -> str:
    """The payer's language: of the country's books, or of the person who ordered, or of the first admin."""
    person = by if by and by.organization_id == organization.pk else organization.users.active().admins().first()
    return language_in(country) or (mail.language_of(person) if person else settings.LANGUAGE_CODE)


def issue(
    *,
    organization: Organization,
    invoice_type: str,
    description: str,
    eur_amount: Decimal,
    quantity: int = 1,
    xct_amount: Decimal = ZERO,
    plan: Plan | None = None,
    billing_period: str = "",
    allotment: Decimal = ZERO,
    by: User | None = None,
) -> Invoice:
    """Issue an invoice: freeze who, what and at which rate, and take the next number of the year.

    Runs in the caller's transaction: a rollback gives the number back, so there is no gap.
    """
    issuer, customer, rate = seller(), buyer(organization), exchange_rates.usable()
    day = exchange_rates.today()
    sequence, number = _next_number(Series.INVOICE, day)
    rsd = cents(eur_amount * rate.rate)
    reference = identifiers.reference_97(f"{day.year}{sequence:05}")
    qr = ips.payload(
        account=issuer["account"],
        name=ips.payee(issuer["name"], issuer["address"], issuer["city"]),
        rsd=rsd,
        code=PAYMENT_CODE,
        purpose=f"Račun {number}",
        reference=reference,
    )
    invoice = Invoice.objects.create(
        organization=organization,
        series=Series.INVOICE,
        year=day.year,
        sequence=sequence,
        number=number,
        invoice_type=invoice_type,
        description=description,
        plan=plan,
        billing_period=billing_period,
        quantity=quantity,
        xct_amount=xct_amount,
        allotment=allotment,
        eur_amount=eur_amount,
        amount=rsd,
        seller=issuer,
        buyer=customer,
        language=_language(organization, customer["country"], by),
        issued_on=day,
        due_date=day + DUE_AFTER,
        reference=reference,
        qr_code_data=qr,
        created_by_id=getattr(by, "pk", None),
        rate=rate.rate,
        rate_date=rate.date,
        rate_list_number=rate.list_number,
        rate_source=rate.source,
    )
    audit.record(
        action="invoice.issued",
        actor=by,
        target=invoice,
        after={"number": number, "type": invoice_type, "eur": eur_amount, "rsd": rsd, "rate": rate.rate},
    )
    notifications.notify(
        organization=organization,
        event="invoice.issued",
        objects={invoice.pk: {"number": number}},
        title=_("Invoice {number}", number=number),
        body=_(
            "{description}. {rsd:f} RSD, due on {due_date:%Y-%m-%d}. Your order is added when the payment arrives.",
            description=description,
            rsd=rsd,
            due_date=invoice.due_date,
        ),
        data={"invoice_id": str(invoice.pk), "number": number, "amount": f"{rsd:f}", "currency": "RSD"},
        key=f"invoice_issued:{invoice.pk}",
    )
    return invoice


def _next_number(series: str, day: date) -> tuple[int, str]:
    """The next number of a series in the issuer's year. The counter's row is locked until the transaction ends, so two
    invoices at once take turns, and one that rolls back leaves no gap."""
    InvoiceCounter.objects.bulk_create([InvoiceCounter(series=series, year=day.year)], ignore_conflicts=True)
    counter = InvoiceCounter.objects.select_for_update().get(series=series, year=day.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    prefix = "KO-" if series == Series.CREDIT else ""
    return counter.last, f"{prefix}{day.year}-{counter.last:05}"


# --- paying, cancelling, correcting


def _lock(invoice: Invoice) -> Invoice:
    """The invoice as it is now, under the wallet's lock and its own: two people at once take turns."""
    if invoice.organization_id:
        ledger.lock(invoice.organization_id)
    return Invoice.objects.select_for_update(of=("self",)).select_related("plan", "organization").get(pk=invoice.pk)


@transaction.atomic
def confirm(*, invoice: Invoice, by: User) -> Invoice:
    """The money has come in: grant what was sold, once. Repeated, it changes nothing and gives the same invoice.

    An expired invoice can still be confirmed, since transfers come late; a cancelled one cannot (Conflict).
    """
    invoice = _lock(invoice)
    if invoice.status == Status.PAID:
        return invoice
    if invoice.status == Status.CANCELLED or invoice.is_credit_note or invoice.organization is None:
        raise Conflict(
            _("This invoice was cancelled or is a correction, so it can't be paid."), code="invoice_cancelled"
        )
    before = invoice.status
    invoice.status, invoice.paid_at = Status.PAID, timezone.now()
    invoice.confirmed_by_id = getattr(by, "pk", None)
    invoice.confirmed_by_label = str(by) if by else ""
    invoice.save(update_fields=["status", "paid_at", "confirmed_by_id", "confirmed_by_label"])
    _grant(invoice, by)
    audit.record(
        action="invoice.confirmed",
        actor=by,
        target=invoice,
        before={"status": before},
        after={"status": invoice.status, "number": invoice.number, "amount": invoice.amount},
    )
    notifications.notify(
        organization=invoice.organization,
        event="invoice.paid",
        title=_("Payment of invoice {number} received", number=invoice.number),
        body=_("Thank you. {description} is available now.", description=invoice.description),
        data={"invoice_id": str(invoice.pk), "number": invoice.number},
        key=f"invoice_confirmed:{invoice.pk}",
    )
    return invoice


def _grant(invoice: Invoice, by: User) -> None:
    if invoice.invoice_type == Type.SUBSCRIPTION:
        bank_plans.record_period(invoice)
        return
    with ledger.book(invoice.organization_id) as book:
        if invoice.invoice_type == Type.TOPUP:
            bucket, kind, amount = Balance.TOPUP, Entry.Type.TOPUP, invoice.xct_amount
        else:
            bucket, kind = Balance.OVERAGE, Entry.Type.ADJUSTMENT
            amount = min(invoice.xct_amount, book.wallet.overage_owed)
        if amount > 0:
            book.post(bucket, amount, kind, key=f"invoice:{invoice.pk}", description=f"Invoice {invoice.number}", by=by)
        notices.after_credit(book.wallet)
    if invoice.invoice_type == Type.OVERAGE:
        dunning.settle_overage(invoice.organization_id)


@transaction.atomic
def cancel(*, invoice: Invoice, by: User, reason: str = "") -> Invoice:
    """Cancel an unpaid invoice by a counter-invoice; its number stays used. Repeated, it changes nothing.

    Raises Conflict for a paid one: that is credited (see `credit`).
    """
    invoice = _lock(invoice)
    if invoice.status == Status.CANCELLED:
        return invoice
    if invoice.status == Status.PAID or invoice.is_credit_note:
        raise Conflict(_("A paid invoice or a correction can't be cancelled."), code="invoice_paid")
    return _counter(invoice, by, reason or _("Cancelled before payment."))


@transaction.atomic
def credit(*, invoice: Invoice, by: User, reason: str) -> Invoice:
    """Credit a paid invoice by a counter-invoice, and take back what it gave: its XCT (what was spent becomes a debt), its
    period, and the plan unless something else that was paid covers it."""
    invoice = _lock(invoice)
    if invoice.status == Status.CANCELLED:
        return invoice
    if invoice.status != Status.PAID or invoice.is_credit_note:
        raise Conflict(_("Only a paid invoice can be credited."), code="invoice_not_paid")
    if invoice.organization is not None and invoice.invoice_type != Type.OVERAGE:
        bank_plans.take_back(invoice, by)
    return _counter(invoice, by, reason)


def _counter(invoice: Invoice, by: User, reason: str) -> Invoice:
    day = exchange_rates.today()
    sequence, number = _next_number(Series.CREDIT, day)
    copied = ("quantity", "xct_amount", "plan", "billing_period", "eur_amount", "amount", "currency")
    parties = ("seller", "buyer", "language", "description")
    frozen = ("rate", "rate_date", "rate_list_number", "rate_source")
    note = Invoice.objects.create(
        organization_id=invoice.organization_id,
        series=Series.CREDIT,
        year=day.year,
        sequence=sequence,
        number=number,
        invoice_type=Type.CREDIT_NOTE,
        status=Status.CANCELLED,
        corrects=invoice,
        reason=reason[:300],
        issued_on=day,
        created_by_id=getattr(by, "pk", None),
        **{name: getattr(invoice, name) for name in (*copied, *parties, *frozen)},
    )
    before = invoice.status
    invoice.status, invoice.cancelled_at = Status.CANCELLED, timezone.now()
    invoice.save(update_fields=["status", "cancelled_at"])
    if invoice.organization_id and invoice.invoice_type == Type.OVERAGE:
        dunning.settle_overage(invoice.organization_id)
    audit.record(
        action="invoice.cancelled" if before != Status.PAID else "invoice.credited",
        actor=by,
        target=invoice,
        reason=reason,
        before={"status": before},
        after={"status": invoice.status, "number": invoice.number, "credit_note": note.number},
    )
    return invoice
