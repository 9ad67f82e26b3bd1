"""Connections for posts. This module keeps and tests those to WordPress sites, and opens every publisher."""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import RestrictedError
from django.utils import timezone

from accounts.models import Organization, User
from integrations import connections
from integrations.connections import LIVE_SECONDS
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import addresses, platforms
from integrations.stores.errors import StoreError
from integrations.stores.http import Pause
from integrations.stores.posts import Blog, Publisher
from integrations.stores.types import Credentials, Opening
from integrations.stores.wordpress.publisher import WordPressPublisher
from scribe import audit
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.types import Json

CATEGORIES_LIVE_FOR = timedelta(hours=24)


def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    site_url: str,
    username: str,
    app_password: str,
    last: Callable[[BlogConnection], None] = lambda made: None,
) -> BlogConnection:
    """A new connection. `last` is called with it in the transaction, at its end."""
    url = addresses.of_site(site_url)  # before the transaction: it looks up a name
    with transaction.atomic():
        connection = BlogConnection.objects.create(
            organization=organization, name=name, site_url=url, username=username, app_password=app_password
        )
        audit.record(action="blog_connection.created", actor=by, target=connection, after={"site_url": url})
        last(connection)
    return connection


def update(*, connection: BlogConnection, by: User, **changes: object) -> BlogConnection:
    """Change the given fields. Another host clears the categories, and the credentials unless new ones come along."""
    if "site_url" in changes:
        changes["site_url"] = addresses.of_site(str(changes["site_url"]))
    return _update(connection, by, changes)


@transaction.atomic
def _update(connection: BlogConnection, by: User, changes: Json) -> BlogConnection:
    connection = (
        BlogConnection.objects.of(connection.organization_id).select_for_update(no_key=True).get(pk=connection.pk)
    )
    before = {name: getattr(connection, name) for name in ("site_url", "is_active", "provenance")}
    if "site_url" in changes:
        url = changes.pop("site_url")
        if addresses.origin(url) != addresses.origin(connection.site_url):
            connection.app_password = ""
            connection.username = changes.get("username", "")
            connection.site_name = ""
            connection.categories, connection.categories_cached_at = [], None
            connection.moved_at = timezone.now()
        connection.site_url = url
    for field, value in changes.items():
        setattr(connection, field, value)
    connection.save()
    audit.record(
        action="blog_connection.changed",
        actor=by,
        target=connection,
        before=before,
        after={
            "site_url": connection.site_url,
            "is_active": connection.is_active,
            "provenance": connection.provenance,
            "secrets": ["app_password"] if "app_password" in changes else [],
        },
    )
    return connection


def delete(*, connection: BlogConnection, by: User) -> None:
    """Delete it for good. Raises Conflict `connection_has_scheduled_posts` while it has posts to publish."""
    try:
        with transaction.atomic():
            audit.record(
                action="blog_connection.deleted", actor=by, target=connection, before={"site_url": connection.site_url}
            )
            connection.delete()
    except RestrictedError:
        raise Conflict(
            _("Posts are scheduled with this connection. Unschedule them first."),
            code="connection_has_scheduled_posts",
        ) from None


def credentials_of(connection: BlogConnection) -> Credentials:
    return Credentials(
        base_url=connection.site_url, consumer_key=connection.username, consumer_secret=connection.app_password
    )


def open_publisher(connection: BlogConnection, *, pause: Pause | None = None, live: bool = False) -> Publisher:
    """The client of the site. `live`: a person waits for the answer, so calls give up early."""
    publisher = WordPressPublisher.opened(credentials_of(connection), Opening(pause=pause or time.sleep))
    if live:
        publisher.http.hurry(LIVE_SECONDS)
    return publisher


def test(*, connection: BlogConnection) -> Json:
    """Sign in to the site. Returns `{success, message, site_name}`; the message is for the merchant."""
    if not (connection.username and connection.app_password):
        return {"success": False, "message": _("The connection has no credentials yet."), "site_name": ""}
    try:
        info = open_publisher(connection, live=True).test()
    except StoreError as error:
        return {"success": False, "message": error.message, "site_name": ""}
    # A change made during the test wins: the row no longer has the tested values.
    rows = BlogConnection.objects.filter(pk=connection.pk, site_url=connection.site_url)
    rows.update(site_name=info.store_name[:255], last_synced_at=timezone.now())
    return {
        "success": True,
        "message": _("Connection successful: this user can publish posts and upload images."),
        "site_name": info.store_name,
    }


def categories(*, connection: BlogConnection, refresh: bool = False) -> list[Json]:
    """The site's categories. Our copy serves for a day, and longer while the site is down."""
    cached_at = connection.categories_cached_at
    if cached_at and not refresh and timezone.now() - cached_at < CATEGORIES_LIVE_FOR:
        return list(connection.categories)
    try:
        found = [asdict(category) for category in open_publisher(connection, live=True).categories()]
    except StoreError as error:
        if cached_at and not refresh:
            return list(connection.categories)
        raise connections.upstream(error, party=platforms.WORDPRESS.id, key="reason") from None
    now = timezone.now()
    BlogConnection.objects.filter(pk=connection.pk, site_url=connection.site_url).update(
        categories=found, categories_cached_at=now, last_synced_at=now
    )
    return found


def publisher_of(connection: StoreConnection) -> type[Publisher]:
    """How posts reach a connected store. Raises InvalidInput `store_has_no_blog` where we publish none."""
    if (kind := platforms.get(connection.platform).publisher) is None:
        raise InvalidInput.at(
            "#/store_connection_id", _("This store has no blog we can publish to."), "store_has_no_blog"
        )
    return kind


def for_posts(
    connection: StoreConnection, *, blog_id: str = "", pause: Pause | None = None, live: bool = False
) -> Publisher:
    """The client of `publisher_of`. `live`: a person waits for the answer, so calls give up early."""
    opening = Opening(pause=pause or time.sleep, renew=connections.renewal_of(connection), blog_id=blog_id)
    publisher = publisher_of(connection).opened(connections.credentials_of(connection), opening)
    if live:
        publisher.http.hurry(LIVE_SECONDS)
    return publisher


def blogs(connection: StoreConnection) -> list[Blog]:
    """The blogs of a shop that has several, asked live. Raises UpstreamFailed or UpstreamTimeout."""
    try:
        return for_posts(connection, live=True).blogs()
    except StoreError as error:
        raise connections.upstream(error, party=connection.platform, key="reason") from None
