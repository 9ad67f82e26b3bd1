"""Billing's own errors, and the reasons why a provider's event is not applied yet."""

from __future__ import annotations

from decimal import Decimal

from scribe.api.fields import decimal
from scribe.errors import DomainError


class InsufficientXCT(DomainError):
    """402: the work needs more XCT than the organization can spend."""

    status = 402
    code = "insufficient_xct"

    def __init__(self, *, required: Decimal, available: Decimal) -> None:
        self.required, self.available = required, available
        super().__init__(
            f"This needs {required:f} XCT, and {available:f} XCT are available.",
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
            f"This may need {required:f} XCT, and the API key has {left:f} XCT left this month.",
            required=decimal(required),
            available=decimal(left),
            xct_per_month=decimal(cap),
        )


class NotYetKnown(Exception):
    """The event names something that we don't know (yet), so it is parked."""


class NeedsStaff(Exception):
    """The event disagrees with the order, so it is parked for staff, with what was expected and received if it is about that."""

    def __init__(self, reason: str, *, expected: str = "", received: str = "") -> None:
        self.expected, self.received = expected, received
        super().__init__(reason)
