from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import backups


class Command(BaseCommand):
    help = "Back up the database and the stored files into a new folder below INTO. Safe while the system serves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("into", type=Path)
        parser.add_argument(
            "--without-files", action="store_true", help="For buckets that are versioned by themselves."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = backups.backup(options["into"], with_files=not options["without_files"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(folder))
