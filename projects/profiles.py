"""Content profiles: settings that an organization keeps under a name. One of them may be the default."""

from django.db import transaction

from accounts.models import Organization
from projects.models import ContentProfile
from scribe.types import Json
from writing import settings as writing_settings
from writing.fields import OFFERED
from writing.verifier import choice

SETTINGS = (
    "ai_provider",
    "ai_model",
    "language",
    "language_way",
    "tone",
    "benefits",
    "custom_instructions",
    "language_settings",
    "max_short_chars",
    "max_long_chars",
    "use_html",
    "use_html_short",
    "image_analysis_enabled",
    "image_analysis_count",
    *OFFERED,
    *choice.KEYS,
)


@transaction.atomic
def create(*, organization: Organization, name: str, settings: Json) -> ContentProfile:
    """A profile with only the given settings. Only `set_default` makes it the default."""
    return ContentProfile.objects.create(
        organization=organization, name=name, settings=_check(organization, {}, settings)
    )


@transaction.atomic
def update(*, profile: ContentProfile, name: str | None, settings: Json) -> ContentProfile:
    """Set what was sent and leave the other settings. A setting sent as null is unset."""
    rows = ContentProfile.objects.of(profile.organization_id)
    profile = rows.select_for_update(no_key=True).get(pk=profile.pk)  # so that two updates at once both count
    profile.settings = _check(profile.organization, profile.settings, settings)
    if name is not None:
        profile.name = name
    profile.save(update_fields=["name", "settings", "updated_at"])
    return profile


@transaction.atomic
def set_default(*, profile: ContentProfile) -> ContentProfile:
    Organization.objects.select_for_update(no_key=True).get(
        pk=profile.organization_id
    )  # two changes of the default take turns
    ContentProfile.objects.of(profile.organization_id).filter(is_default=True).exclude(pk=profile.pk).update(
        is_default=False
    )
    profile.is_default = True
    profile.save(update_fields=["is_default", "updated_at"])
    return profile


@transaction.atomic
def delete(*, profile: ContentProfile) -> None:
    """Delete a profile. Projects that used it have no profile then."""
    profile.delete()


def resolved_settings(profile: ContentProfile, organization: Organization) -> Json:
    """The settings as they would apply. Those that the profile leaves open are resolved from the levels below."""
    resolved = writing_settings.resolve(organization, profile.settings, strict=False)
    chosen: Json = {"ai_provider": resolved.provider, "ai_model": resolved.model or None}
    chosen |= writing_settings.grounding(organization, profile.settings)
    chosen["language_settings"] = writing_settings.all_language_settings(organization, profile.settings)
    return {key: chosen[key] if key in chosen else getattr(resolved, key) for key in SETTINGS}


def _check(organization: Organization, present: Json, given: Json) -> Json:
    merged = {**present, **given}
    if given.get("ai_provider") and "ai_model" not in given and given["ai_provider"] != present.get("ai_provider"):
        merged.pop("ai_model", None)  # this model belongs to the other provider
    reader = "verifier_provider"
    if "verifier_model" not in given and given.get(reader, present.get(reader)) != present.get(reader):
        merged.pop("verifier_model", None)
    chosen = {key: value for key, value in merged.items() if value is not None and value != ""}
    if "custom_instructions" in merged and merged["custom_instructions"] == "":
        chosen["custom_instructions"] = ""
    writing_settings.check(organization, chosen)
    return chosen
