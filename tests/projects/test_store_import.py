"""Importing from a store: filters, counts, a job that goes on where it stopped, and generated work that stays."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from projects.models import ContentItem, DataSource, Drift
from projects.store_import import gone_items
from scribe.models import Job
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.fakes.woocommerce import SECRET, FakeWooCommerce
from tests.helpers import run_jobs
from writing import facts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    connection = make_woocommerce_connection(cast.organization, shop.url)
    return make_project(cast.organization, store_connection=connection)


def execute(api, cast, project, filters=None):
    started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {"filters": filters or {}}, status=202)
    run_jobs()
    return Job.objects.get(pk=started["job_id"])


def test_filters_come_from_the_store(api, cast, project, shop):
    shop.add(categories=["Bottles"])
    found = api.as_(cast.teammate).get(f"projects/{project.pk}/import/filters")
    assert found["platform"] == "woocommerce"
    assert [c["title"] for c in found["filters"]["categories"]] == ["Bottles"]


def test_custom_fields_become_facts_by_the_projects_mapping(api, cast, project, shop):
    """As WooCommerce keeps ACF's: the value under the key, the field's own name under `_key`; choices as a list."""
    shop.add(
        meta={
            "wash": "Cold only",
            "_wash": "field_65a1",
            "season": ["Spring", "Autumn"],
            "_price": "12",
            "_yoast_wpseo_title": "SEO",
            "gallery": [{"id": 3}],
            "empty": "",
        }
    )
    shop.add(meta={"wash": "Warm"})
    caller = api.as_(cast.owner)
    offered = caller.get(f"projects/{project.pk}/import/filters")["custom_fields"]
    assert [(one["key"], one["count"], one["name"]) for one in offered] == [("wash", 2, ""), ("season", 1, "")]
    assert offered[1]["example"] == "Spring, Autumn"
    execute(api, cast, project)
    first = ContentItem.objects.order_by("pk")[0]
    assert "Cold only" not in facts.read(first.source_data).fields.values()

    names = {"wash": "Care", "season": "Season", "gone": "Gone" * 25}
    caller.patch(f"projects/{project.pk}", {"settings": {"sync": {"custom_fields": names}}})
    offered = caller.get(f"projects/{project.pk}/import/filters")["custom_fields"]
    assert [(one["key"], one["name"]) for one in offered] == [
        ("wash", "Care"),
        ("season", "Season"),
        ("gone", "Gone" * 25),
    ]
    assert offered[-1]["count"] == 0
    job = execute(api, cast, project)
    assert job.result["updated"] == 2
    first.refresh_from_db()
    read = facts.read(first.source_data)
    assert (read.other["Care"], read.other["Season"]) == ("Cold only", "Spring, Autumn")
    assert read.as_data()["attributes"]["Care"] == "Cold only"
    assert first.source_data["attributes"] == {}  # they are no attributes of the shop's, so a push compares none


def test_custom_fields_of_older_products_are_offered_and_counted(api, cast, project, shop):
    """The newest and the oldest 50 products are looked at; of one that only others have, imported items are counted."""
    for n in range(130):
        shop.add(meta={"wash": "Cold"} if n < 3 else {"origin": "Peru"} if n == 70 else {})
    caller = api.as_(cast.owner)
    path = f"projects/{project.pk}/import/filters"
    assert [(one["key"], one["count"]) for one in caller.get(path)["custom_fields"]] == [("wash", 3)]
    caller.patch(f"projects/{project.pk}", {"settings": {"sync": {"custom_fields": {"origin": "Origin"}}}})
    execute(api, cast, project)
    assert [(one["key"], one["count"]) for one in caller.get(path)["custom_fields"]] == [("wash", 3), ("origin", 1)]


def test_a_preview_counts_without_fetching(api, cast, project, shop):
    for n in range(230):
        shop.add(status="draft" if n < 30 else "publish")
    found = api.as_(cast.owner).post(f"projects/{project.pk}/import/preview", {"filters": {"statuses": "publish"}})
    assert found == {"count": 200, "batches": 2, "estimated_time_seconds": 4}
    problem = api.as_(cast.owner).post(f"projects/{project.pk}/import/preview", {"filters": {"colour": 1}}, status=400)
    assert problem["errors"][0]["pointer"] == "#/filters/colour"
    assert not ContentItem.objects.exists()


def test_without_a_connection_it_is_a_conflict(api, cast):
    project = make_project(cast.organization)
    for method, path in (("get", "filters"), ("post", "preview"), ("post", "execute")):
        problem = getattr(api.as_(cast.owner), method)(f"projects/{project.pk}/import/{path}", status=409)
        assert problem["code"] == "no_store_connection"


def test_a_shut_door_is_the_stores_fault(api, cast, project, shop):
    shop.fail(401, {"code": "woocommerce_rest_authentication_error", "message": "x"}, times=9)
    problem = api.as_(cast.owner).get(f"projects/{project.pk}/import/filters", status=502)
    assert problem["party"] == "store"
    assert SECRET not in str(problem)
    assert not Job.objects.exists()


def test_products_variants_and_categories_arrive(api, cast, project, shop):
    parent = shop.add(name="Bottle", categories=["Outdoor"])
    shop.add_variation(parent["id"], "Red")
    shop.add_variation(parent["id"], "Blue")
    shop.add(name="Cup")
    job = execute(api, cast, project, {"item_types": ["product", "category"]})
    assert (job.status, job.result["imported"]) == ("completed", 5)
    bottle = ContentItem.objects.get(source_data__name="Bottle")
    variants = ContentItem.objects.filter(item_type="variant")
    assert {v.parent_id for v in variants} == {bottle.pk}
    assert ContentItem.objects.get(item_type="category").source_data["name"] == "Outdoor"
    source = DataSource.objects.get()
    assert (source.type, source.status, source.item_count) == ("store", "ready", 5)
    project.refresh_from_db()
    assert project.status == "active"


def test_a_second_import_changes_what_changed_and_keeps_generated_work(api, cast, project, shop):
    rows = [shop.add() for _ in range(3)]
    execute(api, cast, project)
    first = ContentItem.objects.get(external_id=str(rows[0]["id"]))
    ContentItem.objects.filter(pk=first.pk).update(generated_content={"name": "Ours"}, status="approved")
    rows[0]["description"] = "<p>The merchant's new text</p>"
    rows[1]["total_sales"] = 99
    shop.add()
    job = execute(api, cast, project)
    assert (job.result["imported"], job.result["updated"], job.result["unchanged"]) == (1, 1, 2)
    first.refresh_from_db()
    assert first.source_data["description"] == "<p>The merchant's new text</p>"
    assert (first.generated_content, first.status) == ({"name": "Ours"}, "approved")
    assert DataSource.objects.count() == 1
    assert ContentItem.objects.count() == 4


@pytest.mark.thorough
def test_what_an_import_of_all_does_not_meet_is_asked_for_and_noted_once(api, cast, project, shop, monkeypatch):
    rows = [shop.add(categories=["Bottles"]) for _ in range(3)]
    execute(api, cast, project)
    del shop.products[rows[0]["id"]]
    read = execute(api, cast, project, {"categories": [rows[1]["categories"][0]["id"]]})
    assert "gone" not in read.result  # it was not of all
    monkeypatch.setattr(gone_items, "MOST", 0)
    assert execute(api, cast, project).result["gone"] == 0  # rather none than many that only seem to be missing
    monkeypatch.undo()
    dates = set()
    for _ in range(2):
        assert execute(api, cast, project).result["gone"] == 1
        found = Drift.objects.get(gone=True)
        assert found.item.external_id == str(rows[0]["id"])
        dates.add(found.found_at)
    assert len(dates) == 1
    shop.products[rows[0]["id"]] = rows[0]
    assert execute(api, cast, project).result["gone"] == 0
    assert not Drift.objects.exists()


def test_filters_narrow_it(api, cast, project, shop):
    shop.add(categories=["Bottles"])
    shop.add(categories=["Cups"])
    bottles = next(t for t in shop.categories.values() if t["name"] == "Bottles")
    job = execute(api, cast, project, {"categories": [bottles["id"]]})
    assert job.result["imported"] == 1


def test_another_import_at_once_is_refused(api, cast, project, shop):
    shop.add()
    owner = api.as_(cast.owner)
    started = owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
    problem = owner.post(f"projects/{project.pk}/import/execute", {}, status=409)
    assert (problem["code"], problem["job_id"]) == ("job_active", started["job_id"])


def test_it_goes_on_where_a_dead_worker_stopped(api, cast, project, shop, monkeypatch):
    for _ in range(450):
        shop.add()
    from projects.store_import import job as import_job

    settle, seen = import_job._settle, []

    def die_at_the_third(run, source, page, *rest):
        settle(run, source, page, *rest)
        seen.append(page)
        if len(seen) == 3:
            raise SystemExit("killed")

    monkeypatch.setattr(import_job, "_settle", die_at_the_third)
    owner = api.as_(cast.owner)
    started = owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
    with pytest.raises(SystemExit):
        run_jobs()
    monkeypatch.undo()
    Job.objects.update(lease_until=None)
    shop.calls.clear()
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert (job.status, job.result["imported"], job.progress_current) == ("completed", 450, 450)
    assert ContentItem.objects.count() == 450
    assert shop.calls["GET /products"] == 2


@pytest.mark.thorough
def test_a_throttled_store_slows_it_and_it_completes(api, cast, project, shop):
    for _ in range(350):
        shop.add()
    shop.per_second = 2
    job = execute(api, cast, project)
    assert (job.status, job.result["imported"]) == ("completed", 350)
    assert shop.throttled > 0


def test_an_outage_is_waited_out_and_a_refusal_is_not(api, cast, project, shop):
    shop.add()
    owner = api.as_(cast.owner)
    owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
    shop.fail(401, {"code": "woocommerce_rest_authentication_error", "message": "x"}, times=9)
    run_jobs()
    job = Job.objects.get()
    assert (job.status, job.error_code) == ("failed", "store_credentials_refused")
    assert StoreConnection.objects.get().status == "error"
    assert DataSource.objects.get().status == "error"


@pytest.mark.thorough
def test_pages_without_an_end_and_without_anything_end(api, cast, project, shop):
    shop.add()
    shop.fail(200, [], times=500, when=lambda r: "orderby=id" in r.target, x_wp_totalpages="999999")
    job = execute(api, cast, project)
    assert (job.status, job.error_code) == (Job.Status.FAILED, "store_has_no_end")
    assert len(shop.requests) < 120


@pytest.mark.thorough
def test_a_dead_store_is_told_while_the_import_waits(api, cast, project, shop):
    shop.add()
    owner = api.as_(cast.owner)
    started = owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
    shop.fail(503, b"<html>down</html>", times=1)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert job.status == "completed"
    events = owner.get(f"jobs/{job.pk}")["progress_detail"]
    names = [event["event"] for event in events]
    assert names[:2] == ["start", "waiting"]
    assert names[-1] == "complete"
    assert (events[1]["code"], "503" in events[1]["reason"]) == ("store_unavailable", True)
    assert 0 < events[1]["seconds"] <= 1


def test_a_store_that_wants_a_long_rest_is_told_with_its_length(api, cast, project, shop):
    shop.add()
    owner = api.as_(cast.owner)
    started = owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
    shop.fail(503, b"<html>down</html>", times=1, Retry_After="90")
    run_jobs(until_idle=False)
    job = Job.objects.get(pk=started["job_id"])
    assert job.status == "running"
    [told] = [event for event in owner.get(f"jobs/{job.pk}")["progress_detail"] if event["event"] == "waiting"]
    assert told["seconds"] == 90
    assert job.due_at is not None
    run_jobs()
    job.refresh_from_db()
    assert job.status == "completed"


def test_a_stranger_finds_no_project(api, cast, project):
    stranger = api.as_(cast.stranger)
    stranger.get(f"projects/{project.pk}/import/filters", status=404)
    stranger.post(f"projects/{project.pk}/import/preview", {}, status=404)
    stranger.post(f"projects/{project.pk}/import/execute", {}, status=404)


def test_a_large_shop_comes_in_as_few_calls_as_there_are_pages(api, cast, project, shop):
    pages = 12
    for _ in range(pages * 100):
        shop.add()
    job = execute(api, cast, project)
    assert (job.status, job.result["imported"]) == ("completed", pages * 100)
    assert shop.calls["GET /products"] == pages + 1  # and one to count


def test_another_stores_products_are_others_though_their_ids_are_the_same(api, cast, project, shop, settings):
    shop.add(id=101, name="Ours")
    execute(api, cast, project)
    with FakeWooCommerce() as second:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport, second.hostport]
        second.add(id=101, name="Theirs")
        project.store_connection = make_woocommerce_connection(cast.organization, second.url, "Second")
        project.save()
        execute(api, cast, project)
    assert set(ContentItem.objects.values_list("source_data__name", flat=True)) == {"Ours", "Theirs"}


def test_a_file_s_item_is_found_by_its_id_or_handle(api, cast, project, shop):
    row = shop.add(name="From the store")
    source = DataSource.objects.create(organization=cast.organization, project=project, type="file", name="export.csv")
    item = ContentItem.objects.create(
        organization=cast.organization,
        project=project,
        data_source=source,
        external_id=str(row["id"]),
        source_data={"name": "From the file", "raw": {"Weight": "3"}},
        source_hash="of the file",
        generated_content={"name": "Kept"},
        status="generated",
    )
    job = execute(api, cast, project)
    assert (job.result["imported"], job.result["updated"]) == (0, 1)
    item.refresh_from_db()
    assert item.source_data["name"] == "From the store"
    assert item.source_data["raw"]["Weight"] == "3"
    assert (item.generated_content, item.status) == ({"name": "Kept"}, "generated")


def test_a_file_s_sku_is_not_taken_for_the_id_of_another_product(api, cast, project, shop):
    """The mug came in a file without ids, and its SKU is the lamp's number in the shop."""
    shop.add(id=1042, name="Lamp", sku="L-1")
    shop.add_variation(1042, "Red")
    source = DataSource.objects.create(organization=cast.organization, project=project, type="file", name="export.csv")
    mug = make_item(project, external_id="1042", source_data={"sku": "1042", "name": "Mug"}, data_source=source)
    job = execute(api, cast, project)
    assert (job.result["imported"], job.result["updated"]) == (2, 0)
    mug.refresh_from_db()
    assert mug.source_data["name"] == "Mug"
    lamp = ContentItem.objects.exclude(pk=mug.pk).get(external_id="1042")
    assert lamp.source_data["name"] == "Lamp"
    assert ContentItem.objects.get(item_type="variant").parent == lamp


def test_a_product_whose_sku_is_its_own_number_is_found(api, cast, project, shop):
    shop.add(id=1042, name="Mug", sku="1042")
    source = DataSource.objects.create(organization=cast.organization, project=project, type="file", name="export.csv")
    mug = make_item(project, external_id="1042", source_data={"sku": "1042", "name": "Cup"}, data_source=source)
    execute(api, cast, project)
    mug.refresh_from_db()
    assert mug.source_data["name"] == "Mug"
    row = shop.products[1042]
    row["sku"], row["name"] = "M-1", "Jug"
    execute(api, cast, project)
    mug.refresh_from_db()
    assert (mug.source_data["name"], ContentItem.objects.count()) == ("Jug", 1)
