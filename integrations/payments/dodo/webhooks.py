"""Dodo's webhooks (Standard Webhooks): verified by the raw body, then read as facts.

The payload shows the resource at the time of delivery, so a late event may describe a newer state than its own.
https://docs.dodopayments.com/developer-resources/webhooks
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from standardwebhooks import Webhook

from integrations.payments import values
from integrations.payments.errors import BadSignature, NoSecret
from integrations.payments.types import (
    Fact,
    PaymentEvent,
    PaymentFailed,
    PaymentKind,
    PaymentSucceeded,
    Refunded,
    SubscriptionChanged,
)
from integrations.payments.values import body_of, event, mapping, minor, text
from scribe.types import Json, ReadOnlyJson
from scribe.written import moment, whole

CHARGE_KINDS: dict[str, PaymentKind] = {"new": "checkout", "renewal": "renewal", "plan_change": "plan_change"}
# Our words for its states; a `failed` subscription never started.
STATUSES = {
    "pending": "pending",
    "active": "active",
    "on_hold": "on_hold",
    "past_due": "past_due",
    "paused": "paused",
    "cancelled": "cancelled",
    "failed": "expired",
    "expired": "expired",
}


def verify(body: bytes, headers: Mapping[str, str], secrets: str) -> None:
    """Raises BadSignature unless one of the (comma-separated) secrets signed `body` within 300 seconds."""
    keys = [secret.strip() for secret in secrets.split(",") if secret.strip()]
    if not keys:
        raise NoSecret
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    signed = {name: headers.get(name) or "" for name in names}
    for key in keys:
        try:
            Webhook(key).verify(body, signed)
        except Exception:  # noqa: S112  the library raises many types for malformed input; each is a refusal
            continue
        return
    raise BadSignature


def read(body: bytes, headers: Mapping[str, str]) -> PaymentEvent:
    payload = body_of(body)
    return event(payload, event_id=headers.get("webhook-id") or "", kind=text(payload.get("type")), at="timestamp")


def facts(event_type: str, payload: Json, occurred_at: datetime) -> list[Fact]:
    data = mapping(payload.get("data"))
    family, _, verb = event_type.partition(".")
    if family == "payment" and verb == "succeeded":
        return [] if data.get("is_update_payment_method") else [_success_fact(data, occurred_at)]
    if family == "payment" and verb == "failed":
        return [] if data.get("is_update_payment_method") else [_failure_fact(data, occurred_at)]
    if family == "subscription" and text(data.get("subscription_id")):
        return [subscription(data, occurred_at, renewed=verb == "renewed")]
    if family == "refund" and verb in ("succeeded", "failed"):
        return [_refund_fact(data, occurred_at, verb, "refund_id", minor(data.get("amount")))]
    # The money is gone only when a dispute is lost or accepted; an open one is only a claim.
    if family == "dispute" and verb in ("lost", "accepted", "won"):
        amount, maybe = _disputed_amount(data.get("amount"))
        return [replace(_refund_fact(data, occurred_at, verb, "dispute_id", amount), alternative_minor=maybe)]
    return []


def _disputed_amount(amount: object) -> tuple[int | None, int | None]:
    """The disputed amount, a string: with a decimal point of hundreds of minor units, else of them, or maybe not."""
    units, point, cents = (str(amount) if type(amount) is int else text(amount)).partition(".")
    found = whole(f"{units}{cents:0<2}" if point else units) if units and len(cents) <= 2 else None
    return found, None if found is None or point else found * 100


def _refund_fact(data: ReadOnlyJson, occurred_at: datetime, verb: str, name: str, amount: int | None) -> Refunded:
    """A refund that `succeeded` or `failed`, or a dispute that was `lost`, `accepted` or `won`. A dispute has
    the status of the time of delivery, which says nothing about the event."""
    identity, holds = text(data.get(name)), verb in ("succeeded", "lost", "accepted")
    # Without a status it may still take back, but not give again.
    checked = name == "refund_id" and (not holds or text(data.get("status")))
    contradiction = values.other_status(data, verb) if checked else ""
    if amount is None and data.get("amount") is not None:
        contradiction = f"amount {data['amount']!r}"
    return Refunded(
        refund_id=identity if holds or not identity else f"{identity}:{verb}",
        payment_id=text(data.get("payment_id")),
        at=occurred_at,
        amount_minor=amount,
        chargeback=name == "dispute_id",
        reverses=not holds,
        currency=text(data.get("currency")).upper(),
        contradiction=contradiction,
    )


def _customer(data: ReadOnlyJson) -> str:
    return text(mapping(data.get("customer")).get("customer_id"))


def _success_fact(data: ReadOnlyJson, occurred_at: datetime) -> PaymentSucceeded:
    subscription_id = text(data.get("subscription_id"))
    kind: PaymentKind = "checkout"
    if subscription_id:
        charge = text(data.get("charge_type"))
        unsaid: PaymentKind = "checkout" if data.get("checkout_session_id") else "unknown"
        kind = CHARGE_KINDS.get(charge, "plan_change") if charge else unsaid
    cart = data.get("product_cart")
    lines = [mapping(line) for line in cart] if isinstance(cart, list) else []
    return PaymentSucceeded(
        payment_id=text(data.get("payment_id")),
        kind=kind,
        paid_at=moment(data.get("created_at")) or occurred_at,
        checkout_id=text(data.get("checkout_session_id")),
        subscription_id=subscription_id,
        customer_id=_customer(data),
        items=tuple((text(line.get("product_id")), minor(line.get("quantity")) or 1) for line in lines),
        currency=text(data.get("currency")).upper(),
        amount_minor=minor(data.get("total_amount")),
        tax_minor=minor(data.get("tax")),
        discount_ids=_discounts(data),
        invoice_number=text(data.get("invoice_id")),
        contradiction=values.other_status(data, "succeeded") or values.unreadable(data, "tax", minor),
    )


def _discounts(data: ReadOnlyJson) -> tuple[str, ...]:
    rows = data.get("discounts")
    found = [text(mapping(row).get("discount_id")) for row in rows] if isinstance(rows, list) else []
    return tuple(one for one in found or [text(data.get("discount_id"))] if one)


def _failure_fact(data: ReadOnlyJson, occurred_at: datetime) -> PaymentFailed:
    return PaymentFailed(
        payment_id=text(data.get("payment_id")),
        failed_at=moment(data.get("created_at")) or occurred_at,
        checkout_id=text(data.get("checkout_session_id")),
        subscription_id=text(data.get("subscription_id")),
        customer_id=_customer(data),
        currency=text(data.get("currency")).upper(),
        amount_minor=minor(data.get("total_amount")),
        reason=text(data.get("error_message")) or text(data.get("error_code")),
    )


def subscription(data: ReadOnlyJson, at: datetime, *, renewed: bool = False) -> SubscriptionChanged:
    """A subscription's state at `at`, from the `data` of an event or of the API."""
    status = STATUSES.get(text(data.get("status")), "pending")
    scheduled = data.get("scheduled_change", "untold")
    ended = moment(data.get("cancelled_at")) or moment(data.get("expires_at"))
    return SubscriptionChanged(
        subscription_id=text(data.get("subscription_id")),
        status=status,
        at=at,
        customer_id=_customer(data),
        price_id=text(data.get("product_id")),
        quantity=minor(data.get("quantity")) or 1,
        currency=text(data.get("currency")).upper(),
        period_ends_at=moment(data.get("next_billing_date")),
        cancel_at_period_end=data.get("cancel_at_next_billing_date") is True,
        ended_at=(ended or at) if status in ("cancelled", "expired") else None,
        renewed_by=text(data.get("payment_id")) if renewed else "",
        scheduled_price_id=None if scheduled == "untold" else text(mapping(scheduled).get("product_id")),
    )
