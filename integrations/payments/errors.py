"""How a call to a payment provider can fail. The clients turn all errors of the SDKs into these."""

from scribe.messages import _


class PaymentError(Exception):
    """A call to a provider failed. `timed_out`: it had no answer, and may still have taken effect."""

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
        super().__init__(_("{party}: {detail}", party=party, detail=detail))


class BadSignature(Exception):
    """The webhook is not from the provider, or its signed time is too far from ours."""


class NoSecret(Exception):
    """No webhook secret is configured, so nothing can be verified."""


class Unreadable(Exception):
    """The webhook is signed, but its body is not an event that we can read and store."""
