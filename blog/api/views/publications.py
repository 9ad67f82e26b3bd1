"""Publish posts now or on a schedule, unpublish and unschedule them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog.api.base import PostViewSet
from blog.api.serializers.posts import PostReply, PublishRequest, ScheduleRequest, UndoRequest, shown
from blog.models import BlogPost, Publication
from blog.publishing import changes, links, targets
from blog.publishing import publication as publications
from blog.publishing.changes import Resolution
from blog.publishing.job import PublishPayload
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection, StoreConnection
from scribe.api import idempotency
from scribe.api.job_reply import JobReply
from scribe.api.schema import operation
from scribe.api.views import versioned
from scribe.errors import UpstreamFailed
from scribe.models import Job

WAIT_SECONDS = 25
ERRORS = (400, 404, 409, 412, 502, 504)


def render(job: Job) -> Response:
    """200 when the job is done, 409 when the merchant has changed texts there, 502 when the site refused, 202 while the job
    goes on."""
    asked = PublishPayload.of(job)
    if job.status == Job.Status.FAILED and job.error_code == changes.PostChanged.code:
        raise changes.conflict(Publication.objects.of(job.organization_id).get(pk=asked.publication_id).conflicts)
    if job.status == Job.Status.FAILED:
        raise UpstreamFailed(job.error or "The site did not take the post.", party="site", reason=job.error_code)
    post = BlogPost.objects.get(pk=asked.post_id)
    return versioned(shown(post), status=200 if job.ended else 202)


class BlogPublishingViewSet(PostViewSet):
    def target(self, post: BlogPost, body: dict[str, Any]) -> PublicationTarget:
        target = targets.choose(
            post,
            blog_connection=self.wish(body, "connection_id", BlogConnection.objects.all()),
            store_connection=self.wish(body, "store_connection_id", StoreConnection.objects.select_related("grant")),
        )
        links.check(post, target)
        return target

    def decided(self, post: BlogPost, target: PublicationTarget, body: dict[str, Any]) -> Resolution:
        """What the request says about texts that the merchant has changed there. Raises Conflict when it should say more."""
        wish = Resolution(body["force"], body.get("resolve") or {})
        published = body.get("shopify_published") is not False
        status = publications.site_status(target, body["wp_status"], shopify_published=published)
        changes.check(post, target, wish, status=status)
        return wish

    @operation(
        tag="blog",
        scope="posts:publish",
        support=True,
        summary="Publish blog post to WordPress",
        description="Publishes through a blog connection (WordPress) or a store connection (Shopify, WordPress): name one. "
        "Waits up to 25 s; 202 with `status: publishing` means that it goes on. Publishing again updates the same post: only what "
        "changed here since our last publish is sent, the address stays, and of tags and categories ours are added and only ours go. "
        "A text that the merchant has changed there meanwhile is 409 `post_changed` with `conflicts`: ours, theirs, and what we last "
        "published. `force` writes ours, `resolve` takes a side for each field. A translation "
        "is linked to its original where the site has Polylang Pro, is a post of its own on a site of one language, and in "
        "Shopify a translation of the original's article; what a place can't take is 409 (`translations_unsupported`, "
        "`original_not_published`, `shop_language_missing`, `translation_exists`, `translation_changed`, ...) before anything "
        "is sent.",
        request=PublishRequest,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def publish(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        body = self.body(PublishRequest)
        target = self.target(post, body)
        wish = self.decided(post, target, body)
        with self.changing(post, self.standing):
            publication = publications.publish(
                post=post,
                by=request.user,
                target=target,
                wp_status=body["wp_status"],
                shopify_published=body.get("shopify_published") is not False,
                wish=wish,
            )
        return self.wait(publication)

    @operation(
        tag="blog",
        scope="posts:publish",
        support=True,
        summary="Undo the last publish",
        description="Puts back on the site what the last publish replaced there, letter by letter. A text that somebody has changed "
        "since stays: if nothing else is left to put back, 409 `post_changed` with the texts, else it is named in "
        "`skipped_fields`, as is what the site did not take as it was. `force` puts it back all the same. Our own text stays here; publishing "
        "again brings it there again. Nothing to put back: 409 `nothing_to_undo`.",
        request=UndoRequest,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def undo(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        body = self.body(UndoRequest)
        with self.changing(post, self.standing):
            publication = publications.undo(post=post, by=request.user, force=body["force"])
        return self.wait(publication)

    @operation(
        tag="blog",
        scope="posts:publish",
        support=True,
        summary="Unpublish blog post from WordPress",
        description="Makes the post a draft on its site and here. A translation in Shopify is removed from the article, as far as "
        "we wrote it.",
        request=None,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def unpublish(self, request: Any, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        with self.changing(post, self.standing):
            publication = publications.unpublish(post=post, by=request.user)
        return self.wait(publication)

    def wait(self, publication: Publication) -> HttpResponse:
        assert publication.job is not None
        return JobReply(publication.job, render=render, seconds=WAIT_SECONDS)


class BlogSchedulingViewSet(PostViewSet):
    whole_actions = frozenset({"unschedule"})

    @operation(
        tag="blog",
        scope="posts:publish",
        support=True,
        summary="Schedule blog post",
        description="Publishes within 60 s of `scheduled_at`. Scheduling again moves it.",
        request=ScheduleRequest,
        responses={200: PostReply},
        errors=ERRORS,
    )
    def schedule(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        body = self.body(ScheduleRequest)
        target = BlogPublishingViewSet.target(self, post, body)  # type: ignore[arg-type]
        with self.changing(post, self.standing):  # not before the target was chosen, which may ask the shop
            changed = publications.schedule(
                post=post, target=target, at=body["scheduled_at"], wp_status=body["wp_status"]
            )
            changed.read_version()
            reply = versioned(shown(changed))
            idempotency.keep(reply)
        return reply

    @operation(
        tag="blog",
        scope="posts:publish",
        support=True,
        summary="Unschedule blog post",
        description="Takes the post off the schedule; it is a draft again.",
        request=None,
        responses={200: PostReply},
        errors=(404, 409, 412),
    )
    def unschedule(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        with self.changing(post, self.standing):
            changed = publications.unschedule(post=post)
            changed.read_version()
        return versioned(shown(changed))
