"""The documentation of views: one decorator, and the parts that are added once to the OpenAPI document."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from scribe.api.access import MEMBERS, PUBLIC, Access, Who, access_of
from scribe.api.pagination import PageQuery
from scribe.api.scopes import OPEN_TO_TESTS, SCOPES
from scribe.api.serializers import Reply, Request
from scribe.api.tags import TAGS

Method = TypeVar("Method", bound=Callable[..., Any])


class ProblemError(Reply):
    """One fault in the input, and where."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, or `?name` of a query parameter.")
    detail = serializers.CharField()
    code = serializers.CharField()


class Problem(Reply):
    """RFC 9457 problem details: the one error format."""

    type = serializers.CharField(help_text="A URI of the problem type; `about:blank` when the status says it all.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="One plain sentence.")
    code = serializers.CharField(help_text="Stable, snake_case; for programs.")
    request_id = serializers.CharField(help_text="Quote this to support.")
    errors = ProblemError(  # type: ignore[assignment]
        many=True, required=False, help_text="For invalid input: what is wrong where."
    )


@dataclass(frozen=True)
class ListOf:
    """A bare array of `serializer`, with optional `limit` and `offset`."""

    serializer: type[serializers.Serializer[Any]]


@dataclass(frozen=True)
class Binary:
    """A file of this media type."""

    media_type: str
    description: str = ""
    also: tuple[str, ...] = ()


class EventStream:
    """Server-sent events."""


@dataclass(frozen=True)
class Operation:
    """What an operation that resembles this one says alike."""

    tag: str
    summary: str
    request: Any
    errors: tuple[int, ...]


SENTENCES = {
    400: "The request is invalid; `errors` says where, or `code` why.",
    401: "No credentials, or dead ones.",
    402: "Not enough XCT: `required` and `available` say how much.",
    403: "The role, the tier or a blocked account forbids it.",
    404: "Not there, or not yours.",
    405: "This method is not allowed here.",
    409: "The present state forbids it; `code` says which.",
    410: "What the cursor names is no longer kept.",
    412: "It has changed since the version in `If-Match`: `current` is what stands there now.",
    413: "The body is too large.",
    415: "This content type is not taken here.",
    416: "The range lies outside the file.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "Something went wrong on our side.",
    502: "A third party failed; the problem says which.",
    503: "A part of the service is down or not configured.",
    504: "A third party did not answer in time.",
}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=False,
    description="Up to 255 characters, kept 24 hours: the same key and body give the first answer again, and one effect.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=False,
    description='The `ETag` that was read, `"7"`: a row that has changed since is left as it is (412). Without it the later '
    "change wins.",
)
LAST_EVENT_ID = OpenApiParameter(
    "Last-Event-ID",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=False,
    description="The id of the last event seen: the stream goes on after it, without a gap.",
)


def operation(
    *,
    tag: str,
    summary: str,
    responses: dict[int, Any],
    who: Who = MEMBERS,
    scope: str = "",
    live: bool = False,
    support: bool = False,
    lasting: bool = False,
    description: str = "",
    request: Any = None,
    errors: Sequence[int] = (),
    parameters: Sequence[Any] = (),
    examples: Sequence[OpenApiExample] = (),
    **more: Any,
) -> Callable[[Method], Method]:
    """Document a view's method and say who may call it.

    `responses` maps a status to a serializer, ListOf, Binary, EventStream, or None. `who` is the least role.
    `scope` is what an API key needs; without one, no key opens the operation. `live` closes it to test keys. `support` lets staff who work as a customer call an operation that changes something. `lasting` forbids them an
    operation whose result would outlive their session.
    """
    if scope and scope not in SCOPES:
        raise ValueError(f"There is no scope {scope}.")
    documented: dict[Any, Any] = {}
    added: list[Any] = list(parameters)
    for status, shape in responses.items():
        if shape is None:
            documented[status] = OpenApiResponse(
                description="Done." if status == 204 else "A redirect." if 300 <= status < 400 else ""
            )
        elif isinstance(shape, ListOf):
            documented[status] = shape.serializer(many=True)
            added.append(PageQuery)
        elif isinstance(shape, Binary):
            for kind in shape.also:
                documented[status, kind] = OpenApiResponse(
                    OpenApiTypes.BINARY, description=shape.description or "The file."
                )
            documented[status, shape.media_type] = OpenApiResponse(
                OpenApiTypes.BINARY, description=shape.description or "The file."
            )
        elif shape is EventStream:
            documented[status, "text/event-stream"] = OpenApiResponse(
                OpenApiTypes.STR,
                description="Events `start`, `progress`, `item`, `item_failed`, then one of `complete`, `failed`, `cancelled`; each with a rising `id`.",
            )
            added.append(LAST_EVENT_ID)
        else:
            documented[status] = shape
    if 412 in errors:
        added.append(IF_MATCH)
    for status in sorted({*errors, 429, 500}):
        documented[status, "application/problem+json"] = OpenApiResponse(Problem, description=SENTENCES[status])
    document = extend_schema(
        tags=[tag],
        summary=summary,
        description=description or None,
        request=request,
        responses=documented,
        parameters=added,
        examples=list(examples),
        **more,
    )

    def decorate(method: Method) -> Method:
        method.access = Access(who, support, lasting, scope, live)  # type: ignore[attr-defined]
        method.about = Operation(tag, summary, request, tuple(errors))  # type: ignore[attr-defined]
        documented_method: Method = document(method)
        return documented_method

    return decorate


def bases_without_words() -> list[type]:
    """The base classes whose docstrings must not become descriptions of their subclasses in the document."""
    return [*get_lib_doc_excludes(), Request, Reply]  # type: ignore[no-untyped-call]


class OperationSchema(AutoSchema):
    """Describes an operation: its id by tag and action, its declared sign-in, and the idempotency key if it takes one."""

    def get_operation_id(self) -> str:
        tag = self.get_tags()[0].replace("-", "_")
        action = getattr(self.view, "action", None) or self.method.lower()
        return f"{tag}_{action}"

    def get_description(self) -> str:
        """The view's own docstring, never that of a base class."""
        return inspect.cleandoc(vars(type(self.view)).get("__doc__") or "")

    def get_auth(self) -> list[dict[str, Any]]:
        if self.access.who is PUBLIC:
            return []
        return [entry for entry in super().get_auth() if entry and (self.access.scope or "apiKey" not in entry)]

    @property
    def action(self) -> str:
        return getattr(self.view, "action", "") or ""

    @property
    def access(self) -> Access:
        return access_of(self.view, self.action)

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.method == "POST" and getattr(self.view, "idempotent", False) and self.access.who is not PUBLIC:
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_operation(*args, **kwargs)
        if found is None:
            return None
        problem = {"$ref": "#/components/schemas/Problem"}

        def add(status: int) -> None:
            found["responses"].setdefault(
                str(status),
                {"description": SENTENCES[status], "content": {"application/problem+json": {"schema": problem}}},
            )

        if self.access.who is not PUBLIC:
            add(400)  # for two credentials
            add(401)
            add(403)  # for a role, a scope, or an API key where only people are let in
        if self.access.scope:
            found["x-scope"] = self.access.scope
            found["x-test-keys"] = not self.access.live and self.access.scope in OPEN_TO_TESTS
        asked = [p["name"] for p in found.get("parameters", []) if p["in"] == "query"]
        if "{" in self.path or any(name.endswith("_id") for name in asked):
            add(404)  # for an id that does not exist, or belongs to another organization
        if "requestBody" in found or asked:
            add(400)
        if "requestBody" in found:
            add(413)
            add(415)
        found["responses"] = dict(sorted(found["responses"].items()))
        return found


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.SessionTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of a sign-in.",
        }


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        rows = [f"- `{scope}`: {text}" for scope, text in SCOPES.items()]
        text = (
            "An organization's API key (`xcs_live_…`); `Authorization: Bearer xcs_live_…` works as well. It opens the "
            "operations whose `x-scope` is among its scopes, as the person who made it could. `write` implies `read`; 403 "
            "`missing_scope` names in `scope` what a key lacks.\n\n" + "\n".join(rows)
        )
        return {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": text, "x-scopes": SCOPES}


def only_the_api(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """The endpoints of the document: the API and the health checks, without the admin and the document itself."""
    hidden = ("/api/v1/schema", "/api/docs", "/api/redoc", "/admin")
    return [e for e in endpoints if not e[0].startswith(hidden)]


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the tags and their descriptions, in the contract's order."""
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    result["components"].setdefault("schemas", {})
    return result
