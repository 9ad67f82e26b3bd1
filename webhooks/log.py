"""The log of an organization's events: their order, their spreading to endpoints, and pages of them.

Transactions commit in another order than they write, so a number given at the write would let a reader pass by an event
whose transaction commits late. Events get their position after the commit, by whoever comes first: one organization at
a time, which the lock ensures until the positions are committed themselves. Behind the last position that a reader has
seen there is everything that comes later.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from scribe import outbox
from scribe.api.fields import utc
from scribe.api.renderers import dumps
from scribe.errors import DomainError
from scribe.ids import parse
from scribe.messages import _
from scribe.models import Event
from scribe.outbox.types import TYPES
from scribe.rows import Principal
from scribe.types import Json

AT_ONCE = 2000  # events that one request or task spreads
LOCK = "SELECT pg_advisory_xact_lock(hashtext('webhooks.log'), hashtext(%s))"
# A UUIDv7 of this moment: a list of deliveries is in the order of their making.
NEW_ID = """
encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1),
    'hex')::uuid
"""
# The endpoints are locked in share: one that is being disabled or deleted is waited for, and then has no part in it.
SPREAD = f"""
WITH fresh AS (
    SELECT id FROM scribe_event WHERE organization_id = %(organization)s AND position IS NULL
    ORDER BY version LIMIT %(most)s
), placed AS (
    UPDATE scribe_event event SET position = numbered.position
    FROM (SELECT id, nextval('webhooks_event_position') AS position FROM fresh) AS numbered
    WHERE event.id = numbered.id
    RETURNING event.id, event.type, event.object_id, event.position, event.is_test,
        event.data ->> 'project_id' AS project
), listening AS (
    SELECT id, organization_id, types, project_ids::text[], is_test FROM webhooks_webhookendpoint
    WHERE organization_id = %(organization)s AND disabled_at IS NULL
    ORDER BY id FOR SHARE
), told AS (
    INSERT INTO webhooks_eventdelivery
        (id, created_at, organization_id, endpoint_id, event_id, state, attempts, next_at, log)
    SELECT {NEW_ID}, %(now)s, endpoint.organization_id, endpoint.id, placed.id, 'pending', 0, %(now)s, '[]'
    FROM placed JOIN listening endpoint
        ON CASE placed.type WHEN 'ping' THEN endpoint.id = placed.object_id
            ELSE endpoint.is_test = placed.is_test
                AND (endpoint.types = '{{}}' OR placed.type = ANY(endpoint.types))
                AND (endpoint.project_ids = '{{}}' OR placed.project = ANY(endpoint.project_ids)) END
    ORDER BY placed.position
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM placed
"""  # noqa: S608 - constants of ours


class CursorGone(DomainError):
    """410: the event that a reader names as the last one seen is no longer kept."""

    status = 410
    code = "cursor_gone"


def spread(organization_id: UUID | str) -> int:
    """Give the first AT_ONCE of the organization's new events their positions, and their deliveries to its active
    endpoints. Returns how many events there were. It may be repeated, and killed at any line."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [str(organization_id)])  # a statement of its own: the next one sees all that it waited for
        cursor.execute(SPREAD, {"organization": organization_id, "now": timezone.now(), "most": AT_ONCE})
        return int(cursor.fetchone()[0])


def unspread(most: int) -> list[UUID]:
    """Up to `most` organizations with events that have no position yet."""
    rows = Event.objects.filter(position=None).order_by().values_list("organization_id", flat=True)
    return list(rows.distinct()[:most])


def page(*, reader: Principal, after: UUID | str | None = None, types: Sequence[str] = (), limit: int) -> list[Event]:
    """Up to `limit` events that `reader` may see behind the event `after`, in order. Of more than AT_ONCE new ones
    the last come later. Raises CursorGone when `after` is not kept any more."""
    spread(reader.organization_id)
    rows = Event.objects.visible_to(reader).filter(position__isnull=False)
    if after is not None:
        rows = rows.filter(position__gt=_position(rows, after))
    if not types:
        return list(rows.order_by("position")[:limit])
    # The first rows of each type by its index, and of these the first: a rare type costs no walk through all others.
    found: list[Event] = []
    for name in set(types):
        found += rows.filter(type=name).order_by("position")[:limit]
    return sorted(found, key=lambda event: event.position or 0)[:limit]


def _position(rows: QuerySet[Event], after: UUID | str) -> int:
    pk = parse(after)
    found = rows.filter(pk=pk).values_list("position", flat=True).first() if pk else None
    if found is None:
        raise CursorGone(
            _(
                "The event in `after` no longer exists: events are kept for {days} days. Start without `after` "
                "and compare with the data you have.",
                days=outbox.DAYS_KEPT,
            )
        )
    return int(found)


def reply_of(event: Event) -> Json:
    """The event as `GET /events` lists it."""
    return {"id": str(event.pk), **content(event), "is_test": event.is_test}


def content(event: Event) -> Json:
    """The event as programs read it: the body of a webhook, and the same with its id in the log."""
    known = TYPES.get(event.type)
    subject = known.subject if known else event.type.partition(".")[0]
    # `version` is the old name of `sequence`: elsewhere it is a row's, for `If-Match`.
    numbers = {"sequence": event.version, "version": event.version}
    data = {"object": subject, "id": str(event.object_id), **numbers, **event.data}
    return {"type": event.type, "timestamp": utc(event.created_at), "data": data}


def body(event: Event) -> str:
    """The body of a webhook. It is the same for each attempt, since an event never changes."""
    return dumps(content(event)).decode()
