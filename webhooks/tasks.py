"""Background work of webhooks. Every task may run twice or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from scribe import outbox
from webhooks import endpoints, lanes, log
from webhooks.models import WebhookEndpoint


@shared_task(queue="webhooks")
def spread(organization_id: str) -> None:
    """Give new events of one organization to its endpoints, and have them sent."""
    outbox.taken(organization_id)
    log.spread(organization_id)
    lanes.send_due(lanes.due(timezone.now()) & WebhookEndpoint.objects.of(organization_id))


@shared_task(queue="webhooks")
def deliver(endpoint_id: str) -> None:
    lanes.work(endpoint_id)


@shared_task(queue="webhooks")
def sweep() -> None:
    """Take up what no message has named: events after a lost message, retries that are due, lanes of dead workers."""
    for organization_id in log.unspread(lanes.SWEPT):
        log.spread(organization_id)
    lanes.send_due(lanes.due(timezone.now()))


@shared_task(queue="default")
def tidy() -> None:
    endpoints.forget_old_secrets()
