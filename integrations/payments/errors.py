"""How a payment provider fails. No type of an SDK escapes these modules."""

from __future__ import annotations


class PaymentError(Exception):
    """A call to a provider did not do what it should. `timed_out`: it may or may not have been carried out."""

    def __init__(
        self,
        party: str,
        detail: str,
        *,
        status: int | None = None,
        code: str = "",
        retry_after: float | None = None,
        timed_out: bool = False,
    ) -> None:
        self.party, self.detail, self.status, self.code = party, detail, status, code
        self.retry_after, self.timed_out = retry_after, timed_out
        super().__init__(f"{party}: {detail}")


class BadSignature(Exception):
    """A webhook that is not the provider's, or too old."""


class NoSecret(Exception):
    """No webhook secret is configured, so nothing can be verified."""


class Unreadable(Exception):
    """A webhook that is signed, but whose body is not an event."""
