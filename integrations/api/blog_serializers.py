"""Requests and replies of blog connections. Replies contain no secrets."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from integrations.models import BlogConnection
from scribe.api.fields import UtcDateTime, utc
from scribe.api.serializers import Reply, Request


class BlogConnectionCreation(Request):
    name = serializers.CharField(max_length=255)
    site_url = serializers.CharField(max_length=500)
    username = serializers.CharField(max_length=255)
    app_password = serializers.CharField(max_length=500)


class BlogConnectionUpdate(Request):
    name = serializers.CharField(max_length=255, required=False)
    site_url = serializers.CharField(max_length=500, required=False)
    username = serializers.CharField(max_length=255, required=False)
    app_password = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)


class CategoriesQuery(Request):
    refresh = serializers.BooleanField(default=False, help_text="Ask the site instead of our copy.")


class BlogConnectionReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    site_url = serializers.CharField()
    username = serializers.CharField()
    is_active = serializers.BooleanField()
    has_credentials = serializers.BooleanField()
    site_name = serializers.CharField()
    has_categories = serializers.BooleanField()
    categories_cached_at = UtcDateTime(allow_null=True)
    last_synced_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


class BlogConnectionTest(Reply):
    success = serializers.BooleanField()
    message = serializers.CharField()
    site_name = serializers.CharField()


class CategoryReply(Reply):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    count = serializers.IntegerField()  # type: ignore[assignment]
    parent = serializers.IntegerField()  # type: ignore[assignment]


class ShopifyBlogReply(Reply):
    id = serializers.CharField()
    title = serializers.CharField()
    handle = serializers.CharField()


def shown(connection: BlogConnection) -> dict[str, Any]:
    return {
        "id": str(connection.pk),
        "name": connection.name,
        "site_url": connection.site_url,
        "username": connection.username,
        "is_active": connection.is_active,
        "has_credentials": bool(connection.username and connection.app_password),
        "site_name": connection.site_name,
        "has_categories": bool(connection.categories),
        "categories_cached_at": utc(connection.categories_cached_at),
        "last_synced_at": utc(connection.last_synced_at),
        "created_at": utc(connection.created_at),
        "updated_at": utc(connection.updated_at),
    }
