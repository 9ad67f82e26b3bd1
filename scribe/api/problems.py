"""The one rendering of errors: every error becomes RFC 9457 problem details."""

import sys
from http import HTTPStatus

import orjson
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf

from scribe import messages
from scribe.api import error_codes
from scribe.errors import (
    LONGEST_RETRY_AFTER,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    VersionConflict,
)
from scribe.logs import context, get_logger
from scribe.messages import Message, _
from scribe.outages import is_outage
from scribe.types import Json

log = get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
FOREIGN_KEY_VIOLATION = "23503"  # PostgreSQL, appendix A
TAKEN_BY_ANOTHER = ("55P03", "40P01")  # a lock waited for in vain, a deadlock


class ProblemResponse(HttpResponse):
    """A problem+json response. `detail` is its sentence as a message, for those who say it in another language, and
    `problem_code` its code, for the log of an API key."""

    detail: str
    problem_code: str


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    headers: dict[str, str] | None = None,
    **extra: object,
) -> ProblemResponse:
    """A problem+json response. `code` defaults to the status's phrase in snake_case."""
    phrase = HTTPStatus(status).phrase
    code = code or phrase.lower().replace(" ", "_").replace("-", "_")
    if isinstance(faults := extra.get("errors"), list):
        extra["errors"] = [{**fault, **_values(fault["detail"])} for fault in faults]
    body = {
        "type": error_codes.type_of(code),
        "title": phrase,
        "status": status,
        "detail": detail or phrase + ".",
        "code": code,
        **_values(detail),
        "request_id": context().get("request_id", ""),
        **extra,
    }
    response = ProblemResponse(orjson.dumps(body, default=str), status=status, content_type=CONTENT_TYPE)
    response.problem_code = code
    response.detail = body["detail"]
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _values(detail: str) -> Json:
    """The numbers and names in a sentence, for programs that say it in words of their own."""
    values = messages.values_of(detail)
    return {"values": values} if values else {}


def render(error: DomainError) -> ProblemResponse:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(min(error.retry_after, LONGEST_RETRY_AFTER))))
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, VersionConflict) and "current" in error.extra:
        headers["ETag"] = f'"{error.extra["current"]["version"]}"'
    return problem(error.status, error.detail, code=error.code, headers=headers, **error.extra)


def handle(error: Exception, context_: Json | None = None) -> ProblemResponse:
    """The exception handler of DRF and of all other code: any exception becomes a problem+json response."""
    if isinstance(error, DomainError):
        return render(error)
    if isinstance(error, Http404):
        return render(NotFound())
    if _is_gone(error):
        log.warning("a row was deleted meanwhile", exc_info=error)
        return render(NotFound())
    if isinstance(error, PermissionDenied):
        return render(Forbidden(_("You don't have permission to do this.")))
    if isinstance(error, drf.ValidationError):
        return render(InvalidInput(errors=pointers(error.detail)))
    if isinstance(error, drf.APIException):
        return _from_drf(error)
    if isinstance(error, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return problem(400, _("A query or form can have at most {most} fields.", most=most), code="too_many_fields")
    if isinstance(error, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return problem(400, _("A form can have at most {most} files.", most=most), code="too_many_files")
    if getattr(error.__cause__, "sqlstate", "") in TAKEN_BY_ANOTHER:
        log.warning("another request or job had the row", exc_info=error)
        detail = _("Another request or job is changing the same data. Please try again in a moment.")
        return problem(503, detail, code="busy", headers={"Retry-After": "5"})
    if is_outage(error):
        log.error("a part of ours is down", exc_info=error)
        return problem(
            503,
            _("Part of our service is unavailable. Please try again in a moment."),
            code="service_unavailable",
            headers={"Retry-After": "5"},
        )
    if isinstance(error, DatabaseError) and "invalid byte sequence" in str(error):
        return render(
            InvalidInput(
                _("The text contains characters that can't be saved. Remove them and try again."), code="invalid_text"
            )
        )
    log.error("unhandled error", exc_info=error)
    return problem(
        500, _("Something went wrong on our side. We recorded the error under the request ID."), code="internal_error"
    )


def _is_gone(error: Exception) -> bool:
    """Whether a row that was found a moment before is there no more: when it is locked or read again, when it is saved, or
    when another row refers to it."""
    if isinstance(error, IntegrityError):
        return getattr(error.__cause__, "sqlstate", "") == FOREIGN_KEY_VIOLATION
    return isinstance(error, ObjectDoesNotExist) or (
        isinstance(error, DatabaseError) and "did not affect any rows" in str(error)
    )


#: What DRF refuses by itself: code, status and sentence.
OF_DRF: dict[type[drf.APIException], tuple[str, int, Message]] = {
    drf.NotAuthenticated: ("not_authenticated", 401, _("Sign in to use this operation.")),
    drf.AuthenticationFailed: ("not_authenticated", 401, _("These credentials can't be used for this operation.")),
    drf.PermissionDenied: ("forbidden", 403, _("You don't have permission to do this.")),
    drf.ParseError: ("malformed_request", 400, _("The request body does not match its content type.")),
    drf.UnsupportedMediaType: ("unsupported_media_type", 415, _("This content type is not supported.")),
    drf.MethodNotAllowed: ("method_not_allowed", 405, _("This HTTP method is not supported here.")),
}


def _from_drf(error: drf.APIException) -> ProblemResponse:
    code, status, detail = OF_DRF[type(error)]
    return problem(
        status, detail, code=code, headers={"WWW-Authenticate": 'Bearer realm="api"'} if status == 401 else None
    )


def pointers(detail: object, base: str = "#") -> list[dict[str, str]]:
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
    return problem(404, _("There is nothing at this address. Check its spelling."), code="not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(400, _("The request is not valid."), code="bad_request")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(403, _("You don't have permission to do this."), code="forbidden")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles an error that was raised outside of the API's views."""
    error = sys.exception()
    if isinstance(error, Exception) and is_outage(error):
        return handle(error)
    return problem(
        500, _("Something went wrong on our side. We recorded the error under the request ID."), code="internal_error"
    )
