"""Publish posts now or on a schedule, unpublish and unschedule them."""

from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from blog.api.base import PostViewSet
from blog.api.serializers.posts import PostReply, PublishRequest, ScheduleRequest, UndoRequest, reply_of
from blog.models import BlogPost, Publication
from blog.publishing import changes, links, targets, undo
from blog.publishing import publication as publications
from blog.publishing.changes import Resolution
from blog.publishing.job import PublishPayload
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection, StoreConnection
from scribe.api import idempotency
from scribe.api.job_reply import JobReply
from scribe.api.schema import operation
from scribe.api.views import SignedInRequest, versioned_reply
from scribe.errors import Conflict, UpstreamFailed
from scribe.models import Job
from scribe.types import Json

publishes = partial(operation, scope="posts:publish", support=True)

WAIT_SECONDS = 25
ERRORS = (400, 404, 409, 412, 502, 504)


def render(job: Job) -> Response:
    """200 when the job is done, 409 when the merchant has changed texts there or an undo can put nothing back, 502 when the site
    refused, 202 while the job goes on."""
    asked = PublishPayload.of(job)
    if job.status == Job.Status.FAILED and job.error_code == changes.PostChanged.code:
        raise changes.conflict(Publication.objects.of(job.organization_id).get(pk=asked.publication_id).conflicts)
    if job.status == Job.Status.FAILED and job.error_code == undo.NOT_RESTORED:
        raise Conflict(job.error, code=job.error_code)
    if job.status == Job.Status.FAILED:
        raise UpstreamFailed(job.error or "The site did not take the post.", party="site", reason=job.error_code)
    post = BlogPost.objects.get(pk=asked.post_id)
    return versioned_reply(reply_of(post), status=200 if job.ended else 202)


class BlogPublishingViewSet(PostViewSet):
    tag = "blog"

    def target(self, post: BlogPost, body: Json) -> PublicationTarget:
        target = targets.choose(
            post,
            blog_connection=self.wish(body, "connection_id", BlogConnection.objects.all()),
            store_connection=self.wish(body, "store_connection_id", StoreConnection.objects.select_related("grant")),
        )
        links.check(post, target)
        return target

    def decided(self, post: BlogPost, target: PublicationTarget, body: Json) -> Resolution:
        """What the request says about texts that the merchant has changed there. Raises Conflict when it should say more."""
        wish = changes.resolution(post, target, chosen=body.get("resolve") or {}, force=body["force"])
        published = body.get("shopify_published") is not False
        status = publications.site_status(target, body["wp_status"], shopify_published=published)
        changes.check(post, target, wish, status=status)
        return wish

    @publishes(
        summary="Publish blog post to WordPress",
        description="Publishes the post with a blog connection (WordPress) or a store connection (Shopify, "
        "WordPress): send exactly one. Waits up to 25 s; 202 with `status: publishing` means that "
        "publishing continues in the background. Publishing again updates the same post: only what "
        "changed here since the last publish is sent, the URL stays, and only tags and categories that "
        "we added are added or removed. If a text was changed on the site since the last publish, "
        "returns 409 `post_changed` with `conflicts`: our text, the site's text and the last published "
        "text of each field. `force` overwrites with our text; `resolve` chooses a side for each field. "
        "A translation is linked to its original if the site has Polylang Pro, becomes a separate post "
        "on a site with one language, and becomes a translation of the original article in Shopify. If "
        "the site can't accept it, returns 409 (`translations_unsupported`, `original_not_published`, "
        "`shop_language_missing`, `translation_exists`, `translation_changed`, ...) before anything is "
        "sent.",
        request=PublishRequest,
        waits=True,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def publish(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
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

    @publishes(
        summary="Undo the last publish",
        description="Restores on the site exactly what the last publish replaced. A text that was changed on the "
        "site since then is not touched: it is listed in `skipped_fields`, as is anything the site did "
        "not accept unchanged; if nothing else is left to restore, returns 409 `post_changed` with the "
        "texts. `force` restores it anyway, also with a later undo. A text that we can't read on the "
        "site now (SEO texts while our guard plugin is not active) is not touched either and stays "
        "available: undo again when the site shows it. If only such texts are left, returns 409 "
        "`not_restored` with the reason. The post here is not changed; publish again to send it again. "
        "If there is nothing to restore, returns 409 `nothing_to_undo`.",
        request=UndoRequest,
        waits=True,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def undo(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        body = self.body(UndoRequest)
        with self.changing(post, self.standing):
            publication = publications.undo(post=post, by=request.user, force=body["force"])
        return self.wait(publication)

    @publishes(
        summary="Unpublish blog post from WordPress",
        description="Changes the post back to a draft, here and on its site. A translation in Shopify is removed "
        "from the article, as far as we wrote it.",
        waits=True,
        responses={200: PostReply, 202: PostReply},
        errors=ERRORS,
    )
    def unpublish(self, request: SignedInRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.post_row()
        with self.changing(post, self.standing):
            publication = publications.unpublish(post=post, by=request.user)
        return self.wait(publication)

    def wait(self, publication: Publication) -> HttpResponse:
        assert publication.job is not None
        return JobReply(publication.job, render=render, seconds=WAIT_SECONDS)


class BlogSchedulingViewSet(PostViewSet):
    tag = "blog"
    whole_actions = frozenset({"unschedule"})

    @publishes(
        summary="Schedule blog post",
        description="Publishes the post within 60 s of `scheduled_at`. Scheduling again changes the time.",
        request=ScheduleRequest,
        responses={200: PostReply},
        errors=ERRORS,
    )
    def schedule(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        body = self.body(ScheduleRequest)
        target = BlogPublishingViewSet.target(self, post, body)  # type: ignore[arg-type]
        with self.changing(post, self.standing):  # not before the target was chosen, which may ask the shop
            changed = publications.schedule(
                post=post, by=request.user, target=target, at=body["scheduled_at"], wp_status=body["wp_status"]
            )
            changed.read_version()
            reply = versioned_reply(reply_of(changed))
            idempotency.keep(reply)
        return reply

    @publishes(
        summary="Unschedule blog post",
        description="Cancels the schedule; the post is a draft again.",
        responses={200: PostReply},
        errors=(404, 409, 412),
    )
    def unschedule(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        with self.changing(post, self.standing):
            changed = publications.unschedule(post=post)
            changed.read_version()
        return versioned_reply(reply_of(changed))
