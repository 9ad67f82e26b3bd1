"""The ledger against balances, holds and usage."""

from collections.abc import Iterator

from django.utils import timezone

from billing.checks.discrepancy import Discrepancy, rows


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
    for organization_id, wallet, *amounts in rows(statement):
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
    for organization_id, entry, number, previous, after, expected in rows(statement):
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
    for organization_id, wallet, held, remaining in rows(statement):
        yield Discrepancy("held_is_sum_of_holds", f"wallet {wallet}", remaining, held, organization_id)
    statement = """
        SELECT h.organization_id, h.id, j.id, j.status FROM billing_hold h JOIN scribe_job j ON j.id = h.job_id
        WHERE h.closed_at IS NULL AND j.completed_at < %s - interval '10 minutes'
          AND j.status NOT IN ('queued', 'running')
    """
    for organization_id, hold, job, status in rows(statement, timezone.now()):
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
        LEFT JOIN (SELECT wallet_id, -sum(amount) AS used FROM billing_entry
            WHERE transaction_type = 'usage' GROUP BY 1) u ON u.wallet_id = w.id
        WHERE coalesce(c.captured, 0) <> coalesce(u.used, 0)
    """
    for organization_id, wallet, captured, used in rows(statement):
        yield Discrepancy("usage_entries_are_captures", f"wallet {wallet}", captured, used, organization_id)
    statement = """
        SELECT h.organization_id, h.id, h.captured, coalesce(c.amount, 0) FROM billing_hold h
        LEFT JOIN (SELECT hold_id, sum(amount) AS amount FROM billing_holdcapture GROUP BY 1) c ON c.hold_id = h.id
        WHERE h.captured <> coalesce(c.amount, 0)
    """
    for organization_id, hold, said, summed in rows(statement):
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
    for organization_id, job, recorded, charged in rows(statement):
        subject = f"job {job}" if job else f"work without a job of {organization_id}"
        yield Discrepancy("usage_is_what_was_charged", subject, recorded, charged, organization_id)
