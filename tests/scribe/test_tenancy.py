"""The tenancy walk: every route of the route map, with somebody else's ids.

A route whose ids are not known here fails the walk, so a new one cannot be forgotten.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from scribe.api.access import access_of
from scribe.models import Job
from tests import factories
from tests.scribe import expected_access
from tests.scribe.routes import ROUTES, ids_for, photograph, send
from tests.scribe.worlds import world_of

pytestmark = pytest.mark.slow


@pytest.fixture
def worlds(cast: Any) -> Any:
    return world_of(cast.owner, cast.teammate), world_of(
        cast.stranger, factories.make_user(cast.stranger.organization, role="member")
    )


def test_every_operation_asks_for_the_role_that_the_rules_name() -> None:
    for route in ROUTES:
        declared = access_of(route.view, route.action)
        assert declared.who == expected_access.who(route.operation), f"{route} is for {declared.who}"
        if route.method != "get":
            assert declared.support == expected_access.open_to_support(route.operation), f"{route}: support"


def test_the_expectations_name_no_operation_that_is_gone() -> None:
    known = {route.operation for route in ROUTES}
    texts = (*expected_access.LISTS.values(), expected_access.ANSWERS, expected_access.BEGINNINGS)
    named = [line for text in texts for line in expected_access.listed(text)]
    assert not [line for line in named if line not in known]


def test_every_parameter_of_every_route_is_known_here(worlds: Any, cast: Any) -> None:
    world = worlds[0]
    for route in ROUTES:
        assert ids_for(route, world, cast.organization).keys() == set(route.names), (
            f"add the ids of {route} to the walk"
        )


def test_nobody_gets_in_without_credentials(worlds: Any, cast: Any) -> None:
    for route in ROUTES:
        if route.public:
            continue
        for ids in (ids_for(route, worlds[0], cast.organization), dict.fromkeys(route.names, "not-an-id")):
            response = send(route, route.url(ids))
            assert response.status_code == 401, f"{route}: {response.status_code}"
            assert response["Content-Type"] == "application/problem+json"


def test_a_stranger_gets_404_on_every_id_of_every_route_and_changes_nothing(worlds: Any, cast: Any) -> None:
    mine, theirs = worlds
    before = photograph(mine)
    for route in ROUTES:
        if not route.names or route.names == ("prospect_id",) or (route.public and route.names != ("s3_key",)):
            continue
        foreign = ids_for(route, mine, cast.organization)
        own = ids_for(route, theirs, cast.stranger.organization)
        # Every id foreign, and, below an own parent, the inner ones alone.
        for cut in range(len(route.names)):
            ids = {**own, **{name: foreign[name] for name in route.names[cut:]}}
            headers = {}
            user = cast.stranger
            if route.by_key:
                headers, user = {"X-API-Key": factories.make_plugin_key(cast.stranger.organization)}, None
            response = send(route, route.url(ids), user, headers=headers)
            expected = {403} if route.for_staff else {404}
            assert response.status_code in expected, (
                f"{route} with {ids}: {response.status_code} {response.content[:300]!r}"
            )
        response = send(route, route.url(dict.fromkeys(route.names, "not-an-id")), user, headers=headers)
        assert response.status_code in {403, 404}, f"{route} with a malformed id: {response.status_code}"
    assert photograph(mine) == before


def test_a_member_is_refused_what_is_for_admins(worlds: Any, cast: Any) -> None:
    for route in ROUTES:
        if expected_access.who(route.operation) not in ("admins", "staff"):
            continue
        ids = dict.fromkeys(route.names, "not-an-id")
        code = send(route, route.url(ids), cast.teammate)
        assert code.status_code == 403, f"{route}: {code.status_code}"
        if route.for_staff:
            assert send(route, route.url(ids), cast.owner).status_code == 403, str(route)


def test_an_access_token_does_not_open_the_plugin_operations(worlds: Any, cast: Any) -> None:
    for route in ROUTES:
        if route.by_key:
            url = route.url(ids_for(route, worlds[0], cast.organization))
            assert send(route, url, cast.owner).status_code == 401, f"{route} opened for an access token"


# Ids in bodies: (method, path of the caller's own, body with a foreign id).
def bodies(mine: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    foreign = {name: str(row.pk) for name, row in mine.items()}
    own = {name: str(row.pk) for name, row in theirs.items()}
    project = f"projects/{own['project_id']}"
    both = [own["item_id"], foreign["item_id"]]
    future = (timezone.now() + datetime.timedelta(days=1)).isoformat()
    post = f"{project}/blog-posts/{own['post_id']}"
    return [
        ("patch", project, {"store_connection_id": foreign["store-connections"]}),
        ("patch", project, {"content_profile_id": foreign["profile_id"]}),
        ("patch", f"{project}/items/batch", {"item_ids": both, "status": "approved"}),
        ("post", f"{project}/items/exclude", {"item_ids": both}),
        ("post", f"{project}/items/restore", {"item_ids": both}),
        ("post", f"{project}/generate", {"item_ids": both}),
        ("post", f"{project}/generate/estimate", {"item_ids": both}),
        ("post", f"{project}/generate/stream", {"item_ids": both}),
        ("post", f"{project}/regenerate", {"item_ids": both}),
        ("post", f"{project}/regenerate/stream", {"item_ids": both}),
        ("post", f"{project}/regenerate-rejected", {"item_ids": both}),
        ("post", f"{project}/regenerate-rejected/stream", {"item_ids": both}),
        ("post", f"{project}/jobs", {"job_type": "generation", "payload": {"item_ids": both}}),
        ("post", f"{project}/sync/stream", {"mode": "selected", "item_ids": both}),
        ("post", f"{project}/blog-posts", {"post_type": "article", "topic": "Bottles", "source_item_ids": both}),
        (
            "post",
            f"{project}/blog-posts",
            {"post_type": "article", "topic": "B", "template_id": foreign["template_id"]},
        ),
        (
            "post",
            f"{project}/blog-posts",
            {"post_type": "article", "topic": "B", "store_connection_id": foreign["shopify"]},
        ),
        ("patch", post, {"source_item_ids": both}),
        ("post", f"{post}/publish", {"connection_id": foreign["blog-connections"]}),
        ("post", f"{post}/publish", {"store_connection_id": foreign["shopify"]}),
        ("post", f"{post}/schedule", {"scheduled_at": future, "connection_id": foreign["blog-connections"]}),
        ("post", f"{post}/schedule", {"scheduled_at": future, "store_connection_id": foreign["shopify"]}),
        ("post", "studio/store-audit/run", {"project_id": foreign["project_id"]}),
    ]


def test_a_foreign_id_in_a_body_is_404_and_changes_nothing(worlds: Any, cast: Any, api: Any) -> None:
    from billing.models import Wallet

    mine, theirs = worlds
    Wallet.objects.filter(organization=cast.stranger.organization).update(plan="business")
    before, own_before = photograph(mine), photograph(theirs)
    caller = api.as_(cast.stranger)
    for method, path, body in bodies(mine, theirs):
        getattr(caller, method)(path, body, status=404)
    assert photograph(mine) == before
    assert photograph(theirs) == own_before
    assert Job.objects.filter(status="queued").count() == 0


def test_foreign_ids_in_queries_are_404(worlds: Any, cast: Any, api: Any) -> None:
    from billing.models import Wallet

    mine, theirs = worlds
    Wallet.objects.filter(organization=cast.stranger.organization).update(plan="business")
    caller = api.as_(cast.stranger)
    project = f"projects/{theirs['project_id'].pk}"
    caller.get(f"{project}/items?source_id={mine['source_id'].pk}", status=404)
    caller.get(f"{project}/export?source_id={mine['source_id'].pk}", status=404)
    caller.get(f"webhooks/deliveries?endpoint_id={mine['endpoint_id'].pk}", status=404)
    caller.get(f"webhooks/deliveries?event_id={mine['delivery_id'].event_id}", status=404)
    caller.get(f"webhooks/deliveries?after={mine['delivery_id'].pk}", status=404)
    caller.get(f"events?after={mine['delivery_id'].event_id}", status=410)
    caller.get(f"studio/store-audit?project_id={mine['project_id'].pk}", status=404)
    caller.get(f"billing/balance?organization_id={cast.organization.pk}", status=400)  # not a parameter of this one
    caller.post(f"billing/topup?organization_id={cast.organization.pk}", {"amount": 5}, status=403)


def test_lists_show_ones_own_rows_only(worlds: Any, cast: Any) -> None:
    mine = {str(row.pk) for row in worlds[0].values()} | {str(cast.organization.pk), str(cast.owner.pk)}
    for route in ROUTES:
        if route.method != "get" or route.names or route.public or route.by_key or route.for_staff:
            continue
        response = send(route, "/" + route.path, cast.stranger)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        leaked = [pk for pk in mine if pk.encode() in content]
        assert not leaked, f"{route} showed {leaked}"
