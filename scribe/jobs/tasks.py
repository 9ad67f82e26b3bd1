"""The tasks of the job engine: run a job, do the work after its end, and sweep up after dead workers."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from scribe import traces
from scribe.celery import HELPERS, LONG, serves_long
from scribe.jobs import queues
from scribe.jobs.helpers import help_with
from scribe.jobs.models import Job, JobEvent
from scribe.jobs.registry import kinds, notifiers
from scribe.jobs.worker import work_next
from scribe.logs import bound, get_logger
from scribe.queue import enqueue

log = get_logger(__name__)


@shared_task(queue="default")
def run_job(job_id: str) -> None:
    """Work on the next job of the queue that this job is in: its message says that there is work. May be repeated."""
    if serves_long():
        work_next(LONG)
        return
    job_type = Job.objects.filter(pk=job_id).values_list("job_type", flat=True).first()
    if job_type in kinds:
        work_next(kinds[job_type].queue)


@shared_task(queue=HELPERS)
def help_job(job_id: str) -> None:
    """Lend a hand at a job that another worker holds. May be repeated, late or lost: the job needs no helper."""
    help_with(job_id)


@shared_task(queue="default")
def after_job(job_id: str) -> None:
    """Do the work after a job's end (notices, mail). It is called at least once, so it may be repeated."""
    job = Job.objects.select_related("organization", "project", "created_by").filter(pk=job_id, settled_at=None).first()
    if job is None or not job.ended:
        return
    with (
        traces.span(f"end of job {job.job_type}", within=job.trace),
        bound(job_id=str(job.pk), organization_id=str(job.organization_id), request_id=job.request_id),
    ):
        kind = kinds[job.job_type]
        kind.ended(job)
        notice = None if job.is_test else kind.notice(job)  # a leaked test key fills no mailbox
        if notice is not None:
            for notify in notifiers:
                notify(job, notice)
    Job.objects.filter(pk=job_id).update(settled_at=timezone.now())


@shared_task(queue="default")
def sweep_jobs() -> None:
    """Wake the workers of each queue in which a job waits without a message, since a worker or the broker died; and do what
    is left after a job's end. May be repeated."""
    for name in queues.names():
        if queues.wake(name):
            log.info("queue woken", queue=name)
    now = timezone.now()
    # What fails is tried less and less often: each wait is as long as the time since the job's end.
    last = Greatest("completed_at", Coalesce("sent_at", "completed_at"))
    due = Job.objects.filter(status__in=Job.ENDED, settled_at=None).alias(last=last, waits=last - F("completed_at"))
    due = due.filter(last__lt=now - timedelta(seconds=30) - F("waits"))
    ids = list(due.order_by("last").values_list("pk", flat=True)[:1000])
    Job.objects.filter(pk__in=ids).update(sent_at=now)
    for job_id in ids:
        enqueue("scribe.jobs.tasks.after_job", str(job_id))


@shared_task(queue="default")
def forget_events() -> None:
    """Delete events past their retention, in small committed batches. May be repeated."""
    limit = timezone.now() - settings.JOB_EVENT_RETENTION
    while ids := list(JobEvent.objects.filter(created_at__lt=limit).values_list("pk", flat=True)[:5000]):
        JobEvent.objects.filter(pk__in=ids).delete()
