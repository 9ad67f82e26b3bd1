"""Authentication of callers: people with an access token, and a shop's plugin with an API key."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from accounts import session_lookup, tokens
from accounts.models import ApiKey, Session, User
from accounts.tokens import AccessToken
from scribe import crypto, ids, logs
from scribe.errors import NotAuthenticated

if TYPE_CHECKING:
    from rest_framework.request import Request

API_KEY_PREFIX = "xcs_"
#: `last_used_at` is written at most this often.
KEY_USE_RESOLUTION = timedelta(minutes=10)


def bearer(request: Request) -> str:
    """The credential in the Authorization header; empty without one."""
    scheme, _, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


class SessionTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; the token is valid as long as its session row is.

    Session, user and organization come in one statement; a view may name more to come along in `principal_related`,
    as paths from the session ("user__organization__wallet").
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        raw = bearer(request)
        if not raw:
            return None
        view = (request.parser_context or {}).get("view")
        return authenticate_token(raw, related=tuple(getattr(view, "principal_related", ())))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def authenticate_token(raw: str, *, related: tuple[str, ...] = ()) -> tuple[User, AccessToken]:
    """The user and the parsed token behind `raw`. Raises NotAuthenticated when it is forged, dead or revoked."""
    try:
        token = tokens.read(raw)
    except TokenError as error:
        raise NotAuthenticated("The access token is not valid, or has expired.") from error
    session_id = ids.parse(token.get("sid"))
    session = (
        session_lookup.find(
            session_id=session_id,
            user_id=ids.parse(token.get("sub")),
            jti=str(token.get("jti", "")),
            related=related,
        )
        if session_id
        else None
    )
    if session is None:
        raise NotAuthenticated("The access token is not valid, or has expired.")
    return user_of(session), token


def user_of(session: Session) -> User:
    """The caller that a live `session` stands for. Log lines and audit entries name the member of staff behind it, if any."""
    user = session.user
    user.session = session
    if session.impersonator_id is not None:
        logs.bind(impersonator=f"staff {session.impersonator_id}")
    user.auth_time = int(session.created_at.timestamp())
    return user


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer xcs_…` or `X-API-Key: xcs_…`, on the plugin operations only."""

    def authenticate(self, request: Request) -> tuple[ApiKey, None] | None:
        raw = request.META.get("HTTP_X_API_KEY", "").strip() or bearer(request)
        if not raw:
            return None
        view = (request.parser_context or {}).get("view")
        related = tuple(getattr(view, "principal_related", ()))
        key = raw.startswith(API_KEY_PREFIX) and (
            ApiKey.objects.filter(digest=crypto.digest(raw), is_active=True)
            .select_related("organization", *related)
            .first()
        )
        if not key:
            raise NotAuthenticated("The API key is not valid.")
        note_use(key)
        return key, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="plugin"'


def note_use(key: ApiKey) -> None:
    """Note the time at which `key` was used. It is only coarse, so most requests write nothing."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= KEY_USE_RESOLUTION:
        stale: Any = Q(last_used_at=None) | Q(last_used_at__lt=now - KEY_USE_RESOLUTION)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
