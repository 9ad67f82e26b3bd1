"""Say where mail goes: the folder that it is written into, the server that sends it, or the terminal."""

from django.conf import settings
from django.core.management.base import BaseCommand


def destination() -> str:
    """The folder, `host:port` of the mail server, or the backend that takes the mail."""
    name = settings.MAIL["EMAIL_BACKEND"].removesuffix(".EmailBackend").rsplit(".", 1)[-1]
    places = {
        "letters": settings.MAIL["EMAIL_FILE_PATH"],
        "smtp": f"{settings.MAIL.get('EMAIL_HOST')}:{settings.MAIL.get('EMAIL_PORT')}",
    }
    return str(places.get(name) or name)


class Command(BaseCommand):
    help = "Print where mail goes."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(destination())
