"""The platform's features and choices, as the API lists them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from accounts import tones
from billing.models import AIModel
from integrations.ai import registry
from integrations.stores import platforms
from projects.models import ContentItem
from scribe.api.access import PUBLIC
from scribe.api.pagination import short_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply
from scribe.api.views import ScribeViewSet
from writing import languages


class ModelReply(Reply):
    id = serializers.CharField()
    display_name = serializers.CharField()
    tier = serializers.CharField()
    supports_images = serializers.BooleanField()
    context_window = serializers.IntegerField(allow_null=True)
    is_default = serializers.BooleanField()


class ProviderReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    configured = serializers.BooleanField(help_text="Whether this deployment can use it without a key of yours.")
    byok = serializers.BooleanField(help_text="Whether an organization may bring its own key.")
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


class SystemToneReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    is_custom = serializers.BooleanField()


class SystemViewSet(ScribeViewSet):
    @operation(
        tag="system",
        who=PUBLIC,
        summary="List AI providers",
        description="All registered AI providers and their models.",
        responses={200: ListOf(ProviderReply)},
    )
    def providers(self, request: Any) -> HttpResponse:
        models: dict[str, list[dict[str, Any]]] = {}
        for model in AIModel.objects.in_force().select_related("tier").order_by("provider", "display_name"):
            models.setdefault(model.provider, []).append(
                {
                    "id": model.model_id,
                    "display_name": model.display_name,
                    "tier": model.tier_id,
                    "supports_images": model.supports_images,
                    "context_window": model.context_window,
                    "is_default": model.is_default,
                }
            )
        return short_array(
            request,
            [
                {
                    "id": provider.id,
                    "name": provider.name,
                    "configured": registry.is_configured(provider.id),
                    "byok": provider.own_keys,
                    "models": models.get(provider.id, []),
                }
                for provider in registry.PROVIDERS.values()
            ],
        )

    @operation(
        tag="system",
        who=PUBLIC,
        summary="List e-commerce platforms",
        description="The shop platforms, what a connection to each needs, and what it can do.",
        responses={200: ListOf(PlatformReply)},
    )
    def platforms(self, request: Any) -> HttpResponse:
        return short_array(request, platforms.listed())

    @operation(
        tag="system",
        who=PUBLIC,
        summary="List content types",
        description="The types of content items that can be written.",
        responses={200: ListOf(ContentTypeReply)},
    )
    def content_types(self, request: Any) -> HttpResponse:
        written = [kind for kind in ContentItem.Type if kind is not ContentItem.Type.VARIANT]
        return short_array(request, [{"id": kind.value, "name": str(kind.label)} for kind in written])

    @operation(
        tag="system",
        who=PUBLIC,
        summary="List supported languages",
        description="The languages that content can be written in.",
        responses={200: ListOf(LanguageReply)},
    )
    def languages(self, request: Any) -> HttpResponse:
        return short_array(
            request,
            [
                {"code": found.code, "name": found.name, "native_name": found.native_name, "rtl": found.rtl}
                for found in languages.LANGUAGES
            ],
        )

    @operation(
        tag="system",
        scope="organization:read",
        summary="List writing tones",
        description="The built-in tones, and the organization's own.",
        responses={200: ListOf(SystemToneReply)},
    )
    def tones(self, request: Any) -> HttpResponse:
        return short_array(
            request,
            [
                {"id": tone.id, "name": tone.name, "description": tone.description, "is_custom": tone.is_custom}
                for tone in tones.of(request.user.organization)
            ],
        )
