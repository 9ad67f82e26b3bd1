"""Jobs and their events in any order of claims, losses, ends and cancels; and readers that break off anywhere."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scribe import jobs
from scribe.api.streams import JobStream, last_event_id
from scribe.errors import Conflict
from scribe.jobs import events, registry, worker
from scribe.jobs.models import Job, JobEvent
from tests import factories
from tests.sizes import size

anything = settings(max_examples=size(20, 60), deadline=None, database=None, suppress_health_check=list(HealthCheck))
MOVES = ("claim", "settle", "lose", "finish", "fail", "cancel", "settle late", "finish late", "retry")
LAST = {"completed": "complete", "completed_with_errors": "complete", "failed": "failed", "cancelled": "cancelled"}


class Life:
    """One job, everyone who ever held it, and what must hold of it after each move."""

    def __init__(self) -> None:
        self.organization = factories.make_organization()
        self.job = jobs.create(job_type="store_audit", organization=self.organization, total=100)
        self.runs: list[worker.Run] = []
        self.settled = 0

    def do(self, move: str) -> None:
        before = Job.objects.get(pk=self.job.pk)
        holder = self.runs[-1] if self.runs else None
        if move == "claim":
            taken = worker.claim(self.job.pk)
            free = not before.ended and (before.lease_until is None or before.lease_until < timezone.now())
            assert (taken is not None) == free
            if taken is not None:
                self.runs.append(worker.Run(taken, registry.kinds["store_audit"]))
        elif move == "lose":
            Job.objects.active().filter(pk=self.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        elif move == "cancel":
            if before.ended:
                with pytest.raises(Conflict), transaction.atomic():
                    jobs.cancel(before)
            else:
                jobs.cancel(before)
        elif move == "retry":
            self._retry(before)
        elif move in ("settle", "settle late") and holder is not None:
            run = holder if move == "settle" else self.runs[0]
            self._settle(run, allowed=run.fence == before.fence and before.status == "running")
        elif move in ("finish", "fail", "finish late") and holder is not None:
            run = self.runs[0] if move == "finish late" else holder
            status = Job.Status.FAILED if move == "fail" else Job.Status.COMPLETED
            run.finish(status=status)
            after = Job.objects.get(pk=self.job.pk)
            allowed = run.fence == before.fence and before.status == "running"
            assert after.status == (status if allowed else before.status)
        self._compare(before, Job.objects.get(pk=self.job.pk))

    def _settle(self, run: worker.Run, *, allowed: bool) -> None:
        try:
            with run.settling():
                run.emit("item", {})
                run.advance(1)
        except jobs.JobStopped:
            assert not allowed
            return
        assert allowed
        self.settled += 1

    def _retry(self, before: Job) -> None:
        try:
            with transaction.atomic():
                again = jobs.retry(before)
        except Conflict:
            assert not before.ended
            return
        assert before.ended
        assert (again.pk != before.pk, again.status) == (True, "queued")

    def _compare(self, before: Job, after: Job) -> None:
        assert after.fence >= before.fence
        assert after.progress_current == self.settled
        if before.ended:
            assert (after.status, after.fence, after.event_count) == (before.status, before.fence, before.event_count)
        numbers = list(JobEvent.objects.filter(job=after).order_by("number").values_list("number", "name"))
        assert [number for number, _ in numbers] == list(range(1, after.event_count + 1))
        ends = [name for _, name in numbers if name in events.TERMINAL]
        assert ends == ([LAST[after.status]] if after.ended else [])
        if ends:
            assert numbers[-1][1] == ends[0]
            assert after.completed_at is not None
            assert after.lease_until is None


@anything
@given(moves=st.lists(st.sampled_from(MOVES), min_size=4, max_size=25))
def test_a_job_keeps_its_word_whatever_happens(moves: list[str], db: None) -> None:
    with transaction.atomic():
        life = Life()
        for move in moves:
            life.do(move)
        transaction.set_rollback(True)


def stored(count: int) -> Job:
    """A job that has ended, with `count` events between its first and last."""
    job = jobs.create(job_type="store_audit", organization=factories.make_organization(), total=count)
    more: list[tuple[str, dict[str, Any]]] = [("item", {"number": number}) for number in range(count)]
    run = worker.Run(worker.claim(job.pk), registry.kinds["store_audit"])  # type: ignore[arg-type]
    with run.settling():
        for name, data in more:
            run.emit(name, data)
    run.finish(status=Job.Status.COMPLETED)
    return run.job


@anything
@given(count=st.integers(0, 40), limits=st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_rows_read_in_pieces_of_any_size_are_all_of_them_once(count: int, limits: list[int], db: None) -> None:
    with transaction.atomic():
        job = stored(count)
        numbers: list[int] = []
        turn = 0
        while part := events.after(job.pk, numbers[-1] if numbers else 0, limit=limits[turn % len(limits)]):
            numbers += [event.number for event in part]
            turn += 1
        assert numbers == list(range(1, job.event_count + 1))
        transaction.set_rollback(True)


@anything
@given(
    count=st.integers(0, 25),
    cuts=st.lists(st.integers(0, 9), max_size=8),
    junk=st.sampled_from(["", "-1", "x", "9" * 30, "²"]),
)
def test_a_reader_that_breaks_off_anywhere_misses_nothing(count: int, cuts: list[int], junk: str, db: None) -> None:
    """Each cut reads that many frames and comes back with the last id it saw, as an EventSource does."""
    with transaction.atomic():
        job = stored(count)
        seen: list[int] = []
        for cut in [*cuts, None]:
            header = str(seen[-1]) if seen else junk
            after = last_event_id(RequestFactory().get("/", headers={"Last-Event-ID": header}))
            if after >= job.event_count:
                break  # the last event was read: an EventSource is told to stop there
            frames = iter(JobStream(job, after=after).now().streaming_content)
            for number, frame in enumerate(frames):
                if number == cut:
                    break
                seen.append(int(frame.split(b"\n", 1)[0].removeprefix(b"id: ")))
        assert seen == list(range(1, job.event_count + 1))
        assert all(b == a + 1 for a, b in pairwise(seen))
        transaction.set_rollback(True)
