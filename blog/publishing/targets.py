"""Where a post goes: one site, or one blog of a shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Field

from blog.models import BlogPost, Publication
from integrations import blog_connections
from integrations import connections as store_connections
from integrations.models import BlogConnection, Provenance, StoreConnection
from integrations.stores import platforms
from integrations.stores.http import Pause
from integrations.stores.platforms import Platform
from integrations.stores.posts import Publisher
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _


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
    def provenance(self) -> str:
        """What is kept and shown of where the texts come from, as the connection says."""
        return getattr(self.blog_connection or self.store_connection, "provenance", Provenance.RECORD)

    @property
    def moved_at(self) -> datetime | None:
        """When the connection last got another host. What we know of the one before does not count there."""
        return getattr(self.blog_connection or self.store_connection, "moved_at", None)

    @property
    def site(self) -> str:
        """The key under which we keep data per site, such as uploads."""
        moved = f":{self.moved_at:%Y%m%d%H%M%S}" if self.moved_at else ""
        if self.blog_connection:
            return f"blog:{self.blog_connection.pk}{moved}"
        return f"store:{self.store_connection.pk if self.store_connection else ''}{moved}"

    def holds(self, post: BlogPost) -> bool:
        """Whether the post has a remote id and it belongs to this place."""
        return self._has_id_of(post) and not self._is_of_earlier_host(post)

    def may_hold(self, post: BlogPost) -> bool:
        """Whether the post has a remote id from before the connection got another host: if the site has only moved, it is
        still the post's, else perhaps another's."""
        return self._has_id_of(post) and self._is_of_earlier_host(post)

    def _is_of_earlier_host(self, post: BlogPost) -> bool:
        if self.moved_at is None:
            return False
        here = Publication.objects.filter(
            post=post, blog_connection=self.blog_connection, store_connection=self.store_connection
        )
        return not here.filter(state=Publication.State.CONFIRMED, confirmed_at__gt=self.moved_at).exists()

    def _has_id_of(self, post: BlogPost) -> bool:
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
        field = cast("Field[object, object]", BlogPost._meta.get_field(self.platform.post_id_field))
        setattr(post, field.name, field.to_python(remote_id))

    def take(self, post: BlogPost) -> None:
        """Set this place on the row. A post at another place stays there, and we no longer update it. Does not save."""
        if post.is_remote and not self.holds(post):
            post.wp_post_id, post.external_post_id, post.published_url = None, "", ""
            post.unpublished_changes = False
        post.blog_connection, post.store_connection = self.blog_connection, self.store_connection
        post.external_blog_id = self.external_blog_id

    def check_usable(self) -> None:
        """Raises Conflict: `connection_inactive` while the connection is switched off, `connection_without_credentials`."""
        if self.blog_connection is not None:
            if not self.blog_connection.is_active:
                raise Conflict(_("The connection is switched off."), code="connection_inactive")
            has_credentials = bool(self.blog_connection.username and self.blog_connection.app_password)
        else:
            assert self.store_connection is not None
            if self.store_connection.status == StoreConnection.Status.INACTIVE:
                raise Conflict(_("The connection is inactive. Connect the store again."), code="connection_inactive")
            has_credentials = store_connections.has_credentials(self.store_connection)
        if not has_credentials:
            raise Conflict(_("The connection has no credentials."), code="connection_without_credentials")

    def open(self, *, pause: Pause) -> Publisher:
        """The client of the place. It tries each request twice; the job makes the longer waits between tries."""
        if self.blog_connection:
            publisher = blog_connections.open_publisher(self.blog_connection, pause=pause)
        else:
            assert self.store_connection is not None
            publisher = blog_connections.for_posts(self.store_connection, blog_id=self.external_blog_id, pause=pause)
        publisher.http.tries = 2
        return publisher

    def open_live(self) -> Publisher:
        """The same for a call that a person waits for."""
        if self.blog_connection:
            return blog_connections.open_publisher(self.blog_connection, live=True)
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
        raise InvalidInput.at("#/connection_id", _("Choose one connection, not two."), "two_targets")
    if blog_connection is not None:
        target = PublicationTarget(blog_connection=blog_connection)
        target.check_usable()
        return target
    if store_connection is None:
        raise InvalidInput.at("#/connection_id", _("Choose the connection to publish with."), "target_required")
    publisher = blog_connections.publisher_of(store_connection)
    PublicationTarget(store_connection=store_connection).check_usable()
    blog_id = _blog_of(post, store_connection) if publisher.several_blogs else ""
    return PublicationTarget(store_connection=store_connection, external_blog_id=blog_id)


def standing(post: BlogPost) -> PublicationTarget | None:
    """The place that the post was last put to; None when its connection is gone."""
    if post.blog_connection is not None:
        return PublicationTarget(post.blog_connection, None, post.external_blog_id)
    if post.store_connection is not None:
        return PublicationTarget(None, post.store_connection, post.external_blog_id)
    return None


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
            _("The store has several blogs. Choose one with `shopify_blog_id` when you create the post.")
            if found
            else _("The store has no blog."),
            "blog_required",
        )
    return found[0].id


def target_of(publication: Publication) -> PublicationTarget | None:
    """The place of an attempt, or None when its connection is gone."""
    if publication.blog_connection:
        return PublicationTarget(blog_connection=publication.blog_connection)
    if publication.store_connection:
        blog_id = str(publication.options.get("external_blog_id") or "")
        return PublicationTarget(store_connection=publication.store_connection, external_blog_id=blog_id)
    return None
