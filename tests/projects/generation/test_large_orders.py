"""A large order is accepted with its exact price, and its workers write its rows: each text once, whatever happens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Hold, UsageRecord, Wallet
from projects.generation import order_rows
from projects.models import ContentItem, GenerationBatch, GenerationItem
from scribe import jobs
from scribe.jobs import Run, queues, registry
from scribe.jobs.models import Job
from scribe.jobs.worker import claim, work
from tests import factories
from tests.helpers import run_jobs
from tests.projects.generation.conftest import balance, make_items

AT_ONCE = 4
COUNT = 18
WRITTEN = {"generated_content": {"name": "Old", "description": "<p>Old.</p>"}, "confidence_score": 0.9}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: Any, openai: Any) -> None:
    monkeypatch.setattr(order_rows, "AT_ONCE", AT_ONCE)


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def order(owner: Any, project: Any, door: str = "generate", **body: Any) -> Job:
    return Job.objects.get(pk=owner.post(f"projects/{project.pk}/{door}", body, 202)["job_id"])


def statements(owner: Any, project: Any, door: str, **body: Any) -> int:
    with CaptureQueriesContext(connection) as caught:
        job = order(owner, project, door, **body)
    jobs.cancel(job)
    return len(caught)


def end(job: Job) -> Job:
    run_jobs()
    job.refresh_from_db()
    return job


def written(owner: Any, project: Any, count: int, status: str = "generated") -> list[ContentItem]:
    return [factories.make_item(project, status=status, **WRITTEN) for _ in range(count)]


@pytest.mark.parametrize("door", ["generate", "regenerate"])
def test_the_rows_that_a_request_writes_do_not_grow_with_the_order(owner: Any, project: Any, door: str) -> None:
    written(owner, project, COUNT, "pending")
    few = statements(owner, project, door)
    written(owner, project, COUNT - 2, "pending")
    job = order(owner, project, door)
    assert GenerationItem.objects.filter(job=job).count() == AT_ONCE
    assert [(batch.first, batch.count) for batch in GenerationBatch.objects.filter(job=job).order_by("first")] == [
        (first, min(AT_ONCE, job.progress_total - first)) for first in range(AT_ONCE, job.progress_total, AT_ONCE)
    ]
    jobs.cancel(job)
    batches = (COUNT - 2) // AT_ONCE
    assert statements(owner, project, door) <= few + 2 * batches  # what was decided, and one row, for each batch


def test_the_rows_of_further_languages_are_written_by_workers(owner: Any, project: Any) -> None:
    for _ in range(COUNT):
        factories.make_item(project, status="approved", generated_content={"name": "Flasche"})
    job = order(owner, project, languages=["fr", "sr"], ai_provider="offline")
    assert ContentItem.rows.exclude(language="").count() == AT_ONCE
    assert job.result["languages"] == {
        code: {"total": COUNT, "generated": 0, "flagged": 0, "failed": 0} for code in ("fr", "sr")
    }
    assert end(job).progress_current == 2 * COUNT
    assert ContentItem.rows.exclude(language="").count() == 2 * COUNT
    in_turn = GenerationItem.objects.filter(job=job).order_by("position").values_list("item__language", flat=True)
    assert list(in_turn) == ["fr", "sr"] * COUNT


def test_its_hold_is_the_sum_of_all_quotes_and_each_text_is_charged_once(owner: Any, cast: Any, project: Any) -> None:
    make_items(project, COUNT)
    estimate = owner.post(f"projects/{project.pk}/generate/estimate", {})
    before = balance(cast.organization)
    job = order(owner, project)
    assert Hold.objects.get(job=job).amount == Decimal(estimate["xct_max"])
    assert (job.progress_total, job.is_long) == (COUNT, True)
    job = end(job)
    rows = GenerationItem.objects.filter(job=job)
    assert (job.status, job.result["generated"] + job.result["flagged"]) == ("completed", COUNT)
    assert rows.aggregate(most=Sum("quoted_max"))["most"] == Decimal(estimate["xct_max"])
    assert sorted(rows.values_list("position", flat=True)) == list(range(COUNT))
    assert before - balance(cast.organization) == Decimal(job.result["xct_used"])
    assert UsageRecord.objects.count() == COUNT
    assert not GenerationBatch.objects.exists()
    assert not Hold.objects.open().exists()


def test_too_little_xct_is_402_as_ever_and_leaves_nothing(owner: Any, cast: Any, project: Any) -> None:
    make_items(project, COUNT)
    need = Decimal(owner.post(f"projects/{project.pk}/generate/estimate", {})["xct_max"])
    Wallet.objects.filter(organization=cast.organization).update(
        subscription_balance=need - Decimal("0.0001"), topup_balance=0
    )
    problem = owner.post(f"projects/{project.pk}/generate", {}, 402)
    assert (problem["code"], Decimal(problem["required"])) == ("insufficient_xct", need)
    assert not Job.objects.exists()
    assert not GenerationBatch.objects.exists()
    Wallet.objects.filter(organization=cast.organization).update(subscription_balance=need)
    order(owner, project)


def test_a_repeat_of_the_request_is_the_same_order(owner: Any, project: Any) -> None:
    make_items(project, COUNT)
    again = owner.with_(Idempotency_Key="one-order")
    assert order(again, project).pk == order(again, project).pk
    assert Hold.objects.count() == 1
    assert owner.post(f"projects/{project.pk}/generate", {}, 409)["code"] == "job_active"


def test_a_worker_that_dies_between_two_batches_loses_and_doubles_nothing(
    owner: Any, project: Any, monkeypatch: Any
) -> None:
    make_items(project, COUNT)
    job = order(owner, project)
    write, calls = order_rows.write, []

    def die_at_the_second(*order: Any, **about: Any) -> None:
        write(*order, **about)
        calls.append(about)
        if len(calls) == 2:
            raise SystemExit

    monkeypatch.setattr(order_rows, "write", die_at_the_second)
    with pytest.raises(SystemExit):
        work(job.pk)
    assert GenerationItem.objects.filter(job=job).count() == 2 * AT_ONCE
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    job = end(job)
    assert (job.status, job.result["generated"] + job.result["flagged"]) == ("completed", COUNT)
    assert GenerationItem.objects.filter(job=job, state="done").count() == COUNT == UsageRecord.objects.count()


def test_a_cancellation_before_the_rows_are_written_gives_all_back(owner: Any, cast: Any, project: Any) -> None:
    for _ in range(COUNT):
        factories.make_item(project, status="approved", generated_content={"name": "Flasche"})
    before = balance(cast.organization)
    job = order(owner, project, languages=["fr"])
    owner.post(f"jobs/{job.pk}/cancel")
    assert Wallet.objects.get(organization=cast.organization).held == 0
    assert balance(cast.organization) == before
    assert not GenerationBatch.objects.exists()
    assert not ContentItem.rows.exclude(language="").exists()
    assert run_jobs() == []


def test_what_a_person_decided_before_the_rows_were_written_stays(owner: Any, project: Any) -> None:
    items = written(owner, project, COUNT)
    job = order(owner, project, "regenerate")
    edited, approved = items[-1], items[-2]
    path = f"projects/{project.pk}/items"
    owner.patch(f"{path}/{edited.pk}", {"generated_content": {"name": "Mine"}})
    owner.patch(f"{path}/{approved.pk}", {"status": "approved"})
    result = end(job).result
    for item in (edited, approved):
        item.refresh_from_db()
    assert edited.generated_content["name"] == "Mine"
    assert (approved.generated_content, approved.status) == (WRITTEN["generated_content"], "approved")
    assert {failure["item_id"] for failure in result["failures"]} == {str(edited.pk), str(approved.pk)}
    assert {failure["code"] for failure in result["failures"]} == {"changed_meanwhile"}
    assert result["generated"] + result["flagged"] == COUNT - 2


def test_a_pending_item_that_a_person_writes_meanwhile_stays_as_it_is(owner: Any, project: Any) -> None:
    *_, last = make_items(project, COUNT)
    job = order(owner, project)
    owner.patch(f"projects/{project.pk}/items/{last.pk}", {"generated_content": {"name": "Mine"}})
    assert end(job).result["failures"][0]["code"] == "changed_meanwhile"
    last.refresh_from_db()
    assert last.generated_content == {"name": "Mine"}


def test_regeneration_puts_the_rest_back_to_pending_with_their_rows(owner: Any, project: Any) -> None:
    written(owner, project, COUNT, "rejected")
    job = order(owner, project, "regenerate-rejected")
    assert ContentItem.objects.filter(status="pending").count() == AT_ONCE
    run = Run(claim(job.pk), registry.kinds[job.job_type])
    order_rows.write_rest(run, resets=True)
    assert ContentItem.objects.filter(status="pending").count() == COUNT
    run.mine().update(lease_until=None)
    assert end(job).result["failed"] == 0


def test_workers_of_the_last_release_leave_it_until_its_rows_are_written(owner: Any, project: Any) -> None:
    make_items(project, COUNT)
    job = order(owner, project)
    at = timezone.now() + timedelta(seconds=1)
    theirs = Job.objects.active().filter(Q(due_at=None) | Q(due_at__lte=at))  # how they look for one
    assert not theirs.exists()
    assert queues.next_job({"generation"}) == job.pk
    assert end(job).status == "completed"
    assert job.due_at is None
    small = make_items(project, AT_ONCE)
    assert order(owner, project, item_ids=[str(item.pk) for item in small]) in theirs


def test_its_page_counts_the_texts_whose_rows_are_not_written_yet(owner: Any, project: Any) -> None:
    from workbench.views.jobs import standing

    make_items(project, COUNT)
    assert standing(order(owner, project))["numbers"] == {"pending": COUNT}
