"""How ready a text is: one rule, for a row, a list, a count, a filter and the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import decisions, items, readiness, standings
from projects.models import ContentItem, Drift
from projects.readiness import Readiness
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.projects.states import NOW, claiming, clash

pytestmark = pytest.mark.django_db

EDITED: dict[str, Any] = {"outdated_fields": ["name"], "generation_metadata": {"edited_at": NOW}}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("needs_text", {"status": "pending"}),
    ("needs_text", {"status": "rejected"}),
    ("needs_text", {"status": "approved", "outdated_fields": ["price"]}),
    ("needs_text", {"status": "synced", "outdated_fields": ["price"]}),
    ("needs_text", {"status": "generated", "outdated_fields": ["price"]}),
    ("needs_decision", {"status": "generated"}),
    ("needs_decision", {"status": "flagged"}),
    ("needs_facts", claiming("description")),
    ("needs_facts", claiming("description", status="generated")),
    ("needs_facts", claiming("seo.title", check="verification")),
    ("needs_facts", claiming("tags[2]", "name", decisions={"name": "rejected"})),
    ("needs_facts", claiming("name", decisions={"name": "approved", "tags": "kept"})),
    ("needs_decision", claiming("name", decisions={"name": "rejected"})),
    ("needs_decision", claiming("seo.title", decisions={"seo.title": "kept"})),
    ("needs_decision", claiming("tags[2]", "attributes.Colour", decisions={"tags": "kept", "attributes": "rejected"})),
    ("ready", {"status": "approved"}),
    ("ready", claiming("name", status="approved")),
    ("ready", {"status": "approved", **EDITED}),
    ("in_store", {"status": "synced"}),
    ("in_store", {"status": "synced", **EDITED}),
    ("", {"status": "approved", "excluded_at": NOW}),
    ("", {"status": "pending", "item_type": "variant"}),
]


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


def states(project: Any, language: str = "") -> dict[ContentItem, str]:
    rows = ContentItem.rows.filter(project=project, language=language).annotate(state=readiness.state())
    return {row: row.state for row in rows}


@pytest.mark.parametrize(("state", "fields"), CASES)
def test_a_text_is_in_one_state(project: Any, state: str, fields: dict[str, Any]) -> None:
    item = make_item(project, **fields)
    assert readiness.state_of(item) == state
    found = [one for one in Readiness if items.filter_items(project=project, readiness=one).exists()]
    assert found == ([state] if state else [])


def test_a_claim_is_open_where_an_approval_would_ask_for_an_override(project: Any) -> None:
    for _state, fields in CASES:
        if fields.get("has_unsupported_claims"):
            make_item(project, **{**fields, "status": "flagged"})
    found = states(project)
    doubtful = decisions.items_with_unsupported_claims(list(found))
    assert {item.pk for item, state in found.items() if state == "needs_facts"} == {item.pk for item in doubtful}
    assert 0 < len(doubtful) < len(found)


def test_a_conflict_comes_before_all_else_until_a_later_push(project: Any) -> None:
    items_ = [make_item(project, status="approved") for _ in range(4)]
    clash(items_[0])
    clash(items_[1])
    clash(items_[1], "done")
    text = make_language_text(items_[2], "de", status="approved", generated_content={"name": "Flasche"})
    clash(text)
    clash(make_item(project, status="approved", excluded_at=NOW))
    found = states(project)
    assert [found[item] for item in items_] == ["conflict", "ready", "conflict", "ready"]
    assert list(states(project, "de").values()) == ["conflict"]
    listed = items.filter_items(project=project, readiness="conflict")
    assert [item.pk for item in listed] == [items_[0].pk, items_[2].pk]


def test_a_shops_own_translation_is_in_the_store(project: Any) -> None:
    item = make_item(project, status="approved")
    make_language_text(item, "de", view_data={"name": "Die eigene"}, generated_content={})
    make_language_text(item, "fr", status="generated", view_data={"name": "Le sien"}, generated_content={"name": "N"})
    make_language_text(item, "es", status="pending", generated_content={})
    found = [next(iter(states(project, code).values())) for code in ("de", "fr", "es")]
    assert found == ["in_store", "needs_decision", "needs_text"]


def fill(project: Any) -> None:
    for number, (_state, fields) in enumerate(CASES):
        make_item(project, confidence_score=number % 11 / 10, **fields)
    clash(make_item(project, status="approved"))
    lacking = make_item(project, status="approved")
    Drift.objects.create(organization_id=project.organization_id, item=lacking, gone=True, found_at=NOW)


def test_counts_and_filters_agree_and_name_no_other_organization(cast: Any, project: Any) -> None:
    fill(project)
    fill(make_project(cast.stranger.organization))
    other = make_project(cast.organization)
    make_item(other, status="approved")
    found = standings.count_by_project([project.pk, other.pk])
    assert dict(found[other.pk].by_readiness) == {"ready": 1}
    counted = found[project.pk].by_readiness
    assert counted.total() == len([state for state, _fields in CASES if state]) + 2
    for state in Readiness:
        listed = items.filter_items(project=project, readiness=state)
        assert counted[state] == listed.count() > 0, state
        assert set(listed.annotate(state=readiness.state()).values_list("state", flat=True)) == {state}


def test_a_standing_has_the_same_counts_as_a_project_and_its_scores(project: Any) -> None:
    from projects import summaries

    fill(project)
    one = standings.count_by_project([project.pk])[project.pk]
    plain = summaries.counts([project.pk])[project.pk]
    assert (one.by_status, one.variants, one.waiting) == (plain.by_status, plain.variants, plain.waiting)
    scores = [number % 11 / 10 for number, (_state, fields) in enumerate(CASES) if "excluded_at" not in fields]
    assert one.scored == len(scores)
    assert one.bands[9] == len([score for score in scores if score >= 0.9])
    assert one.bands[0] == len([score for score in scores if score < 0.1])
    assert one.score == pytest.approx(sum(scores) / len(scores))


def test_many_projects_are_counted_in_one_statement(cast: Any, project: Any) -> None:
    ids = [project.pk]
    for _ in range(2):
        fill(project)
        with CaptureQueriesContext(connection) as seen:
            standings.count_by_project(ids)
        assert len(seen) == 1
        project = make_project(cast.organization)
        ids.append(project.pk)


def test_what_is_wrong_is_counted_among_texts_that_wait(cast: Any, project: Any) -> None:
    make_item(project, confidence_score=0.4, **claiming("name", "name", "description"))
    make_item(project, confidence_score=0.4, **claiming("name", status="generated"))
    make_item(project, confidence_score=0.4, **claiming("name", status="approved"))
    make_item(project, confidence_score=0.4, **claiming("name", excluded_at=NOW))
    make_item(make_project(cast.stranger.organization), confidence_score=0.4, **claiming("name"))
    limits = {"checks": [{"id": "limits", "passed": False, "findings": []}]}
    make_item(project, status="flagged", confidence_score=0.4, generation_metadata=limits)
    found = standings.faults([project.pk])
    assert found.checks == [("grounding", 2), ("limits", 1)]
    assert found.claims == [("warranty", 2)]
    assert found.among == 0


def test_days_have_the_texts_of_their_jobs_and_what_they_cost(cast: Any, project: Any) -> None:
    def job(project: Any, *, days: int, kind: str = "generation", **result: Any) -> None:
        made = Job.objects.create(
            organization=project.organization, project=project, job_type=kind, is_test=project.is_test, result=result
        )
        Job.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))

    other = make_project(cast.organization)
    job(project, days=0, generated=3, flagged=1, xct_used="4.5000")
    job(project, days=0, generated=1, flagged=0, xct_used="1.0000", kind="regeneration")
    job(project, days=0, synced=7, kind="sync")
    job(other, days=2, generated=2, flagged=0, xct_used="2.0000")
    job(project, days=2)
    job(project, days=9, generated=5, flagged=0, xct_used="9.0000")
    job(make_project(cast.organization, is_test=True), days=0, generated=1, flagged=0, xct_used="1.0000")
    job(make_project(cast.stranger.organization), days=0, generated=1, flagged=0, xct_used="1.0000")
    found = standings.written_by_day(cast.owner, days=7)
    assert [(day.texts, str(day.xct)) for day in found[-3:]] == [(2, "2.0000"), (0, "0"), (5, "5.5000")]
    assert [day.texts for day in found[:4]] == [0, 0, 0, 0]
    assert [day.texts for day in standings.written_by_day(cast.owner, days=7, project=project)][-3:] == [0, 0, 5]


def test_the_api_tells_it_and_filters_by_it(api: Any, cast: Any, project: Any) -> None:
    me = api.as_(cast.teammate)
    root = f"projects/{project.pk}/items"
    ready, out = make_item(project, status="approved"), make_item(project, excluded_at=NOW)
    waiting = make_item(project, status="generated", confidence_score=0.9, generated_content={"name": "Bottle"})
    told = [me.get(f"{root}/{item.pk}")["readiness"] for item in (ready, out, waiting)]
    assert told == ["ready", None, "needs_decision"]
    assert [row["id"] for row in me.get(root, readiness="ready")] == [str(ready.pk)]
    assert me.get(root, readiness="needs_facts") == []
    assert me.get(f"{root}/next", readiness="needs_decision")["item"]["readiness"] == "needs_decision"
    assert me.get(f"{root}/next", readiness="needs_facts")["item"] is None
    assert me.patch(f"{root}/{waiting.pk}", {"status": "approved"})["readiness"] == "ready"
    assert me.get(f"{root}/{waiting.pk}")["readiness"] == "ready"
    me.get(root, 400, readiness="nearly")
