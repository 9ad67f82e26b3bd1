"""Sign in with Apple: ID tokens.

https://developer.apple.com/documentation/signinwithapple/verifying-a-user
"""

from urllib.parse import quote, urlencode

from django.conf import settings

from integrations.identity import claims as read
from integrations.identity import keys
from integrations.identity.types import Identity

PARTY = "apple"
ISSUER = "https://appleid.apple.com"


def client_ids() -> list[str]:
    """Bundle ids of the apps and Services ids of the web: APPLE_CLIENT_ID, comma-separated."""
    return [part.strip() for part in settings.APPLE_CLIENT_ID.split(",") if part.strip()]


def consent_url(*, return_url: str, state: str, nonce: str) -> str:
    """Where the browser asks its owner for consent. Apple sends the ID token back by a form, since an address is asked for;
    it offers no PKCE.

    https://developer.apple.com/documentation/signinwithapple/incorporating-sign-in-with-apple-into-other-platforms
    """
    asked = {
        "client_id": settings.APPLE_SERVICES_ID,
        "redirect_uri": return_url,
        "response_type": "code id_token",
        "response_mode": "form_post",
        "scope": "name email",
        "state": state,
        "nonce": nonce,
    }
    return f"{settings.APPLE_AUTHORIZE_URL}?{urlencode(asked, quote_via=quote)}"


def verify_id_token(id_token: str) -> Identity:
    """The person of an Apple ID token, without a name: only the app gets it, once. Raises Refused, Unavailable."""
    claims = keys.decode(
        id_token, keys=keys.key_set(settings.APPLE_JWKS_URL, PARTY), audience=client_ids(), issuer=[ISSUER]
    )
    verified = claims.get("email_verified") in (True, "true")  # Apple sends either type
    return Identity(
        provider=PARTY,
        subject=read.subject(claims["sub"]),
        email=read.address(claims.get("email")),
        email_verified=verified,
        authoritative=verified,
        nonce=read.nonce(claims.get("nonce")),
    )
