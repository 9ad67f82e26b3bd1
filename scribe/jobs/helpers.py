"""More workers for one job. The worker that holds a shared job calls for help; free ones lend a hand until it is done.

A helper has a lease of its own and does the same as the worker that it helps, on other rows. It never ends the job. Which
rows it has is written on them (`lease_id`), so that the rows of a dead worker are free again when its lease runs out.
Whoever settles a row first has done it; the rows' state decides, not the lease.
"""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone

from scribe import queue, test_mode, traces
from scribe.celery import HELPERS
from scribe.jobs.models import Job, JobHelper
from scribe.jobs.registry import JobKind, kinds
from scribe.jobs.run import JobStopped, Run, TryAgain, lease_id
from scribe.jobs.worker import hold_lease
from scribe.logs import bound, get_logger
from scribe.types import Json

log = get_logger(__name__)

ROWS_EACH = 400  # rows for which another worker is worth its start
CALL_LASTS = 20  # seconds after which a call that nobody heard is forgotten


class Helper(Run):
    """The lease of a helper. It ends early, as its own job may have many workers while others have none."""

    slice_seconds: ClassVar[float] = 2.0

    def __init__(self, job: Job, kind: JobKind, row: JobHelper) -> None:
        super().__init__(job, kind)
        self.row = row

    @property
    def lease_id(self) -> UUID:
        return self.row.pk

    def mine(self) -> QuerySet[Job]:
        """The job's row while it is at work, whoever holds it, and this helper was not struck off."""
        return Job.objects.filter(
            Exists(JobHelper.objects.filter(pk=self.row.pk)), pk=self.job.pk, status=Job.Status.RUNNING
        )

    def renew(self) -> bool:
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        self.note_work()
        return bool(JobHelper.objects.filter(pk=self.row.pk, job__status=Job.Status.RUNNING).update(lease_until=until))


def call(job: Job, *, rows: int) -> None:
    """Call free workers to a job with so many rows left. What nobody hears is forgotten; call again from time to time."""
    if not kinds[job.job_type].shared:
        return
    wanted = min(settings.JOB_HELPERS, rows // ROWS_EACH)
    for _ in range(wanted - _at_work(job.pk).count()):
        queue.send("scribe.jobs.tasks.help_job", str(job.pk), queue=HELPERS, expires=CALL_LASTS)


def leases(job_id: UUID) -> set[UUID]:
    """The leases under which somebody works on the job right now."""
    now = timezone.now()
    found = set(_at_work(job_id).values_list("pk", flat=True))
    held = Job.objects.filter(pk=job_id, lease_until__gt=now).values_list("fence", flat=True).first()
    return found if held is None else {*found, lease_id(job_id, held)}


def _at_work(job_id: UUID) -> QuerySet[JobHelper]:
    return JobHelper.objects.filter(job=job_id, lease_until__gt=timezone.now())


def help_with(job_id: UUID | str) -> Job | None:
    """Lend a hand at a shared job that another worker holds. None if it needs none. May be repeated, and killed at any
    line."""
    joined = _join(job_id)
    if joined is None:
        return None
    job, row = joined
    helper = Helper(job, kinds[job.job_type], row)
    ids: Json = {"job_id": str(job.pk), "organization_id": str(job.organization_id)}
    about: dict[str, traces.Value | None] = {"scribe.job.id": str(job.pk), "scribe.job.type": job.job_type}
    with (
        traces.span(f"help with job {job.job_type}", attributes=about, within=job.trace),
        bound(**ids, request_id=job.request_id, job_type=job.job_type, helper=str(row.pk), **traces.ids()),
    ):
        log.info("job helped")
        try:
            with test_mode.within(job.is_test), hold_lease(helper):
                helper.kind.run(helper)
        except (JobStopped, TryAgain):
            pass
        except Exception as error:  # the worker that holds the job meets it, too, and says so
            log.error("helper broke off", exc_info=error)
        finally:
            JobHelper.objects.filter(pk=row.pk).delete()
        log.info("helper left", progressed=helper.progressed)
    return helper.job


@transaction.atomic
def _join(job_id: UUID | str) -> tuple[Job, JobHelper] | None:
    """Under the job's lock, so that no more than JOB_HELPERS join."""
    now = timezone.now()
    held = Job.objects.select_related("organization", "project", "created_by").filter(
        pk=job_id, status=Job.Status.RUNNING, lease_until__gt=now
    )
    job = held.select_for_update(no_key=True, of=("self",)).first()
    if job is None or not kinds[job.job_type].shared:
        return None
    JobHelper.objects.filter(job=job, lease_until__lte=now).delete()
    if JobHelper.objects.filter(job=job).count() >= settings.JOB_HELPERS:
        return None
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    return job, JobHelper.objects.create(job=job, lease_until=until)
