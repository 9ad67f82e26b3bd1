"""Access tokens (JWT), and one-use tokens for links and for the steps of a sign-in."""

import secrets
from datetime import timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken as SimpleAccessToken

from accounts.models import OneTimeToken, Session, User
from scribe import crypto
from scribe.types import Json

Purpose = OneTimeToken.Purpose
LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(hours=48),
    Purpose.CHANGE_EMAIL: timedelta(hours=48),
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    Purpose.SET_PASSWORD: timedelta(hours=48),
    Purpose.SECOND_FACTOR: timedelta(minutes=10),
    Purpose.SECOND_FACTOR_SETUP: timedelta(minutes=10),
}
#: After this many wrong codes a temp token is dead, and the sign-in begins again with the password.
MAX_WRONG_CODES = 5


class AccessToken(SimpleAccessToken):
    """The token that a signed-in person sends: `sub`, `org`, `sid`, `jti`, `iat`, `exp`, `auth_time`."""


def read(raw: str) -> AccessToken:
    """The claims of a live access token. Raises TokenError. Don't change the result: it is shared."""
    token = _read(raw)
    token.check_exp(current_time=timezone.now())
    return token


@lru_cache(maxsize=4096)
def _read(raw: str) -> AccessToken:
    """The parsed token. Its signature is verified once per process; the callers check expiry and session each time."""
    return AccessToken(raw)  # type: ignore[arg-type]


def access_token(session: Session) -> str:
    """A fresh access token for `session`, never living longer than the session itself."""
    token = AccessToken()
    token["sub"] = str(session.user_id)
    token["org"] = str(session.organization_id)
    token["sid"] = str(session.pk)
    token["auth_time"] = int(session.created_at.timestamp())
    if session.impersonator_id is not None:
        token["act"] = {"sub": str(session.impersonator_id)}  # RFC 8693: who acts as `sub`
    token["exp"] = min(token["exp"], int(session.expires_at.timestamp()))
    return str(token)


def issue(*, user: User, purpose: str, data: Json | None = None) -> str:
    """A signed one-use token for `user`. The row keeps a digest of the secret inside, so only the holder can spend it."""
    secret = secrets.token_urlsafe(24)
    OneTimeToken.objects.create(
        user=user,
        organization_id=user.organization_id,
        purpose=purpose,
        digest=crypto.digest(secret),
        data=data or {},
        expires_at=timezone.now() + LIFETIMES[Purpose(purpose)],
    )
    return crypto.sign(purpose, {"t": secret})


def find(token: str, *purposes: str) -> OneTimeToken | None:
    """The live row behind `token` for one of `purposes`, with its user and organization; None when it is dead."""
    digests = []
    for purpose in purposes:
        payload = crypto.unsign(purpose, token, max_age=LIFETIMES[Purpose(purpose)].total_seconds())
        if payload and isinstance(payload.get("t"), str):
            digests.append(crypto.digest(payload["t"]))
    if not digests:
        return None
    return (
        OneTimeToken.objects.filter(
            digest__in=digests,
            purpose__in=purposes,
            used_at=None,
            expires_at__gt=timezone.now(),
            failures__lt=MAX_WRONG_CODES,
            user__is_active=True,
        )
        .select_related("user__organization")
        .first()
    )


def spend(row: OneTimeToken) -> bool:
    """Use `row` up. False when another request did first; a conditional UPDATE decides between the two."""
    return bool(OneTimeToken.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()))


def count_failure(row: OneTimeToken) -> None:
    """Count a wrong code for `row`."""
    OneTimeToken.objects.filter(pk=row.pk).update(failures=F("failures") + 1)


@transaction.atomic
def discard(*, user: User, purposes: tuple[str, ...] = tuple(Purpose)) -> None:
    """Kill the live tokens of `user` for `purposes`."""
    OneTimeToken.objects.filter(user=user, purpose__in=purposes, used_at=None).update(used_at=timezone.now())
