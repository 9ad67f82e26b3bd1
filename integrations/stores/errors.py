"""What a store can answer instead of what we asked for, in words that a merchant understands."""

from __future__ import annotations

from typing import Any


class StoreError(Exception):
    """The store did not do it. `message` may be shown to the merchant; `code` is stable snake_case."""

    code = "store_error"

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.status = status
        self.details = details


class StoreTransientError(StoreError):
    """Likely to work later: busy, throttled, timed out, down. `retry_after` in seconds where the store said so."""

    code = "store_unavailable"

    def __init__(self, message: str, *, retry_after: float | None = None, sent: bool = False, **more: Any) -> None:
        super().__init__(message, **more)
        self.retry_after = retry_after
        self.sent = sent


class Throttled(StoreTransientError):
    code = "store_throttled"


class LostAnswer(StoreTransientError):
    """The request may have arrived; look before sending it again."""

    code = "store_answer_lost"


class ChangedMeanwhile(StoreTransientError):
    """Somebody changed the thing between our read and our write: read it again before writing."""

    code = "store_changed_meanwhile"


class StorePermanentError(StoreError):
    """Will not work again as it is."""


class NotAuthorized(StorePermanentError):
    """The credentials are wrong, revoked, or don't cover this."""

    code = "store_credentials_refused"


class Missing(StorePermanentError):
    """The store has no such thing."""

    code = "store_not_found"


class Rejected(StorePermanentError):
    """The store understood the request and will not have it."""

    code = "store_rejected"


class NotAStore(StorePermanentError):
    """Something else answers at this address: a web page, a redirect, a firewall."""

    code = "store_not_recognized"


class TooMuch(StorePermanentError):
    """The request was too big for the store; a smaller one may pass."""

    code = "store_request_too_large"
