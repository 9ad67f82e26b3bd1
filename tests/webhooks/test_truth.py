"""Thousands of events, lost answers, a receiver that is down for an hour, and one that loses its books: in the end both agree.

WEBHOOK_OBJECTS is the number of objects, each with ten events (1000 makes the ten thousand that the log was promised to bear).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scribe import outbox
from scribe.ids import uuid7
from tests.fakes.receiver import Receiver
from tests.sizes import size
from tests.webhooks.conftest import deliver, later, reader_of
from webhooks import delivery_queue, log, replays
from webhooks.models import EventDelivery

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.slow]
OBJECTS, ROUNDS = int(os.environ.get("WEBHOOK_OBJECTS", size(50, 200))), 10


def listed(organization: Any) -> dict[str, Any]:
    """The whole log, page by page, as a program reads it."""
    found: dict[str, Any] = {}
    after = None
    while page := log.page(reader=reader_of(organization), after=after, limit=500):
        found |= {str(event.pk): log.content(event) for event in page}
        after = page[-1].pk
    return found


def newest(events: Any) -> dict[str, tuple[int, str]]:
    """What a receiver knows of each object: the event with the highest version, in whatever order they came."""
    known: dict[str, tuple[int, str]] = {}
    for body in events:
        data = body["data"]
        known[data["id"]] = max(known.get(data["id"], (0, "")), (data["sequence"], body["type"]))
    return known


@pytest.mark.thorough
def test_thousands_of_events_arrive_and_replays_reconcile(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    ids = [uuid7() for _ in range(OBJECTS)]
    decided = random.Random(7)
    truth: dict[str, str] = {}
    for number in range(ROUNDS):
        approved = {pk for pk in ids if decided.random() < 0.5}
        for event, some in (("item.approved", approved), ("item.rejected", set(ids) - approved)):
            outbox.record(organization=cast.organization, event=event, objects={pk: {} for pk in some})
            truth |= {str(pk): event for pk in some}
        receiver.lost = 0.05
        if number == 3:  # the receiver goes down for an hour, while events go on
            receiver.down = True
            for _ in range(12):
                deliver(cast.organization)
                later(timedelta(minutes=5))
            assert EventDelivery.objects.filter(state="pending").count() >= OBJECTS
            receiver.down = False
        deliver(cast.organization)
    for _ in range(100):
        if not EventDelivery.objects.filter(state="pending").exists():
            break
        later(timedelta(hours=1))
        deliver(cast.organization)

    log_of_ours = listed(cast.organization)
    assert len(log_of_ours) == OBJECTS * ROUNDS
    assert set(receiver.ids) == set(log_of_ours)
    assert all(log_of_ours[message_id]["data"] == body["data"] for message_id, body in receiver.got)
    assert 0 < len(receiver.got) - len(log_of_ours) < len(log_of_ours) / 10  # what came twice: answers that were lost
    assert not EventDelivery.objects.exclude(state="delivered").exists()

    # Came out of order and twice; the version tells the newest all the same.
    shuffled = [body for _, body in receiver.got]
    decided.shuffle(shuffled)
    assert {pk: event for pk, (_, event) in newest(shuffled).items()} == truth

    # The receiver loses a part of its books. It asks for what it lacks, and for the whole span.
    receiver.lost = 0.0
    books = {message_id for number, message_id in enumerate(sorted(set(receiver.ids))) if number % 10}
    receiver.got.clear()
    replays.span(endpoint=endpoint, since=timezone.now() - timedelta(days=20), delivered=True)
    deliver(cast.organization)
    assert books | set(receiver.ids) == set(log_of_ours)
    assert max(Counter(receiver.ids).values()) == 1
    assert replays.span(endpoint=endpoint, since=timezone.now() - timedelta(days=20)) == 0  # nothing is left to send
    assert delivery_queue.work(endpoint.pk) == 0
