"""Make the demo administrator of a bare machine: platform staff with a random password, printed once."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

EMAIL = "admin@example.com"


class Command(BaseCommand):
    help = "Create the demo administrator, or give it a new random password, and print the password."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        user_model = get_user_model()
        password = secrets.token_urlsafe(12)
        user = user_model.objects.filter(email=EMAIL).first()
        if user is None:
            user = user_model.objects.create_superuser(email=EMAIL, password=password)
        else:
            user.set_password(password)
            user.save(update_fields=["password"])
        self.stdout.write(f"Demo administrator: {EMAIL}  password: {password}")
