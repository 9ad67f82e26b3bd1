"""Installing the Shopify app, from our side or from Shopify's: states, callbacks, grants.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from integrations.connections import upstream
from integrations.models import ShopifyGrant, ShopifyInstall, ShopifyState, StoreConnection
from integrations.shopify import oauth
from integrations.shopify.signatures import query_is_signed, shop_domain
from integrations.shopify.tokens import expiry
from integrations.stores.errors import NotAuthorized, StoreError
from integrations.stores.platforms import SHOPIFY
from scribe import audit
from scribe.errors import Conflict, DomainError, Forbidden, InvalidInput, NotConfigured, UpstreamFailed
from scribe.logs import get_logger
from scribe.messages import _
from scribe.queue import enqueue
from scribe.written import whole

log = get_logger(__name__)

FRESH = timedelta(minutes=10)
CLAIM_WITHIN = timedelta(hours=24)
FINALIZE_WITHIN = timedelta(hours=1)
CALLBACK = "/api/v1/shopify/callback"


def check_configured() -> None:
    if not (settings.SHOPIFY_API_KEY and settings.SHOPIFY_API_SECRET):
        raise NotConfigured(_("The Shopify app is not set up here."), code="shopify_not_configured")


def install_url() -> str:
    """The app's page at Shopify, where an installation can begin."""
    if not settings.SHOPIFY_APP_HANDLE:
        raise NotConfigured(_("The Shopify app is not set up here."), code="shopify_not_configured")
    return f"https://apps.shopify.com/{settings.SHOPIFY_APP_HANDLE}"


def shop_or_invalid(text: str) -> str:
    shop = shop_domain(text)
    if not shop:
        raise InvalidInput.at(
            "?shop", _("Enter the store's address in the form your-store.myshopify.com."), "invalid_shop"
        )
    return shop


@transaction.atomic
def start(*, shop: str, purpose: str, by: User | None = None, translations: bool = False) -> str:
    """Start an authorization and return the URL where the merchant grants access. `by` is the admin who asked; None for
    an install from Shopify. `translations` asks for the leave to translate as well; a shop that has given it is asked again,
    since a grant without it would take it back."""
    check_configured()
    shop = shop_or_invalid(shop)
    ShopifyState.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    state = secrets.token_urlsafe(32)
    ShopifyState.objects.create(
        state_hash=digest(state),
        shop=shop,
        purpose=purpose,
        organization_id=getattr(by, "organization_id", None),
        user=by,
        expires_at=timezone.now() + FRESH,
    )
    redirect = f"{settings.PUBLIC_URL}{CALLBACK}"
    wide = translations or (by is not None and _translates(by.organization_id, shop, purpose))
    return oauth.authorize_url(shop=shop, purpose=purpose, state=state, redirect_uri=redirect, translations=wide)


def _translates(organization: UUID, shop: str, purpose: str) -> bool:
    """Whether the organization's grant for this shop covers translations."""
    grants = ShopifyGrant.objects.filter(organization_id=organization, shop=shop, purpose=purpose)
    scopes = grants.values_list("scopes", flat=True).first() or ""
    return bool(set(scopes.split(",")) & set(oauth.TRANSLATION_SCOPES))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_signed(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The query of a request from Shopify. Raises InvalidInput for a bad HMAC, shop or time, checked in this order."""
    check_configured()
    query = dict(pairs)
    if not query_is_signed(pairs, settings.SHOPIFY_API_SECRET):
        raise InvalidInput.at("?hmac", _("The request was not signed by Shopify."), "invalid_signature")
    shop = shop_domain(query.get("shop", ""))
    if not shop or shop != query.get("shop", "").lower():
        raise InvalidInput.at("?shop", _("The store's address is not valid."), "invalid_shop")
    stamp = whole(query.get("timestamp", ""))
    if stamp is None or abs(time.time() - stamp) > FRESH.total_seconds():
        raise InvalidInput.at("?timestamp", _("The request has expired. Start again from Shopify."), "stale_request")
    return {**query, "shop": shop}


def callback(pairs: Sequence[tuple[str, str]]) -> str:
    """Receive an authorization and return the URL where the browser goes next.

    Raises InvalidInput if the request is not Shopify's or its `state` is not ours. The shop's owner approved, but this
    may be another person's browser, led here by a stranger's link. So nothing is connected yet, unless
    SHOPIFY_CALLBACK_CONNECTS is set. The redirect carries a one-time token. `finalize` accepts it only from the user
    who began the install; if the install began at Shopify's side, from the first user who claims it.
    """
    query = check_signed(pairs)
    shop, code = query["shop"], query.get("code", "")
    if not code:
        raise InvalidInput.at("?code", _("The authorization code is missing. Start again from Shopify."), "required")
    state = spend_state(query["state"], shop) if query.get("state") else None
    begun = state if state is not None and state.organization_id is not None else None
    if begun is not None and not settings.SHOPIFY_CALLBACK_CONNECTS:
        return front("", shop=shop, code=code, install=await_finalization(state=begun, code=code))
    try:
        tokens = exchange_code(shop, code, begun.purpose if begun else "store")
    except (StoreError, DomainError) as error:
        log.warning("shopify authorization failed", shop=shop, code=error.code)
        return front("error", shop=shop, reason=error.code)
    if begun is None:
        return front("", shop=shop, code=code, install=keep(shop=shop, code=code, tokens=tokens))
    connection = connect(
        organization=begun.organization_id,  # type: ignore[arg-type]  # what was begun has one
        by=begun.user,
        shop=shop,
        purpose=begun.purpose,
        tokens=tokens,
    )
    return front("connected", shop=shop, connection_id=str(connection.pk))


def exchange_code(shop: str, code: str, purpose: str) -> oauth.Tokens:
    """Exchange a code for tokens. Raises StoreError, or UpstreamFailed `missing_scopes` if the grant lacks any."""
    tokens = oauth.exchange(shop, code)
    if lacking := tokens.covers(oauth.SCOPES[purpose]):
        raise UpstreamFailed(
            _("The store did not grant the permissions {names}. Connect it again and allow them.", names=list(lacking)),
            code="missing_scopes",
            party=SHOPIFY.id,
        )
    return tokens


def front(status: str, **query: str) -> str:
    """The URL of the front end's page that continues."""
    found = {"status": status, **query} if status else query
    return f"{settings.FRONTEND_URL}/shopify/callback?{urlencode(found)}"


@transaction.atomic
def spend_state(state: str, shop: str) -> ShopifyState:
    """Use up the authorization behind `state`. Raises InvalidInput if it is unknown, old, used or another shop's."""
    # The conditional UPDATE makes it single-use: of two callbacks at once, only one succeeds.
    fresh = ShopifyState.objects.filter(
        state_hash=digest(state), shop=shop, used_at=None, expires_at__gt=timezone.now()
    )
    if not fresh.update(used_at=timezone.now()):
        raise InvalidInput.at(
            "?state",
            _("This authorization was not started here, or has already been used. Start again."),
            "invalid_state",
        )
    return ShopifyState.objects.select_related("user").get(state_hash=digest(state))


@transaction.atomic
def await_finalization(*, state: ShopifyState, code: str) -> str:
    """Create the connection, `pending` and without credentials, unless it exists. The user who began can finish it with
    the returned token, once and within an hour."""
    grant = _grant(organization=state.organization_id, shop=state.shop, purpose=state.purpose)  # type: ignore[arg-type]  # it has one
    connection = grant.connection
    if not connection.access_token:
        connection.status = StoreConnection.Status.PENDING
        connection.save()
    return _open_install(
        shop=state.shop,
        code_hash=digest(code),
        purpose=state.purpose,
        user=state.user,
        organization_id=state.organization_id,
        expires_at=timezone.now() + FINALIZE_WITHIN,
    )


@transaction.atomic
def keep(*, shop: str, code: str, tokens: oauth.Tokens) -> str:
    """Keep an install that began at Shopify's side. The returned token claims it, once and within a day."""
    return _open_install(
        shop=shop,
        code_hash=digest(code),
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token_expires_at=expiry(tokens),
        scopes=",".join(tokens.scopes),
        expires_at=timezone.now() + CLAIM_WITHIN,
    )


def _open_install(*, shop: str, user: User | None = None, **fields: object) -> str:
    """Create an install in place of the open one of the same shop and user, and return its token."""
    ShopifyInstall.objects.filter(Q(shop=shop, user=user, claimed_at=None) | Q(expires_at__lt=timezone.now())).delete()
    token = secrets.token_urlsafe(32)
    ShopifyInstall.objects.create(shop=shop, user=user, install_hash=digest(token), **fields)
    return token


def finalize(
    *, by: User, shop: str, code: str, install: str, last: Callable[[StoreConnection], object] = lambda connection: None
) -> StoreConnection:
    """Finish an install for the organization of `by`. It began with `by` or at Shopify's side. `last` is called with
    the connection at the end of the transaction.

    Raises InvalidInput if the token does not fit the shop and code or has expired, or if Shopify refuses the code;
    Forbidden `install_of_another` if another user began it; Conflict `install_claimed` if it was used already;
    UpstreamFailed or UpstreamTimeout.
    """
    check_configured()
    shop = shop_domain(shop)
    row = _open(by=by, shop=shop, code=code, install=install)
    if row.user_id is None:
        left = int((row.token_expires_at - timezone.now()).total_seconds()) if row.token_expires_at else None
        tokens = oauth.Tokens(row.access_token, tuple(s for s in row.scopes.split(",") if s), row.refresh_token, left)
    else:
        tokens = _exchange(row, code)
    with transaction.atomic():
        # Of two calls at once, only one can exchange the code. Of two claims of kept tokens, only one wins this UPDATE.
        mine = ShopifyInstall.objects.filter(pk=row.pk, claimed_at=None)
        if not mine.update(
            claimed_at=timezone.now(), organization_id=by.organization_id, access_token="", refresh_token=""
        ):
            raise _already_claimed()
        made = connect(organization=by.organization_id, by=by, shop=shop, purpose=row.purpose, tokens=tokens)
        last(made)
        return made


def _open(*, by: User, shop: str, code: str, install: str) -> ShopifyInstall:
    row = ShopifyInstall.objects.filter(install_hash=digest(install)).first()
    if row is None or row.shop != shop or not hmac.compare_digest(row.code_hash, digest(code)):
        raise InvalidInput.at(
            "#/install", _("We don't recognise this installation. Install the app again."), "invalid_install"
        )
    if row.claimed_at is not None:
        raise _already_claimed()
    if row.expires_at < timezone.now():
        raise InvalidInput.at("#/install", _("This installation is too old. Install the app again."), "invalid_install")
    if row.user_id is not None and (row.user_id, row.organization_id) != (by.pk, by.organization_id):
        raise Forbidden(
            _("Someone else started this installation. Start it yourself to connect the store."),
            code="install_of_another",
        )
    return row


def _exchange(row: ShopifyInstall, code: str) -> oauth.Tokens:
    try:
        return exchange_code(row.shop, code, row.purpose)
    except NotAuthorized as error:
        if ShopifyInstall.objects.filter(pk=row.pk).exclude(claimed_at=None).exists():
            raise _already_claimed() from None  # the same call came twice, and the other one used the code
        raise InvalidInput.at("#/code", error.message, error.code) from None
    except StoreError as error:
        raise upstream(error) from error


def _already_claimed() -> Conflict:
    return Conflict(_("This installation is already connected to an account."), code="install_claimed")


def _grant(*, organization: UUID, shop: str, purpose: str) -> ShopifyGrant:
    """The organization's grant for this shop, locked, with its connection. A new shop gets a connection that is
    `pending` and has no credentials."""
    whose = {"organization_id": organization, "shop": shop, "purpose": purpose}
    grants = ShopifyGrant.objects.select_for_update().filter(**whose).select_related("connection")
    if grant := grants.first():
        return grant
    try:
        with transaction.atomic():
            connection = StoreConnection.objects.create(
                organization_id=organization,
                name=shop.removesuffix(".myshopify.com") + (" (blog)" if purpose == "blog" else ""),
                platform=SHOPIFY.id,
                base_url=f"https://{shop}",
            )
            return ShopifyGrant.objects.create(**whose, connection=connection)
    except IntegrityError:  # another callback for the same shop has just committed
        return grants.get()


@transaction.atomic
def connect(*, organization: UUID, by: User | None, shop: str, purpose: str, tokens: oauth.Tokens) -> StoreConnection:
    """Create or renew the organization's connection to a shop. A returning shop keeps its connection and projects."""
    grant = _grant(organization=organization, shop=shop, purpose=purpose)
    connection = grant.connection
    connection.access_token = tokens.access_token
    connection.status = StoreConnection.Status.ACTIVE
    connection.last_connected_at = timezone.now()
    connection.save()
    grant.scopes = ",".join(tokens.scopes)
    grant.refresh_token, grant.expires_at = tokens.refresh_token, expiry(tokens)
    grant.installed_at = timezone.now()
    grant.save()
    audit.record(
        action="store_connection.shopify_connected",
        actor=by,
        target=connection,
        after={"shop": shop, "purpose": purpose, "scopes": grant.scopes},
    )
    enqueue("integrations.tasks.welcome_shop", str(connection.pk))
    return connection
