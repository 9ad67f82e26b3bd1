"""The errors that domain code raises. `scribe/api/problems.py` renders them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

LONGEST_RETRY_AFTER = 86_400  # seconds; third parties may send longer or endless waits


class DomainError(Exception):
    """An error that the caller can act on. `detail` is one plain sentence, `code` is stable snake_case, `extra` has
    further members of the reply."""

    status = 400
    code = "invalid_input"

    def __init__(
        self, detail: str = "", *, code: str | None = None, retry_after: float | None = None, **extra: Any
    ) -> None:
        self.detail = detail or HTTPStatus(self.status).phrase + "."
        self.code = code or type(self).code
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.detail)


class InvalidInput(DomainError):
    """400. `errors` lists the faults: `{pointer, detail, code}`, where `pointer` is a JSON pointer (`#/name`) or `?name`."""

    def __init__(
        self, detail: str = "The request is not valid.", *, errors: list[dict[str, str]] | None = None, **extra: Any
    ) -> None:
        if errors:
            extra["errors"] = errors
        super().__init__(detail, **extra)

    @classmethod
    def at(cls, pointer: str, detail: str, code: str = "invalid") -> InvalidInput:
        """The error for one fault, at one place."""
        return cls(detail, code=code, errors=[{"pointer": pointer, "detail": detail, "code": code}])


class NotAuthenticated(DomainError):
    status = 401
    code = "not_authenticated"


class Forbidden(DomainError):
    status = 403
    code = "forbidden"


class NotFound(DomainError):
    """404: the row does not exist, or belongs to another organization. The reply is the same for both."""

    status = 404
    code = "not_found"

    def __init__(self, detail: str = "There is no such resource.", **extra: Any) -> None:
        super().__init__(detail, **extra)


class Conflict(DomainError):
    status = 409
    code = "conflict"


class VersionConflict(DomainError):
    """412: the row has changed since the caller read it. `current` is the present row with its version."""

    status = 412
    code = "version_conflict"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or "Somebody has changed it meanwhile. `current` is what stands there now.", **extra)


class TooLarge(DomainError):
    status = 413
    code = "too_large"


class UnsupportedMedia(DomainError):
    status = 415
    code = "unsupported_media_type"


class TooManyRequests(DomainError):
    status = 429
    code = "too_many_requests"


class UpstreamFailed(DomainError):
    """502: a third party failed. `party` names it."""

    status = 502
    code = "upstream_error"


class UpstreamTimeout(DomainError):
    """504: a third party took too long. `party` names it."""

    status = 504
    code = "upstream_error"


class NotConfigured(DomainError):
    """503: a part of ours is down or not configured."""

    status = 503
    code = "not_configured"
