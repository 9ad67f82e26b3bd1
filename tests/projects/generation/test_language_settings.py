"""Instructions and the form of address of single languages: from all levels into prompt, check and memory."""

from __future__ import annotations

from typing import Any

import pytest

from projects import profiles
from projects.models import ContentItem
from projects.writing_settings import for_checking, resolve
from tests import factories
from tests.helpers import run_jobs

GERMAN = {
    "name": "Flasche",
    "description": "<p>Die Flasche hält Ihre Getränke lange kalt und passt in jede Tasche.</p>",
}
FRENCH = "<p>La gourde garde {} boissons longtemps au frais et tient dans chaque sac.</p>"


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def project_of(cast: Any, spoken: Any, **fields: Any) -> Any:
    settings = {"language": "de", "use_html": True, "language_settings": spoken}
    return factories.make_project(cast.organization, settings=settings, **fields)


def translated(caller: Any, openai: Any, project: Any, french: str) -> ContentItem:
    item = factories.make_item(project, status="approved", generated_content=GERMAN)
    openai.translations["fr", GERMAN["name"]] = "Gourde"
    openai.translations["fr", GERMAN["description"]] = french
    caller.post(f"projects/{project.pk}/generate", {"languages": ["fr"], "item_ids": [str(item.pk)]}, 202)
    run_jobs()
    return ContentItem.rows.get(main=item, language="fr")


def test_each_setting_of_a_language_comes_from_the_first_level_that_names_it(cast: Any) -> None:
    cast.organization.settings = {
        "generation": {
            "language_settings": {"de": {"formality": "formal", "instructions": "Kurz."}, "fr": {"formality": "formal"}}
        }
    }
    cast.organization.save()
    profile = profiles.create(
        organization=cast.organization, name="P", settings={"language_settings": {"de": {"formality": "informal"}}}
    )
    project = project_of(cast, {"de": {"instructions": "Lang."}}, content_profile=profile)
    german = resolve(project, {"custom_instructions": "Immer."})
    assert (german.formality, german.instructions) == ("informal", "Immer.\nLang.")
    assert resolve(project, {"language": "fr"}).formality == "formal"
    assert resolve(project, {"language_settings": {"de": {"formality": "formal"}}}).formality == "formal"
    assert for_checking(project, "fr").formality == "formal"
    assert for_checking(project).formality == "informal"
    assert resolve(project, {"language": "it"}).as_request()["language_settings"] == {"it": {}}
    assert resolve(project, german.as_request()).instructions == german.instructions


@pytest.mark.thorough
def test_a_translation_in_the_other_form_is_mended_once_and_then_flagged(caller: Any, cast: Any, openai: Any) -> None:
    spoken = {
        "fr": {"formality": "formal", "instructions": "Écrire « gourde »."},
        "de": {"instructions": "Nur Deutsch."},
    }
    project = project_of(cast, spoken)
    row = translated(caller, openai, project, FRENCH.format("tes"))
    first, repair = openai.seen
    assert "Address the reader in the formal form (“vous”)" in first.system
    assert "Écrire « gourde »." in first.system
    assert "Nur Deutsch." not in first.system
    assert "“tes” addresses the reader informally" in repair.user
    assert row.status == "flagged"
    [check] = [check for check in row.generation_metadata["checks"] if check["id"] == "formality"]
    assert (check["passed"], check["findings"][0]["text"]) == (False, "tes")
    assert row.generation_metadata["settings"]["formality"] == "formal"
    fine = translated(caller, openai, project, FRENCH.format("vos"))
    assert "formality" not in {c["id"] for c in fine.generation_metadata["checks"] if c["passed"] is False}


@pytest.mark.thorough
def test_what_was_approved_in_the_other_form_is_not_remembered(caller: Any, cast: Any, openai: Any) -> None:
    row = translated(caller, openai, project_of(cast, {"fr": {"formality": "informal"}}), FRENCH.format("tes"))
    ContentItem.rows.filter(pk=row.pk).update(status="approved")
    openai.seen.clear()
    again = translated(caller, openai, project_of(cast, {"fr": {"formality": "informal"}}), FRENCH.format("tes"))
    assert (openai.seen, again.generated_content) == ([], row.generated_content)
    formal = translated(caller, openai, project_of(cast, {"fr": {"formality": "formal"}}), FRENCH.format("vos"))
    assert len(openai.seen) == 1
    assert formal.generated_content["description"] == FRENCH.format("vos")


def test_profiles_show_and_check_the_settings_of_languages(caller: Any) -> None:
    spoken = {"de": {"formality": "formal", "instructions": "Kurz."}}
    made = caller.post("content-profiles", {"name": "P", "language_settings": spoken}, 201)
    assert made["language_settings"] == spoken
    changed = caller.put(f"content-profiles/{made['id']}", {"language_settings": {"fr": {"formality": "informal"}}})
    assert changed["language_settings"] == {"fr": {"formality": "informal"}}
    assert caller.put(f"content-profiles/{made['id']}", {"language_settings": None})["language_settings"] == {}
    for wrong in (
        {"tlh": {"formality": "formal"}},
        {"de": {"formality": "rude"}},
        {"de": {"instructions": "x" * 8001}},
    ):
        caller.post("content-profiles", {"name": "Q", "language_settings": wrong}, 400)
