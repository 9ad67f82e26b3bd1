"""One lease of one job: its fence, its settlings, its events, and what a worker may raise."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from scribe.celery import LONG, is_leaving, served
from scribe.errors import DomainError, UpstreamTimeout
from scribe.jobs import events, lifecycle, queues
from scribe.jobs.models import Job, JobEvent
from scribe.jobs.registry import JobKind
from scribe.messages import _
from scribe.types import Json

SLICE_SECONDS = 5.0  # of one lease, when others wait
CALL_SECONDS = 15.0  # after which a call is cut when others wait; so many more after each slice that came to nothing


class JobStopped(Exception):
    """The job was cancelled, or another worker has it now. The worker must stop and change nothing."""


class CallCut(BaseException):
    """Ends a call at somebody else's server, since the slice is over and others wait, or the job was cancelled. The job goes
    on as after the death of its worker. No `except Exception` takes it for a fault of the call."""


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
    def of(cls, error: DomainError) -> "Failed":
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
    """One lease of one job. `result` is saved with every settling; of a shared job it is read anew at the beginning of
    each. Call `emit` and `advance` only inside `settling`."""

    slice_seconds: ClassVar[float] = SLICE_SECONDS

    def __init__(self, job: Job, kind: JobKind) -> None:
        self.job = job
        self.kind = kind
        self.fence = job.fence
        self.result: Json = dict(job.result)
        self.stopped = threading.Event()
        self.progressed = False
        self._inherits = job.worker_died
        self._events: list[tuple[str, Json]] = []
        self._steps = 0
        self._total: int | None = None
        self._began = self._counted = time.monotonic()
        self._processor = time.process_time()
        self._others_wait = False
        self._moves_on = False

    @property
    def lease_id(self) -> UUID:
        """What marks the rows of this lease. It is the same for nobody else, and for no other lease of the job."""
        return lease_id(self.job.pk, self.fence)

    def inherits_call(self) -> bool:
        """Whether the worker before this one died at the call that is made now. True once: it died at one."""
        found, self._inherits = self._inherits, False
        return found

    def mine(self) -> QuerySet[Job]:
        """The job's row while this lease may change it. After the lease was lost, the fence does not match any more."""
        return Job.objects.filter(pk=self.job.pk, fence=self.fence, status=Job.Status.RUNNING)

    def renew(self) -> bool:
        """Prolong the lease. False if it is lost, or was given back."""
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        return bool(self.mine().filter(lease_until__isnull=False).update(lease_until=until, **self.work()))

    def work(self) -> Json:
        """What to add to the job's row of the work since the last time."""
        now, processor = time.monotonic(), time.process_time()
        worked, used = now - self._counted, processor - self._processor
        self._counted, self._processor = now, processor
        added: Json = {"worked_seconds": F("worked_seconds") + worked}
        added["processor_seconds"] = F("processor_seconds") + used
        return added

    def note_work(self) -> None:
        Job.objects.filter(pk=self.job.pk).update(**self.work())

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
            job = self.mine().select_for_update(no_key=True).first()
            if job is None:
                self.stopped.set()
                raise JobStopped
            if self.kind.shared:
                self.result = dict(job.result)
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

    def emit(self, name: str, data: Json) -> None:
        """Add an event to this settling."""
        self._events.append((name, data))

    def advance(self, steps: int = 1, *, total: int | None = None) -> None:
        """Move the progress by `steps`, and set the total if it is given."""
        self._steps += steps
        if total is not None:
            self._total = total

    def report_wait(self, seconds: float, *, reason: str, code: str = "") -> None:
        """Add an event, in a transaction of its own, that the job waits for a third party, and why. Outside of `settling`."""
        with transaction.atomic():
            job = self.mine().select_for_update(no_key=True).first()
            if job is None:
                return
            told = events.add(job, [("waiting", {"reason": reason, "code": code, "seconds": round(seconds, 1)})])
            job.save(update_fields=["event_count"])
            transaction.on_commit(partial(events.publish, told))

    def should_yield(self) -> bool:
        """Whether to let go of the job: the worker is ending, or this lease has used its slice of time while others wait."""
        return is_leaving() or self.moves_on() or self._is_over(self.slice_seconds)

    def moves_on(self) -> bool:
        """Whether the job takes long, others wait, and the workers of LONG go on with it."""
        return self._others_wait and self._moves_on

    def check_call(self) -> None:
        """Called each second while somebody else's server lets a call wait. Raises CallCut when the job is no longer ours, and
        when others have waited for long enough."""
        if self.stopped.is_set() or self.moves_on() or self._is_over(CALL_SECONDS * max(1, self.job.attempts)):
            raise CallCut

    def look_for_others(self) -> None:
        """See whether the job takes long, and whether jobs wait that this worker could take instead. The thread that renews
        the lease asks."""
        took = time.monotonic() - self._began
        here = served or {self.kind.queue}
        if took >= queues.LONG_AFTER and LONG not in here and not self._moves_on and queues.long_is_served():
            Job.objects.filter(pk=self.job.pk).update(is_long=True)
            self._moves_on = True
            queues.wake(LONG)  # others of the organization's may go on there
        if took >= min(self.slice_seconds, queues.LONG_AFTER):
            self._others_wait = queues.next_job(here, besides=self.job.pk, waited=queues.WAITS_AFTER) is not None

    def _is_over(self, seconds: float) -> bool:
        return self._others_wait and time.monotonic() - self._began >= seconds

    def finish(self, *, status: str = "", error: str = "", code: str = "", more: Json | None = None) -> None:
        """End the job, with `more` in its result. Without a `status`, its counters decide."""
        with transaction.atomic():
            job = self.mine().select_for_update(no_key=True).first()
            if job is None:
                return
            if not self.kind.shared:
                job.result = self.result
            job.result = {**job.result, **(more or {})}
            status = status or self.kind.outcome(job.result)
            if status == Job.Status.FAILED and not error:
                error, code = _first_failure(job)
            lifecycle.end(job, status=status, error=error, code=code)
        self.job = job


def lease_id(job_id: UUID, fence: int) -> UUID:
    return uuid5(job_id, str(fence))


def _first_failure(job: Job) -> tuple[str, str]:
    """What a job says of which not one item succeeded: the reason of its first failure, and its code."""
    told = JobEvent.objects.filter(job_id=job.pk, name="item_failed").order_by("number")
    first = told.values_list("data", flat=True).first() or {}
    reason = first.get("reason") or _("the reason was not recorded.")
    text = _("No items could be processed. The first one failed: {reason}", reason=reason)
    return text, str(first.get("code") or "failed")
