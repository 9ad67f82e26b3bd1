"""The documentation of views: one decorator, and the parts that are added once to the OpenAPI document."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.http.response import HttpResponseBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from scribe.api import error_codes, examples
from scribe.api.access import FOR_WHOM, MEMBERS, PUBLIC, VIEWERS, Access, Who, access_of
from scribe.api.deprecations import Deprecation
from scribe.api.pagination import FieldsQuery, PageQuery
from scribe.api.scopes import SCOPES, is_open_to_tests
from scribe.api.serializers import Problem, Reply, Request
from scribe.api.unknown_names import rule_of
from scribe.types import Json, JsonValue

Method = TypeVar("Method", bound=Callable[..., HttpResponseBase])  # type: ignore[explicit-any]  # of any parameters

#: Of drf-spectacular: path, its pattern, method, view.
Endpoint = tuple[str, str, str, object]

Parameter = OpenApiParameter | type[serializers.Serializer[object]]


@dataclass(frozen=True)
class ListOf:
    """A bare array of `serializer`, with optional `limit` and `offset`."""

    serializer: type[serializers.Serializer[object]]


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

    summary: str
    request: object
    errors: tuple[int, ...]
    parameters: tuple[Parameter, ...] = ()
    row: type[serializers.Serializer[object]] | None = None  # that it answers with, or with a list of
    deprecated: Deprecation | None = None

    @cached_property
    def query_names(self) -> frozenset[str]:
        """The names that its query may have."""
        found: set[str] = set()
        for one in self.parameters:
            if isinstance(one, OpenApiParameter):
                found |= {one.name} if one.location == OpenApiParameter.QUERY else set()
            else:
                found |= one().fields.keys()
        return frozenset(found)


SENTENCES = {
    400: "The request is invalid. `errors` lists the locations, or `code` gives the reason.",
    401: "The credentials are missing, invalid or expired.",
    402: "Not enough XCT. `required` and `available` have the amounts.",
    403: "Not allowed for this role, plan or account.",
    404: "Not found, or it belongs to another organization.",
    405: "This HTTP method is not supported here.",
    409: "The current state does not allow it. `code` gives the reason.",
    410: "The cursor has expired.",
    412: "It has changed since the version in `If-Match`. `current` has the current version.",
    413: "The body is too large.",
    415: "This content type is not supported.",
    416: "The requested range is outside the file.",
    429: "Too many requests. `Retry-After` says when to try again.",
    500: "Something went wrong on our side.",
    502: "A third-party service failed. The reply says which.",
    503: "Part of the service is unavailable or not set up.",
    504: "A third-party service did not reply in time.",
}


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=False, description=description)


IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "Up to 255 characters, kept for 24 hours. Repeating a request with the same key and body "
    "returns the first reply and does nothing twice.",
)
IF_MATCH = _header(
    "If-Match",
    'The `ETag` you read, for example `"7"`. If the object has changed since, it is not updated '
    "(412). Without it, the last change wins.",
)
PREFER = _header(
    "Prefer",
    "`respond-async` returns immediately with the running job (202), `wait=5` after at most five "
    "seconds, `wait=0` immediately (RFC 7240). `Preference-Applied` shows what was applied.",
)
LAST_EVENT_ID = _header(
    "Last-Event-ID",
    "The ID of the last event you have received. The stream continues after it without gaps.",
)


def operation(  # type: ignore[explicit-any]  # the view's own parameters
    *,
    summary: str,
    responses: Mapping[int, object],
    who: Who | None = None,
    scope: str = "",
    live: bool | None = None,
    support: bool = False,
    lasting: bool = False,
    waits: bool = False,
    deprecated: Deprecation | None = None,
    description: str = "",
    request: object = None,
    errors: Sequence[int] = (),
    parameters: Sequence[Parameter] = (),
    examples: Sequence[OpenApiExample] = (),
    **more: object,
) -> Callable[[Method], Method]:
    """Document a method of a view, whose `tag` the operation has, and say who may call it.

    `responses` maps a status to a serializer, ListOf, Binary, EventStream, or None. `who` is the least role, by
    default everybody for what its `scope` says only reads, and members for the rest.
    `scope` is what an API key needs; without one, no key opens the operation. `live` closes it to test keys, and False opens it. `support` lets staff who work as a customer call an operation that changes something. `lasting` forbids them an
    operation whose result would outlive their session. `waits`: it answers by a JobReply.
    `deprecated`: replies say so in headers, and the document does.
    """
    if scope and scope not in SCOPES:
        raise ValueError(f"There is no scope {scope}.")
    documented: dict[object, object] = {}
    added: list[Parameter] = list(parameters)
    for status, shape in responses.items():
        if shape is None:
            documented[status] = OpenApiResponse(
                description="Done." if status == 204 else "A redirect." if 300 <= status < 400 else ""
            )
        elif isinstance(shape, ListOf):
            documented[status] = shape.serializer(many=True)
            added.append(PageQuery)
        elif isinstance(shape, Binary):
            file = OpenApiResponse(OpenApiTypes.BINARY, description=shape.description or "The file.")
            documented |= {(status, kind): file for kind in (*shape.also, shape.media_type)}
        elif shape is EventStream:
            documented[status, "text/event-stream"] = OpenApiResponse(
                OpenApiTypes.STR,
                description="Events `start`, `progress`, `item`, `item_failed`, then one of `complete`, `failed`, `cancelled`; each with a rising `id`.",
            )
            added.append(LAST_EVENT_ID)
        else:
            documented[status] = shape
    added += ([IF_MATCH] if 412 in errors else []) + ([PREFER] if waits else [])
    for status in sorted({*errors, 429, 500}):
        documented[status, "application/problem+json"] = OpenApiResponse(Problem, description=SENTENCES[status])

    def decorate(method: Method) -> Method:  # type: ignore[explicit-any]  # as above
        row = next((shape.serializer for shape in responses.values() if isinstance(shape, ListOf)), None)
        if method.__name__.startswith("retrieve") and method.__annotations__["return"] is Response:  # no file or stream
            row = responses[200]  # type: ignore[assignment]
            added.append(FieldsQuery)
        least = VIEWERS if scope.endswith(":read") else MEMBERS
        method.access = Access(who or least, support, lasting, scope, live)  # type: ignore[attr-defined]
        method.about = Operation(summary, request, tuple(errors), tuple(added), row, deprecated)  # type: ignore[attr-defined]
        return extend_schema(
            summary=summary,
            description=f"{description} {deprecated.sentence()}".strip() if deprecated else description or None,
            deprecated=deprecated is not None or None,
            request=request,
            responses=documented,
            parameters=added,
            examples=list(examples),
            **more,  # type: ignore[arg-type]  # handed on
        )(method)

    return decorate


def bases_without_words() -> list[type]:
    """The base classes whose docstrings must not become descriptions of their subclasses in the document."""
    return [*get_lib_doc_excludes(), Request, Reply]  # type: ignore[no-untyped-call]


class OperationSchema(AutoSchema):
    """Describes an operation: its id by tag and action, its declared sign-in, and the idempotency key if it takes one."""

    def get_tags(self) -> list[str]:
        return [self.view.tag]  # type: ignore[attr-defined]  # of a ScribeViewSet

    def get_operation_id(self) -> str:
        tag = self.get_tags()[0].replace("-", "_")
        action = getattr(self.view, "action", None) or self.method.lower()
        return f"{tag}_{action}"

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular does
        """The view's own docstring, never that of a base class."""
        return inspect.cleandoc(vars(type(self.view)).get("__doc__") or "")

    def get_auth(self) -> list[Json]:
        if self.access.who is PUBLIC:
            return []
        return [entry for entry in super().get_auth() if entry and (self.access.scope or "apiKey" not in entry)]

    @property
    def action(self) -> str:
        return getattr(self.view, "action", "") or ""

    @property
    def access(self) -> Access:
        return access_of(self.view, self.action)

    def get_override_parameters(self) -> list[JsonValue]:
        parameters = list(super().get_override_parameters())
        if self.method == "POST" and getattr(self.view, "idempotent", False) and self.access.who is not PUBLIC:
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

    def get_operation(self, *args: object, **kwargs: object) -> Json | None:
        found = super().get_operation(*args, **kwargs)  # type: ignore[arg-type]  # handed on
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
        if not found.get("description"):
            scope = f"; an API key needs `{self.access.scope}`" if self.access.scope else ""
            found["description"] = f"{found['summary']}, for {FOR_WHOM[self.access.who]}{scope}."
        found["x-unknown-names"] = rule_of(self.get_tags()[0], self.method, self.path)
        if self.access.scope:
            found["x-scope"] = self.access.scope
            found["x-test-keys"] = is_open_to_tests(self.access.scope, live=self.access.live)
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

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of a sign-in.",
        }


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> Json:
        rows = [f"- `{scope}`: {text}" for scope, text in SCOPES.items()]
        text = (
            "An organization's API key (`xcs_live_…`); `Authorization: Bearer xcs_live_…` works as well. It opens the "
            "operations whose `x-scope` is among its scopes, as the person who made it could. `write` implies `read`; 403 "
            "`missing_scope` names in `scope` what a key lacks.\n\n" + "\n".join(rows)
        )
        return {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": text, "x-scopes": SCOPES}


def only_the_api(endpoints: list[Endpoint], **kwargs: object) -> list[Endpoint]:
    """The endpoints of the document: the API and the health checks, without the admin and the document itself."""
    hidden = ("/api/v1/schema", "/api/docs", "/api/redoc", "/admin")
    return [e for e in endpoints if not e[0].startswith(hidden)]


def finish(result: Json, generator: object, request: object, public: bool) -> Json:
    """Add the tags and their descriptions, in the contract's order."""
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    known = result["components"]["schemas"]
    known["ErrorCode"] = {
        "type": "string",
        "enum": list(error_codes.CATALOGUE),
        "description": "`/api/errors` explains each.",
    }
    # Open: a release may add codes, and what other hosts refuse has codes of its own.
    for code in (known[name]["properties"]["code"] for name in ("Problem", "ProblemError")):
        code["anyOf"] = [{"$ref": "#/components/schemas/ErrorCode"}, {"type": code.pop("type")}]
    result["components"]["headers"] = {
        name: {"schema": {"type": kind}, "description": words} for name, (kind, words) in HEADERS.items()
    }
    for operation in (found for item in result["paths"].values() for found in item.values() if "responses" in found):
        examples.add(operation)
        operation.setdefault("security", [])  # public: without it the tools take it for forgotten
        for status, reply in operation["responses"].items():
            reply["headers"] = {
                name: {"$ref": f"#/components/headers/{name}"} for name in headers_of(operation, status)
            }
    write_null_beside_a_type(result)
    return result


def write_null_beside_a_type(part: JsonValue) -> None:
    """`nullable` means nothing without a `type` beside it (OpenAPI 3.0.3, Schema Object): drop it where null is among the
    choices already, and name the type of an object that may be null."""
    if isinstance(part, list):
        for inner in part:
            write_null_beside_a_type(inner)
    elif isinstance(part, dict):
        if part.get("nullable") is True and "type" not in part:
            if "allOf" in part:
                part["type"] = "object"
            else:
                del part["nullable"]
        for inner in part.values():
            write_null_beside_a_type(inner)


HEADERS = {
    "X-Request-ID": ("string", "The request's id: the caller's own, or made here. Quote it to support."),
    "RateLimit": ("string", 'What is left: `"principal";r=1199;t=60` are 1,199 requests in 60 seconds.'),
    "RateLimit-Policy": ("string", 'The limit: `"principal";q=1200;w=60` are 1,200 requests in 60 seconds.'),
    "RateLimit-Limit": ("integer", "Requests in a window."),
    "RateLimit-Remaining": ("integer", "Requests left in this window."),
    "RateLimit-Reset": ("integer", "Seconds until the next window."),
    "Retry-After": ("integer", "Seconds after which to come back."),
    "ETag": (
        "string",
        "A tag for `If-None-Match`; a row's is its `version`, for `If-Match`. Streamed lists have none.",
    ),
    "Link": ("string", 'The next page, `<…>; rel="next"`, if there is one.'),
    "X-Total-Count": ("integer", "Rows of the whole list; not behind a `cursor`."),
    "Idempotent-Replayed": ("string", "`true`: the first answer to this `Idempotency-Key`."),
    "Preference-Applied": ("string", "What was done of `Prefer`."),
    "WWW-Authenticate": ("string", "How to sign in."),
}


def headers_of(operation: Json, status: str) -> list[str]:
    """The headers that a reply of this operation may have."""
    asked = {parameter["name"] for parameter in operation.get("parameters", [])}
    found = ["X-Request-ID"]
    if operation["security"]:
        found += [name for name in HEADERS if name.startswith("RateLimit")]
    if status[0] == "2":
        found += ["ETag"] if "If-Match" in asked or operation["operationId"].endswith(("_list", "_retrieve")) else []
        found += ["Link", "X-Total-Count"] if {"limit", "offset"} <= asked else []
        found += ["Idempotent-Replayed"] if "Idempotency-Key" in asked else []
        found += ["Preference-Applied"] if "Prefer" in asked else []
    return found + {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}.get(status, [])


TAGS = {
    "auth": "Sign-in, registration, password reset, social sign-in and the second factor.",
    "users": "The people of an organization, and one's own profile.",
    "organization": "The organization: details, keys of its own at AI providers, billing details, custom tones.",
    "system": "What the platform offers: AI providers, shop platforms, content types, languages, tones.",
    "projects": "Projects: one store's content each, from import to sync.",
    "generation": "Having language models write content, at once or as a stream of progress.",
    "items": "Content items: review, editing, exclusion, versions and export.",
    "usage": "Usage records of language models.",
    "api-keys": "API keys for shop plugins.",
    "sources": "Data sources of a project: product files and manual entry.",
    "store-connections": "Connections to merchants' stores.",
    "shopify": "The Shopify app: installation and Shopify's webhooks.",
    "sync": "Putting approved content into the store without overwriting what the merchant wrote meanwhile.",
    "jobs": "Background jobs: progress, events, cancelling.",
    "billing": "XCT balance, plans, checkout, invoices.",
    "invitations": "Inviting people into an organization.",
    "store-import": "Importing products from a connected store.",
    "evidence": "Evidence on file for claims that a rule of law forbids without it.",
    "blog": "Blog posts: writing, images, SEO score, scheduling, publishing.",
    "stock-photos": "Stock photos and the organization's own keys for them.",
    "blog-connections": "Connections to blogs.",
    "blog-templates": "Templates that steer a blog post's structure and tone.",
    "files": "Stored files.",
    "gdpr": "Data export and account deletion.",
    "webhooks": "Endpoints of your programs that get events, and what was delivered to them.",
    "events": "The log of events, for programs that fetch them.",
    "notifications": "Notices to the signed-in user.",
    "studio-requests": "Requests for custom AI projects.",
    "paddle-webhooks": "Events from Paddle.",
    "dodo-webhooks": "Events from Dodo Payments.",
    "chatbot": "Events from Chatwoot for the support bots.",
    "plugin": "Operations for shop plugins, by API key.",
    "content-profiles": "Generation settings under a name.",
    "glossary": "A merchant's terms: how each language says them, and which words may not stand for them.",
    "translation-memory": "Sentences with their translations, in and out as TMX.",
    "studio-tools": "The catalogue of studio tools.",
    "studio-store-audit": "Auditing a store's content.",
    "studio-profile-builder": "Building a content profile's instructions from a template.",
    "outreach-tracking": "Opens and clicks of outreach mail.",
    "operations": "Health of the service.",
}
