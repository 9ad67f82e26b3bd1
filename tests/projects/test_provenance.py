"""The record of an item's texts: from a text to its model, its checks and its people. Nothing of it can be changed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import erasure
from projects import removal, review
from projects.models import Approval, ContentItem, ItemVersion
from projects.provenance import words_changed
from scribe.models import AuditEntry
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.workbench.visiting import Visitor

pytestmark = pytest.mark.django_db

TEXT = "<p>A mug of stoneware that holds 300 ml.</p>"


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.teammate)


def written(project: Any, **content: Any) -> ContentItem:
    return make_item(
        project,
        source_data={"name": "Mug", "description": "Stoneware, 300 ml."},
        generated_content=content or {"name": "Mug", "description": TEXT, "tags": ["mug"], "seo": {"title": "Mug"}},
        generation_metadata={
            "ai_provider": "anthropic",
            "ai_model": "claude-haiku-5-5",
            "prompt_version": 12,
            "generated_at": "2026-11-30T09:02:10Z",
            "settings": {"language": "en", "provider": "anthropic", "model": "claude-haiku-5-5"},
            "checks": [
                {
                    "id": "grounding",
                    "passed": True,
                    "detail": "",
                    "findings": [{"field": "description", "text": "300 ml", "supported": True}],
                }
            ],
        },
        status="generated",
    )


def path(item: ContentItem) -> str:
    return f"projects/{item.project_id}/items/{item.pk}"


def text_of(record: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(text for text in record["texts"] if text["field"] == name)
    return found


def test_one_call_leads_from_a_text_to_model_prompt_checks_and_person(me: Any, cast: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    record = me.get(f"{path(item)}/provenance")
    text = text_of(record, "description")
    assert text["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert text["generated"]["model"] == "claude-haiku-5-5"
    assert text["generated"]["prompt_version"] == 12
    assert text["generated"]["generated_at"] == "2026-11-30T09:02:10Z"
    assert text["generated"]["settings"]["language"] == "en"
    assert text["findings"] == [{"check": "grounding", "text": "300 ml", "supported": True}]
    assert text["approved"]["by"]["email"] == cast.teammate.email
    assert {one["field"] for one in record["texts"]} == {"name", "description", "tags", "seo.title"}
    assert record["approved"] is True
    assert [entry["event"] for entry in record["entries"]] == ["generated", "approved"]


def test_a_text_changed_after_approval_is_not_approved_and_the_others_wait_with_it(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    me.patch(path(item), {"generated_content": {"description": "<p>A mug of stoneware that holds 300 ml of tea.</p>"}})
    record = me.get(f"{path(item)}/provenance")
    assert record["approved"] is False
    assert {text["approved"] for text in record["texts"]} == {None}
    changed = text_of(record, "description")
    assert changed["generated"]["model"] == "claude-haiku-5-5"
    assert 0 < changed["words_changed"] < 0.5
    assert changed["edits"][0]["words_changed"] == changed["words_changed"]
    assert text_of(record, "name")["edits"] == []
    me.patch(path(item), {"status": "approved"})
    again = me.get(f"{path(item)}/provenance")
    assert again["approved"] is True
    assert [entry["event"] for entry in again["entries"]] == ["generated", "approved", "edited", "approved"]


def test_a_text_that_is_brought_back_has_the_origin_that_it_had(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"generated_content": {"description": "<p>All else.</p>"}})
    version = ItemVersion.objects.get(item=item)
    me.post(f"{path(item)}/versions/{version.pk}/restore", {})
    text = text_of(me.get(f"{path(item)}/provenance"), "description")
    assert (text["edits"], text["words_changed"]) == ([], 0.0)


def test_a_text_that_a_person_wrote_names_no_model(me: Any, project: Any) -> None:
    item = make_item(project, source_data={"name": "Mug"}, status="pending")
    review.update_item(item=item, by=None, content={"name": "Mug by hand"})
    text = text_of(me.get(f"{path(item)}/provenance"), "name")
    assert (text["generated"], text["words_changed"]) == (None, None)


def test_an_override_is_kept_with_its_reason(me: Any, project: Any) -> None:
    item = written(project)
    ContentItem.objects.filter(pk=item.pk).update(has_unsupported_claims=True)
    me.patch(path(item), {"status": "approved"}, 409)
    assert not Approval.objects.exists()
    me.patch(path(item), {"status": "approved", "override": True, "override_reason": "The maker told us."})
    approved = text_of(me.get(f"{path(item)}/provenance"), "name")["approved"]
    assert (approved["override"], approved["reason"]) == (True, "The maker told us.")


def test_an_approval_without_a_doubt_is_no_override_whatever_the_caller_sent(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved", "override": True, "override_reason": "In case."})
    approved = text_of(me.get(f"{path(item)}/provenance"), "name")["approved"]
    assert (approved["override"], approved["reason"]) == (False, "")


def test_a_declined_text_is_not_approved(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved", "decisions": {"description": "rejected"}})
    record = me.get(f"{path(item)}/provenance")
    assert (text_of(record, "description")["declined"], text_of(record, "description")["approved"]) == (True, None)
    assert record["approved"] is True


def test_a_taken_back_approval_counts_no_more_and_stays_in_the_record(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    me.patch(path(item), {"status": "rejected"})
    record = me.get(f"{path(item)}/provenance")
    assert record["approved"] is False
    assert [entry["event"] for entry in record["entries"]] == ["generated", "approved"]


def test_a_batch_writes_one_row_for_each_item(me: Any, project: Any) -> None:
    items = [written(project) for _ in range(3)]
    me.patch(f"projects/{project.pk}/items/batch", {"item_ids": [str(item.pk) for item in items], "status": "approved"})
    assert set(Approval.objects.values_list("item_id", flat=True)) == {item.pk for item in items}


@pytest.mark.parametrize("table", ["projects_approval", "projects_itemversion"])
def test_the_database_refuses_to_change_or_delete_a_row_of_the_record(me: Any, project: Any, table: str) -> None:
    item = written(project)
    me.patch(path(item), {"generated_content": {"name": "Cup"}})
    me.patch(path(item), {"status": "approved"})
    for statement in (f"UPDATE {table} SET created_at = now()", f"DELETE FROM {table}"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_record_leaves_with_its_item(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"generated_content": {"name": "Cup"}})
    me.patch(path(item), {"status": "approved"})
    removal.items(ContentItem.objects.filter(pk=item.pk))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Approval.objects.exists()
    assert not ItemVersion.objects.exists()


def test_a_release_that_knows_nothing_of_approvals_can_delete_the_item(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_contentitem WHERE id = %s", [item.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Approval.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_erased_organization_leaves_no_record(api: Any, cast: Any) -> None:
    me, item = api.as_(cast.teammate), written(make_project(cast.organization))
    me.patch(path(item), {"generated_content": {"name": "Cup"}})
    me.patch(path(item), {"status": "approved"})
    erasure.erase(cast.organization)
    assert not Approval.objects.exists()
    assert not ItemVersion.objects.exists()


def test_a_text_that_changes_under_an_approval_loses_it_in_the_database(me: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    ContentItem.objects.filter(pk=item.pk).update(generated_content={"name": "Cup"})
    assert ContentItem.objects.get(pk=item.pk).status == "generated"


def test_a_stranger_sees_no_record(api: Any, cast: Any, project: Any) -> None:
    api.as_(cast.stranger).get(f"{path(written(project))}/provenance", status=404)


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [("", "", 0.0), ("a mug", "a mug", 0.0), ("", "a mug", 1.0), ("one two", "three four", 1.0), ("a b", "a c", 0.5)],
)
def test_the_share_is_of_the_words_of_both_texts(old: str, new: str, share: float) -> None:
    assert words_changed(old, new) == share


def test_the_page_of_an_item_shows_its_record_in_the_readers_language(me: Any, cast: Any, project: Any) -> None:
    item = written(project)
    me.patch(path(item), {"status": "approved"})
    visitor = Visitor(cast.teammate)
    shown = visitor.part(f"{path(item)}/provenance")
    assert hashlib.sha256(TEXT.encode()).hexdigest() in shown
    assert "claude-haiku-5-5" in shown
    assert cast.teammate.name in shown or cast.teammate.email in shown
    Visitor(cast.stranger).get(f"{path(item)}/provenance", 404)


def test_the_page_of_the_store_lets_an_admin_choose_what_the_shop_is_told(cast: Any, project: Any) -> None:
    project.store_connection = make_woocommerce_connection(cast.organization, "https://shop.example")
    project.save()
    at = f"projects/{project.pk}/store/provenance"
    Visitor(cast.teammate).post(at, {"provenance": "mark"}, 403)
    visitor = Visitor(cast.owner)
    visitor.post(at, {"provenance": "nonsense"})
    visitor.post(at, {"provenance": "mark"})
    project.store_connection.refresh_from_db()
    assert project.store_connection.provenance == "mark"
    assert AuditEntry.objects.filter(action="store_connection.changed", after__provenance="mark").count() == 1
