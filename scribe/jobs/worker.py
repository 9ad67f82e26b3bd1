"""The work on a job: taking it, keeping its lease, and letting go of it or ending it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.utils import timezone

from scribe import test_mode, traces
from scribe.errors import DomainError
from scribe.http import transport
from scribe.jobs import lifecycle, queues
from scribe.jobs.models import NEWER_WORKERS_ONLY, Job
from scribe.jobs.registry import kinds
from scribe.jobs.run import CallCut, Failed, JobStopped, Run, TryAgain
from scribe.logs import bound, get_logger
from scribe.messages import _
from scribe.types import Json

log = get_logger(__name__)

MAX_ATTEMPTS = 5
LONGEST_AWAY = 900.0  # seconds; a job waits no longer, even if a store or a provider asks for more


def claim_next(queue: str) -> Job | None:
    """Take the lease of the job of the queue that is to be served next, or None if there is none.

    A job whose row is locked, such as by a cancellation that deletes much, waits: all workers of the queue would wait with it."""
    with transaction.atomic():
        queues.lock(queue)
        for job_id in queues.next_jobs({queue}):
            if Job.objects.filter(pk=job_id).select_for_update(no_key=True, skip_locked=True).exists():
                return claim(job_id)
    return None


def claim(job_id: UUID | str) -> Job | None:
    """Take the lease of a job that is due and has no worker, by a conditional UPDATE. None if another worker has it, or
    if it is not due. A lease that ran out, and was not given back, was that of a worker that died."""
    now = timezone.now()
    taken = {
        "status": Job.Status.RUNNING,
        "fence": F("fence") + 1,
        "attempts": F("attempts") + 1,
        "lease_until": now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        "due_at": _unless_held_back(None),
        "taken_at": now,
    }
    rows = Job.objects.active().due(now + timedelta(seconds=1)).filter(pk=job_id)
    died = bool(rows.filter(lease_until__lt=now).update(**taken))
    if not died and not rows.filter(lease_until=None).update(**taken):
        return None
    job = Job.objects.select_related("organization", "project", "created_by").get(pk=job_id)
    job.worker_died = died
    return job


def _unless_held_back(due_at: datetime | None) -> Case:
    return Case(When(due_at=NEWER_WORKERS_ONLY, then=F("due_at")), default=Value(due_at, DateTimeField()))


def look_every() -> float:
    """The seconds between two looks at the row of a job that is worked on."""
    return min(1.0, settings.JOB_LEASE_SECONDS / 4)


@contextmanager
def hold_lease(run: Run) -> Iterator[None]:
    """Renew the lease from a thread during the work, and notice within a second a cancellation, and that others wait.
    Calls to addresses that others choose ask `run` meanwhile whether they may go on."""
    done, every = threading.Event(), look_every()

    def renew() -> None:
        try:
            while not done.wait(every):
                try:
                    if not run.renew():
                        run.stopped.set()
                        return
                    run.look_for_others()
                except Exception as error:  # whatever it is: the job still needs its lease
                    log.warning("lease not renewed", error=str(error))
                finally:
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{run.job.pk}", daemon=True)
    thread.start()
    watched = transport.WATCH.set(run.check_call if run.kind.cuts_calls else None)
    try:
        yield
    finally:
        transport.WATCH.reset(watched)
        done.set()
        thread.join(timeout=5)
        run.note_work()


def work_next(queue: str) -> Job | None:
    """Work on the job of the queue that is to be served next. Wakes other workers before and after it as long as further
    jobs can be taken. It may be repeated, and killed at any line."""
    job = claim_next(queue)
    if job is None:
        return None
    queues.wake(queue)
    done = _work(job)
    queues.wake(queue)
    return done


def work(job_id: UUID | str) -> Job | None:
    """Work on one job until it ends, is let go, or is lost. It may be repeated, and killed at any line."""
    job = claim(job_id)
    return _work(job) if job else None


def _work(job: Job) -> Job:
    kind = kinds[job.job_type]
    run = Run(job, kind)
    ids = {"job_id": str(job.pk), "organization_id": str(job.organization_id), "request_id": job.request_id}
    about: dict[str, traces.Value | None] = {"scribe.job.id": str(job.pk), "scribe.job.type": job.job_type}
    with (
        traces.span(f"job {job.job_type}", attributes=about, within=job.trace) as span,
        bound(**ids, job_type=job.job_type, **traces.ids()),
    ):
        log.info("job taken", fence=job.fence, progress=job.progress_current, total=job.progress_total)
        with test_mode.within(job.is_test), hold_lease(run):
            _carry_out(run)
        span.set({"scribe.job.status": run.job.status, "scribe.job.progress": run.job.progress_current})
        if run.job.status == Job.Status.FAILED:
            span.fail(run.job.error_code or "failed")
        log.info("job left", status=run.job.status, seconds=round(time.monotonic() - run._began, 2))
    return run.job


def _carry_out(run: Run) -> None:
    try:
        if run.job.attempts > 2 * MAX_ATTEMPTS:  # too many workers in a row died before they settled anything
            raise Failed(
                _("The job was stopped because it was interrupted several times. Please start it again."),
                code="given_up",
            )
        if run.job.started_at is None:
            with run.settling() as job:
                job.started_at = timezone.now()
                job.save(update_fields=["started_at"])
                run.emit("start", {"job_id": str(job.pk), "total": job.progress_total})
            run.progressed = False
        run.kind.run(run)
    except JobStopped:
        log.info("job stopped or taken over")
    except CallCut:
        log.info("a call was cut", stopped=run.is_stopped())
        _let_go(run, 0, keep_attempts=run.progressed)
    except TryAgain as again:
        if again.after and again.reason:
            run.report_wait(again.after, reason=again.reason, code=again.code)
        _let_go(run, again.after, keep_attempts=again.progress or run.progressed)
    except Failed as failure:
        _fail(run, failure)
    except DomainError as error:
        _fail(run, Failed.of(error))
    except Exception as error:
        log.error("job broke off", exc_info=error, attempt=run.job.attempts)
        if run.job.attempts >= MAX_ATTEMPTS and not run.progressed:
            text = _(
                "The job failed because of an error on our side. We recorded it. Please try again or contact support."
            )
            run.finish(status=Job.Status.FAILED, error=text, code="internal_error")
        else:
            _let_go(run, min(60, 2**run.job.attempts), keep_attempts=False)
    else:
        run.finish()


def _fail(run: Run, failure: Failed) -> None:
    more = {}
    if failure.party:
        told = {"party": failure.party, "retry_after": failure.retry_after, "timed_out": failure.timed_out}
        more = {"upstream": told}
    run.finish(status=Job.Status.FAILED, error=failure.reason, code=failure.code, more=more)


def _let_go(run: Run, after: float, *, keep_attempts: bool) -> None:
    """Give the lease back, and send a message that continues the job `after` seconds from now."""
    after = min(after, LONGEST_AWAY)
    due_at = timezone.now() + timedelta(seconds=after) if after else None
    # A kind that the last release does not know waits as any other: else its attempts would be used up at once.
    waits = due_at is not None and run.job.job_type in Job.NEWER_TYPES
    changes: Json = {"lease_until": None, "due_at": due_at if waits else _unless_held_back(due_at)}
    if keep_attempts:
        changes["attempts"] = 0
    if run.mine().update(**changes):
        lifecycle.send(run.job, after=after)
