"""The sign-in of a browser: a cookie that names the same session row as the API's tokens.

Once the row is ended (by signing out, by a new password, or by staff), the browser's next request is signed out.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, parse_cookie

from accounts import authentication, lockout, session_lookup, social, tokens
from accounts.models import User
from accounts.sign_in import SignIn
from scribe import crypto, ids
from workbench import cookies

PURPOSE = "workbench-session"
STEP = "workbench-step"
CONSENT = "workbench-consent"
#: A waiting sign-in lives as long as its temp token.
STEP_LASTS = timedelta(minutes=10)
#: As long as a nonce lives.
CONSENT_LASTS = timedelta(seconds=social.NONCE_SECONDS)


def user_of(request: HttpRequest) -> User | None:
    """The user who is signed in in this browser, or None. One query loads organization, wallet and plan as well."""
    claims = crypto.unsign(PURPOSE, cookies.read(request, cookies.SESSION), max_age=settings.SESSION_LIFETIME)
    session_id = ids.parse(claims.get("s")) if claims else None
    if claims is None or session_id is None:
        return None
    found = session_lookup.find(
        session_id=session_id,
        user_id=ids.parse(claims.get("u")),
        jti="",  # no token here: the cookie is valid as long as its session
        related=("user__organization__wallet__plan",),
    )
    return authentication.user_of(found) if found else None


def proof(path: str, query: bytes, headers: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    """The organization and the person whom the cookie of a page's request proves by its signature alone, for
    `scribe.fairness.callers`."""
    if not path.startswith(cookies.PATH) or b"cookie" not in headers:
        return None
    given = parse_cookie(headers[b"cookie"].decode("latin-1"))
    value = given.get(cookies.name_of(cookies.SESSION), "")
    claims = crypto.unsign(PURPOSE, value, max_age=settings.SESSION_LIFETIME) if value else None
    # Cookies from before the organization stood in them name the person alone.
    return (claims.get("o") or claims["u"], claims["u"]) if claims else None


def start(response: HttpResponse, access_token: str) -> HttpResponse:
    """Store the session of a fresh `access_token` in this browser. The token itself is not stored."""
    token = tokens.read(access_token)
    value = crypto.sign(PURPOSE, {"s": token["sid"], "u": token["sub"], "o": token["org"]})
    cookies.write(response, cookies.SESSION, value, lasts=settings.SESSION_LIFETIME)
    cookies.forget(response, cookies.STEP)
    return response


def remember_device(response: HttpResponse, found: SignIn) -> None:
    """Store the token that makes the device known. A known device is not slowed down while others guess passwords."""
    if found.device_token:
        cookies.write(response, cookies.DEVICE, found.device_token, lasts=lockout.DEVICE_KNOWN)


def start_step(response: HttpResponse, found: SignIn, *, following: str) -> None:
    """Store a sign-in that waits for its second factor, and the page to open after it."""
    value = crypto.sign(STEP, {"t": found.temp_token, "m": found.two_factor_method or "", "n": following})
    cookies.write(response, cookies.STEP, value, lasts=STEP_LASTS)


def step_of(request: HttpRequest) -> dict[str, str] | None:
    """The waiting sign-in: temp token `t`, method `m`, next page `n`."""
    return crypto.unsign(STEP, cookies.read(request, cookies.STEP), max_age=STEP_LASTS)


def start_consent(response: HttpResponse, kept: dict[str, str], *, following: str = "") -> None:
    """Store what the browser has to bring back from a provider, and the page to open after it."""
    value = crypto.sign(CONSENT, {**kept, "f": following[:500]})
    cookies.write(response, cookies.CONSENT, value, lasts=CONSENT_LASTS)


def consent_of(request: HttpRequest) -> dict[str, str] | None:
    """The consent that this browser was sent for, as `accounts.consents` keeps it, with the next page `f`."""
    return crypto.unsign(CONSENT, cookies.read(request, cookies.CONSENT), max_age=CONSENT_LASTS)


def end_consent(response: HttpResponse) -> None:
    cookies.forget(response, cookies.CONSENT)


def end(response: HttpResponse) -> HttpResponse:
    """Forget the sign-in in this browser."""
    cookies.forget(response, cookies.SESSION)
    cookies.forget(response, cookies.STEP)
    return response
