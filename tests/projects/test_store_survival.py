"""Imports and syncs on the running stack: workers killed in the middle, requests that wait, streams that follow."""

from __future__ import annotations

import json
from typing import Any

import pytest

from projects.models import ContentItem, SyncRecord
from scribe.models import Job
from tests import factories
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live, wait


@pytest.fixture(scope="module")
def shop() -> Any:
    with FakeWooCommerce() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(shop: Any, django_db_setup: Any, django_db_blocker: Any) -> Any:
    from django.db import connection

    with django_db_blocker.unblock():
        parts = ("web", "worker-sync", "worker-default", "beat")
        live = Live(*parts, JOB_LEASE_SECONDS="6", OUTBOUND_ALLOWED_HOSTS=shop.hostport)
        live.start()
        connection.close()
    yield live
    live.stop()


@pytest.fixture
def owner(live: Live, shop: Any) -> Any:
    shop.products.clear()
    shop.writes.clear()
    shop.calls.clear()
    shop.latency = shop.write_latency = 0.0
    yield factories.make_user()
    wait(all_over, seconds=90)  # nothing of this test's jobs is still at work when the tables are emptied


@pytest.fixture
def project(owner: Any, shop: Any) -> Any:
    connection = factories.make_woocommerce_connection(owner.organization, shop.url)
    return factories.make_project(owner.organization, store_connection=connection)


def ended(job_id: str, seconds: float = 60) -> Job:
    """The job once it has ended and what follows it is done too."""
    over = Job.objects.filter(pk=job_id, status__in=Job.ENDED, settled_at__isnull=False)
    return wait(over.first, seconds=seconds)


def all_over() -> bool:
    return not Job.objects.filter(settled_at=None).exists()


def imported(live: Live, owner: Any, project: Any, shop: Any, count: int) -> None:
    for _ in range(count):
        shop.add()
    answer = live.call("POST", f"projects/{project.pk}/import/execute", owner, 202, json={}).json()
    assert ended(answer["job_id"]).result["imported"] == count
    for pk, external_id in ContentItem.objects.filter(project=project).values_list("pk", "external_id"):
        ContentItem.objects.filter(pk=pk).update(generated_content={"name": f"New {external_id}"}, status="approved")


def test_an_import_whose_worker_is_killed_has_each_product_once(
    live: Live, owner: Any, project: Any, shop: Any
) -> None:
    for _ in range(600):
        shop.add()
    shop.latency = 0.4
    job_id = live.call("POST", f"projects/{project.pk}/import/execute", owner, 202, json={}).json()["job_id"]
    wait(lambda: ContentItem.objects.filter(project=project).count() >= 200)
    live.kill("worker-sync")
    assert ContentItem.objects.filter(project=project).count() < 600
    live.revive("worker-sync")
    job = ended(job_id)
    assert (job.status, job.result["imported"], job.progress_current) == ("completed", 600, 600)
    ids = list(ContentItem.objects.filter(project=project).values_list("external_id", flat=True))
    assert len(ids) == len(set(ids)) == 600


def test_a_sync_whose_worker_is_killed_writes_each_product_once(
    live: Live, owner: Any, project: Any, shop: Any
) -> None:
    imported(live, owner, project, shop, 400)
    shop.write_latency = 0.8
    job_id = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json={"job_type": "sync"}).json()["job_id"]
    wait(lambda: SyncRecord.objects.filter(state="done").count() >= 100)
    live.kill("worker-sync")
    assert ContentItem.objects.filter(project=project, status="synced").count() < 400
    live.revive("worker-sync")
    job = ended(job_id)
    assert (job.status, job.result["synced"], job.progress_current) == ("completed", 400, 400)
    assert len(shop.writes) == 400
    assert set(shop.writes.values()) == {1}
    assert all(row["name"] == f"New {row['id']}" for row in shop.products.values())
    undo = live.call("POST", f"jobs/{job_id}/undo", owner, None, json={}).json()
    assert ended(undo["job_id"]).result["undone"] == 400
    assert all(row["name"] == f"Product {row['id']}" for row in shop.products.values())


def test_a_request_waits_for_its_sync(live: Live, owner: Any, project: Any, shop: Any) -> None:
    imported(live, owner, project, shop, 30)
    first, second, *_ = shop.products.values()
    first["name"] = "The merchant's word"
    answer = live.call("POST", f"projects/{project.pk}/sync", owner, 200, json={}).json()
    assert (answer["synced_count"], answer["failed_count"], answer["status"]) == (29, 1, "completed_with_errors")
    item = ContentItem.objects.get(external_id=str(first["id"]))
    problem = live.call("POST", f"projects/{project.pk}/sync/{item.pk}", owner, 409, json={}).json()
    assert problem["code"] == "sync_conflict"
    assert problem["conflicts"][0]["store"] == "The merchant's word"
    done = live.call("POST", f"projects/{project.pk}/sync/{item.pk}", owner, 200, json={"force": True}).json()
    assert done["success"]
    assert first["name"] == f"New {first['id']}"
    other = ContentItem.objects.get(external_id=str(second["id"]))
    back = live.call("POST", f"projects/{project.pk}/sync/{other.pk}/undo", owner, 200, json={}).json()
    assert back["success"]
    assert second["name"] == f"Product {second['id']}"


def test_a_stream_tells_each_item(live: Live, owner: Any, project: Any, shop: Any) -> None:
    imported(live, owner, project, shop, 12)
    next(iter(shop.products.values()))["name"] = "Edited"
    reply = live.call("POST", f"projects/{project.pk}/sync/stream", owner, 200, json={}, stream=True)
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    events = [block.split("\n") for block in reply.text.split("\n\n") if "event:" in block]
    told = [(dict(line.split(": ", 1) for line in block if ": " in line)) for block in events]
    names = [event["event"] for event in told]
    assert names[0] == "start"
    assert names.count("item") == 11
    assert names.count("item_failed") == 1
    assert names[-1] == "complete"
    failed = json.loads(next(event["data"] for event in told if event["event"] == "item_failed"))
    assert failed["conflicts"][0]["store"] == "Edited"
    numbers = [int(event["id"]) for event in told]
    assert numbers == sorted(numbers)
