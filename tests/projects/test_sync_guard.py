"""A site with our guard plugin refuses a write over an edit that was saved after our look, and the edit is a conflict."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores.wordpress import guard as plugin
from projects.models import ContentItem, SyncRecord
from projects.sync import pipeline
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes import guard
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        fake.guarded = True
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    return make_project(cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url))


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def edit_once(shop: Any, edit: Any, path: str = "/products/batch") -> None:
    """Edit when the first write has arrived: after our look, before the store works on it."""
    done = []

    def on_request(request: Any) -> None:
        if request.path.endswith(path) and request.method == "POST" and not done:
            done.append(True)
            edit()

    shop.on_request = on_request


@pytest.mark.parametrize("guarded", [True, False])
def test_an_edit_between_look_and_write_is_kept_where_the_site_has_the_guard(caller, project, shop, guarded):
    shop.guarded = guarded
    rows = imported(caller, project, shop, 3)
    old = rows[1]["name"]
    edit_once(shop, lambda: shop.edit(rows[1], name="Mine"))
    job = sync(caller, project)
    assert (rows[1]["name"] == "Mine") is guarded
    project.store_connection.refresh_from_db()
    assert project.store_connection.guarded is guarded
    if not guarded:  # nobody can tell; the history has the words from our look
        assert job.result["synced"] == 3
        return
    assert (job.result["synced"], job.result["conflicts"]) == (2, 1)
    [clash] = SyncRecord.objects.get(state="conflict").conflicts
    assert clash == {"field": "name", "imported": old, "store": "Mine", "generated": f"New {rows[1]['id']}"}
    assert rows[1]["description"] == f"<p>About product {rows[1]['id']}.</p>\n"
    assert set(shop.writes.values()) == {1}


def test_an_edit_of_a_field_that_we_do_not_write_only_makes_us_look_again(caller, project, shop):
    [row] = imported(caller, project, shop)
    edit_once(shop, lambda: shop.edit(row, short_description="<p>Mine</p>"))
    assert sync(caller, project).result["synced"] == 1
    assert (row["name"], row["short_description"]) == (f"New {row['id']}", "<p>Mine</p>")


def test_meta_and_tags_are_guarded_too(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    approve(project, seo={"description": "Ours"}, tags=["ours"])

    def edit():
        rows[0]["meta_data"].append({"id": 1, "key": "_yoast_wpseo_metadesc", "value": "Mine"})
        shop.edit(rows[1], tags=[{k: shop.term(shop.tags, "mine")[k] for k in ("id", "name", "slug")}])

    edit_once(shop, edit)
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (1, 1)
    assert shop.meta(rows[0]["id"], "_yoast_wpseo_metadesc") == "Mine"
    assert [tag["name"] for tag in rows[1]["tags"]] == ["mine", "ours"]
    caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    assert [tag["name"] for tag in rows[1]["tags"]] == ["mine"]


def test_an_undo_is_guarded(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    pushed = sync(caller, project)
    edit_once(shop, lambda: shop.edit(rows[0], name="Mine"))
    caller.post(f"jobs/{pushed.pk}/undo", {}, status=202)
    run_jobs()
    assert rows[0]["name"] == "Mine"
    assert rows[1]["name"] == f"Product {rows[1]['id']}"
    record = SyncRecord.objects.get(kind="undo", state="conflict")
    assert (record.code, [c["store"] for c in record.conflicts]) == ("store_changed", ["Mine"])


def test_categories_are_guarded(caller, project, shop):
    shop.term(shop.categories, "Cups", description="Old")
    caller.post(f"projects/{project.pk}/import/execute", {"filters": {"item_types": ["category"]}}, status=202)
    run_jobs()
    [row] = shop.categories.values()
    approve(project)
    edit_once(shop, lambda: row.update(description="Mine"), path="/categories/batch")
    assert sync(caller, project).result["conflicts"] == 1
    assert row["description"] == "Mine"


def test_without_batches_each_write_is_guarded(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    shop.fail(404, {"code": "rest_no_route", "message": "x"}, when=lambda r: r.path.endswith("/batch"), times=99)
    edit_once(shop, lambda: shop.edit(rows[0], name="Mine"))
    assert sync(caller, project).result["conflicts"] == 1
    assert rows[0]["name"] == "Mine"


@pytest.mark.thorough
def test_a_guarded_shop_may_be_slow_in_large_batches(caller, project, shop, monkeypatch):
    imported(caller, project, shop, 60)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 0.25)
    monkeypatch.setattr(pipeline, "FRESH_SECONDS", 0.0)
    shop.save_seconds = 0.025
    shop.calls.clear()
    assert sync(caller, project).result["synced"] == 60
    assert shop.calls["POST /products/batch"] <= 5
    assert shop.calls["GET /products"] <= 5  # nothing is looked at twice, though it waited


def test_a_row_that_never_stands_still_is_left(caller, project, shop):
    [row] = imported(caller, project, shop)

    def edit(request):
        if request.method == "POST":
            shop.edit(row, short_description=f"{row['short_description']}.")

    shop.on_request = edit
    job = sync(caller, project)
    assert (job.result["failed"], SyncRecord.objects.get().code) == (1, "store_changed_meanwhile")
    assert not shop.writes


def test_a_write_that_the_site_was_too_busy_for_is_sent_again_as_it_is(caller, project, shop):
    rows = imported(caller, project, shop, 3)
    shop.busy.update({rows[0]["id"]: 2, rows[2]["id"]: 1})
    shop.calls.clear()
    assert sync(caller, project).result["synced"] == 3
    assert (shop.calls["GET /products"], shop.calls["POST /products/batch"]) == (1, 3)
    assert set(shop.writes.values()) == {1}


def test_a_site_that_stays_busy_is_told_apart_from_a_changed_row(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    shop.busy[rows[0]["id"]] = 99
    job = sync(caller, project)
    assert (job.result["synced"], job.result["failed"]) == (1, 1)
    assert SyncRecord.objects.get(state="failed").code == "store_busy"
    assert 90 < shop.busy[rows[0]["id"]] < 99


def test_a_single_write_that_the_site_was_too_busy_for_is_no_lost_answer(caller, project, shop):
    imported(caller, project, shop)
    shop.fail(404, {"code": "rest_no_route", "message": "x"}, when=lambda r: r.path.endswith("/batch"), times=99)
    shop.fail(503, guard.BUSY, when=lambda r: r.method == "PUT", Retry_After="0")
    shop.calls.clear()
    assert sync(caller, project).result["synced"] == 1
    assert shop.calls["GET /products"] == 1


def test_one_row_without_a_state_does_not_hide_the_guard():
    stated, bare = {"xcscribe": {"keys": [], "state": "x"}}, {"id": 1}
    assert plugin.has_guard([bare, stated], None) is True
    assert plugin.has_guard([bare], ["xcscribe/v1"]) is False
    assert plugin.has_guard([], ["xcscribe/v1"]) is True
    assert plugin.has_guard([], ["wp/v2"]) is False
    assert plugin.has_guard([], None) is None


def test_posts_are_guarded(api, cast, settings):
    with FakeWordPress() as site:
        site.guarded = True
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        connection = StoreConnection.objects.create(
            organization=cast.organization,
            name="Blog",
            platform="wordpress",
            base_url=site.url,
            consumer_key=USER,
            consumer_secret=PASSWORD,
            status="active",
        )
        project = make_project(cast.organization, platform="wordpress", store_connection=connection)
        caller = api.as_(cast.owner)
        rows = imported(caller, project, site, 3)
        edit_once(site, lambda: site.edit(rows[0], content="<p>Mine</p>"), path="/batch/v1")
        job = sync(caller, project)
        assert (job.result["synced"], job.result["conflicts"]) == (2, 1)
        assert rows[0]["content"] == {"raw": "<p>Mine</p>"}
        connection.refresh_from_db()
        assert connection.guarded is True


@pytest.mark.parametrize("hides", [0, 401])
@pytest.mark.parametrize("guarded", [True, False])
def test_a_connection_test_tells_of_the_guard(caller, project, shop, guarded, hides):
    shop.guarded, shop.hides_index = guarded, hides
    shop.add()
    path = f"store-connections/{project.store_connection.pk}"
    assert caller.get(path)["guarded"] is None
    shop.requests.clear()
    assert caller.post(f"{path}/test", {})["guarded"] is guarded
    assert len(shop.requests) == 3
    assert caller.get(path)["guarded"] is guarded


def test_the_plugin_is_there_to_download(caller):
    content = caller.get("store-connections/guard-plugin")
    assert caller.last["Content-Disposition"] == 'attachment; filename="xc-scribe-guard.zip"'
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        named = {name: file.read(name).decode() for name in file.namelist()}
        assert sorted(named) == [f"xc-scribe-guard/{n}.php" for n in ("lock", "states", "xc-scribe-guard")]
        assert "Plugin Name: XC Scribe Guard" in named["xc-scribe-guard/xc-scribe-guard.php"]


def test_nothing_is_sent_to_a_site_without_the_guard(caller, project, shop):
    shop.guarded = False
    imported(caller, project, shop)
    sync(caller, project)
    [write] = [json.loads(r.body) for r in shop.requests if r.path.endswith("/products/batch")]
    assert set(write["update"][0]) == {"id", "name", "description"}
    assert ContentItem.objects.get().status == "synced"
