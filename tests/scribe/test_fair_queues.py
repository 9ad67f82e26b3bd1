"""Queues that organizations share: who is served next, how much at once, and that nobody's slow server holds a worker."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scribe import database, jobs
from scribe.celery import LONG
from scribe.http import client
from scribe.jobs import events, queues, registry, worker
from scribe.jobs.models import Job
from scribe.jobs.queues import LONG_AFTER, REMEMBERED
from scribe.jobs.run import CALL_SECONDS, CallCut, Run
from scribe.jobs.tasks import run_job, sweep_jobs
from tests import factories
from tests.fakes.receiver import Receiver
from tests.live import database_url

QUEUE = "default"
TYPE = "store_audit"
MOST = settings.JOBS_PER_ORGANIZATION


@pytest.fixture
def kind(monkeypatch: Any) -> Any:
    """Register a kind of job for the length of a test."""

    def register(run: Any) -> None:
        monkeypatch.setitem(registry.kinds, TYPE, registry.JobKind(TYPE, run, QUEUE))

    register(lambda run: None)
    return register


def a_job(organization: Any) -> Job:
    return jobs.create(job_type=TYPE, organization=organization)


def take() -> Any:
    """Whose job the next worker takes."""
    job = worker.claim_next(QUEUE)
    return job and job.organization


def let_go(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=None)


def test_the_organization_served_longest_ago_comes_next_however_much_another_has_queued(kind: Any, db: Any) -> None:
    crowd, patient, late = (factories.make_organization() for _ in range(3))
    for organization in (*[crowd] * 10, patient, patient):
        a_job(organization)
    assert [take() for _ in range(3)] == [crowd, patient, crowd]
    a_job(late)
    assert [take() for _ in range(3)] == [late, patient, crowd]


def test_the_jobs_of_one_organization_take_turns_as_well(kind: Any, db: Any) -> None:
    organization = factories.make_organization()
    mine = [a_job(organization) for _ in range(3)]
    taken = []
    for _ in range(6):
        job = worker.claim_next(QUEUE)
        assert job
        let_go(job)
        taken.append(job)
    assert taken == [*mine, *mine]


def test_no_organization_has_more_than_its_share_at_work(kind: Any, db: Any) -> None:
    crowd, patient = factories.make_organization(), factories.make_organization()
    for organization in (*[crowd] * (MOST + 3), patient):
        a_job(organization)
    assert Counter(take() for _ in range(MOST + 4)) == {crowd: MOST, patient: 1, None: 3}
    dead = Job.objects.filter(organization=crowd, status="running").first()
    assert dead
    Job.objects.filter(pk=dead.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take() == crowd  # its dead worker takes no part of the share


def test_workers_at_the_same_moment_do_not_exceed_the_share(kind: Any, committed: Any) -> None:
    organization = factories.make_organization()
    for _ in range(3 * MOST):
        a_job(organization)
    barrier, taken = threading.Barrier(3 * MOST), []

    def claim() -> None:
        barrier.wait()
        taken.append(worker.claim_next(QUEUE))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(3 * MOST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [job.pk for job in taken if job]
    assert (len(ids), len(set(ids))) == (MOST, MOST)


def test_a_job_whose_row_is_locked_holds_up_no_other(kind: Any, committed: Any) -> None:
    """A cancellation deletes for minutes. Whoever took its job waited for it, and all workers of the queue with him."""
    cancelled, bystander = factories.make_organization(), factories.make_organization()
    for organization in (cancelled, bystander):
        a_job(organization)
    with psycopg.connect(database_url()) as cancellation, database.lock_timeout(connection, 5):
        cancellation.execute("SELECT FROM scribe_job WHERE organization_id = %s FOR NO KEY UPDATE", [cancelled.pk])
        assert [take(), take()] == [bystander, None]
    assert take() == cancelled


def test_a_message_says_only_that_there_is_work(kind: Any, committed: Any) -> None:
    """It names a job of the crowd; the bystander's is worked on, since he was served longest ago."""
    crowd, bystander = factories.make_organization(), factories.make_organization()
    first, second = a_job(crowd), a_job(crowd)
    run_job(str(first.pk))
    his = a_job(bystander)
    run_job(str(second.pk))
    assert [Job.objects.get(pk=job.pk).status for job in (first, second, his)] == ["completed", "queued", "completed"]


def test_a_lost_message_is_made_up_for_by_one_however_many_jobs_wait(kind: Any, committed: Any) -> None:
    for _ in range(5):
        a_job(factories.make_organization())
    events.valkey().delete(QUEUE)
    for _ in range(3):
        sweep_jobs()
    assert events.valkey().llen(QUEUE) == 1
    events.valkey().delete(QUEUE)
    worker.work_next(QUEUE)
    assert events.valkey().llen(QUEUE) >= 1  # who takes a job wakes the next worker


def test_a_choice_takes_one_statement_however_many_wait(kind: Any, db: Any) -> None:
    for _ in range(3):
        a_job(factories.make_organization())

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert queues.next_job({QUEUE})
        return len(seen)

    assert statements() == 1
    for organization in [factories.make_organization() for _ in range(10)]:
        for _ in range(10):
            a_job(organization)
    assert statements() == 1


def leased_run(job: Job) -> Run:
    taken = worker.claim(job.pk)
    assert taken
    return Run(taken, registry.kinds[TYPE])


def grow_old(run: Run, seconds: float) -> None:
    """As if the lease had begun so much earlier."""
    run._began -= seconds
    Job.objects.exclude(pk=run.job.pk).update(sent_at=timezone.now() - timedelta(seconds=60))
    run.look_for_others()


def test_a_slice_ends_only_while_somebody_waits_who_could_be_served(kind: Any, db: Any) -> None:
    crowd = factories.make_organization()
    run = leased_run(a_job(crowd))
    grow_old(run, run.slice_seconds)
    assert not run.should_yield()
    a_job(factories.make_organization())
    grow_old(run, 0)
    assert run.should_yield()
    Job.objects.filter(status="queued").delete()
    for _ in range(MOST):  # all at work but one, which would take the place of this one
        a_job(crowd)
    for _ in range(MOST - 1):
        take()
    grow_old(run, 0)
    assert run.should_yield()


@pytest.mark.thorough
def test_a_hanging_call_is_cut_while_others_wait(kind: Any, committed: Any, settings: Any) -> None:
    """A server that answers far too late. The job itself goes on as after its worker's death."""
    hostile, bystander = factories.make_organization(), factories.make_organization()
    with Receiver() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        server.wait = 3600

        def ask(run: Run) -> None:
            if run.job.organization == hostile:
                a_job(bystander)
                grow_old(run, CALL_SECONDS)
                client.request("POST", server.url, json={}, timeout=3000)

        kind(ask)
        job = a_job(hostile)
        worker.work(job.pk)
        assert len(server.attempts) == 1
        job.refresh_from_db()
        assert (job.status, job.lease_until) == ("running", None)
        worker.work_next(QUEUE)
        assert Job.objects.get(organization=bystander).status == "completed"


def test_each_slice_that_came_to_nothing_makes_the_next_one_more_patient_with_a_call(kind: Any, db: Any) -> None:
    """So a slow store gets its answer in the end, however many others wait."""
    job = a_job(factories.make_organization())
    a_job(factories.make_organization())
    for slices in (1, 2, 3):
        run = leased_run(job)
        grow_old(run, CALL_SECONDS * slices - 1)
        run.check_call()
        grow_old(run, 1)
        with pytest.raises(CallCut):
            run.check_call()
        let_go(job)


# --- jobs that take long


@pytest.fixture
def long_served(kind: Any, db: Any) -> None:
    queues.serve_long(60)


def waiting_in(queue: str) -> Any:
    """Whose job a worker of `queue` would take next."""
    job_id = queues.next_job({queue})
    return job_id and Job.objects.get(pk=job_id).organization


def messages() -> tuple[int, int]:
    return events.valkey().llen(QUEUE), events.valkey().llen(LONG)  # type: ignore[return-value]


def test_jobs_that_take_long_have_workers_of_their_own(long_served: None) -> None:
    """However many organizations have them, a worker is left for one that has none."""
    crowd, bystander = [factories.make_organization() for _ in range(20)], factories.make_organization()
    for organization in crowd:
        jobs.create(job_type=TYPE, organization=organization, is_long=True)
    assert waiting_in(QUEUE) is None
    a_job(bystander)
    assert waiting_in(QUEUE) == bystander
    assert waiting_in(LONG) == crowd[0]
    Job.objects.filter(is_long=True).delete()
    assert waiting_in(LONG) is None


def test_an_organization_whose_jobs_took_long_is_remembered_for_a_while(long_served: None) -> None:
    organization = factories.make_organization()
    earlier = a_job(organization)
    Job.objects.filter(pk=earlier.pk).update(is_long=True, status="completed", taken_at=timezone.now())
    a_job(organization)
    assert (waiting_in(QUEUE), waiting_in(LONG)) == (None, organization)
    Job.objects.filter(pk=earlier.pk).update(taken_at=timezone.now() - REMEMBERED)
    assert (waiting_in(QUEUE), waiting_in(LONG)) == (organization, None)
    Job.objects.filter(pk=earlier.pk).update(status="running", lease_until=timezone.now() + timedelta(seconds=9))
    assert (waiting_in(QUEUE), waiting_in(LONG)) == (None, organization)  # it is at work all the while


def test_long_work_of_one_kind_says_nothing_of_another_queue(long_served: None) -> None:
    organization = factories.make_organization()
    earlier = jobs.create(job_type="generation", organization=organization, is_long=True)
    Job.objects.filter(pk=earlier.pk).update(status="completed", taken_at=timezone.now())
    a_job(organization)
    assert (waiting_in(QUEUE), waiting_in(LONG)) == (organization, None)


def test_where_no_worker_has_the_long_ones_the_others_do_them(kind: Any, committed: Any) -> None:
    organization = factories.make_organization()
    jobs.create(job_type=TYPE, organization=organization, is_long=True)
    assert messages() == (1, 0)
    assert take() == organization


def test_a_job_moves_on_once_it_has_taken_long_and_others_wait(kind: Any, committed: Any) -> None:
    queues.serve_long(60)
    hostile, bystander = factories.make_organization(), factories.make_organization()
    seen = []

    def hang(run: Run) -> None:
        if run.job.organization == hostile:
            grow_old(run, LONG_AFTER)
            seen.append(run.should_yield())
            a_job(bystander)
            grow_old(run, 0)
            seen.append(run.should_yield())
            run.check_call()

    kind(hang)
    job = a_job(hostile)
    worker.work(job.pk)
    assert seen == [False, True]
    job.refresh_from_db()
    assert (job.status, job.lease_until, job.is_long) == ("running", None, True)
    assert messages()[1] == 1
    assert (waiting_in(QUEUE), waiting_in(LONG)) == (bystander, hostile)


def test_a_job_says_what_it_took_of_workers_and_processor(kind: Any, committed: Any) -> None:
    def work(run: Run) -> None:
        run._counted -= 40
        run._processor -= 30
        run.renew()
        run._counted -= 2

    kind(work)
    job = a_job(factories.make_organization())
    worker.work(job.pk)
    job.refresh_from_db()
    assert job.status == "completed"
    assert (job.worked_seconds >= 42, job.processor_seconds >= 30) == (True, True)


ASK_AND_KILL = """
import os, signal, sys, time
from types import SimpleNamespace
import django; django.setup()
from scribe.celery import leave
from scribe.jobs.run import Run

run = SimpleNamespace(moves_on=lambda: False, _is_over=lambda seconds: False, slice_seconds=1)
for _ in range(20):
    child = os.fork()
    while not child:
        Run.should_yield(run)
    time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
child = os.fork()
child or signal.alarm(30)
while not child:
    if Run.should_yield(run):
        os._exit(7)
signal.signal(signal.SIGTERM, lambda *_: leave())
os.kill(os.getpid(), signal.SIGTERM)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_worker_can_end_when_its_processes_were_killed_as_they_asked_whether_it_does() -> None:
    done = subprocess.run([sys.executable, "-c", ASK_AND_KILL], timeout=60)
    assert done.returncode == 7
