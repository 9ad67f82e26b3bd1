"""Blog posts by API key, for shop plugins."""

from django.http import HttpResponse
from rest_framework.response import Response

from blog import plugin
from projects.plugin.door import WRITING_ERRORS, KeyRequest, PluginBase
from projects.plugin.forms import BlogRequest, PluginAccepted, PluginText
from scribe.api.estimates import estimate_of
from scribe.api.schema import operation


class PluginBlogViewSet(PluginBase):
    tag = "plugin"
    whole_actions = frozenset({"generate_blog_async"})

    @operation(
        scope="plugin:write",
        summary="Plugin Generate Blog",
        description="Generates a post and waits up to 60 s. If it takes longer, returns 202 with a handle to poll. "
        "If the AI model fails, returns 502 and nothing is charged.",
        request=BlogRequest,
        waits=True,
        responses={200: PluginText, 202: PluginText},
        errors=(*WRITING_ERRORS, 502),
    )
    def generate_blog(self, request: KeyRequest) -> HttpResponse:
        body = self.body(BlogRequest)
        return self.wait_for(plugin.start(key=request.user, source=body["source"], request=body))

    estimate_generate_blog = estimate_of(generate_blog)

    @operation(
        scope="plugin:write",
        summary="Plugin Generate Blog Async",
        description="Starts generating a post and returns immediately with a handle to poll.",
        request=BlogRequest,
        responses={202: PluginAccepted},
        errors=WRITING_ERRORS,
    )
    def generate_blog_async(self, request: KeyRequest) -> Response:
        body = self.body(BlogRequest)
        generation = plugin.start(key=request.user, source=body["source"], request=body)
        return Response({"generation_id": str(generation.pk)}, status=202)
