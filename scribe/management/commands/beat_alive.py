import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import beat


class Command(BaseCommand):
    help = "Exit with 1 if beat has not ticked for a minute. For health checks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=60, help="the oldest tick that counts as alive")

    def handle(self, *args: object, seconds: float, **options: object) -> None:
        try:
            age = beat.age()
        except redis.RedisError as error:
            raise CommandError(f"Valkey does not answer: {error}") from error
        if age > seconds:
            raise CommandError("Beat never ticked." if age == float("inf") else f"Beat last ticked {age:.0f} s ago.")
        self.stdout.write(f"Beat ticked {age:.0f} s ago.")
