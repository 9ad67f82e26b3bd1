from __future__ import annotations

import signal
import sys
import time
from datetime import datetime, timedelta
from datetime import time as TimeOfDay
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFault
from django.db import connection
from django.utils import timezone

from scribe import backup_bucket, backups, last_backup
from scribe.logs import get_logger

log = get_logger(__name__)
DAY = 24 * 3600
AGAIN = 900  # seconds after which a daily backup that failed is tried again

SAYS = {
    "none": "NOT encrypted: switch the bucket's default encryption on. Texts and addresses are readable in the dump.",
    "unknown": "Whether the bucket encrypts could not be asked.",
}


def seconds_until(at: TimeOfDay, now: datetime) -> float:
    """From `now` to the next time that the clock (of `now`'s zone) says `at`."""
    due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (due + timedelta(days=due <= now) - now).total_seconds()


class Command(BaseCommand):
    help = (
        "Back up the database and the stored files, into a new folder below INTO or into a bucket. Safe while the system"
        " serves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("into", type=Path, nargs="?", help="A folder of this machine.")
        parser.add_argument("--to", default="", help="s3://bucket/folder, instead of a folder. Default: BACKUP_TO.")
        parser.add_argument(
            "--keep",
            type=int,
            default=None,
            help="Delete all but so many of the newest in the bucket. 0: none. Default: BACKUP_KEEP.",
        )
        parser.add_argument(
            "--without-files", action="store_true", help="For buckets that are versioned by themselves."
        )

        parser.add_argument(
            "--daily-at",
            type=TimeOfDay.fromisoformat,
            metavar="HH:MM",
            help="Stay, and back up each day at this time (UTC); at once if the last one is older than a day.",
        )
        parser.add_argument(
            "--check", action="store_true", help="Only exit with 1 if the last backup is older than 26 hours."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            return self.check_age()
        if not options["daily_at"]:
            return self.make(**options)
        # The first process of a container has no default for it, and a backup under way is cleared away.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            if not self.is_overdue():
                time.sleep(seconds_until(options["daily_at"], timezone.now()))
            while not self.made(**options):
                time.sleep(AGAIN)

    @staticmethod
    def is_overdue() -> bool:
        """Whether no backup of the last day is known. While Valkey is away nobody knows: then it is not."""
        try:
            age = last_backup.age()
        except redis.RedisError as error:
            log.warning("the age of the last backup is not known", error=str(error))
            return False
        return age is None or age >= DAY

    def made(self, **options: Any) -> bool:
        try:
            self.make(**options)
        except (CommandError, DatabaseFault) as error:
            log.error("backup failed", error=str(error))
            return False
        finally:
            connection.close()
        return True

    def check_age(self) -> None:
        age = last_backup.age()
        if age is None:
            raise CommandError("No backup is known.")
        if age > last_backup.OLDEST:
            raise CommandError(f"The last backup is old: {age / 3600:.0f} hours.")

    def make(self, **options: Any) -> None:
        with_files = not options["without_files"]
        to = options["to"] or ("" if options["into"] else settings.BACKUP_TO)
        if bool(to) == bool(options["into"]):
            raise CommandError("Name one place: a folder, or --to s3://bucket/folder (or BACKUP_TO).")
        keep = settings.BACKUP_KEEP if options["keep"] is None else options["keep"]
        try:
            if to:
                made = backup_bucket.backup(to, with_files=with_files, keep=keep)
                said = backup_bucket.encryption(backup_bucket.Place.of(to))
                self.stderr.write(SAYS.get(said, f"Encrypted by the bucket ({said})."))
            else:
                made = str(backups.backup(options["into"], with_files=with_files))
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        last_backup.note()
        self.stdout.write(made)
