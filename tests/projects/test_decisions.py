"""Decisions field by field: what is pushed and exported of a text, and what a reviewer's reason does to the next one."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from projects import decisions, review
from projects.models import ContentItem, ItemVersion
from tests.factories import make_item, make_project
from writing.fields import FIELDS

pytestmark = pytest.mark.django_db

CONTENT = {
    "name": "Trail Bottle",
    "description": "<p>A bottle of steel.</p>",
    "tags": ["bottle"],
    "seo": {"title": "Trail Bottle", "description": "A bottle."},
    "attributes": {"Colour": "Red"},
}


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.teammate)


def written(project: Any, **fields: Any) -> ContentItem:
    return make_item(
        project, **{"generated_content": dict(CONTENT), "status": "generated", "confidence_score": 0.8, **fields}
    )


def test_decisions_are_merged_per_field_and_taken_back(me: Any, project: Any) -> None:
    path = f"projects/{project.pk}/items/{written(project).pk}"
    assert me.get(path)["decisions"] == {}
    me.patch(path, {"decisions": {"name": "kept", "seo.title": "rejected"}})
    reply = me.patch(path, {"decisions": {"name": None, "tags": "approved"}})
    assert reply["decisions"] == {"seo.title": "rejected", "tags": "approved"}
    assert me.get(f"projects/{project.pk}/items")[0]["decisions"] == reply["decisions"]
    for wrong in ({"price": "approved"}, {"name": "maybe"}, {"tags[0]": "approved"}, ["name"], {"": "kept"}):
        me.patch(path, {"decisions": wrong}, 400)
    assert me.get(path)["decisions"] == reply["decisions"]


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)
def test_every_field_can_be_declined_by_its_name(row: Any) -> None:
    content = {
        "seo": {"title": "t", "description": "d", "focus_keyword": "k"},
        **{r.key: "v" for r in FIELDS if not r.part},
    }
    for decision in decisions.DECLINED:
        left = decisions.without_declined(content, {row.name: decision})
        assert not row.of(left)
        assert all(other.of(left) == other.of(content) for other in FIELDS if other != row)
    assert decisions.without_declined(content, {row.name: decisions.APPROVED}) == content


def test_an_edit_takes_the_decision_on_its_field_back_but_for_kept(me: Any, project: Any) -> None:
    item = written(project)
    path = f"projects/{project.pk}/items/{item.pk}"
    me.patch(
        path, {"decisions": {"name": "rejected", "description": "kept", "seo.title": "approved", "tags": "approved"}}
    )
    seo = {**CONTENT["seo"], "description": "Another."}  # type: ignore[dict-item]
    reply = me.patch(path, {"generated_content": {"name": "Other", "description": "<p>Other.</p>", "seo": seo}})
    assert reply["decisions"] == {"description": "kept", "seo.title": "approved", "tags": "approved"}


def test_an_unsupported_claim_in_a_declined_field_needs_no_override(me: Any, project: Any) -> None:
    finding = {"kind": "material", "supported": False, "text": "gold", "value": "gold", "start": 0, "end": 4}
    checks = [
        {
            "id": "grounding",
            "passed": False,
            "findings": [{**finding, "field": name} for name in ("seo.title", "tags[0]")],
        }
    ]
    items = [
        written(project, status="flagged", has_unsupported_claims=True, generation_metadata={"checks": checks})
        for _ in range(2)
    ]
    path = f"projects/{project.pk}/items"
    one, two = (str(item.pk) for item in items)
    for declined in ({}, {"seo.title": "rejected"}, {"seo.title": "rejected", "tags": "approved"}):
        assert (
            me.patch(f"{path}/{one}", {"decisions": declined, "status": "approved"}, 409)["code"]
            == "unsupported_claims"
        )
    assert me.get(f"{path}/{one}")["decisions"] == {}
    assert (
        me.patch(f"{path}/{one}", {"decisions": {"seo.title": "rejected", "tags": "kept"}, "status": "approved"})[
            "status"
        ]
        == "approved"
    )
    me.patch(f"{path}/{one}", {"status": "flagged"})
    problem = me.patch(f"{path}/batch", {"item_ids": [one, two], "status": "approved"}, 409)
    assert problem["item_ids"] == [two]
    me.patch(f"{path}/{two}", {"decisions": {"seo.title": "kept", "tags": "kept"}})
    me.patch(f"{path}/batch", {"item_ids": [one, two], "status": "approved"})


def test_many_items_are_judged_in_a_constant_number_of_statements(
    project: Any, django_assert_max_num_queries: Any
) -> None:
    finding = {"kind": "material", "supported": False, "field": "name"}
    report = {"checks": [{"id": "grounding", "passed": False, "findings": [finding]}]}
    more = {"has_unsupported_claims": True, "generation_metadata": report, "decisions": {"name": "rejected"}}
    items = [written(project, **more) for _ in range(20)]
    with django_assert_max_num_queries(14):
        review.update_statuses(items=items, to="approved")


def test_a_rejection_with_its_reason_writes_each_row_once(project: Any) -> None:
    before = written(project)
    other = written(project, status="rejected", reject_reason="Dull")
    for reason in ("Too long", "Too long"):
        review.update_statuses(items=[before, other], to="rejected", reject_reason=reason)
    for item in (before, other):
        now = ContentItem.objects.get(pk=item.pk)
        assert (now.status, now.reject_reason, now.version) == ("rejected", "Too long", item.version + 1)


def test_an_export_holds_the_texts_that_count(me: Any, project: Any) -> None:
    source = {"name": "Bottle", "sku": "B1", "description": "Old."}
    declined = {"description": "kept", "tags": "rejected", "seo.title": "rejected", "attributes": "rejected"}
    written(project, status="approved", external_id="1", source_data=source, decisions=declined)
    rows = list(csv.DictReader(io.StringIO(me.get(f"projects/{project.pk}/export").decode("utf-8-sig"))))
    (row,) = rows
    assert "Trail Bottle" in row.values()
    assert not any("steel" in value or value in ("bottle", "Red") for value in row.values())
    assert "Tags" not in row  # a column that no item fills is left out


def test_a_reason_belongs_to_a_rejected_item(me: Any, project: Any) -> None:
    item = written(project)
    path = f"projects/{project.pk}/items/{item.pk}"
    assert me.patch(path, {"reject_reason": "Too long"}, 400)["errors"][0]["pointer"] == "#/reject_reason"
    me.patch(path, {"status": "approved", "reject_reason": "Too long"}, 400)
    me.patch(path, {"status": "rejected", "reject_reason": "x" * 501}, 400)
    assert me.patch(path, {"status": "rejected", "reject_reason": "Too long"})["reject_reason"] == "Too long"
    assert me.patch(path, {"reject_reason": "Much too long"})["reject_reason"] == "Much too long"
    assert me.patch(path, {"status": "rejected"})["reject_reason"] == "Much too long"
    assert me.patch(path, {"status": "generated"})["reject_reason"] == ""
    me.patch(
        f"projects/{project.pk}/items/batch",
        {"item_ids": [str(item.pk)], "status": "rejected", "reject_reason": "Dull"},
    )
    edited = me.patch(path, {"generated_content": {"name": "Better"}})
    assert (edited["status"], edited["reject_reason"]) == ("generated", "")
    assert me.get(f"{path}/versions")[0]["reject_reason"] == "Dull"
    assert ItemVersion.objects.get(item=item).reject_reason == "Dull"
