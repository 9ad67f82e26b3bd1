"""Which job of a queue a worker takes next: the organization whose last slice began longest ago, and of its jobs likewise.

No organization has more than `JOBS_PER_ORGANIZATION` jobs of a queue at work, however many workers are free. Its other jobs
wait. So its stores may hang, and workers are left for others.

The jobs of a suspended organization wait until it is reinstated.

Jobs that take long have workers of their own, the queue LONG, so that however many organizations have them, those without any find
a free worker. A job takes long if it is known to be large, or once it had a worker for LONG_AFTER seconds; for REMEMBERED all jobs of
its organization's in that queue count as such. Until then, and as long as nobody else waits, it goes on where it began. Where no
worker serves LONG, the others do its work.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from scribe.celery import LONG
from scribe.jobs import events, registry
from scribe.jobs.models import NEWER_WORKERS_ONLY, Job
from scribe.jobs.registry import kinds
from scribe.queue import send
from scribe.types import Json

RUN_JOB = "scribe.jobs.tasks.run_job"
#: Seconds after which a job that could be taken counts as one that waits: a free worker takes it sooner.
WAITS_AFTER = 1.0
LONG_AFTER = 3.0
CANDIDATES = 20  # jobs of which a worker takes the first that nobody has locked
REMEMBERED = timedelta(minutes=10)
SERVES_LONG = "workers:long"  # a key of Valkey that is there while a worker serves LONG
# The organizations with jobs that take long, by queue. `job_long` has what was taken lately, `job_active` what is at work.
LONG_WORK = """
kind AS (SELECT * FROM unnest(%(types)s::text[], %(queues)s::text[]) AS kind (job_type, queue)),
long_work AS (
    SELECT organization_id, queue FROM scribe_job JOIN kind USING (job_type) WHERE is_long AND taken_at > %(remembered)s
    UNION
    SELECT organization_id, queue FROM scribe_job JOIN kind USING (job_type)
    WHERE is_long AND status IN ('queued', 'running') AND lease_until >= %(now)s
)
"""
# One statement, however many jobs wait. `job_active` has the jobs that have not ended, `job_taken` an organization's slices.
NEXT = f"""
WITH {LONG_WORK}, waiting AS (
    SELECT DISTINCT ON (organization_id) organization_id, id
    FROM scribe_job JOIN kind USING (job_type)
    WHERE status IN ('queued', 'running')
        AND NOT EXISTS (
            SELECT 1 FROM accounts_organization AS owner
            WHERE owner.id = scribe_job.organization_id AND owner.suspended_at IS NOT NULL
        )
        AND (lease_until IS NULL OR lease_until < %(now)s) AND (due_at IS NULL OR due_at <= %(due)s OR due_at = %(newer)s)
        AND (%(since)s::timestamptz IS NULL OR sent_at IS NULL OR sent_at <= %(since)s)
        AND (%(long)s::boolean IS NULL OR %(long)s = (is_long OR (organization_id, queue) IN (TABLE long_work)))
    ORDER BY organization_id, taken_at NULLS FIRST, created_at
)
SELECT waiting.id FROM waiting
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs FROM scribe_job
    WHERE organization_id = waiting.organization_id AND status = 'running' AND job_type = ANY(%(types)s)
        AND lease_until >= %(now)s AND id IS DISTINCT FROM %(besides)s
) AS at_work
LEFT JOIN LATERAL (
    SELECT taken_at FROM scribe_job
    WHERE organization_id = waiting.organization_id AND job_type = ANY(%(types)s) AND taken_at IS NOT NULL
    ORDER BY taken_at DESC LIMIT 1
) AS served ON true
WHERE at_work.jobs < %(each)s
ORDER BY served.taken_at NULLS FIRST, waiting.id
LIMIT %(most)s
"""  # noqa: S608 - of constants


def next_job(queues: Iterable[str], *, besides: UUID | None = None, waited: float = 0) -> UUID | None:
    """The job that a worker of these queues takes next, or None. With `waited`, only one that has waited for so many
    seconds. `besides` is a job at work that is not counted, since it would be let go."""
    return next(iter(next_jobs(queues, besides=besides, waited=waited, most=1)), None)


def next_jobs(
    queues: Iterable[str], *, besides: UUID | None = None, waited: float = 0, most: int = CANDIDATES
) -> list[UUID]:
    """The next `most` of such jobs, each of another organization."""
    served = set(queues)
    now = timezone.now()
    long = _only_long(served)
    values: Json = {
        **_long_values(registry.queues() if long else served),
        "due": now + timedelta(seconds=1),
        "newer": NEWER_WORKERS_ONLY,
        "since": now - timedelta(seconds=waited) if waited else None,
        "besides": besides,
        "each": settings.JOBS_PER_ORGANIZATION,
        "most": most,
        "long": long,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEXT, values)
        return [pk for (pk,) in cursor.fetchall()]


def queue_of(job: Job) -> str:
    """The queue in which the job's message goes."""
    queue = kinds[job.job_type].queue
    if not long_is_served():
        return queue
    values = _long_values({queue})
    at_work = Q(status__in=Job.ACTIVE, lease_until__gte=values["now"])
    lately = Q(taken_at__gt=values["remembered"])
    like_it = Job.objects.of(job.organization_id).filter(is_long=True, job_type__in=values["types"])
    return LONG if job.is_long or like_it.filter(at_work | lately).exists() else queue


def _only_long(queues: set[str]) -> bool | None:
    """Whether workers of these queues take jobs that take long alone, or others alone; None for both."""
    if LONG in queues:
        return True
    return False if long_is_served() else None


def _long_values(queues: set[str]) -> Json:
    of = {kind.job_type: kind.queue for kind in kinds.values() if kind.queue in queues}
    now = timezone.now()
    return {"types": list(of), "queues": list(of.values()), "now": now, "remembered": now - REMEMBERED}


def serve_long(seconds: int) -> None:
    """Say for so many seconds that a worker serves LONG."""
    try:
        events.valkey().set(SERVES_LONG, 1, ex=seconds)
    except redis.RedisError:
        return


def long_is_served() -> bool:
    try:
        return bool(events.valkey().exists(SERVES_LONG))
    except redis.RedisError:
        return False


def names() -> set[str]:
    """The queues in which jobs wait."""
    return registry.queues() | ({LONG} if long_is_served() else set())


def wake(queue: str) -> bool:
    """Send a message if a job of the queue can be taken and no message is there. A message says that there is work, and
    which job is taken is seen then, so one is enough for all. Returns whether one was sent."""
    job_id = next_job({queue})
    return job_id is not None and not _has_messages(queue) and send(RUN_JOB, str(job_id), queue=queue)


def _has_messages(queue: str) -> bool:
    try:
        return bool(events.valkey().llen(queue))
    except redis.RedisError:
        return False


def lock(queue: str) -> None:
    """Until the transaction ends, no other worker chooses from the queue: two at once would both count the same jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jobs.queue'), hashtext(%s))", [queue])
