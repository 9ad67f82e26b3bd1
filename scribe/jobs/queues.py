"""Which job of a queue a worker takes next: the organization whose last slice began longest ago, and of its jobs likewise.

No organization has more than `JOBS_PER_ORGANIZATION` jobs of a queue at work, however many workers are free. Its other jobs
wait. So its stores may hang, and workers are left for others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from scribe.jobs import events
from scribe.jobs.registry import kinds
from scribe.queue import send

RUN_JOB = "scribe.jobs.tasks.run_job"
#: Seconds after which a job that could be taken counts as one that waits: a free worker takes it sooner.
WAITS_AFTER = 1.0
# One statement, however many jobs wait. `job_active` has the jobs that have not ended, `job_taken` an organization's slices.
NEXT = """
WITH waiting AS (
    SELECT DISTINCT ON (organization_id) organization_id, id
    FROM scribe_job
    WHERE status IN ('queued', 'running') AND job_type = ANY(%(types)s)
        AND (lease_until IS NULL OR lease_until < %(now)s) AND (due_at IS NULL OR due_at <= %(due)s)
        AND (%(since)s::timestamptz IS NULL OR sent_at IS NULL OR sent_at <= %(since)s)
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
WHERE at_work.jobs < %(most)s
ORDER BY served.taken_at NULLS FIRST, waiting.id
LIMIT 1
"""


def next_job(queues: Iterable[str], *, besides: UUID | None = None, waited: float = 0) -> UUID | None:
    """The job that a worker of these queues takes next, or None. With `waited`, only one that has waited for so many
    seconds. `besides` is a job at work that is not counted, since it would be let go."""
    now, served = timezone.now(), set(queues)
    values: dict[str, Any] = {
        "types": [kind.job_type for kind in kinds.values() if kind.queue in served],
        "now": now,
        "due": now + timedelta(seconds=1),
        "since": now - timedelta(seconds=waited) if waited else None,
        "besides": besides,
        "most": settings.JOBS_PER_ORGANIZATION,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEXT, values)
        found = cursor.fetchone()
    return found[0] if found else None


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
