"""`manage.py reconcile`: check that all books add up; exit status 1 when they do not."""

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing import margins, reconciliation
from billing.checks import operations
from billing.models import Difference


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Check the ledger against balances, holds, usage, invoices, payments and provider events; and tell the margins."
    )

    def handle(self, *args: object, **options: object) -> None:
        run = reconciliation.run()
        self.stdout.write(f"{run.wallets} wallets and {run.entries} entries checked: {run.differences} differences.")
        for row in Difference.objects.filter(resolved_at=None).order_by("check_name", "subject"):
            self.stdout.write(f"  {row.check_name}: {row.subject}: expected {row.expected}, found {row.found}")
        for sentence in margins.report(timezone.now() - operations.COSTS_WINDOW):
            self.stdout.write(f"  {sentence}")
        if run.differences:
            sys.exit(1)
