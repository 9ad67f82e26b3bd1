"""Do the books add up? The ledger against balances, holds, usage, invoices and provider events; and XCT, plans and periods
against the money that came in.

Every check runs over all organizations on one snapshot (so that work in progress cannot look like a difference) and
yields the rows that differ. A difference stays open until a later run no longer finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import mail
from accounts.models import User
from billing import decisions, refunds, settlement
from billing.models import FREE, Difference, Entry, PaidPeriod, Payment, ProviderEvent, Reconciliation, Wallet
from integrations.ai.capabilities import BUILT_IN
from scribe.logs import get_logger

log = get_logger(__name__)

#: An event that is not applied after this time counts as stuck.
STUCK_AFTER = timedelta(minutes=15)
WAITS_AFTER = timedelta(hours=24)
#: A renewal may come this late.
RENEWAL_LATE = timedelta(days=4)
#: Over which time costs and margins are looked at.
COSTS_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not add up."""

    check: str
    subject: str
    expected: object
    found: object
    organization_id: Any = None
    detail: dict[str, Any] = field(default_factory=dict)


def _rows(statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def balances() -> Iterator[Discrepancy]:
    """Each cached balance is the sum of its entries."""
    statement = """
        SELECT w.organization_id, w.id, w.subscription_balance, w.topup_balance, -w.overage_owed,
               coalesce(s.subscription, 0), coalesce(s.topup, 0), coalesce(s.overage, 0)
        FROM billing_wallet w LEFT JOIN (
            SELECT wallet_id, sum(amount) FILTER (WHERE balance_type = 'subscription') AS subscription,
                   sum(amount) FILTER (WHERE balance_type = 'topup') AS topup,
                   sum(amount) FILTER (WHERE balance_type = 'overage') AS overage
            FROM billing_entry GROUP BY wallet_id) s ON s.wallet_id = w.id
        WHERE (w.subscription_balance, w.topup_balance, -w.overage_owed)
           IS DISTINCT FROM (coalesce(s.subscription, 0), coalesce(s.topup, 0), coalesce(s.overage, 0))
    """
    for organization_id, wallet, *amounts in _rows(statement):
        for name, cached, summed in zip(("subscription", "topup", "overage"), amounts[:3], amounts[3:], strict=True):
            if cached != summed:
                yield Discrepancy(
                    "balance_is_sum_of_entries", f"wallet {wallet} {name}", summed, cached, organization_id
                )


def running_balances() -> Iterator[Discrepancy]:
    """Entries are numbered without a gap, and each running balance is the one before plus its amount."""
    statement = """
        SELECT organization_id, id, number, previous_number, balance_after, expected FROM (
            SELECT organization_id, id, number, balance_after,
                   lag(number, 1, 0) OVER (PARTITION BY wallet_id ORDER BY number) AS previous_number,
                   sum(amount) OVER (PARTITION BY wallet_id, balance_type ORDER BY number) AS expected
            FROM billing_entry) chain
        WHERE number <> previous_number + 1 OR balance_after <> expected
    """
    for organization_id, entry, number, previous, after, expected in _rows(statement):
        if number != previous + 1:
            yield Discrepancy("entries_are_numbered", f"entry {entry}", previous + 1, number, organization_id)
        if after != expected:
            yield Discrepancy("running_balance", f"entry {entry}", expected, after, organization_id)


def holds() -> Iterator[Discrepancy]:
    """What a wallet says is held is what its open holds hold; no hold outlives its job."""
    statement = """
        SELECT w.organization_id, w.id, w.held, coalesce(h.remaining, 0)
        FROM billing_wallet w LEFT JOIN (SELECT wallet_id, sum(remaining) AS remaining
            FROM billing_hold WHERE closed_at IS NULL GROUP BY wallet_id) h ON h.wallet_id = w.id
        WHERE w.held <> coalesce(h.remaining, 0)
    """
    for organization_id, wallet, held, remaining in _rows(statement):
        yield Discrepancy("held_is_sum_of_holds", f"wallet {wallet}", remaining, held, organization_id)
    statement = """
        SELECT h.organization_id, h.id, j.id, j.status FROM billing_hold h JOIN scribe_job j ON j.id = h.job_id
        WHERE h.closed_at IS NULL AND j.completed_at < now() - interval '10 minutes'
          AND j.status NOT IN ('queued', 'running')
    """
    for organization_id, hold, job, status in _rows(statement):
        yield Discrepancy(
            "hold_dies_with_its_job",
            f"hold {hold}",
            "closed",
            "open",
            organization_id,
            {"job": str(job), "status": status},
        )


def captures() -> Iterator[Discrepancy]:
    """What was captured from holds is what the ledger has as usage; each hold's captures add up."""
    statement = """
        SELECT w.organization_id, w.id, coalesce(c.captured, 0), coalesce(u.used, 0)
        FROM billing_wallet w
        LEFT JOIN (SELECT organization_id, sum(amount) AS captured FROM billing_holdcapture GROUP BY 1) c
            ON c.organization_id = w.organization_id
        LEFT JOIN (SELECT wallet_id, -sum(amount) AS used FROM billing_entry WHERE transaction_type = 'usage' GROUP BY 1) u
            ON u.wallet_id = w.id
        WHERE coalesce(c.captured, 0) <> coalesce(u.used, 0)
    """
    for organization_id, wallet, captured, used in _rows(statement):
        yield Discrepancy("usage_entries_are_captures", f"wallet {wallet}", captured, used, organization_id)
    statement = """
        SELECT h.organization_id, h.id, h.captured, coalesce(c.amount, 0) FROM billing_hold h
        LEFT JOIN (SELECT hold_id, sum(amount) AS amount FROM billing_holdcapture GROUP BY 1) c ON c.hold_id = h.id
        WHERE h.captured <> coalesce(c.amount, 0)
    """
    for organization_id, hold, said, summed in _rows(statement):
        yield Discrepancy("hold_captured_its_captures", f"hold {hold}", summed, said, organization_id)


def usage() -> Iterator[Discrepancy]:
    """The usage records of a job cost what the ledger charged for it."""
    statement = """
        SELECT coalesce(u.organization_id, e.organization_id), coalesce(u.job_id, e.job_id),
               coalesce(u.xct, 0), coalesce(e.charged, 0)
        FROM (SELECT organization_id, job_id, sum(xct) AS xct FROM billing_usagerecord GROUP BY 1, 2) u
        FULL JOIN (SELECT organization_id, job_id, -sum(amount) AS charged FROM billing_entry
                   WHERE transaction_type = 'usage' GROUP BY 1, 2) e
            ON e.organization_id = u.organization_id AND e.job_id IS NOT DISTINCT FROM u.job_id
        WHERE coalesce(u.xct, 0) <> coalesce(e.charged, 0)
    """
    for organization_id, job, recorded, charged in _rows(statement):
        subject = f"job {job}" if job else f"work without a job of {organization_id}"
        yield Discrepancy("usage_is_what_was_charged", subject, recorded, charged, organization_id)


def invoices() -> Iterator[Discrepancy]:
    """Numbers have no gap; a paid invoice gave what it sold, and nothing else did: neither XCT nor a period."""
    statement = """
        SELECT c.series, c.year, c.last, count(i.id) FROM billing_invoicecounter c
        LEFT JOIN billing_invoice i ON i.series = c.series AND i.year = c.year AND i.sequence <= c.last
        GROUP BY c.series, c.year, c.last HAVING count(i.id) <> c.last
    """
    for series, year, last, there in _rows(statement):
        yield Discrepancy("invoice_numbers_have_no_gap", f"{series} {year}", last, there)
    statement = """
        SELECT i.organization_id, i.number, i.xct_amount, coalesce(e.amount, 0)
        FROM billing_invoice i LEFT JOIN billing_entry e
            ON e.organization_id = i.organization_id AND e.key = 'invoice:' || i.id
        WHERE i.invoice_type = 'topup' AND i.organization_id IS NOT NULL
          AND coalesce(e.amount, 0) <> CASE WHEN i.paid_at IS NULL THEN 0 ELSE i.xct_amount END
    """
    for organization_id, number, sold, given in _rows(statement):
        yield Discrepancy("invoice_gave_what_it_sold", f"invoice {number}", sold, given, organization_id)
    statement = """
        SELECT i.organization_id, i.number, i.plan_id, i.status, r.id
        FROM billing_invoice i LEFT JOIN billing_paidperiod r
            ON r.organization_id = i.organization_id AND r.key = 'invoice:' || i.id AND r.taken_back_at IS NULL
        WHERE i.invoice_type = 'subscription' AND i.organization_id IS NOT NULL
          AND i.paid_at > now() - interval '31 days' AND (r.id IS NOT NULL) <> (i.status = 'paid')
    """
    for organization_id, number, plan, status, period in _rows(statement):
        sold = f"{status}: {'' if status == 'paid' else 'not '}{plan}"
        yield Discrepancy(
            "invoice_gave_what_it_sold", f"invoice {number}", sold, plan if period else "no period", organization_id
        )


def payments() -> Iterator[Discrepancy]:
    """A payment that grants has granted, once; a top-up or a cycle from a payment has its payment."""
    statement = """
        SELECT p.organization_id, p.provider, p.external_id, p.kind, p.xct FROM billing_payment p
        WHERE p.status <> 'failed' AND (
            (p.kind = 'topup' AND NOT EXISTS (SELECT 1 FROM billing_entry e WHERE e.organization_id = p.organization_id
                AND e.key = 'payment:' || p.provider || ':' || p.external_id AND e.amount = p.xct))
            OR (p.kind IN ('first', 'renewal') AND NOT EXISTS (SELECT 1 FROM billing_cycle c
                WHERE c.organization_id = p.organization_id AND c.key = 'payment:' || p.provider || ':' || p.external_id)))
    """
    for organization_id, provider, external_id, kind, xct in _rows(statement):
        subject = f"{provider} payment {external_id}"
        yield Discrepancy("payment_granted", subject, f"{kind} of {xct}", "nothing", organization_id)
    statement = """
        SELECT e.organization_id, e.id, e.key FROM billing_entry e
        WHERE e.transaction_type = 'topup' AND e.key LIKE 'payment:%%' AND NOT EXISTS (
            SELECT 1 FROM billing_payment p WHERE p.organization_id = e.organization_id
            AND e.key = 'payment:' || p.provider || ':' || p.external_id AND p.status <> 'failed')
    """
    for organization_id, entry, key in _rows(statement):
        yield Discrepancy("grant_has_its_payment", f"entry {entry}", key, "no payment", organization_id)


def subscriptions() -> Iterator[Discrepancy]:
    """A card subscription that its provider calls active has a paid period in force: else an event was lost, or its payment
    was taken back. A renewal may come some days late."""
    statement = """
        SELECT s.organization_id, s.id, s.provider, s.external_id, s.billing_period, max(r.ends_at)
        FROM billing_subscription s
        LEFT JOIN billing_payment p ON p.subscription_id = s.id AND p.status <> 'failed'
        LEFT JOIN billing_paidperiod r ON r.organization_id = s.organization_id AND r.taken_back_at IS NULL
            AND r.key = 'payment:' || p.provider || ':' || p.external_id
        WHERE s.status = 'active' AND s.provider <> 'bank' AND s.created_at < now() - interval '1 day'
        GROUP BY s.id HAVING coalesce(max(r.ends_at), '-infinity') < now() - %s
    """
    now = timezone.now()
    for organization_id, pk, provider, external_id, period, last in _rows(statement, RENEWAL_LATE):
        known = settlement.read(Wallet.objects.get(organization_id=organization_id), now)
        mine = [p for p in known.periods if p.subscription_id == pk and p.ends_at > now - RENEWAL_LATE]
        if any(made.in_force for p in mine for made in decisions.upgrades(p, known.seen, known.prorations, now)):
            continue  # an upgrade's own money was kept
        subject, paid = f"{provider} subscription {external_id}", f"paid until {last}" if last else "none is paid"
        yield Discrepancy("subscription_is_paid", subject, f"a {period} period in force", paid, organization_id)


def prices() -> Iterator[Discrepancy]:
    """Each payment that granted was as high as what it bought costs: as was expected when it came, or else by today's list."""
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
    for organization_id, provider, external_id, kind, net, currency, expected in _rows(statement):
        subject = f"{provider} payment {external_id}"
        wanted = "a known price" if expected is None else f"{expected / 100:.2f} EUR for {kind}"
        came = "an unknown amount" if net is None else f"{net / 100:.2f} {currency}"
        yield Discrepancy("payment_is_its_price", subject, wanted, came, organization_id)


def returned() -> Iterator[Discrepancy]:
    """What a payment granted, less what was taken back, is the part of its money that was kept."""
    credited = Q(kind=Payment.Kind.PLAN_CHANGE, subscription__payments__refunds__isnull=False)
    found = Payment.objects.filter(Q(refunds__isnull=False) | credited).exclude(status=Payment.Status.FAILED).distinct()
    for payment in found.prefetch_related("refunds").iterator(chunk_size=500):
        amount = refunds.unsettled(payment)
        if amount:
            yield Discrepancy(
                "granted_is_what_was_kept",
                f"{payment.provider} payment {payment.external_id}",
                f"{100 * refunds.share(payment):.2f} % of its XCT",
                f"{amount:f} XCT more" if amount > 0 else f"{-amount:f} XCT less",
                payment.organization_id,
            )


def standings() -> Iterator[Discrepancy]:
    """Each organization is on the plan that its paid periods decide, and each upgrade within them has its payment."""
    now = timezone.now()
    running = PaidPeriod.objects.filter(ends_at__gt=now).values("organization_id")
    wallets = Wallet.objects.filter(Q(paid_until__isnull=False) | Q(organization__in=running)).select_related("plan")
    for wallet in wallets.iterator(chunk_size=500):
        known = settlement.read(wallet, now)
        decided = decisions.decide(known)
        plan = decided.plan.pk if decided.plan else FREE
        if not decided.stays and plan != wallet.plan_id:
            subject, until = (
                f"wallet {wallet.pk}",
                f" until {decided.paid_until:%Y-%m-%d}" if decided.paid_until else "",
            )
            yield Discrepancy("paid_period_is_in_force", subject, plan + until, wallet.plan_id, wallet.organization_id)
        for period in known.periods if known.seen else ():
            if period.ends_at <= now - WAITS_AFTER:
                continue
            made = decisions.upgrades(period, known.seen, known.prorations, now)
            more = [
                cycle.allotment - settlement.own_xct(period, cycle) - decisions.upgrades_xct(made, cycle.started_at)
                for cycle in (settlement.cycles_of(period) if made else ())
            ]
            for upgrade in made if max(more, default=0) > 0 else ():
                if not upgrade.in_force:
                    subject = f"subscription {period.subscription} on {upgrade.seen.at:%Y-%m-%d}"
                    wanted = f"a payment for {upgrade.seen.plan_id}"
                    yield Discrepancy("upgrade_is_paid", subject, wanted, "none in force", period.organization_id)


def costs() -> Iterator[Discrepancy]:
    """Each call on our keys has its cost in USD, unless its model costs nothing."""
    statement = """
        SELECT u.organization_id, u.provider, u.model, count(*), sum(u.xct)
        FROM billing_usagerecord u LEFT JOIN billing_aimodel m ON m.id = u.ai_model_id
        WHERE u.created_at >= %s AND u.provider <> %s AND u.cost_usd = 0 AND NOT u.byok AND NOT u.is_test
          AND CASE WHEN m.id IS NULL THEN u.xct > 0 OR u.input_tokens + u.output_tokens > 0
              ELSE m.input_usd * u.input_tokens + m.output_usd * u.output_tokens >= 1 END
        GROUP BY 1, 2, 3
    """
    for organization_id, provider, model, calls, xct in _rows(statement, timezone.now() - COSTS_WINDOW, BUILT_IN):
        subject, came = f"{provider}/{model} of {organization_id}", f"none for {calls} calls of {xct:f} XCT"
        yield Discrepancy("call_has_its_cost", subject, "a cost in USD", came, organization_id)


def events() -> Iterator[Discrepancy]:
    """No event of a provider is stuck, parked for staff, or waiting for too long."""
    now = timezone.now()
    late = {"received": STUCK_AFTER, "failed": STUCK_AFTER, "for_staff": timedelta(0), "waiting": WAITS_AFTER}
    rows = ProviderEvent.objects.filter(status__in=list(late))
    for event in rows.defer("payload", "looked_up"):
        if event.created_at <= now - late[event.status]:
            subject = f"{event.provider} event {event.event_id}"
            detail = {"type": event.event_type, "outcome": event.outcome}
            wanted, came = event.expected or "applied", event.received or event.status
            yield Discrepancy("event_is_applied", subject, wanted, came, event.organization_id, detail)


CHECKS: tuple[Callable[[], Iterator[Discrepancy]], ...] = (
    balances,
    running_balances,
    holds,
    captures,
    usage,
    invoices,
    payments,
    prices,
    returned,
    standings,
    subscriptions,
    costs,
    events,
)


def find() -> list[Discrepancy]:
    """Every difference there is now, all checks on one snapshot of the database."""
    if connection.in_atomic_block:
        return [finding for check in CHECKS for finding in check()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [finding for check in CHECKS for finding in check()]


def run() -> Reconciliation:
    """Check all books, keep what differs, close what no longer does, and raise the alarm. Twice is harmless."""
    found = find()
    with transaction.atomic():
        run = Reconciliation.objects.create(
            wallets=Wallet.objects.count(), entries=Entry.objects.count(), differences=len(found)
        )
        open_ = {(row.check_name, row.subject): row for row in Difference.objects.filter(resolved_at=None)}
        seen = {(finding.check, finding.subject[:200]): finding for finding in found}
        for key, finding in seen.items():
            row = open_.get(key) or Difference(run=run, check_name=key[0], subject=key[1])
            row.organization_id = finding.organization_id
            row.expected, row.found = str(finding.expected)[:200], str(finding.found)[:200]
            row.detail = finding.detail
            row.save()
        gone = [row.pk for key, row in open_.items() if key not in seen]
        Difference.objects.filter(pk__in=gone).update(resolved_at=timezone.now())
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])
        news = [finding for key, finding in seen.items() if key not in open_]
        if news:
            _alarm(news)
    return run


def _alarm(news: list[Discrepancy]) -> None:
    """Tell platform staff about new differences. The admin's board shows the rows."""
    for finding in news[:100]:
        log.error(
            "the books do not add up",
            check=finding.check,
            subject=finding.subject,
            expected=str(finding.expected),
            found=str(finding.found),
            organization_id=str(finding.organization_id),
        )
    lines = "\n".join(f"{f.check}: {f.subject}: expected {f.expected}, found {f.found}" for f in news[:20])
    for staff in User.objects.active().filter(is_super_admin=True):
        mail.send(
            template="notification",
            to=[staff.email],
            context={
                "user": staff,
                "title": f"Reconciliation found {len(news)} new differences",
                "subject_line": "Reconciliation found differences",
                "body": f"{lines}\n\nThey are on the board in the admin.",
                "data": {},
            },
            organization=staff.organization,
            user=staff,
        )
