"""The language of the pages: the one that the person chose, on every device where they sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from accounts.models import User
from workbench import cookies

KEPT = timedelta(days=365)
KNOWN = tuple(dict(settings.LANGUAGES))


def speak_to(user: User) -> None:
    """Speak the person's language for the rest of the request. Staff who work as a customer read in their own."""
    if user.language in KNOWN and not user.impersonated:
        translation.activate(user.language)


def keep(request: Any, response: HttpResponse) -> None:
    """Have this browser speak it, too, before the next sign-in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.language not in KNOWN or user.impersonated:
        return
    response.headers["Content-Language"] = user.language
    if cookies.read(request, cookies.LANGUAGE) != user.language:
        cookies.write(response, cookies.LANGUAGE, user.language, lasts=KEPT)
