"""Projects from the outside: their life, their counts, and who may touch them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import StoreConnection
from projects import lifecycle
from projects.models import ContentItem, ContentProfile, DataSource, Project
from scribe import jobs, storage
from scribe.models import Job
from tests.factories import make_item, make_project, token_of
from tests.projects import uploads

pytestmark = pytest.mark.django_db


def connection_of(organization: Any, platform: str = "woocommerce") -> StoreConnection:
    return StoreConnection.objects.create(
        organization=organization, name="Shop", platform=platform, base_url="https://shop.example"
    )


def test_a_project_is_made_as_a_draft_from_a_form_or_from_json(api: Any, cast: Any) -> None:
    me = api.as_(cast.teammate)
    made = me.upload("projects", {"name": "Spring", "platform": "shopify"}, 201)
    assert (made["name"], made["platform"], made["status"], made["item_count"]) == ("Spring", "shopify", "draft", 0)
    assert made["status_counts"] == dict.fromkeys(
        ["pending", "generated", "flagged", "approved", "rejected", "synced", "excluded"], 0
    )
    again = me.post("projects", {"name": "Fall", "platform": "magento2"}, 201)
    assert [one["id"] for one in me.get("projects")] == [again["id"], made["id"]]


@pytest.mark.parametrize(
    ("body", "pointer"), [({"platform": "shopify"}, "#/name"), ({"name": "x", "platform": "etsy"}, "#/platform"), ({"name": " ", "platform": "shopify"}, "#/name")]
)  # fmt: skip
def test_a_project_needs_a_name_and_a_known_platform(api: Any, cast: Any, body: dict[str, str], pointer: str) -> None:
    problem = api.as_(cast.owner).post("projects", body, 400)
    assert problem["errors"][0]["pointer"] == pointer


def test_a_new_project_gets_the_default_profile(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    profile = me.post("content-profiles", {"name": "House", "tone": "luxury"}, 201)
    me.put(f"content-profiles/{profile['id']}/set-default")
    assert me.post("projects", {"name": "P", "platform": "shopify"}, 201)["content_profile_id"] == profile["id"]


def test_only_what_is_sent_is_changed(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    shop = connection_of(cast.organization)
    me.patch(f"projects/{project_id}", {"settings": {"language": "sr"}, "store_connection_id": str(shop.pk)})
    changed = me.patch(f"projects/{project_id}", {"name": "New"})
    assert (changed["name"], changed["settings"], changed["store_connection_name"]) == (
        "New",
        {"language": "sr"},
        "Shop",
    )
    assert me.patch(f"projects/{project_id}", {"store_connection_id": None})["store_connection_id"] is None


def test_a_connection_of_another_platform_is_refused_and_a_foreign_one_is_not_there(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    other, foreign = connection_of(cast.organization, "shopify"), connection_of(cast.stranger.organization)
    problem = me.patch(f"projects/{project_id}", {"store_connection_id": str(other.pk)}, 400)
    assert problem["code"] == "platform_mismatch"
    me.patch(f"projects/{project_id}", {"store_connection_id": str(foreign.pk), "name": "Mine"}, 404)
    profile = ContentProfile.objects.create(organization=cast.stranger.organization, name="Theirs")
    me.patch(f"projects/{project_id}", {"content_profile_id": str(profile.pk)}, 404)
    assert me.get(f"projects/{project_id}")["name"] == "Catalogue"


def test_the_trash_hides_a_project_until_it_is_restored(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    me.delete(f"projects/{project_id}")
    me.get(f"projects/{project_id}", 404)
    me.get(f"projects/{project_id}/items", 404)
    me.delete(f"projects/{project_id}", 404)
    assert me.get("projects") == []
    (trashed,) = me.get("projects?include_deleted=true")
    assert trashed["id"] == project_id
    assert trashed["deleted_at"]
    assert me.post(f"projects/{project_id}/restore")["deleted_at"] is None
    assert me.post(f"projects/{project_id}/restore", status=409)["code"] == "not_in_trash"
    me.get("projects?include_deleted=perhaps", 400)


@pytest.mark.parametrize("successor", ["live", "test", None])
def test_a_restored_project_of_a_plugin_stays_the_plugins_unless_another_one_is(
    api: Any, cast: Any, successor: str | None
) -> None:
    """A test key's project is not the one that the shop's live key writes to."""
    project = make_project(cast.organization, plugin_source="woocommerce")
    me = api.as_(cast.owner)
    me.delete(f"projects/{project.pk}")
    if successor:
        make_project(cast.organization, plugin_source="woocommerce", is_test=successor == "test")
    me.post(f"projects/{project.pk}/restore")
    project.refresh_from_db()
    assert project.plugin_source == ("" if successor == "live" else "woocommerce")


def test_a_project_in_the_trash_stops_its_jobs(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    job = jobs.create(job_type="import", organization=cast.organization, project=Project.objects.get(pk=project_id))
    me.delete(f"projects/{project_id}")
    job.refresh_from_db()
    assert job.status == Job.Status.CANCELLED


def test_permanent_deletion_takes_everything_along_files_too(
    api: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    config = uploads.upload(me, project_id)["config"]
    assert me._send("delete", f"projects/{project_id}/permanent", 409)["code"] == "not_in_trash"
    me.delete(f"projects/{project_id}")
    with django_capture_on_commit_callbacks(execute=True):
        me.delete(f"projects/{project_id}/permanent")
    assert not Project.objects.filter(pk=project_id).exists()
    assert not ContentItem.objects.exists()
    assert not storage.exists(config["file_key"])
    assert not storage.exists(config["snapshot_key"])
    me.delete(f"projects/{project_id}/permanent", 404)


def test_truncate_empties_a_project_but_not_under_a_running_job(
    api: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    key = uploads.upload(me, project_id)["config"]["file_key"]
    me.patch(f"projects/{project_id}", {"settings": {"tone": "casual"}})
    job = jobs.create(job_type="sync", organization=cast.organization, project=Project.objects.get(pk=project_id))
    problem = me.post(f"projects/{project_id}/truncate", status=409)
    assert (problem["code"], problem["job_id"]) == ("job_active", str(job.pk))
    jobs.cancel(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert me.post(f"projects/{project_id}/truncate")["sources_deleted"] == 1
    project = me.get(f"projects/{project_id}")
    assert (project["status"], project["item_count"], project["source_count"]) == ("draft", 0, 0)
    assert project["settings"] == {"tone": "casual"}
    assert not storage.exists(key)


def test_a_project_is_completed_when_every_item_that_is_written_for_is_approved(cast: Any) -> None:
    project = make_project(cast.organization)
    one, two = make_item(project, status="approved"), make_item(project, status="generated")
    make_item(project, item_type="variant")
    make_item(project, excluded_at="2026-01-01T00:00:00Z")

    def status() -> tuple[str, bool]:
        lifecycle.refresh_status(project.pk)
        project.refresh_from_db()
        return project.status, project.completed_at is not None

    assert status() == ("active", False)
    two.status = "synced"
    two.save()
    assert status() == ("completed", True)
    one.status = "rejected"
    one.save()
    assert status() == ("active", False)
    ContentItem.objects.all().delete()
    assert status() == ("draft", False)


def test_the_list_asks_as_many_questions_for_thirty_projects_as_for_three(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            me.get("projects")
        return len(found)

    for _ in range(3):
        make_item(make_project(cast.organization, store_connection=connection_of(cast.organization)))
    few = queries()
    for _ in range(27):
        make_item(make_project(cast.organization, store_connection=connection_of(cast.organization)))
    assert queries() == few


def test_plugin_projects_are_listed_apart(api: Any, cast: Any) -> None:
    project = make_project(cast.organization, plugin_source="shopify", platform="shopify")
    make_item(project)
    make_project(cast.organization)
    make_project(cast.stranger.organization, plugin_source="shopify")
    (found,) = api.as_(cast.owner).get("projects/plugin-integrations")
    assert (found["project_id"], found["source"], found["item_count"], found["active"]) == (
        str(project.pk),
        "shopify",
        1,
        True,
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""), ("patch", ""), ("delete", ""), ("post", "/restore"), ("post", "/truncate"), ("delete", "/permanent"),
        ("get", "/items"), ("patch", "/items/batch"), ("post", "/items/exclude"), ("post", "/items/restore"), ("get", "/export"),
        ("get", "/sources"), ("post", "/sources/file"), ("post", "/sources/detect-columns"), ("post", "/sources/manual"),
        ("get", "/items/{item}"), ("patch", "/items/{item}"), ("get", "/items/{item}/versions"), ("get", "/items/{item}/diff"),
        ("delete", "/sources/{source}"), ("get", "/sources/{source}/export"), ("post", "/sources/{source}/items"),
    ],
)  # fmt: skip
def test_a_stranger_finds_nothing(api: Any, cast: Any, method: str, path: str) -> None:
    project = make_project(cast.organization)
    item = make_item(project)
    source = DataSource.objects.create(organization=cast.organization, project=project, type="manual", name="x")
    path = path.format(item=item.pk, source=source.pk)
    api.as_(cast.stranger)._send(method, f"projects/{project.pk}{path}", 404)
    mine = make_project(cast.stranger.organization)
    if ("/items/" in path or "/sources/" in path) and (str(item.pk) in path or str(source.pk) in path):
        api.as_(cast.stranger)._send(method, f"projects/{mine.pk}{path}", 404)
    api._send(method, f"projects/{project.pk}{path}", 401)
    assert Project.objects.filter(pk=project.pk, deleted_at=None).exists()
    assert ContentItem.objects.filter(pk=item.pk).exists()


def test_a_project_is_made_with_the_settings_that_a_change_takes(api, cast):
    caller = api.as_(cast.owner)
    profile = ContentProfile.objects.create(organization=cast.organization, name="Short")
    body = {
        "name": "Autumn",
        "platform": "woocommerce",
        "settings": {"languages": ["de", "de"]},
        "content_profile_id": str(profile.pk),
        "settings_overrides": {"tone": "friendly"},
    }
    made = caller.post("projects", body, status=201)
    assert made["settings"] == {"languages": ["de"]}
    assert made["content_profile_id"] == str(profile.pk)
    assert caller.get(f"projects/{made['id']}") == made
    by_form = Client().post(
        "/api/v1/projects",
        "name=Form&platform=woocommerce&settings=%7B%22tone%22%3A%20%22friendly%22%7D",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {token_of(cast.owner)}"},
    )
    assert (by_form.status_code, by_form.json()["settings"]) == (201, {"tone": "friendly"})
    refused = caller.post("projects", {**body, "settings": {"languages": ["klingon"]}}, status=400)
    assert refused["errors"][0]["pointer"].startswith("#/settings/languages")
    refused = caller.post("projects", {"name": "A", "platform": "woocommerce", "setings": {}}, status=400)
    assert refused["errors"][0]["pointer"] == "#/setings"
    assert "`settings`" in refused["errors"][0]["detail"]
    assert len(caller.get("projects")) == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"language": "xx"}, "/language"),
        ({"max_long_chars": -5}, "/max_long_chars"),
        ({"use_html": "nein"}, "/use_html"),
        ({"benefits": "nope"}, "/benefits"),
        ({"grounding": "foo"}, "/grounding"),
        ({"ai_provider": "nope"}, "/ai_provider"),
        ({"sells_in": ["XX"]}, "/sells_in"),
        ({"trade": "nope"}, "/trade"),
        ({"languages": ["xx"]}, "/languages"),
    ],
)
def test_settings_that_could_never_apply_are_refused_when_they_are_saved(
    api: Any, cast: Any, wrong: dict[str, Any], pointer: str
) -> None:
    """They were saved, and then each generation failed for a field that its request did not have."""
    caller = api.as_(cast.owner)
    project = make_project(cast.organization)
    for key in ("settings", "settings_overrides"):
        refused = caller.patch(f"projects/{project.pk}", {key: wrong}, 400)
        assert refused["errors"][0]["pointer"] == f"#/{key}{pointer}"
    caller.patch(f"projects/{project.pk}", {"settings": {"theme": "dark", "language": "de", "use_html": False}})
