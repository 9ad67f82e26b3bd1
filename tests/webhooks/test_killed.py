"""A worker that dies at any point: nothing is lost, and what comes twice has the same id."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scribe import outbox, queue
from scribe.ids import uuid7
from scribe.jobs.events import valkey
from scribe.models import Event
from tests.fakes.receiver import Receiver
from tests.scribe.killed import Killed, die
from tests.webhooks.conftest import deliver, later
from webhooks import delivery_queue, endpoints, log, sends, tasks
from webhooks.models import EventDelivery

COUNT = 30
#: Each point in the life of an event after its cause has committed: where the process dies, and in which task.
POINTS: dict[str, tuple[Any, str, str]] = {
    "before the message is sent": (queue, "send", "record"),
    "before the events are spread": (log, "spread", "spread"),
    "after they were spread, before a worker is told": (delivery_queue, "send_due", "spread"),
    "after the queue was taken": (delivery_queue, "_next", "deliver"),
    "before the first byte is sent": (delivery_queue, "_send", "deliver"),
    "between two events of a round": (sends, "next_wait", "deliver"),
    "after the answers came": (delivery_queue, "settle", "deliver"),
    "while they are noted": (endpoints, "judge", "deliver"),
    "before the queue is given back": (delivery_queue, "_let_go", "deliver"),
}


def tell(organization: Any) -> list[str]:
    objects = {uuid7(): {} for _ in range(COUNT)}
    return [str(pk) for pk in outbox.record(organization=organization, event="item.approved", objects=objects)]


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("point", POINTS)
def test_nothing_is_lost_wherever_a_worker_dies(cast: Any, receiver: Receiver, endpoint: Any, point: str) -> None:
    module, name, task = POINTS[point]
    if name == "next_wait":
        receiver.lost = 0.3
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, name, die)
        if task == "record":
            with pytest.raises(Killed):
                tell(cast.organization)
        else:
            tell(cast.organization)
            patched.setattr(queue, "send", lambda *_, **__: True)  # messages are lost as well
            with contextlib.suppress(Killed):
                if task == "spread":
                    tasks.spread(str(cast.organization.pk))
                else:
                    log.spread(cast.organization.pk)
                    tasks.deliver(str(endpoint.pk))
                    raise AssertionError("it did not die")
    valkey().flushdb()
    receiver.lost = 0.0
    later(delivery_queue.LEASE + timedelta(seconds=1))
    for _ in range(5):
        tasks.sweep()
        for pk in delivery_queue.due_endpoints(timezone.now()).values_list("pk", flat=True):
            delivery_queue.work(pk)
        later(timedelta(minutes=6))
    told = [str(pk) for pk in Event.objects.filter(type="item.approved").values_list("pk", flat=True)]
    assert len(told) == COUNT
    times = Counter(receiver.ids)
    assert set(times) == set(told)
    assert max(times.values()) <= 2
    assert not EventDelivery.objects.exclude(state="delivered").exists()


@pytest.mark.usefixtures("committed")
def test_a_worker_that_comes_back_late_changes_nothing(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    """Its lease has ended, another one has the queue: its notes are refused by the fence."""
    tell(cast.organization)
    log.spread(cast.organization.pk)
    late = delivery_queue.claim(endpoint.pk)
    assert late is not None
    batch = delivery_queue._next(late)
    later(delivery_queue.LEASE + timedelta(seconds=1))
    deliver(cast.organization)
    failed = [sends.DeliveryAttempt(timezone.now(), 500) for _ in batch]
    assert delivery_queue.settle(late, batch, failed) is False
    assert set(EventDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


@pytest.mark.usefixtures("committed")
def test_one_message_names_all_events_of_a_moment_and_the_next_moment_sends_another(cast: Any) -> None:
    for _ in range(5):
        tell(cast.organization)
    assert valkey().llen("default") == 1
    tasks.spread(str(cast.organization.pk))
    tell(cast.organization)
    assert valkey().llen("default") == 2


@pytest.mark.usefixtures("committed")
def test_a_body_never_changes_between_attempts(cast: Any) -> None:
    [pk, *_] = tell(cast.organization)
    event = Event.objects.get(pk=pk)
    log.spread(cast.organization.pk)
    again = Event.objects.get(pk=pk)
    assert log.body(event) == log.body(again)
