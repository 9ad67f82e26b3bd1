"""Sign in with Google: ID tokens, and the access tokens of its OAuth pop-up.

https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
"""

from urllib.parse import urlencode

from django.conf import settings

from integrations.identity import claims as read
from integrations.identity import keys
from integrations.identity.errors import Refused, Unavailable, asking
from integrations.identity.types import Identity
from scribe.http import client
from scribe.types import Json, JsonValue

PARTY = "google"
ISSUERS = ["https://accounts.google.com", "accounts.google.com"]


def client_ids() -> list[str]:
    """Our client ids (web, iOS, Android): GOOGLE_CLIENT_ID, comma-separated."""
    return [part.strip() for part in settings.GOOGLE_CLIENT_ID.split(",") if part.strip()]


def consent_url(*, return_url: str, state: str, nonce: str, challenge: str) -> str:
    """Where the browser asks its owner for consent. `challenge` is the SHA-256 of the code verifier (PKCE).

    https://developers.google.com/identity/openid-connect/openid-connect
    """
    asked = {
        "client_id": client_ids()[0],
        "redirect_uri": return_url,
        "response_type": "code",
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    return f"{settings.GOOGLE_AUTHORIZE_URL}?{urlencode(asked)}"


def redeem(code: str, *, verifier: str, return_url: str) -> str:
    """The ID token for the code with which the browser came back. Raises Refused, Unavailable."""
    form = {
        "client_id": client_ids()[0],
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
        "code": code,
        "code_verifier": verifier,
        "grant_type": "authorization_code",
        "redirect_uri": return_url,
    }
    with asking(PARTY):
        response = client.request("POST", settings.GOOGLE_TOKEN_URL, data=form, timeout=10, max_bytes=64 * 1024)
        answer = response.json()
    if response.status in (400, 401) and isinstance(answer, dict) and answer.get("error") == "invalid_grant":
        raise Refused("the code was used, or is not for us")
    if response.status != 200 or not isinstance(answer, dict) or not isinstance(answer.get("id_token"), str):
        raise Unavailable(PARTY)
    token: str = answer["id_token"]
    return token


def verify_id_token(credential: str) -> Identity:
    """The person of a Google ID token. Raises Refused, Unavailable."""
    claims = keys.decode(
        credential, keys=keys.key_set(settings.GOOGLE_JWKS_URL, PARTY), audience=client_ids(), issuer=ISSUERS
    )
    return _identity(claims, verified=claims.get("email_verified") is True)


def _identity(claims: Json, *, verified: bool) -> Identity:
    email = read.address(claims.get("email"))
    return Identity(
        provider=PARTY,
        subject=read.subject(claims.get("sub")),
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
    with asking(PARTY):
        response = client.request(
            "GET", settings.GOOGLE_TOKENINFO_URL, params={"access_token": access_token}, timeout=5, max_bytes=64 * 1024
        )
    if response.status >= 500 or response.status == 429:
        raise Unavailable(PARTY)
    if response.status != 200:
        raise Refused("Google does not know this token")
    with asking(PARTY):
        info = response.json()
    if not isinstance(info, dict):
        raise Unavailable(PARTY)
    if _text(info.get("aud")) not in client_ids():
        raise Refused("made for another application")
    if not _positive(info.get("expires_in")):
        raise Refused("expired")
    return _identity(info, verified=info.get("email_verified") in (True, "true"))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _positive(value: JsonValue) -> bool:
    """Whether a number is above 0. tokeninfo writes its numbers as strings."""
    try:
        return int(value) > 0
    except (TypeError, ValueError, OverflowError):
        return False
