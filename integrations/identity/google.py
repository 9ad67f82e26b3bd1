"""Sign in with Google: ID tokens, and the access tokens of its OAuth pop-up.

https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from integrations.identity import claims as read
from integrations.identity import keys
from integrations.identity.errors import Refused, Unavailable
from integrations.identity.types import Identity
from scribe.http import client
from scribe.http.errors import OutboundError, TimedOut

PARTY = "google"
ISSUERS = ["https://accounts.google.com", "accounts.google.com"]


def client_ids() -> list[str]:
    """Our client ids (web, iOS, Android): GOOGLE_CLIENT_ID, comma-separated."""
    return [part.strip() for part in settings.GOOGLE_CLIENT_ID.split(",") if part.strip()]


def verify_id_token(credential: str) -> Identity:
    """The person of a Google ID token. Raises Refused, Unavailable."""
    claims = keys.decode(
        credential, keys=keys.of(settings.GOOGLE_JWKS_URL, PARTY), audience=client_ids(), issuer=ISSUERS
    )
    email = read.address(claims.get("email"))
    verified = claims.get("email_verified") is True
    return Identity(
        provider=PARTY,
        subject=read.subject(claims["sub"]),
        email=email,
        email_verified=verified,
        # Google vouches only for its own mail and for Workspace domains. Any other address may have changed hands.
        authoritative=verified and (email.endswith("@gmail.com") or bool(claims.get("hd"))),
        first_name=read.name(claims.get("given_name")),
        last_name=read.name(claims.get("family_name")),
        nonce=read.nonce(claims.get("nonce")),
    )


def verify_access_token(access_token: str) -> Identity:
    """The person of a Google access token. Google is asked first whether the token was made for our application."""
    try:
        response = client.request(
            "GET", settings.GOOGLE_TOKENINFO_URL, params={"access_token": access_token}, timeout=5, max_bytes=64 * 1024
        )
    except TimedOut as error:
        raise Unavailable(PARTY, timed_out=True) from error
    except OutboundError as error:
        raise Unavailable(PARTY) from error
    if response.status >= 500 or response.status == 429:
        raise Unavailable(PARTY)
    if response.status != 200:
        raise Refused("Google does not know this token")
    try:
        info = response.json()
    except OutboundError as error:
        raise Unavailable(PARTY) from error
    if not isinstance(info, dict):
        raise Unavailable(PARTY)
    if _text(info.get("aud")) not in client_ids():
        raise Refused("made for another application")
    if not _positive(info.get("expires_in")):
        raise Refused("expired")
    subject, email = read.subject(info.get("sub")), read.address(info.get("email"))
    verified = info.get("email_verified") in (True, "true")
    return Identity(
        provider=PARTY,
        subject=subject,
        email=email,
        email_verified=verified,
        authoritative=verified and (email.endswith("@gmail.com") or bool(info.get("hd"))),
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _positive(value: Any) -> bool:
    """Whether a number is above 0. tokeninfo writes its numbers as strings."""
    try:
        return int(value) > 0
    except (TypeError, ValueError, OverflowError):
        return False
