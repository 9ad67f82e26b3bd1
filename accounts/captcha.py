"""The check that a person fills in the registration form (Cloudflare Turnstile)."""

from django.conf import settings

from integrations.identity import turnstile
from integrations.identity.errors import Unavailable
from scribe.errors import InvalidInput, NotConfigured
from scribe.messages import _


def check(token: str, *, address: str) -> None:
    """Check the answer with Turnstile; without a secret everybody passes. Raises InvalidInput when Turnstile rejects it, and
    503 when it cannot be reached."""
    if not settings.TURNSTILE_SECRET:
        return
    try:
        good = turnstile.is_accepted(token, address=address)
    except Unavailable as error:
        raise NotConfigured(
            _("We could not check that you are not a robot. Please try again."),
            code="turnstile_unavailable",
            retry_after=10,
        ) from error
    if not good:
        raise InvalidInput.at("#/turnstile_token", _("Please confirm that you are not a robot."), "turnstile_failed")
