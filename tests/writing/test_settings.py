"""Settings: each key from the first level that names it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts import tones
from projects import profiles
from projects.models import ContentProfile
from projects.writing_settings import for_checking, resolve
from scribe.errors import InvalidInput
from tests.factories import make_organization, make_own_key, make_project
from writing import settings as writing
from writing.languages import LANGUAGES, find
from writing.settings import WritingSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Any:
    organization = make_organization()
    return make_project(organization)


def with_levels(project: Any, /, **levels: dict[str, Any]) -> Any:
    project.settings_overrides = levels.get("overrides", {})
    project.settings = levels.get("project", {})
    project.organization.settings = {"generation": levels.get("organization", {})}
    if "profile" in levels:
        project.content_profile = ContentProfile.objects.create(
            organization=project.organization, name="p", settings=levels["profile"]
        )
    return project


def test_the_deployments_defaults_are_the_contracts(project: Any) -> None:
    resolved = resolve(project, {})
    assert resolved.provider == "offline"
    assert (resolved.language, resolved.tone, resolved.content_variant) == ("en", "professional", "short")
    assert (resolved.max_short_chars, resolved.max_long_chars, resolved.image_analysis_count) == (200, 1000, 3)
    on = {
        name
        for name in (
            "translate_name",
            "use_html",
            "use_html_short",
            "generate_short",
            "generate_long",
            "image_analysis_enabled",
            "structured_data_enabled",
            "generate_bullet_points",
            "generate_attributes",
            "generate_tags",
        )
        if getattr(resolved, name)
    }
    assert on == {"translate_name", "use_html", "generate_short", "generate_long"}
    assert resolved.free  # the built-in writer costs nothing


@pytest.mark.parametrize("order", range(5))
def test_the_first_level_that_names_a_key_decides(project: Any, order: int) -> None:
    names = ["request", "overrides", "profile", "project", "organization"]
    languages = ["de", "fr", "es", "it", "pl"]
    levels = {name: {"language": language} for name, language in list(zip(names, languages, strict=True))[order:]}
    request = levels.pop("request", {})
    assert resolve(with_levels(project, **levels), request).language == languages[order]


def test_keys_resolve_one_by_one_and_null_is_unset(project: Any) -> None:
    with_levels(
        project,
        overrides={"tone": "luxury"},
        profile={"tone": "casual", "max_short_chars": 120},
        organization={"use_html": False},
    )
    resolved = resolve(project, {"tone": None, "generate_tags": True})
    assert (resolved.tone, resolved.max_short_chars, resolved.use_html, resolved.generate_tags) == (
        "luxury",
        120,
        False,
        True,
    )


def test_the_long_variant_sets_lengths_where_they_are_unset(project: Any) -> None:
    resolved = resolve(with_levels(project, profile={"max_short_chars": 150}), {"content_variant": "long"})
    assert (resolved.max_short_chars, resolved.max_long_chars) == (150, 2500)


def test_provider_and_model_come_as_a_pair(project: Any, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "key"
    with_levels(
        project,
        overrides={"ai_provider": "openai"},
        profile={"ai_provider": "anthropic", "ai_model": "claude-opus-5-5"},
    )
    resolved = resolve(project, {})
    assert resolved.provider == "openai"
    assert not resolved.model.startswith("claude")  # the profile's model belongs to the profile's provider
    assert resolve(project, {"ai_provider": "anthropic"}).model == "claude-haiku-5-5"
    alone = resolve(project, {"ai_model": "claude-opus-5-5"})
    assert (alone.provider, alone.model, alone.tier, alone.tier_multiplier) == (
        "anthropic",
        "claude-opus-5-5",
        "flagship",
        Decimal(4),
    )


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"ai_provider": "anthropic"}, "provider_not_configured"),
        ({"ai_provider": "skynet"}, "unknown_provider"),
        ({"ai_model": "no-such-model"}, "unknown_model"),
        ({"language": "tlh"}, "unknown_language"),
        ({"tone": "grumpy"}, "unknown_tone"),
        ({"content_variant": "medium"}, "unknown_content_variant"),
        ({"max_long_chars": 0}, "out_of_range"),
        ({"max_short_chars": 10**9}, "out_of_range"),
        ({"image_analysis_count": 99}, "out_of_range"),
    ],
)
def test_what_cannot_be_is_refused(project: Any, request_: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        resolve(project, request_)
    assert caught.value.code == code


def test_a_model_of_another_provider_is_refused(project: Any, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "key"
    with pytest.raises(InvalidInput):
        resolve(project, {"ai_provider": "openai", "ai_model": "claude-haiku-5-5"})


def test_an_organizations_own_key_configures_its_provider(project: Any) -> None:
    organization = project.organization
    organization.byok_enabled = True
    organization.save()
    make_own_key(organization, "anthropic", "sk-own")
    resolved = resolve(project, {"ai_provider": "anthropic"})
    assert (resolved.provider, resolved.own_key) == ("anthropic", True)
    organization.byok_enabled = False
    organization.save()
    with pytest.raises(InvalidInput):
        resolve(project, {"ai_provider": "anthropic"})


def test_own_tones_carry_their_text(project: Any) -> None:
    from accounts.models import Tone

    Tone.objects.create(
        organization=project.organization, slug="ours", name="Ours", system_prompt="We ship from Novi Sad."
    )
    assert resolve(project, {"tone": "ours"}).tone_text == "We ship from Novi Sad."
    listed = tones.available_tones(project.organization)
    assert len(listed) == 11
    assert listed[-1] == tones.ToneOfVoice("ours", "Ours", "", "We ship from Novi Sad.", is_custom=True)
    stranger = make_project(make_organization())
    with pytest.raises(InvalidInput):
        resolve(stranger, {"tone": "ours"})


def test_a_snapshot_reads_back(project: Any) -> None:
    import json

    resolved = resolve(project, {"language": "de", "forbidden_words": ["billig"]})
    assert writing.from_dict(json.loads(json.dumps(resolved.as_dict()))) == resolved
    assert isinstance(hash(resolved), int)


def test_a_profile_is_shown_resolved_even_when_it_holds_nonsense(project: Any) -> None:
    stored = {"language": "tlh", "max_long_chars": -5, "ai_provider": "skynet"}
    profile = ContentProfile.objects.create(organization=project.organization, name="p", settings=stored)
    shown = profiles.resolved_settings(profile, project.organization)
    assert (shown["language"], shown["max_long_chars"], shown["ai_provider"]) == ("en", 50, "offline")
    assert set(shown) == set(profiles.SETTINGS)
    assert shown["ai_model"] == "offline-writer"


def test_checking_needs_no_model(project: Any) -> None:
    assert isinstance(
        for_checking(with_levels(project, profile={"language": "sr", "ai_provider": "anthropic"})),
        WritingSettings,
    )


def test_languages() -> None:
    assert len(LANGUAGES) >= 40
    assert {"sr", "sr-Latn"} <= {row.code for row in LANGUAGES}
    assert {row.code for row in LANGUAGES if row.rtl} == {"ar", "he", "fa", "ur"}
    asked = ("EN", "de-AT", "sr-latn", "sr_Latn", "pt-br", "zh-Hant", "xx")
    assert [row.code if (row := find(code)) else None for code in asked] == [
        "en",
        "de",
        "sr-Latn",
        "sr-Latn",
        "pt-BR",
        "zh-TW",
        None,
    ]


def test_built_in_tones_are_the_ten_of_the_rules() -> None:
    assert [tone.id for tone in tones.BUILT_IN] == [
        "professional",
        "friendly",
        "persuasive",
        "luxury",
        "playful",
        "technical",
        "minimalist",
        "storytelling",
        "expert",
        "casual",
    ]


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ({"custom_instructions": "a" * 8_001}, "too_long"),
        ({"forbidden_words": [f"word{n}" for n in range(501)]}, "too_many_words"),
    ],
)
def test_what_is_too_long_is_refused_and_never_cut(project: Any, level: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        resolve(project, level)
    assert [(one["pointer"], one["code"]) for one in refused.value.extra["errors"]] == [
        (f"#/{next(iter(level))}", code)
    ]
    shown = writing.resolve(project.organization, level, strict=False)
    assert (shown.custom_instructions or list(shown.forbidden_words)) == next(iter(level.values()))
