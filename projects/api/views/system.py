"""The platform's features and choices, as the API lists them."""

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from accounts import tones
from billing.models import AIModel
from integrations.ai import registry
from integrations.stores import platforms
from projects.models import ContentItem
from scribe.api.access import PUBLIC
from scribe.api.pagination import short_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.types import Json
from writing import languages


class ModelReply(Reply):
    id = serializers.CharField(source="model_id")
    display_name = serializers.CharField()
    tier = serializers.CharField(source="tier_id")
    supports_images = serializers.BooleanField()
    context_window = serializers.IntegerField(allow_null=True)
    is_default = serializers.BooleanField()


class ProviderReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    configured = serializers.BooleanField(help_text="Whether this server can use it without your own key.")
    byok = serializers.BooleanField(source="own_keys", help_text="Whether an organization can use its own key.")
    models = ModelReply(many=True)


class PlatformReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    credential_fields = serializers.ListField(child=serializers.CharField())
    capabilities = serializers.ListField(child=serializers.CharField())


class ContentTypeReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()


class LanguageReply(Reply):
    code = serializers.CharField()
    name = serializers.CharField()
    native_name = serializers.CharField()
    rtl = serializers.BooleanField()
    base = serializers.CharField(
        allow_blank=True,
        help_text="The language that a country's variant falls back to; empty for others.",
    )


class SystemToneReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    is_custom = serializers.BooleanField()


class SystemViewSet(ScribeViewSet):
    tag = "system"

    @operation(
        who=PUBLIC,
        summary="List AI providers",
        description="All registered AI providers and their models.",
        responses={200: ListOf(ProviderReply)},
    )
    def providers(self, request: Request) -> HttpResponse:
        models: dict[str, list[Json]] = {}
        for model in AIModel.objects.in_force().select_related("tier").order_by("provider", "display_name"):
            models.setdefault(model.provider, []).append(ModelReply.of(model))
        return short_array(
            request,
            [
                ProviderReply.of(row, configured=registry.is_configured(row.id), models=models.get(row.id, []))
                for row in registry.PROVIDERS.values()
            ],
        )

    @operation(
        who=PUBLIC,
        summary="List e-commerce platforms",
        description="The store platforms, what a connection to each needs, and what each supports.",
        responses={200: ListOf(PlatformReply)},
    )
    def platforms(self, request: Request) -> HttpResponse:
        return short_array(request, [PlatformReply.of(row) for row in platforms.PLATFORMS.values()])

    @operation(
        who=PUBLIC,
        summary="List content types",
        description="The types of content items that texts can be generated for.",
        responses={200: ListOf(ContentTypeReply)},
    )
    def content_types(self, request: Request) -> HttpResponse:
        written = [kind for kind in ContentItem.Type if kind is not ContentItem.Type.VARIANT]
        return short_array(request, [{"id": kind.value, "name": str(kind.label)} for kind in written])

    @operation(
        who=PUBLIC,
        summary="List supported languages",
        description="The languages that content can be generated in.",
        responses={200: ListOf(LanguageReply)},
    )
    def languages(self, request: Request) -> HttpResponse:
        return short_array(request, [LanguageReply.of(found) for found in languages.BY_CODE.values()])

    @operation(
        scope="organization:read",
        summary="List writing tones",
        description="The built-in tones, and the organization's own.",
        responses={200: ListOf(SystemToneReply)},
    )
    def tones(self, request: SignedInRequest) -> HttpResponse:
        found = tones.available_tones(request.user.organization)
        return short_array(request, [SystemToneReply.of(tone) for tone in found])
