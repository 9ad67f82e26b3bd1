"""Installing the Shopify app, from our side or from Shopify's: states, callbacks, grants.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.models import ShopifyGrant, ShopifyInstall, ShopifyState, StoreConnection
from integrations.shopify_tokens import expiry
from integrations.stores.errors import StoreError
from integrations.stores.shopify import oauth
from integrations.stores.shopify.signatures import query_is_signed, shop_domain
from scribe import audit
from scribe.api.errors import Conflict, DomainError, InvalidInput, NotConfigured, UpstreamFailed
from scribe.logs import get_logger
from scribe.queue import enqueue

log = get_logger(__name__)

FRESH = timedelta(minutes=10)
CLAIM_WITHIN = timedelta(hours=24)
CALLBACK = "/api/v1/shopify/callback"


def check_configured() -> None:
    if not (settings.SHOPIFY_API_KEY and settings.SHOPIFY_API_SECRET):
        raise NotConfigured("The Shopify app is not set up here.", code="shopify_not_configured")


def install_url() -> str:
    """The app's page at Shopify, where an installation can begin."""
    if not settings.SHOPIFY_APP_HANDLE:
        raise NotConfigured("The Shopify app is not set up here.", code="shopify_not_configured")
    return f"https://apps.shopify.com/{settings.SHOPIFY_APP_HANDLE}"


def shop_or_invalid(text: str) -> str:
    shop = shop_domain(text)
    if not shop:
        raise InvalidInput.at("?shop", "A Shopify shop looks like your-shop.myshopify.com.", "invalid_shop")
    return shop


@transaction.atomic
def begin(*, shop: str, purpose: str, by: Any = None) -> str:
    """Where to send the merchant to grant access. `by` is the admin who asked; None for an install from Shopify."""
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
    return oauth.authorize_url(shop=shop, purpose=purpose, state=state, redirect_uri=redirect)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_signed(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The query of a request from Shopify, once its HMAC, its shop and its time have been checked, in this order."""
    check_configured()
    query = dict(pairs)
    if not query_is_signed(pairs, settings.SHOPIFY_API_SECRET):
        raise InvalidInput.at("?hmac", "The request was not signed by Shopify.", "invalid_signature")
    shop = shop_domain(query.get("shop", ""))
    if not shop or shop != query.get("shop", "").lower():
        raise InvalidInput.at("?shop", "The shop is not valid.", "invalid_shop")
    stamp = query.get("timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > FRESH.total_seconds():
        raise InvalidInput.at("?timestamp", "The request is too old.", "stale_request")
    return {**query, "shop": shop}


def callback(pairs: Sequence[tuple[str, str]]) -> str:
    """Finish an authorization and say where the browser goes next.

    A request that is not Shopify's, or whose `state` is not ours, raises. Without a state the install began at
    Shopify's side: it is kept until somebody claims it with the one-time token that goes along in the redirect.
    """
    query = check_signed(pairs)
    shop, code = query["shop"], query.get("code", "")
    if not code:
        raise InvalidInput.at("?code", "The authorization code is missing.", "required")
    state = spend_state(query["state"], shop) if query.get("state") else None
    try:
        tokens = oauth.exchange(shop, code)
        if lacking := tokens.covers(oauth.SCOPES[state.purpose if state else "store"]):
            raise UpstreamFailed(f"The shop did not grant {', '.join(lacking)}.", code="missing_scopes")
    except (StoreError, DomainError) as error:
        log.warning("shopify authorization failed", shop=shop, code=error.code)
        return front("error", shop=shop, reason=error.code)
    if state is None or state.organization_id is None:
        return front("", shop=shop, code=code, install=keep(shop=shop, code=code, tokens=tokens))
    connection = connect(
        organization=state.organization_id, by=state.user, shop=shop, purpose=state.purpose, tokens=tokens
    )
    return front("connected", shop=shop, connection_id=str(connection.pk))


def front(status: str, **query: str) -> str:
    """The page of the front end that takes over."""
    found = {"status": status, **query} if status else query
    return f"{settings.FRONTEND_URL}/shopify/callback?{urlencode(found)}"


@transaction.atomic
def spend_state(state: str, shop: str) -> ShopifyState:
    """The open authorization behind `state`, used up; InvalidInput for one that is unknown, old, used or another shop's."""
    # The conditional UPDATE is what makes it single-use: of two callbacks at once, one counts.
    fresh = ShopifyState.objects.filter(
        state_hash=digest(state), shop=shop, used_at=None, expires_at__gt=timezone.now()
    )
    if not fresh.update(used_at=timezone.now()):
        raise InvalidInput.at(
            "?state", "This authorization was not started here, or was used already.", "invalid_state"
        )
    return ShopifyState.objects.select_related("user").get(state_hash=digest(state))


@transaction.atomic
def keep(*, shop: str, code: str, tokens: oauth.Tokens) -> str:
    """Keep an install that began at Shopify's side; the returned token claims it, once, within a day."""
    now = timezone.now()
    ShopifyInstall.objects.filter(Q(shop=shop, claimed_at=None) | Q(expires_at__lt=now)).delete()
    token = secrets.token_urlsafe(32)
    ShopifyInstall.objects.create(
        shop=shop,
        install_hash=digest(token),
        code_hash=digest(code),
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token_expires_at=expiry(tokens),
        scopes=",".join(tokens.scopes),
        expires_at=now + CLAIM_WITHIN,
    )
    return token


@transaction.atomic
def finalize(*, by: Any, shop: str, code: str, install: str) -> StoreConnection:
    """Claim an install that began at Shopify's side for the caller's organization.

    InvalidInput for a token that is not this shop's and code's; Conflict `install_claimed` when it was used already.
    """
    check_configured()
    shop = shop_domain(shop)
    row = ShopifyInstall.objects.select_for_update().filter(install_hash=digest(install)).first()
    if row is None or row.shop != shop or not hmac.compare_digest(row.code_hash, digest(code)):
        raise InvalidInput.at("#/install", "This installation is not known. Install the app again.", "invalid_install")
    if row.claimed_at is not None:
        raise Conflict("This installation was claimed already.", code="install_claimed")
    if row.expires_at < timezone.now():
        raise InvalidInput.at("#/install", "This installation is too old. Install the app again.", "invalid_install")
    left = int((row.token_expires_at - timezone.now()).total_seconds()) if row.token_expires_at else None
    tokens = oauth.Tokens(row.access_token, tuple(s for s in row.scopes.split(",") if s), row.refresh_token, left)
    connection = connect(organization=by.organization_id, by=by, shop=shop, purpose="store", tokens=tokens)
    row.claimed_at, row.organization_id = timezone.now(), by.organization_id
    row.access_token = row.refresh_token = ""
    row.save()
    return connection


@transaction.atomic
def connect(*, organization: Any, by: Any, shop: str, purpose: str, tokens: oauth.Tokens) -> StoreConnection:
    """The organization's connection to a shop, new or renewed. A shop that returns keeps its connection and projects."""

    grants = ShopifyGrant.objects.select_for_update().filter(organization_id=organization, shop=shop, purpose=purpose)
    grant = grants.select_related("connection").first()
    if grant is None:
        name = shop.removesuffix(".myshopify.com") + (" (blog)" if purpose == "blog" else "")
        connection = StoreConnection(
            organization_id=organization,
            name=name,
            platform=StoreConnection.Platform.SHOPIFY,
            base_url=f"https://{shop}",
        )
        grant = ShopifyGrant(organization_id=organization, shop=shop, purpose=purpose)
    else:
        connection = grant.connection
    connection.access_token = tokens.access_token
    connection.status = StoreConnection.Status.ACTIVE
    connection.last_connected_at = timezone.now()
    connection.save()
    grant.connection = connection
    grant.scopes = ",".join(tokens.scopes)
    grant.refresh_token, grant.expires_at = tokens.refresh_token, expiry(tokens)
    grant.installed_at = timezone.now()
    grant.save()
    audit.record(
        action="store_connection.shopify_connected",
        actor=by,
        organization=organization,
        target=connection,
        after={"shop": shop, "purpose": purpose, "scopes": grant.scopes},
    )
    enqueue("integrations.tasks.welcome_shop", str(connection.pk))
    return connection
