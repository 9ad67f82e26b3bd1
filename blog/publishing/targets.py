"""Where a post goes: one WordPress site, or one blog of a Shopify shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blog import connections as blog_connections
from blog.models import BlogPost, Publication
from integrations import connections as store_connections
from integrations.models import BlogConnection, StoreConnection
from integrations.shopify import tokens
from integrations.shopify.publisher import Blog, ShopifyPublisher
from integrations.stores.errors import StoreError
from integrations.stores.http import Pause
from integrations.stores.wordpress.publisher import WordPressPublisher
from scribe.errors import Conflict, InvalidInput

WORDPRESS, SHOPIFY = "wordpress", "shopify"
Publisher = WordPressPublisher | ShopifyPublisher


@dataclass(frozen=True)
class Target:
    """Exactly one of the two connections, and for Shopify the blog."""

    blog_connection: BlogConnection | None = None
    store_connection: StoreConnection | None = None
    external_blog_id: str = ""

    @property
    def kind(self) -> str:
        return SHOPIFY if self.store_connection and self.store_connection.platform == SHOPIFY else WORDPRESS

    @property
    def site(self) -> str:
        """A name for the place, for what we keep per site."""
        if self.blog_connection:
            return f"blog:{self.blog_connection.pk}"
        return f"store:{self.store_connection.pk if self.store_connection else ''}"

    def holds(self, post: BlogPost) -> bool:
        """Whether the post's remote id is one of this place."""
        if self.blog_connection:
            return post.blog_connection_id == self.blog_connection.pk and post.wp_post_id is not None
        if self.store_connection is None or post.store_connection_id != self.store_connection.pk:
            return False
        if self.kind == SHOPIFY:
            return bool(post.external_post_id) and self.external_blog_id in ("", post.external_blog_id)
        return post.wp_post_id is not None

    def open(self, *, pause: Pause) -> Publisher:
        """The client of the place. It tries twice by itself; the longer waits between tries are the job's."""
        if self.blog_connection:
            publisher: Publisher = blog_connections.opened(self.blog_connection, pause=pause)
        else:
            assert self.store_connection is not None
            publisher = _store_publisher(self.store_connection, blog_id=self.external_blog_id, pause=pause)
        http = publisher.site.http if isinstance(publisher, WordPressPublisher) else publisher.http
        http.tries = 2
        return publisher


def _store_publisher(connection: StoreConnection, *, blog_id: str, pause: Pause) -> Publisher:
    if connection.platform == SHOPIFY:
        return shopify(connection, blog_id=blog_id, pause=pause)
    return WordPressPublisher(store_connections.credentials_of(connection), pause=pause)


def shopify(connection: StoreConnection, *, blog_id: str = "", live: bool = False, **more: Any) -> ShopifyPublisher:
    if tokens.expires(connection):
        tokens.keep_fresh(connection)
        more["renew"] = lambda: tokens.renew(connection)
    publisher = ShopifyPublisher(store_connections.credentials_of(connection), blog_id=blog_id, **more)
    if live:
        publisher.http.hurry(store_connections.LIVE_SECONDS, owner=connection.organization_id)
    return publisher


def choose(
    post: BlogPost, *, blog_connection: BlogConnection | None, store_connection: StoreConnection | None
) -> Target:
    """The one place that the request names, or the post's own when it names none. Raises InvalidInput for none or two, or
    for a store that has no blog; Conflict for a connection that can't be used."""
    if blog_connection is None and store_connection is None:
        blog_connection, store_connection = post.blog_connection, post.store_connection
    if blog_connection is not None and store_connection is not None:
        raise InvalidInput.at("#/connection_id", "Name one connection, not two.", "two_targets")
    if blog_connection is not None:
        _check_site(blog_connection)
        return Target(blog_connection=blog_connection)
    if store_connection is None:
        raise InvalidInput.at("#/connection_id", "Name the connection to publish through.", "target_required")
    if store_connection.platform not in (WORDPRESS, SHOPIFY):
        raise InvalidInput.at(
            "#/store_connection_id", "This store has no blog that we publish to.", "store_has_no_blog"
        )
    if store_connection.status == StoreConnection.Status.INACTIVE:
        raise Conflict("The connection is inactive. Connect the store again.", code="connection_inactive")
    if not store_connections.has_credentials(store_connection):
        raise Conflict("The connection has no credentials.", code="connection_without_credentials")
    if store_connection.platform == WORDPRESS:
        return Target(store_connection=store_connection)
    return Target(store_connection=store_connection, external_blog_id=_blog_of(post, store_connection))


def _check_site(connection: BlogConnection) -> None:
    if not connection.is_active:
        raise Conflict("The connection is switched off.", code="connection_inactive")
    if not (connection.username and connection.app_password):
        raise Conflict("The connection has no credentials.", code="connection_without_credentials")


def _blog_of(post: BlogPost, connection: StoreConnection) -> str:
    """The post's blog, else the shop's only one."""
    if post.external_blog_id and post.store_connection_id in (None, connection.pk):
        return post.external_blog_id
    found = shopify_blogs(connection)
    if len(found) != 1:
        raise InvalidInput.at(
            "#/store_connection_id",
            "The shop has several blogs: create the post with `shopify_blog_id`." if found else "The shop has no blog.",
            "blog_required",
        )
    return found[0].id


def shopify_blogs(connection: StoreConnection) -> list[Blog]:
    """The shop's blogs, asked live. Raises UpstreamFailed or UpstreamTimeout."""
    try:
        return shopify(connection, live=True).blogs()
    except StoreError as error:
        raise blog_connections.upstream(error, party=SHOPIFY) from None


def of(publication: Publication) -> Target | None:
    """The place of an attempt; None when its connection is gone."""
    if publication.blog_connection:
        return Target(blog_connection=publication.blog_connection)
    if publication.store_connection:
        blog_id = str(publication.options.get("external_blog_id") or "")
        return Target(store_connection=publication.store_connection, external_blog_id=blog_id)
    return None
