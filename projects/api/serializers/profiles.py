"""Request and reply bodies of the content profile operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from projects import profiles
from projects.api.serializers.generation import WritingFields
from projects.models import ContentProfile
from scribe.api.fields import UtcDateTime, utc
from scribe.api.serializers import VERSION, Reply
from writing.fields import OFFERED


class ProfileSettings(WritingFields):
    """Settings left out stay unset and resolve from the levels below; null unsets one. Defaults shown are the deployment's."""

    ai_model = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100)


class ProfileCreation(ProfileSettings):
    name = serializers.CharField(max_length=255)


class ProfileUpdate(ProfileSettings):
    """What is sent is set, the rest stays."""

    name = serializers.CharField(max_length=255, required=False)


ShownFlags: Any = type(
    "ShownFlags", (Reply,), {"__module__": __name__, **{name: serializers.BooleanField() for name in OFFERED}}
)


class ProfileReply(ShownFlags):
    """A profile as it applies: settings that it leaves open are shown resolved."""

    id = serializers.CharField()
    organization_id = serializers.CharField()
    name = serializers.CharField()
    is_default = serializers.BooleanField()
    ai_provider = serializers.CharField()
    ai_model = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    language_way = serializers.CharField(
        help_text="How texts in further languages are written: `translation` or `native`."
    )
    tone = serializers.CharField()
    custom_instructions = serializers.CharField(allow_blank=True)
    max_short_chars = serializers.IntegerField()
    max_long_chars = serializers.IntegerField()
    use_html = serializers.BooleanField()
    use_html_short = serializers.BooleanField()
    image_analysis_enabled = serializers.BooleanField()
    image_analysis_count = serializers.IntegerField()
    grounding = serializers.CharField(help_text="`standard` or `strict`.")
    verifier_provider = serializers.CharField(allow_null=True)
    verifier_model = serializers.CharField(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
    version = serializers.IntegerField(help_text=VERSION)  # type: ignore[assignment]


def shown(profile: ContentProfile, organization: Any) -> dict[str, Any]:
    return {
        "id": str(profile.pk),
        "organization_id": str(profile.organization_id),
        "name": profile.name,
        "is_default": profile.is_default,
        **profiles.shown(profile, organization),
        "created_at": utc(profile.created_at),
        "updated_at": utc(profile.updated_at),
        "version": profile.version,
    }
