"""Posts: write them, read, edit and delete them, and score them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog import analytics, content, posts, scores
from blog.api.base import PostViewSet
from blog.api.serializers.posts import (
    AnalyticsReply,
    PostCreation,
    PostListItem,
    PostListQuery,
    PostReply,
    PostUpdate,
    ScoreQuery,
    ScoreReply,
    listed,
    shown,
)
from blog.models import BlogPost, BlogTemplate
from blog.translations import job as translations
from blog.writing import job as writing
from integrations.models import StoreConnection
from projects.models import ContentItem, Project
from scribe.api.estimates import estimate_of
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import StartRequest
from scribe.api.views import versioned
from scribe.errors import InvalidInput


class BlogPostViewSet(PostViewSet):
    whole_actions = frozenset({"create", "regenerate"})

    @operation(
        tag="blog",
        scope="posts:read",
        summary="List blog posts",
        description="The posts of a project, newest first. A translation is a post of its own, with `original_id`.",
        parameters=[PostListQuery],
        responses={200: ListOf(PostListItem)},
        errors=(400, 404),
    )
    def list(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        rows = BlogPost.objects.visible_to(request.user).filter(project=project)
        rows = rows.defer("content", "metadata", "structured_data", "selected_images").order_by("-created_at", "-id")
        return bare_array(request, rows.filter(**self.query(PostListQuery)), listed)

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Create blog post",
        description="Makes a post and starts its writing; `job_id` names the job, `status` is `generating` until it ends.",
        request=PostCreation,
        responses={201: PostReply},
        errors=(400, 402, 404, 409),
    )
    def create(self, request: Any, project_id: str) -> Response:
        project = self.project()
        body = self.body(PostCreation)
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
        return versioned(shown(post), status=201)

    estimate_create = estimate_of(create)

    def items(self, project: Project, ids: Any) -> Any:
        rows = ContentItem.objects.filter(project=project)
        return self.rows(rows, list(dict.fromkeys(ids)), "#/source_item_ids")

    @operation(tag="blog", scope="posts:read", summary="Get blog post", responses={200: PostReply})
    def retrieve(self, request: Any, project_id: str, post_id: str) -> Response:
        return versioned(self.standing())

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Update blog post",
        description="Changes what is sent. `seo_meta` is changed key by key; `status` goes only to `draft`, from `failed` or "
        "`scheduled`. Text is sanitized. A scheduled post keeps its schedule; a published one shows "
        "`analytics.unpublished_changes` until it is published again.",
        request=PostUpdate,
        responses={200: PostReply},
        errors=(400, 404, 409, 412),
    )
    def partial_update(self, request: Any, project_id: str, post_id: str) -> Response:
        project = self.project()
        post = self.post_row(project)
        body = self.body(PostUpdate)
        if "source_item_ids" in body:
            body["source_item_ids"] = [str(i.pk) for i in self.items(project, body["source_item_ids"])]
        if "featured_image_url" in body:
            body["featured_image_url"] = body["featured_image_url"] or ""
            if body["featured_image_url"] and not content.is_image_address(body["featured_image_url"]):
                raise InvalidInput.at(
                    "#/featured_image_url", "Give an https address, or an image of the post.", "invalid_url"
                )
        with self.changing(post, self.standing):
            changed = posts.update(post=post, **body)
            changed.read_version()
        return versioned(shown(changed))

    @operation(
        tag="blog",
        scope="posts:write",
        summary="Delete blog post",
        description="Removes the post with its images. What a site already shows stays there.",
        responses={204: None},
        errors=(404, 409, 412),
    )
    def destroy(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        with self.changing(post, self.standing, claim=False):
            posts.delete(post=post, accepted=self.if_match())
        return Response(status=204)

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Regenerate blog post",
        description="Writes the post anew in a job; the text stays until the new one replaces it. A translation is made again "
        "from its original.",
        request=StartRequest,
        responses={202: PostReply},
        errors=(400, 402, 404, 409, 412),
    )
    def regenerate(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        self.body(StartRequest)
        with self.changing(post, self.standing):
            if post.original_id:
                changed = translations.again(post=post, by=request.user)
            else:
                changed = writing.regenerate(post=post, by=request.user)
            changed.read_version()
        return versioned(shown(changed), status=202)

    estimate_regenerate = estimate_of(regenerate)

    @operation(
        tag="blog",
        scope="posts:read",
        summary="Get SEO score",
        description="Judges SEO and readability by 24 deterministic checks. Fast enough to run while somebody types.",
        parameters=[ScoreQuery],
        responses={200: ScoreReply},
        errors=(400, 404),
    )
    def seo_score(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        return Response(scores.of(post, **self.query(ScoreQuery)))

    @operation(
        tag="blog",
        scope="posts:read",
        summary="Blog analytics summary",
        responses={200: AnalyticsReply},
        description="A project's blog in numbers.",
    )
    def analytics(self, request: Any, project_id: str) -> Response:
        return Response(analytics.of(self.project()))


KEPT = ("post_type", "topic", "ai_settings", "selected_images", "wp_category_ids")
