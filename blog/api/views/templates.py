"""Blog templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog import templates
from blog.api.serializers.templates import TemplateCreation, TemplateReply, TemplateUpdate, shown
from blog.models import BlogTemplate
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet

TAG = "blog-templates"


class BlogTemplateViewSet(ScribeViewSet):
    whole_actions = frozenset({"create"})

    def template(self) -> BlogTemplate:
        return self.row(BlogTemplate.objects.select_related("organization"), self.kwargs["template_id"])

    @operation(
        tag=TAG,
        scope="posts:read",
        summary="List blog templates",
        responses={200: ListOf(TemplateReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        return bare_array(request, BlogTemplate.objects.visible_to(request.user).order_by("-created_at"), shown)

    @operation(
        tag=TAG,
        scope="posts:write",
        live=True,
        support=True,
        summary="Create blog template",
        description="A new default takes the place of the old one.",
        request=TemplateCreation,
        responses={201: TemplateReply},
    )
    def create(self, request: Any) -> Response:
        made = templates.create(organization=request.user.organization, **self.body(TemplateCreation))
        return Response(shown(made), status=201)

    @operation(tag=TAG, scope="posts:read", summary="Get blog template", responses={200: TemplateReply})
    def retrieve(self, request: Any, template_id: str) -> Response:
        return Response(shown(self.template()))

    @operation(
        tag=TAG,
        scope="posts:write",
        live=True,
        support=True,
        summary="Update blog template",
        request=TemplateUpdate,
        responses={200: TemplateReply},
    )
    def partial_update(self, request: Any, template_id: str) -> Response:
        template = self.template()
        return Response(shown(templates.update(template=template, **self.body(TemplateUpdate))))

    @operation(
        tag=TAG,
        scope="posts:write",
        live=True,
        summary="Delete blog template",
        description="Posts that were written with it stay as they are.",
        responses={204: None},
    )
    def destroy(self, request: Any, template_id: str) -> Response:
        self.template().delete()
        return Response(status=204)
