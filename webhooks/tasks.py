"""Background work of webhooks. Every task may run twice or late."""

from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone

from scribe import outbox, queue
from scribe.unforeseen import keep_going
from webhooks import delivery_queue, endpoints, log
from webhooks.models import WebhookEndpoint


@shared_task(queue="default")
def spread(organization_id: str) -> None:
    """Give new events of one organization to its endpoints, and have them sent. Not where receivers are waited for."""
    outbox.acknowledge(UUID(organization_id))
    _spread_some(organization_id)
    delivery_queue.send_due(delivery_queue.due_endpoints(timezone.now()) & WebhookEndpoint.objects.of(organization_id))


def _spread_some(organization_id: str) -> None:
    """What is left of very many events waits behind the tasks of other organizations."""
    if log.spread(organization_id) == log.AT_ONCE:
        queue.send("webhooks.tasks.spread", organization_id)


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
        with keep_going("events could not be given to endpoints", organization_id=str(organization_id)):
            _spread_some(str(organization_id))
    delivery_queue.send_due(delivery_queue.due_endpoints(timezone.now()))


@shared_task(queue="default")
def tidy() -> None:
    endpoints.forget_old_secrets()
