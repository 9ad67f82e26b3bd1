"""What a sync makes of lost answers, filters, older sources and refusals: nothing of the merchant's is lost in silence."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import pytest

from integrations.models import StoreConnection
from projects import staleness
from projects.models import ContentItem, StoreText, SyncRecord
from projects.sync import pipeline
from scribe.models import Job, JobEvent
from tests.factories import make_language_text, make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import MAINTENANCE
from tests.helpers import run_jobs
from tests.projects.pushes import approve, imported, one, sync

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    return make_project(cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url))


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def history_of(caller: Any, project: Any, item: ContentItem) -> list[dict[str, Any]]:
    return caller.get(f"projects/{project.pk}/sync/{item.pk}/history")["history"]


def is_batch(request: Any) -> bool:
    return request.path.endswith("/products/batch")


def undo(caller: Any, job: Job) -> Job:
    answer = caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


def read_again(caller: Any, project: Any) -> None:
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()


# --- lost answers


@pytest.mark.thorough
def test_a_lost_answer_keeps_what_was_there_before_though_the_store_filters_and_encodes(caller, project, shop):
    [row] = imported(caller, project, shop, tags=["old"])
    row["attributes"] = [
        {"id": 3, "name": "Color", "position": 0, "visible": True, "variation": True, "options": ["red"]}
    ]
    before = {k: row[k] for k in ("name", "description")}
    approve(
        project,
        name="Pots & pans",
        description="<p>Good</p><iframe src='x'></iframe>",
        tags=["Haus & Garten"],
        attributes={"Color": "blue"},
    )
    shop.drop_after(is_batch)
    job = sync(caller, project)
    assert (job.status, job.result["synced"], set(shop.writes.values())) == ("completed", 1, {1})
    record = SyncRecord.objects.get()
    assert (record.state, record.before["description"]) == ("done", before["description"])
    assert set(record.after) == {"name", "description", "tags"}
    assert record.changed["description"]["store"] == "<p>Good</p>"
    assert "attributes.Color" in record.skipped
    [entry] = history_of(caller, project, ContentItem.objects.get())
    assert entry["error_message"] == "The store changed it: description."
    assert undo(caller, job).result["undone"] == 1
    assert {k: row[k] for k in before} == before
    assert [t["name"] for t in row["tags"]] == ["old"]


@pytest.mark.thorough
def test_a_save_that_died_halfway_is_finished_field_by_field(caller, project, shop):
    [row] = imported(caller, project, shop)
    approve(project, seo={"title": "T"})

    def die(request):
        if is_batch(request) and not shop.killed:
            shop.killed = True
            for entry in request.json["update"]:
                shop.kill_in_save(shop.products[entry["id"]], entry)
            shop.fail(500, b"", when=is_batch)

    shop.killed = False
    shop.on_request = die
    before = row["description"]
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 1)
    assert shop.meta(row["id"], "_yoast_wpseo_title") == "T"
    record = SyncRecord.objects.get()
    assert (record.before["description"], record.before["seo.title"]) == (before, "")
    undo(caller, job)
    assert row["description"] == before


@pytest.mark.thorough
def test_an_edit_before_the_second_look_is_the_merchants(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    before = rows[0]["name"]

    def edit(request):
        if request.method == "GET" and shop.calls["POST /products/batch"] == 1 and rows[0]["name"] != "Mine":
            shop.edit(rows[0], description="<p>Words of mine</p>", name="Mine")

    shop.on_request = edit
    shop.drop_after(is_batch)
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (1, 1)
    assert (rows[0]["name"], rows[0]["description"]) == ("Mine", "<p>Words of mine</p>")
    record = SyncRecord.objects.get(state="conflict")
    assert record.before["name"] == before
    assert {c["field"] for c in record.conflicts} == {"name", "description"}
    assert undo(caller, job).result["undone"] == 1
    assert rows[0]["name"] == "Mine"


# --- what a text was made from


@pytest.mark.thorough
def test_an_edit_that_a_new_import_saw_is_a_conflict_and_marks_the_text(caller, project, shop):
    [row] = imported(caller, project, shop)
    old = row["description"]
    shop.edit(row, description="<p>Mine, and imported since</p>")
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    item = ContentItem.objects.get()
    assert item.outdated_fields == ["description"]
    assert caller.get(f"projects/{project.pk}/items/{item.pk}")["outdated_fields"] == ["description"]
    problem = one(caller, project, item, status=409)
    [conflict] = problem["conflicts"]
    assert (conflict["imported"], conflict["store"]) == (old, "<p>Mine, and imported since</p>")
    assert not shop.writes
    caller.post(f"projects/{project.pk}/regenerate", {}, status=202)
    run_jobs()
    item.refresh_from_db()
    assert item.outdated_fields == []
    assert item.made_from["description"] == "<p>Mine, and imported since</p>"


def test_a_template_that_a_new_import_saw_first_is_a_conflict_and_a_known_one_none(caller, project, shop):
    known, fresh = imported(caller, project, shop, 2)
    known["meta_data"].append({"id": 1, "key": "_yoast_wpseo_title", "value": "%%title%% | Known"})
    read_again(caller, project)
    ContentItem.objects.filter(external_id=str(known["id"])).update(made_from=None)  # made from that
    approve(project, seo={"title": "Ours"})
    fresh["meta_data"].append({"id": 2, "key": "_yoast_wpseo_title", "value": "%%title%% | His"})
    for row in (known, fresh):
        shop.edit(row, short_description="Something else has changed as well")
    read_again(caller, project)
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (1, 1)
    [conflict] = SyncRecord.objects.get(state="conflict").conflicts
    assert (conflict["field"], conflict["imported"], conflict["store"]) == ("seo.title", *["%%title%% | His"] * 2)
    assert [shop.meta(row["id"], "_yoast_wpseo_title") for row in (known, fresh)] == ["Ours", "%%title%% | His"]


# --- what an undo leaves


@pytest.mark.thorough
@pytest.mark.parametrize("answer_lost", [False, True])
def test_a_text_of_ours_that_an_undo_put_back_is_no_edit(caller, project, shop, answer_lost):
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()
    ContentItem.objects.update(made_from=staleness.store_texts(item))
    sync(caller, project)
    approve(project, name="Second", description="<p>Second</p>")
    second = sync(caller, project)
    if answer_lost:
        shop.drop_after(is_batch)
    assert undo(caller, second).result["undone"] == 1
    assert row["description"].startswith("<p>Generated")
    assert sync(caller, project).result["synced"] == 1
    assert (row["name"], row["description"]) == ("Second", "<p>Second</p>")


def test_of_an_undo_that_left_a_merchants_text_only_that_text_is_a_conflict(caller, project, shop):
    [row] = imported(caller, project, shop)
    sync(caller, project)
    approve(project, name="Second", description="<p>Second</p>")
    second = sync(caller, project)
    shop.edit(row, name="His")
    undo(caller, second)
    assert (row["name"], row["description"][:12]) == ("His", "<p>Generated")
    read_again(caller, project)
    assert ContentItem.objects.get().outdated_fields == ["name"]
    sync(caller, project, mode="all")
    assert [c["field"] for c in SyncRecord.objects.get(state="conflict", kind="push").conflicts] == ["name"]


def test_a_merchants_text_that_an_undo_gave_back_stays_a_conflict(caller, project, shop):
    [row] = imported(caller, project, shop)
    shop.edit(row, description="<p>His</p>")
    forced = sync(caller, project, force=True)
    assert undo(caller, forced).result["undone"] == 1
    assert sync(caller, project).result["conflicts"] == 1
    assert row["description"] == "<p>His</p>"


# --- the window


@pytest.mark.thorough
def test_a_batch_that_waited_is_compared_before_it_is_written(caller, project, shop):
    rows = imported(caller, project, shop, 100)
    late = rows[60]
    shop.write_latency = 2.2

    def edit(request):  # while the first batches are written and the third waits, read
        if is_batch(request) and any(e["id"] == rows[0]["id"] for e in request.json["update"]):
            shop.edit(late, name="Mine")

    shop.on_request = edit
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (99, 1)
    assert late["name"] == "Mine"


@pytest.mark.thorough
def test_what_somebody_edits_while_tags_are_made_is_seen(caller, project, shop):
    rows = imported(caller, project, shop, 2)
    approve(project, tags=["fresh"])

    def edit(request):
        if request.path.endswith("/tags/batch"):
            time.sleep(1.1)  # a slow shop; what was read is older than a second then
            shop.edit(rows[1], description="<p>Mine</p>")

    shop.on_request = edit
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (1, 1)
    assert rows[1]["description"] == "<p>Mine</p>"


@pytest.mark.thorough
def test_a_slow_shop_gets_smaller_batches_one_at_a_time(caller, project, shop, monkeypatch):
    imported(caller, project, shop, 60)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 0.25)
    shop.save_seconds = 0.025
    sizes = []

    def note(request):
        if is_batch(request):
            sizes.append(len(request.json["update"]))

    shop.on_request = note
    job = sync(caller, project)
    assert job.result["synced"] == 60
    assert sizes[0] == 5
    assert all(size <= 10 for size in sizes[1:])


@pytest.mark.thorough
def test_a_shop_that_is_slow_for_each_request_is_not_asked_for_single_items(caller, project, shop, monkeypatch):
    imported(caller, project, shop, 100)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 0.2)
    shop.request_seconds = 0.5
    shop.calls.clear()
    assert sync(caller, project).result["synced"] == 100
    assert shop.calls["POST /products/batch"] <= 10
    assert set(shop.writes.values()) == {1}


@pytest.mark.thorough
def test_a_shop_that_becomes_slow_gets_less_of_what_was_read_already(caller, project, shop, monkeypatch):
    imported(caller, project, shop, 120)
    monkeypatch.setattr(pipeline, "WRITE_SECONDS", 0.5)
    sizes = []

    def note(request):
        if is_batch(request):
            sizes.append(len(request.json["update"]))
            shop.save_seconds = 0.05 if len(sizes) >= 3 else 0.0

    shop.on_request = note
    job = sync(caller, project)
    assert job.result["synced"] == 120
    assert set(shop.writes.values()) == {1}
    assert max(sizes[:4]) == 25
    assert all(size <= 10 for size in sizes[5:])  # two were under way when the first slow one was answered


@pytest.mark.thorough
def test_a_shop_that_is_updated_for_seconds_is_looked_at_again_after_seconds(caller, project, shop):
    """Core asks for ten minutes each time, however long its update takes."""
    imported(caller, project, shop, 3)
    shop.fail(503, MAINTENANCE, times=8, Retry_After="600")
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 3)
    waits = JobEvent.objects.filter(job=job, name="waiting").values_list("data__seconds", "data__code")
    assert {code for _, code in waits} == {"store_maintenance"}
    assert all(seconds <= 30 for seconds, _ in waits)
    assert set(shop.writes.values()) == {1}


@pytest.mark.thorough
def test_a_store_that_asks_for_a_pause_is_read_again_before_it_is_written(caller, project, shop):
    rows = imported(caller, project, shop, 3)
    shop.fail(429, {"code": "x", "message": "x"}, when=is_batch, Retry_After="3")

    def edit(request):
        if request.method == "GET" and shop.calls["POST /products/batch"] == 1:
            shop.edit(rows[0], name="Mine")

    shop.on_request = edit
    job = sync(caller, project)
    assert (job.result["synced"], job.result["conflicts"]) == (2, 1)
    assert rows[0]["name"] == "Mine"


# --- what the store does not take


def test_an_undo_that_the_store_cuts_is_a_failure_with_both_texts(caller, project, shop):
    imported(caller, project, shop, description="<p>See</p><iframe src='https://v.example'></iframe>")
    [warning] = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
    assert (warning["field"], warning["reason"]) == ("description", "WordPress removes <iframe> from this text.")
    item = ContentItem.objects.get()
    one(caller, project, item)
    answer = one(caller, project, item, verb="/undo")
    assert not answer["success"]
    entry = history_of(caller, project, item)[0]
    assert (entry["state"], entry["code"]) == ("failed", "not_restored")
    [both] = entry["conflicts"]
    assert both == {
        "field": "description",
        "before": "<p>See</p><iframe src='https://v.example'></iframe>",
        "store": "<p>See</p>",
    }
    item.refresh_from_db()
    assert item.status == "synced"


def test_a_form_that_ours_lacks_is_named_before_a_push_in_its_result_and_in_a_conflict(caller, project, shop):
    old = '<p>Ask</p><form action="/ask"></form><img src="https://a.example/a.jpg">[contact-form-7 id="1"]'
    [row] = imported(caller, project, shop, description=old)
    [warning] = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
    lost = ["[contact-form-7]", "form", "img"]
    assert (warning["field"], warning["elements"]) == ("description", lost)
    job = sync(caller, project)
    assert job.result["synced"] == 1
    told = "It was updated. The earlier text had elements that ours lacks: [contact-form-7], form, img."
    assert SyncRecord.objects.get().skipped["description"] == told

    shop.edit(row, description="<p>His</p><video src='https://a.example/v.mp4'></video>")
    approve(project, description="<p>Newer</p>")
    sync(caller, project)
    [clash] = SyncRecord.objects.get(state="conflict").conflicts
    assert (clash["field"], clash["elements"]) == ("description", ["video"])


def test_the_warnings_look_at_translations_too(caller, project, shop):
    imported(caller, project, shop)
    item = ContentItem.objects.get()
    item.project.settings = {**item.project.settings, "languages": ["de"]}
    item.project.save()
    text = make_language_text(item, "de", status="approved", generated_content={"description": "<p>Neu</p>"})
    held = {"description": "<p>Sieh</p><iframe src='https://v.example'></iframe>"}
    StoreText.objects.create(organization_id=item.organization_id, item=text, held=held)
    [warning] = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
    assert (warning["item_id"], warning["main_item_id"], warning["language"]) == (str(text.pk), str(item.pk), "de")
    assert (warning["field"], warning["reason"]) == ("description", "WordPress removes <iframe> from this text.")


def test_what_could_not_be_put_back_is_left_when_asked(caller, project, shop):
    old = "<p>See</p><iframe src='https://v.example'></iframe>"
    [row] = imported(caller, project, shop, description=old)
    job = sync(caller, project, leave_unrestorable=True)
    assert job.result["synced"] == 1
    assert (row["description"], row["name"]) == (old, f"New {row['id']}")
    assert "was not changed" in SyncRecord.objects.get().skipped["description"]


def test_backslashes_and_bare_signs_come_back_exactly(caller, project, shop):
    [row] = imported(caller, project, shop, description="<p>C:\\shop \\ 5 < 6</p>", name="Für Kinder < 3 Jahre")
    job = sync(caller, project)
    assert undo(caller, job).result["undone"] == 1
    assert (row["description"], row["name"]) == ("<p>C:\\shop \\ 5 &lt; 6</p>", "Für Kinder &lt; 3 Jahre")


def test_plain_texts_are_escaped_for_the_store_and_read_back_plain(caller, project, shop):
    [row] = imported(caller, project, shop)
    approve(project, name="Für Kinder < 3 Jahre & <Co>", short_description="1 < 2 & 3 > 2")
    sync(caller, project)
    assert row["name"] == "Für Kinder &lt; 3 Jahre &amp; &lt;Co&gt;"
    assert row["short_description"] == "1 &lt; 2 &amp; 3 &gt; 2"
    assert not SyncRecord.objects.get().changed
    shop.edit(row, name="Kinder &amp; Co")
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    assert ContentItem.objects.get().source_data["name"] == "Kinder & Co"


# --- tags that had to be made


@pytest.mark.thorough
def test_an_undo_deletes_the_tags_that_its_push_made_and_nobody_uses(caller, project, shop):
    rows = imported(caller, project, shop, 2, tags=["old"])
    shop.term(shop.tags, "known")
    approve(project, tags=["known", "fresh", "Haus & Garten", "draft's", "trash's", "described"])
    shop.drop_after(is_batch)  # what was made is known although the answer is lost
    job = sync(caller, project)
    assert job.result["synced"] == 2
    assert set(SyncRecord.objects.first().made.values()) == {
        "fresh",
        "Haus & Garten",
        "draft's",
        "trash's",
        "described",
    }
    by_name = {t["name"]: t for t in shop.tags.values()}
    for status in ("draft", "trash"):
        shop.add(status=status, tags=[f"{status}'s"])
    by_name["described"]["description"] = "All about it"
    first, second = ContentItem.objects.order_by("pk")
    assert one(caller, project, first, verb="/undo")["success"]
    assert "fresh" in {t["name"] for t in shop.tags.values()}  # the other product has it
    assert one(caller, project, second, verb="/undo")["success"]
    assert {t["name"] for t in shop.tags.values()} == {"old", "known", "draft's", "trash's", "described"}
    assert [[t["name"] for t in row["tags"]] for row in rows] == [["old"], ["old"]]


def test_a_tag_made_for_a_product_that_refused_it_goes_again(caller, project, shop):
    imported(caller, project, shop)
    approve(project, name="refused", tags=["fresh"])
    job = sync(caller, project)
    assert (job.result["failed"], shop.tags) == (1, {})


def test_a_tag_that_the_merchant_took_out_is_not_added_again(caller, project, shop):
    [row] = imported(caller, project, shop, tags=["old", "sold"])
    approve(project, tags=["old", "sold", "fresh", "newer"])
    shop.edit(row, tags=[t for t in row["tags"] if t["name"] == "old"])
    assert sync(caller, project).result["synced"] == 1
    assert [t["name"] for t in row["tags"]] == ["old", "fresh", "newer"]  # "sold" went before our push
    assert "sold" in SyncRecord.objects.get().skipped["tags"]
    for _ in range(2):  # a later push of other tags does not forget it
        shop.edit(row, tags=[t for t in row["tags"] if t["name"] != "fresh"])
        again = sync(caller, project, mode="all")
        assert (again.result["synced"], again.result["unchanged"]) == (1, 1)
        assert "fresh" not in {t["name"] for t in row["tags"]}
        item = ContentItem.objects.get()
        ContentItem.objects.update(generated_content={**item.generated_content, "tags": ["fresh", "newer", "third"]})
        sync(caller, project, mode="all")
        assert {t["name"] for t in row["tags"]} == {"old", "newer", "third"}
    one(caller, project, ContentItem.objects.get(), force=True)
    assert "fresh" in {t["name"] for t in row["tags"]}


def test_a_tag_that_our_own_undo_took_out_is_added_again(caller, project, shop):
    [row] = imported(caller, project, shop, tags=["old"])
    approve(project, tags=["fresh"])
    undo(caller, sync(caller, project))
    assert [t["name"] for t in row["tags"]] == ["old"]
    sync(caller, project)
    assert [t["name"] for t in row["tags"]] == ["old", "fresh"]


def test_tags_that_the_store_keeps_are_told(caller, project, shop):
    imported(caller, project, shop)
    approve(project, tags=["fresh"])
    job = sync(caller, project)
    shop.fail(
        403,
        {"code": "woocommerce_rest_cannot_delete", "message": "Not you.", "data": {"status": 403}},
        when=lambda r: "delete" in (r.json or {}) if r.path.endswith("/tags/batch") else False,
    )
    back = undo(caller, job)
    assert (back.status, back.result["undone"], back.result["tags_left"]["count"]) == ("completed", 1, 1)


# --- nothing to write


def test_all_again_writes_nothing_though_the_store_filtered_and_encoded(caller, project, shop):
    imported(caller, project, shop, 3)
    approve(project, name="Pots & pans", description="<p class='x'>Good\n here</p><iframe src='x'></iframe>")
    first = sync(caller, project)
    shop.writes.clear()
    job = sync(caller, project, mode="all")
    assert (job.result["synced"], job.result["unchanged"], dict(shop.writes)) == (3, 3, {})
    assert SyncRecord.objects.count() == 3
    caller.post(f"jobs/{job.pk}/undo", {}, status=409)
    item = ContentItem.objects.first()
    assert one(caller, project, item)["message"] == "The store had these texts already."
    assert [h["job_id"] for h in history_of(caller, project, item)] == [str(first.pk)]
    assert one(caller, project, item, verb="/undo")["success"]


# --- a store that refuses


def test_a_store_that_refuses_the_whole_sync_says_so_for_every_item(caller, project, shop):
    imported(caller, project, shop, 60)
    shop.read_only = True
    job = sync(caller, project)
    assert (job.status, job.error_code, job.result["failed"]) == ("failed", "store_credentials_refused", 60)
    states = set(SyncRecord.objects.values_list("state", "code"))
    assert states == {("failed", "store_credentials_refused")}
    from projects.api.views.sync import render_sync

    reply = render_sync(job).data
    assert (reply["failed_count"], len(reply["failed_items"])) == (60, 60)
    assert "read/write" in reply["failed_items"][0]["reason"]


@pytest.mark.thorough
def test_what_was_written_before_a_refusal_is_kept_and_the_doubtful_found_out_later(caller, project, shop):
    imported(caller, project, shop, 60)
    shop.drop_after(is_batch)

    def revoke(request):
        if shop.calls["POST /products/batch"] == 1 and request.method == "GET":
            shop.fail(401, {"code": "woocommerce_rest_cannot_view", "message": "x"}, times=50)

    shop.on_request = revoke
    job = sync(caller, project)
    assert job.status == "failed"
    assert not SyncRecord.objects.filter(state="writing").exists()
    doubtful = SyncRecord.objects.filter(code="in_doubt").count()
    assert doubtful >= 1
    shop.on_request = None
    shop.faults.clear()
    StoreConnection.objects.update(status="active")
    job = sync(caller, project)
    assert (job.status, job.result.get("conflicts", 0)) == ("completed", 0)
    assert set(shop.writes.values()) == {1}
    assert not SyncRecord.objects.unfinished().exists()


# --- everything at once


class Day:
    """A shop whose merchant edits at forced moments while answers are lost and saves die halfway.

    No edit falls between the last read of its product and the end of the write that follows: without the guard plugin
    WooCommerce has no conditional write, and docs/explanation/sync.md names that window."""

    def __init__(self, shop: FakeWooCommerce, rows: list[dict[str, Any]]) -> None:
        self.shop, self.rows = shop, rows
        self.words: dict[int, str] = {}
        self.at = random.Random(7)
        self.due = {"before": rows[:8], "read": rows[8:16], "written": rows[16:24]}
        self.writes = 0
        self.lock = threading.Lock()
        self.window: dict[int, str] = {}  # product id: "read", or "written" until a later batch shows that it was saved

    def edit(self, row: dict[str, Any]) -> None:
        word = f"merchant{row['id']}"
        self.words[row["id"]] = word
        field = self.at.choice(["name", "description", "short_description"])
        self.shop.edit(row, **{field: f"{row[field]} {word}"})

    def edit_some(self, when: str, most: int) -> None:
        for row in [r for r in self.due[when] if r["id"] not in self.window][:most]:
            self.due[when].remove(row)
            self.edit(row)

    def __call__(self, request: Any) -> None:
        with self.lock:
            self.at_request(request)

    def at_request(self, request: Any) -> None:
        if request.method == "GET" and "include" in request.query:
            self.window |= {int(i): "read" for i in request.query["include"].split(",")}
            self.edit_some("read", 1)
        if is_batch(request):
            self.writes += 1
            ids = {e["id"] for e in request.json["update"]}
            self.window = {pk: state for pk, state in self.window.items() if state == "read" or pk in ids}
            self.window |= dict.fromkeys(ids, "written")
            self.edit_some("written", 2)
            if self.writes == 2:
                for entry in request.json["update"][:5]:
                    self.shop.kill_in_save(self.shop.products[entry["id"]], entry)
                self.shop.fail(500, b"", when=is_batch)
            if self.writes in (3, 5):
                self.shop.drop_after(is_batch)


@pytest.mark.thorough
def test_a_hundred_texts_thirty_edits_lost_answers_and_kills_lose_no_word(caller, project, shop, monkeypatch):
    from projects.sync.pipeline import Pipeline

    rows = imported(caller, project, shop, 100)
    rows.sort(key=lambda r: r["id"])
    approve(project, short_description="<p>Short</p>")
    before = {r["id"]: {k: r[k] for k in ("name", "description", "short_description")} for r in rows}
    day = Day(shop, random.Random(3).sample(rows, 30))
    for row in day.due["before"]:
        day.edit(row)
    shop.on_request = day
    settled, count = Pipeline._written, iter(range(100))

    def die(self: Pipeline, future: Any, *rest: Any) -> None:
        future.exception()  # the store has it; the worker dies before it can say so
        if next(count) in (1, 4):
            raise SystemExit("killed")
        settled(self, future, *rest)

    monkeypatch.setattr(Pipeline, "_written", die)
    started = caller.post(f"projects/{project.pk}/sync", {}, status=202)
    for _ in range(3):
        Job.objects.update(lease_until=None)
        try:
            run_jobs()
        except SystemExit:
            continue
    monkeypatch.undo()
    job = Job.objects.get(pk=started["job_id"])
    assert job.ended
    shop.on_request = None
    for row in day.rows[24:]:  # after
        day.edit(row)
    assert len(day.words) >= 24

    def lost() -> list[str]:
        noted = {
            str(v)
            for r in SyncRecord.objects.all()
            for v in [*r.before.values(), *(c.get("store") for c in r.conflicts)]
        }
        texts = [str(r[k]) for r in rows for k in ("name", "description", "short_description")] + list(noted)
        return [w for w in day.words.values() if not any(w in t for t in texts)]

    def standing() -> set[int]:
        return {pk for pk, w in day.words.items() if any(w in str(shop.products[pk][k]) for k in before[pk])}

    assert not lost()
    assert standing() == set(day.words)
    back = undo(caller, job)
    assert not lost()
    assert standing() == set(day.words)
    records = {int(r.item.external_id): r for r in SyncRecord.objects.filter(job=back).select_related("item")}
    for row in rows:
        if row["id"] in day.words:
            continue
        assert records[row["id"]].state == "done"
        assert {k: row[k] for k in before[row["id"]]} == before[row["id"]]
    for pk, record in records.items():
        assert record.state == "done" or record.error_message, pk
    assert not SyncRecord.objects.unfinished().exists()


# --- an undo, field by field


def test_an_undo_takes_our_tags_out_and_leaves_what_the_merchant_did(caller, project, shop):
    rows = imported(caller, project, shop, 4, tags=["old"])
    approve(project, name="Ours", tags=["fresh"])
    job = sync(caller, project)
    added, renamed, both, removed = rows
    for row in (added, both):
        shop.edit(row, tags=[*row["tags"], shop.term(shop.tags, "Sale & more")])
    shop.edit(renamed, name="Mine")
    shop.edit(both, name="Mine")
    shop.edit(removed, tags=[t for t in removed["tags"] if t["name"] == "fresh"])
    result = undo(caller, job).result
    assert (result["undone"], result["conflicts"]) == (2, 2)
    names = {row["id"]: ([t["name"] for t in row["tags"]], row["name"]) for row in rows}
    assert names[added["id"]] == (["old", "Sale &amp; more"], f"Product {added['id']}")
    assert names[renamed["id"]] == (["old"], "Mine")
    assert names[both["id"]] == (["old", "Sale &amp; more"], "Mine")
    assert names[removed["id"]] == ([], f"Product {removed['id']}")
    assert "fresh" not in {t["name"] for t in shop.tags.values()}

    item = ContentItem.objects.get(external_id=str(both["id"]))
    [entry] = [e for e in history_of(caller, project, item) if e["kind"] == "undo"]
    assert (entry["state"], entry["code"]) == ("conflict", "store_changed")
    [conflict] = entry["conflicts"]
    assert (conflict["field"], conflict["pushed"], conflict["store"]) == ("name", "Ours", "Mine")
    problem = one(caller, project, item, status=409, verb="/undo")
    assert (problem["code"], [c["field"] for c in problem["conflicts"]]) == ("store_changed", ["name"])
    assert one(caller, project, item, verb="/undo", force=True)["success"]
    assert both["name"] == f"Product {both['id']}"


@pytest.mark.thorough
def test_a_lost_answer_of_an_undo_takes_no_tag_of_the_merchants(caller, project, shop):
    [row] = imported(caller, project, shop, tags=["old"])
    approve(project, name="Ours", tags=["fresh"])
    job = sync(caller, project)

    def edit(request):
        if request.method == "GET" and shop.calls["POST /products/batch"] == 2 and row["name"] == "Ours":
            shop.edit(row, name="Mine", tags=[*row["tags"], shop.term(shop.tags, "Sale")])

    shop.on_request = edit
    shop.fail(502, b"", when=is_batch)  # refused at the door, as far as we know it may have been done
    assert undo(caller, job).result["conflicts"] == 1
    assert ([t["name"] for t in row["tags"]], row["name"]) == (["old", "Sale"], "Mine")
    assert SyncRecord.objects.get(kind="undo").after["tags"] == ["old", "Sale"]


def test_what_the_shop_cannot_take_back_is_said_with_its_reason(caller, project, shop):
    [row] = imported(caller, project, shop)
    approve(project, name="Ours", attributes={"Material": "Steel"})
    job = sync(caller, project)
    row["attributes"][0]["variation"] = True  # the merchant makes variations of it
    result = undo(caller, job).result
    assert (result.get("undone", 0), result["not_restored"]) == (0, 1)
    record = SyncRecord.objects.get(kind="undo")
    [left] = record.conflicts
    assert (left["field"], left["store"], record.after) == (
        "attributes.Material",
        "Steel",
        {"name": f"Product {row['id']}", "description": record.after["description"]},
    )
    assert "variations" in left["reason"]


@pytest.mark.thorough
def test_an_undo_refuses_what_the_merchant_wrote_on_from_while_our_answer_was_lost(caller, project, shop):
    grown, replaced = imported(caller, project, shop, 2)
    approve(project, name="Ours")

    def edit(request):
        if request.method == "GET" and shop.calls["POST /products/batch"] == 1 and "Mine" not in grown["description"]:
            shop.edit(grown, description=grown["description"] + "<p>Mine</p>")
            shop.edit(replaced, description="<p>All my own words</p>")

    shop.on_request = edit
    shop.drop_after(is_batch)
    job = sync(caller, project)
    assert (job.result.get("synced", 0), job.result["conflicts"]) == (0, 2)
    result = undo(caller, job).result
    assert (result["undone"], result["conflicts"]) == (1, 1)
    assert [row["name"] for row in (grown, replaced)] == [f"Product {row['id']}" for row in (grown, replaced)]
    assert (grown["description"][-11:], replaced["description"]) == ("<p>Mine</p>", "<p>All my own words</p>")
    [conflict] = SyncRecord.objects.get(kind="undo", state="conflict").conflicts
    assert conflict["field"] == "description"
    assert conflict["pushed"].startswith("<p>Generated")


@pytest.mark.thorough
def test_what_the_store_made_of_our_own_write_is_no_edit_though_the_answer_was_lost(caller, project, shop):
    old = "<p>See</p><!-- note: 5 < 6 && keep --><p>After.</p><style>.a > .b { color: red; }</style>"
    [row] = imported(caller, project, shop, description=old)
    job = sync(caller, project)
    shop.drop_after(is_batch)
    result = undo(caller, job).result
    assert row["description"].startswith("<p>See</p>&lt;!-- note: 5 ")
    assert (result.get("undone", 0), result.get("conflicts", 0), result["not_restored"]) == (0, 0, 1)
    record = SyncRecord.objects.get(kind="undo")
    assert (record.state, record.code) == ("failed", "not_restored")
    assert {c["field"]: c["before"] for c in record.conflicts} == {"description": old}


@pytest.mark.thorough
def test_what_the_store_cut_is_not_told_as_put_back(caller, project, shop):
    old = "<p>See</p><iframe src='https://v.example'></iframe>"
    [row] = imported(caller, project, shop, description=old)
    job = sync(caller, project)
    undone = undo(caller, job)
    told = JobEvent.objects.get(job=undone, name="item_failed").data
    assert (told["code"], told["restored"]) == ("not_restored", ["name"])
    assert row["description"] == "<p>See</p>"
