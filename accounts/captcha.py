"""The question whether a person fills in the registration form."""

from __future__ import annotations

from django.conf import settings

from integrations.identity import turnstile
from integrations.identity.errors import Unavailable
from scribe.errors import InvalidInput, NotConfigured


def check(token: str, *, address: str) -> None:
    """Pass when no secret is set. Raises InvalidInput when Turnstile says no, and 503 when it cannot be asked."""
    if not settings.TURNSTILE_SECRET:
        return
    try:
        good = turnstile.passed(token, address=address)
    except Unavailable as error:
        raise NotConfigured(
            "The check against robots is out of order. Please try again.", code="turnstile_unavailable", retry_after=10
        ) from error
    if not good:
        raise InvalidInput.at("#/turnstile_token", "Please confirm that you are not a robot.", "turnstile_failed")
