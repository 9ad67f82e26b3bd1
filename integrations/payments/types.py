"""The values that go to a payment provider and come back, in terms that fit every provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from scribe.types import Json

PaymentKind = Literal["checkout", "renewal", "plan_change", "unknown"]


@dataclass(frozen=True)
class Order:
    """The purchase that a checkout is for."""

    price_id: str
    quantity: int
    reference: str  # our checkout's id, shown in the provider's own lists
    email: str
    name: str
    customer_id: str = ""
    currency: str = "EUR"
    return_url: str = ""
    subscription: bool = False


@dataclass(frozen=True)
class Started:
    """A checkout that is ready for the buyer. `transaction_id` and `client_token` are for an overlay in the browser;
    `customer_id` is the provider's customer created for this checkout, if any."""

    external_id: str
    checkout_url: str | None
    transaction_id: str | None = None
    client_token: str | None = None
    customer_id: str = ""


@dataclass(frozen=True)
class PaymentSucceeded:
    """Money came in. `kind` is `checkout` for an order that the buyer just made, with or without a subscription."""

    payment_id: str
    kind: PaymentKind
    paid_at: datetime
    checkout_id: str = ""
    subscription_id: str = ""
    customer_id: str = ""
    items: tuple[tuple[str, int], ...] = ()  # (price or product id, quantity); empty if the event does not say
    currency: str = ""
    amount_minor: int | None = None  # as paid, with tax
    tax_minor: int | None = None
    credit_minor: int | None = None  # what a credit at the provider paid of it
    discount_ids: tuple[str, ...] = ()
    invoice_number: str = ""
    contradiction: str = ""  # what in the event speaks against it, as "status failed"


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
    """A subscription's state at `at`. `renewed_by` is the id of a renewal's payment, if the event tells it."""

    subscription_id: str
    status: str  # a billing.models.Subscription.Status value
    at: datetime
    checkout_id: str = ""
    customer_id: str = ""
    price_id: str = ""
    quantity: int = 1
    currency: str = ""
    period_ends_at: datetime | None = None
    cancel_at_period_end: bool = False
    ended_at: datetime | None = None
    renewed_by: str = ""
    scheduled_price_id: str | None = None  # None: the event does not tell; "": no change is scheduled


@dataclass(frozen=True)
class Refunded:
    """Money went back. `amount_minor=None`: all of it. `reverses`: the money came back to us. An event that revokes an
    earlier one has its id plus a suffix, `<id>:won`."""

    refund_id: str
    payment_id: str
    at: datetime
    amount_minor: int | None = None
    tax_minor: int | None = None  # the tax in it; None: not told
    alternative_minor: int | None = None  # the other reading of an amount whose unit is unknown
    chargeback: bool = False
    reverses: bool = False
    currency: str = ""
    contradiction: str = ""  # as in PaymentSucceeded


Fact = PaymentSucceeded | PaymentFailed | SubscriptionChanged | Refunded


@dataclass(frozen=True)
class PaymentEvent:
    """One webhook event, with its payload. `occurred_at` is by the provider's clock."""

    event_id: str
    event_type: str
    occurred_at: datetime
    payload: Json = field(repr=False)
    test_mode: bool | None = None  # None: the event does not tell


class PaymentProvider(Protocol):
    """The calls that billing makes. They raise PaymentError, and never repeat a request that may have taken effect."""

    name: str
    title: str

    @property
    def configured(self) -> bool: ...

    @property
    def live_mode(self) -> bool:
        """Whether its keys are for real money. A checkout remembers it; an event of the other mode grants nothing."""
        ...

    @property
    def schedules_downgrades(self) -> bool:
        """Whether the provider itself can make a change at the period's end."""
        ...

    def start_checkout(self, order: Order) -> Started:
        """Open a checkout. Its `external_id` comes back in the events, as the `checkout_id` of facts."""
        ...

    def change_plan(self, subscription_id: str, *, price_id: str, at_period_end: bool) -> None:
        """Change what the subscription is for: now, with the difference charged, or, if the provider
        `schedules_downgrades`, at the period's end."""
        ...

    def drop_scheduled_change(self, subscription_id: str) -> None: ...

    def cancel(self, subscription_id: str) -> datetime | None:
        """Cancel at the period's end. Returns that time, or None if the provider does not tell it."""
        ...

    def resume(self, subscription_id: str) -> None:
        """Take a scheduled cancellation back."""
        ...

    def portal_url(self, customer_id: str, *, subscription_ids: list[str], return_url: str) -> str:
        """The address of the page where the customer changes cards and finds receipts."""
        ...

    def invoice_pdf(self, payment_id: str) -> bytes:
        """The invoice of a payment. Called only if the provider's row says that it `gives_invoices`."""
        ...

    def fetch_subscription(self, subscription_id: str) -> Json:
        """The subscription as the provider has it now, in the form of its events' `data`."""
        ...

    def fetch_payment(self, payment_id: str) -> Json:
        """The payment as the provider has it now, in the form of its events' `data`."""
        ...

    def fetch_discount(self, discount_id: str) -> Json:
        """What the discount takes off: `percent` of the price as a text, or `minor` units and an empty `percent`."""
        ...

    def paid_facts(self, data: Json, at: datetime) -> list[Fact]:
        """The fact of a payment that was fetched; none if it was not paid."""
        ...

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises BadSignature or NoSecret unless `body` was signed by the provider within the tolerance."""
        ...

    def read(self, body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
        """The event in a verified body. Raises Unreadable."""
        ...

    def facts(self, event_type: str, payload: Json, occurred_at: datetime) -> list[Fact]:
        """The facts that the event reports; an empty list if it does not concern billing."""
        ...
