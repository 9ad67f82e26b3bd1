"""Where a post goes: one site, or one blog of a shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field

from blog.models import BlogPost, Publication
from integrations import blog_connections
from integrations import connections as store_connections
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import platforms
from integrations.stores.http import Pause
from integrations.stores.platforms import Platform
from integrations.stores.posts import Publisher
from scribe.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class PublicationTarget:
    """Exactly one of the two connections, and the blog where a shop has several."""

    blog_connection: BlogConnection | None = None
    store_connection: StoreConnection | None = None
    external_blog_id: str = ""

    @property
    def platform(self) -> Platform:
        return platforms.get(self.store_connection.platform) if self.store_connection else platforms.WORDPRESS

    @property
    def site(self) -> str:
        """The key under which we keep data per site, such as uploads."""
        if self.blog_connection:
            return f"blog:{self.blog_connection.pk}"
        return f"store:{self.store_connection.pk if self.store_connection else ''}"

    def holds(self, post: BlogPost) -> bool:
        """Whether the post has a remote id and it belongs to this place."""
        if getattr(post, self.platform.post_id_field) in (None, ""):
            return False
        if self.blog_connection:
            return post.blog_connection_id == self.blog_connection.pk
        if self.store_connection is None or post.store_connection_id != self.store_connection.pk:
            return False
        return self.external_blog_id in ("", post.external_blog_id)

    def remote_id(self, post: BlogPost) -> str:
        """The post's id at this place, or "0" without one. No platform uses the id 0."""
        return str(getattr(post, self.platform.post_id_field) or 0)

    def keep_remote_id(self, post: BlogPost, remote_id: str) -> None:
        """Set the post's id at this place on the row. Does not save."""
        field = cast("Field[Any, Any]", BlogPost._meta.get_field(self.platform.post_id_field))
        setattr(post, field.name, field.to_python(remote_id))

    def take(self, post: BlogPost) -> None:
        """Set this place on the row. A post at another place stays there, and we no longer update it. Does not save."""
        if post.is_remote and not self.holds(post):
            post.wp_post_id, post.external_post_id, post.published_url = None, "", ""
            post.unpublished_changes = False
        post.blog_connection, post.store_connection = self.blog_connection, self.store_connection
        post.external_blog_id = self.external_blog_id

    def open(self, *, pause: Pause) -> Publisher:
        """The client of the place. It tries each request twice; the job makes the longer waits between tries."""
        if self.blog_connection:
            publisher = blog_connections.opened(self.blog_connection, pause=pause)
        else:
            assert self.store_connection is not None
            publisher = blog_connections.for_posts(self.store_connection, blog_id=self.external_blog_id, pause=pause)
        publisher.http.tries = 2
        return publisher

    def open_live(self) -> Publisher:
        """The same for a call that a person waits for."""
        if self.blog_connection:
            return blog_connections.opened(self.blog_connection, live=True)
        assert self.store_connection is not None
        return blog_connections.for_posts(self.store_connection, blog_id=self.external_blog_id, live=True)


def choose(
    post: BlogPost, *, blog_connection: BlogConnection | None, store_connection: StoreConnection | None
) -> PublicationTarget:
    """The place that the request names, or else the post's own. It may ask the shop for its blogs, so no transaction may be
    open. Raises InvalidInput when there is no place or there are two, or when the store has no blog; Conflict when the
    connection can't be used, and `test_project` for a test project, before anybody is asked."""
    post.project.check_live()
    if blog_connection is None and store_connection is None:
        blog_connection, store_connection = post.blog_connection, post.store_connection
    if blog_connection is not None and store_connection is not None:
        raise InvalidInput.at("#/connection_id", "Name one connection, not two.", "two_targets")
    if blog_connection is not None:
        _check_site(blog_connection)
        return PublicationTarget(blog_connection=blog_connection)
    if store_connection is None:
        raise InvalidInput.at("#/connection_id", "Name the connection to publish through.", "target_required")
    publisher = platforms.get(store_connection.platform).publisher
    if publisher is None:
        raise InvalidInput.at(
            "#/store_connection_id", "This store has no blog that we publish to.", "store_has_no_blog"
        )
    if store_connection.status == StoreConnection.Status.INACTIVE:
        raise Conflict("The connection is inactive. Connect the store again.", code="connection_inactive")
    if not store_connections.has_credentials(store_connection):
        raise Conflict("The connection has no credentials.", code="connection_without_credentials")
    blog_id = _blog_of(post, store_connection) if publisher.several_blogs else ""
    return PublicationTarget(store_connection=store_connection, external_blog_id=blog_id)


def standing(post: BlogPost) -> PublicationTarget | None:
    """The place that the post was last put to; None when its connection is gone."""
    if post.blog_connection is not None:
        return PublicationTarget(post.blog_connection, None, post.external_blog_id)
    if post.store_connection is not None:
        return PublicationTarget(None, post.store_connection, post.external_blog_id)
    return None


def _check_site(connection: BlogConnection) -> None:
    if not connection.is_active:
        raise Conflict("The connection is switched off.", code="connection_inactive")
    if not (connection.username and connection.app_password):
        raise Conflict("The connection has no credentials.", code="connection_without_credentials")


def _blog_of(post: BlogPost, connection: StoreConnection) -> str:
    """The id of the post's blog, that of its original for a translation, else of the shop's only one. Raises InvalidInput when that is not exactly one."""
    original = post.original
    if original is not None and original.store_connection_id == connection.pk and original.external_blog_id:
        return original.external_blog_id
    if post.external_blog_id and post.store_connection_id in (None, connection.pk):
        return post.external_blog_id
    found = blog_connections.blogs(connection)
    if len(found) != 1:
        raise InvalidInput.at(
            "#/store_connection_id",
            "The shop has several blogs: create the post with `shopify_blog_id`." if found else "The shop has no blog.",
            "blog_required",
        )
    return found[0].id


def of(publication: Publication) -> PublicationTarget | None:
    """The place of an attempt, or None when its connection is gone."""
    if publication.blog_connection:
        return PublicationTarget(blog_connection=publication.blog_connection)
    if publication.store_connection:
        blog_id = str(publication.options.get("external_blog_id") or "")
        return PublicationTarget(store_connection=publication.store_connection, external_blog_id=blog_id)
    return None
