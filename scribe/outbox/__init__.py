"""The outbox: events for other programs, written in the transaction of their cause, sent by webhooks after it.

The rows are the truth, and a reader may fetch them at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from scribe.api.renderers import dumps
from scribe.ids import uuid7
from scribe.outbox.types import TYPES

#: The sequence behind `Event.version` (migration `events`).
VERSIONS = "scribe_event_version"

INSERT = f"""
INSERT INTO scribe_event (id, created_at, organization_id, type, object_id, version, data, key)
SELECT told.id, %s, %s, %s, told.object_id, nextval('{VERSIONS}'), told.data, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[]) AS told (id, object_id, data)
ON CONFLICT (organization_id, key) WHERE key IS NOT NULL DO NOTHING
"""  # noqa: S608 - the name is a constant of ours


def record(*, organization: Any, event: str, objects: Mapping[UUID, Mapping[str, Any]], key: str | None = None) -> None:
    """Tell other programs of `event`, one of `TYPES`, in the caller's transaction.

    `objects` are the rows that it happened to, by id, each with its further data: ids, states and numbers, no texts. They
    must be locked by the caller, which makes `version` rise with each event of an object. It is one statement, however
    many they are. With a `key` (for one object only) the organization is told once, however often this is called.
    """
    if not objects:
        return
    if event not in TYPES:
        raise ValueError(f"There is no event “{event}”.")
    if key is not None and len(objects) != 1:
        raise ValueError("A key names the cause of one event.")
    organization_id = getattr(organization, "pk", organization)
    ids = [uuid7() for _ in objects]
    data = [dumps(dict(more)).decode() for more in objects.values()]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [timezone.now(), organization_id, event, key, ids, list(objects), data])
