"""The routes of the API, the ids of what an organization owns in their places, and calls of them."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, get_resolver

from scribe import storage
from tests import factories
from tests.scribe import expected_access

#: The parameters that name a project, or something that is in one.
OF_PROJECTS = {
    "project_id", "item_id", "source_id", "version_id", "comment_id", "rule_id", "job_id", "batch_id", "post_id",
    "image_id", "audit_id", "generation_id", "endpoint_id", "delivery_id",
}  # fmt: skip


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
