"""The translations of a post."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from blog.api.base import PostViewSet
from blog.api.serializers.posts import (
    TranslationLink,
    TranslationsEstimate,
    TranslationsReply,
    TranslationsRequest,
    links_of,
    planned,
)
from blog.translations import job as translations
from scribe.api.schema import operation


class BlogTranslationViewSet(PostViewSet):
    whole_actions = frozenset({"translate"})

    @operation(
        tag="blog",
        scope="posts:read",
        summary="List translations of a blog post",
        description="The post's translations, by language.",
        responses={200: TranslationLink(many=True)},
        errors=(404,),
    )
    def list_translations(self, request: Any, project_id: str, post_id: str) -> Response:
        return Response(links_of(self.post_row()))

    @operation(
        tag="blog",
        scope="posts:write",
        support=True,
        summary="Translate blog post",
        description="Starts a job that writes the post in further languages, each as a post of its own with its own status, "
        "address and schedule. Only what is missing or stale is written; what a person has edited is left alone unless "
        "`redo` says so. `sr-Latn` is read off a Serbian post in Cyrillic and costs nothing.",
        request=TranslationsRequest,
        responses={202: TranslationsReply},
        errors=(400, 402, 404, 409),
    )
    def translate(self, request: Any, project_id: str, post_id: str) -> Response:
        post = self.post_row()
        found = translations.translate(post=post, by=request.user, **self.body(TranslationsRequest))
        return Response({**planned(found), "job_id": str(found.job.pk) if found.job else None}, status=202)

    @operation(
        tag="blog",
        scope="posts:read",
        support=True,
        summary="Estimate translations of a blog post",
        description="What the same request would write, with the most that it costs, per language. Saves nothing.",
        request=TranslationsRequest,
        responses={200: TranslationsEstimate},
        errors=(400, 404, 409),
    )
    def estimate_translations(self, request: Any, project_id: str, post_id: str) -> Response:
        return Response(planned(translations.estimate(post=self.post_row(), **self.body(TranslationsRequest))))
