"""The walk of keys: every operation with every scope."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import api_keys
from accounts.models import ApiKey
from scribe.api import scopes
from scribe.api.access import access_of
from scribe.crypto import digest
from tests.scribe import expected_access, expected_scopes
from tests.scribe.routes import ROUTES, Route, ids_for, photograph, send
from tests.scribe.worlds import world_of
from tests.sizes import some

pytestmark = pytest.mark.slow

REFUSED = ("missing_scope", "closed_to_keys")
CALLED = [route for route in ROUTES if not route.public]
SCOPES = sorted(scopes.SCOPES)
STEP = 6  # of an operation and the scopes it is called with; each has its turn


def key(person: Any, *named: str, mode: str = "live") -> dict[str, str]:
    _, raw = api_keys.create(organization=person.organization, by=person, name="Walk", scopes=named, mode=mode)
    return {"X-API-Key": raw}


def code_of(response: Any) -> str:
    return response.json().get("code", "") if response["Content-Type"] == "application/problem+json" else ""


def nowhere(route: Route) -> str:
    return route.url(dict.fromkeys(route.names, "not-an-id"))


def test_every_operation_declares_the_scope_that_the_rules_name() -> None:
    for route in CALLED:
        assert access_of(route.view, route.action).scope == expected_scopes.scope_of(route.operation), str(route)
    assert set(expected_scopes.named()) == {route.operation for route in CALLED}
    used = {scope for route in CALLED if (scope := access_of(route.view, route.action).scope)}
    assert used | expected_scopes.WITHOUT_OPERATIONS == set(scopes.SCOPES)


def test_what_is_for_people_is_closed() -> None:
    staff = [route for route in CALLED if expected_access.who(route.operation) == "staff"]
    assert staff
    for route in CALLED:
        begins = route.operation.split(" ")[1].split("/")[0]
        if route in staff or begins in ("auth", "gdpr"):
            assert expected_scopes.scope_of(route.operation) == "", str(route)


@pytest.mark.parametrize("scope", some(SCOPES, 12))
def test_every_operation_with_every_scope(cast: Any, scope: str) -> None:
    """Refused by name, where the key's one scope is not the operation's. A sixth of them: none opens what all
    other scopes together do not open, in the tests below."""
    headers = key(cast.owner, scope)
    for route in CALLED[SCOPES.index(scope) % STEP :: STEP]:
        needed = expected_scopes.scope_of(route.operation)
        if needed and needed in scopes.with_implied([scope]):
            continue
        response = send(route, nowhere(route), headers=headers)
        assert response.status_code == 403, f"{route}: {response.status_code}"
        problem = response.json()
        assert problem["code"] == ("missing_scope" if needed else "closed_to_keys"), str(route)
        assert problem.get("scope", "") == needed


@pytest.mark.thorough
@pytest.mark.parametrize("mode", ["live", "test"])
def test_each_operation_without_its_scope_and_with_all_others(cast: Any, mode: str) -> None:
    for scope in scopes.SCOPES:
        others = [name for name in scopes.SCOPES if scope not in scopes.with_implied([name])]
        headers = key(cast.owner, *others, mode=mode)
        for route in CALLED:
            if expected_scopes.scope_of(route.operation) == scope:
                response = send(route, nowhere(route), headers=headers)
                assert (response.status_code, code_of(response)) == (403, "missing_scope"), str(route)
                assert response.json()["scope"] == scope, str(route)


def test_what_is_closed_to_keys_is_closed_to_one_with_every_scope(cast: Any) -> None:
    headers = key(cast.owner, *scopes.SCOPES)
    closed = [route for route in CALLED if not expected_scopes.scope_of(route.operation)]
    assert closed
    for route in closed:
        response = send(route, nowhere(route), headers=headers)
        assert (response.status_code, code_of(response)) == (403, "closed_to_keys"), str(route)


@pytest.mark.thorough
def test_each_operation_opens_with_its_scope_alone_and_only_so_far_as_the_role_goes(cast: Any) -> None:
    admins = {scope: key(cast.owner, scope) for scope in scopes.SCOPES}
    members = {scope: key(cast.teammate, scope) for scope in scopes.SCOPES}
    for route in CALLED:
        needed = expected_scopes.scope_of(route.operation)
        if not needed or route.operation == "POST billing/cancel-subscription":
            continue
        response = send(route, nowhere(route), headers=members[needed])
        if expected_access.who(route.operation) == "admins":
            assert code_of(response) == "admin_required", f"{route}: {code_of(response)}"
        response = send(route, nowhere(route), headers=admins[needed])
        assert response.status_code != 401, str(route)
        assert code_of(response) not in (*REFUSED, "admin_required"), f"{route}: {code_of(response)}"


@pytest.mark.thorough
def test_a_test_key_with_every_scope_calls_what_stays_within_its_projects(cast: Any) -> None:
    """And finds nothing of live work there: every id of it is 404, and no row changes."""
    world = world_of(cast.owner, cast.teammate)
    before = photograph(world)
    headers = key(cast.owner, *scopes.SCOPES, mode="test")
    for route in CALLED:
        url = route.url(ids_for(route, world, cast.organization))
        code = code_of(response := send(route, url, headers=headers))
        if not expected_scopes.scope_of(route.operation):
            assert code == "closed_to_keys", f"{route}: {code}"
        elif not expected_scopes.open_to_tests(route.operation):
            assert code == "test_key_refused", f"{route}: {code}"
        elif set(route.names) - {"profile_id", "template_id"}:
            assert response.status_code == 404, f"{route}: {response.status_code}"
        else:
            assert code not in (*REFUSED, "test_key_refused"), f"{route}: {code}"
            leaked = [str(row.pk) for name, row in world.items() if name in ("project_id", "job_id", "item_id")]
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert not [pk for pk in leaked if pk.encode() in content], str(route)
    assert photograph(world) == before


def test_a_key_of_a_stranger_finds_nothing(cast: Any) -> None:
    mine = world_of(cast.owner, cast.teammate)
    before = photograph(mine)
    headers = key(cast.stranger, *scopes.SCOPES)
    for route in CALLED:
        if not route.names or not expected_scopes.scope_of(route.operation):
            continue
        response = send(route, route.url(ids_for(route, mine, cast.organization)), headers=headers)
        assert response.status_code == 404, f"{route}: {response.status_code}"
    assert photograph(mine) == before


@pytest.mark.thorough
def test_a_key_of_the_first_kind_does_what_it_did(cast: Any) -> None:
    """The six plugin operations with their estimates, whoever made it has left, and no others."""
    raw = "xcs_" + "a" * 40
    ApiKey.objects.create(
        organization=cast.organization,
        name="Old",
        prefix=raw[:10],
        digest=digest(raw),
        scopes=list(scopes.DEFAULT),
        survives_creator=True,
    )
    opened = set()
    for route in CALLED:
        for headers in ({"X-API-Key": raw}, {"Authorization": f"Bearer {raw}"}):
            response = send(route, nowhere(route), headers=headers)
            if code_of(response) not in REFUSED:
                assert response.status_code != 401, str(route)
                opened.add(route.operation)
    assert opened == {
        "GET plugin/status",
        "POST plugin/generate-description",
        "POST plugin/generate-description/estimate",
        "POST plugin/generate-description-async",
        "POST plugin/generate-blog",
        "POST plugin/generate-blog/estimate",
        "POST plugin/generate-blog-async",
        "GET plugin/generation/{}/status",
    }


def test_public_operations_that_take_a_sign_in_take_no_key(cast: Any) -> None:
    raw = key(cast.owner, *scopes.SCOPES)["X-API-Key"]
    route = next(route for route in ROUTES if route.operation == "POST auth/google")
    assert code_of(send(route, nowhere(route), headers={"Authorization": f"Bearer {raw}"})) == "closed_to_keys"


def test_stored_files_are_closed_to_keys(cast: Any) -> None:
    route = next(route for route in ROUTES if route.operation == "GET files/{}")
    url = route.url(ids_for(route, {}, cast.organization))
    assert code_of(send(route, url, headers=key(cast.owner, *scopes.SCOPES))) == "closed_to_keys"
    assert send(route, url, cast.owner).status_code in (200, 403)
