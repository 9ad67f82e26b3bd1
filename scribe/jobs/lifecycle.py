"""The beginning and end of jobs: create, send, cancel, retry, end."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from scribe import metrics, outbox, queue, traces
from scribe.api import models as api_rows
from scribe.errors import Conflict
from scribe.jobs import events, queues, registry
from scribe.jobs.models import NEWER_WORKERS_ONLY, Job, JobHelper
from scribe.jobs.registry import kinds
from scribe.logs import context
from scribe.messages import _
from scribe.queue import enqueue
from scribe.types import Json, User

EVENT_OF_STATUS = {
    Job.Status.COMPLETED: "complete",
    Job.Status.COMPLETED_WITH_ERRORS: "complete",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "cancelled",
}


@transaction.atomic
def create(  # type: ignore[explicit-any]  # rows of many models
    *,
    job_type: str,
    organization: Any = None,
    project: Any = None,
    created_by: User | None = None,
    payload: Json | None = None,
    total: int = 0,
    job_id: UUID | None = None,
    is_test: bool = False,
    is_long: bool = False,
) -> Job:
    """A queued job, sent to its queue when the transaction commits. Without an `organization` it is the project's. `is_long`:
    it is known to take long.

    Raises Conflict `job_active` (with `job_id`) while another job writes the same project's items. A unique index ensures
    it, so two simultaneous requests cannot both succeed. Also raises the error of a keeper that forbids the project a
    new job.
    """
    kind = kinds[job_type]
    organization = organization or project.organization
    for may_begin in registry.organization_keepers:
        may_begin(organization, job_type)
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
        is_test=is_test or bool(project is not None and project.is_test),
        is_long=is_long,
        due_at=NEWER_WORKERS_ONLY if job_type in Job.NEWER_TYPES else None,
        writes_items=kind.writes_items,
        request_id=str(context().get("request_id", "")),
        trace=traces.context(),
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
    api_rows.began(job.pk)
    transaction.on_commit(partial(send, job))
    return job


def active_writer(project: Any) -> Job | None:  # type: ignore[explicit-any]  # rows of many models
    """The job that writes this project's items now, if any."""
    return Job.objects.active().filter(project=project, writes_items=True).first()


def job_active(job: Job) -> Conflict:
    return Conflict(
        _(
            "Another job ({job}) is running in this project. Wait until it has finished, or cancel it.",
            job=job.job_type,
        ),
        code="job_active",
        job_id=str(job.pk),
    )


def send(job: Job, *, after: float = 0) -> None:
    """Put the job's message in its queue, `after` seconds from now. If the broker is down, the sweep sends it later."""
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    queue.send(queues.RUN_JOB, str(job.pk), queue=queues.queue_of(job), after=after)


def hurry(job: Job) -> bool:
    """Have a job that waits to try again go on at once. May be repeated. Returns whether it was waiting."""
    waits = Job.objects.active().filter(pk=job.pk, lease_until=None, due_at__gt=timezone.now())
    if not waits.update(due_at=None):
        return False
    send(job)
    return True


def end(job: Job, *, status: str, error: str = "", code: str = "", more: list[tuple[str, Json]] | None = None) -> None:
    """End `job` for good. The caller's transaction must have locked its row. Nothing changes an ended job."""
    job.status = status
    job.error, job.error_code = error, code
    job.completed_at = timezone.now()
    job.lease_until = None
    data = {"job_id": str(job.pk), "status": status, **job.result}
    if error:
        data["error"] = error
    kinds[job.job_type].closing(job)
    if kinds[job.job_type].shared:
        JobHelper.objects.filter(job=job).delete()
    told = events.add(job, [*(more or []), (EVENT_OF_STATUS[Job.Status(status)], data)])
    job.save()
    outbox.record(
        organization=job.organization_id,
        event="job.finished",
        objects={job.pk: _outcome(job)},
        is_test=job.is_test,
    )
    transaction.on_commit(partial(events.publish, told))
    enqueue("scribe.jobs.tasks.after_job", str(job.pk))
    transaction.on_commit(partial(metrics.count, "jobs", type=job.job_type, status=str(status)))


def _outcome(job: Job) -> Json:
    """How the job ended, for other programs: its state and the numbers of its result, without words of the customer."""
    counters = {name: value for name, value in job.result.items() if type(value) is int}
    return {"project_id": job.project_id, "job_type": job.job_type, "status": str(job.status), "counters": counters}


@transaction.atomic
def cancel(job: Job, *, by: User | None = None) -> Job:
    """Cancel a queued or running job at once. Its holds are closed here, and the fence refuses the later results of its
    worker. Raises Conflict `job_ended` for a job that has ended."""
    cancelled = cancel_all(Job.objects.filter(pk=job.pk))
    if not cancelled:
        ended = Job.objects.get(pk=job.pk)
        raise Conflict(
            _("The job has already ended ({job_status}).", job_status=ended.status),
            code="job_ended",
            status_now=ended.status,
        )
    return cancelled[0]


@transaction.atomic
def cancel_all(jobs: QuerySet[Job]) -> list[Job]:
    """Cancel those of `jobs` that have not ended. All are locked before the first one ends, since ending one may lock a
    wallet, and workers lock a job before a wallet."""
    # The lock guards against a worker that is ending one of them right now.
    active = [job for job in jobs.select_for_update(no_key=True, of=("self",)).order_by("pk") if not job.ended]
    for job in active:
        job.cancel_requested_at = timezone.now()
        end(job, status=Job.Status.CANCELLED)
    return active


@transaction.atomic
def retry(job: Job, *, by: User | None = None) -> Job:
    """Run the payload of an ended job of a `repeatable` kind again, as a new job, which does what is still missing. Raises
    Conflict `job_active` for a job that has not ended."""
    if not job.ended:
        raise Conflict(_("The job has not ended yet."), code="job_active", job_id=str(job.pk))
    return create(
        job_type=job.job_type,
        organization=job.organization,
        project=job.project,
        created_by=by,
        payload=job.payload,
        total=job.progress_total,
        is_test=job.is_test,
        is_long=job.is_long,
    )
