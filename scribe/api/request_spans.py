"""The span of a request: its method, the pattern of its path, and how it was answered."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.http import HttpRequest, HttpResponse

from scribe import traces
from scribe.api.addresses import is_trusted

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def answering(request: HttpRequest) -> AbstractContextManager[traces.Span]:
    """A span around the answer. It goes on in a trusted proxy's trace; what others send could name anybody's."""
    method = request.method if request.method in METHODS else "_OTHER"
    sent = request.headers.get("traceparent", "") if traces.live is not None else ""
    within = sent if sent and is_trusted(request.META.get("REMOTE_ADDR") or "") else ""
    about = {"http.request.method": method, "url.scheme": request.scheme}
    return traces.span(str(method), "server", about, within=within)


def answered(span: traces.Span, request: HttpRequest, response: HttpResponse) -> None:
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
