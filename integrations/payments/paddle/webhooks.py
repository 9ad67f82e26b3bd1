"""Paddle's webhooks: verified by the raw body, then read as facts.

We don't use the SDK's verifier: it skips the check of the time when the environment has `TEST_MODE`, accepts
signatures made with an empty secret, and raises a dozen types of errors for malformed headers.
https://developer.paddle.com/webhooks/signature-verification
"""

import hmac
import time
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

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
from integrations.payments.values import TOLERANCE, body_of, event, mapping, minor, text, written_minor
from scribe.types import Json, ReadOnlyJson
from scribe.written import moment

ORIGIN_KINDS: dict[str, PaymentKind] = {
    "api": "checkout",
    "web": "checkout",
    "subscription_recurring": "renewal",
    "subscription_update": "plan_change",
    "subscription_charge": "plan_change",
}
STATUSES = {
    "active": "active",
    "trialing": "active",
    "past_due": "past_due",
    "paused": "paused",
    "canceled": "cancelled",
    "inactive": "expired",
}


def verify(body: bytes, headers: Mapping[str, str], secrets: str, *, now: float | None = None) -> None:
    """Raises BadSignature unless one of the (comma-separated) secrets signed `<ts>:<body>` within 300 seconds."""
    keys = [secret.strip() for secret in secrets.split(",") if secret.strip()]
    if not keys:
        raise NoSecret
    stamp, signatures = "", []
    for part in (headers.get("Paddle-Signature") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == "ts":
            stamp = value
        elif name == "h1":
            signatures.append(value.encode("utf-8", "replace"))
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16 and signatures):
        raise BadSignature
    if abs((time.time() if now is None else now) - int(stamp)) > TOLERANCE:
        raise BadSignature
    for key in keys:
        expected = hmac.new(key.encode(), stamp.encode() + b":" + body, sha256).hexdigest().encode()
        if any(hmac.compare_digest(expected, signature) for signature in signatures):
            return
    raise BadSignature


def read(body: bytes) -> PaymentEvent:
    payload = body_of(body)
    event_id, kind = text(payload.get("event_id")), text(payload.get("event_type"))
    return event(payload, event_id=event_id, kind=kind, at="occurred_at")


def facts(event_type: str, payload: Json, occurred_at: datetime) -> list[Fact]:
    data = mapping(payload.get("data"))
    if event_type == "transaction.completed":
        kind = ORIGIN_KINDS.get(text(data.get("origin")) or "web")
        return [_success_fact(data, occurred_at, kind)] if kind else []  # a change of the card grants nothing
    if event_type in ("transaction.payment_failed", "transaction.past_due"):
        return [_failure_fact(data, occurred_at)]
    if event_type.startswith("subscription.") and text(data.get("id")):
        return [subscription(data, occurred_at)]
    if event_type in ("adjustment.created", "adjustment.updated"):
        return _adjustment(data, occurred_at)
    return []


def _items(data: ReadOnlyJson) -> list[tuple[str, int]]:
    lines = data.get("items")
    out = []
    for line in lines if isinstance(lines, list) else []:
        line = mapping(line)
        price_id = text(mapping(line.get("price")).get("id")) or text(line.get("price_id"))
        out.append((price_id, minor(line.get("quantity")) or 1))
    return out


def _total(data: ReadOnlyJson) -> int | None:
    """What was paid, with what a credit at Paddle paid of it."""
    totals = mapping(mapping(data.get("details")).get("totals"))
    return written_minor(totals.get("total") or totals.get("grand_total"))


def _success_fact(data: ReadOnlyJson, occurred_at: datetime, kind: PaymentKind) -> PaymentSucceeded:
    totals = mapping(mapping(data.get("details")).get("totals"))
    return PaymentSucceeded(
        payment_id=text(data.get("id")),
        kind=kind,
        paid_at=moment(data.get("billed_at")) or moment(data.get("created_at")) or occurred_at,
        checkout_id=text(data.get("id")),
        subscription_id=text(data.get("subscription_id")),
        customer_id=text(data.get("customer_id")),
        items=tuple(_items(data)),
        currency=text(data.get("currency_code")).upper(),
        amount_minor=_total(data),
        tax_minor=written_minor(totals.get("tax")),
        credit_minor=written_minor(totals.get("credit")),
        discount_ids=tuple(one for one in [text(data.get("discount_id"))] if one),
        invoice_number=text(data.get("invoice_number")),
        contradiction=values.other_status(data, "completed")
        or values.unreadable(totals, "tax", written_minor)
        or values.unreadable(totals, "credit", written_minor),
    )


def _failure_fact(data: ReadOnlyJson, occurred_at: datetime) -> PaymentFailed:
    return PaymentFailed(
        payment_id=text(data.get("id")),
        failed_at=occurred_at,
        checkout_id=text(data.get("id")),
        subscription_id=text(data.get("subscription_id")),
        customer_id=text(data.get("customer_id")),
        currency=text(data.get("currency_code")).upper(),
        amount_minor=_total(data),
    )


def subscription(data: ReadOnlyJson, at: datetime) -> SubscriptionChanged:
    """A subscription's state at `at`, from the `data` of an event or of the API."""
    items = _items(data)
    period = mapping(data.get("current_billing_period"))
    change = mapping(data.get("scheduled_change"))
    status = STATUSES.get(text(data.get("status")), "pending")
    return SubscriptionChanged(
        subscription_id=text(data.get("id")),
        status=status,
        at=at,
        checkout_id=text(data.get("transaction_id")),
        customer_id=text(data.get("customer_id")),
        price_id=items[0][0] if items else "",
        quantity=items[0][1] if items else 1,
        currency=text(data.get("currency_code")).upper(),
        period_ends_at=moment(period.get("ends_at")) or moment(data.get("next_billed_at")),
        cancel_at_period_end=change.get("action") == "cancel",
        ended_at=(moment(data.get("canceled_at")) or at) if status in ("cancelled", "expired") else None,
    )


def _adjustment(data: ReadOnlyJson, occurred_at: datetime) -> list[Fact]:
    """Approved refunds, chargebacks, and reversed chargebacks; and those that do not hold any more."""
    action, status = text(data.get("action")), text(data.get("status"))
    if action not in ("refund", "chargeback", "chargeback_reverse"):
        return []
    if status not in ("approved", "reversed", "rejected"):
        return []
    whole = text(data.get("type")) == "full"
    identity, holds = text(data.get("id")), status == "approved"
    totals = mapping(data.get("totals"))
    amount = None if whole else written_minor(totals.get("total"))
    return [
        Refunded(
            refund_id=identity if holds or not identity else f"{identity}:{status}",
            payment_id=text(data.get("transaction_id")),
            at=occurred_at,
            amount_minor=amount,
            tax_minor=None if whole else written_minor(totals.get("tax")),
            chargeback=action != "refund",
            reverses=not holds or action == "chargeback_reverse",
            currency=text(data.get("currency_code")).upper(),
            contradiction="" if whole or amount is not None else "no amount of the part",
        )
    ]
