"""Items of a shop's plugin: the same again, many at once, and all that was written of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import api_keys
from billing.access import plan_of
from billing.models import Hold, Plan, UsageRecord
from projects.models import ContentItem, DataSource, GenerationItem, PluginGeneration
from scribe.models import Job
from tests import factories
from tests.helpers import Api, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)  # the engine settles in a thread of its own

PRODUCT = {
    "source": "woocommerce",
    "external_id": "17",
    "product_title": "Wool Socks Nord",
    "product_attributes": {"Material": "wool", "Color": "grey"},
    "product_images": ["https://shop.example.com/a.jpg", "https://shop.example.com/b.jpg"],
    "language": "en",
}


def caller() -> Api:
    user = factories.make_user()
    scopes = ["plugin:write", "generation:write"]
    _, raw = api_keys.create(organization=user.organization, by=user, name="Shop", scopes=scopes)
    return Api({"X-API-Key": raw})


@pytest.fixture
def shop(transactional_db: Any) -> Api:
    return caller()


def ask(shop: Api, **more: Any) -> str:
    return str(shop.post("plugin/generate-description-async", {**PRODUCT, **more}, status=202)["generation_id"])


def test_the_same_external_id_is_the_same_item_again(shop: Api) -> None:
    first = ask(shop)
    busy = shop.post("plugin/generate-description-async", PRODUCT, status=409)
    assert (busy["code"], busy["generation_ids"], busy["external_ids"]) == ("generation_active", [first], ["17"])
    run_jobs()
    item = ContentItem.objects.get()
    text = item.generated_content["description"]
    ContentItem.objects.update(status="approved")
    second = ask(shop, product_attributes={"Material": "cotton"})
    item.refresh_from_db()
    assert item.status == "pending"  # what was approved was the text of the old facts
    assert item.generated_content["description"] == text
    assert item.source_data["attributes"] == {"Material": "cotton"}
    run_jobs()
    reply = shop.get(f"plugin/generation/{second}/status")
    assert (reply["status"], reply["external_id"]) == ("completed", "17")
    assert "cotton" in reply["content"].lower()
    assert ContentItem.objects.count() == DataSource.objects.get().item_count == 1
    ask(shop, external_id="18")
    ask(shop, external_id="")
    ask(shop, external_id=None)
    assert ContentItem.objects.count() == DataSource.objects.get().item_count == 4


def test_texts_of_items_that_are_there_need_no_room_in_the_plan(shop: Api) -> None:
    ask(shop)
    run_jobs()
    plan = plan_of(ContentItem.objects.get().organization_id)
    Plan.objects.filter(pk=plan.pk).update(items=1)
    ask(shop)
    run_jobs()
    full = shop.post("plugin/generate-description-async", {**PRODUCT, "external_id": "18"}, status=409)
    assert (full["code"], full["used"]) == ("items_full", 1)
    nameless = shop.post("plugin/generate-description-async", {**PRODUCT, "external_id": ""}, status=409)
    assert nameless["code"] == "items_full"
    Plan.objects.filter(pk=plan.pk).update(items=plan.items)


def test_an_excluded_item_is_not_written(shop: Api) -> None:
    from django.utils import timezone

    ask(shop)
    run_jobs()
    ContentItem.objects.update(excluded_at=timezone.now())
    assert shop.post("plugin/generate-description-async", PRODUCT, status=409)["code"] == "item_excluded"


def test_two_first_calls_for_one_product_make_one_item() -> None:
    shop, gate = caller(), Barrier(4)

    def call(_: int) -> Any:
        try:
            gate.wait(60)
            return (
                Api(shop.headers)
                .client.post(
                    "/api/v1/plugin/generate-description-async",
                    PRODUCT,
                    content_type="application/json",
                    headers=shop.headers,
                )
                .status_code
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(call, range(4)))
    assert sorted(statuses) == [202, 409, 409, 409]
    assert ContentItem.objects.count() == DataSource.objects.count() == Job.objects.count() == 1


def test_a_reply_carries_all_that_was_written_and_every_check(shop: Api) -> None:
    generation = ask(shop)
    waiting = shop.get(f"plugin/generation/{generation}/status")
    assert (waiting["status"], waiting["seo"], waiting["checks"]) == ("queued", {}, [])
    run_jobs()
    item = ContentItem.objects.get()
    item.generated_content |= {"tags": ["wool"], "attributes": {"Material": "wool"}}  # where the settings ask for them
    item.save(update_fields=["generated_content"])
    reply = shop.get(f"plugin/generation/{generation}/status")
    for name in ("name", "tags", "attributes", "bullet_points", "seo"):
        assert reply[name] == item.generated_content.get(name, reply[name]), name
    assert reply["seo"]["title"]
    assert reply["tags"] == ["wool"]
    assert [check["id"] for check in reply["checks"]] == [c["id"] for c in item.generation_metadata["checks"]]
    assert len(reply["checks"]) > 3
    assert [image["url"] for image in reply["images"]] == PRODUCT["product_images"]
    assert reply["images"][0]["alt_text"]
    assert reply["images"][0]["alt_text"] != reply["images"][1]["alt_text"]


def test_a_flagged_text_is_completed_and_needs_review(shop: Api) -> None:
    generation = ask(shop)
    run_jobs()
    ContentItem.objects.update(status="flagged", has_unsupported_claims=True)
    reply = shop.get(f"plugin/generation/{generation}/status")
    assert (reply["status"], reply["needs_review"]) == ("completed", True)
    ContentItem.objects.update(status="approved")
    assert shop.get(f"plugin/generation/{generation}/status")["needs_review"] is False


def batch(*ids: str) -> dict[str, Any]:
    items = [{"external_id": pk, "product_title": f"Socks {pk}", "product_attributes": {"Size": pk}} for pk in ids]
    return {"source": "woocommerce", "language": "en", "items": items}


def test_a_batch_is_one_job_with_one_quote(shop: Api) -> None:
    begun = shop.with_(Idempotency_Key="b").post("plugin/batches", batch("1", "2", "3"), status=202)
    again = shop.with_(Idempotency_Key="b").post("plugin/batches", batch("1", "2", "3"), status=202)
    assert again == begun
    assert [row["external_id"] for row in begun["items"]] == ["1", "2", "3"]
    job = Job.objects.get()
    assert begun["batch_id"] == str(job.pk)
    assert Hold.objects.filter(job=job).count() <= 1
    assert shop.get(f"plugin/batches/{begun['batch_id']}")["status"] == "queued"
    busy = shop.post("plugin/batches", batch("3", "4"), status=409)
    assert (busy["code"], busy["external_ids"]) == ("generation_active", ["3"])
    assert ContentItem.objects.count() == 3  # all or none
    run_jobs()
    shown = shop.get(f"plugin/batches/{begun['batch_id']}")
    assert shown["status"] == "completed"
    assert [row["status"] for row in shown["items"]] == ["completed"] * 3
    assert [row["external_id"] for row in shown["items"]] == ["1", "2", "3"]
    assert shop.get(f"plugin/generation/{begun['items'][1]['generation_id']}/status")["external_id"] == "2"


def test_a_status_asks_no_more_for_more_items(shop: Api) -> None:
    def statements(*ids: str) -> int:
        begun = shop.post("plugin/batches", batch(*ids), status=202)
        run_jobs()
        shop.get(f"plugin/batches/{begun['batch_id']}")
        with CaptureQueriesContext(connection) as asked:
            found = shop.get(f"plugin/batches/{begun['batch_id']}")
        assert [row["external_id"] for row in found["items"]] == list(ids)
        assert {row["status"] for row in found["items"]} == {"completed"}
        return len(asked)

    assert statements("1", "2") == statements("3", "4", "5", "6")


def test_products_are_put_in_in_one_order(shop: Api) -> None:
    """Two batches with the same new products in two orders waited for each other in a circle."""
    with CaptureQueriesContext(connection) as asked:
        begun = shop.post("plugin/batches", batch("c", "a", "b"), status=202)
    assert [row["external_id"] for row in begun["items"]] == ["c", "a", "b"]
    assert list(ContentItem.objects.order_by("position").values_list("external_id", flat=True)) == ["c", "a", "b"]
    (put_in,) = [q["sql"] for q in asked if q["sql"].startswith('INSERT INTO "projects_contentitem"')]
    places = [put_in.index(f"Socks {external_id}") for external_id in "abc"]
    assert places == sorted(places)


def test_a_batch_is_bounded_and_names_each_product_once(shop: Api) -> None:
    for ids in ((), ("1", "1"), tuple(str(n) for n in range(101))):
        shop.post("plugin/batches", batch(*ids), status=400)
    assert not ContentItem.objects.exists()
    shop.get("plugin/batches/nonsense", 404)
    other = caller()
    begun = shop.post("plugin/batches", batch("1"), status=202)
    other.get(f"plugin/batches/{begun['batch_id']}", 404)


def test_an_item_that_failed_says_so_beside_others_that_did_not(shop: Api) -> None:
    from projects.models import GenerationItem

    begun = shop.post("plugin/batches", batch("1", "2"), status=202)
    run_jobs()
    item = PluginGeneration.objects.get(pk=begun["items"][0]["generation_id"]).item
    GenerationItem.objects.filter(item=item).update(state="failed", reason="The model refused.")
    shown = shop.get(f"plugin/batches/{begun['batch_id']}")["items"]
    assert [(row["status"], row["error"]) for row in shown] == [("failed", "The model refused."), ("completed", None)]


def test_a_key_of_the_first_six_operations_starts_no_batch() -> None:
    user = factories.make_user()
    _, raw = api_keys.create(organization=user.organization, by=user, name="Shop")
    refused = Api({"X-API-Key": raw}).post("plugin/batches", batch("1"), status=403)
    assert (refused["code"], refused["scope"]) == ("missing_scope", "generation:write")


def test_further_languages_are_written_in_the_same_job_and_told_beside_the_text(shop: Api) -> None:
    begun = shop.post("plugin/batches", {**batch("1", "2"), "languages": ["en", "de", "fr"]}, status=202)
    shop.post("plugin/generate-description-async", {**PRODUCT, "languages": ["klingon"]}, status=400)
    handle = begun["items"][0]["generation_id"]
    waiting = shop.get(f"plugin/generation/{handle}/status")
    assert {code: row["status"] for code, row in waiting["texts"].items()} == {"de": "queued", "fr": "queued"}
    run_jobs()
    shown = shop.get(f"plugin/batches/{begun['batch_id']}")["items"]
    rows = {(row.main.external_id, row.language): row for row in ContentItem.rows.exclude(language="")}
    assert set(rows) == {(pk, code) for pk in ("1", "2") for code in ("de", "fr")}
    for reply in shown:
        assert reply["status"] == "completed"
        for code, told in reply["texts"].items():
            row = rows[reply["external_id"], code]
            assert (told["status"], told["item_id"]) == ("completed", str(row.pk))
            assert told["content"] == row.generated_content["description"] != reply["content"]
            assert row.generation_metadata["way"] == "native"
            assert told["checks"]
    assert Job.objects.get().result["languages"]["fr"]["total"] == 2
    used = {"organization_id": rows["1", "fr"].organization_id, "job_id": begun["batch_id"], "input_tokens": 7}
    for number, item in enumerate((rows["1", "fr"].pk, rows["1", "fr"].main_id)):
        UsageRecord.objects.create(**used, item_id=item, outcome="ok", key=f"k{number}", xct=number + 1)
    billed = shop.get(f"plugin/generation/{handle}/status")
    assert (billed["xct_cost"], billed["tokens_used"] - shown[0]["tokens_used"]) == ("3.0000", 14)
    assert (billed["texts"]["fr"]["xct_cost"], billed["texts"]["de"]["xct_cost"]) == ("1.0000", "0.0000")
    # One that fails is told there; the generation is over when none is pending, and the item busy until then.
    french = GenerationItem.objects.filter(item=rows["1", "fr"])
    french.update(state="failed", reason="No answer.")
    told = shop.get(f"plugin/generation/{handle}/status")
    assert (told["status"], told["texts"]["fr"]["status"], told["texts"]["fr"]["error"]) == (
        "completed",
        "failed",
        "No answer.",
    )
    french.update(state="pending")
    Job.objects.update(status="running")
    assert shop.get(f"plugin/generation/{handle}/status")["status"] == "running"
    busy = shop.post("plugin/batches", batch("1"), status=409)
    assert (busy["external_ids"], busy["generation_ids"]) == (["1"], [handle])
    french.update(state="done")
    Job.objects.update(status="completed")
    ContentItem.rows.exclude(language="").update(status="approved")
    shop.post("plugin/batches", {**batch("1"), "languages": ["de"]}, status=202)
    statuses = {key: row.status for key, row in ((k, ContentItem.rows.get(pk=r.pk)) for k, r in rows.items())}
    assert (statuses["1", "de"], statuses["1", "fr"]) == ("pending", "approved")
