"""What the plugin operations take and give."""

from rest_framework import serializers

from integrations.stores import platforms
from projects.content_fields import ContentObject, ContentText
from scribe.api.fields import Choice, FreeObject
from scribe.api.serializers import Reply, Request, StartRequest
from scribe.types import Json
from writing.language_settings import MOST_LANGUAGES
from writing.text import strip_html


class TitleText(serializers.CharField):
    """A text of which something is left without its markup: nothing can be written of a product without a name."""

    def to_internal_value(self, data: str) -> str:
        text = str(super().to_internal_value(data))
        if text and not strip_html(text).strip():
            self.fail("blank")
        return text


MOST_IN_A_BATCH = 100


class PluginSettings(StartRequest):
    source = Choice(choices=sorted(platforms.ids()), help_text="The platform of the plugin.")  # type: ignore[assignment]
    language = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    tone = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    custom_instructions = serializers.CharField(max_length=8000, required=False, allow_blank=True, allow_null=True)


class Languages(Request):
    languages = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        allow_null=True,
        max_length=MOST_LANGUAGES,
        help_text="Additional languages besides `language`. Each text is generated from the same data and priced "
        "as a text of its own. The replies have them under `texts`.",
    )


class PluginProduct(Request):
    product_title = TitleText(max_length=500)
    product_category = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)
    product_attributes = ContentObject(required=False, allow_null=True)
    product_images = serializers.ListField(
        child=serializers.CharField(max_length=2048), required=False, allow_null=True, max_length=20
    )
    current_description = ContentText(required=False, allow_blank=True, allow_null=True)


class DescriptionRequest(PluginProduct, PluginSettings, Languages):
    external_id = serializers.CharField(
        max_length=255,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="The store's ID of the product. Sending the same ID again updates the same item with this data.",
    )


class BatchProduct(PluginProduct):
    external_id = serializers.CharField(
        max_length=255, help_text="The store's ID of the product. Must be unique in a batch."
    )


class BatchRequest(PluginSettings, Languages):
    items = serializers.ListField(child=BatchProduct(), min_length=1, max_length=MOST_IN_A_BATCH)

    def validate_items(self, items: list[Json]) -> list[Json]:
        named = [item["external_id"] for item in items]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise serializers.ValidationError(
                f"Each external_id stands once: {', '.join(twice[:10])}.", code="repeated_key"
            )
        return items


class BlogRequest(PluginSettings, Languages):
    product_category = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)
    topic = TitleText(max_length=500, required=False, allow_blank=True, allow_null=True)
    product_title = TitleText(max_length=500, required=False, allow_blank=True, allow_null=True)


class BatchItemAccepted(Reply):
    external_id = serializers.CharField()
    generation_id = serializers.UUIDField()


class BatchAccepted(Reply):
    batch_id = serializers.UUIDField()
    xct_max = serializers.CharField(help_text="The XCT reserved for all items. The charge never exceeds it.")
    items = BatchItemAccepted(many=True)


class PluginStatus(Reply):
    plan_tier = serializers.CharField()
    total_balance = serializers.CharField(help_text="XCT, as a decimal string. Always 0 for a test key.")
    active_integrations = serializers.ListField(
        child=serializers.CharField(), help_text="The sources that were used in the last 30 days."
    )
    is_test = serializers.BooleanField(help_text="The key is a test key.")


class CheckedText(Reply):
    """What the checks say of a text. They don't change `status`: a flagged text is `completed`, and yours to judge."""

    content_format = serializers.CharField(help_text="`html`, or `text`, which you must escape where HTML is expected.")
    short_description_format = serializers.CharField(help_text="`html` or `text`.")
    flagged = serializers.BooleanField(help_text="The checks found something that a person should review.")
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="The reasons it was flagged, as sentences."
    )
    confidence_score = serializers.FloatField(allow_null=True, help_text="0 to 1; null without checks.")
    unsupported_claims = serializers.ListField(
        child=serializers.CharField(), help_text="Claims in the text that are not supported by the data in the request."
    )
    is_test = serializers.BooleanField(
        help_text="The request used a test key: the text is from the built-in generator, and nothing was charged."
    )
    needs_review = serializers.BooleanField(
        help_text="If `true`, have a person review it before customers see it. Approving the item sets it to `false`."
    )
    disclosure = FreeObject(
        allow_null=True,
        help_text="For programs: that a model wrote it. `{digital_source_type (IPTC), ai_disclosure (ai-assisted once a person has "
        "approved it, else ai-autonomous), ai_provider, ai_model, generated_at}`; null for a text that no model wrote.",
    )


class ImageAltText(Reply):
    url = serializers.CharField()
    alt_text = serializers.CharField()


class Texts(CheckedText):
    """The texts beside content and short description. Empty before they are written, and where the project's settings don't
    ask for them."""

    external_id = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    bullet_points = serializers.ListField(child=serializers.CharField())
    attributes = FreeObject()
    tags = serializers.ListField(child=serializers.CharField())
    seo = FreeObject(help_text="`title`, `description`, `focus_keyword` and anything else that was generated.")
    structured_data = FreeObject(allow_null=True, help_text="JSON-LD of schema.org.")
    images = ImageAltText(many=True, help_text="The pictures with their alt texts.")
    checks = serializers.ListField(child=FreeObject(), help_text="Every check: `id`, `passed`, `detail`, `findings`.")


class LanguageText(Texts):
    """The text in a further language, with its own state, checks and cost."""

    item_id = serializers.UUIDField()
    status = serializers.CharField(help_text="`queued`, `running`, `completed` or `failed`.")
    content = serializers.CharField(allow_blank=True)
    short_description = serializers.CharField(allow_blank=True)
    tokens_used = serializers.IntegerField()
    xct_cost = serializers.CharField()
    error = serializers.CharField(allow_null=True)


class InLanguages(Reply):
    texts = serializers.DictField(
        child=LanguageText(),
        help_text="The texts in the additional `languages` of the request, by language; otherwise empty.",
    )


class PluginText(Texts, InLanguages):
    content = serializers.CharField()
    short_description = serializers.CharField()
    tokens_used = serializers.IntegerField()
    xct_cost = serializers.CharField()
    remaining_balance = serializers.CharField()
    generation_id = serializers.UUIDField()
    status = serializers.CharField(
        help_text="`completed`; `running` with 202: poll `generation/{generation_id}/status`."
    )


class PluginAccepted(Reply):
    generation_id = serializers.UUIDField()


class PluginGenerationStatus(PluginText):
    status = Choice(choices=["queued", "running", "completed", "failed"])  # type: ignore[assignment]
    error = serializers.CharField(allow_null=True)


class BatchStatus(Reply):
    batch_id = serializers.UUIDField()
    status = serializers.CharField(
        help_text="As for an item: `completed` or `failed` when all items are done; `failed` if none succeeded."
    )
    items = PluginGenerationStatus(many=True)
