"""The errors that domain code raises. `scribe/api/problems.py` renders them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

LONGEST_RETRY_AFTER = 86_400  # seconds; nobody plans further ahead, and others' numbers may be endless


class DomainError(Exception):
    """Something the caller can act on. `detail` is one plain sentence, `code` stable snake_case, `extra` further members."""

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
    """400. `errors` lists what is wrong where: `{pointer, detail, code}` with a JSON pointer (`#/name`) or `?name`."""

    def __init__(
        self, detail: str = "The request is not valid.", *, errors: list[dict[str, str]] | None = None, **extra: Any
    ) -> None:
        if errors:
            extra["errors"] = errors
        super().__init__(detail, **extra)

    @classmethod
    def at(cls, pointer: str, detail: str, code: str = "invalid") -> InvalidInput:
        """One fault, at one place."""
        return cls(detail, code=code, errors=[{"pointer": pointer, "detail": detail, "code": code}])


class NotAuthenticated(DomainError):
    status = 401
    code = "not_authenticated"


class Forbidden(DomainError):
    status = 403
    code = "forbidden"


class NotFound(DomainError):
    """404: not there, or not yours. Both read the same."""

    status = 404
    code = "not_found"

    def __init__(self, detail: str = "There is no such resource.", **extra: Any) -> None:
        super().__init__(detail, **extra)


class Conflict(DomainError):
    status = 409
    code = "conflict"


class VersionConflict(DomainError):
    """412: the row has changed since the caller read it. `current` is what stands there now, its version in it."""

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
    """502: a third party failed; `party` names which."""

    status = 502
    code = "upstream_error"


class UpstreamTimeout(DomainError):
    """504: a third party took too long; `party` names which."""

    status = 504
    code = "upstream_error"


class NotConfigured(DomainError):
    """503: a part of ours is down or not configured."""

    status = 503
    code = "not_configured"
