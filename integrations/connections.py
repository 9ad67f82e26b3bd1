"""Connections to merchants' stores: keep them, test them, open them."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Organization, User
from integrations.models import Provenance, StoreConnection
from integrations.stores import addresses, platforms
from integrations.stores.errors import StoreError, StoreTransientError
from integrations.stores.http import Pause
from integrations.stores.interface import Store, TextStore
from integrations.stores.types import NO_PLACEMENT, Credentials, Opening, Placement, StoreInfo
from scribe import audit
from scribe.errors import Conflict, UpstreamFailed, UpstreamTimeout
from scribe.http.addresses import check_url
from scribe.messages import _
from scribe.rows import OrganizationQuerySet
from scribe.types import Json

Status = StoreConnection.Status
SECRETS = ("access_token", "access_token_secret", "consumer_key", "consumer_secret")
LIVE_SECONDS = 10.0


def with_project_counts(rows: OrganizationQuerySet[StoreConnection]) -> OrganizationQuerySet[StoreConnection]:
    """Connections with `project_count`, the number of projects linked to each."""
    return rows.annotate(project_count=Count("projects", distinct=True)).select_related("grant")  # type: ignore[return-value]  # the plugin takes annotated rows for others


def media_url_of(text: str) -> str:
    return check_url(text, image=True, pointer="#/media_base_url").rstrip("/") if text else ""


def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    platform: str,
    base_url: str,
    last: Callable[[StoreConnection], None] = lambda made: None,
    **fields: str,
) -> StoreConnection:
    """A new connection, pending until its first successful test. `last` is called with it in the transaction, at its end."""
    connection = StoreConnection(
        organization=organization,
        name=name,
        platform=platform,
        base_url=platforms.get(platform).client.address(base_url),
        media_base_url=media_url_of(fields.get("media_base_url", "")),
        provenance=fields.get("provenance") or Provenance.RECORD,
        **{secret: fields.get(secret, "") for secret in SECRETS},
    )
    with transaction.atomic():  # not before the addresses were looked up, which may take long
        connection.save(force_insert=True)
        audit.record(
            action="store_connection.created",
            actor=by,
            target=connection,
            after={"name": name, "platform": platform, "base_url": connection.base_url},
        )
        last(connection)
    return connection


def update(*, connection: StoreConnection, by: User, **changes: object) -> StoreConnection:
    """Change the given fields. Another host erases the credentials unless new ones come along. New ones need a test."""
    if "base_url" in changes:  # names are looked up before the transaction
        changes["base_url"] = platforms.get(connection.platform).client.address(str(changes["base_url"]))
    if "media_base_url" in changes:
        changes["media_base_url"] = media_url_of(str(changes["media_base_url"]))
    return _update(connection, by, changes)


@transaction.atomic
def _update(connection: StoreConnection, by: User, changes: Json) -> StoreConnection:
    # A running test could otherwise still mark the old address as working.
    connection = StoreConnection.objects.of(connection.organization_id).select_for_update().get(pk=connection.pk)
    before = {name: getattr(connection, name) for name in ("name", "base_url", "status", "provenance")}
    if "base_url" in changes:
        url = changes.pop("base_url")
        if addresses.origin(url) != addresses.origin(connection.base_url):
            for secret in SECRETS:
                setattr(connection, secret, "")
            connection.media_base_url = ""
            connection.status = Status.PENDING
            connection.moved_at = timezone.now()
        connection.base_url = url
    if "media_base_url" in changes:
        connection.media_base_url = changes.pop("media_base_url")
    fresh = [secret for secret in SECRETS if secret in changes and changes[secret] != getattr(connection, secret)]
    if fresh:
        connection.status = Status.PENDING
    for field, value in changes.items():
        setattr(connection, field, value)
    connection.save()
    audit.record(
        action="store_connection.changed",
        actor=by,
        target=connection,
        before=before,
        after={name: getattr(connection, name) for name in before} | {"secrets": fresh},
    )
    return connection


def delete(*, connection: StoreConnection, by: User) -> None:
    """Delete for good. Raises Conflict `connection_in_use` while projects, also trashed, or scheduled posts use it."""
    try:
        with transaction.atomic():
            audit.record(
                action="store_connection.deleted",
                actor=by,
                target=connection,
                before={"name": connection.name, "base_url": connection.base_url},
            )
            connection.delete()
    except (RestrictedError, ProtectedError):
        raise Conflict(
            _("Projects are still linked to this connection. Unlink them first."), code="connection_in_use"
        ) from None


def has_credentials(connection: StoreConnection) -> bool:
    return all(getattr(connection, field) for field in platforms.get(connection.platform).required_secrets)


def credentials_of(connection: StoreConnection) -> Credentials:
    return Credentials(
        platforms.get(connection.platform).client.called_at(connection.base_url),
        access_token=connection.access_token,
        access_token_secret=connection.access_token_secret,
        consumer_key=connection.consumer_key,
        consumer_secret=connection.consumer_secret,
        media_base_url=connection.media_base_url,
    )


def open_store(
    connection: StoreConnection,
    *,
    placement: Placement = NO_PLACEMENT,
    store_view: str = "",
    pause: Pause | None = None,
    live: bool = False,
) -> Store:
    """The client for a connection. `live`: a person waits for the answer, so calls give up early."""
    opening = Opening(placement, pause or time.sleep, store_view, renewal_of(connection))
    store = platforms.get(connection.platform).client.opened(credentials_of(connection), opening)
    if live:
        store.http.hurry(LIVE_SECONDS)
    return store


def renewal_of(connection: StoreConnection) -> Callable[[], str] | None:
    """The function that renews the connection's token; None when it does not expire."""
    name = platforms.get(connection.platform).renewal
    return import_string(name)(connection) if name else None


def check_usable(connection: StoreConnection) -> None:
    """Raises Conflict for a connection that is switched off, has no credentials, or is for posts only."""
    if connection.status == Status.INACTIVE:
        raise Conflict(_("The store connection is inactive. Connect the store again."), code="connection_inactive")
    if not has_credentials(connection):
        raise Conflict(_("The store connection has no credentials."), code="connection_without_credentials")
    grant = getattr(connection, "grant", None)
    if grant is not None and grant.purpose == grant.Purpose.BLOG:
        raise Conflict(_("This connection is for blog posts only."), code="connection_for_blog_only")


def test(*, connection: StoreConnection) -> Json:
    """Call the store and record the result. Returns `{success, message, store_name, media_base_url, guarded}`."""
    if not has_credentials(connection):
        return _outcome(connection, None, _("The connection has no credentials yet."))
    try:
        info = open_store(connection, live=True).test()
    except StoreError as error:
        return _outcome(connection, None, error.message)
    return _outcome(connection, info, _("Connection successful."))


@transaction.atomic
def _outcome(connection: StoreConnection, info: StoreInfo | None, message: str) -> Json:
    # A change made during the test wins: the row no longer has the tested values.
    rows = StoreConnection.objects.of(connection.organization_id).filter(
        pk=connection.pk, updated_at=connection.updated_at
    )
    now = timezone.now()
    if info is None:
        rows.update(status=Status.ERROR, updated_at=now)
        media, guarded = connection.media_base_url, connection.guarded
        return {"success": False, "message": message, "store_name": "", "media_base_url": media, "guarded": guarded}
    media = connection.media_base_url or info.media_base_url
    told = _learned_about_shop(connection, info)
    rows.update(status=Status.ACTIVE, last_connected_at=now, media_base_url=media, updated_at=now, **told)
    found = {"store_name": info.store_name, "media_base_url": media, "guarded": told.get("guarded", connection.guarded)}
    return {"success": True, "message": message, **found}


def _learned_about_shop(connection: StoreConnection, shop: StoreInfo | TextStore) -> Json:
    """What the shop has told of itself that the connection does not say yet."""
    found = {"guarded": shop.guarded, "missing_places": shop.missing_places}
    return {name: value for name, value in found.items() if value is not None and value != getattr(connection, name)}


def note_failure(connection: StoreConnection, error: StoreError) -> None:
    """Show on the connection that a job's call to the store failed, unless it may work later, or somebody has switched it
    off meanwhile."""
    if not isinstance(error, StoreTransientError):
        rows = StoreConnection.objects.filter(pk=connection.pk).exclude(status=Status.INACTIVE)
        rows.update(status=Status.ERROR)


def note_success(connection: StoreConnection, store: TextStore) -> None:
    """Record that a job reached the store, at most once in a few minutes, and what the store has told of itself."""
    now = timezone.now()
    if told := _learned_about_shop(connection, store):
        StoreConnection.objects.filter(pk=connection.pk).update(**told)
    recent = now - timedelta(minutes=5)
    rows = StoreConnection.objects.filter(pk=connection.pk).exclude(status=Status.INACTIVE)
    rows.exclude(status=Status.ACTIVE, last_connected_at__gte=recent).update(
        status=Status.ACTIVE, last_connected_at=now
    )


def upstream(error: StoreError, *, party: str = "store", key: str = "store_code") -> UpstreamFailed | UpstreamTimeout:
    """The failure of a store or a site as the API tells it to somebody who is waiting, with the error's code as `key`."""
    retry_after = error.retry_after if isinstance(error, StoreTransientError) else None
    kind = UpstreamTimeout if error.code == "store_answer_lost" else UpstreamFailed
    more: Json = {key: error.code}
    return kind(error.message, party=party, retry_after=retry_after, **more)
