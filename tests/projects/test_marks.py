"""The mark that tells programs who wrote a shop's texts: pushed beside them, read back, undone, unseen by readers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from integrations.models import StoreConnection
from projects.models import Approval, ContentItem, Drift, SyncRecord
from projects.models.sync import StoreText
from scribe.models import Job
from tests.factories import make_project
from tests.fakes import magento, shopify, woocommerce, wordpress
from tests.helpers import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True)]

STAMPS = {"date_modified_gmt", "updatedAt", "updated_at", "modified_gmt"}
WRITTEN = {
    "ai_provider": "anthropic",
    "ai_model": "claude-haiku-5-5",
    "generated_at": "2026-11-30T09:02:10Z",
    "prompt_version": 12,
}
CONTENT = {"name": "Kettle", "description": "<p>A kettle of steel, “1.7 l”.</p>"}


@dataclass
class Platform:
    """A platform's fake, the place of the mark, and how it is read off a row."""

    name: str
    make: Callable[[], Any]
    secrets: dict[str, str]
    place: str
    mark: Callable[[Any, Any], str]
    texts: Callable[[Any, Any], tuple[str, str]]


def meta_row(row: Any, key: str) -> str:
    return next((str(m["value"]) for m in row["meta_data"] if m["key"] == key), "")


PLATFORMS = [
    Platform(
        "woocommerce",
        woocommerce.FakeWooCommerce,
        {"consumer_key": woocommerce.KEY, "consumer_secret": woocommerce.SECRET},
        "meta._xcscribe_ai",
        lambda shop, row: meta_row(row, "_xcscribe_ai"),
        lambda shop, row: (row["name"], row["description"]),
    ),
    Platform(
        "shopify",
        shopify.FakeShopify,
        {"access_token": shopify.TOKEN},
        "meta.xcscribe.ai_disclosure",
        lambda shop, row: shop.metafield(row, "xcscribe.ai_disclosure") or "",
        lambda shop, row: (row["title"], row["descriptionHtml"]),
    ),
    Platform(
        "magento2",
        magento.FakeMagento,
        {"access_token": magento.TOKEN},
        "meta.xcscribe_ai",
        lambda shop, row: shop.value(row, "xcscribe_ai") or "",
        lambda shop, row: (row["name"], shop.value(row, "description")),
    ),
    Platform(
        "wordpress",
        wordpress.FakeWordPress,
        {"consumer_key": wordpress.USER, "consumer_secret": wordpress.PASSWORD},
        "meta._xcscribe_ai",
        lambda shop, row: row["meta"].get("_xcscribe_ai", ""),
        lambda shop, row: (row["title"]["raw"], row["content"]["raw"]),
    ),
]


@pytest.fixture(params=PLATFORMS, ids=lambda p: p.name)
def platform(request: Any) -> Any:
    return request.param


@pytest.fixture
def shop(platform: Platform, settings: Any) -> Any:
    with platform.make() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        settings.SHOPIFY_SHOP_URL = fake.url
        fake.guarded = True
        if platform.name == "magento2":
            fake.attributes["xcscribe_ai"] = {
                "attribute_code": "xcscribe_ai",
                "scope": "store",
                "default_frontend_label": "AI disclosure",
                "frontend_input": "textarea",
                "options": [],
            }
        yield fake


@pytest.fixture
def connection(cast: Any, shop: Any, platform: Platform) -> StoreConnection:
    return StoreConnection.objects.create(
        organization=cast.organization,
        name="Shop",
        platform=platform.name,
        base_url=shop.url,
        status="active",
        provenance="mark",
        **platform.secrets,
    )


@pytest.fixture
def project(cast: Any, connection: StoreConnection, platform: Platform) -> Any:
    return make_project(cast.organization, platform=platform.name, store_connection=connection)


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


def snapshot(row: Any) -> Any:
    return copy.deepcopy({k: v for k, v in row.items() if not callable(v) and k not in STAMPS})


def test_a_push_tells_programs_who_wrote_the_texts_and_readers_nothing(
    caller: Any, project: Any, shop: Any, platform: Platform, connection: StoreConnection
) -> None:
    connection.provenance = "record"
    connection.save()
    row, _ = imported(caller, project, shop)
    before = snapshot(row)
    job = pushed(caller, project)
    without = platform.texts(shop, row)
    assert (job.result["synced"], platform.mark(shop, row)) == (1, "")
    done(caller, f"jobs/{job.pk}/undo")
    assert snapshot(row) == before
    connection.provenance = "mark"
    connection.save()
    shop.writes.clear()
    assert pushed(caller, project).result["synced"] == 1
    assert platform.texts(shop, row) == without
    assert json.loads(platform.mark(shop, row)) == {
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "ai_disclosure": "ai-assisted",
        "ai_provider": "anthropic",
        "ai_model": "claude-haiku-5-5",
        "generated_at": "2026-11-30T09:02:10Z",
    }
    assert set(shop.writes.values()) == {1}, "the mark goes by the write of the texts"


def test_an_undo_takes_the_mark_back_with_the_text(caller: Any, project: Any, shop: Any, platform: Platform) -> None:
    row, _ = imported(caller, project, shop)
    texts = platform.texts(shop, row)
    job = pushed(caller, project)
    assert platform.mark(shop, row)
    assert done(caller, f"jobs/{job.pk}/undo").result["undone"] == 1
    assert (platform.texts(shop, row), platform.mark(shop, row)) == (texts, "")


def test_a_push_of_what_is_there_writes_nothing_and_finds_no_drift(
    caller: Any, project: Any, shop: Any, platform: Platform
) -> None:
    imported(caller, project, shop)
    pushed(caller, project)
    shop.writes.clear()
    assert pushed(caller, project, mode="all").result["unchanged"] == 1
    assert not shop.writes
    done(caller, f"projects/{project.pk}/verify")
    assert not Drift.objects.exists()


def test_a_connection_that_marks_from_now_on_marks_what_is_there_already(
    caller: Any, project: Any, shop: Any, platform: Platform, connection: StoreConnection
) -> None:
    connection.provenance = "record"
    connection.save()
    row, _ = imported(caller, project, shop)
    pushed(caller, project)
    connection.provenance = "mark"
    connection.save()
    assert pushed(caller, project, mode="all").result["synced"] == 1
    assert platform.mark(shop, row)
    assert list(SyncRecord.objects.order_by("-created_at").first().after) == [platform.place]


def test_a_text_that_no_model_wrote_gets_no_mark(caller: Any, project: Any, shop: Any, platform: Platform) -> None:
    row, _ = imported(caller, project, shop, ai_provider="offline")
    pushed(caller, project)
    assert platform.mark(shop, row) == ""


def test_a_text_that_a_person_edited_says_so_and_one_that_a_program_approved_too(
    caller: Any, project: Any, shop: Any, platform: Platform
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


def test_an_import_takes_the_mark_for_no_fact(caller: Any, project: Any, shop: Any, platform: Platform) -> None:
    imported(caller, project, shop)
    pushed(caller, project)
    done(caller, f"projects/{project.pk}/import/execute")
    assert "xcscribe" not in json.dumps(ContentItem.objects.get().source_data)
    assert "AI disclosure" not in json.dumps(ContentItem.objects.get().source_data)
    assert platform.place in StoreText.objects.get().ours


@pytest.mark.parametrize(
    "platform", [p for p in PLATFORMS if p.name in ("magento2", "wordpress")], indirect=True, ids=lambda p: p.name
)
def test_where_the_shop_has_no_place_for_it_the_text_goes_alone_and_it_is_told(
    caller: Any, project: Any, shop: Any, platform: Platform
) -> None:
    shop.guarded = False
    if platform.name == "magento2":
        del shop.attributes["xcscribe_ai"]
    row, _ = imported(caller, project, shop)
    assert pushed(caller, project).result["synced"] == 1
    assert platform.mark(shop, row) == ""
    assert platform.place in SyncRecord.objects.get().skipped


@pytest.mark.parametrize("platform", [p for p in PLATFORMS if p.name == "shopify"], indirect=True, ids=lambda p: p.name)
def test_shopify_gets_a_definition_that_storefronts_may_read_once(
    caller: Any, project: Any, shop: Any, platform: Platform
) -> None:
    imported(caller, project, shop)
    job = pushed(caller, project)
    done(caller, f"jobs/{job.pk}/undo")
    pushed(caller, project)
    (definition,) = shop.definitions
    assert definition["type"] == {"name": "json"}
    assert definition["access"] == {"storefront": "PUBLIC_READ"}


def test_a_connection_that_is_off_keeps_no_approvals(
    caller: Any, project: Any, shop: Any, platform: Platform, connection: StoreConnection
) -> None:
    connection.provenance = "off"
    connection.save()
    row, _ = imported(caller, project, shop)
    pushed(caller, project)
    assert not Approval.objects.exists()
    assert platform.mark(shop, row) == ""
