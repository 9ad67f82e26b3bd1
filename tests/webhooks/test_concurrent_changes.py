"""Who changes an endpoint or its deliveries at the same time takes turns, and nobody overwrites what another has said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification
from scribe import outbox
from scribe.errors import NotFound
from scribe.ids import uuid7
from tests.fakes.receiver import Receiver, verified
from tests.fakes.server import Reply, Request
from tests.proof.ordering import in_order
from tests.webhooks.conftest import deliver, later
from webhooks import delivery_queue, endpoints, log, replays
from webhooks.models import EventDelivery, WebhookEndpoint
from webhooks.sends import DeliveryAttempt

Deed = Callable[[Any], Any]
ELSEWHERE = "https://erp.example.com/elsewhere"


def tell(organization: Any, count: int = 1) -> list[Any]:
    return outbox.record(organization=organization, event="item.approved", objects={uuid7(): {} for _ in range(count)})


def spread_to(endpoint: Any, count: int = 1) -> None:
    tell(endpoint.organization, count)
    log.spread(endpoint.organization_id)


def attempt(status: int, url: str) -> DeliveryAttempt:
    return DeliveryAttempt(at=timezone.now(), status=status, seconds=0.1, url=url)


def replay(endpoint: Any) -> None:
    replays.one(EventDelivery.objects.select_related("endpoint").get())


def switch_off(endpoint: Any) -> None:
    endpoints.disable(endpoint=endpoint, reason=endpoints.Reason.SWITCHED_OFF, by=None)


MEANWHILE: list[tuple[Deed, int, tuple[str, int]]] = [
    (lambda endpoint: None, 204, ("delivered", 1)),
    (lambda endpoint: None, 500, ("pending", 1)),
    (replay, 204, ("pending", 0)),  # it is sent once more, as was asked for
    (replay, 500, ("pending", 0)),  # with eight attempts before it
    (switch_off, 204, ("delivered", 1)),  # it has arrived
    (switch_off, 500, ("failed", 1)),  # and is not tried again
]


@pytest.mark.django_db
@pytest.mark.parametrize(("deed", "status", "expected"), MEANWHILE)
def test_what_was_done_during_an_attempt_stands(
    endpoint: Any, deed: Deed, status: int, expected: tuple[str, int]
) -> None:
    spread_to(endpoint)
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    batch = delivery_queue._next(mine)
    deed(endpoint)
    assert delivery_queue.settle(mine, batch, [attempt(status, mine.url)])
    found = EventDelivery.objects.get()
    assert (found.state, found.attempts) == expected
    assert [made["status"] for made in found.log] == [status]
    assert (found.next_at is None) == (found.state != "pending")


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("replay_first", [True, False])
def test_a_replay_and_the_settling_take_turns(cast: Any, endpoint: Any, replay_first: bool) -> None:
    spread_to(endpoint)
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    batch = delivery_queue._next(mine)
    both = (lambda: replay(endpoint)), (lambda: delivery_queue.settle(mine, batch, [attempt(204, mine.url)]))
    assert not any(isinstance(came, Exception) for came in in_order(*(both if replay_first else both[::-1])))
    found = EventDelivery.objects.get()
    assert (found.state, found.attempts, len(found.log)) == ("pending", 0, 1)


@pytest.mark.usefixtures("committed")
def test_an_endpoint_is_deleted_while_its_deliveries_are_noted(cast: Any, endpoint: Any) -> None:
    """The deletion took the deliveries first, the settling the endpoint: each waited for the other."""
    spread_to(endpoint)
    came = in_order(
        lambda: endpoints.lock(endpoint),
        lambda: endpoints.delete(endpoint=endpoint, by=cast.owner),
        rest=lambda: EventDelivery.objects.update(attempts=1),
    )
    assert not any(isinstance(each, Exception) for each in came), came
    assert not EventDelivery.objects.exists()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("spread_first", [True, False])
@pytest.mark.parametrize("deed", [switch_off, lambda endpoint: endpoints.delete(endpoint=endpoint, by=None)])
def test_events_are_spread_while_an_endpoint_leaves(cast: Any, endpoint: Any, deed: Deed, spread_first: bool) -> None:
    [event] = tell(cast.organization)
    both = (lambda: log.spread(cast.organization.pk)), (lambda: deed(endpoint))
    came = in_order(*(both if spread_first else both[::-1]))
    assert not any(isinstance(each, Exception) for each in came), came
    assert not EventDelivery.objects.filter(state="pending").exists()
    assert event in [each.pk for each in log.page(reader=cast.owner, limit=10)]


@pytest.mark.usefixtures("committed")
def test_a_replay_of_a_span_waits_for_no_log_that_waits_for_its_endpoint(cast: Any, endpoint: Any) -> None:
    spread_to(endpoint, 3)
    EventDelivery.objects.update(state="failed", next_at=None)
    tell(cast.organization)
    since = timezone.now() - timedelta(days=1)
    came = in_order(lambda: replays.span(endpoint=endpoint, since=since), lambda: log.spread(cast.organization.pk))
    assert not any(isinstance(each, Exception) for each in came), came
    assert came[0] == 3
    tell(cast.organization)
    came = in_order(
        lambda: endpoints.lock(endpoint),
        lambda: log.spread(cast.organization.pk),
        rest=lambda: replays._span(endpoint, since, None, True),
    )
    assert not any(isinstance(each, Exception) for each in came), came


class Changing(Receiver):
    """During the first attempt the customer changes the endpoint; no attempt is answered before that is done."""

    def __init__(self) -> None:
        super().__init__()
        self.change: Callable[[], Any] = lambda: None
        self.changed: asyncio.Event | None = None
        self.before = 0

    async def answer(self, request: Request) -> Reply:
        if self.changed is None:
            self.changed = asyncio.Event()
            await asyncio.to_thread(self.elsewhere)
            self.before = len(self.attempts) + 1
            self.changed.set()
        self.attempts.append(request)
        await self.changed.wait()
        return Reply(204)

    def elsewhere(self) -> None:
        try:
            self.change()
        finally:
            connection.close()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("change", ["url", "secret", "disabled", "deleted"])
def test_a_change_counts_from_the_next_attempt_on(cast: Any, settings: Any, change: str) -> None:
    with Changing() as receiver:
        settings.OUTBOUND_ALLOWED_HOSTS = [receiver.hostport]
        made = endpoints.create(organization=cast.organization, by=cast.owner, url=f"{receiver.url}/old")
        old = made.secret
        deeds: dict[str, Callable[[], Any]] = {
            "url": lambda: endpoints.update(endpoint=made, by=cast.owner, url=f"{receiver.url}/new"),
            "secret": lambda: endpoints.rotate(endpoint=made, by=cast.owner, overlap_hours=0),
            "disabled": lambda: endpoints.update(endpoint=made, by=cast.owner, is_active=False),
            "deleted": lambda: endpoints.delete(endpoint=made, by=cast.owner),
        }
        receiver.change = deeds[change]
        spread_to(made, delivery_queue.ROUND)
        deliver(cast.organization)
        asked = receiver.attempts
        of_old = [each for each in asked if each.path == "/old" and verified(old, each)]
        assert 0 < len(of_old) <= delivery_queue.IN_FLIGHT
        goes_on = change in ("url", "secret")
        assert len(asked) == (delivery_queue.ROUND if goes_on else len(of_old))
        assert EventDelivery.objects.filter(state="delivered").count() == (0 if change == "deleted" else len(asked))


@pytest.mark.django_db
def test_what_an_earlier_address_said_is_nothing_against_the_present_one(cast: Any, endpoint: Any) -> None:
    WebhookEndpoint.objects.update(failures=50, failing_since=timezone.now() - timedelta(days=4), warned_days=3)
    spread_to(endpoint)
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    batch = delivery_queue._next(mine)
    changed = endpoints.update(endpoint=endpoint, by=cast.owner, url=ELSEWHERE)
    assert (changed.failures, changed.failing_since, changed.warned_days) == (0, None, 0)
    assert delivery_queue.settle(mine, batch, [attempt(410, mine.url)])
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failures) == (True, 0)


@pytest.mark.django_db
def test_admins_are_told_of_what_none_of_them_did(cast: Any, endpoint: Any) -> None:
    for by, told in ((cast.owner, 0), (cast.staff, 1)):
        assert endpoints.disable(endpoint=endpoint, reason=endpoints.Reason.SWITCHED_OFF, by=by)
        notices = Notification.objects.filter(user=cast.owner, notification_type="webhook_failing")
        assert notices.count() == told
        endpoints.enable(endpoint=endpoint, by=by)
    assert "Our support disabled it." in notices.get().body


@pytest.mark.django_db
def test_a_sweep_sends_no_second_message_and_no_endless_row_of_them(
    cast: Any, endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_queue, "SWEPT", 3)
    for number in range(4):
        endpoints.create(organization=cast.organization, by=cast.owner, url=f"https://erp.example.com/{number}")
    spread_to(endpoint)
    now = timezone.now()
    assert [delivery_queue.send_due(delivery_queue.due_endpoints(now)) for _ in range(3)] == [3, 2, 0]
    later(delivery_queue.SENT_AGAIN)  # nobody has come: the messages may be lost
    assert delivery_queue.send_due(delivery_queue.due_endpoints(now)) == 3
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    delivery_queue._let_go(mine)  # what is due again at once has a message at once
    endpoint.refresh_from_db()
    assert endpoint.sent_at is not None


GONE: dict[str, Callable[[Any, Any], Any]] = {
    "delete": lambda endpoint, by: endpoints.delete(endpoint=endpoint, by=by),
    "change": lambda endpoint, by: endpoints.update(endpoint=endpoint, by=by, description="x"),
    "nothing": lambda endpoint, by: endpoints.update(endpoint=endpoint, by=by),
    "enable": lambda endpoint, by: endpoints.enable(endpoint=endpoint, by=by),
    "disable": lambda endpoint, by: endpoints.disable(endpoint=endpoint, reason="switched_off", by=by),
    "ping": lambda endpoint, by: endpoints.ping(endpoint=endpoint),
    "rotate": lambda endpoint, by: endpoints.rotate(endpoint=endpoint, by=by),
    "replay": lambda endpoint, by: replays.span(endpoint=endpoint, since=timezone.now()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("deed", GONE)
def test_an_endpoint_that_was_deleted_meanwhile_is_not_found(cast: Any, endpoint: Any, deed: str) -> None:
    WebhookEndpoint.objects.all().delete()
    with pytest.raises(NotFound):
        GONE[deed](endpoint, cast.owner)


@pytest.mark.django_db
def test_a_delivery_that_was_deleted_meanwhile_is_not_found(cast: Any, endpoint: Any) -> None:
    spread_to(endpoint)
    delivery = EventDelivery.objects.get()
    EventDelivery.objects.all().delete()
    with pytest.raises(NotFound):
        replays.one(delivery)
