"""The beginning and end of jobs: create, send, cancel, retry, end."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from scribe import metrics, queue
from scribe.api import idempotency_models
from scribe.errors import Conflict
from scribe.jobs import events, registry
from scribe.jobs.models import Job
from scribe.jobs.registry import kinds
from scribe.logs import context
from scribe.queue import enqueue

EVENT_OF_STATUS = {
    Job.Status.COMPLETED: "complete",
    Job.Status.COMPLETED_WITH_ERRORS: "complete",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "cancelled",
}


@transaction.atomic
def create(
    *,
    job_type: str,
    organization: Any,
    project: Any = None,
    created_by: Any = None,
    payload: dict[str, Any] | None = None,
    total: int = 0,
    job_id: Any = None,
) -> Job:
    """A queued job, sent to its queue when the transaction commits.

    Raises Conflict `job_active` (with `job_id`) while another job writes the same project's items: a unique index holds
    that, so two requests at once cannot both win. Raises what a keeper of projects raises when the project may
    have no new job.
    """
    kind = kinds[job_type]
    if project is not None:
        for keep in registry.keepers:
            keep(project)
    job = Job(
        job_type=job_type,
        organization=organization,
        project=project,
        created_by=created_by if getattr(created_by, "email", None) else None,
        payload=payload or {},
        progress_total=total,
        writes_items=kind.writes_items,
        request_id=str(context().get("request_id", "")),
    )
    if job_id is not None:
        job.pk = job_id
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        active = active_writer(project)
        if active is None:
            raise
        raise job_active(active) from None
    idempotency_models.began(job.pk)
    transaction.on_commit(partial(send, job))
    return job


def active_writer(project: Any) -> Job | None:
    """The job that writes this project's items now, if any."""
    return Job.objects.active().filter(project=project, writes_items=True).first()


def job_active(job: Job) -> Conflict:
    return Conflict(
        f"A {job.job_type} job is working on this project. Wait for it or cancel it.",
        code="job_active",
        job_id=str(job.pk),
    )


def send(job: Job, *, after: float = 0) -> None:
    """Put the job's message in its queue. When the broker is down the sweep sends it later."""
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    queue.send("scribe.jobs.tasks.run_job", str(job.pk), queue=kinds[job.job_type].queue, after=after)


def end(
    job: Job, *, status: str, error: str = "", code: str = "", more: list[tuple[str, dict[str, Any]]] | None = None
) -> None:
    """Make `job` terminal, inside the caller's transaction, which has locked its row. Nothing changes it afterwards."""
    job.status = status
    job.error, job.error_code = error, code
    job.completed_at = timezone.now()
    job.lease_until = None
    data = {"job_id": str(job.pk), "status": status, **job.result}
    if error:
        data["error"] = error
    kinds[job.job_type].closing(job)
    told = events.add(job, [*(more or []), (EVENT_OF_STATUS[Job.Status(status)], data)])
    job.save()
    transaction.on_commit(partial(events.publish, told))
    enqueue("scribe.jobs.tasks.after_job", str(job.pk))
    transaction.on_commit(partial(metrics.count, "jobs", type=job.job_type, status=str(status)))


@transaction.atomic
def cancel(job: Job, *, by: Any = None) -> Job:
    """Cancel a queued or running job at once: its holds close here, and whatever a worker still brings is refused by the
    fence. Raises Conflict `job_ended` when there is nothing to cancel."""
    cancelled = cancel_all(Job.objects.filter(pk=job.pk))
    if not cancelled:
        ended = Job.objects.get(pk=job.pk)
        raise Conflict(f"The job has already ended ({ended.status}).", code="job_ended", status_now=ended.status)
    return cancelled[0]


@transaction.atomic
def cancel_all(jobs: QuerySet[Job]) -> list[Job]:
    """Cancel those of `jobs` that have not ended. All are locked before the first one ends, since that may lock a wallet,
    which a worker locks only after its own job."""
    # The lock is against the worker that is ending one of them right now.
    active = [job for job in jobs.select_for_update(no_key=True, of=("self",)).order_by("pk") if not job.ended]
    for job in active:
        job.cancel_requested_at = timezone.now()
        end(job, status=Job.Status.CANCELLED)
    return active


@transaction.atomic
def retry(job: Job, *, by: Any = None) -> Job:
    """Run a failed or cancelled job's payload again, as a new job. Its kind takes up what is still missing."""
    if not job.ended:
        raise Conflict("The job has not ended yet.", code="job_active", job_id=str(job.pk))
    return create(
        job_type=job.job_type,
        organization=job.organization,
        project=job.project,
        created_by=by,
        payload=job.payload,
        total=job.progress_total,
    )
