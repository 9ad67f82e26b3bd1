"""A receiver, an endpoint that leads to it, and time that passes when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import DateTimeField, F
from django.utils import timezone

from scribe.models import Event
from tests.fakes.receiver import Receiver
from webhooks import delivery_queue, endpoints, log
from webhooks.models import QUICK_AFTER, EventDelivery, WebhookEndpoint


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as found:
        settings.OUTBOUND_ALLOWED_HOSTS = [found.hostport]
        yield found


@pytest.fixture
def endpoint(cast: Any, receiver: Receiver) -> WebhookEndpoint:
    """An endpoint that has answered quickly so far."""
    made: WebhookEndpoint = endpoints.create(
        organization=cast.organization, by=cast.owner, url=f"{receiver.url}/scribe"
    )
    made.quick_answers = QUICK_AFTER
    made.save()
    receiver.secret = made.secret
    return made


def reader_of(organization: Any) -> Any:
    """Somebody of the organization who reads its log."""
    return SimpleNamespace(organization_id=organization.pk, pk=None, api_key=None, project_limits=[])


def later(by: timedelta) -> None:
    """Move the clock: every time in our rows is that much longer ago."""
    for model in (Event, EventDelivery, WebhookEndpoint):
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]
        rows = model._base_manager.all()
        if model is EventDelivery:
            rows = rows.filter(state=EventDelivery.State.PENDING)  # nobody looks at the times of the others
        rows.update(**{name: F(name) - by for name in names})


def deliver(organization: Any) -> int:
    """Do what the workers do until nothing is due; returns the attempts made."""
    log.spread(organization.pk)
    made = 0
    while due := list(delivery_queue.due_endpoints(timezone.now()).values_list("pk", flat=True)):
        made += sum(delivery_queue.work(pk) for pk in due)
    return made


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
