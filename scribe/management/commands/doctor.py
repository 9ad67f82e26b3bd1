from django.core.management.base import BaseCommand, CommandError, CommandParser

from scribe import doctor


class Command(BaseCommand):
    help = "Look at the whole environment and say what to do. Exits with 1 if something keeps the product from working."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail-to", default="", metavar="ADDRESS", help="send a test mail there")

    def handle(self, *args: object, mail_to: str, **options: object) -> None:
        grave = 0
        for part, symptom in doctor.examine(mail_to):
            mark = "!!" if symptom.grave else "? " if symptom.advice else "ok"
            self.stdout.write(f"{mark} {part:10} {symptom.says}")
            if symptom.advice:
                self.stdout.write(f"{'':14}{symptom.advice}")
            grave += symptom.grave
        if grave:
            raise CommandError(f"{grave} of these keep the product from working.")
