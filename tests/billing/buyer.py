"""An organization that buys by card from one of the providers, whose events arrive as they would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from billing.models import Checkout, Plan, ProviderEvent, TopupPack, Wallet
from billing.months import months_after
from tests.billing import books
from tests.billing.shop import DODO_PRODUCTS, PADDLE_PRICES, Shop
from tests.fakes import dodo, paddle

PROVIDERS = ("dodo", "paddle")
_ids = count(1)


@dataclass
class Buyer:
    provider: str
    shop: Shop
    organization: Any
    number: int = field(default_factory=lambda: next(_ids))
    waits: bool = False  # what is told is not applied yet

    @property
    def subscription(self) -> str:
        return f"sub_{self.number}"

    def checkout(self, plan: str = "", period: str = "monthly", *, packs: int = 0) -> Checkout:
        """An order of a plan, or of packs."""
        common = {
            "organization": self.organization,
            "provider": self.provider,
            "external_id": f"order_{self.number}_{next(_ids)}",
            "price_id": self.price(plan, period),
        }
        if packs:
            pack = TopupPack.current()
            price = int(pack.price_eur * packs * 100)
            return Checkout.objects.create(
                **common, kind="topup", packs=packs, quantity=packs, xct_per_pack=pack.xct, expected_minor=price
            )
        price = Plan.objects.get(pk=plan).price_minor(period)
        return Checkout.objects.create(
            **common, kind="subscription", plan_id=plan, billing_period=period, expected_minor=price
        )

    def price(self, plan: str, period: str) -> str:
        named = f"{plan}_{period}" if plan else "topup"
        return (DODO_PRODUCTS if self.provider == "dodo" else PADDLE_PRICES)[named]

    def pay(self, at: datetime, *, checkout: Checkout | None = None, kind: str = "renewal", **fields: Any) -> Any:
        """A payment: of an order, a `renewal` or a `plan_change`. Its event, and its id."""
        cents = fields.pop("cents", checkout.expected_minor if checkout else 2900)
        plan, period = fields.pop("plan", ""), fields.pop("period", "monthly")
        identity = fields.pop("id", None) or (
            checkout.external_id if checkout and self.provider == "paddle" else f"pay_{self.number}_{next(_ids)}"
        )
        event_id = fields.pop("event_id", "")
        for_plan = checkout is None or checkout.kind == "subscription"
        subscription = self.subscription if for_plan else None
        if self.provider == "dodo":
            data = dodo.payment(
                identity,
                subscription_id=subscription,
                checkout_session_id=checkout.external_id if checkout else None,
                charge_type=("new" if checkout else kind) if for_plan else None,
                created_at=at.isoformat(),
                customer={"customer_id": f"cus_{self.number}"},
                **{"total_amount": cents, **fields},
            )
            return self.deliver("payment.succeeded", data, at, event_id), identity
        origins = {"renewal": "subscription_recurring", "plan_change": "subscription_update"}
        price = checkout.price_id if checkout else self.price(plan or "starter", period)
        data = paddle.transaction(
            identity,
            price=price,
            quantity=checkout.quantity if checkout else 1,
            amount=cents,
            origin="api" if checkout else origins[kind],
            subscription_id=subscription,
            billed_at=at.isoformat(),
            customer_id=f"ctm_{self.number}",
            **fields,
        )
        return self.deliver("transaction.completed", data, at, event_id), identity

    def tell(
        self,
        plan: str,
        at: datetime,
        *,
        period: str = "monthly",
        status: str = "active",
        since: datetime | None = None,
        **fields: Any,
    ) -> Any:
        """The provider describes the subscription, whose billing period runs `since` then, by its own count."""
        since = since or at
        ends = months_after(since, 12 if period == "yearly" else 1).isoformat()
        if self.provider == "dodo":
            data = dodo.subscription(
                self.subscription,
                product_id=self.price(plan, period),
                status=status,
                previous_billing_date=since.isoformat(),
                next_billing_date=ends,
                customer={"customer_id": f"cus_{self.number}"},
                **fields,
            )
            return self.deliver("subscription.updated", data, at)
        words = {"cancelled": "canceled", "on_hold": "past_due"}
        data = paddle.subscription(
            self.subscription,
            price=self.price(plan, period),
            status=words.get(status, status),
            current_billing_period={"starts_at": since.isoformat(), "ends_at": ends},
            next_billed_at=ends,
            customer_id=f"ctm_{self.number}",
            **fields,
        )
        return self.deliver("subscription.updated", data, at)

    def money_back(self, payment: str, kind: str, at: datetime, *, cents: int | None = None, **fields: Any) -> Any:
        """A `refund`, a `chargeback` or its `reversal`; its `id`, `currency`, and the `tax` in it, if told."""
        id, currency = fields.get("id", ""), fields.get("currency", "EUR")
        identity = id or f"back_{self.number}_{next(_ids)}"
        if self.provider == "dodo":
            if kind == "refund":
                return self.deliver("refund.succeeded", dodo.refund(identity, payment, cents, currency=currency), at)
            verb = "lost" if kind == "chargeback" else "won"
            amount = None if cents is None else f"{cents // 100}.{cents % 100:02}"
            state = {"dispute_status": f"dispute_{verb}", "currency": currency}
            data = dodo.dispute(id or f"dis_{payment}", payment, amount, **state)
            return self.deliver(f"dispute.{verb}", data, at)
        action = "chargeback_reverse" if kind == "reversal" else kind
        told = {"totals": {"total": str(cents), "tax": str(fields["tax"])}} if "tax" in fields else {}
        data = paddle.adjustment(identity, payment, action, cents, currency_code=currency, **told)
        return self.deliver("adjustment.created", data, at)

    def take_word_back(self, payment: str, kind: str, at: datetime, *, id: str, cents: int | None = None) -> Any:
        """The refund or chargeback `id` does not hold: it has failed, or was won."""
        if self.provider == "dodo":
            if kind == "refund":
                return self.deliver("refund.failed", dodo.refund(id, payment, cents, status="failed"), at)
            return self.money_back(payment, "reversal", at, cents=cents, id=id)
        status = "rejected" if kind == "refund" else "reversed"
        data = paddle.adjustment(id, payment, kind, cents, status=status)
        return self.deliver("adjustment.updated", data, at)

    def deliver(self, name: str, data: dict[str, Any], at: datetime, event_id: str = "") -> ProviderEvent:
        now, applies = timezone.now(), not self.waits
        return self.shop.deliver(self.provider, name, data, at=at, event_id=event_id, apply=applies, comes=now)

    def buy(self, plan: str, at: datetime, *, period: str = "monthly") -> str:
        """Order a plan and pay for it; the payment's id."""
        event, identity = self.pay(at, checkout=self.checkout(plan, period))
        assert event.status == "applied", event.outcome
        self.tell(plan, at, period=period)
        return identity

    def wallet(self) -> Wallet:
        return books.check(self.organization)


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)
