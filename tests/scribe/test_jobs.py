"""The job engine: claims, fences, settling, ends."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Notification
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import events, registry, worker
from scribe.jobs.models import Job, JobEvent
from scribe.jobs.tasks import after_job, sweep_jobs
from tests import factories
from tests.helpers import run_jobs


@pytest.fixture
def kind(monkeypatch: Any) -> Any:
    """Register a kind of job for the length of a test."""

    def register(run: Any, job_type: str = "store_audit", **more: Any) -> None:
        monkeypatch.setitem(
            registry.kinds,
            job_type,
            registry.JobKind(job_type, run, "default", **more),
        )

    return register


def a_job(**fields: Any) -> Job:
    organization = fields.pop("organization", None) or factories.make_organization()
    return jobs.create(job_type=fields.pop("job_type", "store_audit"), organization=organization, **fields)


def names(job: Job) -> list[str]:
    return list(JobEvent.objects.filter(job=job).order_by("number").values_list("name", flat=True))


def test_a_job_tells_its_story_in_numbered_events(kind: Any, db: Any) -> None:
    def run(run: Any) -> None:
        for number in range(3):
            with run.settling():
                run.emit("item", {"number": number})
                run.advance(1)

    kind(run)
    job = a_job(total=3)
    [job] = run_jobs()
    assert job.status == Job.Status.COMPLETED
    assert job.progress_current == 3
    assert names(job) == ["start", "item", "progress", "item", "progress", "item", "progress", "complete"]
    numbers = list(JobEvent.objects.filter(job=job).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 9))


@pytest.mark.parametrize("job_type", sorted(Job.NEWER_TYPES))
def test_a_job_of_a_kind_that_is_new_is_left_alone_by_workers_of_the_last_release(
    kind: Any, db: Any, job_type: str
) -> None:
    """They look for jobs that are due by now, and would fail with one that they do not know."""
    kind(lambda run: None, job_type)
    job = a_job(job_type=job_type)
    assert not Job.objects.filter(Q(due_at=None) | Q(due_at__lte=timezone.now()), pk=job.pk).exists()
    assert [done.status for done in run_jobs()] == [Job.Status.COMPLETED]


@pytest.mark.parametrize("job_type", ["store_audit", "bulk_change"])
def test_a_job_that_fails_for_now_waits_before_it_is_tried_again(kind: Any, db: Any, job_type: str) -> None:
    def run(run: Any) -> None:
        raise jobs.TryAgain(after=60)

    kind(run, job_type)
    job = a_job(job_type=job_type)
    worker.work(job.pk)
    job.refresh_from_db()
    assert job.due_at is not None
    assert 0 < (job.due_at - timezone.now()).total_seconds() <= 60
    assert worker.claim(job.pk) is None


def test_nobody_takes_a_job_that_somebody_holds(kind: Any, db: Any) -> None:
    kind(lambda run: None)
    job = a_job()
    assert worker.claim(job.pk) is not None
    assert worker.claim(job.pk) is None


def test_of_many_workers_one_gets_the_job(kind: Any, committed: Any) -> None:
    kind(lambda run: None)
    job = a_job()
    won: list[Any] = []

    def try_it() -> None:
        won.append(worker.claim(job.pk))
        connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found is not None for found in won) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(kind: Any, committed: Any) -> None:
    kind(lambda run: None)
    job = a_job(total=2)
    old = worker.Run(worker.claim(job.pk), registry.kinds["store_audit"])
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    new = worker.Run(worker.claim(job.pk), registry.kinds["store_audit"])
    with pytest.raises(jobs.JobStopped), old.settling():
        raise AssertionError("the old worker got in")
    with new.settling():
        new.advance(1)
    old.finish(status=Job.Status.FAILED, error="late")
    job.refresh_from_db()
    assert (job.status, job.progress_current) == (Job.Status.RUNNING, 1)


def test_effects_and_events_of_a_settling_are_all_or_nothing(kind: Any, committed: Any) -> None:
    kind(lambda run: None)
    job = a_job()
    run = worker.Run(worker.claim(job.pk), registry.kinds["store_audit"])
    with pytest.raises(RuntimeError), run.settling():
        run.emit("item", {})
        raise RuntimeError
    assert names(job) == []


def test_a_job_that_breaks_off_goes_on_where_it_stood(kind: Any, db: Any) -> None:
    seen: list[int] = []

    def run(run: Any) -> None:
        for step in range(run.job.progress_current, 4):
            seen.append(step)
            with run.settling():
                run.advance(1)
            if step == 1 and seen.count(1) == 1:
                raise RuntimeError("the power went")

    kind(run)
    a_job(total=4)
    [job] = run_jobs()
    assert job.status == Job.Status.COMPLETED
    assert seen == [0, 1, 2, 3]


def test_a_job_that_never_gets_anywhere_fails_in_the_end(kind: Any, db: Any) -> None:
    def run(run: Any) -> None:
        raise RuntimeError("always")

    kind(run)
    a_job()
    [job] = run_jobs()
    assert job.status == Job.Status.FAILED
    assert "always" not in job.error


def test_a_job_where_nothing_succeeded_failed(kind: Any, db: Any) -> None:
    def run(run: Any) -> None:
        for reason in ("No name.", "No text."):
            with run.settling():
                run.emit("item_failed", {"item_id": "1", "code": "no_facts", "reason": reason})
        run.result.update(generated=0, failed=2)

    kind(run)
    a_job()
    (job,) = run_jobs()
    assert (job.status, job.error_code) == (Job.Status.FAILED, "no_facts")
    assert "No name." in job.error
    assert JobEvent.objects.get(job=job, name="failed").data["error"] == job.error


def test_a_kind_says_which_of_its_counters_are_successes(kind: Any, db: Any) -> None:
    def run(run: Any) -> None:
        run.result.update(generated=2, written=1, failed=2)

    kind(run, done=("written",))
    a_job()
    assert run_jobs()[0].status == Job.Status.COMPLETED_WITH_ERRORS
    kind(run, done=("published",))
    a_job()
    assert run_jobs()[0].status == Job.Status.FAILED


def test_work_after_an_end_that_always_fails_is_tried_less_and_less_often(
    kind: Any, committed: Any, monkeypatch: Any
) -> None:
    kind(lambda run: None)
    job = a_job()
    run_jobs()
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(settled_at=None, completed_at=now, sent_at=now - timedelta(seconds=5))
    tries = []
    for seconds in range(0, 600, 10):
        events.valkey().flushdb()
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda at=now + timedelta(seconds=seconds): at)
            sweep_jobs()
        tries += [seconds] * events.valkey().llen("default")
    assert tries == [40, 120, 280]


def test_cancelling_ends_at_once_and_stops_the_worker(kind: Any, committed: Any) -> None:
    closed: list[Any] = []
    kind(lambda run: None, closing=lambda job: closed.append(job.pk))
    job = a_job()
    run = worker.Run(worker.claim(job.pk), registry.kinds["store_audit"])
    jobs.cancel(job)
    assert closed == [job.pk]
    with worker.hold_lease(run):
        assert run.stopped.wait(60)
    with pytest.raises(jobs.JobStopped):
        run.check()
    job.refresh_from_db()
    assert job.status == Job.Status.CANCELLED
    assert names(job) == ["cancelled"]
    with pytest.raises(Conflict):
        jobs.cancel(job)


def test_one_writer_per_project_even_when_ten_try_at_once(committed: Any) -> None:
    project = factories.make_project(factories.make_organization())
    outcomes: list[str] = []

    def try_it() -> None:
        try:
            jobs.create(job_type="generation", organization=project.organization, project=project)
            outcomes.append("made")
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["job_active"] * 9 + ["made"]


def test_the_sweep_sends_a_job_whose_worker_died(kind: Any, committed: Any) -> None:
    kind(lambda run: None)
    job = a_job()
    long_ago = timezone.now() - timezone.timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(
        status="running", fence=1, lease_until=long_ago, sent_at=long_ago, created_at=long_ago
    )
    events.valkey().flushdb()
    sweep_jobs()
    assert events.valkey().llen("default") == 1
    assert worker.work(job.pk).status == Job.Status.COMPLETED


def test_what_follows_a_job_runs_after_its_commit(kind: Any, committed: Any) -> None:
    seen: list[str] = []
    kind(lambda run: None, ended=lambda job: seen.append(Job.objects.get(pk=job.pk).status))
    a_job()
    run_jobs()
    assert seen == ["completed"]


def test_a_notice_of_a_jobs_end_reaches_its_person_once(kind: Any, db: None) -> None:
    notice = registry.JobNotice("It is over", data={"number": 3})
    user = factories.make_user()
    for failed, is_test, kinds in ((0, False, ["job_completed"]), (1, False, ["job_failed"]), (0, True, [])):
        kind(lambda run, failed=failed: run.result.update(failed=failed), notice=lambda job: notice)
        job = a_job(organization=user.organization, created_by=user, is_test=is_test)
        run_jobs()
        Job.objects.filter(pk=job.pk).update(settled_at=None)
        after_job(str(job.pk))  # repeated
        told = Notification.objects.filter(job_id=job.pk)
        assert [row.notification_type for row in told] == kinds
        assert {(row.user_id, row.title, row.data["number"]) for row in told} <= {(user.pk, "It is over", 3)}


def test_a_rolled_back_request_sends_nothing(kind: Any, committed: Any) -> None:
    kind(lambda run: None)
    with pytest.raises(RuntimeError), transaction.atomic():
        a_job()
        raise RuntimeError
    assert events.valkey().llen("default") == 0
    assert not Job.objects.exists()


@pytest.mark.thorough
def test_long_work_on_a_job_of_the_tests_own_transaction_is_not_taken_for_lost(kind: Any, db: None) -> None:
    """The thread that renews leases sees no row of an open transaction."""

    def slowly(run: worker.Run) -> None:
        time.sleep(2.5)
        run.check()

    kind(slowly)
    a_job()
    assert run_jobs()[0].status == Job.Status.COMPLETED
