"""A real worker on a queue of webhooks, killed with -9 while its receiver thinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as ours
from django.db import connection

from scribe import outbox
from scribe.ids import uuid7
from tests.factories import make_cast
from tests.fakes.receiver import Receiver
from tests.live import Live, wait
from tests.webhooks.conftest import later
from webhooks import delivery_queue, endpoints, tasks
from webhooks.models import EventDelivery, WebhookEndpoint

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def listener() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found


@pytest.fixture(scope="module")
def live_stack(listener: Receiver, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        live = Live("web", "worker-webhooks-slow", "worker-default", OUTBOUND_ALLOWED_HOSTS=listener.hostport)
        live.start()
        connection.close()
    yield live
    live.stop()


def test_a_killed_worker_loses_no_event_and_repeats_only_ids(live: Live, listener: Receiver) -> None:
    cast = make_cast()
    allowed, ours.OUTBOUND_ALLOWED_HOSTS = ours.OUTBOUND_ALLOWED_HOSTS, [listener.hostport]
    try:
        endpoint = endpoints.create(organization=cast.organization, by=cast.owner, url=f"{listener.url}/scribe")
    finally:
        ours.OUTBOUND_ALLOWED_HOSTS = allowed
    listener.secret, listener.wait = endpoint.secret, 2.0
    told = outbox.record(
        organization=cast.organization, event="item.approved", objects={uuid7(): {} for _ in range(20)}
    )
    wait(lambda: listener.at_once, seconds=90)  # the worker has taken the endpoint, and waits for an answer
    live.kill("worker-webhooks-slow")
    assert WebhookEndpoint.objects.get().lease_until is not None
    listener.wait = 0.0
    live.revive("worker-webhooks-slow")
    tasks.sweep()
    assert EventDelivery.objects.filter(state="pending").count() > 0  # the dead worker's lease still holds it
    later(delivery_queue.LEASE + timedelta(seconds=1))

    def done() -> bool:
        tasks.sweep()
        return not EventDelivery.objects.exclude(state="delivered").exists()

    wait(done, seconds=90, every=1.0)
    times = Counter(listener.ids)
    assert set(times) == {str(pk) for pk in told}
    assert max(times.values()) <= 2
