"""Items from the outside: lists, review, edits, versions, exclusion."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import ContentItem, ItemVersion
from scribe import database
from tests.catalog.files import samples
from tests.factories import make_item, make_project
from tests.live import database_url
from tests.projects import uploads

pytestmark = pytest.mark.django_db

CONTENT = {"name": "Trail Bottle", "description": "<p>A bottle of stainless steel, 750 ml.</p>", "tags": ["bottle"]}


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.teammate)


def written(project: Any, status: str = "generated", **fields: Any) -> ContentItem:
    return make_item(project, generated_content=dict(CONTENT), status=status, **fields)


def test_the_list_is_filtered_by_status_source_type_and_words(me: Any, project: Any) -> None:
    pending, done = make_item(project), written(project)
    out = written(project, excluded_at="2026-01-01T00:00:00Z")
    variant = make_item(project, item_type="variant", source_data={"name": "Small kettle"})

    def ids(**query: Any) -> list[str]:
        return [item["id"] for item in me.get(f"projects/{project.pk}/items?{urlencode(query)}")]

    assert ids() == [str(item.pk) for item in (pending, done, out, variant)]
    assert ids(status="pending") == [str(pending.pk), str(variant.pk)]
    assert ids(status="generated") == [str(done.pk)]
    assert ids(status="excluded") == [str(out.pk)]
    assert ids(item_type="variant") == [str(variant.pk)]
    assert ids(search="KETTLE") == [str(variant.pk)]
    me.get(f"projects/{project.pk}/items?status=new", 400)
    me.get(f"projects/{project.pk}/items", 404, source_id="3fa85f64-5717-4562-b3fc-2c963f66afa6")


def test_pages_carry_the_total_and_links(me: Any, project: Any) -> None:
    ids = [str(make_item(project).pk) for _ in range(5)]
    assert [item["id"] for item in me.get(f"projects/{project.pk}/items", limit=2, offset=2)] == ids[2:4]
    assert me.last["X-Total-Count"] == "5"
    assert 'rel="next"' in me.last["Link"]
    assert 'rel="prev"' in me.last["Link"]
    me.get(f"projects/{project.pk}/items", 400, limit=0)
    me.get(f"projects/{project.pk}/items", 400, limit=1001)


def test_every_page_is_that_part_of_the_whole_list(me: Any, project: Any) -> None:
    for number in range(7):
        written(project, status=("approved", "generated")[number % 2], store_view=f"view {number % 3}")
    make_item(make_project(project.organization))
    for query in ({}, {"status": "approved"}, {"search": "kettle"}, {"order": "updated"}, {"order": "name"}):
        whole = me.get(f"projects/{project.pk}/items?{urlencode(query)}")
        for offset in range(len(whole) + 2):
            page = me.get(f"projects/{project.pk}/items?{urlencode({**query, 'limit': 2, 'offset': offset})}")
            assert page == whole[offset : offset + 2], (query, offset)
            assert me.last.headers.get("X-Total-Count", str(len(whole))) == str(len(whole))


def test_a_page_is_counted_and_skipped_to_without_what_it_shows(me: Any, project: Any) -> None:
    """The rows before a page were read whole, with their texts: a third of a second before the last of 50,000."""
    for _ in range(3):
        written(project)
    with CaptureQueriesContext(connection) as found:
        me.get(f"projects/{project.pk}/items", limit=1, offset=2)
    shown, counted = (each["sql"] for each in found.captured_queries[-2:])
    assert "COUNT(" in counted
    assert "JOIN" not in counted
    skipped = shown[shown.index(" IN (SELECT ") : shown.index(" OFFSET 2")]
    assert "source_data" not in skipped
    assert "JOIN" not in skipped


def test_the_list_asks_as_many_questions_for_thirty_items_as_for_three(me: Any, project: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            me.get(f"projects/{project.pk}/items")
        return len(found)

    for _ in range(3):
        written(project)
    few = queries()
    for _ in range(27):
        written(project)
    assert queries() == few


def test_a_listed_item_looks_like_a_single_one(me: Any, project: Any) -> None:
    item = written(project, metadata={"a": 1}, confidence_score=0.75)
    (listed,) = me.get(f"projects/{project.pk}/items")
    single = me.get(f"projects/{project.pk}/items/{item.pk}")
    assert single == {**listed, "readiness": "needs_decision"}
    assert listed["generated_content"] == CONTENT
    assert listed["confidence_score"] == 0.75


@pytest.mark.parametrize("start", ["generated", "flagged", "approved", "rejected"])
@pytest.mark.parametrize("to", ["generated", "flagged", "approved", "rejected"])
def test_people_move_items_between_the_four_states(me: Any, project: Any, start: str, to: str) -> None:
    item = written(project, start)
    assert me.patch(f"projects/{project.pk}/items/{item.pk}", {"status": to})["status"] == to


@pytest.mark.parametrize(
    ("start", "to"), [("pending", "approved"), ("synced", "approved"), ("generated", "pending"), ("approved", "synced")]
)
def test_any_other_move_is_a_conflict_that_names_both_states(me: Any, project: Any, start: str, to: str) -> None:
    item = written(project, start)
    problem = me.patch(f"projects/{project.pk}/items/{item.pk}", {"status": to}, 409)
    assert (problem["code"], problem["from"], problem["to"]) == ("invalid_transition", start, to)
    assert start in problem["detail"]
    assert to in problem["detail"]
    me.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "done"}, 400)


def test_unsupported_claims_are_approved_by_override_only(me: Any, project: Any) -> None:
    item = written(project, "flagged", has_unsupported_claims=True)
    path = f"projects/{project.pk}/items"
    problem = me.patch(f"{path}/{item.pk}", {"status": "approved"}, 409)
    assert (problem["code"], problem["item_ids"]) == ("unsupported_claims", [str(item.pk)])
    assert (
        me.patch(f"{path}/batch", {"item_ids": [str(item.pk)], "status": "approved"}, 409)["code"]
        == "unsupported_claims"
    )
    (moved,) = me.patch(f"{path}/batch", {"item_ids": [str(item.pk)], "status": "approved", "override": True})
    assert moved["status"] == "approved"


def test_a_batch_is_all_or_nothing(me: Any, cast: Any, project: Any) -> None:
    one, two, pending = written(project), written(project), make_item(project)
    foreign = written(make_project(cast.stranger.organization))
    path = f"projects/{project.pk}/items/batch"
    missing = me.patch(path, {"item_ids": [str(one.pk), str(foreign.pk)], "status": "approved"}, 404)
    assert missing["ids"] == [str(foreign.pk)]
    wrong = me.patch(path, {"item_ids": [str(one.pk), str(pending.pk)], "status": "approved"}, 409)
    assert wrong["item_ids"] == [str(pending.pk)]
    assert set(ContentItem.objects.filter(project=project).values_list("status", flat=True)) == {"generated", "pending"}
    moved = me.patch(path, {"item_ids": [str(two.pk), str(one.pk)], "status": "approved"})
    assert {item["status"] for item in moved} == {"approved"}
    assert len(moved) == 2
    assert me.get(f"projects/{project.pk}")["status"] == "active"
    me.patch(f"projects/{project.pk}/items/{pending.pk}", {"generated_content": CONTENT})
    me.patch(path, {"item_ids": [str(pending.pk)], "status": "approved"})
    assert me.get(f"projects/{project.pk}")["status"] == "completed"


def test_editing_merges_sanitizes_checks_and_keeps_the_old_text(me: Any, cast: Any, project: Any) -> None:
    item = written(project, "approved")
    path = f"projects/{project.pk}/items/{item.pk}"
    edited = me.patch(path, {"generated_content": {"description": "<p>Steel, 750 ml.<script>alert(1)</script></p>"}})
    assert edited["status"] == "generated"
    assert edited["generated_content"]["name"] == "Trail Bottle"
    assert "script" not in edited["generated_content"]["description"]
    assert "750 ml" in edited["generated_content"]["description"]
    assert edited["generation_metadata"]["checks"]
    assert edited["confidence_score"] is not None
    (version,) = me.get(f"{path}/versions")
    assert (version["generated_content"], version["reason"]) == (CONTENT, "edited")
    assert version["created_by"] == cast.teammate.email
    back = me.post(f"{path}/versions/{version['id']}/restore")
    assert back["generated_content"] == CONTENT
    assert back["status"] == "generated"
    assert [one["reason"] for one in me.get(f"{path}/versions")] == ["restored", "edited"]
    assert me.patch(path, {"generated_content": {"tags": None}})["generated_content"].keys() == {"name", "description"}


def test_what_an_edit_loses_is_told(me: Any, project: Any) -> None:
    item = written(project)
    edit = {
        "name": "Big <b>bottle</b> <M>",
        "description": '<p>See <a href="https://other.example">this</a></p><!-- note -->',
        "seo": {"title": "Steel bottle that keeps drinks cold for a whole day and longer"},
        "bullet_points": [f"Point {n}" for n in range(13)],
        "attributes": {"Size": "<M>"},
        "colour": "Red",
    }
    edit["seo"]["robots"] = "none"
    edited = me.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": edit})
    assert edited["generated_content"]["name"] == "Big bottle <M>"
    assert [(one["field"], one["code"]) for one in edited["warnings"]] == [
        ("colour", "unknown_field"),
        ("seo.robots", "unknown_field"),
        ("name", "removed"),
        ("description", "removed"),
        ("bullet_points", "fewer_entries"),
        ("seo.title", "shortened"),
    ]
    assert [one["detail"] for one in edited["warnings"]] == [
        *["This field does not exist."] * 2,
        "Removed, because a text can't have it: b.",
        "Removed, because a text can't have it: <!-- -->, a.",
        "Only the first 12 entries were kept.",
        "Cut to 60 characters, the most that the field can have.",
    ]
    assert me.patch(f"projects/{project.pk}/items/{item.pk}", {"metadata": {"a": 1}})["warnings"] == []
    names = {"attributes": {"n" * 81: "M"}}
    edited = me.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": names})
    assert edited["generated_content"]["attributes"] == {"n" * 80: "M"}
    assert [(one["field"], one["code"]) for one in edited["warnings"]] == [("attributes", "shortened")]


def test_an_edit_that_claims_more_than_the_source_says_is_caught(me: Any, project: Any) -> None:
    item = written(project, "generated")
    path = f"projects/{project.pk}/items/{item.pk}"
    edited = me.patch(
        path,
        {
            "generated_content": {
                "description": "<p>Keeps drinks cold for 99 hours, CE certified, lifetime warranty.</p>"
            }
        },
    )
    assert edited["has_unsupported_claims"]
    assert me.patch(path, {"status": "approved"}, 409)["code"] == "unsupported_claims"


@pytest.mark.parametrize("start", ["pending", "rejected", "synced"])
def test_an_edited_item_awaits_review_whatever_it_was(me: Any, project: Any, start: str) -> None:
    item = written(project, start)
    edited = me.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": {"name": "Bottle"}})
    assert edited["status"] == "generated"


def test_content_and_approval_in_one_call(me: Any, project: Any) -> None:
    item = make_item(project)
    body = {"generated_content": {"name": "Bottle"}, "status": "approved", "metadata": {"note": "ok"}}
    changed = me.patch(f"projects/{project.pk}/items/{item.pk}", body)
    assert (changed["status"], changed["metadata"]) == ("approved", {"note": "ok"})


def test_a_failed_status_leaves_the_content_alone(me: Any, project: Any) -> None:
    item = written(project, "generated")
    me.patch(f"projects/{project.pk}/items/{item.pk}", {"generated_content": {"name": "X"}, "status": "synced"}, 409)
    item.refresh_from_db()
    assert item.generated_content == CONTENT
    assert not ItemVersion.objects.exists()


def test_excluded_items_keep_their_status(me: Any, cast: Any, project: Any) -> None:
    one, two = written(project, "approved"), written(project)
    path = f"projects/{project.pk}/items"
    assert me.post(f"{path}/exclude", {"item_ids": [str(one.pk)]}) == {"excluded": 1, "item_ids": [str(one.pk)]}
    assert me.post(f"{path}/exclude", {"item_ids": [str(one.pk)]})["excluded"] == 0
    assert me.get(f"projects/{project.pk}")["status_counts"]["excluded"] == 1
    foreign = written(make_project(cast.stranger.organization))
    me.post(f"{path}/exclude", {"item_ids": [str(two.pk), str(foreign.pk)]}, 404)
    assert me.post(f"{path}/restore", {"item_ids": [str(one.pk)]})["restored"] == 1
    assert me.get(f"{path}/{one.pk}")["status"] == "approved"


def test_a_magento_configurable_takes_its_children_along(me: Any, cast: Any) -> None:
    project_id = uploads.new_project(me, "magento2")
    uploads.upload(me, project_id, samples.MAGENTO)
    items = {(item["external_id"], item["store_view"]): item for item in me.get(f"projects/{project_id}/items")}
    parent, child = items["bag", ""], items["bag-s", ""]
    gone = me.post(f"projects/{project_id}/items/exclude", {"item_ids": [parent["id"]]})
    assert set(gone["item_ids"]) == {parent["id"], child["id"]}
    assert me.post(f"projects/{project_id}/items/restore", {"item_ids": [parent["id"]]})["restored"] == 2


def test_elsewhere_variants_stay(me: Any, project: Any) -> None:
    parent = make_item(project)
    make_item(project, item_type="variant", parent=parent)
    assert me.post(f"projects/{project.pk}/items/exclude", {"item_ids": [str(parent.pk)]})["excluded"] == 1


def test_the_difference_to_the_stores_text_is_told_word_by_word(me: Any, project: Any) -> None:
    item = written(project)
    told = me.get(f"projects/{project.pk}/items/{item.pk}/diff")["differences"]
    name, description = told[0], told[1]
    assert name["changes"] == [{"op": "equal", "text": "Trail Bottle"}]
    assert "".join(step["text"] for step in description["changes"] if step["op"] != "insert") == description["store"]
    assert (
        "".join(step["text"] for step in description["changes"] if step["op"] != "delete") == description["generated"]
    )
    assert {"equal", "insert", "delete"} == {step["op"] for step in description["changes"]}


def test_a_text_that_another_edit_has_for_long_is_said_to_be_busy(api: Any, cast: Any, committed: Any) -> None:
    """Edits of one text wait for each other while its checks run. Who waited in vain read that a part was down."""
    item = make_item(make_project(cast.organization), generated_content={"name": "Lamp"}, status="generated")
    with psycopg.connect(database_url()) as edit, database.lock_timeout(connection, 0.1):
        edit.execute("SELECT FROM projects_contentitem WHERE id = %s FOR NO KEY UPDATE", [item.pk])
        path = f"projects/{item.project_id}/items/{item.pk}"
        said = api.as_(cast.owner).patch(path, {"generated_content": {"name": "Light"}}, status=503)
    assert said["code"] == "busy"
