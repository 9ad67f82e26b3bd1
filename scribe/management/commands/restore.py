from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import backups


class Command(BaseCommand):
    help = "Restore a backup's folder into this deployment's empty database and storage."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.restore(options["folder"])
            now = backups.rows()
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        for table, count in now.items():
            self.stdout.write(f"{table}: {count} rows (backup: {manifest['rows'].get(table)} or more)")
        self.stdout.write("Restored. Now run `migrate`, `verify_audit` and `reconcile`.")
