"""Middleware: the request's id, log line and size limit, and the sessions of the admin."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import resolve
from django_otp.middleware import OTPMiddleware

from scribe import logs, metrics, outside_calls, traces
from scribe.api.addresses import believe, client_address, is_trusted
from scribe.api.deferred import Deferred
from scribe.api.problems import problem
from scribe.fairness import callers, lookups
from scribe.ids import uuid7
from scribe.messages import _

log = logs.get_logger("scribe.requests")

SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
PROBES = ("/health", "/health/live", "/health/ready", "/metrics")
QUIET = ("/health", "/static/", "/metrics")


def no_note(key: object, **said: object) -> None:
    """Where no app keeps the requests of keys."""


#: Writes down a request that came with an API key: `(key, *, method, route, status, code, address, milliseconds, request_id)`.
note_key_request: Callable[..., None] = no_note  # type: ignore[explicit-any]  # of any parameters


class RequestContext:
    """Give the request an id (the caller's own if it is valid), add it to logs and reply, and write one log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        believe(request)
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if SANE_ID.fullmatch(sent) else str(uuid7())
        logs.clear()
        logs.bind(request_id=request_id)
        request.request_id = request_id  # type: ignore[attr-defined]
        outside_calls.start_request()
        began = time.perf_counter()
        if request.path.startswith(QUIET):
            response = self.answered(request)
        else:
            with span_of(request) as span:
                logs.bind(**traces.ids())
                response = self.answered(request)
                end_span(span, request, response)
        response["X-Request-ID"] = request_id
        seconds = time.perf_counter() - began
        if not request.path.startswith(QUIET):
            # The path without its query: tokens in links stay out of the logs.
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
                address=client_address(request),
            )
            route = getattr(request.resolver_match, "route", "none")  # the pattern, never the path with its ids
            method = request.method if request.method in METHODS else "other"  # callers can invent methods without end
            if (key := getattr(request, "api_key", None)) is not None:
                note = partial(
                    note_key_request,
                    key,
                    method=method,
                    route=route,
                    address=client_address(request),
                    milliseconds=round(seconds * 1000),
                    request_id=request_id,
                )
                if isinstance(response, Deferred) and not getattr(response, "is_stream", False):
                    response.note = note  # it is noted with its final status
                else:
                    note(status=response.status_code, code=getattr(response, "problem_code", ""))
            metrics.count("requests", method=method, route=route, status=str(response.status_code))
            # What asked a shop or a provider took their time, too.
            outside = "yes" if outside_calls.was_made() else "no"
            metrics.observe("request", seconds, method=method, route=route, outside=outside)
        return response

    def answered(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "in_async_door", False):
            with lookups.in_request():
                return self.get_response(request)
        callers.current.set(callers.Requester(client_address(request)))
        with lookups.in_request():
            response = self.get_response(request)
            return response.now() if isinstance(response, Deferred) else response


class Probes:
    """Answer health checks and scrapes before the check of the `Host`, since they call by the address of a machine or of a
    container. (SECURE_REDIRECT_EXEMPT spares them the redirect to https.)"""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in PROBES:
            return self.get_response(request)
        found = resolve(request.path)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response


class BodyLimits:
    """Refuse a large body with 413 before it is read: over 1 MiB for webhooks, 200 MiB for files, 5 MiB for others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return problem(400, _("The Content-Length header is not a number."), code="bad_request")
        limit = body_limit(request.path, request.META.get("CONTENT_TYPE", ""))
        if length > limit:
            return problem(
                413, _("The request body is larger than {most} bytes.", most=limit), code="body_too_large", limit=limit
            )
        if "\x00" in request.path:  # no id has a NUL, and PostgreSQL refuses it in texts
            return problem(
                404, _("Not found. It may have been deleted, or it belongs to another organization."), code="not_found"
            )
        if "%00" in request.META.get("QUERY_STRING", ""):
            return problem(400, _("The query has a NUL character."), code="invalid_text")
        return self.get_response(request)


def body_limit(path: str, content_type: str) -> int:
    """The most bytes that a body may have."""
    if "webhook" in path:
        return int(settings.WEBHOOK_MAX_BYTES)
    if content_type.lower().startswith("multipart/form-data"):
        return int(settings.UPLOAD_MAX_BYTES) + 1024 * 1024
    return int(settings.JSON_MAX_BYTES)


class Below:
    """A Django middleware that applies only to pages below `prefix`, since the API does not use cookies."""

    inner: type[Any]  # type: ignore[explicit-any]  # of Django's middleware, or made like it
    prefix: str

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.wrapped = self.inner(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.prefix):
            response: HttpResponse = self.wrapped(request)
            return response
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        inner = getattr(self.wrapped, "process_view", None)
        return inner(request, *args) if inner and request.path.startswith(self.prefix) else None


class AdminOnly(Below):
    """Django's session, CSRF, user and OTP middleware, for the back office."""

    prefix = "/admin/"


class AdminSession(AdminOnly):
    inner = SessionMiddleware


class AdminCsrf(AdminOnly):
    inner = CsrfViewMiddleware


class AdminUser(AdminOnly):
    inner = AuthenticationMiddleware


class AdminOTP(AdminOnly):
    inner = OTPMiddleware


class AdminMessages(AdminOnly):
    inner = MessageMiddleware


def span_of(request: HttpRequest) -> AbstractContextManager[traces.Span]:
    """A span around the answer. It goes on in a trusted proxy's trace; what others send could name anybody's."""
    method = request.method if request.method in METHODS else "_OTHER"
    sent = request.headers.get("traceparent", "") if traces.live is not None else ""
    within = sent if sent and is_trusted(request.META.get("REMOTE_ADDR") or "") else ""
    about = {"http.request.method": method, "url.scheme": request.scheme}
    return traces.span(str(method), "server", about, within=within)


def end_span(span: traces.Span, request: HttpRequest, response: HttpResponse) -> None:
    if traces.live is None:
        return
    route = getattr(request.resolver_match, "route", "") or ""  # the pattern, never the path with its ids
    method = request.method if request.method in METHODS else "_OTHER"
    span.name(f"{method} {route}".strip())
    span.set(
        {
            "http.route": route or None,
            "http.response.status_code": response.status_code,
            "scribe.request.id": getattr(request, "request_id", None),
        }
    )
    if response.status_code >= 500:
        span.fail(str(response.status_code))
