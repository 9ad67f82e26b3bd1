"""Sign-in with Google and Apple by redirect: the browser goes there, and comes back with a code or a token.

What the browser has to bring back is kept by the caller in a cookie (`Consent.kept`). Google's code is redeemed with its
secret and PKCE; Apple sends the ID token itself. From there on the rules are those of `accounts.social`.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from accounts import social
from integrations.identity import apple, google
from integrations.identity.errors import Refused, Unavailable
from integrations.identity.types import Identity
from scribe import crypto
from scribe.errors import NotAuthenticated, NotConfigured, UpstreamFailed, UpstreamTimeout
from scribe.messages import _
from scribe.types import Json

#: How long what Apple posted waits for the browser's next request.
POSTED_SECONDS = 120
LONGEST_TOKEN = 10_000
LONGEST_NAME = 2_000


@dataclass(frozen=True)
class Consent:
    """A consent that is asked for: the address to go to, and what is to be compared when the browser comes back."""

    url: str
    kept: dict[str, str]


def offered_providers() -> list[str]:
    """The providers that this deployment offers by redirect."""
    found = []
    if google.client_ids() and settings.GOOGLE_CLIENT_SECRET:
        found.append(google.PARTY)
    if settings.APPLE_SERVICES_ID and settings.APPLE_SERVICES_ID in apple.client_ids():
        found.append(apple.PARTY)
    return found


def ask(provider: str, *, return_url: str) -> Consent:
    """Begin: a state, a nonce that serves once, and for Google a code verifier. NotConfigured when it is not offered."""
    if provider not in offered_providers():
        name = social.NAMES[provider]
        raise NotConfigured(
            _("Sign-in with {name} is not set up on this server.", name=name), code=f"{provider}_sign_in_not_configured"
        )
    state, nonce, verifier = secrets.token_urlsafe(24), social.create_nonce(), secrets.token_urlsafe(48)
    if provider == google.PARTY:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        url = google.consent_url(return_url=return_url, state=state, nonce=nonce, challenge=challenge)
    else:
        url = apple.consent_url(return_url=return_url, state=state, nonce=nonce)
    return Consent(url, {"p": provider, "s": state, "n": nonce, "v": verifier})


def is_answer(kept: Json | None, *, provider: str, state: str) -> bool:
    """Whether the browser that comes back with `state` is the one that was sent there."""
    if not kept or kept.get("p") != provider or not state:
        return False
    return hmac.compare_digest(str(kept.get("s", "")).encode(), state.encode())


def keep_posted(*, state: str, id_token: str, user: str) -> None:
    """Keep what Apple posted for the browser's next request: a form from another site brings none of our cookies."""
    posted = {"id_token": id_token[:LONGEST_TOKEN], "user": user[:LONGEST_NAME]}
    cache.set(_key(state), posted, timeout=POSTED_SECONDS)


def identity_of(kept: Json, *, code: str, return_url: str) -> Identity:
    """Who came back. The caller has checked the state.

    Raises NotAuthenticated `invalid_social_token`, UpstreamFailed, UpstreamTimeout.
    """
    if kept["p"] == google.PARTY:
        identity = social.ask_google(credential=_redeem(code, kept["v"], return_url))
    else:
        posted = cache.get(_key(kept["s"])) or {}
        cache.delete(_key(kept["s"]))
        identity = social.ask_apple(id_token=posted.get("id_token", ""))
        identity = social.with_name(identity, *_names(posted.get("user", "")))
    if identity.nonce is None:
        raise _refusal()  # we sent one, so that a token serves this browser alone
    social.check_nonce(identity, kept["n"])
    return identity


def _redeem(code: str, verifier: str, return_url: str) -> str:
    if not code:
        raise _refusal()
    try:
        return google.redeem(code, verifier=verifier, return_url=return_url)
    except Refused:
        raise _refusal() from None
    except Unavailable as error:
        kind = UpstreamTimeout if error.timed_out else UpstreamFailed
        raise kind(_("We could not reach Google. Please try again."), party=error.party) from error


def _refusal() -> NotAuthenticated:
    return NotAuthenticated(_("This sign-in token is invalid. Sign in again."), code="invalid_social_token")


def _key(state: str) -> str:
    return f"apple-posted:{crypto.digest(state)}"


def _names(user: str) -> tuple[str, str]:
    """First and last name in what Apple sends once, beside its token. For display only: the browser could have changed it."""
    try:
        found = json.loads(user or "{}").get("name") or {}
        return str(found.get("firstName") or ""), str(found.get("lastName") or "")
    except (ValueError, AttributeError):
        return "", ""
