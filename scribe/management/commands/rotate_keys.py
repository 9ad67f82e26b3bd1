from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import key_rotation


class Command(BaseCommand):
    help = "Re-encrypt every encrypted field under the first of FIELD_ENCRYPTION_KEYS. Safe while the system serves."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=key_rotation.BATCH, help="Rows per transaction.")

    def handle(self, *args: object, batch: int, **options: object) -> None:
        try:
            changed = key_rotation.rotate_all(batch=batch)
        except InvalidToken as error:
            raise CommandError(" ".join(getattr(error, "__notes__", ["A value is under an unknown key."]))) from error
        for label, count in changed.items():
            self.stdout.write(f"{label}: {count} rows")
        self.stdout.write(
            "All under the first key. Older keys may go once every process has restarted with the new list."
        )
