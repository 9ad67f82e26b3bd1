from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from blog import templates
from blog.models import BlogTemplate
from scribe.api.fields import FreeObject, UtcDateTime
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson

TEXT: Json = {"required": False, "allow_blank": True}


class TemplateFields(Request):
    description = serializers.CharField(**TEXT, max_length=2000)
    tone = serializers.CharField(**TEXT, max_length=100)
    structure = FreeObject(
        required=False, help_text="`sections` (headings, or `{heading, instructions}`), `min_words`, `max_words`."
    )
    custom_instructions = serializers.CharField(**TEXT, max_length=8000)
    is_default = serializers.BooleanField(required=False)

    def validate_structure(self, value: Json) -> Json:
        if not isinstance(value.get("sections") or [], list):
            raise serializers.ValidationError(_("“{name}” must be a list.", name="sections"))
        return value

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        # `null` empties a text or the structure.
        empty = {"description": "", "tone": "", "custom_instructions": "", "structure": {}}
        return super().to_internal_value({**data, **{k: v for k, v in empty.items() if k in data and data[k] is None}})


class TemplateCreation(TemplateFields):
    name = serializers.CharField(max_length=255)


class TemplateUpdate(TemplateFields):
    name = serializers.CharField(max_length=255, required=False)


class TemplateReply(Reply):
    id = serializers.CharField()
    organization_id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    tone = serializers.CharField()
    structure = FreeObject()
    custom_instructions = serializers.CharField()
    is_default = serializers.BooleanField()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


class BlogTemplateViewSet(ScribeViewSet):
    tag = "blog-templates"
    whole_actions = frozenset({"create"})

    def template(self) -> BlogTemplate:
        return self.row(BlogTemplate.objects.select_related("organization"), self.kwargs["template_id"])

    @operation(
        scope="posts:read",
        summary="List blog templates",
        responses={200: ListOf(TemplateReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(
            request, BlogTemplate.objects.visible_to(request.user).order_by("-created_at"), TemplateReply.of
        )

    @operation(
        scope="posts:write",
        live=True,
        support=True,
        summary="Create blog template",
        description="Setting a new default template replaces the old default.",
        request=TemplateCreation,
        responses={201: TemplateReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        made = templates.create(organization=request.user.organization, **self.body(TemplateCreation))
        return Response(TemplateReply.of(made), status=201)

    @operation(scope="posts:read", summary="Get blog template", responses={200: TemplateReply})
    def retrieve(self, request: SignedInRequest, template_id: str) -> Response:
        return Response(TemplateReply.of(self.template()))

    @operation(
        scope="posts:write",
        live=True,
        support=True,
        summary="Update blog template",
        request=TemplateUpdate,
        responses={200: TemplateReply},
    )
    def partial_update(self, request: SignedInRequest, template_id: str) -> Response:
        template = self.template()
        return Response(TemplateReply.of(templates.update(template=template, **self.body(TemplateUpdate))))

    @operation(
        scope="posts:write",
        live=True,
        summary="Delete blog template",
        description="Posts created with the template are not changed.",
        responses={204: None},
    )
    def destroy(self, request: SignedInRequest, template_id: str) -> Response:
        self.template().delete()
        return Response(status=204)
