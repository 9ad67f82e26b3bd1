from django.core.management.base import BaseCommand, CommandError

from scribe import audit
from scribe.models import AuditEntry


class Command(BaseCommand):
    help = "Walk the audit log's chain of hashes and name every entry that was changed, moved or removed."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        faults = 0
        for number, what in audit.verify():
            faults += 1
            self.stderr.write(f"Entry {number} {what}.")
        if faults:
            raise CommandError(f"The audit log does not hold: {faults} faults.")
        last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first() or (0, "-")
        self.stdout.write(f"The audit log holds: {last[0]} entries, the last hash is {last[1]}.")
