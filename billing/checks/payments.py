"""Payments and invoices: what each granted, its price, and what was taken back with its money."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from billing import lots, refunds
from billing.checks.discrepancy import Discrepancy, rows
from billing.models import Payment, ProviderEvent


def invoices() -> Iterator[Discrepancy]:
    """Numbers have no gap; a paid invoice gave what it sold, and nothing else did: neither XCT nor a period."""
    statement = """
        SELECT c.series, c.year, c.last, count(i.id) FROM billing_invoicecounter c
        LEFT JOIN billing_invoice i ON i.series = c.series AND i.year = c.year AND i.sequence <= c.last
        GROUP BY c.series, c.year, c.last HAVING count(i.id) <> c.last
    """
    for series, year, last, there in rows(statement):
        yield Discrepancy("invoice_numbers_have_no_gap", f"{series} {year}", last, there)
    statement = """
        SELECT i.organization_id, i.number, i.xct_amount, coalesce(e.amount, 0)
        FROM billing_invoice i LEFT JOIN billing_entry e
            ON e.organization_id = i.organization_id AND e.key = 'invoice:' || i.id
        WHERE i.invoice_type = 'topup' AND i.organization_id IS NOT NULL
          AND coalesce(e.amount, 0) <> CASE WHEN i.paid_at IS NULL THEN 0 ELSE i.xct_amount END
    """
    for organization_id, number, sold, given in rows(statement):
        yield Discrepancy("invoice_gave_what_it_sold", f"invoice {number}", sold, given, organization_id)
    statement = """
        SELECT i.organization_id, i.number, i.plan_id, i.status, r.id
        FROM billing_invoice i LEFT JOIN billing_paidperiod r
            ON r.organization_id = i.organization_id AND r.key = 'invoice:' || i.id AND r.taken_back_at IS NULL
        WHERE i.invoice_type = 'subscription' AND i.organization_id IS NOT NULL
          AND i.paid_at > %s - interval '31 days' AND (r.id IS NOT NULL) <> (i.status = 'paid')
    """
    for organization_id, number, plan, status, period in rows(statement, timezone.now()):
        sold = f"{status}: {'' if status == 'paid' else 'not '}{plan}"
        yield Discrepancy(
            "invoice_gave_what_it_sold", f"invoice {number}", sold, plan if period else "no period", organization_id
        )


def payments() -> Iterator[Discrepancy]:
    """A payment that grants has granted, once, when its turn came; a top-up from a payment has its payment."""
    statement = """
        SELECT p.organization_id, p.provider, p.external_id, p.kind, p.xct FROM billing_payment p
        WHERE p.status <> 'failed' AND (
            (p.kind = 'topup' AND NOT EXISTS (SELECT 1 FROM billing_entry e WHERE e.organization_id = p.organization_id
                AND e.key = 'payment:' || p.provider || ':' || p.external_id AND e.amount = p.xct))
            OR (p.kind IN ('first', 'renewal') AND NOT EXISTS (SELECT 1 FROM billing_cycle c
                WHERE c.organization_id = p.organization_id
                  AND c.key = 'payment:' || p.provider || ':' || p.external_id)
              AND NOT EXISTS (SELECT 1 FROM billing_paidperiod r
                WHERE r.organization_id = p.organization_id
                  AND r.key = 'payment:' || p.provider || ':' || p.external_id
                  AND (r.taken_back_at IS NOT NULL OR r.begins_at > %s))))
    """
    for organization_id, provider, external_id, kind, xct in rows(statement, timezone.now()):
        subject = f"{provider} payment {external_id}"
        yield Discrepancy("payment_granted", subject, f"{kind} of {xct}", "nothing", organization_id)
    statement = """
        SELECT e.organization_id, e.id, e.key FROM billing_entry e
        WHERE e.transaction_type = 'topup' AND e.key LIKE 'payment:%%' AND NOT EXISTS (
            SELECT 1 FROM billing_payment p WHERE p.organization_id = e.organization_id
            AND e.key = 'payment:' || p.provider || ':' || p.external_id AND p.status <> 'failed')
    """
    for organization_id, entry, key in rows(statement):
        yield Discrepancy("grant_has_its_payment", f"entry {entry}", key, "no payment", organization_id)


def prices() -> Iterator[Discrepancy]:
    """Each payment that granted was as high as what it bought costs: as was expected when it came, or else by today's
    list."""
    statement = """
        SELECT organization_id, provider, external_id, kind, net, currency, expected FROM (
            SELECT p.*, p.amount_minor - coalesce(p.tax_minor, 0) AS net,
                   coalesce(p.expected_minor, c.expected_minor, 100 * CASE p.kind
                       WHEN 'topup' THEN c.packs * (SELECT price_eur FROM billing_topuppack WHERE xct = c.xct_per_pack
                                                    ORDER BY valid_from DESC LIMIT 1)
                       ELSE CASE r.billing_period WHEN 'yearly' THEN l.yearly_price_eur ELSE l.monthly_price_eur END
                   END) AS expected
            FROM billing_payment p
            LEFT JOIN billing_checkout c ON c.id = p.checkout_id AND p.kind IN ('first', 'topup')
            LEFT JOIN billing_paidperiod r ON r.organization_id = p.organization_id
                AND r.key = 'payment:' || p.provider || ':' || p.external_id
            LEFT JOIN billing_plan l ON l.tier = r.plan_id
            WHERE p.status <> 'failed' AND p.kind IN ('first', 'renewal', 'topup')) paid
        WHERE net IS NULL OR expected IS NULL OR net < expected OR currency <> 'EUR'
    """
    for organization_id, provider, external_id, kind, net, currency, expected in rows(statement):
        subject = f"{provider} payment {external_id}"
        wanted = "a known price" if expected is None else f"{expected / 100:.2f} EUR for {kind}"
        came = "an unknown amount" if net is None else f"{net / 100:.2f} {currency}"
        yield Discrepancy("payment_is_its_price", subject, wanted, came, organization_id)


def parked_payments() -> Iterator[Discrepancy]:
    """Money that is not what was ordered, and was not returned, waits for staff."""
    for payment in Payment.objects.filter(kind=Payment.Kind.PARKED).prefetch_related("refunds"):
        if payment.kept:
            yield from find_unlisted(payment, "payment_is_what_was_ordered", "what was ordered, or parked")


def find_unlisted(payment: Payment, check: str, wanted: str) -> Iterator[Discrepancy]:
    """Money that is here for nothing, unless its event is parked or was settled by staff."""
    told = ProviderEvent.objects.filter(references__contains=[f"payment:{payment.external_id}"])
    if not told.filter(provider=payment.provider).exclude(status=ProviderEvent.Status.APPLIED).exists():
        subject = f"{payment.provider} payment {payment.external_id}"
        yield Discrepancy(check, subject, wanted, payment.received, payment.organization_id)


def packs() -> Iterator[Discrepancy]:
    """What a payment for packs granted, less what was taken back, is the part of its price that was kept."""
    found = Payment.objects.filter(kind=Payment.Kind.TOPUP, refunds__isnull=False).exclude(status=Payment.Status.FAILED)
    for payment in found.distinct().prefetch_related("refunds").iterator(chunk_size=500):
        wanted = lots.bring(refunds.lot_of_packs(payment), lots.of_packs(payment), lives=True)
        yield from granted_is_kept(payment.cycle_key, payment.kept_of_price, wanted, payment.organization_id)


def granted_is_kept(key: str, share: Decimal, wanted: lots.Postings, organization_id: UUID) -> Iterator[Discrepancy]:
    """A lot has brought another part of its XCT than was paid."""
    amount = -(wanted.subscription + wanted.topup)
    if amount:
        what, _, name = key.partition(":")
        provider, _, identity = name.partition(":")
        subject = f"{provider} payment {identity}" if what == "payment" else f"{what} {name}"
        came = f"{amount:f} XCT more" if amount > 0 else f"{-amount:f} XCT less"
        kept = f"{100 * share:.2f} % of its XCT"
        yield Discrepancy("granted_is_what_was_kept", subject, kept, came, organization_id)
