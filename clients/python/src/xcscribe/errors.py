"""What can go wrong, as exceptions."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A problem reply. Decide by `code`, show `detail`, quote `request_id`.

    `errors` names the faults of a body by JSON pointer. `body` is the whole reply.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code', '')}: {body.get('detail', '')}")
        self.status = status
        self.body = body
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.errors: list[dict[str, Any]] = body.get("errors") or []
        self.request_id = str(body.get("request_id", ""))


class Unreachable(Exception):
    """No answer came, after all tries. A POST may have been done: the same call with the same idempotency key is safe."""


class JobFailed(Exception):
    """A job ended without its result. `event` is its last event."""

    def __init__(self, name: str, event: dict[str, Any]) -> None:
        super().__init__(f"The job {name}: {event.get('error') or event.get('reason') or event}")
        self.name, self.event = name, event


class SignatureError(Exception):
    """A webhook that is not from XC Scribe, was changed, or is too old."""
