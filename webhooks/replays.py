"""Replays: what did not arrive, or is to arrive again, is sent once more with the same ids."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from scribe import outbox
from scribe.errors import NotFound
from scribe.types import Json
from webhooks import delivery_queue, endpoints, log
from webhooks.models import EventDelivery, WebhookEndpoint

State = EventDelivery.State
REPLAY = f"""
INSERT INTO webhooks_eventdelivery
    (id, created_at, organization_id, endpoint_id, event_id, state, attempts, next_at, log)
SELECT {log.NEW_ID}, %(now)s, event.organization_id, %(endpoint)s, event.id, 'pending', 0, %(now)s, '[]'
FROM scribe_event event
WHERE event.organization_id = %(organization)s AND event.position IS NOT NULL AND event.type <> 'ping'
    AND event.created_at >= %(since)s AND event.created_at < %(until)s
    AND event.is_test = %(is_test)s
    AND (%(types)s::text[] = '{{}}' OR event.type = ANY(%(types)s::text[]))
    AND (%(projects)s::text[] = '{{}}' OR event.data ->> 'project_id' = ANY(%(projects)s::text[]))
ORDER BY event.position
FOR KEY SHARE OF event
ON CONFLICT (endpoint_id, event_id)
DO UPDATE SET state = 'pending', attempts = 0, next_at = %(now)s, delivered_at = NULL
WHERE webhooks_eventdelivery.state = 'failed' OR (%(delivered)s AND webhooks_eventdelivery.state = 'delivered')
"""  # noqa: S608 - constants of ours


@transaction.atomic
def one(delivery: EventDelivery) -> EventDelivery:
    """Send one delivery again, at once, with eight attempts before it. Raises Conflict `endpoint_disabled`, and
    NotFound when the endpoint or the event is gone."""
    endpoint = endpoints.lock_active(delivery.endpoint)
    rows = EventDelivery.objects.filter(pk=delivery.pk)
    rows.update(state=State.PENDING, attempts=0, next_at=timezone.now(), delivered_at=None)
    again: EventDelivery | None = rows.select_related("event", "endpoint").first()
    if again is None:
        raise NotFound
    _wake(endpoint)
    return again


def span(*, endpoint: WebhookEndpoint, since: datetime, until: datetime | None = None, delivered: bool = False) -> int:
    """Send the endpoint the events of its types from `since` on, before `until`, that it has not got: those that
    failed, and those from before it was there or while it was disabled. With `delivered` those as well that it has got.
    One statement, however many. Returns their number. Raises Conflict `endpoint_disabled`, and NotFound when it is
    gone. New events that are not spread yet come without it."""
    log.spread(endpoint.organization_id)  # first: it locks the organization's log before its endpoints
    return _span(endpoint, since, until, delivered)


@transaction.atomic
def _span(endpoint: WebhookEndpoint, since: datetime, until: datetime | None, delivered: bool) -> int:
    endpoint = endpoints.lock_active(endpoint)
    now = timezone.now()
    values: Json = {
        "now": now,
        "endpoint": endpoint.pk,
        "organization": endpoint.organization_id,
        "since": max(since, now - timedelta(days=outbox.DAYS_KEPT)),  # what is older is being deleted
        "until": until or now,
        "types": endpoint.types,
        "projects": [str(pk) for pk in endpoint.project_ids],
        "is_test": endpoint.is_test,
        "delivered": delivered,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, values)
        count = int(cursor.rowcount)
    _wake(endpoint)
    return count


def _wake(endpoint: WebhookEndpoint) -> None:
    """End a rest, since somebody waits for what the receiver says now, and send."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
    delivery_queue.send_due(delivery_queue.due_endpoints(timezone.now()).filter(pk=endpoint.pk))
