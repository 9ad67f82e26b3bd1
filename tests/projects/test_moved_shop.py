"""A store connection that gets another host: ids of before are not written to, and items are found again by SKU."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import StoreConnection
from integrations.stores.types import StoreItem
from projects import hosts
from projects.models import ContentItem, DataSource, Project, SyncRecord
from projects.store_import import upsert
from scribe.api.fields import utc
from scribe.models import Job
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce
from tests.helpers import run_jobs
from tests.projects.pushes import imported, one, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shops(settings: Any) -> Any:
    with FakeWooCommerce() as old, FakeWooCommerce() as new:
        settings.OUTBOUND_ALLOWED_HOSTS = [old.hostport, new.hostport]
        yield old, new


@pytest.fixture
def project(cast: Any, shops: Any) -> Any:
    connection = make_woocommerce_connection(cast.organization, shops[0].url)
    return make_project(cast.organization, store_connection=connection)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def move(caller: Any, project: Any, shop: Any) -> None:
    body = {"base_url": shop.url, "consumer_key": KEY, "consumer_secret": SECRET}
    caller.patch(f"store-connections/{project.store_connection_id}", body)
    StoreConnection.objects.update(status="active")


def import_again(caller: Any, project: Any) -> Job:
    answer = caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


@pytest.mark.thorough
def test_nothing_is_written_under_ids_of_before_and_the_item_is_found_by_its_sku(
    caller: Any, project: Any, shops: Any
) -> None:
    old, new = shops
    [row] = imported(caller, project, old, sku="MUG-1", name="Mug")
    item = ContentItem.objects.get()
    pushed = sync(caller, project)
    assert pushed.result["synced"] == 1
    other = new.add(id=row["id"], sku="LAMP-1", name="Lamp", description="<p>A lamp.</p>")
    mug = new.add(id=row["id"] + 7, sku="MUG-1", name="Mug", description=row["description"])
    move(caller, project, new)

    ContentItem.objects.update(status="approved")
    refused = sync(caller, project, force=True)
    assert (refused.result["failed"], SyncRecord.objects.get(job=refused).code) == (1, "shop_moved")
    caller.post(f"jobs/{pushed.pk}/undo", {}, status=202)
    run_jobs()
    assert SyncRecord.objects.get(kind="undo").code == "shop_moved"
    caller.post(f"projects/{project.pk}/verify", {}, status=202)
    [checked] = [job for job in run_jobs() if job.job_type == "verify"]
    assert (checked.result["unread"], checked.result.get("drifted", 0)) == (1, 0)
    assert new.writes == {}

    import_again(caller, project)
    item.refresh_from_db()
    assert (item.external_id, item.generated_content["name"]) == (str(mug["id"]), f"New {row['id']}")
    assert ContentItem.objects.get(external_id=str(other["id"])).pk != item.pk
    assert ContentItem.objects.count() == DataSource.objects.count() == 2
    ContentItem.objects.filter(pk=item.pk).update(status="approved")
    assert one(caller, project, item, force=True)["success"]
    assert (mug["name"], other["name"], other["description"]) == (f"New {row['id']}", "Lamp", "<p>A lamp.</p>")
    imported_again = import_again(caller, project).result
    assert (imported_again["imported"], ContentItem.objects.count()) == (0, 2)


def test_what_has_no_sku_is_found_by_its_id_and_name(caller: Any, project: Any, shops: Any) -> None:
    old, new = shops
    same, another = imported(caller, project, old, count=2, sku="")
    new.add(id=same["id"], sku="", name=same["name"])
    new.add(id=another["id"], sku="", name="Something else")
    move(caller, project, new)
    import_again(caller, project)
    found = {(item.external_id, bool(item.generated_content)) for item in ContentItem.objects.all()}
    assert found == {(str(same["id"]), True), (str(another["id"]), True), (str(another["id"]), False)}


def test_an_item_of_a_file_with_an_id_of_before_waits_for_an_import(caller: Any, project: Any, shops: Any) -> None:
    old, new = shops
    row = old.add(sku="MUG-1")
    content = {"description": "<p>Ours.</p>"}
    facts = {"name": "Mug", "sku": "MUG-1", "description": "<p>Theirs.</p>"}
    item = make_item(
        project, external_id=str(row["id"]), status="approved", generated_content=content, source_data=facts
    )
    other = make_item(
        project, external_id=str(row["id"] + 1), status="pending", source_data={**facts, "sku": "CUP-1", "name": "Cup"}
    )
    move(caller, project, new)
    there = new.add(id=row["id"], sku="MUG-1", description="<p>Theirs.</p>")
    lamp = new.add(id=row["id"] + 1, sku="LAMP-1")
    assert SyncRecord.objects.get(job=sync(caller, project)).code == "shop_moved"
    import_again(caller, project)
    other.refresh_from_db()
    assert (other.source_data["sku"], ContentItem.objects.filter(external_id=str(lamp["id"])).count()) == ("CUP-1", 2)
    item.refresh_from_db()
    assert one(caller, project, item)["success"]
    assert there["description"] == "<p>Ours.</p>"
    assert import_again(caller, project).result["imported"] == 0


def test_of_rows_with_one_sku_in_several_languages_the_items_own_is_found(cast: Any) -> None:
    link = make_woocommerce_connection(cast.organization, "https://new.example")
    link.moved_at = timezone.now()
    project = make_project(cast.organization, store_connection=link)
    old, here = (source(project, link, host) for host in ("https://old.example", "https://new.example"))

    def facts(lang: str, **ids: str) -> dict[str, Any]:
        return {"name": "Mug", "sku": "A", "raw": {"lang": lang, "translations": ids}}

    item = make_item(project, external_id="1", data_source=old, source_data=facts("en", en="1", de="2"))
    page = [StoreItem(pk, "product", facts(lang, de="21", en="22")) for pk, lang in (("21", "de"), ("22", "en"))]
    with transaction.atomic():
        upsert.upsert(source=here, page=page, position=0)
    item.refresh_from_db()
    assert (item.external_id, item.data_source_id) == ("22", here.pk)


def test_a_page_after_the_move_takes_as_many_queries_whatever_its_size(cast: Any) -> None:
    def queries(count: int) -> tuple[int, int]:
        link = make_woocommerce_connection(cast.organization, "https://new.example", name=f"Shop {count}")
        link.moved_at = timezone.now()
        project = make_project(cast.organization, store_connection=link)
        old, here = (source(project, link, host) for host in ("https://old.example", "https://new.example"))
        facts = {"name": "Mug", "raw": {}}
        for n in range(count):
            make_item(project, external_id=f"{n}", data_source=old, source_data={**facts, "sku": f"A-{n}"})
            make_item(project, external_id=f"{n + 200}", source_data={**facts, "sku": f"B-{n}"})
        ContentItem.objects.filter(project=project).update(created_at=timezone.now() - timedelta(days=1))
        page = [StoreItem(f"{n + 100}", "product", {**facts, "sku": f"A-{n}"}) for n in range(count)]
        page += [StoreItem(f"{n + 200}", "product", {**facts, "sku": f"B-{n}"}) for n in range(count)]
        with transaction.atomic(), CaptureQueriesContext(connection) as reading:
            tally = upsert.upsert(source=here, page=page, position=0)
        assert (tally.imported, old.items.count()) == (0, 0)
        with CaptureQueriesContext(connection) as pushing:
            assert not hosts.from_elsewhere(list(ContentItem.objects.filter(project=project)), link)
        return len(reading), len(pushing)

    assert queries(3) == queries(30)


def source(project: Project, link: StoreConnection, host: str) -> DataSource:
    config = {"connection_id": str(link.pk), "base_url": host, "moved_at": utc(link.moved_at)}
    return DataSource.objects.create(
        organization_id=project.organization_id, project=project, type="store", name="Shop", config=config
    )
