"""Keys that are limited to projects: they find nothing of others, wherever their scopes let them in."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import api_keys
from accounts.models import ApiKey
from billing.models import UsageRecord
from scribe import outbox
from scribe.api import scopes
from scribe.ids import uuid7
from scribe.models import Event
from tests import factories
from tests.helpers import Api
from tests.scribe import expected_scopes
from tests.scribe.routes import OF_PROJECTS, ROUTES, ids_for, photograph, send
from tests.scribe.worlds import world_of

#: The parameters that name what belongs to the organization: the key's scopes open it.
OF_ORGANIZATION = {
    "profile_id", "term_id", "user_id", "invitation_id", "notification_id", "tone_id", "key_id", "connection_id",
    "invoice_id", "payment_id", "template_id", "request_id", "s3_key", "identity_id", "evidence_id", "prospect_id",
}  # fmt: skip


def limited(person: Any, *projects: Any, mode: str = "live", named: Any = tuple(scopes.SCOPES)) -> dict[str, str]:
    ids = [str(project.pk) for project in projects]
    _, raw = api_keys.create(
        organization=person.organization, by=person, name="One", scopes=named, project_ids=ids, mode=mode
    )
    return {"X-API-Key": raw}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_operation_hides_what_is_in_other_projects(cast: Any) -> None:
    from billing.models import Wallet

    Wallet.objects.filter(organization=cast.organization).update(plan="business")
    world = world_of(cast.owner, cast.teammate)
    own = factories.make_project(cast.organization)
    headers = limited(cast.owner, own)
    before = photograph(world)
    for route in ROUTES:
        assert set(route.names) <= OF_PROJECTS | OF_ORGANIZATION, f"say of {route} whether it is about a project"
        inner = [name for name in route.names if name in OF_PROJECTS]
        if route.public or not expected_scopes.scope_of(route.operation):
            continue
        foreign = ids_for(route, world, cast.organization)
        if inner:
            for ids in (foreign, {**foreign, "project_id": str(own.pk)}):
                if route.names == ("project_id",) and ids != foreign:
                    continue
                response = send(route, route.url(ids), headers=headers)
                assert response.status_code == 404, f"{route}: {response.status_code} {response.content[:200]!r}"
        elif route.method == "get" and not route.names:
            response = send(route, "/" + route.path, headers=headers)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            leaked = [name for name in OF_PROJECTS & set(world) if str(world[name].pk).encode() in content]
            assert not leaked, f"{route} showed {leaked}"
    assert photograph(world) == before


@pytest.mark.django_db
def test_it_finds_its_own_projects_and_adds_none(cast: Any) -> None:
    own, other = factories.make_project(cast.organization), factories.make_project(cast.organization)
    caller = Api(limited(cast.owner, own))
    assert [row["id"] for row in caller.get("projects")] == [str(own.pk)]
    item = factories.make_item(own)
    assert [row["id"] for row in caller.get(f"projects/{own.pk}/items")] == [str(item.pk)]
    caller.get(f"projects/{other.pk}", 404)
    refused = caller.post("projects", {"name": "More", "platform": "woocommerce"}, status=403)
    assert refused["code"] == "limited_to_projects"
    body = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": {"Material": "wool"}}
    assert caller.post("plugin/generate-description-async", body, status=403)["code"] == "limited_to_projects"


@pytest.mark.django_db
def test_its_events_and_endpoints_are_of_its_projects(cast: Any) -> None:
    own, other = factories.make_project(cast.organization), factories.make_project(cast.organization)
    for project in (own, other):
        objects = {uuid7(): {"project_id": project.pk}}
        outbox.record(organization=cast.organization, event="item.approved", objects=objects)
    outbox.record(organization=cast.organization, event="wallet.low", objects={uuid7(): {"percent": 20}})
    caller, wide = Api(limited(cast.owner, own)), Api(limited(cast.owner))
    assert [event["data"]["project_id"] for event in caller.get("events")["events"]] == [str(own.pk)]
    assert len(wide.get("events")["events"]) == 3
    foreign = str(Event.objects.get(data__project_id=str(other.pk)).pk)
    caller.get(f"events?after={foreign}", 410)
    made = caller.post("webhooks/endpoints", {"url": "https://erp.example.com/x"}, status=201)
    assert made["project_ids"] == [str(own.pk)]  # not the whole organization, which the key does not see
    path = f"webhooks/endpoints/{made['id']}"
    assert caller.patch(path, {"project_ids": []})["project_ids"] == [str(own.pk)]
    caller.patch(path, {"project_ids": [str(other.pk)]}, status=404)
    whole = wide.post("webhooks/endpoints", {"url": "https://erp.example.com/y"}, status=201)["id"]
    caller.get(f"webhooks/endpoints/{whole}", 404)
    assert [row["id"] for row in caller.get("webhooks/endpoints")] == [made["id"]]


@pytest.mark.django_db
def test_projects_are_named_when_a_key_is_made_and_stay(cast: Any, api: Any) -> None:
    own = factories.make_project(cast.organization)
    trial = factories.make_project(cast.organization, is_test=True)
    strange = factories.make_project(cast.stranger.organization)
    person = api.as_(cast.owner)
    body = {"name": "ERP", "scopes": ["items:read"]}
    person.post("api-keys", {**body, "project_ids": [str(strange.pk)]}, status=404)
    for mode, other in (("live", trial), ("test", own)):
        named = [str(pk) for pk in (own.pk, trial.pk)]
        refused = person.post("api-keys", {**body, "mode": mode, "project_ids": named}, status=400)
        (fault,) = refused["errors"]
        assert (refused["code"], fault["pointer"]) == ("wrong_mode", f"#/project_ids/{named.index(str(other.pk))}")
        assert refused["detail"].startswith("This is a test project" if other.is_test else "This project is live")
    person.post(
        "api-keys", {"name": "ERP", "project_ids": []}, status=400
    )  # which may be a choice that came to nothing
    assert not ApiKey.objects.exists()
    body = {"name": "ERP", "scopes": ["items:read"], "project_ids": [str(own.pk)]}
    made = person.post("api-keys", body, status=201)
    assert made["project_ids"] == [str(own.pk)]
    assert person.get(f"api-keys/{made['id']}")["project_ids"] == [str(own.pk)]
    fixed = person.patch(f"api-keys/{made['id']}", {"project_ids": []}, status=400)
    assert fixed["code"] == "unchangeable"
    assert person.post(f"api-keys/{made['id']}/rotate", {}, status=201)["project_ids"] == [str(own.pk)]
    person.post("api-keys", {**body, "mode": "test", "project_ids": [str(trial.pk)]}, status=201)


@pytest.mark.django_db
def test_a_project_that_is_deleted_leaves_the_key_without_projects(cast: Any) -> None:
    own, other = factories.make_project(cast.organization), factories.make_project(cast.organization)
    caller = Api(limited(cast.owner, own))
    own.delete()
    assert caller.get("projects") == []
    caller.get(f"projects/{other.pk}", 404)


@pytest.mark.django_db
def test_sums_of_usage_are_of_what_the_caller_may_list(cast: Any) -> None:
    own, other = factories.make_project(cast.organization), factories.make_project(cast.organization)
    rehearsed = factories.make_project(cast.organization, is_test=True)
    for project, calls in ((own, 1), (other, 2), (rehearsed, 4)):
        for call in range(calls):
            UsageRecord.objects.create(
                organization=cast.organization,
                project_id=project.pk,
                provider="offline",
                is_test=project.is_test,
                input_tokens=10,
                key=f"{project.pk}/{call}",
            )
    person = {"Authorization": f"Bearer {factories.token_of(cast.owner)}"}
    for headers, calls in (
        (person, 7),
        (limited(cast.owner), 3),
        (limited(cast.owner, own), 1),
        (limited(cast.owner, other), 2),
    ):
        caller = Api(headers)
        assert len(caller.get("usage")) == calls
        summary, spending = caller.get("usage/summary"), caller.get("billing/usage-summary")
        assert summary["by_provider"]["offline"]["requests"] == calls
        assert summary["total_input_tokens"] == calls * 10
        assert spending["by_provider"]["offline"]["request_count"] == calls
