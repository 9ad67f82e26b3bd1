"""Sending: one worker at a time has an endpoint, sends what is due, a few events at once, and notes what came of them.

A worker has an endpoint by a lease with a fence. If it dies, nothing is lost: the lease ends, and what it did not note is
sent again, with the same id.

Receivers that answer quickly and those that do not have a queue each, with workers of its own. A new endpoint begins
among the slow ones, and three quick answers in a row bring it over; one slow answer brings it back, and no success makes
up for that. In each queue the organization comes next that was served longest ago, and it has ENDPOINTS_AT_ONCE
endpoints at work at most.
"""

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from scribe import statements
from scribe.celery import is_leaving
from scribe.logs import get_logger
from scribe.queue import enqueue
from webhooks import endpoints, sends
from webhooks.models import QUICK_AFTER, SLOW_SECONDS, EventDelivery, WebhookEndpoint
from webhooks.sends import DeliveryAttempt

log = get_logger(__name__)

State = EventDelivery.State
QUICK, SLOW = QUEUES = ("webhooks", "webhooks-slow")
ENDPOINTS_AT_ONCE = 4  # of one organization in each queue
LEASE = timedelta(seconds=90)  # longer than a round takes
SLICE_SECONDS = 10.0
IN_FLIGHT = 4
ROUND = 20  # events between two notes in the database
LOCKED_SECONDS = 0.5  # after which endpoints are looked at again of which each was locked
SWEPT = 1000  # messages of one sweep, at most
SENT_AGAIN = timedelta(seconds=60)  # a message that nobody has taken up by then may be lost
LOGGED_ATTEMPTS = 10
#: From so many failures in a row the endpoint rests between attempts, at most so many seconds.
FAILURES_BEFORE_REST = 3
LONGEST_REST = 300
# One statement, however many endpoints wait: those about which a message is under way.
NEXT = """
SELECT endpoint.id FROM webhooks_webhookendpoint endpoint
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE lease_until > %(now)s AND (quick_answers >= %(quick_after)s) = %(quick)s) AS at_work,
        max(taken_at) AS served_at
    FROM webhooks_webhookendpoint WHERE organization_id = endpoint.organization_id
) AS organization
WHERE (endpoint.sent_at IS NOT NULL OR endpoint.id = %(named)s) AND (endpoint.quick_answers >= %(quick_after)s) = %(quick)s
    AND endpoint.disabled_at IS NULL AND (endpoint.lease_until IS NULL OR endpoint.lease_until <= %(now)s)
    AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= %(now)s) AND organization.at_work < %(most)s
ORDER BY organization.served_at NULLS FIRST, endpoint.taken_at NULLS FIRST, endpoint.id
LIMIT 50
"""
# None of those that wait can be taken: they wait no longer by a message, but for a place or the end of a rest.
FORGET = """
UPDATE webhooks_webhookendpoint SET sent_at = NULL WHERE id IN (
    SELECT id FROM webhooks_webhookendpoint
    WHERE sent_at <= %(now)s AND (quick_answers >= %(quick_after)s) = %(quick)s FOR NO KEY UPDATE SKIP LOCKED
)
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('webhooks.queue'), hashtext(%s))"


def due_endpoints(now: datetime) -> QuerySet[WebhookEndpoint]:
    """The active endpoints with something to send, which no worker has and which do not rest."""
    waiting = EventDelivery.objects.filter(endpoint=OuterRef("pk"), state=State.PENDING, next_at__lte=now)
    return WebhookEndpoint.objects.filter(_free(now), Exists(waiting))


def _free(now: datetime) -> Q:
    idle = Q(lease_until=None) | Q(lease_until__lte=now)
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    return Q(disabled_at=None) & idle & rested


@transaction.atomic
def send_due(endpoints_due: QuerySet[WebhookEndpoint]) -> int:
    """Have workers take up these endpoints: a message each, up to SWEPT, those that have had none first. One about which
    a message is under way gets no second one, however long the queue. A row that somebody changes just now is left to
    the next sweep."""
    now = timezone.now()
    unsent = Q(sent_at=None) | Q(sent_at__lte=now - SENT_AGAIN)
    rows = endpoints_due.filter(unsent).select_for_update(skip_locked=True, no_key=True, of=("self",))
    found = list(rows.order_by(F("sent_at").asc(nulls_first=True))[:SWEPT])
    WebhookEndpoint.objects.filter(pk__in=[endpoint.pk for endpoint in found]).update(sent_at=now)
    for endpoint in found:
        enqueue("webhooks.tasks.deliver", str(endpoint.pk), queue=queue_of(endpoint))
    return len(found)


def queue_of(endpoint: WebhookEndpoint) -> str:
    return QUICK if endpoint.is_quick else SLOW


def claim_next(queue: str, named: UUID | str | None = None) -> WebhookEndpoint | None:
    """Take the endpoint of the queue that is to be served next: one that waits, or the one that a message has `named`.
    None if there is none, or if they belong to organizations that have ENDPOINTS_AT_ONCE at work.

    While an endpoint gets many events its row is locked. It waits; all workers of the queue would wait with it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [queue])  # two at once would both count the same endpoints
        values: dict[str, bool | int | datetime | UUID | str | None] = {
            "now": timezone.now(),
            "quick": queue == QUICK,
            "quick_after": QUICK_AFTER,
            "most": ENDPOINTS_AT_ONCE,
            "named": named,
        }
        cursor.execute(NEXT, values)
        found = [pk for (pk,) in cursor.fetchall()]
        for pk in found:
            if WebhookEndpoint.objects.filter(pk=pk).select_for_update(no_key=True, skip_locked=True).exists():
                return claim(pk)
        if found:
            enqueue("webhooks.tasks.deliver", str(found[0]), queue=queue, after=LOCKED_SECONDS)
        else:
            cursor.execute(FORGET, values)
    return None


def claim(endpoint_id: UUID | str) -> WebhookEndpoint | None:
    """Take the endpoint, by one conditional UPDATE. None if another worker has it, or there is nothing to do now. It
    waits no longer either way."""
    now = timezone.now()
    won = WebhookEndpoint.objects.filter(_free(now), pk=endpoint_id).update(
        fence=F("fence") + 1, lease_until=now + LEASE, sent_at=None, taken_at=now
    )
    if not won:
        WebhookEndpoint.objects.filter(pk=endpoint_id, sent_at__isnull=False).update(sent_at=None)
    return WebhookEndpoint.objects.filter(pk=endpoint_id).first() if won else None


def work_next(queue: str, named: UUID | str) -> int:
    """`work` on the endpoint of the queue that is to be served next."""
    endpoint = claim_next(queue, named)
    return _work(endpoint) if endpoint else 0


def work(endpoint_id: UUID | str) -> int:
    """Send what is due to one endpoint, for a slice of time, and return the number of attempts. It may be repeated, and
    killed at any line."""
    endpoint = claim(endpoint_id)
    return _work(endpoint) if endpoint else 0


def _work(endpoint: WebhookEndpoint) -> int:
    began, made, was_quick = time.monotonic(), 0, endpoint.is_quick
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="webhook") as pool:
        while batch := _next(endpoint):
            attempts = _send(endpoint, batch, pool)
            made += sum(1 for attempt in attempts if attempt)
            if not settle(endpoint, batch, attempts) or not endpoint.is_active or endpoint.paused_until:
                break
            if is_leaving() or time.monotonic() - began > SLICE_SECONDS or (was_quick and not endpoint.is_quick):
                break
    _let_go(endpoint)
    return made


def _next(endpoint: WebhookEndpoint) -> list[EventDelivery]:
    """The next deliveries of a round, the longest due first. A receiver that is slow or failing gets one at a time."""
    quick = not endpoint.failures and endpoint.is_quick
    rows = EventDelivery.objects.filter(endpoint=endpoint, state=State.PENDING, next_at__lte=timezone.now())
    return list(rows.select_related("event").order_by("next_at", "pk")[: ROUND if quick else 1])


def _send(
    endpoint: WebhookEndpoint, batch: Sequence[EventDelivery], pool: ThreadPoolExecutor
) -> list[DeliveryAttempt | None]:
    """The attempts at `batch`, in its order, at most IN_FLIGHT at a time. Each takes the address and the secrets of its
    own moment. None for one that was not made: the receiver had trouble before it, or the endpoint is no longer ours."""
    ours = WebhookEndpoint.objects.filter(pk=endpoint.pk, fence=endpoint.fence, disabled_at=None)
    attempts: list[DeliveryAttempt | None] = [None] * len(batch)
    waiting = list(enumerate(batch))
    under_way: dict[Future[DeliveryAttempt], int] = {}
    while waiting or under_way:
        present = ours.first() if waiting else None
        if present is None:
            waiting = []
        free = IN_FLIGHT - len(under_way)
        for number, delivery in waiting[:free]:
            under_way[pool.submit(sends.send, present, delivery)] = number  # type: ignore[arg-type]
        waiting = waiting[free:]
        if not connection.in_atomic_block:
            connection.close()  # to the pool: the receiver may take its time
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            attempt = attempts[under_way.pop(future)] = future.result()
            if not attempt.delivered or attempt.seconds > SLOW_SECONDS:
                waiting = []
    return attempts


@transaction.atomic
def settle(
    endpoint: WebhookEndpoint, batch: Sequence[EventDelivery], attempts: Sequence[DeliveryAttempt | None]
) -> bool:
    """Note what came of a round, in a few statements however many. False, and nothing is noted, if another worker has
    the endpoint by now: it sends the same again, and the receiver knows the ids.

    The lock of the endpoint makes replays, disabling and this take turns. What they did to a delivery since it was read
    for this round stands: a replay is still to be sent, and a disabled endpoint's attempt is not repeated.
    """
    mine = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint.pk, fence=endpoint.fence)
    locked = mine.first()
    if locked is None:
        return False
    now = timezone.now()
    made = [(delivery, attempt) for delivery, attempt in zip(batch, attempts, strict=True) if attempt]
    rows = EventDelivery.objects.select_for_update(no_key=True).order_by("pk")
    present = {row.pk: row for row in rows.filter(pk__in=[delivery.pk for delivery, _ in made])}
    for read, attempt in made:
        if (delivery := present.get(read.pk)) is not None:  # else its event is kept no more
            _note(delivery, attempt, now, same=(delivery.state, delivery.next_at) == (read.state, read.next_at))
    statements.update(present.values(), ("state", "attempts", "next_at", "delivered_at", "log"))
    here = [attempt for _, attempt in made if attempt.url == locked.url]  # nothing that an earlier address said
    for attempt in here:
        _judge(locked, attempt, now)
    locked.lease_until = now + LEASE
    health = ["failures", "failing_since", "warned_days", "paused_until", "pace", "quick_answers"]
    fields = [*health, "delivered_at", "lease_until"]
    locked.save(update_fields=fields)
    if any(attempt.status == sends.GONE for attempt in here):
        endpoints.disable(endpoint=locked, reason=WebhookEndpoint.Reason.GONE)
    elif here:
        endpoints.judge(locked)
    for field in (*fields, "disabled_at", "disabled_reason"):
        setattr(endpoint, field, getattr(locked, field))
    return True


def _note(delivery: EventDelivery, attempt: DeliveryAttempt, now: datetime, *, same: bool) -> None:
    """`same`: the delivery is as it was when the attempt began. Else a replay has begun it anew, or its endpoint was
    disabled, and the attempt only goes into its log, unless it has arrived at one that nobody will send again."""
    delivery.log = [*delivery.log, attempt.as_dict()][-LOGGED_ATTEMPTS:]
    if not same and delivery.state == State.PENDING:
        return
    delivery.attempts += 1
    if attempt.delivered:
        delivery.state, delivery.next_at, delivery.delivered_at = State.DELIVERED, None, now
    elif same:
        rest = sends.next_wait(delivery.attempts, attempt)
        delivery.state = State.PENDING if rest else State.FAILED
        delivery.next_at = now + rest if rest else None


def _judge(endpoint: WebhookEndpoint, attempt: DeliveryAttempt, now: datetime) -> None:
    """Take an attempt into the endpoint's health: a success ends all trouble but slowness, failures in a row bring
    longer rests."""
    endpoint.pace = 0.8 * endpoint.pace + 0.2 * attempt.seconds
    endpoint.quick_answers = 0 if attempt.seconds > SLOW_SECONDS else min(endpoint.quick_answers + 1, QUICK_AFTER)
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
    """Give the endpoint back. Those of its organization that have something due get a message each: it goes on, and
    others had to wait for a place."""
    mine = WebhookEndpoint.objects.filter(pk=endpoint.pk, fence=endpoint.fence)
    if mine.update(lease_until=None):
        send_due(due_endpoints(timezone.now()) & WebhookEndpoint.objects.of(endpoint.organization_id))
