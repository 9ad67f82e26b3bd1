"""Changes of all items that a filter finds: a job with its progress, and one undo."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from projects import bulk, glossary, items, review
from projects.bulk import BulkPayload
from projects.models import ContentItem
from scribe.errors import InvalidInput
from scribe.models import Job
from tests.factories import make_item, make_project
from tests.helpers import run_jobs
from tests.workbench.visiting import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast: Any) -> Any:
    made = make_project(cast.organization)
    for number in range(7):
        make_item(made, status="generated", confidence_score=0.9, external_id=f"B-{number}")
    make_item(made, status="generated", has_unsupported_claims=True)
    make_item(made, status="flagged")
    make_item(made, status="rejected", reject_reason="Too flowery")
    make_item(made, status="synced")
    make_item(made, item_type="variant")
    return made


def states(project: Any) -> Counter[str]:
    return Counter(ContentItem.rows.filter(project=project).values_list("status", flat=True))


def done(project: Any, by: Any, action: str, **more: Any) -> Job:
    bulk.start(project=project, by=by, payload=BulkPayload(action=action, **more))
    return run_jobs(job_type=Job.Type.BULK_CHANGE)[0]


def undone(project: Any, by: Any, job: Job) -> Job:
    bulk.undo(project=project, by=by, job=job)
    return run_jobs(job_type=Job.Type.BULK_CHANGE)[0]


def test_the_clean_ones_are_approved_in_steps_and_one_undo_brings_all_back(
    cast: Any, project: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    before = states(project)
    job = done(project, cast.owner, "approve", states=["generated", "flagged"])
    assert (job.status, job.progress_current, job.progress_total) == ("completed", 9, 9)
    assert (job.result["changed"], job.result["skipped"]) == (7, 2)
    assert states(project)["approved"] == 7
    assert set(ContentItem.rows.filter(status="approved").values_list("changed_by", flat=True)) == {cast.owner.pk}
    assert undone(project, cast.owner, job).result["changed"] == 7
    assert states(project) == before
    with pytest.raises(InvalidInput):  # it is done once
        bulk.undo(project=project, by=cast.owner, job=job)


def test_what_an_approval_leaves_has_its_reason(cast: Any, project: Any) -> None:
    make_item(project, status="pending")
    make_item(project, status="approved")
    job = done(project, cast.owner, "approve")
    left = {name: job.result[name] for name in ("in_store", "same", "unwritten", "doubtful")}
    assert left == {"in_store": 1, "same": 1, "unwritten": 1, "doubtful": 2}
    assert job.result["skipped"] == sum(left.values())
    page = Visitor(cast.owner).get(f"projects/{project.pk}/jobs/{job.pk}")
    for sentence in (
        "1 of them is in the store already.",
        "1 of them already had this status.",
        "1 of them has no text yet.",
        "2 of them are flagged or make claims without a source: decide on each by itself.",
    ):
        assert sentence in page


@pytest.mark.parametrize("action", ["approve", "reject", "exclude", "assign"])
def test_what_was_written_after_the_order_is_left_out_and_told(cast: Any, project: Any, action: str) -> None:
    """A generation goes on beside it: nobody has seen these texts."""
    payload = BulkPayload(action=action, states=["generated"], assignee_id=str(cast.owner.pk))
    bulk.start(project=project, by=cast.owner, payload=payload)
    late = make_item(project, status="generated", confidence_score=0.9)
    again = ContentItem.objects.get(external_id="B-3")
    again.save()
    [job] = run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert (job.result["newer"], job.result["changed"]) == (2, 6 if action == "approve" else 7)
    for item in (late, again):
        item.refresh_from_db()
        assert (item.status, item.excluded_at, item.assignee) == ("generated", None, None)


def test_what_somebody_changed_since_stays_as_they_left_it(cast: Any, project: Any) -> None:
    job = done(project, cast.owner, "approve", states=["generated"])
    touched = ContentItem.rows.filter(project=project, status="approved").first()
    assert touched
    review.update_item(item=touched, by=cast.teammate, status="rejected")
    ended = undone(project, cast.owner, job)
    assert (ended.result["changed"], ended.result["skipped"]) == (6, 1)
    touched.refresh_from_db()
    assert touched.status == "rejected"


def test_a_rejection_has_its_reason_and_its_undo_the_reason_from_before(cast: Any, project: Any) -> None:
    job = done(project, cast.owner, "reject", states=["generated", "flagged", "approved", "synced"], reason="Too long")
    assert job.result["changed"] == 9  # what is in the store stays
    assert ContentItem.rows.filter(project=project, reject_reason="Too long").count() == 9
    undone(project, cast.owner, job)
    assert ContentItem.rows.filter(project=project).exclude(reject_reason="").count() == 1


def test_flagged_ones_are_approved_when_they_alone_are_meant(cast: Any, project: Any) -> None:
    assert done(project, cast.owner, "approve", states=["flagged"]).result["changed"] == 1


def test_items_are_excluded_and_assigned_and_come_back(cast: Any, project: Any) -> None:
    job = done(project, cast.owner, "exclude", filters={"search": "B-3"})
    assert ContentItem.rows.filter(project=project).excluded().count() == job.result["changed"] == 1
    undone(project, cast.owner, job)
    assert not ContentItem.rows.filter(project=project).excluded().exists()
    job = done(project, cast.owner, "assign", assignee_id=str(cast.teammate.pk))
    assert ContentItem.rows.filter(project=project, assignee=cast.teammate).count() == 11  # all but the variant
    undone(project, cast.owner, job)
    assert not ContentItem.rows.filter(project=project, assignee=cast.teammate).exists()


def test_an_undo_leaves_children_alone_that_were_excluded_before(cast: Any) -> None:
    project = make_project(cast.organization, platform="magento2")
    parent = make_item(project, external_id="P-1", status="generated")
    by_hand, other = (make_item(project, parent=parent, item_type="variant", external_id=f"V-{n}") for n in (1, 2))
    items.exclude(project=project, items=[by_hand], by=None)
    job = done(project, cast.owner, "exclude", filters={"search": "P-1"})
    assert ContentItem.rows.filter(project=project).excluded().count() == 3
    undone(project, cast.owner, job)
    assert list(ContentItem.rows.filter(project=project).excluded()) == [by_hand]
    assert other.pk in ContentItem.rows.filter(project=project).included().values_list("pk", flat=True)


def test_nothing_chosen_and_nothing_asked_begin_nothing(cast: Any, project: Any) -> None:
    for payload in (BulkPayload(action="burn"), BulkPayload(action="approve", filters={"search": "no such"})):
        with pytest.raises(InvalidInput):
            bulk.start(project=project, by=cast.owner, payload=payload)


def test_a_changed_term_is_found_in_texts_from_before_and_they_alone_are_regenerated(cast: Any) -> None:
    project = make_project(cast.organization)
    source = {"name": "Trail Bottle", "description": "A steel bottle."}
    says = [
        make_item(project, source_data=source, generated_content={"name": name}, status=status, confidence_score=1.0)
        for name, status in (("Trail Bottle", "approved"), ("Trail Bottle", "generated"), ("Trail Flask", "approved"))
    ]
    glossary.create(
        organization=cast.organization,
        profile=None,
        values={"text": "bottle", "language": "en", "targets": {"en": {"text": "flask", "forbidden": ["bottle"]}}},
    )
    assert not items.filter_items(project=project, failed_check="glossary").exists()
    assert done(project, cast.owner, "recheck").result["changed"] == 3
    found = items.filter_items(project=project, failed_check="glossary")
    assert set(found.values_list("pk", "status")) == {(says[0].pk, "approved"), (says[1].pk, "flagged")}
    ended = done(project, cast.owner, "recheck")
    assert (ended.result["changed"], ended.result["skipped"]) == (0, 3)  # nothing new
    with pytest.raises(InvalidInput):
        bulk.undo(project=project, by=cast.owner, job=ended)  # there is nothing to take back
