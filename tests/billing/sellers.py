"""Each payment provider as tests meet it: its fake, its settings, and its events in its own form. A new provider is a
class here; the tests of all providers run through these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations import payments
from tests.fakes import dodo, paddle

PERIODS = [f"{tier}_{period}" for tier in ("starter", "professional", "business") for period in ("monthly", "yearly")]
Told = tuple[str, dict[str, Any]]  # the type of an event, and its data


@dataclass(frozen=True)
class Bill:
    """What is paid: a `checkout`, or else a `renewal` or a `plan_change`."""

    checkout: Any
    kind: str
    price: str
    cents: int

    @property
    def for_plan(self) -> bool:
        return self.checkout is None or self.checkout.kind == "subscription"


class Seller:
    """What differs by provider. `prefix` begins the ids of what it sells, `by_checkout` says whether a payment has the
    id of its checkout. `cents` are what money came or went; None where the event does not tell."""

    prefix: str
    by_checkout = False
    settings: dict[str, Any] = {}
    fake: Any
    module: Any

    @property
    def prices(self) -> dict[str, str]:
        return {name: f"{self.prefix}_{name}" for name in (*PERIODS, "topup")}

    def settings_for(self, name: str, url: str) -> dict[str, Any]:
        ids = f"{payments.PROVIDERS[name].sold_as}_ids"
        own = {"api_key": self.module.KEY, "api_url": url, "webhook_secret": self.module.SECRET, ids: self.prices}
        return {f"{name}_{key}".upper(): value for key, value in own.items()} | self.settings

    def payment(self, buyer: Any, identity: str, at: datetime, bill: Bill, **fields: Any) -> Told:
        """A payment of a bill."""
        raise NotImplementedError

    def subscription(self, buyer: Any, *, price: str, status: str, since: datetime, ends: str, **fields: Any) -> Told:
        """The subscription's state: its billing period began `since` and `ends` then."""
        raise NotImplementedError

    def money_back(self, identity: str, payment: str, kind: str, cents: int | None, **fields: Any) -> Told:
        """A `refund`, a `chargeback` or its `reversal`."""
        raise NotImplementedError

    def word_back(self, identity: str, payment: str, kind: str, cents: int | None) -> Told:
        """The refund or chargeback does not hold: it has failed, or was won."""
        raise NotImplementedError


class DodoSeller(Seller):
    prefix, fake, module = "pdt", dodo.Dodo, dodo

    def payment(self, buyer: Any, identity: str, at: datetime, bill: Bill, **fields: Any) -> Told:
        checkout = bill.checkout
        data = dodo.payment(
            identity,
            subscription_id=buyer.subscription if bill.for_plan else None,
            checkout_session_id=checkout.external_id if checkout else None,
            charge_type=("new" if checkout else bill.kind) if bill.for_plan else None,
            created_at=at.isoformat(),
            customer={"customer_id": f"cus_{buyer.number}"},
            **{"total_amount": bill.cents, **fields},
        )
        return "payment.succeeded", data

    def subscription(self, buyer: Any, *, price: str, status: str, since: datetime, ends: str, **fields: Any) -> Told:
        data = dodo.subscription(
            buyer.subscription,
            product_id=price,
            status=status,
            previous_billing_date=since.isoformat(),
            next_billing_date=ends,
            customer={"customer_id": f"cus_{buyer.number}"},
            **fields,
        )
        return "subscription.updated", data

    def money_back(self, identity: str, payment: str, kind: str, cents: int | None, **fields: Any) -> Told:
        currency = fields.get("currency", "EUR")
        if kind == "refund":
            return "refund.succeeded", dodo.refund(identity, payment, cents, currency=currency)
        verb = "lost" if kind == "chargeback" else "won"
        amount = None if cents is None else f"{cents // 100}.{cents % 100:02}"
        state = {"dispute_status": f"dispute_{verb}", "currency": currency}
        return f"dispute.{verb}", dodo.dispute(fields.get("id") or f"dis_{payment}", payment, amount, **state)

    def word_back(self, identity: str, payment: str, kind: str, cents: int | None) -> Told:
        if kind == "refund":
            return "refund.failed", dodo.refund(identity, payment, cents, status="failed")
        return self.money_back(identity, payment, "reversal", cents, id=identity)


class PaddleSeller(Seller):
    prefix, by_checkout, fake, module = "pri", True, paddle.Paddle, paddle
    settings = {"PADDLE_CLIENT_TOKEN": "live_client_token"}

    def payment(self, buyer: Any, identity: str, at: datetime, bill: Bill, **fields: Any) -> Told:
        origins = {"renewal": "subscription_recurring", "plan_change": "subscription_update"}
        checkout = bill.checkout
        data = paddle.transaction(
            identity,
            price=checkout.price_id if checkout else bill.price,
            quantity=checkout.quantity if checkout else 1,
            amount=bill.cents,
            origin="api" if checkout else origins[bill.kind],
            subscription_id=buyer.subscription if bill.for_plan else None,
            billed_at=at.isoformat(),
            customer_id=f"ctm_{buyer.number}",
            **fields,
        )
        return "transaction.completed", data

    def subscription(self, buyer: Any, *, price: str, status: str, since: datetime, ends: str, **fields: Any) -> Told:
        words = {"cancelled": "canceled", "on_hold": "past_due"}
        data = paddle.subscription(
            buyer.subscription,
            price=price,
            status=words.get(status, status),
            current_billing_period={"starts_at": since.isoformat(), "ends_at": ends},
            next_billed_at=ends,
            customer_id=f"ctm_{buyer.number}",
            **fields,
        )
        return "subscription.updated", data

    def money_back(self, identity: str, payment: str, kind: str, cents: int | None, **fields: Any) -> Told:
        action, currency = "chargeback_reverse" if kind == "reversal" else kind, fields.get("currency", "EUR")
        told = {"totals": {"total": str(cents), "tax": str(fields["tax"])}} if "tax" in fields else {}
        return "adjustment.created", paddle.adjustment(identity, payment, action, cents, currency_code=currency, **told)

    def word_back(self, identity: str, payment: str, kind: str, cents: int | None) -> Told:
        status = "rejected" if kind == "refund" else "reversed"
        return "adjustment.updated", paddle.adjustment(identity, payment, kind, cents, status=status)


SELLERS: dict[str, Seller] = {"dodo": DodoSeller(), "paddle": PaddleSeller()}
PROVIDERS = tuple(payments.PROVIDERS)
