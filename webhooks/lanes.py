"""The lane of an endpoint: one worker at a time sends what is due, a few events at once, and notes what came of them.

A lane is held by a lease with a fence. A worker that dies loses nothing: its lease ends, and what it did not note is sent
again, with the same id. A lane that is slow or failing sends one event at a time and holds no other up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from scribe.celery import leaving
from scribe.logs import get_logger
from scribe.queue import enqueue
from webhooks import endpoints, sends
from webhooks.models import EventDelivery, WebhookEndpoint
from webhooks.sends import DeliveryAttempt

log = get_logger(__name__)

State = EventDelivery.State
LEASE = timedelta(seconds=90)  # longer than a round takes
SLICE_SECONDS = 10.0
IN_FLIGHT = 4
ROUND = 20  # events between two notes in the database
SLOW_SECONDS = 2.0
LOGGED_ATTEMPTS = 10
#: From so many failures in a row the endpoint rests between attempts, at most so many seconds.
FAILURES_BEFORE_REST = 3
LONGEST_REST = 300


def due(now: Any) -> QuerySet[WebhookEndpoint]:
    """The active endpoints with something to send, which no worker has and which do not rest."""
    waiting = EventDelivery.objects.filter(endpoint=OuterRef("pk"), state=State.PENDING, next_at__lte=now)
    return WebhookEndpoint.objects.filter(_free(now), Exists(waiting))


def _free(now: Any) -> Q:
    idle = Q(lease_until=None) | Q(lease_until__lte=now)
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    return Q(disabled_at=None) & idle & rested


def send_due(endpoints_due: QuerySet[WebhookEndpoint]) -> int:
    """Have workers take up these lanes."""
    ids = list(endpoints_due.order_by().values_list("pk", flat=True))
    for pk in ids:
        enqueue("webhooks.tasks.deliver", str(pk))
    return len(ids)


def claim(endpoint_id: Any) -> WebhookEndpoint | None:
    """Take the lane, by one conditional UPDATE. None if another worker has it, or there is nothing to do now."""
    now = timezone.now()
    won = WebhookEndpoint.objects.filter(_free(now), pk=endpoint_id).update(
        fence=F("fence") + 1, lease_until=now + LEASE
    )
    return WebhookEndpoint.objects.get(pk=endpoint_id) if won else None


def work(endpoint_id: Any) -> int:
    """Send what is due to one endpoint, for a slice of time, and return the number of attempts. It may be repeated, and
    killed at any line."""
    endpoint = claim(endpoint_id)
    if endpoint is None:
        return 0
    began, made = time.monotonic(), 0
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="webhook") as pool:
        while batch := _next(endpoint):
            attempts = _send(endpoint, batch, pool)
            made += sum(1 for attempt in attempts if attempt)
            if not settle(endpoint, batch, attempts) or not endpoint.is_active or endpoint.paused_until:
                break
            if leaving.is_set() or time.monotonic() - began > SLICE_SECONDS:
                break
    _let_go(endpoint)
    return made


def _next(endpoint: WebhookEndpoint) -> list[EventDelivery]:
    """The next deliveries of a round, the longest due first. A receiver that is slow or failing gets one at a time."""
    quick = not endpoint.failures and endpoint.pace < SLOW_SECONDS
    rows = EventDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, next_at__lte=timezone.now())
    return list(rows.select_related("event").order_by("next_at", "pk")[: ROUND if quick else 1])


def _send(
    endpoint: WebhookEndpoint, batch: Sequence[EventDelivery], pool: ThreadPoolExecutor
) -> list[DeliveryAttempt | None]:
    """The attempts at `batch`, in its order. None for one that was not made, since the receiver had trouble before it."""
    if not connection.in_atomic_block:
        connection.close()  # to the pool: the receiver may take its time
    trouble = False

    def one(delivery: EventDelivery) -> DeliveryAttempt | None:
        nonlocal trouble
        if trouble:
            return None
        attempt = sends.send(endpoint, delivery)
        trouble = trouble or not attempt.delivered or attempt.seconds > SLOW_SECONDS
        return attempt

    return list(pool.map(one, batch))


@transaction.atomic
def settle(
    endpoint: WebhookEndpoint, batch: Sequence[EventDelivery], attempts: Sequence[DeliveryAttempt | None]
) -> bool:
    """Note what came of a round, in a few statements however many. False, and nothing is noted, if another worker has the
    lane by now: it sends the same again, and the receiver knows the ids."""
    lane = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint.pk, fence=endpoint.fence)
    locked = lane.select_related("organization").first()
    if locked is None:
        return False
    now = timezone.now()
    made = [(delivery, attempt) for delivery, attempt in zip(batch, attempts, strict=True) if attempt]
    for delivery, attempt in made:
        _note(delivery, attempt, now)
    EventDelivery.objects.bulk_update(
        [delivery for delivery, _ in made], ["state", "attempts", "next_at", "delivered_at", "log"]
    )
    for _, attempt in made:
        _judge(locked, attempt, now)
    locked.lease_until = now + LEASE
    fields = ["failures", "failing_since", "warned_days", "paused_until", "pace", "delivered_at", "lease_until"]
    locked.save(update_fields=fields)
    if any(attempt.status == sends.GONE for _, attempt in made):
        endpoints.disable(endpoint=locked, reason=WebhookEndpoint.Reason.GONE)
    else:
        endpoints.judge(locked)
    for field in (*fields, "disabled_at", "disabled_reason"):
        setattr(endpoint, field, getattr(locked, field))
    return True


def _note(delivery: EventDelivery, attempt: DeliveryAttempt, now: Any) -> None:
    delivery.attempts += 1
    delivery.log = [*delivery.log, attempt.as_dict()][-LOGGED_ATTEMPTS:]
    if attempt.delivered:
        delivery.state, delivery.next_at, delivery.delivered_at = State.DELIVERED, None, now
        return
    wait = sends.next_wait(delivery.attempts, attempt)
    delivery.state = State.PENDING if wait else State.FAILED
    delivery.next_at = now + wait if wait else None


def _judge(endpoint: WebhookEndpoint, attempt: DeliveryAttempt, now: Any) -> None:
    """Take an attempt into the endpoint's health: a success ends all trouble, failures in a row bring longer rests."""
    endpoint.pace = 0.8 * endpoint.pace + 0.2 * attempt.seconds
    if attempt.delivered:
        endpoint.failures, endpoint.failing_since, endpoint.warned_days = 0, None, 0
        endpoint.paused_until, endpoint.delivered_at = None, now
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    rest = 0.0
    if endpoint.failures >= FAILURES_BEFORE_REST:
        rest = min(LONGEST_REST, 10 * 2 ** min(10, endpoint.failures - FAILURES_BEFORE_REST))
    rest = max(rest, attempt.retry_after or 0)
    endpoint.paused_until = now + timedelta(seconds=rest) if rest else None


def _let_go(endpoint: WebhookEndpoint) -> None:
    """Give the lane back, and send a message that goes on with it when something is still due."""
    mine = WebhookEndpoint.objects.filter(pk=endpoint.pk, fence=endpoint.fence)
    if mine.update(lease_until=None):
        send_due(due(timezone.now()).filter(pk=endpoint.pk))
