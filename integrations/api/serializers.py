"""What goes in and out of the store connections and the Shopify app."""

from rest_framework import serializers

from integrations.connections import SECRETS, has_credentials
from integrations.models import Provenance, StoreConnection
from integrations.stores import platforms
from scribe.api.fields import Choice, FreeObject, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.types import Json, ReadOnlyJson

GUARDED = (
    "Whether the store rejects an update of a text that was changed after we read it (our plugin is "
    "active). `null` if unknown."
)
LANGUAGES = (
    "`{language: [code, …]}`: the store languages or store views that receive the texts of a "
    "language, where several are possible. For example, Shopify's `sr` can be Serbian in either "
    "script. See `projects/{id}/sync/languages`."
)
PROVENANCE = (
    "`record` (the default) keeps here where texts come from; `mark` also tells it to programs in the shop, beside the texts and "
    "unseen by readers; `off` keeps no approvals. See the guide on provenance; it is no legal advice."
)
MOST_LANGUAGES = 100
SECRET: Json = {"required": False, "allow_blank": True, "max_length": 4000, "trim_whitespace": True}


class ConnectionFields(Request):
    base_url = serializers.CharField(max_length=500, required=False)
    media_base_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    access_token = serializers.CharField(**SECRET)
    access_token_secret = serializers.CharField(
        **SECRET, help_text="The access token's secret (Magento with OAuth 1.0a)."
    )
    consumer_key = serializers.CharField(**SECRET)
    consumer_secret = serializers.CharField(**SECRET)

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        # `null` for a secret or the media address removes it, like the empty string.
        emptied = {k: "" for k in (*SECRETS, "media_base_url") if k in data and data[k] is None}
        return super().to_internal_value({**data, **emptied})


def provenance_choice(**options: object) -> serializers.ChoiceField:
    return Choice(choices=Provenance.choices, help_text=PROVENANCE, **options)  # type: ignore[arg-type]  # handed on


class ConnectionCreation(ConnectionFields):
    provenance = provenance_choice(required=False)
    name = serializers.CharField(max_length=255)
    platform = Choice(choices=platforms.choices())
    base_url = serializers.CharField(max_length=500)


class LanguageCodes(serializers.DictField):
    """`{language: [code, …]}`: the shop's codes of a language, where the merchant has chosen them."""

    def __init__(self, **more: object) -> None:
        codes = serializers.ListField(child=serializers.CharField(max_length=64), min_length=1, max_length=20)
        super().__init__(child=codes, **more)  # type: ignore[arg-type]  # handed on

    def to_internal_value(self, data: Json) -> Json:
        found = super().to_internal_value(data)
        if len(found) > MOST_LANGUAGES or any(not 0 < len(language) <= 10 for language in found):
            raise serializers.ValidationError(
                f"Give at most {MOST_LANGUAGES} languages by their codes, such as sr-Latn.", code="invalid"
            )
        return found


class ConnectionUpdate(ConnectionFields):
    name = serializers.CharField(max_length=255, required=False)
    languages = LanguageCodes(required=False, help_text=LANGUAGES)
    provenance = provenance_choice(required=False)
    status = Choice(choices=StoreConnection.Status.choices, required=False)


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
    shop = serializers.CharField(help_text="The Shopify store that granted access to the app, if any.")
    guarded = serializers.BooleanField(allow_null=True, help_text=GUARDED)
    missing_places = FreeObject(
        allow_null=True,
        help_text="Texts that the store has no field for, each with the reason, for example SEO texts without an "
        "SEO plugin. `null` while unknown.",
    )
    languages = LanguageCodes(help_text=LANGUAGES)
    provenance = provenance_choice()


def reply_of(connection: StoreConnection) -> Json:
    """A connection as replies show it, without secrets. It must come with `project_count` and `grant` fetched."""
    grant = getattr(connection, "grant", None)
    return ConnectionReply.of(
        connection,
        has_credentials=has_credentials(connection),
        connection_type=grant.purpose if grant else "store",
        shop=grant.shop if grant else "",
    )


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
    connection_type = Choice(choices=["store", "blog"], default="store")
    translations = serializers.BooleanField(
        default=False, help_text="Also request permission to read the store's languages and write translations."
    )


class ShopifyAppQuery(Request):
    """For documentation: the app's address reads the query as it was signed."""

    shop = serializers.CharField()
    hmac = serializers.CharField(required=False)
    timestamp = serializers.CharField(required=False)
    host = serializers.CharField(required=False)


class ShopifyCallbackQuery(ShopifyAppQuery):
    """For documentation: the callback reads the query as it was signed."""

    code = serializers.CharField()
    state = serializers.CharField(required=False)


class ShopifyFinalization(Request):
    shop = serializers.CharField(max_length=255, help_text="`shop` of the redirect.")
    code = serializers.CharField(max_length=1000, help_text="`code` of the redirect.")
    install = serializers.CharField(max_length=255, help_text="`install` of the redirect; works once.")


class ShopifyWebhookReply(Reply):
    received = serializers.BooleanField()
    outcome = serializers.CharField()
