"""The tenancy walk: every route of the route map, with somebody else's ids.

A route whose ids are not known here fails the walk, so a new one cannot be forgotten.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from scribe import storage
from scribe.api.access import access_of
from scribe.models import Job
from tests import factories
from tests.scribe import expected_access
from tests.scribe.worlds import world_of

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Route:
    path: str  # "api/v1/projects/<str:project_id>"
    method: str
    action: str
    view: Any
    names: tuple[str, ...]

    @property
    def public(self) -> bool:
        return expected_access.who(self.operation) == "public"

    @property
    def operation(self) -> str:
        """The route as the list of expectations names it: `GET users/{}`."""
        return f"{self.method.upper()} {re.sub('<[^>]+>', '{}', self.path.removeprefix('api/v1/'))}"

    @property
    def for_staff(self) -> bool:
        return expected_access.who(self.operation) == "staff"

    @property
    def by_key(self) -> bool:
        return [c.__name__ for c in self.view.authentication_classes] == ["ApiKeyAuthentication"]

    def url(self, ids: dict[str, str]) -> str:
        text = "/" + self.path
        for name in self.names:
            for converter in ("str", "path", "uuid", "slug"):
                text = text.replace(f"<{converter}:{name}>", ids[name])
        return text

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes() -> list[Route]:
    def walk(patterns: Any, prefix: str) -> Iterator[Route]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                yield from walk(pattern.url_patterns, path)
                continue
            view = getattr(pattern.callback, "cls", None)
            for method, action in (getattr(pattern.callback, "actions", None) or {}).items():
                yield Route(path, method, action, view, tuple(pattern.pattern.converters))

    return [
        route
        for route in walk(get_resolver().url_patterns, "")
        if route.path.startswith("api/v1/") and route.method != "head"
    ]


ROUTES = routes()


def ids_for(route: Route, world: dict[str, Any], organization: Any) -> dict[str, str]:
    ids = {}
    for name in route.names:
        if name == "s3_key":
            ids[name] = storage.save(organization.pk, "exports", "a.txt", b"mine")
        elif name == "payment_id":
            ids[name] = "pay_of_somebody"
        elif name == "prospect_id":
            ids[name] = str(uuid.uuid4())
        else:
            ids[name] = str(world[key_of(route, name)].pk)
    return ids


def key_of(route: Route, name: str) -> str:
    """Which row a parameter means: `key_id` and `connection_id` depend on the path before it."""
    if name in ("key_id", "connection_id"):
        return "shopify" if "/shopify/" in route.path else route.path.split("/")[2]
    if name == "tone_id":
        return "tone_id"
    return name


@pytest.fixture
def worlds(cast: Any) -> Any:
    return world_of(cast.owner, cast.teammate), world_of(
        cast.stranger, factories.make_user(cast.stranger.organization, role="member")
    )


def photograph(world: dict[str, Any]) -> dict[str, Any]:
    """Every column of every row, to see that nothing changed."""
    return {name: type(row)._base_manager.filter(pk=row.pk).values().get() for name, row in world.items()}


def send(route: Route, url: str, user: Any = None, body: Any = None, headers: Any = None) -> Any:
    client = Client(raise_request_exception=False)
    found = dict(headers or {})
    if user is not None:
        found["Authorization"] = f"Bearer {factories.token_of(user)}"
    data = json.dumps(body if body is not None else {})
    method = getattr(client, route.method)
    if route.method == "get":
        return method(url, headers=found)
    return method(url, data, content_type="application/json", headers=found)


def test_every_operation_asks_for_the_role_that_the_rules_name() -> None:
    for route in ROUTES:
        declared = access_of(route.view, route.action)
        assert declared.who == expected_access.who(route.operation), f"{route} is for {declared.who}"
        if route.method != "get":
            assert declared.support == expected_access.open_to_support(route.operation), f"{route}: support"


def test_the_expectations_name_no_operation_that_is_gone() -> None:
    known = {route.operation for route in ROUTES}
    named = [
        line
        for text in ("PUBLIC", "ADMINS", "STAFF")
        for line in expected_access.listed(getattr(expected_access, text))
    ]
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
                headers, user = {"X-API-Key": api_key(cast.stranger.organization)}, None
            response = send(route, route.url(ids), user, headers=headers)
            expected = {403} if route.for_staff else {404}
            assert response.status_code in expected, (
                f"{route} with {ids}: {response.status_code} {response.content[:300]!r}"
            )
        response = send(route, route.url(dict.fromkeys(route.names, "not-an-id")), user, headers=headers)
        assert response.status_code in {403, 404}, f"{route} with a malformed id: {response.status_code}"
    assert photograph(mine) == before


def api_key(organization: Any) -> str:
    from accounts import api_keys

    _, raw = api_keys.create(organization=organization, name="Shop", by=factories.make_user(organization))
    return raw


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
    caller.get(f"billing/balance?organization_id={cast.organization.pk}", status=200)  # not a parameter of this one
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
