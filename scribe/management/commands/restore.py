from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import backup_bucket, backups


class Command(BaseCommand):
    help = "Restore a backup into this deployment's empty database and storage."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "backup", help="Its folder, or s3://bucket/folder[/scribe-…]: without a name the newest there."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            named = options["backup"]
            manifest = backup_bucket.restore(named) if named.startswith("s3://") else backups.restore(Path(named))
            now = backups.rows()
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        for table, count in now.items():
            self.stdout.write(f"{table}: {count} rows (backup: {manifest['rows'].get(table)} or more)")
        self.stdout.write("Restored. Now run `migrate`, `verify_audit` and `reconcile`.")
