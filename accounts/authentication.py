"""Authentication of callers: people with an access token, and programs with an API key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from accounts import key_texts, session_lookup, tokens
from accounts.models import ApiKey, Session, User
from accounts.tokens import AccessToken
from scribe import crypto, ids, logs
from scribe.api import scopes
from scribe.api.addresses import UNKNOWN, client_address, within
from scribe.errors import Forbidden, InvalidInput, NotAuthenticated
from scribe.fairness import callers
from scribe.messages import _

if TYPE_CHECKING:
    from rest_framework.request import Request

    from scribe.api.views import ScribeViewSet

#: `last_used_at` is written at most this often.
KEY_USE_RESOLUTION = timedelta(minutes=10)


ORPHANED = _("This API key no longer works because the person who created it was removed. Create a new key.")


def bearer(request: Request) -> str:
    """The credential in the Authorization header; empty without one."""
    scheme, _unused, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def credentials(request: Request) -> tuple[str, str]:
    """What is given as `Authorization: Bearer` and as `X-API-Key`, at most one of them; empty where nothing is. Raises
    InvalidInput `two_credentials` for both: whichever we took, the caller may have meant the other."""
    token, key = bearer(request), str(request.META.get("HTTP_X_API_KEY", "")).strip()
    if token and key:
        raise InvalidInput(
            _("The request has both `Authorization: Bearer` and `X-API-Key`. Send only one of them."),
            code="two_credentials",
        )
    return token, key


def proof(path: str, query: bytes, headers: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    """The organization and the person whom a token proves by its signature alone, or a key that was let in a moment ago, for
    `scribe.fairness.callers`."""
    scheme, _unused, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else headers.get(b"x-api-key", b"").decode("latin-1").strip()
    if not given:
        return None
    if given.startswith(key_texts.PREFIX):
        return callers.alive.find(given)
    try:
        claims = tokens.read(given)
        return claims["org"], claims["sub"]
    except (TokenError, KeyError):
        return None


class SessionTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; the token is valid as long as its session row is.

    Session, user and organization come in one statement; a view may name more to come along in `principal_related`,
    as paths from the session ("user__organization__wallet").
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        raw, _unused = credentials(request)
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
        raise NotAuthenticated(_("The access token is invalid or has expired. Sign in again or refresh it.")) from error
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
        raise NotAuthenticated(_("The access token is invalid or has expired. Sign in again or refresh it."))
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
    """`Authorization: Bearer xcs_…` or `X-API-Key: xcs_…`.

    The caller is the person who made the key, with that person's role of now; on the plugin operations, whose views say
    `key_calls`, it is the key itself.
    """

    def authenticate(self, request: Request) -> tuple[User | ApiKey, ApiKey] | None:
        view = (request.parser_context or {}).get("view")
        alone = getattr(view, "key_calls", False)
        token, given = credentials(request)
        raw = token or given
        if not raw or (token and not alone and not token.startswith(key_texts.PREFIX)):
            return None
        related = tuple(getattr(view, "principal_related", ()))
        if not alone:  # these are paths from a session
            related = tuple(path.replace("user", "created_by", 1) for path in related if path.startswith("user"))
        known = key_of(
            raw, address=client_address(request), related=("organization", "created_by__organization", *related)
        )
        request._request.api_key = known  # type: ignore[attr-defined]  # for the log of its requests
        return (known if alone else person_of(known, view)), known

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def person_of(key: ApiKey, view: ScribeViewSet | None) -> User:
    """The user as whom `key` calls. Raises NotAuthenticated without one."""
    person = key.created_by
    if person is None or not person.is_active:  # a key of the first kind, which needs nobody on the plugin operations
        scopes.check(key.scopes, view.access.scope if view is not None else "")
        raise NotAuthenticated(ORPHANED, code="api_key_orphaned")
    person.api_key = key
    person.is_super_admin = False  # no key does what is for platform staff
    return person


def key_of(raw: str, *, address: str, related: tuple[str, ...] = ()) -> ApiKey:
    """The live key that `raw` is, used from `address`.

    Raises NotAuthenticated with `api_key_mistyped`, `api_key_expired` or `api_key_orphaned` where it can tell, and Forbidden
    `address_not_allowed`.
    """
    if key_texts.is_mistyped(raw):
        raise NotAuthenticated(
            _("This is not a valid API key. Check that you copied it completely."), code="api_key_mistyped"
        )
    # At most one row, so no `first()`: to put it in order would take Django a third of the statement's time.
    found = ApiKey.objects.filter(digest=crypto.digest(raw), is_active=True).select_related(*related)
    key = next(iter(found), None) if raw.startswith(key_texts.PREFIX) else None
    if not key:
        raise NotAuthenticated(_("The API key is invalid. Check the key, or create a new one."))
    if key.expires_at is not None and key.expires_at <= timezone.now():
        raise NotAuthenticated(_("The API key has expired. Create a new one."), code="api_key_expired")
    if not key.survives_creator and (key.created_by is None or not key.created_by.is_active):
        raise NotAuthenticated(ORPHANED, code="api_key_orphaned")
    if key.allowed_networks and not within(address, key.allowed_networks):
        raise Forbidden(
            _(
                "The API key can't be used from this IP address. An admin can add the address to the key's "
                "allowed addresses."
            ),
            code="address_not_allowed",
        )
    logs.bind(api_key=f"key {key.prefix}…")
    callers.alive.note(key.digest, str(key.organization_id), str(key.pk))
    note_use(key, address)
    return key


def note_use(key: ApiKey, address: str) -> None:
    """Note when and from where `key` was used. It is only coarse, so most requests write nothing."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= KEY_USE_RESOLUTION:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - KEY_USE_RESOLUTION)
        known = None if address == UNKNOWN else address
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now, last_used_address=known)
