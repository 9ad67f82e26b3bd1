"""What goes in and out of the store connections and the Shopify app."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from integrations.connections import SECRETS, has_credentials
from integrations.models import StoreConnection
from integrations.stores import platforms
from scribe.api.fields import UtcDateTime, utc
from scribe.api.serializers import Reply, Request

GUARDED = "Whether the store itself refuses a write over a text that was changed since we read it; null: not known."
LANGUAGES = (
    "`{language: [code, …]}`: which of the shop's languages or store views get our texts of a language, where the shop leaves a "
    "choice, as Shopify's `sr` does for Serbian in either script. See `projects/{id}/sync/languages`."
)
MOST_LANGUAGES = 100
SECRET: dict[str, Any] = {"required": False, "allow_blank": True, "max_length": 4000, "trim_whitespace": True}


class ConnectionFields(Request):
    base_url = serializers.CharField(max_length=500, required=False)
    media_base_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    access_token = serializers.CharField(**SECRET)
    access_token_secret = serializers.CharField(**SECRET, help_text="Magento by OAuth 1.0a: the access token's secret.")
    consumer_key = serializers.CharField(**SECRET)
    consumer_secret = serializers.CharField(**SECRET)

    def to_internal_value(self, data: Any) -> Any:
        # `null` for a secret or the media address removes it, like the empty string.
        emptied = {k: "" for k in (*SECRETS, "media_base_url") if k in data and data[k] is None}
        return super().to_internal_value({**data, **emptied})


class ConnectionCreation(ConnectionFields):
    name = serializers.CharField(max_length=255)
    platform = serializers.ChoiceField(choices=platforms.choices())
    base_url = serializers.CharField(max_length=500)


class LanguageCodes(serializers.DictField):
    """`{language: [code, …]}`: the shop's codes of a language, where the merchant has chosen them."""

    def __init__(self, **more: Any) -> None:
        codes = serializers.ListField(child=serializers.CharField(max_length=64), min_length=1, max_length=20)
        super().__init__(child=codes, **more)

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        if len(found) > MOST_LANGUAGES or any(not 0 < len(language) <= 10 for language in found):
            raise serializers.ValidationError(
                f"Give at most {MOST_LANGUAGES} languages by their codes, such as sr-Latn.", code="invalid"
            )
        return found


class ConnectionUpdate(ConnectionFields):
    name = serializers.CharField(max_length=255, required=False)
    languages = LanguageCodes(required=False, help_text=LANGUAGES)
    status = serializers.ChoiceField(choices=StoreConnection.Status.choices, required=False)


class ConnectionReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    platform = serializers.CharField()
    base_url = serializers.CharField()
    media_base_url = serializers.CharField()
    status = serializers.CharField()
    has_credentials = serializers.BooleanField()
    last_connected_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
    project_count = serializers.IntegerField()
    connection_type = serializers.CharField(help_text="`store`, or `blog` for one that is for posts only.")
    shop = serializers.CharField(help_text="The Shopify shop that granted access to the app, if any.")
    guarded = serializers.BooleanField(allow_null=True, help_text=GUARDED)
    languages = LanguageCodes(help_text=LANGUAGES)


def shown(connection: Any) -> dict[str, Any]:
    """A connection as replies show it, without secrets. It must come with `project_count` and `grant` fetched."""
    grant = getattr(connection, "grant", None)
    return {
        "id": str(connection.pk),
        "name": connection.name,
        "platform": connection.platform,
        "base_url": connection.base_url,
        "media_base_url": connection.media_base_url,
        "status": connection.status,
        "has_credentials": has_credentials(connection),
        "last_connected_at": utc(connection.last_connected_at),
        "created_at": utc(connection.created_at),
        "updated_at": utc(connection.updated_at),
        "project_count": connection.project_count,
        "connection_type": grant.purpose if grant else "store",
        "shop": grant.shop if grant else "",
        "guarded": connection.guarded,
        "languages": connection.languages,
    }


class ConnectionTestReply(Reply):
    success = serializers.BooleanField()
    message = serializers.CharField()
    store_name = serializers.CharField()
    media_base_url = serializers.CharField()
    guarded = serializers.BooleanField(allow_null=True, help_text=GUARDED)


class ShopifyUrlReply(Reply):
    url = serializers.CharField()


class ShopifyConnectQuery(Request):
    shop = serializers.CharField(max_length=255)
    connection_type = serializers.ChoiceField(choices=["store", "blog"], default="store")
    translations = serializers.BooleanField(
        default=False, help_text="Ask as well for the leave to read the shop's languages and to write translations."
    )


class ShopifyCallbackQuery(Request):
    """For documentation: the callback reads the query as it was signed."""

    code = serializers.CharField()
    shop = serializers.CharField()
    state = serializers.CharField(required=False)
    hmac = serializers.CharField(required=False)
    timestamp = serializers.CharField(required=False)
    host = serializers.CharField(required=False)


class ShopifyAppQuery(Request):
    """For documentation: the app's address reads the query as it was signed."""

    shop = serializers.CharField()
    hmac = serializers.CharField(required=False)
    timestamp = serializers.CharField(required=False)
    host = serializers.CharField(required=False)


class ShopifyFinalization(Request):
    shop = serializers.CharField(max_length=255, help_text="`shop` of the redirect.")
    code = serializers.CharField(max_length=1000, help_text="`code` of the redirect.")
    install = serializers.CharField(max_length=255, help_text="`install` of the redirect; works once.")


class ShopifyWebhookReply(Reply):
    received = serializers.BooleanField()
    outcome = serializers.CharField()
