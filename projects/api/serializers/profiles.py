"""Request and reply bodies of the content profile operations."""

from rest_framework import serializers

from accounts.models import Organization
from projects import profiles
from projects.api.serializers.generation import LanguageSettings, WritingFields
from projects.models import ContentProfile
from scribe.api.fields import UtcDateTime
from scribe.api.serializers import VERSION, Reply
from scribe.types import Json
from writing.fields import OFFERED


class ProfileSettings(WritingFields):
    """Settings left out stay unset and resolve from the levels below; null unsets one. Defaults shown are the deployment's."""

    ai_model = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100)


class ProfileCreation(ProfileSettings):
    name = serializers.CharField(max_length=255)


class ProfileUpdate(ProfileSettings):
    """What is sent is set, the rest stays."""

    name = serializers.CharField(max_length=255, required=False)


ShownFlags = type(
    "ShownFlags", (Reply,), {"__module__": __name__, **{name: serializers.BooleanField() for name in OFFERED}}
)


class ProfileReply(ShownFlags, Reply):  # type: ignore[misc,valid-type]  # it has no types
    """A profile as it applies: settings that it leaves open are shown resolved."""

    id = serializers.CharField()
    organization_id = serializers.CharField()
    name = serializers.CharField()
    is_default = serializers.BooleanField()
    ai_provider = serializers.CharField()
    ai_model = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    language_way = serializers.CharField(
        help_text="How texts in additional languages are created: `translation` or `native`."
    )
    tone = serializers.CharField()
    benefits = serializers.CharField(help_text="What a text can say about benefits: `usual` or `cautious`.")
    custom_instructions = serializers.CharField(allow_blank=True)
    language_settings = LanguageSettings()
    max_short_chars = serializers.IntegerField()
    max_long_chars = serializers.IntegerField()
    use_html = serializers.BooleanField()
    use_html_short = serializers.BooleanField()
    image_analysis_enabled = serializers.BooleanField()
    image_analysis_count = serializers.IntegerField()
    grounding = serializers.CharField(help_text="`tables`, `read` or `strict`.")
    verifier_provider = serializers.CharField(allow_null=True)
    verifier_model = serializers.CharField(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
    version = serializers.IntegerField(help_text=VERSION)


def reply_of(profile: ContentProfile, organization: Organization) -> Json:
    return ProfileReply.of(profile, **profiles.resolved_settings(profile, organization))
