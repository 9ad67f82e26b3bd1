"""Posts: write them, read, edit and delete them, and score them."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from blog import content, posts, provenance, scores
from blog.api.base import PostViewSet
from blog.api.serializers import posts as shapes
from blog.models import BlogPost, BlogTemplate
from blog.translations import job as translations
from blog.writing import job as writing
from integrations.models import StoreConnection
from projects.models import ContentItem, Project
from scribe.api.estimates import estimate_of
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import StartRequest
from scribe.api.views import SignedInRequest, versioned_reply
from scribe.errors import InvalidInput
from scribe.messages import _
from writing import output

reads = partial(operation, scope="posts:read")
writes = partial(operation, scope="posts:write", support=True)


class BlogPostViewSet(PostViewSet):
    tag = "blog"
    whole_actions = frozenset({"create", "regenerate"})

    @reads(
        summary="List blog posts",
        description="The posts of a project, newest first. A translation is a separate post with `original_id`.",
        parameters=[shapes.PostListQuery],
        responses={200: ListOf(shapes.PostListItem)},
    )
    def list(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        project = self.project()
        rows = BlogPost.objects.visible_to(request.user).filter(project=project)
        rows = rows.defer("content", "metadata", "structured_data", "selected_images").order_by("-created_at", "-id")
        return bare_array(request, rows.filter(**self.query(shapes.PostListQuery)), shapes.PostListItem.of)

    @writes(
        summary="Create blog post",
        description="Creates a post and starts generating it. `job_id` is the ID of the job; `status` is "
        "`generating` until it ends.",
        request=shapes.PostCreation,
        responses={201: shapes.PostReply},
        errors=(400, 402, 404, 409),
    )
    def create(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        body = self.body(shapes.PostCreation)
        post = writing.create(
            project=project,
            by=request.user,
            items=self.items(project, body.pop("source_item_ids", [])),
            template=self.wish(body, "template_id", BlogTemplate.objects.all()),
            store_connection=self.wish(body, "store_connection_id", StoreConnection.objects.all()),
            shopify_blog_id=body.get("shopify_blog_id") or "",
            languages=body.get("languages") or (),
            **{k: body[k] for k in KEPT if k in body},
        )
        return versioned_reply(shapes.reply_of(post), status=201)

    estimate_create = estimate_of(create)

    def items(self, project: Project, ids: Iterable[str]) -> Sequence[ContentItem]:
        rows = ContentItem.objects.filter(project=project)
        return self.rows(rows, list(dict.fromkeys(ids)), "#/source_item_ids")

    @reads(summary="Get blog post", responses={200: shapes.PostReply})
    def retrieve(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        return versioned_reply(self.standing())

    @writes(
        summary="Update blog post",
        description="Changes only the fields you send. `seo_meta` is merged by key. `status` can only be set to "
        "`draft`, from `failed` or `scheduled`. HTML is sanitized. A scheduled post keeps its schedule; "
        "a published one has `analytics.unpublished_changes` until it is published again.",
        request=shapes.PostUpdate,
        responses={200: shapes.UpdatedPost},
        errors=(400, 404, 409, 412),
    )
    def partial_update(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        project = self.project()
        post = self.post_row(project)
        body = self.body(shapes.PostUpdate)
        if "source_item_ids" in body:
            body["source_item_ids"] = [str(i.pk) for i in self.items(project, body["source_item_ids"])]
        if "featured_image_url" in body:
            body["featured_image_url"] = body["featured_image_url"] or ""
            if body["featured_image_url"] and not content.is_image_address(body["featured_image_url"]):
                raise InvalidInput.at(
                    "#/featured_image_url",
                    _("Enter an https:// address, or choose an image of the post."),
                    "invalid_url",
                )
        with self.changing(post, self.standing):
            changed = posts.update(post=post, by=request.user, **body)
            changed.read_version()
        lost = [
            {"field": field, "code": "removed", "detail": output.REMOVED.format(names=names)}
            for field, names in posts.removals(changed, body).items()
        ]
        return versioned_reply({**shapes.reply_of(changed), "warnings": lost})

    @reads(
        summary="Show where a post's texts come from",
        description="The history of each text: AI model, prompt, settings, time and SHA-256; who edited it and how "
        "much; who approved its publication and when. The history can't be changed. This is not legal "
        "advice.",
        responses={200: shapes.PostProvenance},
    )
    def provenance(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        return Response(provenance.record_of(self.post_row()))

    @operation(
        scope="posts:write",
        summary="Delete blog post",
        description="Deletes the post and its images. Anything already published on a site stays there.",
        responses={204: None},
        errors=(404, 409, 412),
    )
    def destroy(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        with self.changing(post, self.standing, claim=False):
            posts.delete(post=post, accepted=self.if_match())
        return Response(status=204)

    @writes(
        summary="Regenerate blog post",
        description="Starts a job that regenerates the post. The current text stays until the new one replaces it. "
        "A translation is generated again from its original.",
        request=StartRequest,
        responses={202: shapes.PostReply},
        errors=(400, 402, 404, 409, 412),
    )
    def regenerate(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        self.body(StartRequest)
        with self.changing(post, self.standing):
            if post.original_id:
                changed = translations.again(post=post, by=request.user)
            else:
                changed = writing.regenerate(post=post, by=request.user)
            changed.read_version()
        return versioned_reply(shapes.reply_of(changed), status=202)

    estimate_regenerate = estimate_of(regenerate)

    @reads(
        summary="Get SEO score",
        description="Scores SEO and readability with 24 deterministic checks. Fast enough to call while someone is "
        "typing.",
        parameters=[shapes.ScoreQuery],
        responses={200: shapes.ScoreReply},
    )
    def seo_score(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        return Response(scores.score_post(post, **self.query(shapes.ScoreQuery)))

    @reads(
        summary="Blog analytics summary",
        responses={200: shapes.AnalyticsReply},
        description="Statistics of a project's blog.",
    )
    def analytics(self, request: SignedInRequest, project_id: str) -> Response:
        return Response(posts.statistics(self.project()))


KEPT = ("post_type", "topic", "ai_settings", "selected_images", "wp_category_ids")


class BlogTranslationViewSet(PostViewSet):
    tag = "blog"
    whole_actions = frozenset({"translate"})

    @reads(
        summary="List translations of a blog post",
        description="The post's translations, by language.",
        responses={200: shapes.TranslationLink(many=True)},
    )
    def list_translations(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        return Response(shapes.links_of(self.post_row()))

    @writes(
        summary="Translate blog post",
        description="Starts a job that translates the post into other languages. Each translation is a separate "
        "post with its own status, URL and schedule. Only missing and outdated translations are "
        "generated; edited ones are kept unless `redo` is set. `sr-Latn` is transliterated from a "
        "Serbian post in Cyrillic and costs nothing.",
        request=shapes.TranslationsRequest,
        responses={202: shapes.TranslationsReply},
        errors=(400, 402, 404, 409),
    )
    def translate(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        found = translations.translate(post=post, by=request.user, **self.body(shapes.TranslationsRequest))
        return Response({**shapes.plan_reply(found), "job_id": str(found.job.pk) if found.job else None}, status=202)

    @reads(
        support=True,
        summary="Estimate translations of a blog post",
        description="What the same request would generate and its maximum price, per language. Nothing is saved.",
        request=shapes.TranslationsRequest,
        responses={200: shapes.TranslationsEstimate},
        errors=(400, 404, 409),
    )
    def estimate_translations(self, request: SignedInRequest, project_id: str, post_id: str) -> Response:
        found = translations.estimate(post=self.post_row(), **self.body(shapes.TranslationsRequest))
        return Response(shapes.plan_reply(found))
