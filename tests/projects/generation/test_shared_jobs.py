"""Several workers on one job: each item is written and paid for once, whoever comes, dies or is late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Hold, UsageRecord
from projects.generation import engine
from projects.generation import item as items
from projects.models import ContentItem, GenerationItem
from scribe import jobs
from scribe.jobs import helpers
from scribe.jobs.events import valkey
from scribe.jobs.models import Job, JobEvent, JobHelper
from tests.helpers import run_jobs
from tests.live import wait
from tests.projects.generation.conftest import balance, make_items

COUNT = 40


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: Any, settings: Any, openai: Any) -> None:
    monkeypatch.setattr(engine, "LOAD", 5)
    monkeypatch.setattr(engine, "LOOK_AGAIN", 0.05)
    settings.GENERATION_CONCURRENCY = 2
    openai.latency = 0.05


@pytest.fixture
def job(api: Any, cast: Any, project: Any) -> Job:
    make_items(project, COUNT)
    return start(api, cast, project)


def start(api: Any, cast: Any, project: Any) -> Job:
    started = api.as_(cast.owner).post(f"projects/{project.pk}/generate", {}, status=202)
    return Job.objects.get(pk=started["job_id"])


def aside(work: Callable[..., Any], *args: Any) -> threading.Thread:
    """A worker of its own, with connections of its own."""

    def run() -> None:
        try:
            work(*args)
        except SystemExit:
            pass
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def begun(job: Job) -> None:
    wait(lambda: Job.objects.filter(pk=job.pk, progress_current__gt=0).exists())


def check_exact(job: Job, before: Decimal) -> None:
    """Every item is done once, the counters say so, and the money agrees."""
    job.refresh_from_db()
    assert job.status == "completed", job.error
    assert job.progress_current == COUNT
    assert job.result["generated"] + job.result["flagged"] == COUNT
    assert job.result["failed"] == 0
    assert not GenerationItem.objects.filter(job=job).exclude(state="done").exists()
    assert not ContentItem.objects.filter(project=job.project, generated_content={}).exists()
    paid = sum(UsageRecord.objects.filter(job_id=job.pk).values_list("xct", flat=True))
    assert paid == Decimal(job.result["xct_used"]) == before - balance(job.organization)
    assert not Hold.objects.open().exists()
    told = JobEvent.objects.filter(job=job)
    assert sorted(told.values_list("number", flat=True)) == list(range(1, job.event_count + 1))
    assert sorted(told.filter(name="item").values_list("data__item_id", flat=True)) == sorted(
        str(pk) for pk in ContentItem.objects.filter(project=job.project).values_list("pk", flat=True)
    )
    assert not JobHelper.objects.exists()


def writers(job: Job) -> int:
    return GenerationItem.objects.filter(job=job).values("taken_by").distinct().count()


@pytest.mark.thorough
def test_two_helpers_share_a_job_and_nothing_is_written_or_paid_twice(job: Job, openai: Any) -> None:
    before = balance(job.organization)
    threads = [aside(jobs.work, job.pk)]
    begun(job)
    threads += [aside(helpers.help_with, job.pk) for _ in range(2)]
    for thread in threads:
        thread.join()
    check_exact(job, before)
    assert writers(job) == 3
    assert len(openai.seen) == COUNT
    assert all(record.outcome == "ok" for record in UsageRecord.objects.filter(job_id=job.pk))


@pytest.mark.thorough
def test_the_rows_of_a_dead_helper_are_written_by_the_others(job: Job, monkeypatch: Any) -> None:
    before = balance(job.organization)
    settled = items.settle

    def die(run: Any, *args: Any) -> None:
        if isinstance(run, helpers.Helper):
            raise SystemExit("killed")
        settled(run, *args)

    monkeypatch.setattr(items, "settle", die)
    # A killed process strikes nothing off: its lease stands until it runs out.
    monkeypatch.setattr(helpers.JobHelper.objects, "filter", kept_rows(helpers.JobHelper.objects.filter))
    first = aside(jobs.work, job.pk)
    begun(job)
    second = aside(helpers.help_with, job.pk)
    second.join()
    [lease] = JobHelper.objects.values_list("pk", flat=True)
    assert GenerationItem.objects.filter(taken_by=lease, state="pending").exists()
    wait(lambda: not GenerationItem.objects.filter(job=job, state="pending").exclude(taken_by=lease).exists())
    assert first.is_alive()  # it waits for what the helper has in hand
    JobHelper.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    first.join()
    check_exact(job, before)


def kept_rows(find: Callable[..., Any]) -> Callable[..., Any]:
    def filtered(*args: Any, **wanted: Any) -> Any:
        rows = find(*args, **wanted)
        if set(wanted) == {"pk"}:
            rows.delete = lambda: None
        return rows

    return filtered


@pytest.mark.thorough
def test_a_helper_goes_on_while_the_job_changes_hands(job: Job) -> None:
    before = balance(job.organization)
    first = aside(jobs.work, job.pk)
    begun(job)
    helper = aside(helpers.help_with, job.pk)
    wait(lambda: JobHelper.objects.exists())
    # Another worker takes the job over: the first one changes nothing from here on.
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    second = aside(jobs.work, job.pk)
    for thread in (first, helper, second):
        thread.join()
    run_jobs()
    check_exact(job, before)
    assert writers(job) >= 2


@pytest.mark.thorough
def test_what_another_worker_settled_first_is_not_paid_again(job: Job, monkeypatch: Any) -> None:
    """A helper that was thought dead settles late: its calls are recorded as lost, and change nothing."""
    before = balance(job.organization)
    late = threading.Event()
    settled = items.settle

    def settle(run: Any, works: Any, *args: Any) -> None:
        if isinstance(run, helpers.Helper) and not late.is_set():
            with connection.cursor():
                rows = [work.row_id for work in works]

            def taken_over() -> bool:
                JobHelper.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the helper renews it
                return not GenerationItem.objects.filter(pk__in=rows, state="pending").exists()

            wait(taken_over)
            late.set()
        settled(run, works, *args)

    monkeypatch.setattr(items, "settle", settle)
    first = aside(jobs.work, job.pk)
    begun(job)
    second = aside(helpers.help_with, job.pk)
    for thread in (first, second):
        thread.join()
    assert late.is_set()
    check_exact(job, before)
    lost = UsageRecord.objects.filter(job_id=job.pk, outcome="cancelled")
    assert lost.exists()
    assert set(lost.values_list("xct", flat=True)) == {0}


def test_a_cancelled_job_stops_its_helpers(job: Job, api: Any, cast: Any) -> None:
    threads = [aside(jobs.work, job.pk)]
    begun(job)
    threads.append(aside(helpers.help_with, job.pk))
    wait(lambda: JobHelper.objects.exists())
    api.as_(cast.owner).post(f"jobs/{job.pk}/cancel", {}, status=200)
    done = GenerationItem.objects.filter(job=job, state="done").count()
    for thread in threads:
        thread.join()
    assert GenerationItem.objects.filter(job=job, state="done").count() == done
    assert not Hold.objects.open().exists()
    assert not JobHelper.objects.exists()


@pytest.mark.thorough
def test_a_helper_that_meets_a_dead_key_ends_the_work_of_all(job: Job, openai: Any) -> None:
    threads = [aside(jobs.work, job.pk)]
    begun(job)
    openai.default = "401"
    threads.append(aside(helpers.help_with, job.pk))
    for thread in threads:
        thread.join()
    run_jobs()
    job.refresh_from_db()
    assert job.status == "completed_with_errors"
    assert job.result["generated"] + job.result["flagged"] + job.result["failed"] == COUNT
    assert job.progress_current == COUNT
    assert not Hold.objects.open().exists()


@pytest.mark.thorough
def test_free_workers_are_called_and_no_more_come_than_may(job: Job, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(helpers, "ROWS_EACH", 10)
    settings.JOB_HELPERS = 2
    assert helpers.help_with(job.pk) is None  # nobody holds it yet
    first = aside(jobs.work, job.pk)
    begun(job)
    assert valkey().llen("helpers") == 2
    assert [helpers._join(job.pk) is not None for _ in range(3)] == [True, True, False]
    JobHelper.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert helpers._join(job.pk) is not None  # in the place of a dead one
    JobHelper.objects.all().delete()
    first.join()
    assert helpers.help_with(job.pk) is None  # it has ended


def test_a_small_job_calls_nobody(api: Any, cast: Any, project: Any) -> None:
    make_items(project, 3)
    start(api, cast, project)
    run_jobs()
    assert valkey().llen("helpers") == 0
