"""Paddle Billing at the socket: checks what it is sent, answers in its envelope, signs webhooks as it does."""

from __future__ import annotations

import hmac
import json
import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tests.fakes.misbehaving import Misbehaving
from tests.fakes.server import Reply, Request

KEY = "pdl_test_key"
SECRET = "pdl_ntfset_test_secret"


def webhook(event_type: str, data: dict[str, Any], *, at: datetime, event_id: str) -> tuple[bytes, dict[str, str]]:
    """A signed delivery: the raw body and its headers. It is signed now, whenever the event was."""
    body = json.dumps(
        {
            "event_id": event_id,
            "event_type": event_type,
            "occurred_at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "123Z"),
            "notification_id": f"ntf_{event_id}",
            "data": data,
        },
        ensure_ascii=False,
    ).encode()
    return body, {"Paddle-Signature": signature(body)}


def signature(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
    stamp = str(int(time.time() if at is None else at))
    return f"ts={stamp};h1={hmac.new(secret.encode(), stamp.encode() + b':' + body, sha256).hexdigest()}"


class Paddle(Misbehaving):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.transactions: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, str] = {}
        self.changes: list[dict[str, Any]] = []
        self.paid: dict[str, dict[str, Any]] = {}  # transactions that can be read
        self.discounts: dict[str, dict[str, Any]] = {}
        self.session_id = self.customer_id = ""  # the id of every transaction and customer, when there is one

    def error(self, status: int) -> Any:
        code = {404: "not_found", 409: "customer_already_exists", 429: "too_many_requests"}.get(status, "bad_request")
        detail = {
            "type": "request_error" if status < 500 else "api_error",
            "code": code,
            "detail": "A refusal.",
            "documentation_url": "https://developer.paddle.com/errors",
        }
        return {"error": detail, "meta": {"request_id": "req_1"}}

    def good(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {KEY}" or request.headers.get("paddle-version") != "1":
            return Reply(403, self.error(403))
        parts = request.path.strip("/").split("/")
        body = request.json or {}
        match request.method, parts:
            case "POST", ["customers"]:
                return self._customer(body)
            case "GET", ["customers"]:
                email = request.query.get("email", "")
                found = [{"id": self.customers[email], "email": email}] if email in self.customers else []
                return _data(found)
            case "POST", ["transactions"]:
                return self._transaction(body)
            case "PATCH", ["subscriptions", subscription_id]:
                if "items" in body and not (
                    body.get("proration_billing_mode") in ("prorated_immediately", "do_not_bill")
                    and body.get("on_payment_failure") == "prevent_change"
                ):
                    return Reply(400, self.error(400))
                self.changes.append(body)
                return _data(subscription(subscription_id))
            case "POST", ["subscriptions", subscription_id, "cancel"]:
                if body.get("effective_from") != "next_billing_period":
                    return Reply(400, self.error(400))
                change = {"action": "cancel", "effective_at": "2026-12-01T00:00:00.000000Z", "resume_at": None}
                return _data(subscription(subscription_id, scheduled_change=change))
            case "GET", ["subscriptions", subscription_id]:
                return _data(subscription(subscription_id))
            case "GET", ["transactions", transaction_id] if transaction_id in self.paid:
                return _data(self.paid[transaction_id])
            case "GET", ["discounts", discount_id] if discount_id in self.discounts:
                return _data({"id": discount_id, **self.discounts[discount_id]})
            case "POST", ["customers", customer_id, "portal-sessions"]:
                urls = {"general": {"overview": f"https://portal.example/{customer_id}"}, "subscriptions": []}
                return _data({"id": "cpls_1", "customer_id": customer_id, "urls": urls})
        return Reply(404, self.error(404))

    def _customer(self, body: dict[str, Any]) -> Reply:
        email = body.get("email", "")
        if "@" not in email:
            return Reply(400, self.error(400))
        if email in self.customers:
            return Reply(409, self.error(409))
        self.customers[email] = self.customer_id or f"ctm_{self.port}_{len(self.customers) + 1}"
        return _data({"id": self.customers[email], "email": email}, 201)

    def _transaction(self, body: dict[str, Any]) -> Reply:
        items = body.get("items")
        well_formed = (
            isinstance(items, list)
            and len(items) == 1
            and isinstance(items[0].get("price_id"), str)
            and isinstance(items[0].get("quantity"), int)
            and body.get("currency_code") == "EUR"
        )
        if not well_formed:
            return Reply(400, self.error(400))
        identity = self.session_id or f"txn_{self.port}_{len(self.transactions) + 1}"
        self.transactions[identity] = body
        url = f"https://pay.example/?_ptxn={identity}"
        return _data({"id": identity, "status": "draft", "checkout": {"url": url}, "items": items}, 201)


def _data(data: Any, status: int = 200) -> Reply:
    return Reply(status, {"data": data, "meta": {"request_id": "req_1"}})


def subscription(subscription_id: str, *, price: str = "pri_starter_monthly", **fields: Any) -> dict[str, Any]:
    """A subscription as Paddle describes it, in events and in answers."""
    return {
        "id": subscription_id,
        "status": "active",
        "customer_id": "ctm_1",
        "currency_code": "EUR",
        "items": [{"price": {"id": price, "product_id": "pro_1"}, "quantity": 1, "status": "active"}],
        "current_billing_period": {"starts_at": "2026-11-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"},
        "next_billed_at": "2026-12-01T00:00:00Z",
        "scheduled_change": None,
        "canceled_at": None,
        "paused_at": None,
        "custom_data": None,
        **fields,
    }


def transaction(
    transaction_id: str,
    *,
    price: str = "pri_starter_monthly",
    quantity: int = 1,
    amount: int = 2900,
    discount: int = 0,
    tax: int = 0,
    credit: int = 0,
    **fields: Any,
) -> dict[str, Any]:
    """A transaction of `amount` cents; less a discount, plus a tax. A `credit` paid a part of it."""
    total = amount - discount + tax
    totals = {
        "subtotal": str(amount),
        "discount": str(discount),
        "tax": str(tax),
        "total": str(total),
        "credit": str(credit),
        "grand_total": str(total - credit),
    }
    return {
        "id": transaction_id,
        "status": "completed",
        "origin": "api",
        "customer_id": "ctm_1",
        "subscription_id": None,
        "currency_code": "EUR",
        "invoice_number": "123-10001",
        "items": [{"price": {"id": price, "product_id": "pro_1"}, "quantity": quantity}],
        "details": {"totals": totals},
        "billed_at": None,
        **fields,
    }


def adjustment(
    adjustment_id: str, transaction_id: str, action: str, amount: int | None, **fields: Any
) -> dict[str, Any]:
    """A refund, chargeback or its reversal: of `amount` cents, or of all."""
    return {
        "id": adjustment_id,
        "action": action,
        "type": "full" if amount is None else "partial",
        "status": "approved",
        "transaction_id": transaction_id,
        "currency_code": "EUR",
        "totals": {"total": str(amount)},
        "created_at": "2026-11-01T00:00:00Z",
        **fields,
    }
