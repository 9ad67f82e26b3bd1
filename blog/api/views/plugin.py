"""Blog posts by API key, for shop plugins."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog import plugin
from projects.plugin.door import WRITING_ERRORS, PluginBase
from projects.plugin.forms import BlogRequest, PluginAccepted, PluginText
from scribe.api.estimates import estimate_of
from scribe.api.schema import operation


class PluginBlogViewSet(PluginBase):
    whole_actions = frozenset({"generate_blog_async"})

    @operation(
        tag="plugin",
        scope="plugin:write",
        summary="Plugin Generate Blog",
        description="Writes a post and waits up to 60 s; 202 with the handle when it takes longer. A failing model is 502 and costs nothing.",
        request=BlogRequest,
        responses={200: PluginText, 202: PluginText},
        errors=(*WRITING_ERRORS, 502),
    )
    def generate_blog(self, request: Any) -> HttpResponse:
        body = self.body(BlogRequest)
        return self.wait_for(plugin.start(key=request.user, source=body["source"], request=body))

    estimate_generate_blog = estimate_of(generate_blog)

    @operation(
        tag="plugin",
        scope="plugin:write",
        summary="Plugin Generate Blog Async",
        description="Starts writing a post and answers at once with the handle to poll.",
        request=BlogRequest,
        responses={202: PluginAccepted},
        errors=WRITING_ERRORS,
    )
    def generate_blog_async(self, request: Any) -> Response:
        body = self.body(BlogRequest)
        generation = plugin.start(key=request.user, source=body["source"], request=body)
        return Response({"generation_id": str(generation.pk)}, status=202)
