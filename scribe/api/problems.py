"""The one rendering of errors: every error becomes RFC 9457 problem details."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf

from scribe.errors import (
    LONGEST_RETRY_AFTER,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    VersionConflict,
)
from scribe.logs import context, get_logger
from scribe.outages import is_outage

log = get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
FOREIGN_KEY_VIOLATION = "23503"  # PostgreSQL, appendix A


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    """A problem+json response. `code` defaults to the status's phrase in snake_case."""
    phrase = HTTPStatus(status).phrase
    body = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail or phrase + ".",
        "code": code or phrase.lower().replace(" ", "_").replace("-", "_"),
        "request_id": context().get("request_id", ""),
        **extra,
    }
    response = HttpResponse(orjson.dumps(body, default=str), status=status, content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def render(error: DomainError) -> HttpResponse:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(min(error.retry_after, LONGEST_RETRY_AFTER))))
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, VersionConflict) and "current" in error.extra:
        headers["ETag"] = f'"{error.extra["current"]["version"]}"'
    return problem(error.status, error.detail, code=error.code, headers=headers, **error.extra)


def handle(error: Exception, context_: dict[str, Any] | None = None) -> HttpResponse:
    """The exception handler of DRF and of all other code: any exception becomes a problem+json response."""
    if isinstance(error, DomainError):
        return render(error)
    if isinstance(error, Http404):
        return render(NotFound())
    if _is_gone(error):
        log.warning("a row was deleted meanwhile", exc_info=error)
        return render(NotFound())
    if isinstance(error, PermissionDenied):
        return render(Forbidden("You may not do this."))
    if isinstance(error, drf.ValidationError):
        return render(InvalidInput(errors=pointers(error.detail)))
    if isinstance(error, drf.APIException):
        return _from_drf(error)
    if isinstance(error, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return problem(400, f"A query or a form may have at most {most} fields.", code="too_many_fields")
    if isinstance(error, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return problem(400, f"A form may have at most {most} files.", code="too_many_files")
    if is_outage(error):
        log.error("a part of ours is down", exc_info=error)
        return problem(
            503,
            "A part of the service is down. Please try again.",
            code="service_unavailable",
            headers={"Retry-After": "5"},
        )
    if isinstance(error, DatabaseError) and "invalid byte sequence" in str(error):
        return render(InvalidInput("The text has characters that cannot be stored.", code="invalid_text"))
    log.error("unhandled error", exc_info=error)
    return problem(
        500, "Something went wrong on our side. It was recorded under the request id.", code="internal_error"
    )


def _is_gone(error: Exception) -> bool:
    """Whether a row that was found a moment before is there no more: when it is locked or read again, when it is saved, or
    when another row refers to it."""
    if isinstance(error, IntegrityError):
        return getattr(error.__cause__, "sqlstate", "") == FOREIGN_KEY_VIOLATION
    return isinstance(error, ObjectDoesNotExist) or (
        isinstance(error, DatabaseError) and "did not affect any rows" in str(error)
    )


def _from_drf(error: drf.APIException) -> HttpResponse:
    names = {
        drf.NotAuthenticated: ("not_authenticated", "Sign in to use this operation."),
        drf.AuthenticationFailed: ("not_authenticated", "These credentials do not open this operation."),
        drf.PermissionDenied: ("forbidden", "You may not do this."),
        drf.ParseError: ("malformed_request", "The body could not be read as the declared content type."),
        drf.UnsupportedMediaType: ("unsupported_media_type", "This content type is not taken here."),
        drf.MethodNotAllowed: ("method_not_allowed", "This method is not allowed here."),
    }
    code, detail = names.get(type(error), ("", ""))
    headers = {}
    if error.status_code == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return problem(error.status_code, detail or str(error.detail), code=code, headers=headers)


def pointers(detail: Any, base: str = "#") -> list[dict[str, str]]:
    """DRF's nested error structure as a flat list of `{pointer, detail, code}`."""
    if isinstance(detail, dict):
        out = []
        for key, value in detail.items():
            name = str(key).replace("~", "~0").replace("/", "~1")
            out += pointers(value, base if key == "non_field_errors" else f"{base}/{name}")
        return out
    if isinstance(detail, list):
        out = []
        for index, value in enumerate(detail):
            out += pointers(value, f"{base}/{index}" if isinstance(value, dict | list) else base)
        return out
    return [{"pointer": base, "detail": str(detail), "code": getattr(detail, "code", "invalid")}]


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(404, "There is no such resource.", code="not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(400, "The request is not valid.", code="bad_request")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(403, "You may not do this.", code="forbidden")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles an error that was raised outside of the API's views."""
    error = sys.exception()
    if isinstance(error, Exception) and is_outage(error):
        return handle(error)
    return problem(
        500, "Something went wrong on our side. It was recorded under the request id.", code="internal_error"
    )
