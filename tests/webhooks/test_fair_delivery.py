"""Slow receivers are among themselves, and no organization's receivers hold up another's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scribe import database, outbox
from scribe.celery import QUEUES
from scribe.ids import uuid7
from scribe.jobs.events import valkey
from tests.factories import make_organization
from tests.live import database_url, wait
from webhooks import delivery_queue, endpoints, log, signatures, tasks
from webhooks.delivery_queue import ENDPOINTS_AT_ONCE, QUICK, SLOW
from webhooks.models import QUICK_AFTER, SLOW_SECONDS, EventDelivery, WebhookEndpoint
from webhooks.sends import DeliveryAttempt

pytestmark = pytest.mark.django_db


def answer(endpoint: WebhookEndpoint, seconds: float, status: int = 200) -> None:
    """Have an event sent that the receiver answers after so many seconds."""
    outbox.record(organization=endpoint.organization, event="item.approved", objects={uuid7(): {}})
    log.spread(endpoint.organization_id)
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    batch = delivery_queue._next(mine)
    attempt = DeliveryAttempt(at=timezone.now(), status=status, seconds=seconds, url=mine.url)
    assert delivery_queue.settle(mine, batch, [attempt] + [None] * (len(batch) - 1))
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(lease_until=None, paused_until=None)
    EventDelivery.objects.all().delete()
    endpoint.refresh_from_db()


def many(count: int, **fields: Any) -> list[WebhookEndpoint]:
    """Endpoints of one organization that wait for a worker."""
    organization = make_organization()
    return [
        WebhookEndpoint.objects.create(
            organization=organization, url=f"https://erp.example.com/{n}", secret=signatures.new_secret(),
            sent_at=timezone.now(), **fields,
        )
        for n in range(count)
    ]  # fmt: skip


def take(queue: str = SLOW) -> Any:
    """Whose endpoint the next worker takes."""
    taken = delivery_queue.claim_next(queue)
    return taken and taken.organization_id


def test_a_receiver_is_among_the_slow_until_it_has_answered_quickly_three_times(cast: Any, endpoint: Any) -> None:
    endpoint = endpoints.create(organization=cast.organization, by=cast.owner, url=f"{endpoint.url}/new")
    for _ in range(QUICK_AFTER):
        assert not endpoint.is_quick
        answer(endpoint, 0.1)
    assert endpoint.is_quick


def test_one_slow_answer_costs_the_place_and_its_success_brings_nothing_back(endpoint: WebhookEndpoint) -> None:
    for _ in range(5):
        answer(endpoint, 0.1)
    answer(endpoint, SLOW_SECONDS + 0.1)
    assert (endpoint.is_quick, endpoint.failures) == (False, 0)
    answer(endpoint, 0.1)
    answer(endpoint, 14.0)
    for _ in range(QUICK_AFTER - 1):
        answer(endpoint, 0.1)
    assert not endpoint.is_quick  # every slow one begins the count anew
    answer(endpoint, 0.1, status=500)  # quick, if not successful: it holds nobody up
    assert endpoint.is_quick


def test_a_new_address_has_to_earn_its_place_anew(cast: Any, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(quick_answers=QUICK_AFTER)
    endpoints.update(endpoint=endpoint, by=cast.owner, url=f"{endpoint.url}/elsewhere")
    endpoint.refresh_from_db()
    assert not endpoint.is_quick


def test_no_organization_has_more_than_its_share_of_receivers_at_work() -> None:
    crowd, bystander = many(ENDPOINTS_AT_ONCE + 3), many(1)
    taken = [take() for _ in range(ENDPOINTS_AT_ONCE + 2)]
    assert Counter(taken) == {crowd[0].organization_id: ENDPOINTS_AT_ONCE, bystander[0].organization_id: 1, None: 1}


def test_the_organization_served_longest_ago_comes_next() -> None:
    crowd, patient = many(3), many(2)
    assert [take() for _ in range(3)] == [row.organization_id for row in (crowd[0], patient[0], crowd[0])]
    late = many(1)
    assert take() == late[0].organization_id


def test_slow_receivers_take_no_place_among_the_quick() -> None:
    many(ENDPOINTS_AT_ONCE)
    quick = many(1, quick_answers=QUICK_AFTER)
    assert [take(QUICK), take(QUICK)] == [quick[0].organization_id, None]


@pytest.mark.usefixtures("committed")
def test_a_place_that_is_given_back_wakes_those_that_waited_for_it() -> None:
    crowd = many(ENDPOINTS_AT_ONCE + 1)
    outbox.record(organization=crowd[0].organization, event="item.approved", objects={uuid7(): {}})
    log.spread(crowd[0].organization_id)
    taken = [delivery_queue.claim_next(SLOW) for _ in range(ENDPOINTS_AT_ONCE)]
    tasks.deliver(str(crowd[-1].pk))  # its message comes, and there is no place
    waits = WebhookEndpoint.objects.filter(lease_until=None)
    assert [endpoint.sent_at for endpoint in waits] == [None]
    valkey().delete(SLOW, QUICK)
    assert taken[0] is not None
    delivery_queue._let_go(taken[0])
    assert valkey().llen(SLOW) == 2  # for itself, and for who waited


@pytest.mark.usefixtures("committed")
def test_each_receiver_has_its_message_in_the_queue_of_its_like() -> None:
    slow, quick = many(1)[0], many(1, quick_answers=QUICK_AFTER)[0]
    for endpoint in (slow, quick):
        outbox.record(organization=endpoint.organization, event="item.approved", objects={uuid7(): {}})
        log.spread(endpoint.organization_id)
    WebhookEndpoint.objects.update(sent_at=None)
    assert delivery_queue.send_due(delivery_queue.due_endpoints(timezone.now())) == 2
    assert (valkey().llen(SLOW), valkey().llen(QUICK)) == (1, 1)


@pytest.mark.usefixtures("committed")
def test_an_endpoint_that_is_getting_its_events_holds_up_no_other() -> None:
    """Thousands of events of one decision locked its endpoints, and whoever took one waited with all workers."""
    crowd, bystander = many(3), many(1)
    with psycopg.connect(database_url()) as spread, database.lock_timeout(connection, 5):
        spread.execute(
            "SELECT FROM webhooks_webhookendpoint WHERE organization_id = %s FOR NO KEY UPDATE",
            [crowd[0].organization_id],
        )
        valkey().delete(SLOW)
        assert [take(), take()] == [bystander[0].organization_id, None]
        assert take(QUICK) is None
    wait(lambda: valkey().llen(SLOW) == 1)  # they are looked at again
    assert take() == crowd[0].organization_id


def test_events_are_spread_and_swept_where_no_receiver_is_waited_for() -> None:
    assert {task.queue for task in (tasks.spread, tasks.sweep)} == {"default"}
    assert {QUICK, SLOW} < set(QUEUES)


def test_a_choice_takes_as_many_statements_however_many_wait() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert delivery_queue.claim_next(SLOW)
        WebhookEndpoint.objects.update(lease_until=None, sent_at=timezone.now() - timedelta(seconds=1))
        return len(seen)

    many(2)
    few = statements()
    for _ in range(10):
        many(10)
    assert statements() == few
