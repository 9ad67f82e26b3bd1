"""The log of events: no reader passes one by, however late its transaction commits; pages, filters and old cursors."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from scribe import outbox, queue
from scribe.ids import uuid7
from scribe.models import Event
from tests.factories import make_organization
from tests.webhooks.conftest import reader_of
from webhooks import endpoints, log, tasks
from webhooks.models import EventDelivery


def tell(organization: Any, count: int = 1, event: str = "item.approved") -> list[Any]:
    return outbox.record(organization=organization, event=event, objects={uuid7(): {} for _ in range(count)})


@pytest.mark.usefixtures("committed")
def test_an_event_that_commits_late_comes_behind_those_that_were_read() -> None:
    organization = make_organization()
    written, read = threading.Event(), threading.Event()
    slow: list[Any] = []

    def commit_late() -> None:
        try:
            with transaction.atomic():
                slow.extend(tell(organization))
                written.set()
                assert read.wait(60)
        finally:
            connection.close()

    thread = threading.Thread(target=commit_late)
    thread.start()
    assert written.wait(60)
    [quick] = tell(organization)
    assert [event.pk for event in log.page(reader=reader_of(organization), limit=10)] == [quick]
    read.set()
    thread.join()
    assert [event.pk for event in log.page(reader=reader_of(organization), after=quick, limit=10)] == slow


@pytest.mark.usefixtures("committed")
def test_readers_at_once_agree_on_the_order() -> None:
    organization = make_organization()
    orders: list[list[Any]] = []

    def write_and_read() -> None:
        try:
            for _ in range(10):
                tell(organization, 3)
                log.page(reader=reader_of(organization), limit=500)
            orders.append([event.pk for event in log.page(reader=reader_of(organization), limit=500)])
        finally:
            connection.close()

    threads = [threading.Thread(target=write_and_read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = [event.pk for event in log.page(reader=reader_of(organization), limit=500)]
    assert len(whole) == len(set(whole)) == 120
    assert all(order == whole[: len(order)] for order in orders)


@pytest.mark.django_db
def test_pages_bring_everything_once_and_only_ones_own() -> None:
    organization, other = make_organization(), make_organization()
    mine = tell(organization, 25) + tell(organization, 5, "item.rejected")
    tell(other, 4)
    seen: list[Any] = []
    while page := log.page(reader=reader_of(organization), after=seen[-1] if seen else None, limit=7):
        seen += [event.pk for event in page]
    assert sorted(seen) == sorted(mine)
    rejected = log.page(reader=reader_of(organization), types=["item.rejected", "ping"], limit=3)
    assert [event.type for event in rejected] == ["item.rejected"] * 3
    positions = [event.position for event in rejected]
    assert positions == sorted(positions)


@pytest.mark.django_db
def test_a_cursor_that_is_not_kept_is_said_to_be_gone(cast: Any, api: Any) -> None:
    [first] = tell(cast.organization)
    assert log.page(reader=cast.owner, limit=1)
    Event.objects.filter(pk=first).delete()
    for after in (first, "no id", uuid7()):
        assert api.as_(cast.owner).get(f"events?after={after}", status=410)["code"] == "cursor_gone"


@pytest.mark.django_db
def test_spreading_takes_as_many_statements_for_many_as_for_few(cast: Any, endpoint: Any) -> None:
    def statements(count: int) -> int:
        tell(cast.organization, count)
        with CaptureQueriesContext(connection) as queries:
            assert log.spread(cast.organization.pk) == count
        return len(queries)

    assert statements(1) == statements(2000)
    assert EventDelivery.objects.count() == 2001


@pytest.mark.usefixtures("committed")
def test_very_many_events_are_spread_some_at_a_time_behind_those_of_others(
    cast: Any, endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "AT_ONCE", 2)
    told = tell(cast.organization, 5)
    sent: list[Any] = []
    monkeypatch.setattr(queue, "send", lambda task, *args, **_: sent.append((task, *args)))
    spread = ("webhooks.tasks.spread", str(cast.organization.pk))
    for left in (3, 1):
        tasks.spread(str(cast.organization.pk))
        assert Event.objects.filter(position=None).count() == left
        assert sent.count(spread) == 1
        sent.clear()
    assert [event.pk for event in log.page(reader=cast.owner, limit=10)] == told
    tasks.spread(str(cast.organization.pk))
    assert spread not in sent
    assert EventDelivery.objects.count() == 5


@pytest.mark.django_db
def test_an_endpoint_gets_the_types_that_it_asked_for_and_a_ping_is_for_one(cast: Any, endpoint: Any) -> None:
    narrow = endpoints.create(
        organization=cast.organization, by=cast.owner, url="https://erp.example.com/x", types=["item.rejected"]
    )
    tell(cast.organization)
    tell(cast.organization, event="item.rejected")
    endpoints.ping(endpoint=narrow)
    log.spread(cast.organization.pk)
    got = EventDelivery.objects.order_by("event__version")
    assert list(got.filter(endpoint=endpoint).values_list("event__type", flat=True)) == [
        "item.approved",
        "item.rejected",
    ]
    assert list(got.filter(endpoint=narrow).values_list("event__type", flat=True)) == ["item.rejected", "ping"]
