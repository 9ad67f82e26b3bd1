"""Texts in places that a project's settings name: read, compared, put back, and never written over something else."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from projects.models import ContentItem, Drift, SyncRecord
from scribe.models import Job
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes import magento, shopify
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
LINE = "single_line_text_field"


@pytest.fixture
def shop(settings):
    with shopify.FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_SHOP_URL = fake.url
        yield fake


def connected(cast, shop, platform="shopify", token=shopify.TOKEN, **placement):
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Shop",
        platform=platform,
        base_url=shop.url,
        status="active",
        access_token=token,
    )
    project = make_project(cast.organization, platform=platform, store_connection=connection)
    place(project, **placement)
    return project


def place(project, **placement):
    project.settings = {"sync": {"placement": placement}}
    project.save()


def run(caller, path, **body):
    started = caller.post(path, body, status=202)
    run_jobs()
    return Job.objects.get(pk=started["job_id"])


def approved(caller, project, **content):
    run(caller, f"projects/{project.pk}/import/execute")
    ContentItem.objects.filter(project=project).update(generated_content=content, status="approved")


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


@pytest.mark.thorough
@pytest.mark.parametrize("namespace", ["custom", "meta.custom"])
def test_a_merchants_metafield_is_a_conflict_and_ours_are_undone(caller, cast, shop, namespace):
    project = connected(cast, shop, attributes=namespace)
    row = shop.add(metafields={"custom.material": {"type": LINE, "value": "Wool"}})
    given = {"Stoff": "Silk", "Care": "Cold", "Größe": "L", "Weight": "1 kg"}
    approved(caller, project, attributes=given)
    shop.edit(row)
    row["metafield_rows"]["custom.material"]["value"] = "The merchant's"
    assert run(caller, f"projects/{project.pk}/sync").result["conflicts"] == 1
    record = SyncRecord.objects.get()
    [conflict] = record.conflicts
    assert (conflict["field"], conflict["imported"], conflict["store"]) == (
        "meta.custom.material",
        "Wool",
        "The merchant's",
    )
    assert list(row["metafield_rows"]) == ["custom.material"]

    job = run(caller, f"projects/{project.pk}/sync", force=True)
    assert {key: m["value"] for key, m in row["metafield_rows"].items()} == {
        "custom.material": "Silk",
        "custom.care": "Cold",
        "custom.grosse": "L",
    }
    record = SyncRecord.objects.get(job=job)
    assert record.before["meta.custom.material"] == "The merchant's"
    assert set(record.after) == {"meta.custom.material", "meta.custom.care", "meta.custom.grosse"}
    assert "in its own field" in record.skipped["attributes.Weight"]
    assert run(caller, f"projects/{project.pk}/sync", mode="all").result["unchanged"] == 1

    place(project)  # the settings name no namespace any more: what is ours there is still known
    row["metafield_rows"]["custom.care"]["value"] = "Warm"
    run(caller, f"projects/{project.pk}/verify")
    assert [(f["field"], f["cause"]) for f in Drift.objects.get().fields] == [("meta.custom.care", "merchant")]
    row["metafield_rows"]["custom.care"]["value"] = "Cold"
    assert run(caller, f"jobs/{job.pk}/undo").result["undone"] == 1
    assert {key: m["value"] for key, m in row["metafield_rows"].items()} == {"custom.material": "The merchant's"}


def test_a_merchants_metafield_that_a_new_import_saw_is_a_conflict(caller, cast, shop):
    project = connected(cast, shop, attributes="custom")
    row = shop.add(metafields={"custom.material": {"type": LINE, "value": "Wool"}})
    approved(caller, project, attributes={"Material": "Silk"})
    row["metafield_rows"]["custom.material"]["value"] = "Linen"
    run(caller, f"projects/{project.pk}/import/execute")
    assert ContentItem.objects.get().outdated_fields == ["attributes.material"]
    assert run(caller, f"projects/{project.pk}/sync").result["conflicts"] == 1
    assert shop.metafield(row, "custom.material") == "Linen"


@pytest.mark.thorough
def test_what_we_put_into_metafields_does_not_come_back_as_a_fact(caller, cast, shop):
    project = connected(cast, shop, attributes="custom")
    shop.define("custom.colours", "Colours", "list.single_line_text_field")
    row = shop.add()
    approved(caller, project, attributes={"Colours": "Red, Blue", "Care": "Cold"})
    job = run(caller, f"projects/{project.pk}/sync")
    assert shop.metafield(row, "custom.colours") == '["Red","Blue"]'
    run(caller, f"projects/{project.pk}/import/execute")
    assert ContentItem.objects.get().source_data["attributes"] == {}
    assert run(caller, f"projects/{project.pk}/sync", mode="all").result["unchanged"] == 1
    assert run(caller, f"jobs/{job.pk}/undo").result["undone"] == 1
    assert row["metafield_rows"] == {}


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([{"id": 1, "key": "_facts", "value": {"rows": [1, 2]}}], "holds data"),
        ([{"id": 1, "key": "_facts", "value": "a"}, {"id": 2, "key": "_facts", "value": "b"}], "several"),
    ],
)
def test_a_meta_row_that_is_no_single_text_is_left(caller, cast, settings, held, reason):
    with FakeWooCommerce() as woo:
        settings.OUTBOUND_ALLOWED_HOSTS = [woo.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, woo.url)
        )
        place(project, bullet_points="meta._facts", structured_data="meta._price")
        row = woo.add(meta_data=held)
        approved(caller, project, name="New", bullet_points=["One"], structured_data={"a": 1})
        assert run(caller, f"projects/{project.pk}/sync", force=True).result["synced"] == 1
        assert (row["name"], row["meta_data"]) == ("New", held)
        skipped = SyncRecord.objects.get().skipped
        assert reason in skipped["meta._facts"]
        assert "own" in skipped["meta._price"]


def test_an_attribute_of_magento_that_holds_no_text_is_left(caller, cast, settings):
    with magento.FakeMagento() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        places = {"bullet_points": "meta.material", "structured_data": "meta.nothing"}
        project = connected(cast, shop, "magento2", magento.TOKEN, **places)
        row = shop.add(custom={"material": "11", "care": "Cold"})
        approved(caller, project, bullet_points=["One"], structured_data={"a": 1}, attributes={"Care": "Warm"})
        job = run(caller, f"projects/{project.pk}/sync", force=True)
        assert (shop.value(row, "material"), shop.value(row, "care")) == ("11", "Warm")
        skipped = SyncRecord.objects.get().skipped
        assert "holds no text" in skipped["meta.material"]
        assert "no product attribute nothing" in skipped["meta.nothing"]
        place(project, bullet_points="meta.care")
        run(caller, f"jobs/{job.pk}/undo")
        assert shop.value(row, "care") == "Cold"


def test_an_undo_in_a_view_of_magento_follows_the_default_again(caller, cast, settings):
    with magento.FakeMagento() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = connected(cast, shop, "magento2", magento.TOKEN)
        project.settings = {"sync": {"store_view": "de"}}
        project.save()
        row = shop.add(custom={"description": "<p>English</p>"})
        approved(caller, project, description="<p>Deutsch</p>")
        job = run(caller, f"projects/{project.pk}/sync")
        assert shop.views["de"][row["sku"]] == {"description": "<p>Deutsch</p>"}
        assert run(caller, f"jobs/{job.pk}/undo").result["undone"] == 1
        assert shop.views["de"][row["sku"]] == {}
