"""The outbox: events for other programs, written in the transaction of their cause, sent by webhooks after it.

The rows are the truth. The message that follows a commit may be lost; a sweep finds what it should have named.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import redis
from django.db import connection, transaction
from django.utils import timezone

from scribe import queue, test_mode
from scribe.api.renderers import dumps
from scribe.ids import uuid7
from scribe.jobs.events import valkey
from scribe.outbox.types import TYPES
from scribe.types import ReadOnlyJson

#: For so many days events are kept, and with them their deliveries.
DAYS_KEPT = 30
#: The sequence behind `Event.version` (migration `events`).
VERSIONS = "scribe_event_version"
#: One message per organization and this many seconds is enough: its task takes up all events that have come meanwhile.
QUIET_SECONDS = 5

INSERT = f"""
INSERT INTO scribe_event (id, created_at, organization_id, type, object_id, version, data, key, is_test)
SELECT told.id, %s, %s, %s, told.object_id, nextval('{VERSIONS}'), told.data, %s, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[]) AS told (id, object_id, data)
ON CONFLICT (organization_id, key) WHERE key IS NOT NULL DO NOTHING
RETURNING id
"""  # noqa: S608 - the name is a constant of ours


def record(  # type: ignore[explicit-any]  # rows of many models
    *,
    organization: Any,
    event: str,
    objects: Mapping[UUID, ReadOnlyJson],
    key: str | None = None,
    is_test: bool = False,
) -> list[UUID]:
    """Tell other programs of `event`, one of `TYPES`, in the caller's transaction.

    `objects` are the rows that it happened to, by id, each with its further data: ids, states and numbers, no texts. They
    must be locked by the caller, which makes `version` rise with each event of an object. It is one statement, however
    many they are. With a `key` (for one object only) the organization is told once, however often this is called.
    Returns the ids of the events. `is_test`, or in test mode: only test endpoints and readers of test work are told, since
    programs act on what they hear.
    """
    if not objects:
        return []
    if event not in TYPES:
        raise ValueError(f"There is no event “{event}”.")
    if key is not None and len(objects) != 1:
        raise ValueError("A key names the cause of one event.")
    organization_id = getattr(organization, "pk", organization)
    ids = [uuid7() for _ in objects]
    data = [dumps(dict(more)).decode() for more in objects.values()]
    with connection.cursor() as cursor:
        marked = is_test or test_mode.is_on()
        cursor.execute(INSERT, [timezone.now(), organization_id, event, key, marked, ids, list(objects), data])
        told = [pk for (pk,) in cursor.fetchall()]
    transaction.on_commit(partial(wake, organization_id))
    return told


def wake(organization_id: UUID) -> None:
    """Have a worker send what was recorded, with one message for all events of the last seconds."""
    try:
        first = valkey().set(_mark(organization_id), 1, nx=True, ex=QUIET_SECONDS)
    except redis.RedisError:
        return  # the sweep will find the events
    if first:
        queue.send("webhooks.tasks.spread", str(organization_id))


def acknowledge(organization_id: UUID) -> None:
    """The message has arrived: whatever is recorded from now on needs another one."""
    try:
        valkey().delete(_mark(organization_id))
    except redis.RedisError:
        return  # it ends by itself


def _mark(organization_id: UUID) -> str:
    """The key in Valkey that says: a message for this organization is under way."""
    return f"outbox:{organization_id}"
