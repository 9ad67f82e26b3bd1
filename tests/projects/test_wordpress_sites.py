"""What a WordPress site's plugins take from us: SEO texts by Rank Math's own route, and languages."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores import three_way
from integrations.stores.wordpress import rank_math
from projects.api.views.sync import render_sync
from projects.models import ContentItem, Drift, SyncRecord
from scribe.models import Job
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, one, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def project_of(cast: Any, settings: Any, site: Any, **chosen: Any) -> Any:
    settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
    connection = StoreConnection.objects.create(
        organization=cast.organization, name="Site", platform="wordpress", base_url=site.url, consumer_key=USER,
        consumer_secret=PASSWORD, status="active",
    )  # fmt: skip
    return make_project(cast.organization, platform="wordpress", store_connection=connection, settings=chosen)


HIS = {"rank_math_title": "His & title", "rank_math_focus_keyword": "his"}
SEO_FIELDS = ("seo.description", "seo.focus_keyword", "seo.title")
NAMED = {"sync": {"seo_plugin": "rank_math"}}


@pytest.mark.parametrize("kind", ["post", "page"])
def test_seo_texts_that_nobody_can_read_are_left_and_told(caller: Any, cast: Any, settings: Any, kind: str) -> None:
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site)
        [row] = imported(caller, project, site, kind=kind)
        site.seo[row["id"]] = dict(HIS)
        approve(project, seo={"title": "Ours", "description": "All about it"})
        told = {one["field"]: one["reason"] for one in caller.get(f"projects/{project.pk}/sync/warnings")["no_place"]}
        assert (told["seo.title"], told.keys() >= {"seo.description"}) == (rank_math.UNSEEN, True)
        assert sync(caller, project).result["synced"] == 1
        assert (site.seo[row["id"]], row["title"]["raw"]) == (HIS, f"New {row['id']}")
        record = SyncRecord.objects.get()
        assert record.skipped == dict.fromkeys(("seo.title", "seo.description"), rank_math.UNSEEN)
        again = sync(
            caller, project, mode="all"
        )  # the same texts: no record is left of it, and the reply tells all the same
        for job in (record.job, again):
            assert render_sync(job).data["skipped"] == [
                {"field": field, "reason": rank_math.UNSEEN, "items": 1} for field in ("seo.title", "seo.description")
            ]
        assert one(caller, project, ContentItem.objects.get(), verb="/undo")["success"]
        assert site.seo[row["id"]] == HIS


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["post", "page"])
def test_whoever_names_the_route_writes_unseen_and_an_undo_says_what_it_cant_put_back(
    caller: Any, cast: Any, settings: Any, kind: str
) -> None:
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site, **NAMED)
        [row] = imported(caller, project, site, kind=kind)
        approve(project, seo={"title": "Ours", "description": "All about it"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo[row["id"]] == {"rank_math_title": "Ours", "rank_math_description": "All about it"}
        record = SyncRecord.objects.get()
        assert (record.state, record.after["seo.title"], record.before["seo.title"]) == ("done", "Ours", None)

        site.seo.clear()
        item = ContentItem.objects.get()
        assert sync(caller, project, mode="all").result["unchanged"] == 1
        assert site.seo == {}  # nothing is sent twice
        caller.post(f"projects/{project.pk}/verify", {}, status=202)
        run_jobs()
        assert not Drift.objects.exists()

        approve(project, seo={"title": "Ours again", "description": "All about it"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo[row["id"]] == {"rank_math_title": "Ours again"}
        site.seo[row["id"]] = dict(HIS)
        for _ in range(2):
            answer = one(caller, project, item, verb="/undo")
            assert not answer["success"]
            record = SyncRecord.objects.order_by("-created_at")[0]
            assert (record.code, record.error_message) == (
                "not_restored",
                f"Not restored: seo.title. {three_way.NOT_SHOWN}",
            )
        assert site.seo[row["id"]] == HIS


def test_a_first_push_is_put_back_but_for_what_nobody_could_read(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site, **NAMED)
        [row] = imported(caller, project, site, kind="post", title="His")
        approve(project, seo={"title": "Ours"})
        sync(caller, project)
        site.guarded = True  # by now it can be read, but not what stood there before
        answer = one(caller, project, ContentItem.objects.get(), verb="/undo")
        record = SyncRecord.objects.order_by("-created_at")[0]
        assert (answer["success"], row["title"]["raw"]) == (False, "His")
        assert (record.code, {c["field"]: c["reason"] for c in record.conflicts}) == (
            "not_restored",
            {"seo.title": three_way.NOT_SHOWN},
        )
        assert site.seo[row["id"]] == {"rank_math_title": "Ours"}


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["post", "page"])
def test_the_guard_has_rank_maths_texts_compared_and_put_back(caller: Any, cast: Any, settings: Any, kind: str) -> None:
    with FakeWordPress(rank_math=True) as site:
        site.guarded = True
        project = project_of(cast, settings, site)
        add = site.add

        def written(*args: Any, **fields: Any) -> Any:
            row = add(*args, **fields)
            site.seo[row["id"]] = dict(HIS)
            return row

        site.add = written
        [row] = imported(caller, project, site, kind=kind)
        item = ContentItem.objects.get()
        assert item.source_data["seo"]["title"] == "His & title"
        assert caller.get(f"projects/{project.pk}/sync/warnings")["no_place"] == []
        site.seo[row["id"]]["rank_math_title"] = "His new title"
        approve(project, seo={"title": "Ours", "description": "All about it"})
        sync(caller, project)
        record = SyncRecord.objects.get()
        assert (record.state, [c["store"] for c in record.conflicts]) == ("conflict", ["His new title"])
        before = dict(site.seo[row["id"]])
        sync(caller, project, force=True, mode="selected", item_ids=[str(item.pk)])
        assert site.seo[row["id"]] == {**HIS, "rank_math_title": "Ours", "rank_math_description": "All about it"}
        assert one(caller, project, item, verb="/undo")["success"]
        assert site.seo[row["id"]] == before


def read_again(caller: Any, project: Any) -> ContentItem:
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    return ContentItem.objects.get()


@pytest.mark.each_value
@pytest.mark.parametrize("written_unseen", [True, False])
@pytest.mark.parametrize("kind", ["post", "page"])
def test_a_text_that_an_import_reads_only_after_ours_was_made_is_a_conflict(
    caller: Any, cast: Any, settings: Any, kind: str, written_unseen: bool
) -> None:
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site, **(NAMED if written_unseen else {}))
        [row] = imported(caller, project, site, kind=kind)
        if written_unseen:
            approve(project, seo={"title": "Ours"})
        else:
            item = ContentItem.objects.get()
            path = f"projects/{project.pk}/items/{item.pk}"
            caller.patch(path, {"generated_content": {"seo": {"title": "Ours"}}})
            caller.patch(path, {"status": "approved"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo.get(row["id"], {}) == ({"rank_math_title": "Ours"} if written_unseen else {})
        site.seo[row["id"]] = dict(HIS)
        site.guarded = True
        item = read_again(caller, project)
        assert (item.source_data["seo"]["title"], item.outdated_fields) == ("His & title", ["seo.title"])
        assert sync(caller, project, mode="all").result["conflicts"] == 1
        assert site.seo[row["id"]] == HIS
        record = SyncRecord.objects.get(state="conflict")
        assert record.conflicts == [
            {"field": "seo.title", "imported": "His & title", "store": "His & title", "generated": "Ours"}
        ]

        caller.post(f"projects/{project.pk}/regenerate", {}, status=202)  # from what he wrote
        run_jobs()
        assert ContentItem.objects.get().outdated_fields == []
        approve(project, seo={"title": "Made from his"})
        assert sync(caller, project).result["synced"] == 1
        assert site.seo[row["id"]]["rank_math_title"] == "Made from his"


@pytest.mark.thorough
def test_a_text_of_ours_that_an_undo_put_back_is_ours_for_the_next_push(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWordPress(rank_math=True) as site:
        site.guarded = True
        project = project_of(cast, settings, site)
        [row] = imported(caller, project, site, kind="page")
        item = ContentItem.objects.get()
        for title in ("First", "Second"):
            approve(project, name=title, description=f"<p>{title}</p>", seo={"title": title})
            assert sync(caller, project).result["synced"] == 1
        assert one(caller, project, item, verb="/undo")["success"]
        assert (row["title"]["raw"], site.seo[row["id"]]) == ("First", {"rank_math_title": "First"})
        assert read_again(caller, project).outdated_fields == []
        assert sync(caller, project).result["synced"] == 1
        assert (row["title"]["raw"], site.seo[row["id"]]) == ("Second", {"rank_math_title": "Second"})


def test_an_undo_that_can_see_nothing_now_says_what_lets_it_see(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWordPress(rank_math=True) as site:
        site.guarded = True
        project = project_of(cast, settings, site)
        [row] = imported(caller, project, site, kind="page")
        item = ContentItem.objects.get()
        site.seo[row["id"]] = {"rank_math_title": "His"}
        approve(project, seo={"title": "Ours"})
        assert one(caller, project, item, force=True)["success"]
        site.guarded = False
        assert not one(caller, project, item, verb="/undo")["success"]
        record = SyncRecord.objects.order_by("-created_at")[0]
        assert record.error_message == f"Not restored: seo.title. {rank_math.NOT_COMPARABLE}"
        site.guarded = True
        assert one(caller, project, item, verb="/undo")["success"]
        assert site.seo[row["id"]] == {"rank_math_title": "His"}


def test_a_text_goes_into_no_row_of_another_language(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWooCommerce(plugin="polylang", codes=("de", "en")) as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        connection = make_woocommerce_connection(cast.organization, shop.url)
        project = make_project(cast.organization, store_connection=connection, settings={"language": "en"})
        [row] = imported(caller, project, shop)
        shop.speak(row, "de")
        name = row["name"]
        sync(caller, project)
        record = SyncRecord.objects.get()
        assert (record.state, record.code, row["name"]) == ("failed", "shop_language_other", name)
        assert "in English" in record.error_message
        shop.speak(row, "en")
        assert sync(caller, project).result["synced"] == 1
        shop.speak(row, "de")
        approve(project, name="Ours")
        assert sync(caller, project, force=True).result["synced"] == 1


@pytest.mark.parametrize("kind", ["post", "page"])
def test_polylangs_free_version_tells_the_language_by_the_address(
    caller: Any, cast: Any, settings: Any, kind: str
) -> None:
    """No text of the project goes into a post of another language: left out at the import, refused by a push."""
    with FakeWordPress(plugin="polylang_free", codes=("en", "de", "fr")) as site:
        project = project_of(cast, settings, site, language="en")
        ours = site.add(kind)
        his = [site.translate(ours, code, title=f"His {code}") for code in ("de", "fr")]
        job = read(caller, project)
        assert ContentItem.objects.included().get().external_id == str(ours["id"])
        assert ("2 entries are in another language" in job.result["note"], "de_DE, fr_FR" in job.result["note"]) == (
            True,
            True,
        )
        left = caller.get(f"projects/{project.pk}/items?status=excluded")
        assert all("another language" in one["metadata"]["excluded_reason"] for one in left)

        caller.post(f"projects/{project.pk}/items/restore", {"item_ids": [one["id"] for one in left]})
        approve(project, name="Ours")
        told = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
        assert {one["item_id"] for one in told} == {one["id"] for one in left}
        assert "in English" in told[0]["reason"]
        sync(caller, project)
        assert (ours["title"]["raw"], [row["title"]["raw"] for row in his]) == ("Ours", ["His de", "His fr"])
        assert set(SyncRecord.objects.filter(item__in=[one["id"] for one in left]).values_list("code", flat=True)) == {
            "shop_language_other"
        }
        assert sync(caller, project, force=True).result["synced"] == 2


def test_a_german_project_takes_the_german_posts_of_polylangs_free_version(
    caller: Any, cast: Any, settings: Any
) -> None:
    with FakeWordPress(plugin="polylang_free") as site:
        project = project_of(cast, settings, site, language="de")
        german = site.translate(site.add(), "de")
        read(caller, project)
        assert ContentItem.objects.included().get().external_id == str(german["id"])
        approve(project, name="Unser Name")
        assert sync(caller, project).result["synced"] == 1


def test_posts_whose_language_nobody_can_tell_are_noted_and_written_by_force_alone(
    caller: Any, cast: Any, settings: Any
) -> None:
    with FakeWordPress(plugin="polylang_free") as site:
        site.addressed = False
        project = project_of(cast, settings, site, language="en")
        rows = [site.add(title="His"), site.translate(site.add(title="His"), "de", title="His")]
        job = read(caller, project)
        assert "3 entries" in job.result["note"]
        approve(project, name="Ours")
        assert len({one["item_id"] for one in caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]}) == 3
        sync(caller, project)
        assert {row["title"]["raw"] for row in rows} == {"His"}
        assert sync(caller, project, force=True).result["synced"] == 3


def test_products_of_polylangs_free_version_are_told_apart_by_their_addresses(
    caller: Any, cast: Any, settings: Any
) -> None:
    with FakeWooCommerce(plugin="polylang_free") as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        connection = make_woocommerce_connection(cast.organization, shop.url)
        project = make_project(cast.organization, store_connection=connection, settings={"language": "en"})
        row = shop.add(name="Cup")
        his = shop.translate(row, "de", name="Tasse")
        read(caller, project)
        [left] = caller.get(f"projects/{project.pk}/items?status=excluded")
        assert left["external_id"] == str(his["id"])
        caller.post(f"projects/{project.pk}/items/restore", {"item_ids": [left["id"]]})
        approve(project, name="Ours")
        sync(caller, project)
        assert (row["name"], his["name"]) == ("Ours", "Tasse")


def read(caller: Any, project: Any) -> Job:
    started = caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    return Job.objects.get(pk=started["job_id"])


def test_a_test_of_the_connection_learns_what_the_guard_shows_by_now(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWordPress(rank_math=True) as site:
        project = project_of(cast, settings, site)
        imported(caller, project, site, kind="page")
        path = f"store-connections/{project.store_connection_id}"
        for guarded in (False, True, False):
            site.guarded = guarded
            assert caller.post(f"{path}/test", {})["success"]
            missing = {} if guarded else dict.fromkeys(SEO_FIELDS, rank_math.UNSEEN)
            assert caller.get(path)["missing_places"] == missing


def test_rank_maths_own_rows_are_no_custom_fields(caller: Any, cast: Any, settings: Any) -> None:
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        shop.add(meta={"rank_math_internal_links_processed": "1", "rank_math_seo_score": "61", "wash": "30 degrees"})
        offered = caller.get(f"projects/{project.pk}/import/filters")["custom_fields"]
        assert [one["key"] for one in offered] == ["wash"]
