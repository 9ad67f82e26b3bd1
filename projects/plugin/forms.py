"""What the plugin operations take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from integrations.stores import platforms
from projects.content_fields import ContentObject, ContentText
from scribe.api.serializers import Reply, Request
from writing.text import strip_html


class TitleText(serializers.CharField):
    """A text of which something is left without its markup: nothing can be written of a product without a name."""

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        if text and not strip_html(text).strip():
            self.fail("blank")
        return text


class PluginWriting(Request):
    source = serializers.ChoiceField(choices=sorted(platforms.ids()), help_text="The platform of the plugin.")  # type: ignore[assignment]
    product_category = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)
    language = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    tone = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    custom_instructions = serializers.CharField(max_length=8000, required=False, allow_blank=True, allow_null=True)


class DescriptionRequest(PluginWriting):
    product_title = TitleText(max_length=500)
    product_attributes = ContentObject(required=False, allow_null=True)
    product_images = serializers.ListField(
        child=serializers.CharField(max_length=2048), required=False, allow_null=True, max_length=20
    )
    current_description = ContentText(required=False, allow_blank=True, allow_null=True)


class BlogRequest(PluginWriting):
    topic = TitleText(max_length=500, required=False, allow_blank=True, allow_null=True)
    product_title = TitleText(max_length=500, required=False, allow_blank=True, allow_null=True)


class PluginStatus(Reply):
    plan_tier = serializers.CharField()
    total_balance = serializers.CharField(help_text="XCT, as a decimal string.")
    active_integrations = serializers.ListField(
        child=serializers.CharField(), help_text="The sources that were used in the last 30 days."
    )


class Judged(Reply):
    """What the checks say of a text. They don't change `status`: a flagged text is `completed`, and yours to judge."""

    content_format = serializers.CharField(
        help_text="`html`, or `text`, which is to be escaped where HTML is expected."
    )
    short_description_format = serializers.CharField(help_text="`html` or `text`.")
    flagged = serializers.BooleanField(help_text="The checks found something that a person should look at.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is flagged, in words.")
    confidence_score = serializers.FloatField(allow_null=True, help_text="0 to 1; null without checks.")
    unsupported_claims = serializers.ListField(
        child=serializers.CharField(), help_text="Claims of the text that nothing in the request supports."
    )
    needs_review = serializers.BooleanField(
        help_text="True: show it to a person before customers see it. Approving the item makes it false."
    )


class PluginText(Judged):
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


class PluginGenerationStatus(Judged):
    status = serializers.ChoiceField(choices=["queued", "running", "completed", "failed"])
    content = serializers.CharField()
    short_description = serializers.CharField()
    tokens_used = serializers.IntegerField()
    xct_cost = serializers.CharField()
    remaining_balance = serializers.CharField()
    error = serializers.CharField(allow_null=True)
    generation_id = serializers.UUIDField()
