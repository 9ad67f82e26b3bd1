"""Shopify tokens that expire. They are renewed shortly before, and when the shop reports that they have expired."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from integrations.models import ShopifyGrant, StoreConnection
from integrations.shopify import oauth
from integrations.stores.errors import StoreError
from scribe.logs import get_logger

log = get_logger(__name__)

EARLY = timedelta(minutes=5)


def renewal(connection: StoreConnection) -> Callable[[], str] | None:
    """Renew the connection's token if it expires soon, and return the function that renews it; None without expiry."""
    if not expires(connection):
        return None
    keep_fresh(connection)
    return partial(renew, connection)


def expires(connection: StoreConnection) -> bool:
    """Whether the connection's token is one that expires and can be renewed."""
    grant = getattr(connection, "grant", None)
    return bool(grant and grant.expires_at and grant.refresh_token)


def keep_fresh(connection: StoreConnection) -> None:
    """Renew a token that is about to expire. A failure is only logged: once the shop refuses the token, the call renews
    it again, and fails if that does."""
    when = connection.grant.expires_at
    if when is not None and when - timezone.now() < EARLY:
        try:
            renew(connection)
        except StoreError as error:
            log.warning("token not renewed yet", connection_id=str(connection.pk), error=error.message)


def renew(connection: StoreConnection) -> str:
    """Renew the connection's access token and return it. Two workers may renew at once: Shopify accepts the older
    refresh token until the new one is used, and the pair that is stored first is kept. Of a connection that is deleted
    meanwhile, the token that it had."""
    grant = ShopifyGrant.objects.select_related("connection").filter(connection=connection).first()
    if grant is None:
        return str(connection.access_token)
    if (
        grant.expires_at
        and grant.expires_at - timezone.now() > EARLY
        and grant.connection.access_token != connection.access_token
    ):
        connection.access_token = grant.connection.access_token  # somebody else has just renewed it
        return str(connection.access_token)
    tokens = oauth.refresh(grant.shop, grant.refresh_token)
    store(grant, tokens, expected=grant.expires_at)
    connection.access_token = tokens.access_token
    return tokens.access_token


@transaction.atomic
def store(grant: ShopifyGrant, tokens: oauth.Tokens, *, expected: datetime | None) -> None:
    """Store both tokens, unless the shop has been disconnected or deleted or the pair replaced (`expected` is the old
    expiry)."""
    row = ShopifyGrant.objects.select_for_update().select_related("connection").filter(pk=grant.pk).first()
    if row is None or not row.connection.access_token or row.expires_at != expected:
        return
    row.refresh_token = tokens.refresh_token or row.refresh_token
    row.expires_at = expiry(tokens)
    row.save(update_fields=["refresh_token", "expires_at"])
    row.connection.access_token = tokens.access_token
    row.connection.save(update_fields=["access_token"])


def expiry(tokens: oauth.Tokens) -> datetime | None:
    return timezone.now() + timedelta(seconds=tokens.expires_in) if tokens.expires_in else None
