"""Billing's own errors, and the reasons why a provider's event is not applied yet."""

from decimal import Decimal

from scribe.api.fields import decimal
from scribe.errors import DomainError
from scribe.messages import _


class InsufficientXCT(DomainError):
    """402: the work needs more XCT than the organization can spend."""

    status = 402
    code = "insufficient_xct"

    def __init__(self, *, required: Decimal, available: Decimal) -> None:
        self.required, self.available = required, available
        super().__init__(
            _(
                "This needs {required:f} XCT, but you have only {available:f} XCT. Top up or generate fewer items.",
                required=required,
                available=available,
            ),
            required=decimal(required),
            available=decimal(available),
        )


class KeyCapReached(DomainError):
    """402: the work may cost more than the API key has left this month."""

    status = 402
    code = "key_cap_reached"

    def __init__(self, *, required: Decimal, cap: Decimal, used: Decimal) -> None:
        left = max(cap - used, Decimal(0))
        super().__init__(
            _(
                "This may need {required:f} XCT, but this API key has only {left:f} XCT left this month. Raise "
                "the key's monthly limit or wait for the next month.",
                required=required,
                left=left,
            ),
            required=decimal(required),
            available=decimal(left),
            xct_per_month=decimal(cap),
        )


class Parked(Exception):
    """The event waits. `recorded`: what it tells of was written down just now all the same."""

    recorded = False


class NotYetKnown(Parked):
    """The event names something that we don't know (yet), so it is parked."""


class NeedsStaff(Parked):
    """The event disagrees with the order, so it is parked for staff, with what was expected and received if it is about that."""

    def __init__(self, reason: str, *, expected: str = "", received: str = "") -> None:
        self.expected, self.received = expected, received
        super().__init__(reason)
