"""The errors that domain code raises. `scribe/api/problems.py` renders them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from scribe import messages
from scribe.messages import _
from scribe.types import Json

LONGEST_RETRY_AFTER = 86_400  # seconds; third parties may send longer or endless waits


class DomainError(Exception):
    """An error that the caller can act on. `detail` is one plain sentence, `code` is stable snake_case, `extra` has
    further members of the reply."""

    status = 400
    code = "invalid_input"

    def __init__(
        self, detail: str = "", *, code: str | None = None, retry_after: float | None = None, **extra: object
    ) -> None:
        self.detail = detail or HTTPStatus(self.status).phrase + "."
        self.code = code or type(self).code
        self.retry_after = retry_after
        self.extra: Json = extra
        super().__init__(self.detail)

    def render(self) -> str:
        """What went wrong, fault by fault, in the active language."""
        faults = self.extra.get("errors") or [{"detail": self.detail}]
        return " ".join(messages.render(fault["detail"]) for fault in faults)


class InvalidInput(DomainError):
    """400. `errors` lists the faults: `{pointer, detail, code}`, where `pointer` is a JSON pointer (`#/name`) or `?name`."""

    def __init__(
        self,
        detail: str = _("The request is not valid."),
        *,
        errors: list[dict[str, str]] | None = None,
        **extra: object,
    ) -> None:
        if errors:
            extra["errors"] = errors
        super().__init__(detail, **extra)  # type: ignore[arg-type]  # handed on

    @classmethod
    def at(cls, pointer: str, detail: str, code: str = "invalid") -> "InvalidInput":
        """The error for one fault, at one place."""
        return cls(detail, code=code, errors=[{"pointer": pointer, "detail": detail, "code": code}])


@contextmanager
def within(pointer: str) -> Iterator[None]:
    """What is checked here is a part of the body, at `pointer`, to which the pointers of its faults are added."""
    try:
        yield
    except InvalidInput as error:
        for fault in error.extra.get("errors") or ():
            fault["pointer"] = pointer + fault["pointer"].removeprefix("#")
        raise


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

    def __init__(
        self,
        detail: str = _("Not found. It may have been deleted, or it belongs to another organization."),
        **extra: object,
    ) -> None:
        super().__init__(detail, **extra)  # type: ignore[arg-type]  # handed on


class Conflict(DomainError):
    status = 409
    code = "conflict"


class VersionConflict(DomainError):
    """412: the row has changed since the caller read it. `current` is the present row with its version."""

    status = 412
    code = "version_conflict"

    def __init__(self, detail: str = "", **extra: object) -> None:
        changed = _("It has been changed since you read it. `current` has the current version.")
        super().__init__(detail or changed, **extra)  # type: ignore[arg-type]  # handed on


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
