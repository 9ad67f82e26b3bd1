"""The work on a job: taking it, its lease and fence, settling, and its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from scribe import test_mode
from scribe.celery import leaving, served
from scribe.errors import DomainError, UpstreamTimeout
from scribe.jobs import events, lifecycle
from scribe.jobs.models import Job, JobEvent
from scribe.jobs.registry import JobKind, kinds
from scribe.logs import bound, get_logger

log = get_logger(__name__)

SLICE_SECONDS = 15.0
MAX_ATTEMPTS = 5
LONGEST_AWAY = 900.0  # seconds; a job waits no longer, even if a store or a provider asks for more


class JobStopped(Exception):
    """The job was cancelled, or another worker has it now. The worker must stop and change nothing."""


class Failed(Exception):
    """The whole job fails, for a reason that a merchant understands. `party` names the third party at fault, if there is
    one. `retry_after` is its wait in seconds, and `timed_out` means that it was too slow."""

    def __init__(
        self,
        reason: str,
        *,
        code: str = "failed",
        party: str = "",
        retry_after: float | None = None,
        timed_out: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code
        self.party, self.retry_after, self.timed_out = party, retry_after, timed_out

    @classmethod
    def of(cls, error: DomainError) -> Failed:
        return cls(
            error.detail,
            code=error.code,
            party=str(error.extra.get("party") or ""),
            retry_after=error.retry_after,
            timed_out=isinstance(error, UpstreamTimeout),
        )


class TryAgain(Exception):
    """Let go of the job, and continue it after `after` seconds. With a `reason` (one sentence for people), an event says
    that the job waits, and why."""

    def __init__(self, after: float = 0, *, progress: bool = True, reason: str = "", code: str = "") -> None:
        super().__init__(after)
        self.after, self.progress = after, progress
        self.reason, self.code = reason, code


class Run:
    """One lease of one job. `result` is saved with every settling. Call `emit` and `advance` only inside `settling`."""

    def __init__(self, job: Job, kind: JobKind) -> None:
        self.job = job
        self.kind = kind
        self.fence = job.fence
        self.result: dict[str, Any] = dict(job.result)
        self.stopped = threading.Event()
        self.progressed = False
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._steps = 0
        self._total: int | None = None
        self._began = time.monotonic()
        self._asked = self._began
        self._others_wait = False

    def check(self) -> None:
        """Raise JobStopped if the job is no longer ours. Cheap: a thread watches the row."""
        if self.stopped.is_set():
            raise JobStopped

    def is_stopped(self) -> bool:
        return self.stopped.is_set()

    @contextmanager
    def settling(self) -> Iterator[Job]:
        """A transaction that locks the job's row. Writes inside it commit together with their events. Raises JobStopped,
        before any write, if the job was cancelled or taken over."""
        self._events, self._steps = [], 0
        with transaction.atomic():
            # The fence: after a worker has lost its lease, its number does not match any more.
            mine = Job.objects.select_for_update(no_key=True).filter(
                pk=self.job.pk, fence=self.fence, status=Job.Status.RUNNING
            )
            job = mine.first()
            if job is None:
                self.stopped.set()
                raise JobStopped
            yield job
            self._save(job)
        self.job = job
        self.progressed = True

    def _save(self, job: Job) -> None:
        job.progress_current += self._steps
        if self._total is not None:
            job.progress_total = self._total
        if self._steps or self._total is not None:
            self._events.append(("progress", {"current": job.progress_current, "total": job.progress_total}))
        self._total = None
        job.result = self.result
        job.attempts = 0
        told = events.add(job, self._events)
        job.save(update_fields=["progress_current", "progress_total", "result", "attempts", "event_count"])
        if told:
            transaction.on_commit(partial(events.publish, told))

    def emit(self, name: str, data: dict[str, Any]) -> None:
        """Add an event to this settling."""
        self._events.append((name, data))

    def advance(self, steps: int = 1, *, total: int | None = None) -> None:
        """Move the progress by `steps`, and set the total if it is given."""
        self._steps += steps
        if total is not None:
            self._total = total

    def tell_wait(self, seconds: float, *, reason: str, code: str = "") -> None:
        """Add an event, in a transaction of its own, that the job waits for a third party, and why. Outside of `settling`."""
        with transaction.atomic():
            mine = Job.objects.select_for_update(no_key=True).filter(
                pk=self.job.pk, fence=self.fence, status=Job.Status.RUNNING
            )
            job = mine.first()
            if job is None:
                return
            told = events.add(job, [("waiting", {"reason": reason, "code": code, "seconds": round(seconds, 1)})])
            job.save(update_fields=["event_count"])
            transaction.on_commit(partial(events.publish, told))

    def should_yield(self) -> bool:
        """Whether to let go of the job: the worker is ending, or this lease has used its slice of time while messages wait
        in a queue of this worker."""
        if leaving.is_set():
            return True
        now = time.monotonic()
        if now - self._began < SLICE_SECONDS:
            return False
        if now - self._asked >= 1:
            self._asked = now
            try:
                self._others_wait = _any_waits(served or {self.kind.queue})
            except redis.RedisError:
                self._others_wait = False
        return self._others_wait

    def finish(self, *, status: str, error: str = "", code: str = "") -> None:
        with transaction.atomic():
            mine = Job.objects.select_for_update(no_key=True).filter(
                pk=self.job.pk, fence=self.fence, status=Job.Status.RUNNING
            )
            job = mine.first()
            if job is None:
                return
            job.result = self.result
            lifecycle.end(job, status=status, error=error, code=code)
        self.job = job


def _any_waits(queues: Iterable[str]) -> bool:
    with events.valkey().pipeline(transaction=False) as pipe:
        for queue in queues:
            pipe.llen(queue)
        return any(pipe.execute())


def claim(job_id: UUID | str) -> Job | None:
    """Take the lease of a job that is due and has no worker, by one conditional UPDATE. None if another worker has it, or
    if it is not due."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Q(due_at=None) | Q(due_at__lte=now + timedelta(seconds=1))
    won = (
        Job.objects.active()
        .filter(free, due, pk=job_id)
        .update(
            status=Job.Status.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            due_at=None,
        )
    )
    return Job.objects.select_related("organization", "project", "created_by").get(pk=job_id) if won else None


@contextmanager
def leased(run: Run) -> Iterator[None]:
    """Renew the lease from a thread during the work, and notice a cancellation within two seconds."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(min(2.0, settings.JOB_LEASE_SECONDS / 4)):
                until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
                try:
                    # Do not renew a lease that was given back.
                    mine = Job.objects.filter(
                        pk=run.job.pk, fence=run.fence, status=Job.Status.RUNNING, lease_until__isnull=False
                    )
                    if not mine.update(lease_until=until):
                        run.stopped.set()
                        return
                except DatabaseFault as error:
                    log.warning("lease not renewed", error=str(error))
                finally:
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{run.job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def work(job_id: UUID | str) -> Job | None:
    """Work on one job until it ends, is let go, or is lost. It may be repeated, and killed at any line."""
    job = claim(job_id)
    if job is None:
        return None
    kind = kinds[job.job_type]
    run = Run(job, kind)
    ids = {"job_id": str(job.pk), "organization_id": str(job.organization_id), "request_id": job.request_id}
    with bound(**ids, job_type=job.job_type):
        log.info("job taken", fence=job.fence, progress=job.progress_current, total=job.progress_total)
        with test_mode.within(job.is_test), leased(run):
            _carry_out(run)
        log.info("job left", status=run.job.status, seconds=round(time.monotonic() - run._began, 2))
    return run.job


def _carry_out(run: Run) -> None:
    try:
        if run.job.attempts > 2 * MAX_ATTEMPTS:  # too many workers in a row died before they settled anything
            raise Failed("The job was given up: it broke off again and again.", code="given_up")
        if run.job.started_at is None:
            with run.settling() as job:
                job.started_at = timezone.now()
                job.save(update_fields=["started_at"])
                run.emit("start", {"job_id": str(job.pk), "total": job.progress_total})
            run.progressed = False
        run.kind.run(run)
    except JobStopped:
        log.info("job stopped or taken over")
    except TryAgain as again:
        if again.after and again.reason:
            run.tell_wait(again.after, reason=again.reason, code=again.code)
        _let_go(run, again.after, keep_attempts=again.progress or run.progressed)
    except Failed as failure:
        _fail(run, failure)
    except DomainError as error:
        _fail(run, Failed.of(error))
    except Exception as error:
        log.error("job broke off", exc_info=error, attempt=run.job.attempts)
        if run.job.attempts >= MAX_ATTEMPTS and not run.progressed:
            text = "The job failed for a reason on our side. It was recorded; please try again or ask support."
            run.finish(status=Job.Status.FAILED, error=text, code="internal_error")
        else:
            _let_go(run, min(60, 2**run.job.attempts), keep_attempts=False)
    else:
        status = _status_of(run)
        error, code = _first_failure(run) if status == Job.Status.FAILED else ("", "")
        run.finish(status=status, error=error, code=code)


def _fail(run: Run, failure: Failed) -> None:
    if failure.party:
        told = {"party": failure.party, "retry_after": failure.retry_after, "timed_out": failure.timed_out}
        run.result["upstream"] = told
    run.finish(status=Job.Status.FAILED, error=failure.reason, code=failure.code)


def _status_of(run: Run) -> str:
    if not run.result.get("failed"):
        return Job.Status.COMPLETED
    done = any(run.result.get(counter) for counter in run.kind.done)
    return Job.Status.COMPLETED_WITH_ERRORS if done else Job.Status.FAILED


def _first_failure(run: Run) -> tuple[str, str]:
    """What a job says of which not one item succeeded: the reason of its first failure, and its code."""
    told = JobEvent.objects.filter(job_id=run.job.pk, name="item_failed").order_by("number")
    first = told.values_list("data", flat=True).first() or {}
    text = f"Not one item could be done. The first one: {first.get('reason') or 'its reason was not recorded.'}"
    return text, str(first.get("code") or "nothing_done")


def _let_go(run: Run, after: float, *, keep_attempts: bool) -> None:
    """Give the lease back, and send a message that continues the job `after` seconds from now."""
    after = min(after, LONGEST_AWAY)
    changes: dict[str, Any] = {
        "lease_until": None,
        "due_at": timezone.now() + timedelta(seconds=after) if after else None,
    }
    if keep_attempts:
        changes["attempts"] = 0
    if Job.objects.filter(pk=run.job.pk, fence=run.fence, status=Job.Status.RUNNING).update(**changes):
        lifecycle.send(run.job, after=after)
