"""The check that a person fills in the registration form (Cloudflare Turnstile)."""

from __future__ import annotations

from django.conf import settings

from integrations.identity import turnstile
from integrations.identity.errors import Unavailable
from scribe.errors import InvalidInput, NotConfigured


def check(token: str, *, address: str) -> None:
    """Check the answer with Turnstile; without a secret everybody passes. Raises InvalidInput when Turnstile rejects it, and
    503 when it cannot be reached."""
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
