"""Lists of items: their orders, pages behind an item, filters by what the checks found, and the review queue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection

from projects import item_orders, items
from projects.models import ContentItem
from tests.factories import make_item, make_project
from tests.helpers import drop_indexes_but

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.teammate)


def judged(project: Any, score: float, status: str = "generated", name: str = "", **fields: Any) -> ContentItem:
    return make_item(
        project,
        status=status,
        confidence_score=score,
        generated_content={"name": "x"},
        source_data={"name": name},
        **fields,
    )


def report(check: str, *kinds: str) -> dict[str, Any]:
    findings = [{"kind": kind, "supported": False} for kind in kinds]
    return {"flagged": True, "checks": [{"id": check, "passed": False, "findings": [*findings, {"supported": True}]}]}


def listed(me: Any, project: Any, **query: Any) -> list[str]:
    return [row["id"] for row in me.get(f"projects/{project.pk}/items?{urlencode(query)}")]


def pages(me: Any, project: Any, **query: Any) -> list[str]:
    """All ids, page by page, as the links lead."""
    path, found = f"/api/v1/projects/{project.pk}/items?{urlencode(query)}", []
    while path:
        found += [row["id"] for row in me.get(path)]
        link = re.search(r'<([^>]+)>; rel="next"', me.last.headers.get("Link", ""))
        path = "{0.path}?{0.query}".format(urlsplit(link[1])) if link else ""
    return found


def test_orders_and_pages_behind_an_item(me: Any, project: Any) -> None:
    names = ["beta", "Alpha", "gamma", "Alpha", "delta"]
    rows = [judged(project, score, name=name) for score, name in zip((0.5, 0.9, 0.5, 0.2, 0.7), names, strict=True)]
    pending = make_item(project, source_data={"name": "aaa"})
    for place, row in enumerate([rows[3], pending, rows[0], rows[4], rows[1], rows[2]]):
        ContentItem.objects.filter(pk=row.pk).update(updated_at=START + timedelta(hours=place // 2))
    ids = [str(row.pk) for row in rows]
    by_score = [ids[3], ids[0], ids[2], ids[4], ids[1]]
    by_name = [str(pending.pk), ids[1], ids[3], ids[0], ids[4], ids[2]]
    by_update = [ids[2], ids[1], ids[4], ids[0], str(pending.pk), ids[3]]
    for order, expected in (("confidence", by_score), ("name", by_name), ("updated", by_update)):
        assert listed(me, project, order=order) == expected, order
        for limit in (1, 2, 3, 6):
            assert pages(me, project, order=order, limit=limit) == expected, (order, limit)
    assert "X-Total-Count" not in me.last
    assert listed(me, project, after=ids[3], limit=2) == [ids[4], str(pending.pk)]
    assert listed(me, project, order="confidence", after=str(pending.pk)) == by_score  # it has no place in this order
    me.get(f"projects/{project.pk}/items?order=price", 400)
    me.get(f"projects/{project.pk}/items?after=nonsense", 404)


def test_an_item_of_another_project_is_no_place_to_begin(me: Any, project: Any, cast: Any) -> None:
    theirs = judged(make_project(cast.stranger.organization), 0.5)
    me.get(f"projects/{project.pk}/items?after={theirs.pk}", 404)
    me.get(f"projects/{project.pk}/items/next?after={theirs.pk}", 404)


def test_filters_by_failed_check_kind_of_claim_and_time(me: Any, project: Any) -> None:
    claim = judged(project, 0.4, "flagged", generation_metadata=report("grounding", "material", "origin"))
    long = judged(project, 0.6, generation_metadata=report("limits"))
    clean = judged(project, 0.9, generation_metadata={"checks": [{"id": "limits", "passed": True, "findings": []}]})
    make_item(project)
    assert listed(me, project, failed_check="limits") == [str(long.pk)]
    assert listed(me, project, failed_check="grounding") == [str(claim.pk)]
    assert listed(me, project, claim_kind="origin") == [str(claim.pk)]
    assert listed(me, project, claim_kind="origin", failed_check="limits") == []
    assert listed(me, project, claim_kind='"; drop') == []
    ContentItem.objects.exclude(pk=clean.pk).update(updated_at=START)
    assert listed(me, project, updated_since="2026-03-01T00:00:01Z") == [str(clean.pk)]
    me.get(f"projects/{project.pk}/items?updated_since=yesterday", 400)


def test_filters_by_field_and_category(me: Any, project: Any) -> None:
    def found_in(*names: str) -> dict[str, Any]:
        findings = [{"field": name, "supported": False} for name in names]
        return {
            "checks": [
                {"id": "grounding", "passed": False, "findings": [*findings, {"field": "name", "supported": True}]}
            ]
        }

    tag = judged(project, 0.5, generation_metadata=found_in("tags[3]"))
    title = judged(project, 0.5, generation_metadata=found_in("seo.title"))
    colour = judged(project, 0.5, generation_metadata=found_in("attributes.Colour"))
    shoe = make_item(project, status="generated", confidence_score=0.5, source_data={"categories": ["Shoes", "New"]})
    assert listed(me, project, field="tags") == [str(tag.pk)]
    assert listed(me, project, field="seo.title") == [str(title.pk)]
    assert listed(me, project, field="attributes") == [str(colour.pk)]
    assert listed(me, project, field="name") == []
    assert listed(me, project, category="Shoes") == [str(shoe.pk)]
    assert listed(me, project, category="shoe") == []
    assert me.get(f"projects/{project.pk}/items/next?field=tags")["item"]["id"] == str(tag.pk)
    me.get(f"projects/{project.pk}/items?field=nothing", 400)


def test_a_place_in_an_order_works_backwards(project: Any) -> None:
    rows = [judged(project, score / 10) for score in (3, 1, 2, 2, 5)]
    forwards = list(item_orders.order_items(items.filter_items(project=project), item_orders.CONFIDENCE))
    for at, item in enumerate(forwards):
        back = item_orders.order_items(
            items.filter_items(project=project), item_orders.CONFIDENCE, item, backwards=True
        )
        assert list(back) == forwards[:at][::-1]
    assert len(rows) == len(forwards)


def test_the_next_to_review_is_flagged_first_and_doubtful_first(me: Any, project: Any) -> None:
    path = f"projects/{project.pk}/items/next"
    assert me.get(path) == {"item": None, "remaining": 0}
    second = judged(project, 0.6, "flagged", generation_metadata=report("limits"))
    first = judged(project, 0.3, "flagged", generation_metadata=report("grounding", "origin"))
    last, third = judged(project, 0.95), judged(project, 0.2)
    judged(project, 0.1, "approved")
    judged(project, 0.1, "flagged", excluded_at=START)
    found, after = [], ""
    while (reply := me.get(f"{path}{after}"))["item"]:
        assert reply["remaining"] == 4
        found.append(reply["item"]["id"])
        after = f"?after={found[-1]}"
    assert found == [str(item.pk) for item in (first, second, third, last)]
    # One that was judged meanwhile still says where to go on.
    ContentItem.objects.filter(pk=first.pk).update(status="approved")
    reply = me.get(f"{path}?after={first.pk}")
    assert (reply["item"]["id"], reply["remaining"]) == (str(second.pk), 3)
    assert me.get(f"{path}?failed_check=limits")["item"]["id"] == str(second.pk)
    assert me.get(f"{path}?claim_kind=origin") == {"item": None, "remaining": 0}


@pytest.mark.parametrize("language", ["", "fr"])
@pytest.mark.parametrize("order", [item_orders.NAME, item_orders.UPDATED, item_orders.CONFIDENCE])
def test_a_page_of_each_order_comes_out_of_an_index(project: Any, order: str, language: str) -> None:
    middle = judged(project, 0.5, name="m")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    for after in (None, middle):
        plan = item_orders.order_items(items.filter_items(project=project, language=language), order, after)[
            :50
        ].explain()
        assert "Index" in plan
        assert "Sort" not in plan, plan
        # The language is looked up in the index, so the other languages' rows are not passed over.
        assert re.search(r"Index Cond: .*language", plan), plan


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"failed_check": "limits"}, "item_by_failed_check"),
        ({"claim_kind": "origin"}, "item_by_unsupported_kind"),
        ({"field": "tags"}, "item_by_finding_field"),
        ({"category": "Shoes"}, "item_by_category"),
        ({"updated_since": START}, "item_by_update"),
    ],
)
def test_each_filter_has_an_index(project: Any, query: dict[str, Any], index: str) -> None:
    drop_indexes_but("projects_contentitem", index, "item_once_per_source")
    assert index in items.filter_items(project=project, **query).order_by().explain()
