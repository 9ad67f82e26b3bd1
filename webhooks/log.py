"""The log of an organization's events: their order, their spreading to endpoints, and pages of them.

Transactions commit in another order than they write, so a number given at the write would let a reader pass by an event
whose transaction commits late. Events get their position after the commit, by whoever comes first: one organization at
a time, which the lock ensures until the positions are committed themselves. Behind the last position that a reader has
seen there is everything that comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization
from scribe import outbox
from scribe.errors import DomainError
from scribe.ids import parse
from scribe.models import Event

AT_ONCE = 5000
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
    ORDER BY version LIMIT {AT_ONCE}
), placed AS (
    UPDATE scribe_event event SET position = numbered.position
    FROM (SELECT id, nextval('webhooks_event_position') AS position FROM fresh) AS numbered
    WHERE event.id = numbered.id
    RETURNING event.id, event.type, event.object_id, event.position
), listening AS (
    SELECT id, organization_id, types FROM webhooks_webhookendpoint
    WHERE organization_id = %(organization)s AND disabled_at IS NULL
    ORDER BY id FOR SHARE
), told AS (
    INSERT INTO webhooks_eventdelivery
        (id, created_at, organization_id, endpoint_id, event_id, state, attempts, next_at, log)
    SELECT {NEW_ID}, %(now)s, endpoint.organization_id, endpoint.id, placed.id, 'pending', 0, %(now)s, '[]'
    FROM placed JOIN listening endpoint
        ON CASE placed.type WHEN 'ping' THEN endpoint.id = placed.object_id
            ELSE endpoint.types = '{{}}' OR placed.type = ANY(endpoint.types) END
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
    """Give the organization's new events their positions, and their deliveries to its active endpoints. Returns how
    many events there were. It may be repeated, and killed at any line."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                LOCK, [str(organization_id)]
            )  # a statement of its own: the next one sees all that it waited for
            cursor.execute(SPREAD, {"organization": organization_id, "now": timezone.now()})
            done = int(cursor.fetchone()[0])
        total += done
        if done < AT_ONCE:
            return total


def unspread(most: int) -> list[UUID]:
    """Up to `most` organizations with events that have no position yet."""
    rows = Event.objects.filter(position=None).order_by().values_list("organization_id", flat=True)
    return list(rows.distinct()[:most])


def page(
    *, organization: Organization | UUID, after: UUID | str | None = None, types: Sequence[str] = (), limit: int
) -> list[Event]:
    """Up to `limit` events behind the event `after`, in their order. Raises CursorGone when `after` is not kept any
    more."""
    spread(organization if isinstance(organization, UUID) else organization.pk)
    rows = Event.objects.of(organization).filter(position__isnull=False)
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
            f"The event `after` is not here: events are kept {outbox.DAYS_KEPT} days. Begin without it, and compare "
            "with what you have."
        )
    return int(found)
