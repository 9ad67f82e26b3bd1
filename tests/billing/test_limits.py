"""What a plan lets an organization keep: counted, shown, and refused beyond."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from billing import limits
from billing.access import plan_of
from billing.models import Plan
from projects import lifecycle, sources
from projects.models import ContentItem, DataSource, Project
from scribe import orphans, storage, stored_files
from scribe.errors import Conflict
from scribe.stored_files import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(cast: Any) -> Any:
    """Sets limits of the plan that the cast's organization is on."""

    def set_limits(**columns: int | None) -> None:
        Plan.objects.filter(pk=plan_of(cast.organization).pk).update(**columns)

    return set_limits


def used(organization: Any) -> dict[str, int]:
    return {row.name: row.used for row in limits.usage(organization)}


def test_every_seeded_plan_takes_a_file_of_the_largest_size_and_its_rows() -> None:
    for plan in Plan.objects.exclude(stored_bytes=None):
        assert plan.stored_bytes > 2 * 200 * 1024**2, plan
        assert plan.items >= 1_000_000, plan


def test_bytes_are_counted_as_files_come_and_go(cast: Any) -> None:
    key = storage.save(cast.organization.pk, "sources", "a.csv", b"12345")
    storage.save(cast.organization.pk, "sources", "b.csv", BytesIO(b"123"))
    storage.save(cast.stranger.organization_id, "sources", "c.csv", b"1")
    assert used(cast.organization)["stored_bytes"] == 8
    storage.delete(key)
    storage.delete(key)
    assert used(cast.organization)["stored_bytes"] == 3


def test_a_file_beyond_the_plan_is_refused_and_not_stored(cast: Any, free: Any) -> None:
    free(stored_bytes=10)
    storage.save(cast.organization.pk, "sources", "a.csv", b"12345")
    with pytest.raises(Conflict) as refusal:
        storage.save(cast.organization.pk, "sources", "b.csv", b"123456")
    assert (refusal.value.code, refusal.value.extra) == ("storage_full", {"limit": 10, "used": 5})
    assert len(list(storage.below(f"organizations/{cast.organization.pk}/"))) == 1
    storage.save(cast.stranger.organization_id, "sources", "b.csv", b"123")


def test_an_upload_beyond_the_plan_leaves_nothing(api: Any, cast: Any, free: Any) -> None:
    me = api.as_(cast.owner)
    project = me.post("projects", {"name": "Shop", "platform": "woocommerce"}, 201)
    file = BytesIO(b"SKU,Name\n1,Mug\n2,Cup\n")
    file.name = "shop.csv"
    free(stored_bytes=5)
    assert me.upload(f"projects/{project['id']}/sources/file", {"file": file}, 409)["code"] == "storage_full"
    free(stored_bytes=None, items=1)
    file.seek(0)
    refused = me.upload(f"projects/{project['id']}/sources/file", {"file": file}, 409)
    assert (refused["code"], refused["limit"], refused["used"]) == ("items_full", 1, 0)
    assert not DataSource.objects.exists()
    assert not StoredFile.objects.exists()
    assert not list(storage.below(f"organizations/{cast.organization.pk}/"))


def test_items_and_projects_have_an_end(api: Any, cast: Any, free: Any) -> None:
    me = api.as_(cast.owner)
    free(projects=1, items=2)
    project = me.post("projects", {"name": "Shop", "platform": "woocommerce"}, 201)
    assert me.post("projects", {"name": "Second", "platform": "woocommerce"}, 409)["code"] == "projects_full"
    shop = Project.objects.get(pk=project["id"])
    source = DataSource.objects.create(
        organization=shop.organization, project=shop, type=DataSource.Type.MANUAL, name="By hand"
    )
    items = [{"source_data": {"name": name}} for name in ("Mug", "Cup")]
    sources.add_items(source=source, items=items)
    with pytest.raises(Conflict, match=r"2 items\. You use 2") as refusal:
        sources.add_items(source=source, items=items[:1])
    assert refusal.value.code == "items_full"
    assert ContentItem.objects.count() == 2
    assert {**used(cast.organization), "stored_bytes": 0} == {
        "stored_bytes": 0,
        "items": 2,
        "projects": 1,
        "open_streams": 0,
    }


def test_the_api_tells_what_is_used(api: Any, cast: Any, free: Any) -> None:
    free(stored_bytes=100, items=None)
    storage.save(cast.organization.pk, "sources", "a.csv", b"12345")
    rows = {row["name"]: row for row in api.as_(cast.teammate).get("billing/limits")}
    assert rows["stored_bytes"] == {"name": "stored_bytes", "used": 5, "limit": 100}
    assert rows["items"]["limit"] is None


def test_files_from_before_are_counted_at_night(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key = storage.save(cast.organization.pk, "sources", "a.csv", b"12345")
    StoredFile.objects.all().delete()
    assert orphans.count_files() == 1
    assert orphans.count_files() == 0
    StoredFile.objects.all().delete()
    monkeypatch.setattr(storage, "exists", lambda key: False)  # deleted right after the listing
    assert orphans.count_files() == 0
    assert not StoredFile.objects.exists()
    monkeypatch.undo()
    assert orphans.count_files() == 1
    assert stored_files.bytes_of(cast.organization.pk) == 5
    assert StoredFile.objects.get().key == key


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["projects", "items", "stored_bytes"])
def test_of_two_additions_at_once_the_second_waits_and_is_refused(cast: Any, free: Any, kind: str) -> None:
    """The first has not committed yet when the second asks for room: both passed."""
    organization = cast.organization
    project = lifecycle.create(organization=organization, name="Shop", platform="woocommerce", by=None)
    free(**{kind: {"projects": 2, "items": 1, "stored_bytes": 5}[kind]})
    by_hand = [
        DataSource.objects.create(
            organization=organization, project=project, type=DataSource.Type.MANUAL, name=f"By hand {name}"
        )
        for name in "AB"
    ]

    def add(number: int) -> object:
        if kind == "projects":
            return lifecycle.create(organization=organization, name="More", platform="woocommerce", by=None)
        if kind == "items":
            return sources.add_items(source=by_hand[number], items=[{"source_data": {"name": "Mug"}}])
        return storage.save(organization.pk, "sources", f"{number}.csv", b"12345")

    def add_second() -> object:
        try:
            return add(1)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add(0)
            second = pool.submit(add_second)
            wait_until_a_lock_is_awaited()
            assert not second.done()
        assert second.result() == {"stored_bytes": "storage_full"}.get(kind, f"{kind}_full")


AWAITED = """SELECT count(*) FROM pg_locks l LEFT JOIN pg_database d ON d.oid = l.database
             WHERE (l.database IS NULL OR d.datname = current_database()) AND locktype = %s AND NOT granted"""


@pytest.mark.django_db(transaction=True)
def test_an_addition_waits_for_an_upload_before_it_locks_the_limit(cast: Any, free: Any) -> None:
    """An upload locks its project before the limit: the other way round, both would wait for each other."""
    free(items=5)
    project = lifecycle.create(organization=cast.organization, name="Shop", platform="woocommerce", by=None)
    by_hand = DataSource.objects.create(
        organization=cast.organization, project=project, type=DataSource.Type.MANUAL, name="By hand"
    )

    def add() -> int:
        try:
            return len(sources.add_items(source=by_hand, items=[{"source_data": {"name": "Mug"}}]))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            added = pool.submit(add)
            wait_until_a_lock_is_awaited("transactionid")
            limits.check("items", cast.organization.pk)
        assert added.result() == 1


def wait_until_a_lock_is_awaited(kind: str = "advisory") -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(AWAITED, [kind])
            if cursor.fetchone() != (0,):
                return
            sleep(0.02)
    raise AssertionError("nobody waits")
