"""Dodo Payments at the socket: checks what it is sent, keeps subscriptions, signs webhooks as Standard Webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from tests.fakes.misbehaving import Misbehaving
from tests.fakes.server import Reply, Request

KEY = "dodo_test_key"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
PDF = b"%PDF-1.4 an invoice of Dodo\n%%EOF"


def webhook(event_type: str, data: dict[str, Any], *, at: datetime, event_id: str) -> tuple[bytes, dict[str, str]]:
    """A signed delivery: the raw body and its headers. It is signed now, whenever the event was."""
    body = json.dumps(
        {
            "business_id": "bus_1",
            "type": event_type,
            "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "data": data,
        },
        ensure_ascii=False,
    )
    now = datetime.now(UTC)
    headers = {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(event_id, now, body),
    }
    return body.encode(), headers


class Dodo(Misbehaving):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.changes: list[dict[str, Any]] = []
        self.customers: dict[str, str] = {}
        self.paid: dict[str, dict[str, Any]] = {}  # payments that can be read
        self.discounts: dict[str, dict[str, Any]] = {}
        self.session_id = ""  # the id of every checkout, when there is one

    def error(self, status: int) -> Any:
        return {"code": "INTERNAL" if status >= 500 else "REFUSED", "message": "A refusal."}

    def good(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(401, self.error(401))
        parts = request.path.strip("/").split("/")
        body = request.json or {}
        match request.method, parts:
            case "POST", ["checkouts"]:
                return self._checkout(body)
            case "POST", ["subscriptions", _, "change-plan"]:
                return self._change(body)
            case "DELETE", ["subscriptions", _, "change-plan", "scheduled"]:
                return Reply(200, {})
            case "PATCH", ["subscriptions", subscription_id]:
                if not isinstance(body.get("cancel_at_next_billing_date"), bool):
                    return Reply(422, self.error(422))
                return Reply(200, subscription(subscription_id, **body))
            case "GET", ["subscriptions", subscription_id]:
                return Reply(200, subscription(subscription_id))
            case "GET", ["payments", payment_id] if payment_id in self.paid:
                return Reply(200, self.paid[payment_id])
            case "GET", ["discounts", discount_id] if discount_id in self.discounts:
                return Reply(200, {"discount_id": discount_id, **self.discounts[discount_id]})
            case "POST", ["customers", customer_id, "customer-portal", "session"]:
                return Reply(200, {"link": f"https://portal.example/{customer_id}"})
            case "GET", ["invoices", "payments", _]:
                return Reply(200, PDF, {"content-type": "application/pdf"})
        return Reply(404, self.error(404))

    def _checkout(self, body: dict[str, Any]) -> Reply:
        cart, customer = body.get("product_cart"), body.get("customer")
        well_formed = (
            isinstance(cart, list)
            and len(cart) == 1
            and isinstance(cart[0].get("product_id"), str)
            and isinstance(cart[0].get("quantity"), int)
            and isinstance(customer, dict)
            and (customer.get("customer_id") or "@" in customer.get("email", ""))
            and all(isinstance(value, str | int | bool) for value in body.get("metadata", {}).values())
        )
        if not well_formed:
            return Reply(422, self.error(422))
        session_id = self.session_id or f"cks_{self.port}_{len(self.sessions) + 1}"
        self.sessions[session_id] = {**body, "attached_to": self._attached(body)}
        return Reply(200, {"session_id": session_id, "checkout_url": f"https://checkout.example/{session_id}"})

    def _attached(self, body: dict[str, Any]) -> str:
        """The customer of a session: as named, else (unless told to make a new one) whoever has this address."""
        customer, flags = body["customer"], body.get("feature_flags") or {}
        if customer.get("customer_id"):
            return str(customer["customer_id"])
        if not flags.get("always_create_new_customer") and customer["email"] in self.customers:
            return self.customers[customer["email"]]
        made = f"cus_{self.port}_{len(self.sessions) + 1}"
        self.customers[customer["email"]] = made
        return made

    def _change(self, body: dict[str, Any]) -> Reply:
        modes = ("prorated_immediately", "full_immediately", "difference_immediately", "do_not_bill")
        well_formed = (
            isinstance(body.get("product_id"), str)
            and body.get("quantity") == 1
            and body.get("proration_billing_mode") in (*modes, "prorated_immediately_keep_cycle")
            and body.get("effective_at") in ("immediately", "next_billing_date")
            and body.get("on_payment_failure") in ("prevent_change", "apply_change")
        )
        if not well_formed:
            return Reply(422, self.error(422))
        self.changes.append(body)
        return Reply(200, {})


def subscription(subscription_id: str, **fields: Any) -> dict[str, Any]:
    """A subscription as Dodo describes it, in events and in answers."""
    return {
        "payload_type": "Subscription",
        "subscription_id": subscription_id,
        "status": "active",
        "product_id": "pdt_starter_monthly",
        "quantity": 1,
        "currency": "EUR",
        "recurring_pre_tax_amount": 2900,
        "customer": {"customer_id": "cus_1", "email": "buyer@example.com", "name": "Zoë"},
        "metadata": {},
        "previous_billing_date": "2026-11-01T00:00:00Z",
        "next_billing_date": "2026-12-01T00:00:00Z",
        "cancel_at_next_billing_date": False,
        "cancelled_at": None,
        **fields,
    }


def payment(payment_id: str, **fields: Any) -> dict[str, Any]:
    """A payment. Every payment of a subscription has a type; one of before the field has `charge_type=None`."""
    charge_type = "new" if fields.get("checkout_session_id") else "renewal"
    return {
        "payload_type": "Payment",
        "payment_id": payment_id,
        "status": "succeeded",
        "total_amount": 2900,
        "tax": 0,
        "currency": "EUR",
        "customer": {"customer_id": "cus_1", "email": "buyer@example.com", "name": "Zoë"},
        "metadata": {},
        "subscription_id": None,
        "checkout_session_id": None,
        "charge_type": charge_type if fields.get("subscription_id") else None,
        "is_update_payment_method": False,
        "retry_attempt": 0,
        "product_cart": None,
        **fields,
    }


def refund(refund_id: str, payment_id: str, amount: int | None, **fields: Any) -> dict[str, Any]:
    return {
        "payload_type": "Refund",
        "refund_id": refund_id,
        "payment_id": payment_id,
        "amount": amount,
        "currency": "EUR",
        "is_partial": amount is not None,
        "status": "succeeded",
        "created_at": "2026-11-01T00:00:00Z",
        **fields,
    }


def dispute(dispute_id: str, payment_id: str, amount: Any, **fields: Any) -> dict[str, Any]:
    """A dispute: its amount is a string."""
    return {
        "payload_type": "Dispute",
        "dispute_id": dispute_id,
        "payment_id": payment_id,
        "amount": amount,
        "currency": "EUR",
        "dispute_stage": "dispute",
        "dispute_status": "dispute_lost",
        "created_at": "2026-11-01T00:00:00Z",
        **fields,
    }
