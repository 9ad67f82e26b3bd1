"""Attempts: what counts as delivered, when the next one comes, what is kept of an answer, and which addresses are refused."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import MailMessage, Notification
from scribe import outbox
from scribe.errors import Conflict, InvalidInput
from scribe.ids import uuid7
from scribe.models import Event
from tests.fakes.receiver import Receiver
from tests.fakes.server import Reply
from tests.webhooks.conftest import deliver, later
from webhooks import delivery_queue, endpoints, log, replays, sends
from webhooks.models import EventDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def tell(organization: Any, count: int = 1) -> list[Any]:
    return outbox.record(organization=organization, event="item.approved", objects={uuid7(): {} for _ in range(count)})


def only() -> EventDelivery:
    return EventDelivery.objects.get()


def test_a_body_is_thin_and_the_same_as_in_the_log(cast: Any, receiver: Receiver, endpoint: Any, api: Any) -> None:
    [event_id] = tell(cast.organization)
    assert deliver(cast.organization) == 1
    event = Event.objects.get(pk=event_id)
    [(message_id, body)] = receiver.got
    assert message_id == str(event_id)
    assert body["type"] == "item.approved"
    numbers = {"sequence": event.version, "version": event.version}  # the second is its old name
    assert body["data"] == {"object": "item", "id": str(event.object_id), **numbers}
    [listed] = api.as_(cast.teammate).get("events")["events"]
    assert listed == {"id": message_id, **body, "is_test": False}
    request = receiver.attempts[0]
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("XC-Scribe")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_answer_of_the_two_hundreds_is_a_delivery(
    cast: Any, receiver: Receiver, endpoint: Any, status: int
) -> None:
    receiver.reply = Reply(status, b"x" * 5000)
    tell(cast.organization)
    deliver(cast.organization)
    assert (only().state, only().attempts, only().next_at) == ("delivered", 1, None)
    assert "answer" not in only().log[0]


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_any_other_answer_is_a_failure_and_its_beginning_is_kept(
    cast: Any, receiver: Receiver, endpoint: Any, status: int
) -> None:
    receiver.reply = Reply(status, b"no\x00 " * 5000, headers={"location": f"{receiver.url}/elsewhere"})
    tell(cast.organization)
    assert deliver(cast.organization) == 1
    assert {request.path for request in receiver.attempts} == {"/scribe"}  # no redirect was followed
    found = only()
    assert (found.state, found.attempts, found.log[0]["status"]) == ("pending", 1, status)
    assert found.log[0]["answer"].startswith("no no")
    assert len(found.log[0]["answer"]) <= sends.ANSWER_BYTES


def test_eight_attempts_in_three_days_with_one_id_and_fresh_signatures(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    receiver.reply = Reply(500)
    tell(cast.organization)
    began = timezone.now()
    waited = timedelta()
    for number in range(1, sends.MOST_ATTEMPTS + 1):
        assert deliver(cast.organization) == 1
        found = only()
        assert found.attempts == number
        if number == sends.MOST_ATTEMPTS:
            break
        assert found.next_at is not None
        wait = found.next_at - timezone.now() + timedelta(seconds=1)
        assert deliver(cast.organization) == 0
        later(wait)
        waited += wait
    assert (only().state, only().next_at) == ("failed", None)
    assert timedelta(days=2.5) < waited < timedelta(days=4)
    assert {request.headers["webhook-id"] for request in receiver.attempts} == {str(only().event_id)}
    stamps = [int(request.headers["webhook-timestamp"]) for request in receiver.attempts]
    assert min(stamps) >= int(began.timestamp())  # the time of the attempt, not of the event
    later(10 * DAY)
    assert deliver(cast.organization) == 0
    assert len(only().log) == sends.MOST_ATTEMPTS


def test_a_retry_after_makes_the_wait_longer_and_rests_the_endpoint(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    receiver.reply = Reply(429, headers={"retry-after": "7200"})
    tell(cast.organization, 5)
    assert deliver(cast.organization) <= delivery_queue.IN_FLIGHT
    first = EventDelivery.objects.filter(attempts=1).first()
    assert first is not None
    assert first.next_at is not None
    assert first.next_at > timezone.now() + timedelta(seconds=7000)
    later(timedelta(hours=1))
    assert deliver(cast.organization) == 0
    receiver.reply = Reply(204)
    later(timedelta(hours=1.1))
    deliver(cast.organization)
    assert len(receiver.got) == 5


def test_a_retry_after_never_shortens_and_never_reaches_beyond_a_day() -> None:
    now = timezone.now()
    soon, never = (
        sends.DeliveryAttempt(now, 503, retry_after=1.0),
        sends.DeliveryAttempt(now, 503, retry_after=86_400.0),
    )
    assert sends.next_wait(3, soon) > timedelta(minutes=20)  # type: ignore[operator]
    assert sends.next_wait(1, never) == DAY
    assert sends.next_wait(sends.MOST_ATTEMPTS, soon) is None


def test_an_endpoint_that_is_gone_is_disabled_with_a_mail_and_an_event(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    other = endpoints.create(organization=cast.organization, by=cast.owner, url=f"{receiver.url}/other")
    receiver.secret = ""
    tell(cast.organization, 3)
    log.spread(cast.organization.pk)
    receiver.reply = Reply(410)
    delivery_queue.work(endpoint.pk)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "gone")
    assert not EventDelivery.objects.filter(endpoint=endpoint, state="pending").exists()
    receiver.reply = Reply(204)
    deliver(cast.organization)
    told = [body for _, body in receiver.got if body["type"] == "endpoint.disabled"]
    assert [(body["data"]["id"], body["data"]["reason"]) for body in told] == [(str(endpoint.pk), "gone")]
    assert EventDelivery.objects.filter(endpoint=other, state="delivered").count() == 4
    notice = Notification.objects.get(user=cast.owner, notification_type="webhook_failing")
    assert "disabled" in notice.title
    assert MailMessage.objects.filter(to=[cast.owner.email], subject__contains="disabled").count() == 1
    assert not Notification.objects.filter(user=cast.teammate).exists()


@pytest.mark.thorough
def test_an_endpoint_that_fails_for_days_is_warned_of_and_then_disabled(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    receiver.reply = Reply(500)
    titles: list[str] = []
    for _ in range(6 * 24):
        tell(cast.organization)
        deliver(cast.organization)
        later(timedelta(hours=1))
        titles = list(Notification.objects.filter(user=cast.owner).order_by("id").values_list("title", flat=True))
        if len(titles) == 3:
            break
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == "failing"
    assert ["a day" in titles[0], "3 days" in titles[1], "disabled" in titles[2]] == [True] * 3
    made = len(receiver.attempts)
    tell(cast.organization)
    assert deliver(cast.organization) == 0
    assert len(receiver.attempts) == made


@pytest.mark.thorough
def test_one_success_ends_the_count_of_days(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    receiver.reply = Reply(500)
    for _ in range(40):
        tell(cast.organization)
        deliver(cast.organization)
        later(timedelta(hours=1))
    receiver.reply = Reply(200)
    deliver(cast.organization)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.warned_days) == (0, None, 0)


def test_a_failing_endpoint_rests_and_spends_no_attempts_of_others(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    receiver.down = True
    tell(cast.organization, 100)
    deliver(cast.organization)
    endpoint.refresh_from_db()
    assert endpoint.paused_until is not None
    assert len(receiver.attempts) < 12
    assert EventDelivery.objects.filter(attempts=0).count() > 88


def test_a_slow_receiver_gets_one_event_at_a_time_and_holds_no_other_up(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(quick_answers=0)
    tell(cast.organization, 3)
    log.spread(cast.organization.pk)
    mine = delivery_queue.claim(endpoint.pk)
    assert mine is not None
    assert len(delivery_queue._next(mine)) == 1
    assert delivery_queue.claim(endpoint.pk) is None  # no second worker for it
    other = endpoints.create(organization=cast.organization, by=cast.owner, url=f"{receiver.url}/quick")
    replays.span(endpoint=other, since=timezone.now() - DAY)
    receiver.secret = ""
    assert delivery_queue.work(other.pk) == 3


def test_no_more_than_four_are_in_flight(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    receiver.wait = 0.01
    tell(cast.organization, 60)
    deliver(cast.organization)
    assert len(receiver.got) == 60
    assert 1 < receiver.most_at_once <= delivery_queue.IN_FLIGHT


def test_a_round_costs_few_statements_however_many_events(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    def statements(count: int) -> int:
        tell(cast.organization, count)
        log.spread(cast.organization.pk)
        with CaptureQueriesContext(connection) as queries:
            assert delivery_queue.work(endpoint.pk) == count
        return len(queries)

    # Each attempt reads the address and the secrets of its own moment; all else is for the round.
    assert statements(delivery_queue.ROUND) <= statements(2) + delivery_queue.ROUND


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example.com/x", "https://127.0.0.1/x", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/",
        "https://localhost/x", "https://erp.internal/x", "https://user:pw@erp.example.com/", "https://erp.example.com:22/",
        "https://0x7f000001/", "file:///etc/passwd", "erp.example.com", "https://2130706433/",
    ],
)  # fmt: skip
def test_addresses_that_we_do_not_call_are_refused_at_once(cast: Any, api: Any, settings: Any, url: str) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    assert api.as_(cast.owner).post("webhooks/endpoints", {"url": url}, status=400)["errors"][0]["pointer"] == "#/url"
    assert not WebhookEndpoint.objects.exists()


def test_a_name_that_turns_to_a_private_address_gets_nothing(
    cast: Any, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    answers = {"erp.example.com": "93.184.215.14"}

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    endpoint = endpoints.create(organization=cast.organization, by=cast.owner, url="https://erp.example.com/scribe")
    for private in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "192.168.1.1"):
        answers["erp.example.com"] = private
        endpoints.ping(endpoint=endpoint)
        deliver(cast.organization)
        later(timedelta(minutes=10))
        WebhookEndpoint.objects.update(paused_until=None)
    assert receiver.attempts == []
    made = [made for delivery in EventDelivery.objects.all() for made in delivery.log]
    assert len(made) >= 5
    assert {(each["error"], each["status"]) for each in made} == {
        ("The host erp.example.com does not have a public address.", None)
    }


def test_a_changed_address_is_checked_too(cast: Any, endpoint: Any) -> None:
    with pytest.raises(InvalidInput):
        endpoints.update(endpoint=endpoint, by=cast.owner, url="https://10.0.0.8/x")


# --- endpoints


def test_an_organization_has_at_most_ten(cast: Any, endpoint: Any) -> None:
    for number in range(9):
        endpoints.create(organization=cast.organization, by=cast.owner, url=f"https://erp.example.com/{number}")
    with pytest.raises(Conflict, match="at most 10"):
        endpoints.create(organization=cast.organization, by=cast.owner, url="https://erp.example.com/11")


def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled_and_replayed(
    cast: Any, receiver: Receiver, endpoint: Any
) -> None:
    endpoints.update(endpoint=endpoint, by=cast.owner, is_active=False)
    missed = tell(cast.organization, 4)
    assert deliver(cast.organization) == 0
    with pytest.raises(Conflict):
        endpoints.ping(endpoint=endpoint)
    with pytest.raises(Conflict):
        replays.span(endpoint=endpoint, since=timezone.now() - DAY)
    endpoints.update(endpoint=endpoint, by=cast.owner, is_active=True)
    assert deliver(cast.organization) == 0
    replays.span(endpoint=endpoint, since=timezone.now() - DAY)
    deliver(cast.organization)
    assert {str(pk) for pk in missed} <= set(receiver.ids)


def test_a_replay_of_one_sends_the_same_id_again(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    tell(cast.organization)
    deliver(cast.organization)
    replays.one(only())
    deliver(cast.organization)
    assert receiver.ids == [str(only().event_id)] * 2
    assert [made["status"] for made in only().log] == [204, 204]


def test_a_replay_of_a_span_takes_what_failed_and_on_request_all(cast: Any, receiver: Receiver, endpoint: Any) -> None:
    old = tell(cast.organization, 2)
    deliver(cast.organization)
    later(DAY)
    new = tell(cast.organization, 3)
    deliver(cast.organization)
    EventDelivery.objects.filter(event_id=new[0]).update(state="failed", next_at=None)
    hour_ago = timezone.now() - timedelta(hours=1)
    assert replays.span(endpoint=endpoint, since=hour_ago) == 1
    assert replays.span(endpoint=endpoint, since=hour_ago, delivered=True) == 2
    assert replays.span(endpoint=endpoint, since=timezone.now() - 2 * DAY, until=hour_ago, delivered=True) == len(old)
