"""Syncing: only what was approved, never over a merchant's own words, each write once, and back again."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from integrations.models import StoreConnection
from projects.api.serializers.stores import SyncReply, UndoReply
from projects.api.views.sync import render_sync, render_undo
from projects.models import ContentItem, SyncRecord
from projects.sync import conflicts
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
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
    connection = make_woocommerce_connection(cast.organization, shop.url)
    return make_project(cast.organization, store_connection=connection)


@pytest.fixture
def caller(api, cast):
    return api.as_(cast.owner)


def test_approved_texts_reach_the_store_and_nothing_else_does(caller, project, shop):
    rows = imported(caller, project, shop, 3)
    ContentItem.objects.filter(external_id=str(rows[2]["id"])).update(status="generated")
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 2)
    assert rows[0]["description"] == f"<p>Generated for {rows[0]['id']}</p>"
    assert rows[0]["short_description"] == f"<p>Short {rows[0]['id']}</p>\n"
    assert "Generated" not in rows[2]["description"]
    assert ContentItem.objects.filter(status="synced").count() == 2
    assert set(shop.writes.values()) == {1}


def test_the_contracts_reply_has_the_totals(caller, project, shop):
    rows = imported(caller, project, shop, 3)
    rows[0]["description"] = "<p>edited</p>"
    job = sync(caller, project)
    from projects.api.views.sync import render_sync

    reply = render_sync(job)
    assert reply.status_code == 200
    assert (reply.data["synced_count"], reply.data["failed_count"], reply.data["conflict_count"]) == (2, 1, 1)
    assert reply.data["skipped"] == []
    [failed] = reply.data["failed_items"]
    assert failed["external_id"] == str(rows[0]["id"])
    assert failed["code"] == "sync_conflict"
    assert failed["conflicts"][0]["store"] == "<p>edited</p>"


def test_a_hundred_pushed_with_thirty_edited_meanwhile(caller, project, shop):
    rows = imported(caller, project, shop, 100)
    for row in rows[:30]:
        row["description"] += "<p>The merchant's word</p>"
    job = sync(caller, project)
    assert (job.status, job.result["synced"], job.result["conflicts"]) == ("completed_with_errors", 70, 30)
    assert all(row["description"].endswith("word</p>") for row in rows[:30])
    assert all(row["name"] == f"New {row['id']}" for row in rows[30:])
    assert set(shop.writes) == {str(row["id"]) for row in rows[30:]}


@pytest.mark.thorough
def test_undo_after_three_later_edits_puts_sixty_seven_back(caller, project, shop):
    rows = imported(caller, project, shop, 100)
    for row in rows[:30]:
        row["description"] += "<p>The merchant's word</p>"
    before = {row["id"]: {k: row[k] for k in ("name", "description", "short_description")} for row in rows}
    job = sync(caller, project)
    for row in rows[40:43]:
        row["name"] = "Edited after the push"
    answer = caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    undo = Job.objects.get(pk=answer["job_id"])
    assert (undo.result["undone"], undo.result["failed"], undo.result["conflicts"]) == (67, 3, 3)
    changed = {row["id"] for row in rows[40:43]}
    for row in rows:
        if row["id"] not in changed:
            assert {k: row[k] for k in before[row["id"]]} == before[row["id"]]
        else:
            assert row["name"] == "Edited after the push"
    from projects.api.views.sync import render_undo

    assert {int(f["external_id"]) for f in render_undo(undo).data["failed_items"]} == changed
    assert ContentItem.objects.filter(status="approved").count() == 30 + 67
    problem = caller.post(f"jobs/{undo.pk}/undo", {}, status=409)
    assert problem["code"] == "not_a_sync"


def test_a_conflict_shows_the_three_texts_and_force_overwrites(caller, project, shop):
    [row] = imported(caller, project, shop)
    old = row["description"]
    row["description"] = "<p>Mine</p>"
    item = ContentItem.objects.get()
    problem = one(caller, project, item, status=409)
    assert problem["code"] == "sync_conflict"
    [conflict] = problem["conflicts"]
    assert conflict == {
        "field": "description",
        "imported": old,
        "store": "<p>Mine</p>",
        "generated": f"<p>Generated for {row['id']}</p>",
    }
    assert not shop.writes
    assert one(caller, project, item, force=True)["success"]
    assert row["description"].startswith("<p>Generated")
    history = caller.get(f"projects/{project.pk}/sync/{item.pk}/history")["history"]
    assert [(h["success"], h["state"], h["forced"]) for h in history] == [
        (True, "done", True),
        (False, "conflict", False),
    ]
    assert {"field": "description", "before": "<p>Mine</p>", "after": row["description"]} in history[0]["changes"]


def test_a_single_item_is_pushed_and_undone(caller, project, shop):
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()
    before = dict(row)
    done = one(caller, project, item)
    assert done["success"]
    assert done["synced_at"].endswith("Z")
    undone = one(caller, project, item, verb="/undo")
    assert undone["success"]
    assert (row["name"], row["description"]) == (before["name"], before["description"])
    item.refresh_from_db()
    assert item.status == "approved"
    problem = caller.post(f"projects/{project.pk}/sync/{item.pk}/undo", {}, status=409)
    assert problem["code"] == "nothing_to_undo"
    assert one(caller, project, item)["success"]


def test_undo_refuses_where_the_store_has_changed(caller, project, shop):
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()
    one(caller, project, item)
    row["name"] = "Later"
    problem = one(caller, project, item, status=409, verb="/undo")
    assert problem["code"] == "store_changed"
    assert row["name"] == "Later"


def test_an_unapproved_item_is_a_conflict(caller, project, shop):
    imported(caller, project, shop)
    item = ContentItem.objects.get()
    ContentItem.objects.update(status="flagged")
    problem = caller.post(f"projects/{project.pk}/sync/{item.pk}", {}, status=409)
    assert problem["code"] == "not_approved"
    problem = caller.post(f"projects/{project.pk}/sync", {"mode": "selected", "item_ids": [str(item.pk)]}, status=409)
    assert problem["ids"] == [str(item.pk)]


def test_a_variant_is_neither_approved_nor_synced_and_both_say_why(caller, project, shop):
    """It could be approved; then its sync said that only approved items can be synced."""
    imported(caller, project, shop)
    product = ContentItem.objects.get()
    variant = make_item(
        project, item_type="variant", parent=product, generated_content={"name": "Red"}, status="generated"
    )
    path, named = f"projects/{project.pk}/items", {"item_ids": [str(variant.pk)], "status": "approved"}
    refused = caller.patch(f"{path}/{variant.pk}", {"status": "approved"}, status=409)
    assert (refused["code"], refused["item_ids"]) == ("item_not_writable", [str(variant.pk)])
    assert caller.patch(f"{path}/batch", named, status=409)["code"] == "item_not_writable"
    ContentItem.objects.filter(pk=variant.pk).update(status="approved")  # by an older version
    selected = {"mode": "selected", "item_ids": [str(variant.pk)]}
    for refused in (
        caller.post(f"projects/{project.pk}/sync", selected, status=409),
        caller.post(f"projects/{project.pk}/sync/{variant.pk}", {}, status=409),
    ):
        assert (refused["code"], refused["ids"]) == ("item_not_writable", [str(variant.pk)])
        assert "sync the product" in refused["detail"]
    assert caller.patch(f"{path}/{variant.pk}", {"status": "rejected"})["status"] == "rejected"


def test_all_does_not_write_the_unchanged_again(caller, project, shop):
    imported(caller, project, shop, 5)
    sync(caller, project)
    shop.writes.clear()
    job = sync(caller, project, mode="all")
    assert (job.result["synced"], job.result["unchanged"]) == (5, 5)
    assert not shop.writes


def test_selected_takes_those_and_foreign_ids_are_not_found(caller, api, cast, project, shop):
    imported(caller, project, shop, 3)
    first = ContentItem.objects.order_by("pk").first()
    job = sync(caller, project, mode="selected", item_ids=[str(first.pk)])
    assert job.result["synced"] == 1
    other = make_project(cast.stranger.organization)
    foreign = ContentItem.objects.create(
        project=other, organization=cast.stranger.organization, external_id="9", status="approved"
    )
    problem = caller.post(
        f"projects/{project.pk}/sync", {"mode": "selected", "item_ids": [str(foreign.pk)]}, status=404
    )
    assert problem["ids"] == [str(foreign.pk)]
    caller.post(f"projects/{project.pk}/sync", {"mode": "some"}, status=400)


def test_without_a_connection_it_is_a_conflict(caller, cast):
    project = make_project(cast.organization)
    assert caller.post(f"projects/{project.pk}/sync", {}, status=409)["code"] == "no_store_connection"
    assert caller.post(f"projects/{project.pk}/jobs", {"job_type": "sync"}, status=409)["code"] == "no_store_connection"


def test_jobs_and_streams_are_doors_too(caller, project, shop):
    imported(caller, project, shop, 2)
    made = caller.post(f"projects/{project.pk}/jobs", {"job_type": "sync", "payload": {"mode": "pending"}}, status=201)
    run_jobs()
    found = caller.get(f"jobs/{made['job_id']}")
    assert found["result"]["synced"] == 2
    events = [e["event"] for e in found["progress_detail"]]
    assert events[0] == "start"
    assert events.count("item") == 2
    assert events[-1] == "complete"


def test_a_dropped_answer_leads_to_no_second_write(caller, project, shop):
    imported(caller, project, shop, 20)
    shop.drop_after(lambda r: r.path.endswith("/batch"))
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 20)
    assert set(shop.writes.values()) == {1}


def test_a_worker_killed_in_mid_write_writes_each_once(caller, project, shop, monkeypatch):
    imported(caller, project, shop, 250)
    from projects.sync.pipeline import Pipeline

    settled = Pipeline._written
    count = iter(range(100))

    def die(self, future, *rest):
        future.result()  # the store has it; the worker dies before it can say so
        if next(count) == 1:
            raise SystemExit("killed")
        settled(self, future, *rest)

    monkeypatch.setattr(Pipeline, "_written", die)
    started = caller.post(f"projects/{project.pk}/sync", {}, status=202)
    with pytest.raises(SystemExit):
        run_jobs()
    monkeypatch.undo()
    Job.objects.update(lease_until=None)
    run_jobs()
    job = Job.objects.get(pk=started["job_id"])
    assert (job.status, job.result["synced"], job.progress_current) == ("completed", 250, 250)
    assert len(shop.writes) == 250
    assert set(shop.writes.values()) == {1}
    assert not SyncRecord.objects.unfinished().exists()


def test_a_write_cut_off_by_a_cancel_is_recognized_later(caller, project, shop, monkeypatch):
    [row] = imported(caller, project, shop)
    from projects.sync.pipeline import Pipeline

    def lost(self, future, *rest):
        future.result()
        raise SystemExit("killed")

    monkeypatch.setattr(Pipeline, "_written", lost)
    started = caller.post(f"projects/{project.pk}/sync", {}, status=202)
    with pytest.raises(SystemExit):
        run_jobs()
    monkeypatch.undo()
    caller.post(f"jobs/{started['job_id']}/cancel", {})
    job = sync(caller, project)
    assert (job.result["synced"], job.result.get("conflicts", 0)) == (1, 0)
    assert shop.writes[str(row["id"])] == 1


@pytest.mark.thorough
def test_a_throttled_store_slows_it_and_it_completes(caller, project, shop):
    imported(caller, project, shop, 300)
    shop.per_second = 2
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 300)
    assert shop.throttled > 0
    assert set(shop.writes.values()) == {1}


def test_what_the_store_filters_out_is_no_conflict_later(caller, project, shop):
    [row] = imported(caller, project, shop)
    approve(project, description="<p>Good</p><iframe src='x'></iframe>")
    sync(caller, project)
    assert row["description"] == "<p>Good</p>"
    approve(project, description="<p>Better</p>")
    job = sync(caller, project)
    assert job.result["synced"] == 1
    assert row["description"] == "<p>Better</p>"


def test_one_refused_item_does_not_stop_the_rest(caller, project, shop):
    rows = imported(caller, project, shop, 3)
    item = ContentItem.objects.get(external_id=str(rows[1]["id"]))
    ContentItem.objects.filter(pk=item.pk).update(generated_content={"name": "refused"})
    del shop.products[rows[2]["id"]]
    job = sync(caller, project)
    assert (job.status, job.result["synced"], job.result["failed"]) == ("completed_with_errors", 1, 2)
    history = caller.get(f"projects/{project.pk}/sync/{item.pk}/history")["history"]
    assert history[0]["error_message"] == "Invalid parameter(s): name"
    item.refresh_from_db()
    assert item.status == "approved"


def test_refused_credentials_end_the_job_in_words(caller, project, shop):
    imported(caller, project, shop)
    shop.fail(401, {"code": "woocommerce_rest_authentication_error", "message": "x"}, times=20)
    job = sync(caller, project)
    assert (job.status, job.error_code) == ("failed", "store_credentials_refused")
    for rendered, shape in ((render_sync(job).data, SyncReply), (render_undo(job).data, UndoReply)):
        assert rendered.keys() == shape().fields.keys()
        assert rendered["error"] == job.error
    assert StoreConnection.objects.get().status == "error"


def test_tags_are_added_and_seo_and_attributes_find_their_place(caller, project, shop):
    [row] = imported(caller, project, shop, tags=["old"])
    approve(
        project,
        tags=["new", "OLD"],
        attributes={"Material": "Steel"},
        seo={"title": "T", "description": "D", "focus_keyword": "bottle", "slug": "other"},
    )
    sync(caller, project)
    assert [t["name"] for t in row["tags"]] == ["old", "new"]
    assert shop.meta(row["id"], "_yoast_wpseo_title") == "T"
    assert shop.meta(row["id"], "_yoast_wpseo_focuskw") == "bottle"
    assert [(a["name"], a["options"]) for a in row["attributes"]] == [("Material", ["Steel"])]
    assert row["slug"] == f"product-{row['id']}"
    item = ContentItem.objects.get()
    [entry] = caller.get(f"projects/{project.pk}/sync/{item.pk}/history")["history"]
    assert "push_slug" in entry["skipped"]["seo.slug"]
    one(caller, project, item, verb="/undo")
    assert [t["name"] for t in row["tags"]] == ["old"]
    assert row["attributes"] == []
    assert shop.meta(row["id"], "_yoast_wpseo_title") is None  # the row that the push made is gone


def test_bullets_go_where_the_project_says(caller, project, shop):
    [row] = imported(caller, project, shop)
    project.settings = {
        "sync": {"placement": {"bullet_points": "short_description", "structured_data": "meta._schema"}}
    }
    project.save()
    approve(project, bullet_points=["Cold & clear", "Light"], structured_data={"@type": "Product"})
    short = row["short_description"]
    sync(caller, project)
    assert row["short_description"] == f'<ul class="xc-bullets"><li>Cold &amp; clear</li><li>Light</li></ul>\n{short}'
    assert shop.meta(row["id"], "_schema") == '{"@type": "Product"}'
    approve(project, bullet_points=["Only one"])
    sync(caller, project)
    assert row["short_description"] == f'<ul class="xc-bullets"><li>Only one</li></ul>\n{short}'


def test_what_was_pushed_does_not_come_back_as_a_fact(caller, project, shop):
    [row] = imported(caller, project, shop)
    original = row["description"]
    sync(caller, project)
    row["short_description"] = "<p>New short</p>"
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    item = ContentItem.objects.get()
    assert item.source_data["description"] == original
    assert item.source_data["short_description"] == "<p>New short</p>"
    assert item.status == "synced"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"status": "generated"}, "generated"),
        ({"generated_content": {"name": "Another"}}, "approved"),  # and approved, before the push ended
        ({"metadata": {"note": "for a colleague"}}, "synced"),  # no edit: the text went out as it was approved
    ],
)
def test_an_edit_during_the_push_is_not_marked_as_synced(caller, project, shop, change, status):
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()

    def edit():
        ContentItem.objects.filter(pk=item.pk).update(updated_at=timezone.now(), **change)
        connection.close()

    def meanwhile(key):  # in a thread of its own, as another request would be
        other = threading.Thread(target=edit)
        other.start()
        other.join()

    shop.on_write = meanwhile
    sync(caller, project)
    item.refresh_from_db()
    assert row["name"] == f"New {row['id']}"
    assert item.status == status


def test_strangers_and_members(api, cast, caller, project, shop):
    imported(caller, project, shop)
    item = ContentItem.objects.get()
    stranger = api.as_(cast.stranger)
    for path in (
        f"projects/{project.pk}/sync",
        f"projects/{project.pk}/sync/stream",
        f"projects/{project.pk}/sync/{item.pk}",
    ):
        stranger.post(path, {}, status=404)
    stranger.get(f"projects/{project.pk}/sync/{item.pk}/history", status=404)
    assert not Job.objects.filter(job_type="sync").exists()
    api.as_(cast.teammate).post(f"projects/{project.pk}/sync", {}, status=202)
    run_jobs()
    assert ContentItem.objects.get().status == "synced"


@pytest.mark.thorough
def test_a_thousand_products_in_one_read_and_one_write_per_twenty_five(caller, project, shop):
    imported(caller, project, shop, 1000)
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 1000)
    # The first batch is small, to see how quick the shop is.
    assert shop.calls["GET /products"] == 41
    assert shop.calls["POST /products/batch"] == 41
    assert set(shop.writes.values()) == {1}


def test_three_hundred_products_take_at_most_thirty_calls(caller, project, shop):
    imported(caller, project, shop, 300)
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 300)
    assert sum(shop.calls.values()) <= 30


def test_only_the_fields_that_count_reach_the_store(caller, project, shop):
    (row,) = imported(caller, project, shop)
    name = row["name"]
    ContentItem.objects.filter(project=project).update(decisions={"name": "kept", "description": "approved"})
    job = sync(caller, project)
    assert (job.status, job.result["synced"]) == ("completed", 1)
    assert (row["name"], row["description"]) == (name, f"<p>Generated for {row['id']}</p>")
    record = SyncRecord.objects.get(job=job)
    assert record.skipped["name"] == "In review the store's text was kept."
    assert "name" not in record.wanted


def test_a_text_in_a_further_language_never_takes_the_place_of_the_main_text(caller, project, shop):
    """A whole sync, a sync of everything, and a sync by name, with an approved French text beside each German one."""
    rows = imported(caller, project, shop, 2)
    texts = [
        make_language_text(item, "fr", status="approved", generated_content={"name": "Gourde"})
        for item in ContentItem.objects.filter(project=project)
    ]
    job = sync(caller, project)
    assert (job.progress_total, job.result["synced"]) == (2, 2)
    sync(caller, project, mode="all")
    sync(caller, project, 404, item_ids=[str(texts[0].pk)])
    assert "languages" in one(caller, project, texts[0])["message"]  # a shop without translations
    assert [row["name"] for row in rows] == [f"New {row['id']}" for row in rows]
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    caller.post(f"projects/{project.pk}/verify", {}, status=202)
    run_jobs()
    assert ContentItem.objects.filter(project=project).count() == 2
    assert {text.status for text in ContentItem.rows.filter(language="fr")} == {"approved"}
    assert not SyncRecord.objects.filter(item__in=texts).exclude(state="failed").exists()  # refused, with the reason


# --- a side for each field of a conflict


def conflicting(caller, project, shop):
    """An item with conflicts in its name and description, its row, and the path of its sync."""
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()
    shop.edit(row, name="His", description="<p>His</p>")
    sync(caller, project)
    return item, row, f"projects/{project.pk}/sync/{item.pk}"


def test_a_conflict_is_resolved_field_by_field(caller, project, shop):
    item, row, _ = conflicting(caller, project, shop)
    assert one(caller, project, item, resolve={"name": "ours", "description": "theirs"})["success"]
    assert (row["name"], row["description"]) == (f"New {item.external_id}", "<p>His</p>")
    assert SyncRecord.objects.get(state="done").forced
    assert one(caller, project, item, verb="/undo")["message"] == "The store has the old texts again."
    assert (row["name"], row["description"]) == ("His", "<p>His</p>")


def test_a_side_for_one_field_writes_over_no_other(caller, project, shop):
    item, row, _ = conflicting(caller, project, shop)
    shop.edit(row, short_description="<p>His latest</p>")
    ContentItem.objects.update(generated_content={**item.generated_content, "short_description": "<p>Ours</p>"})
    sides = {"name": "ours", "description": "ours"}
    refused = one(caller, project, item, status=409, resolve=sides)
    assert {clash["field"] for clash in refused["conflicts"]} == {*sides, "short_description"}
    assert (row["name"], row["short_description"]) == ("His", "<p>His latest</p>")
    assert one(caller, project, item, resolve={**sides, "short_description": "ours"})["success"]
    assert row["short_description"] == "<p>Ours</p>"


def test_our_side_is_taken_of_the_text_that_was_shown_alone(caller, project, shop):
    item, row, _ = conflicting(caller, project, shop)
    shop.edit(row, name="His second, which nobody has seen")
    sides = {"name": "ours", "description": "ours"}
    refused = one(caller, project, item, status=409, resolve=sides)
    assert [clash["store"] for clash in refused["conflicts"] if clash["field"] == "name"] == [row["name"]]
    assert (row["name"], row["description"]) == ("His second, which nobody has seen", "<p>His</p>")
    assert one(caller, project, item, resolve=sides)["success"]  # now it was shown
    assert row["name"] == f"New {item.external_id}"


def test_a_conflict_whose_texts_all_stay_is_over(caller, project, shop):
    item, row, path = conflicting(caller, project, shop)
    sides = {"name": "theirs", "description": "theirs"}
    assert one(caller, project, item, resolve=sides)["success"]
    assert (row["name"], row["description"]) == ("His", "<p>His</p>")
    assert not conflicts.open_in(project).exists()
    assert caller.post(path, {"resolve": sides}, status=409)["code"] == "nothing_to_resolve"


def test_a_side_that_does_not_apply_is_refused_with_what_to_do(caller, project, shop):
    item, row, path = conflicting(caller, project, shop)
    refused = caller.post(path, {"resolve": {"seo.title": "ours", "name": "ours"}}, status=400)
    assert [(fault["pointer"], fault["detail"]) for fault in refused["errors"]] == [
        ("#/resolve/seo.title", "The conflict is about description, name.")
    ]
    caller.post(path, {"resolve": {"name": "mine"}}, status=400)
    caller.post(path, {"resolve": {"name": "ours"}, "force": True}, status=400)
    assert row["name"] == "His"
    one(caller, project, item, force=True)
    refused = caller.post(path, {"resolve": {"name": "ours"}}, status=409)
    assert (refused["code"], "without `resolve`" in refused["detail"]) == ("nothing_to_resolve", True)


def test_an_attribute_in_conflict_takes_our_side_alone(caller, project, shop):
    [row] = imported(caller, project, shop)
    item = ContentItem.objects.get()
    row["attributes"] = [
        {"id": 0, "name": "Fabric", "position": 0, "visible": True, "variation": False, "options": ["Wool"]}
    ]
    ContentItem.objects.update(generated_content={**item.generated_content, "attributes": {"Fabric": "Linen"}})
    refused = one(caller, project, item, status=409)
    assert [clash["field"] for clash in refused["conflicts"]] == ["attributes.Fabric"]
    path = f"projects/{project.pk}/sync/{item.pk}"
    caller.post(path, {"resolve": {"attributes.Fabric": "theirs"}}, status=400)
    assert one(caller, project, item, resolve={"attributes.Fabric": "ours"})["success"]
    assert row["attributes"][0]["options"] == ["Linen"]
