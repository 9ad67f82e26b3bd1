"""Profiles, tones, notices, and the organization's data."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from accounts import impersonation, notifications, privacy
from accounts.models import Notification, Tone
from projects import profiles
from projects.models import ContentProfile
from scribe.models import Job
from tests.factories import PASSWORD, make_project
from tests.helpers import run_jobs
from tests.workbench.visiting import Visitor


@pytest.fixture
def owner(cast: Any) -> Visitor:
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    return Visitor(cast.owner)


def test_a_profile_keeps_what_is_named_and_leaves_the_rest_open(cast: Any, owner: Visitor) -> None:
    owner.post("account/profiles/new", {"name": "Boots", "language": "de", "max_short_chars": "150"})
    profile = ContentProfile.objects.get(organization=cast.organization)
    assert profile.settings == {"language": "de", "max_short_chars": 150}
    page = f"account/profiles/{profile.pk}"
    assert '<option value="de" selected>' in owner.get(page)
    sent = {
        "name": "Boots",
        "tone": "friendly",
        "decides_fields": "on",
        "fields_wanted": ["generate_short"],
        "version": 1,
    }
    owner.post(page, sent)
    profile.refresh_from_db()
    assert (profile.settings["tone"], profile.settings["generate_short"]) == ("friendly", True)
    assert profile.settings["generate_tags"] is False
    assert "language" not in profile.settings
    owner.post(f"{page}/default")
    assert ">default</span>" in owner.get("account/profiles")
    owner.post(f"{page}/deletion")
    assert "The profile was deleted" in owner.get(owner.last["Location"])


def test_a_profile_that_cannot_be_keeps_what_was_typed(cast: Any, owner: Visitor) -> None:
    page = owner.post("account/profiles/new", {"name": "Boots", "max_short_chars": "5"}, 422)
    assert "greater than or equal to 20" in page
    assert 'value="Boots"' in page
    assert not ContentProfile.objects.exists()


def test_of_two_who_edit_a_profile_the_second_is_shown_both(cast: Any, owner: Visitor) -> None:
    profile = profiles.create(organization=cast.organization, name="Boots", settings={})
    page = f"account/profiles/{profile.pk}"
    profiles.update(profile=profile, name="Shoes", settings={"custom_instructions": "Say shoes."})
    late = owner.post(page, {"name": "Wellies", "custom_instructions": "Say wellies.", "version": "1"}, 412)
    assert "Say shoes." in late
    assert "Say wellies." in late
    profile.refresh_from_db()
    assert profile.name == "Shoes"
    owner.post(page, {"name": "Wellies", "version": str(profile.version)})
    profile.refresh_from_db()
    assert profile.name == "Wellies"


def test_tones_are_the_admins_to_make(cast: Any, owner: Visitor) -> None:
    assert "Professional" in owner.get("account/tones")
    assert "This field is required" in owner.post("account/tones/new", {"name": "Ours"}, 422)
    taken = owner.post("account/tones/new", {"name": "Professional", "system_prompt": "Write."}, 422)
    assert "A built-in tone of voice already uses this ID. Choose another." in taken
    owner.post("account/tones/new", {"name": "Ours", "system_prompt": "Short sentences."})
    tone = Tone.objects.get(organization=cast.organization)
    member = Visitor(cast.teammate)
    assert "Short sentences." in member.get("account/tones")
    member.post("account/tones/new", {"name": "Theirs", "system_prompt": "x"}, 403)
    member.post(f"account/tones/{tone.pk}/deletion", status=403)
    owner.post(f"account/tones/{tone.pk}/deletion")
    assert not Tone.objects.exists()


def test_notices_are_read_and_lead_to_what_they_are_about(cast: Any, owner: Visitor) -> None:
    project = make_project(cast.organization)
    for number in range(60):
        notifications.notify(
            organization=cast.organization, event="account.changed", title=f"Notice {number}", users=[cast.owner]
        )
    notifications.notify(
        organization=cast.organization,
        event="post.failed",
        title="<b>Post</b>",
        project_id=project.pk,
        users=[cast.owner],
    )
    page = owner.get("account/notices")
    assert "61 new" in page
    assert "&lt;b&gt;Post&lt;/b&gt;" in page
    assert f"/app/projects/{project.pk}" in page
    before = page.partition('href="?before=')[2].partition('"')[0]
    older = owner.get(f"account/notices?before={before}")
    assert "Notice 0<" in older
    first = Notification.objects.filter(user=cast.owner).earliest("id")
    owner.post(f"account/notices/{first.pk}/reading")
    assert "60 new" in owner.get("account/notices")
    Visitor(cast.teammate).post(f"account/notices/{first.pk}/reading", status=404)
    owner.post("account/notices/reading")
    assert not Notification.objects.visible_to(cast.owner).unread().exists()


def test_which_notices_come_by_mail(cast: Any, owner: Visitor) -> None:
    owner.post("account/notices/mail", {"system_alerts": "on"})
    cast.owner.refresh_from_db()
    assert cast.owner.email_preferences == {"usage_billing": False, "ai_studio": False, "system_alerts": True}


def test_an_export_is_made_and_downloaded_here(cast: Any, owner: Visitor) -> None:
    owner.post("account/data/export")
    assert "We are preparing the export" in owner.get(owner.last["Location"])
    assert "An export is already being prepared. Please wait until it is ready." in owner.post(
        "account/data/export", status=422
    )
    job = Job.objects.get(job_type="gdpr_export")
    owner.get(f"account/data/exports/{job.pk}", 404)
    run_jobs(job_type="gdpr_export")
    job.refresh_from_db()
    assert privacy.file_of(job)
    assert f"/app/account/data/exports/{job.pk}" in owner.get("account/data")
    response: Any = owner.client.get(f"/app/account/data/exports/{job.pk}")
    content = b"".join(response.streaming_content)
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    Visitor(cast.teammate).get(f"account/data/exports/{job.pk}", 403)
    Visitor(cast.stranger).get(f"account/data/exports/{job.pk}", 404)
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 7")
    support = Visitor()
    support.post("support-session", {"token": token})
    support.get(f"account/data/exports/{job.pk}", 403)


def test_a_deletion_needs_the_password_and_can_be_taken_back(cast: Any, owner: Visitor) -> None:
    assert "Tick this to confirm" in owner.post("account/data/deletion", {"current_password": PASSWORD}, 422)
    wrong = owner.post("account/data/deletion", {"current_password": "wrong", "sure": "on"}, 422)
    assert "The current password is wrong." in wrong
    assert '<details class="confirm" open>' in wrong
    owner.post("account/data/deletion", {"current_password": PASSWORD, "sure": "on"})
    assert "Everything will be deleted on" in owner.get("account/data")
    member = Visitor(cast.teammate)
    assert "Cancel deletion" not in member.get("account/data")
    member.post("account/data/deletion/retraction", status=403)
    owner.post("account/data/deletion/retraction")
    cast.organization.refresh_from_db()
    assert not cast.organization.deletion_pending


def test_without_a_password_a_fresh_sign_in_confirms(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    assert "current_password" not in visitor.get("account/data")
    visitor.post("account/data/deletion", {"sure": "on"})
    cast.organization.refresh_from_db()
    assert cast.organization.deletion_pending


def test_a_profile_has_instructions_and_a_form_of_address_for_single_languages(owner: Any, cast: Any) -> None:
    forms = {"spoken-TOTAL_FORMS": "2", "spoken-INITIAL_FORMS": "0"}
    german = {"spoken-0-language": "de", "spoken-0-formality": "formal", "spoken-0-instructions": "Kurz."}
    french = {"spoken-1-language": "fr", "spoken-1-formality": "informal"}
    owner.post("account/profiles/new", {"name": "Boots", **forms, **german, **french})
    profile = ContentProfile.objects.get(name="Boots")
    assert profile.settings["language_settings"] == {
        "de": {"formality": "formal", "instructions": "Kurz."},
        "fr": {"formality": "informal"},
    }
    page, forms = f"account/profiles/{profile.pk}", {**forms, "spoken-INITIAL_FORMS": "2"}
    assert "Kurz." in owner.get(page)
    twice = owner.post(page, {"name": "Boots", "version": "1", **forms, **german, "spoken-1-language": "de"}, 422)
    assert "listed twice" in twice
    assert "Choose the language." in owner.post(page, {"name": "Boots", **forms, "spoken-0-formality": "formal"}, 422)
    owner.post(page, {"name": "Boots 2", "version": "1"})  # without these forms: they stay
    profile.refresh_from_db()
    assert len(profile.settings["language_settings"]) == 2
    owner.post(page, {"name": "Boots 2", "version": str(profile.version), **forms, **german, "spoken-1-language": ""})
    profile.refresh_from_db()
    assert list(profile.settings["language_settings"]) == ["de"]
