"""The mark that tells programs who wrote a shop's texts: pushed beside them, read back, undone, unseen by readers."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from integrations.models import StoreConnection
from projects.models import Approval, ContentItem, Drift, SyncRecord
from projects.models.sync import StoreText
from scribe.models import Job
from tests.factories import make_project
from tests.helpers import run_jobs
from tests.stores import STORES, FakeStore

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_value("platform")]

STAMPS = {"date_modified_gmt", "updatedAt", "updated_at", "modified_gmt"}
WRITTEN = {
    "ai_provider": "anthropic",
    "ai_model": "claude-haiku-5-5",
    "generated_at": "2026-11-30T09:02:10Z",
    "prompt_version": 12,
}
CONTENT = {"name": "Kettle", "description": "<p>A kettle of steel, “1.7 l”.</p>"}


MARKED = [store for store in STORES.values() if store.row.mark_place]


@pytest.fixture(params=MARKED, ids=lambda store: store.platform)
def platform(request: Any) -> Any:
    return request.param


@pytest.fixture
def shop(platform: FakeStore, settings: Any) -> Any:
    with platform.open(settings) as fake:
        fake.guarded = True
        if platform.platform == "magento2":
            fake.attributes["xcscribe_ai"] = {
                "attribute_code": "xcscribe_ai",
                "scope": "store",
                "default_frontend_label": "AI disclosure",
                "frontend_input": "textarea",
                "options": [],
            }
        yield fake


@pytest.fixture
def connection(cast: Any, shop: Any, platform: FakeStore) -> StoreConnection:
    return platform.connect(cast.organization, shop, provenance="mark")


@pytest.fixture
def project(cast: Any, connection: StoreConnection, platform: FakeStore) -> Any:
    return make_project(cast.organization, platform=platform.platform, store_connection=connection)


@pytest.fixture
def caller(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def done(caller: Any, path: str, body: Any = None) -> Job:
    answer = caller.post(path, body or {}, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


def imported(caller: Any, project: Any, shop: Any, **metadata: Any) -> tuple[Any, ContentItem]:
    """A row of the shop, and its item with a text that a person has approved."""
    row = shop.add()
    done(caller, f"projects/{project.pk}/import/execute")
    item = ContentItem.objects.get()
    ContentItem.objects.filter(pk=item.pk).update(
        generated_content=CONTENT, generation_metadata={**WRITTEN, **metadata}, status="generated"
    )
    caller.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "approved"})
    return row, item


def pushed(caller: Any, project: Any, **body: Any) -> Job:
    return done(caller, f"projects/{project.pk}/sync", body)


def texts_of(platform: FakeStore, shop: Any, row: Any) -> tuple[str, str]:
    return platform.name(row), platform.description(shop, row)


def snapshot(row: Any) -> Any:
    return copy.deepcopy({k: v for k, v in row.items() if not callable(v) and k not in STAMPS})


@pytest.mark.thorough
def test_a_push_tells_programs_who_wrote_the_texts_and_readers_nothing(
    caller: Any, project: Any, shop: Any, platform: FakeStore, connection: StoreConnection
) -> None:
    connection.provenance = "record"
    connection.save()
    row, _ = imported(caller, project, shop)
    before = snapshot(row)
    job = pushed(caller, project)
    without = texts_of(platform, shop, row)
    assert (job.result["synced"], platform.mark(shop, row)) == (1, "")
    done(caller, f"jobs/{job.pk}/undo")
    assert snapshot(row) == before
    connection.provenance = "mark"
    connection.save()
    shop.writes.clear()
    assert pushed(caller, project).result["synced"] == 1
    assert texts_of(platform, shop, row) == without
    assert json.loads(platform.mark(shop, row)) == {
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "ai_disclosure": "ai-assisted",
        "ai_provider": "anthropic",
        "ai_model": "claude-haiku-5-5",
        "generated_at": "2026-11-30T09:02:10Z",
    }
    assert set(shop.writes.values()) == {1}, "the mark goes by the write of the texts"


def test_an_undo_takes_the_mark_back_with_the_text(caller: Any, project: Any, shop: Any, platform: FakeStore) -> None:
    row, _ = imported(caller, project, shop)
    texts = texts_of(platform, shop, row)
    job = pushed(caller, project)
    assert platform.mark(shop, row)
    assert done(caller, f"jobs/{job.pk}/undo").result["undone"] == 1
    assert (texts_of(platform, shop, row), platform.mark(shop, row)) == (texts, "")


def test_an_undo_leaves_the_mark_to_a_text_that_stays(
    caller: Any, project: Any, shop: Any, platform: FakeStore
) -> None:
    row, _ = imported(caller, project, shop)
    name, old = texts_of(platform, shop, row)
    job = pushed(caller, project)
    mark = platform.mark(shop, row)
    assert mark
    platform.rename(row, "Kettle, mine")
    done(caller, f"jobs/{job.pk}/undo")
    assert (texts_of(platform, shop, row), platform.mark(shop, row)) == (("Kettle, mine", old), mark)
    done(caller, f"jobs/{job.pk}/undo", {"force": True})
    assert (texts_of(platform, shop, row), platform.mark(shop, row)) == ((name, old), "")


def test_a_push_of_what_is_there_writes_nothing_and_finds_no_drift(
    caller: Any, project: Any, shop: Any, platform: FakeStore
) -> None:
    imported(caller, project, shop)
    pushed(caller, project)
    shop.writes.clear()
    assert pushed(caller, project, mode="all").result["unchanged"] == 1
    assert not shop.writes
    done(caller, f"projects/{project.pk}/verify")
    assert not Drift.objects.exists()


def test_a_connection_that_marks_from_now_on_marks_what_is_there_already(
    caller: Any, project: Any, shop: Any, platform: FakeStore, connection: StoreConnection
) -> None:
    connection.provenance = "record"
    connection.save()
    row, _ = imported(caller, project, shop)
    pushed(caller, project)
    connection.provenance = "mark"
    connection.save()
    assert pushed(caller, project, mode="all").result["synced"] == 1
    assert platform.mark(shop, row)
    assert list(SyncRecord.objects.order_by("-created_at").first().after) == [platform.row.mark_place]


def test_a_text_that_no_model_wrote_gets_no_mark(caller: Any, project: Any, shop: Any, platform: FakeStore) -> None:
    row, _ = imported(caller, project, shop, ai_provider="offline")
    pushed(caller, project)
    assert platform.mark(shop, row) == ""


def test_a_text_that_a_person_edited_says_so_and_one_that_a_program_approved_too(
    caller: Any, project: Any, shop: Any, platform: FakeStore
) -> None:
    row, item = imported(caller, project, shop, edited_at="2026-11-30T09:10:00Z")
    pushed(caller, project)
    assert json.loads(platform.mark(shop, row))["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")
    Approval.objects.bulk_create(
        [
            Approval(
                organization_id=item.organization_id,
                item=item,
                key_id=item.pk,
                override=False,
                reason="",
                digests={},
            )
        ]
    )
    pushed(caller, project, mode="all")
    assert json.loads(platform.mark(shop, row))["ai_disclosure"] == "ai-autonomous"


def test_an_import_takes_the_mark_for_no_fact(caller: Any, project: Any, shop: Any, platform: FakeStore) -> None:
    imported(caller, project, shop)
    pushed(caller, project)
    done(caller, f"projects/{project.pk}/import/execute")
    assert "xcscribe" not in json.dumps(ContentItem.objects.get().source_data)
    assert "AI disclosure" not in json.dumps(ContentItem.objects.get().source_data)
    assert platform.row.mark_place in StoreText.objects.get().ours


@pytest.mark.parametrize(
    "platform", [STORES["magento2"], STORES["wordpress"]], indirect=True, ids=lambda store: store.platform
)
def test_where_the_shop_has_no_place_for_it_the_text_goes_alone_and_it_is_told(
    caller: Any, project: Any, shop: Any, platform: FakeStore
) -> None:
    shop.guarded = False
    if platform.platform == "magento2":
        del shop.attributes["xcscribe_ai"]
    row, _ = imported(caller, project, shop)
    assert pushed(caller, project).result["synced"] == 1
    assert platform.mark(shop, row) == ""
    assert platform.row.mark_place in SyncRecord.objects.get().skipped


@pytest.mark.parametrize("platform", [STORES["shopify"]], indirect=True, ids=["shopify"])
def test_shopify_gets_a_definition_that_storefronts_may_read_once(
    caller: Any, project: Any, shop: Any, platform: FakeStore
) -> None:
    imported(caller, project, shop)
    job = pushed(caller, project)
    done(caller, f"jobs/{job.pk}/undo")
    pushed(caller, project)
    (definition,) = shop.definitions
    assert definition["type"] == {"name": "json"}
    assert definition["access"] == {"storefront": "PUBLIC_READ"}


def test_a_connection_that_is_off_keeps_no_approvals(
    caller: Any, project: Any, shop: Any, platform: FakeStore, connection: StoreConnection
) -> None:
    connection.provenance = "off"
    connection.save()
    row, _ = imported(caller, project, shop)
    pushed(caller, project)
    assert not Approval.objects.exists()
    assert platform.mark(shop, row) == ""
