"""Do the books add up? The ledger against balances, holds, usage, invoices and provider events; and XCT, plans and periods
against the money that came in.

Every check runs over all organizations on one snapshot (so that work in progress cannot look like a difference) and
yields the rows that differ. A difference stays open until a later run no longer finds it.
"""

from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from accounts import mail
from accounts.models import User
from billing.checks import books, operations, payments, plans
from billing.checks.discrepancy import Discrepancy
from billing.models import Difference, Entry, Reconciliation, Wallet
from scribe.logs import get_logger

log = get_logger(__name__)

CHECKS: tuple[Callable[[], Iterator[Discrepancy]], ...] = (
    books.balances,
    books.running_balances,
    books.holds,
    books.captures,
    books.usage,
    payments.invoices,
    payments.payments,
    payments.prices,
    payments.parked_payments,
    payments.packs,
    plans.standings,
    plans.subscriptions,
    plans.changes,
    operations.costs,
    operations.events,
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
