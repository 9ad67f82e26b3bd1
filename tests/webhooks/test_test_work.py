"""Webhooks, events and a balance of test keys: all that a live key has, of test work alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts import api_keys
from accounts.models import Notification
from billing import test_balance
from billing.models import Entry, Wallet
from scribe import outbox
from scribe.api import scopes
from scribe.ids import uuid7
from scribe.models import Event, Job
from tests.factories import make_project
from tests.fakes.receiver import Receiver
from tests.fakes.server import Reply
from tests.helpers import Api, run_jobs
from tests.webhooks.conftest import deliver
from webhooks import endpoints, sends
from webhooks.models import WebhookEndpoint
from writing.offline import rehearsal

pytestmark = pytest.mark.django_db(transaction=True)  # the engine settles in a thread of its own


def key(cast: Any, mode: str) -> Api:
    _, raw = api_keys.create(
        organization=cast.organization, by=cast.owner, name=mode, scopes=list(scopes.SCOPES), mode=mode
    )
    return Api({"X-API-Key": raw})


@pytest.fixture
def test_api(cast: Any) -> Api:
    return key(cast, "test")


def project_with(caller: Api, *skus: str) -> str:
    project: str = caller.post("projects", {"name": "Rehearsal", "platform": "woocommerce"}, status=201)["id"]
    source = caller.post(f"projects/{project}/sources/manual", {"name": "By hand"}, status=201)
    facts = {"name": "Wool Socks", "attributes": {"Material": "wool"}}
    items = [{"source_data": {**facts, "sku": sku}} for sku in skus]
    caller.post(f"projects/{project}/sources/{source['id']}/items", {"items": items}, status=201)
    return project


def generate(caller: Api, project: str) -> dict[str, Any]:
    started = caller.with_(Prefer="wait=0").post(f"projects/{project}/generate", {}, status=202)
    run_jobs()
    found: dict[str, Any] = caller.get(f"jobs/{started['job_id']}")
    return found


def test_test_work_is_told_to_test_endpoints_as_live_work_is_to_live_ones(
    test_api: Api, cast: Any, receiver: Receiver, endpoint: WebhookEndpoint
) -> None:
    made = test_api.post("webhooks/endpoints", {"url": f"{receiver.url}/test"}, status=201)
    assert made["is_test"] is True
    receiver.secret = made["secret"]
    project = project_with(test_api, "A-1", rehearsal.FLAGGED, rehearsal.FAILED)
    generate(test_api, project)
    items = {item["source_data"]["sku"]: item for item in test_api.get(f"projects/{project}/items")}
    test_api.patch(f"projects/{project}/items/{items['A-1']['id']}", {"status": "approved"})
    deliver(cast.organization)
    told = [(got.path, got.json["type"]) for got in receiver.attempts]
    assert {path for path, _ in told} == {"/test"}
    assert sorted(name for _, name in told) == ["item.approved", *["item.texts_ready"] * 2, "job.finished"]
    ready = {got.json["data"]["id"]: got.json["data"] for got in receiver.attempts if "ready" in got.json["type"]}
    assert ready[items[rehearsal.FLAGGED]["id"]]["status"] == "flagged"
    [job] = [got.json["data"] for got in receiver.attempts if got.json["type"] == "job.finished"]
    assert (job["status"], job["counters"]["failed"]) == ("completed_with_errors", 1)
    listed = test_api.get("events")["events"]
    assert sorted(event["type"] for event in listed) == sorted(name for _, name in told)
    assert {event["is_test"] for event in listed} == {True}
    states = {row["state"] for row in test_api.get("webhooks/deliveries")}
    assert states == {"delivered"}


def test_neither_mode_sees_endpoints_events_or_deliveries_of_the_other(
    test_api: Api, cast: Any, receiver: Receiver, endpoint: WebhookEndpoint, api: Any
) -> None:
    receiver.secret = ""
    made = test_api.post("webhooks/endpoints", {"url": f"{receiver.url}/test"}, status=201)["id"]
    live = key(cast, "live")
    for is_test in (True, False):
        outbox.record(organization=cast.organization, event="item.approved", objects={uuid7(): {}}, is_test=is_test)
    deliver(cast.organization)
    for caller, own, other in ((test_api, made, str(endpoint.pk)), (live, str(endpoint.pk), made)):
        assert [row["id"] for row in caller.get("webhooks/endpoints")] == [own]
        caller.get(f"webhooks/endpoints/{other}", status=404)
        caller.post(f"webhooks/endpoints/{other}/ping", {}, status=404)
        assert {row["endpoint_id"] for row in caller.get("webhooks/deliveries")} == {own}
        assert [event["is_test"] for event in caller.get("events")["events"]] == [caller is test_api]
    person = api.as_(cast.owner)
    assert {row["id"]: row["is_test"] for row in person.get("webhooks/endpoints")} == {
        made: True,
        str(endpoint.pk): False,
    }
    assert [event["is_test"] for event in person.get("events")["events"]] == [True, False]


def test_a_replay_brings_a_test_endpoint_test_work_alone(test_api: Api, cast: Any, receiver: Receiver) -> None:
    for is_test in (True, False):
        outbox.record(organization=cast.organization, event="item.approved", objects={uuid7(): {}}, is_test=is_test)
    deliver(cast.organization)
    made = test_api.post("webhooks/endpoints", {"url": f"{receiver.url}/test"}, status=201)["id"]
    since = {"since": "2026-01-01T00:00:00Z"}
    assert test_api.post(f"webhooks/endpoints/{made}/replay", since, status=202) == {"queued": 1}
    test_api.post(f"webhooks/endpoints/{made}/ping", {}, status=202)
    receiver.secret = WebhookEndpoint.objects.get().secret
    deliver(cast.organization)
    assert [got.json["type"] for got in receiver.attempts] == ["item.approved", "ping"]
    assert Event.objects.filter(type="ping", is_test=True).count() == 1


def test_endpoints_of_tests_take_no_place_of_live_ones_and_fill_no_mailbox(
    test_api: Api, cast: Any, receiver: Receiver
) -> None:
    for number in range(endpoints.MOST):
        test_api.post("webhooks/endpoints", {"url": f"{receiver.url}/{number}"}, status=201)
    test_api.post("webhooks/endpoints", {"url": f"{receiver.url}/more"}, status=409)
    endpoints.create(organization=cast.organization, by=cast.owner, url=f"{receiver.url}/live")
    receiver.reply = Reply(sends.GONE)
    before = Notification.objects.count()
    [first] = WebhookEndpoint.objects.filter(url=f"{receiver.url}/0")
    endpoints.ping(endpoint=first)
    deliver(cast.organization)
    first.refresh_from_db()
    assert not first.is_active
    assert Notification.objects.count() == before
    assert test_api.get("events?types=endpoint.disabled")["events"][0]["data"]["id"] == str(first.pk)


def test_a_test_key_has_a_balance_of_its_own_that_a_text_lessens(test_api: Api, cast: Any, api: Any) -> None:
    assert test_api.get("billing/balance")["available"] == "1000.0000"
    entries, live = Entry.objects.count(), api.as_(cast.owner).get("billing/balance")
    project = project_with(test_api, "A-1", "A-2", rehearsal.FAILED)
    quote = test_api.post(f"projects/{project}/generate/estimate", {})
    assert (quote["xct_expected"], quote["xct_max"], quote["balance_after"]) == ("3.0000", "3.0000", "997.0000")
    refused = test_api.post(f"projects/{project}/generate", {"max_xct": "2.5"}, status=409)
    assert (refused["code"], refused["xct_max"]) == ("max_xct_exceeded", "3.0000")
    generate(test_api, project)
    assert test_api.get("billing/balance")["available"] == "998.0000"  # the text that failed cost nothing
    assert api.as_(cast.owner).get("billing/balance") == live
    assert Entry.objects.count() == entries


def test_an_empty_test_balance_is_402_until_it_is_set_again(test_api: Api, cast: Any) -> None:
    project = project_with(test_api, "A-1", "A-2")
    assert test_api.put("billing/test-balance", {"balance": "1"}) == {"balance": "1.0000"}
    refused = test_api.post(f"projects/{project}/generate", {}, status=402)
    found = (refused["code"], refused["required"], refused["available"])
    assert found == ("insufficient_xct", "2.0000", "1.0000")
    assert not Job.objects.exists()
    test_api.put("billing/test-balance", {"balance": "2"})
    assert generate(test_api, project)["status"] == "completed"
    assert test_api.get("billing/balance")["total_balance"] == "0.0000"
    low = [event["data"]["percent"] for event in test_api.get("events?types=wallet.low")["events"]]
    assert low[-1] == 0
    assert test_api.put("billing/test-balance", {"balance": "-1"}, status=400)["errors"][0]["pointer"] == "#/balance"


def test_a_level_of_the_test_balance_is_told_when_it_is_crossed(cast: Any) -> None:
    test_balance.change(cast.organization.pk, Decimal(202))
    for _ in range(4):
        test_balance.spend(cast.organization.pk, test_balance.PRICE)
    assert [event.data for event in Event.objects.filter(type="wallet.low", is_test=True)] == [{"percent": 20}]
    test_balance.spend(cast.organization.pk, test_balance.PRICE * 500)  # more than there is
    assert Wallet.objects.get(organization=cast.organization).test_balance == 0
    assert Event.objects.filter(type="wallet.low", data__percent=0).count() == 1


def test_a_person_in_a_test_project_needs_no_test_balance(test_api: Api, cast: Any, api: Any) -> None:
    test_balance.change(cast.organization.pk, Decimal(0))
    project = project_with(test_api, "A-1")
    assert generate(api.as_(cast.owner), project)["status"] == "completed"


def test_an_endpoint_for_chosen_projects_is_told_of_these_alone(
    cast: Any, receiver: Receiver, endpoint: WebhookEndpoint, api: Any
) -> None:
    receiver.secret = ""
    mine, other = make_project(cast.organization), make_project(cast.organization)
    person = api.as_(cast.owner)
    body = {"url": f"{receiver.url}/mine", "project_ids": [str(mine.pk)]}
    made = person.post("webhooks/endpoints", body, status=201)
    assert made["project_ids"] == [str(mine.pk)]
    for project in (mine, other):
        outbox.record(
            organization=cast.organization, event="item.approved", objects={uuid7(): {"project_id": project.pk}}
        )
    outbox.record(organization=cast.organization, event="wallet.low", objects={uuid7(): {"percent": 20}})
    deliver(cast.organization)
    told = [got.json["data"].get("project_id") for got in receiver.attempts if got.path == "/mine"]
    assert told == [str(mine.pk)]
    assert sum(got.path == "/scribe" for got in receiver.attempts) == 3
    since = {"since": "2026-01-01T00:00:00Z", "include_delivered": True}
    assert person.post(f"webhooks/endpoints/{made['id']}/replay", since, status=202) == {"queued": 1}
    path = f"webhooks/endpoints/{made['id']}"
    person.patch(path, {"project_ids": [str(uuid7())]}, status=404)
    assert person.patch(path, {"project_ids": []})["project_ids"] == []
