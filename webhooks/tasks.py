"""Background work of webhooks. Every task may run twice or late."""

from __future__ import annotations

from celery import Task, shared_task
from django.utils import timezone

from scribe import outbox
from webhooks import delivery_queue, endpoints, log
from webhooks.models import WebhookEndpoint


@shared_task(queue="default")
def spread(organization_id: str) -> None:
    """Give new events of one organization to its endpoints, and have them sent. Not where receivers are waited for."""
    outbox.taken(organization_id)
    log.spread(organization_id)
    delivery_queue.send_due(delivery_queue.due(timezone.now()) & WebhookEndpoint.objects.of(organization_id))


@shared_task(queue=delivery_queue.QUICK, bind=True)
def deliver(self: Task[[str], None], endpoint_id: str) -> None:
    """Send what is due to the next endpoint of the queue from which this message came: it says that there is one."""
    came_from = (self.request.delivery_info or {}).get("routing_key")
    if came_from not in delivery_queue.QUEUES:  # called as a function
        came_from = delivery_queue.queue_of(WebhookEndpoint.objects.get(pk=endpoint_id))
    delivery_queue.work_next(came_from, endpoint_id)


@shared_task(queue="default")
def sweep() -> None:
    """Take up what no message has named: events after a lost message, retries that are due, endpoints of dead workers."""
    for organization_id in log.unspread(delivery_queue.SWEPT):
        log.spread(organization_id)
    delivery_queue.send_due(delivery_queue.due(timezone.now()))


@shared_task(queue="default")
def tidy() -> None:
    endpoints.forget_old_secrets()
