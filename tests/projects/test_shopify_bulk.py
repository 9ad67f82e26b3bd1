"""A large shop at Shopify is imported by one bulk operation, whatever becomes of it, and with the same items as page by page."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from integrations.shopify import bulk, client
from projects.models import ContentItem
from projects.store_import import job as store_import
from projects.store_work import store_of
from scribe import jobs
from scribe.models import Job, JobEvent
from tests.factories import make_project
from tests.fakes.server import Reply
from tests.fakes.shopify import TOKEN, FakeShopify
from tests.fakes.stores import Fault
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCTS = 12


@pytest.fixture
def shop(settings, monkeypatch):
    monkeypatch.setattr(client, "BULK_FROM", 10)
    monkeypatch.setattr(bulk, "PAGE", 5)
    with FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_SHOP_URL = fake.url
        fill(fake)
        yield fake


def fill(fake):
    """Products of which one has lists longer than any page."""
    summer, winter = fake.collection("Sommer & Sonne"), fake.collection("Winter")
    for n in range(PRODUCTS):
        row = fake.add(
            title=f"Jacke {n} „wärmt“\u2028sehr",
            tags=["men"],
            collection_ids=[winter["id"], summer["id"]][: n % 3],
            metafields={"custom.fabric": {"type": "single_line_text_field", "value": f"Wolle {n}"}},
        )
        if n == 4:
            row["image_urls"] = [f"https://cdn.shopify.com/{i}.jpg" for i in range(9)]
            row["collection_ids"] = [fake.collection(f"C{i}")["id"] for i in range(7)]
            fake.with_variants(row, "Size", [str(i) for i in range(270)])
            for i in range(12):
                held = {"type": "single_line_text_field", "value": f"v{i}", "namespace": "facts", "key": f"f{i}"}
                row["metafield_rows"][f"facts.f{i}"] = {"id": f"gid://shopify/Metafield/9{i}", **held}


@pytest.fixture
def project(cast, shop):
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Shop",
        platform="shopify",
        base_url=shop.url,
        status="active",
        access_token=TOKEN,
    )
    placement = {"short_description": "meta.custom.fabric", "attributes": "meta.facts"}
    return make_project(
        cast.organization,
        platform="shopify",
        store_connection=connection,
        settings={"sync": {"placement": placement}},
    )


def execute(api, cast, project, filters=None):
    started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {"filters": filters or {}}, status=202)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert job.status == "completed", (job.error, job.result)
    return job


def items(project):
    rows = ContentItem.objects.filter(project=project).select_related("parent", "store_text").order_by("external_id")
    return [
        (
            row.external_id,
            row.item_type,
            row.source_data,
            row.parent and row.parent.external_id,
            getattr(getattr(row, "store_text", None), "held", None),
        )
        for row in rows
    ]


def reasons(job):
    return [e.data["reason"] for e in JobEvent.objects.filter(job=job, name="waiting").order_by("number")]


WHOLE = PRODUCTS + 270


@pytest.mark.parametrize("order", ["loose", "grouped", "shuffled"])
def test_it_brings_what_the_pages_bring_in_few_calls(api, cast, project, shop, monkeypatch, order):
    shop.bulk_grouped, shop.bulk_shuffled = order == "grouped", order == "shuffled"
    job = execute(api, cast, project)
    assert (job.result["imported"], job.progress_current) == (WHOLE, PRODUCTS)
    # One start, three looks and the file, after the count.
    assert shop.calls["POST Products"] == 0
    assert job.result["calls"] == 5
    assert sum(shop.calls.values()) == 7  # with one to count, and one for the languages
    assert reasons(job) == [bulk.PREPARES] * 3
    by_bulk = items(project)
    assert {len(data["images"]) for _, _, data, _, _ in by_bulk} == {0, 1, 9}
    monkeypatch.setattr(client, "BULK_FROM", 10_000)
    again = execute(api, cast, project)
    assert (again.result["imported"], again.result["updated"], again.result["unchanged"]) == (0, 0, WHOLE)
    assert items(project) == by_bulk
    [big] = [data for _, _, data, _, _ in by_bulk if len(data["images"]) == 9]
    assert len(big["categories"]) == 7
    assert {f"f{i}" for i in range(12)} <= set(big["attributes"])


def test_filters_and_collections_go_along(api, cast, project, shop):
    for _ in range(10):
        shop.add(vendor='O"Neil \\ Söhne', status="DRAFT")
    job = execute(api, cast, project, {"vendors": ['O"Neil \\ Söhne'], "item_types": ["product", "category"]})
    assert job.result["imported"] == 10 + len(shop.collections)
    assert job.result["pages"] == 3
    asked = execute(api, cast, project, {"tags": ["men"], "item_types": ["category"]})
    assert asked.result["seen"] == len(shop.collections)


def test_changes_of_a_shop_come_with_the_next_one(api, cast, project, shop):
    execute(api, cast, project)
    row = next(iter(shop.products.values()))
    shop.edit(row, title="Renamed")
    job = execute(api, cast, project)
    assert (job.result["imported"], job.result["updated"], job.result["unchanged"]) == (0, 1, WHOLE - 1)


def test_a_shop_without_a_match_has_no_file(api, cast, project, shop):
    shop.products.clear()
    store = store_of(project, project.store_connection, pause=lambda seconds: None)
    assert [item for page in store.pages({}, bulk.BEGIN) for item in page.items] == []
    assert not shop.bulk_files


TROUBLE = {
    "refused": (lambda shop: setattr(shop, "bulk_refusal", "INVALID"), "refused to export"),
    "failed": (lambda shop: shop.__dict__.update(bulk_end="FAILED", bulk_error="TIMEOUT"), "failed"),
    "failed twice": (
        lambda shop: shop.__dict__.update(bulk_end="FAILED", bulk_error="INTERNAL_SERVER_ERROR"),
        "failed",
    ),
    "denied": (lambda shop: shop.__dict__.update(bulk_end="FAILED", bulk_error="ACCESS_DENIED"), "failed"),
    "cancelled": (lambda shop: shop.__dict__.update(bulk_states=["CANCELING"], bulk_end="CANCELED"), "was cancelled"),
    "expired": (lambda shop: setattr(shop, "bulk_end", "EXPIRED"), "has expired"),
    "too long": (lambda shop: setattr(shop, "bulk_states", ["RUNNING"] * 999), "in time"),
    "no file": (
        lambda shop: shop.faults.append(Fault(Reply(403, b"<Error/>"), lambda r: r.path.startswith("/bulk/"), 9)),
        "could not be downloaded",
    ),
    "no host": (
        lambda shop: shop.faults.append(Fault(Reply(cut=0), lambda r: r.path.startswith("/bulk/"), 99)),
        "could not be downloaded",
    ),
    "no lines": (
        lambda shop: shop.faults.append(Fault(Reply(200, b"[1]\n{"), lambda r: r.path.startswith("/bulk/"), 9)),
        "could not be read",
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("trouble", TROUBLE)
def test_what_a_bulk_operation_does_not_bring_the_pages_do_and_it_is_said(
    api, cast, project, shop, monkeypatch, trouble
):
    spoil, said = TROUBLE[trouble]
    spoil(shop)
    if trouble == "too long":
        monkeypatch.setattr(bulk, "LONGEST_RUN", -1.0)
    job = execute(api, cast, project)
    assert job.result["imported"] == WHOLE
    assert said in job.result["note"]
    assert job.result["note"].endswith(bulk.BY_PAGES)
    assert job.result["note"] in reasons(job)  # the pages may have to slow down after it
    assert shop.calls["POST BulkRun"] == (2 if trouble in ("failed twice", "expired") else 1)
    assert shop.calls["POST BulkCancel"] == (1 if trouble == "too long" else 0)


def test_a_second_operation_may_bring_what_the_first_failed_to(api, cast, project, shop):
    shop.bulk_end, shop.bulk_error = "FAILED", "INTERNAL_SERVER_ERROR"

    def mend(request):
        if b"BulkLook" in request.body:
            shop.bulk_end = "COMPLETED"

    shop.on_request = mend
    job = execute(api, cast, project)
    assert job.result["imported"] == WHOLE
    assert shop.calls["POST Products"] == 0


@pytest.mark.thorough
@pytest.mark.parametrize("ends", [True, False])
def test_another_operation_in_the_shop_is_waited_for_with_an_end(api, cast, project, shop, monkeypatch, ends):
    shop.bulk_states = ["RUNNING"] * (3 if ends else 999)
    shop.run_bulk("{ products { edges { node { id } } } }")
    shop.bulk_states = ["RUNNING"]
    looked = iter(range(999))

    def pass_time(request):  # the other one goes on, whoever looks
        if b"BulkRun" in request.body:
            shop.shown_bulk(next(iter(shop.operations.values())))
            if not ends and next(looked) == 3:
                monkeypatch.setattr(bulk, "LONGEST_TURN", -1.0)

    shop.on_request = pass_time
    job = execute(api, cast, project)
    assert job.result["imported"] == WHOLE
    assert bulk.ITS_TURN in reasons(job)
    assert (shop.calls["POST Products"] == 0) == ends
    assert ("running for a long time" in job.result["note"]) != ends


def test_the_credentials_end_ends_the_import(api, cast, project, shop):
    started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {}, status=202)
    shop.tokens.clear()
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert (job.status, job.error_code) == ("failed", "store_credentials_refused")


class Killed(BaseException):
    """As kill -9: nothing after it runs, and the lease stays until it runs out."""


@pytest.mark.parametrize("at_once", [1, 5])
def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(api, cast, project, shop, monkeypatch, at_once):
    """Each lease dies at the next point: after a call of the store's and before the settling, one after the other."""
    shop.bulk_at_once = at_once
    started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {}, status=202)
    settle, seen = store_import._settle, []

    def settle_or_die(run, source, page, *rest):
        point = (run.result.get("cursor"), len(page.items))
        if point not in seen:  # the first time at this point, before its settling
            seen.append(point)
            raise Killed
        settle(run, source, page, *rest)

    monkeypatch.setattr(store_import, "_settle", settle_or_die)
    for _ in range(40):
        shop.expire_files()  # days may lie between
        Job.objects.filter(status="running").update(lease_until=None)
        try:
            run_jobs()
        except Killed:
            continue
        break
    job = Job.objects.get(pk=started["job_id"])
    assert (job.status, job.result["imported"], job.result["seen"]) == ("completed", WHOLE, WHOLE)
    assert len(seen) == 5  # the start, the looks, and three pages
    assert ContentItem.objects.filter(project=project).count() == WHOLE
    assert shop.calls["POST Products"] == 0
    assert shop.calls["POST BulkCurrent"] == (1 if at_once == 1 else 0)  # the operation whose id died with its worker
    assert len(shop.operations) == (1 if at_once == 1 else 2)


def test_a_cancelled_job_leaves_the_file(api, cast, project, shop, monkeypatch):
    started = api.as_(cast.owner).post(f"projects/{project.pk}/import/execute", {}, status=202)
    add = bulk.Lines.add

    def cancelled_meanwhile(lines, piece):
        add(lines, piece)
        raise jobs.JobStopped

    monkeypatch.setattr(bulk.Lines, "add", cancelled_meanwhile)
    api.as_(cast.owner).post(f"jobs/{started['job_id']}/cancel", {})
    run_jobs()
    assert not ContentItem.objects.filter(project=project).exists()
