import signal
import sys
import time
from datetime import time as TimeOfDay

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFault
from django.db import connection

from scribe import backups
from scribe.logs import get_logger

log = get_logger(__name__)
DAY = 24 * 3600
AGAIN = 900  # seconds after which a daily backup that failed is tried again


class Command(BaseCommand):
    help = "Dump the database into a bucket, while the system serves."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="s3://bucket/folder. Default: BACKUP_TO.")
        parser.add_argument(
            "--daily-at",
            type=TimeOfDay.fromisoformat,
            metavar="HH:MM",
            help="Stay, and do it each day (UTC); at once if the last day has none.",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Only exit with 1 if the last backup of any kind is older than 26 hours.",
        )

    def handle(self, *args: object, to: str, daily_at: TimeOfDay | None, check: bool, **options: object) -> None:
        if check:
            return self.check_age()
        if not daily_at:
            self.stdout.write(self.dump(to))
            return None
        # The first process of a container has no default for it, and a dump under way is cleared away.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if self.is_overdue():
            self.dump_until_it_is_made(to)
        while True:
            backups.wait_until(daily_at)
            self.dump_until_it_is_made(to)

    @staticmethod
    def is_overdue() -> bool:
        """Whether the last day has no backup. While the database is away nobody knows: then it has."""
        try:
            age = backups.age()
        except DatabaseFault as error:
            log.warning("the age of the last backup is not known", error=str(error))
            return False
        finally:
            connection.close()
        return age is None or age >= DAY

    def dump_until_it_is_made(self, to: str) -> None:
        while not self.dumped(to):
            time.sleep(AGAIN)

    def dump(self, to: str) -> str:
        """Make one, and return its address."""
        try:
            return backups.dump(to or settings.BACKUP_TO)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error

    def dumped(self, to: str) -> bool:
        try:
            log.info("backup made", address=self.dump(to))
        except (CommandError, DatabaseFault) as error:
            log.error("backup failed", error=str(error))
            return False
        finally:
            connection.close()
        return True

    def check_age(self) -> None:
        age = backups.age()
        if age is None:
            raise CommandError("No backup is known.")
        if age > backups.OLDEST:
            raise CommandError(f"The last backup is old: {age / 3600:.0f} hours.")
