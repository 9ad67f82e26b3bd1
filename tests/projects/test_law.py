"""A text that a rule of law blocks: what its page and its API say, and who may approve it with which reason."""

from __future__ import annotations

from typing import Any

import pytest

from projects import review
from projects.models import ContentItem
from scribe.models import AuditEntry
from tests.factories import MAKER, make_item, make_project
from tests.workbench.visiting import Visitor
from writing.law import publishing
from writing.models import LawRule

pytestmark = pytest.mark.django_db

REASON = "Our lawyer has seen it."


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization, settings={"sells_in": ["DE"], "trade": "cosmetics"})


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.teammate)


@pytest.fixture
def confirmed(db: Any) -> None:
    for rule in LawRule.objects.all():
        publishing.confirm(rule, by=None)


def written(project: Any, text: str = "<p>A soap that cures acne.</p>") -> ContentItem:
    item = make_item(
        project,
        source_data={"name": "Soap", "description": "A soap with lavender that cures acne.", "attributes": MAKER},
        generated_content={"name": "Soap"},
        status="generated",
    )
    return review.update_item(item=item, by=None, content={"description": text})


def law(reply: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in reply["generation_metadata"]["checks"] if row["id"] == "law")
    return found


def test_a_note_blocks_nothing(me: Any, project: Any) -> None:
    path = f"projects/{project.pk}/items/{written(project).pk}"
    assert law(me.get(path))["findings"][0]["severity"] == "note"
    assert me.patch(path, {"status": "approved"})["status"] == "approved"


def test_a_block_is_approved_with_a_reason_only(me: Any, project: Any, confirmed: None) -> None:
    item = written(project)
    path = f"projects/{project.pk}/items/{item.pk}"
    finding = law(me.get(path))["findings"][0]
    assert (finding["rule"], finding["text"]) == ("disease", "A soap that cures acne.")
    assert "2005/29/EC" in finding["law"]
    for body in ({}, {"override": True}, {"override": True, "override_reason": " "}, {"override_reason": REASON}):
        refused = me.patch(path, {"status": "approved", **body}, 409)
        assert refused["code"] == "unlawful_claims"
        assert refused["item_ids"] == [str(item.pk)]
    assert me.patch(path, {"status": "approved", "override": True, "override_reason": REASON})["status"] == "approved"
    entry = AuditEntry.objects.get(action="item.approved_against_law")
    assert (entry.reason, entry.target_id) == (REASON, str(item.pk))


def test_a_batch_with_a_blocked_text_is_refused_whole(me: Any, project: Any, confirmed: None) -> None:
    items = [written(project), written(project, "<p>A soap with lavender.</p>")]
    body = {"item_ids": [str(item.pk) for item in items], "status": "approved"}
    refused = me.patch(f"projects/{project.pk}/items/batch", body, 409)
    assert refused["item_ids"] == [str(items[0].pk)]
    me.patch(f"projects/{project.pk}/items/batch", {**body, "override": True, "override_reason": REASON})
    assert AuditEntry.objects.filter(action="item.approved_against_law").count() == 1


def test_many_blocked_texts_are_one_entry_of_the_chain(
    me: Any, project: Any, confirmed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "NAMED_IN_ENTRY", 2)
    ids = [str(written(project).pk) for _ in range(3)]
    body = {"item_ids": ids, "status": "approved", "override": True, "override_reason": REASON}
    me.patch(f"projects/{project.pk}/items/batch", body)
    entries = AuditEntry.objects.filter(action="item.approved_against_law").order_by("created_at")
    assert [entry.after["item_ids"] for entry in entries] == [ids[:2], ids[2:]]
    assert {(entry.reason, entry.target_id) for entry in entries} == {(REASON, str(project.pk))}


def test_a_declined_text_needs_no_reason(me: Any, project: Any, confirmed: None) -> None:
    path = f"projects/{project.pk}/items/{written(project).pk}"
    reply = me.patch(path, {"decisions": {"description": "rejected"}, "status": "approved"})
    assert reply["status"] == "approved"


def test_an_edit_takes_the_finding_away(me: Any, project: Any, confirmed: None) -> None:
    path = f"projects/{project.pk}/items/{written(project).pk}"
    reply = me.patch(path, {"generated_content": {"description": "<p>A soap with lavender.</p>"}})
    assert law(reply) == {**law(reply), "passed": True, "findings": []}
    assert me.patch(path, {"status": "approved"})["status"] == "approved"


def test_settings_name_countries_and_trades_that_exist(me: Any, project: Any) -> None:
    path = f"projects/{project.pk}"
    for wrong in (
        {"sells_in": ["Germany"]},
        {"sells_in": 5},
        {"sells_in": [["DE"]]},
        {"trade": "cars"},
        {"trade": [1]},
    ):
        assert me.patch(path, {"settings": wrong}, 400)["errors"]
    me.patch(path, {"settings": {"sells_in": ["de", "AT"], "trade": "toys"}})


def test_the_page_shows_article_and_remedy_and_takes_the_reason(cast: Any, project: Any, confirmed: None) -> None:
    visitor = Visitor(cast.teammate)
    item = written(project)
    page = visitor.get(f"projects/{project.pk}/review?item={item.pk}")
    assert "Annex I, point 17" in page
    assert "override_reason" in page
    item.read_version()
    sent = {"status": "approved", "override": "1", "override_reason": REASON, "version": item.version}
    visitor.post(f"projects/{project.pk}/items/{item.pk}/decision", sent)
    item.refresh_from_db()
    assert item.status == "approved"
