"""What goes to a payment provider and what comes back, in words that are no provider's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

PaymentKind = Literal["checkout", "renewal", "plan_change", "unknown"]


@dataclass(frozen=True)
class Order:
    """What is to be paid for in a checkout."""

    price_id: str
    quantity: int
    reference: str  # our checkout's id, as a hint in the provider's own lists
    email: str
    name: str
    customer_id: str = ""
    currency: str = "EUR"
    return_url: str = ""
    subscription: bool = False


@dataclass(frozen=True)
class Started:
    """A checkout that the buyer can go to. `transaction_id` and `client_token` are for an overlay in the browser;
    `customer_id` names the customer that was made for it, if one was."""

    external_id: str
    checkout_url: str | None
    transaction_id: str | None = None
    client_token: str | None = None
    customer_id: str = ""


@dataclass(frozen=True)
class PaymentSucceeded:
    """Money came in. `kind` is `checkout` for what the buyer just ordered, be it a subscription or not."""

    payment_id: str
    kind: PaymentKind
    paid_at: datetime
    checkout_id: str = ""
    subscription_id: str = ""
    customer_id: str = ""
    items: tuple[tuple[str, int], ...] = ()  # (price or product id, quantity); empty if the event does not say
    currency: str = ""
    amount_minor: int | None = None
    invoice_number: str = ""


@dataclass(frozen=True)
class PaymentFailed:
    payment_id: str
    failed_at: datetime
    checkout_id: str = ""
    subscription_id: str = ""
    customer_id: str = ""
    currency: str = ""
    amount_minor: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class SubscriptionChanged:
    """A subscription as it is at `at`. `renewed_by` names the payment of a renewal, where the event says so."""

    subscription_id: str
    status: str  # a billing.models.Subscription.Status value
    at: datetime
    checkout_id: str = ""
    customer_id: str = ""
    price_id: str = ""
    quantity: int = 1
    currency: str = ""
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None
    cancel_at_period_end: bool = False
    ended_at: datetime | None = None
    renewed_by: str = ""
    scheduled_price_id: str | None = None  # None: the event does not tell; "": none is scheduled


@dataclass(frozen=True)
class Refunded:
    """Money went back. `amount_minor=None` is all of it; `reverses` is a chargeback that was won after all."""

    refund_id: str
    payment_id: str
    at: datetime
    amount_minor: int | None = None
    chargeback: bool = False
    reverses: bool = False


Fact = PaymentSucceeded | PaymentFailed | SubscriptionChanged | Refunded


@dataclass(frozen=True)
class PaymentEvent:
    """One webhook event: when it happened by the provider's clock, and what it says, if that concerns us."""

    event_id: str
    event_type: str
    occurred_at: datetime
    payload: dict[str, Any] = field(repr=False)
    test_mode: bool | None = None  # None: the event does not tell


class PaymentProvider(Protocol):
    """What billing asks of a provider. Calls raise PaymentError; none is repeated by itself once it may have counted."""

    name: str
    title: str

    @property
    def configured(self) -> bool: ...

    @property
    def live_mode(self) -> bool: ...

    @property
    def schedules_downgrades(self) -> bool:
        """Whether a change at the period's end can be left to the provider."""
        ...

    def start_checkout(self, order: Order) -> Started: ...

    def change_plan(self, subscription_id: str, *, price_id: str, at_period_end: bool) -> None: ...

    def drop_scheduled_change(self, subscription_id: str) -> None: ...

    def cancel(self, subscription_id: str) -> datetime | None:
        """Cancel at the period's end; returns when that is, if the provider says so."""
        ...

    def resume(self, subscription_id: str) -> None:
        """Take a scheduled cancellation back."""
        ...

    def portal_url(self, customer_id: str, *, subscription_ids: list[str], return_url: str) -> str: ...

    def invoice_pdf(self, payment_id: str) -> bytes: ...

    def fetch_subscription(self, subscription_id: str) -> dict[str, Any]:
        """The subscription as the provider has it now, in the form of its events' `data`."""
        ...

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises BadSignature or NoSecret unless `body` was signed by the provider within the tolerance."""
        ...

    def read(self, body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
        """The event in a verified body; raises Unreadable."""
        ...

    def facts(self, event_type: str, payload: dict[str, Any], occurred_at: datetime) -> list[Fact]:
        """What the event says; an empty list when it is of no concern here."""
        ...
