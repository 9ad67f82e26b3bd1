"""A job's events: rows store them, and a Valkey stream carries them to present listeners.

All jobs share one stream, so that a web process reads it once for all its listeners. A listener that finds a gap in the
numbers reads the rows, so a message may be lost, late or doubled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import redis
from django.conf import settings

from scribe import statements, traces
from scribe.jobs.models import Job, JobEvent
from scribe.logs import get_logger
from scribe.traces.statements import TracedRedis
from scribe.types import Json

if TYPE_CHECKING:
    from uuid import UUID


log = get_logger(__name__)

STREAM = "job-events"
STREAM_LENGTH = 50_000
TERMINAL = frozenset({"complete", "failed", "cancelled"})
LISTED_IN_DETAIL = 50


@dataclass(frozen=True)
class StreamEvent:
    job_id: str
    number: int
    name: str
    data: Json

    @property
    def terminal(self) -> bool:
        return self.name in TERMINAL


_client: redis.Redis | None = None


def valkey() -> redis.Redis:
    """This process's client, which is safe for threads. Commands time out within seconds."""
    global _client
    if _client is None:
        kind = TracedRedis if traces.live is not None else redis.Redis
        _client = kind.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3)
    return _client


def forget_pool() -> None:
    """Drop the connections after a fork, so that the next command opens new ones."""
    global _client
    _client = None


def add(job: Job, events: list[tuple[str, Json]]) -> list[StreamEvent]:
    """Store events after the job's last one. The caller has locked the job's row and saves `event_count`."""
    rows = [
        JobEvent(job_id=job.pk, number=job.event_count + offset, name=name, data=data)
        for offset, (name, data) in enumerate(events, 1)
    ]
    statements.insert(rows)
    job.event_count += len(rows)
    return [StreamEvent(str(job.pk), row.number, row.name, row.data) for row in rows]


def publish(events: Iterable[StreamEvent]) -> None:
    """Send events to the listeners. Call it after the commit. Without the broker, listeners read the rows instead."""
    try:
        pipe = valkey().pipeline(transaction=False)
        for event in events:
            fields: dict[Any, Any] = {  # type: ignore[explicit-any]  # redis takes a union of its own
                "j": event.job_id,
                "n": event.number,
                "e": event.name,
                "d": orjson.dumps(event.data, default=str),
            }
            pipe.xadd(STREAM, fields, maxlen=STREAM_LENGTH, approximate=True)
        pipe.execute()
    except redis.RedisError as error:
        log.warning("events not published; listeners will read the rows", error=str(error))


def after(job_id: "UUID | str", number: int, *, limit: int = 1000) -> list[StreamEvent]:
    """The stored events of a job that follow `number`."""
    rows = JobEvent.objects.filter(job_id=job_id, number__gt=number).order_by("number")[:limit]
    return [StreamEvent(str(job_id), n, name, data) for n, name, data in rows.values_list("number", "name", "data")]


def events_after(job_id: "UUID | str", number: int) -> tuple[list[StreamEvent], bool]:
    """The stored events after `number`. The flag is True if there are none, and the job has ended or is deleted."""
    ended = (
        not Job.objects.filter(pk=job_id).exclude(status__in=Job.ENDED).exists()
    )  # read this before the events, whose last one is committed with the job's end
    batch = after(job_id, number)
    return batch, ended and not batch


def latest(job_id: "UUID | str", *, limit: int = LISTED_IN_DETAIL) -> list[Json]:
    """The last events in the form of `progress_detail`, oldest first."""
    rows = JobEvent.objects.filter(job_id=job_id).order_by("-number")[:limit]
    return [
        {"id": row.number, "event": row.name, "at": row.created_at.isoformat().replace("+00:00", "Z"), **row.data}
        for row in reversed(rows)
    ]
