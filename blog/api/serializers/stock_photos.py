"""Request and reply bodies of stock photos and their keys. A reply never holds a key itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from blog.models import StockPhotoKey
from integrations.photos.pexels import ORIENTATIONS
from scribe.api.fields import FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request


class PhotoQuery(Request):
    q = serializers.CharField(min_length=1, max_length=200, help_text="Search query")
    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    per_page = serializers.IntegerField(min_value=1, max_value=80, default=20)
    orientation = serializers.ChoiceField(choices=ORIENTATIONS, required=False)


class PhotoReply(Reply):
    id = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField(help_text="The photo's page at Pexels, which a credit must link to.")
    photographer = serializers.CharField()
    photographer_url = serializers.CharField()
    avg_color = serializers.CharField()
    alt = serializers.CharField()
    src = FreeObject()


class PhotoSearchReply(Reply):
    total_results = serializers.IntegerField()
    page = serializers.IntegerField()
    per_page = serializers.IntegerField()
    photos = PhotoReply(many=True)


class KeyCreation(Request):
    provider = serializers.ChoiceField(choices=StockPhotoKey.Provider.choices, required=False)
    api_key = serializers.CharField(max_length=500)
    is_active = serializers.BooleanField(required=False)


class KeyUpdate(Request):
    api_key = serializers.CharField(max_length=500, required=False)
    is_active = serializers.BooleanField(required=False)


class KeyReply(Reply):
    id = serializers.CharField()
    organization_id = serializers.CharField()
    provider = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


def shown(key: StockPhotoKey) -> dict[str, Any]:
    return {
        "id": str(key.pk),
        "organization_id": str(key.organization_id),
        "provider": key.provider,
        "is_active": key.is_active,
        "created_at": utc(key.created_at),
        "updated_at": utc(key.updated_at),
    }
