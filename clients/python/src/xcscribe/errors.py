"""What can go wrong, as exceptions."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A reply other than 2xx. Decide by `code`, show `detail`, quote `request_id`. A 304 is `not_modified`: what
    `If-None-Match` names is still so. Any other 3xx is `redirected`: `detail` says where it points.

    `values` are the numbers and names in `detail`. `errors` names the faults of a body by JSON pointer. `body` is the whole reply.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code', '')}: {body.get('detail', '')}")
        self.status = status
        self.body = body
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        values, found = body.get("values"), body.get("errors")
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        self.errors: list[dict[str, Any]] = found if isinstance(found, list) else []
        self.request_id = str(body.get("request_id", ""))


class Unreachable(Exception):
    """No whole answer came, after all tries. A change may have been done all the same: a POST with the same idempotency key
    is safe to repeat, and before another change is repeated, the row tells."""


class JobFailed(Exception):
    """A job ended without its result. `event` is its last event."""

    def __init__(self, name: str, event: dict[str, Any]) -> None:
        super().__init__(f"The job {name}: {event.get('error') or event.get('reason') or event}")
        self.name, self.event = name, event


class SignatureError(Exception):
    """A webhook that is not from XC Scribe, was changed, or is too old."""
