"""An organization that buys by card from one of the providers, whose events arrive as they would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from billing.models import Checkout, Cycle, Plan, ProviderEvent, TopupPack, Wallet
from billing.months import months_after
from tests.billing import books
from tests.billing.sellers import PROVIDERS, SELLERS, Bill, Seller
from tests.billing.shop import Shop

__all__ = ["PROVIDERS", "Buyer", "ago"]
_ids = count(1)


@dataclass
class Buyer:
    provider: str
    shop: Shop
    organization: Any
    number: int = field(default_factory=lambda: next(_ids))
    waits: bool = False  # what is told is not applied yet
    first: str = ""  # the payment of its order

    def __post_init__(self) -> None:
        # It has registered before anything that is paid.
        begun = Cycle.objects.filter(organization=self.organization, source=Cycle.Source.REGISTRATION)
        begun.filter(started_at__gt=ago(days=1000)).update(started_at=ago(days=1000))

    @property
    def subscription(self) -> str:
        return f"sub_{self.number}"

    def checkout(self, plan: str = "", period: str = "monthly", *, packs: int = 0) -> Checkout:
        """An order of a plan, or of packs."""
        common = {
            "organization": self.organization,
            "created_at": ago(days=1000),  # before anything that is paid
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

    @property
    def seller(self) -> Seller:
        return SELLERS[self.provider]

    def price(self, plan: str, period: str) -> str:
        return self.seller.prices[f"{plan}_{period}" if plan else "topup"]

    def pay(self, at: datetime, *, checkout: Checkout | None = None, kind: str = "renewal", **fields: Any) -> Any:
        """A payment: of an order, a `renewal` or a `plan_change`. Its event, and its id."""
        cents = fields.pop("cents", checkout.expected_minor if checkout else 2900)
        price = self.price(fields.pop("plan", "") or "starter", fields.pop("period", "monthly"))
        ordered = checkout.external_id if checkout and self.seller.by_checkout else ""
        identity = fields.pop("id", None) or ordered or f"pay_{self.number}_{next(_ids)}"
        event_id = fields.pop("event_id", "")
        bill = Bill(checkout, kind, price, cents)
        name, data = self.seller.payment(self, identity, at, bill, **fields)
        return self.deliver(name, data, at, event_id), identity

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
        price = self.price(plan, period)
        name, data = self.seller.subscription(self, price=price, status=status, since=since, ends=ends, **fields)
        return self.deliver(name, data, at)

    def money_back(self, payment: str, kind: str, at: datetime, *, cents: int | None = None, **fields: Any) -> Any:
        """A `refund`, a `chargeback` or its `reversal`; its `id`, `currency`, and the `tax` in it, if told."""
        identity = fields.get("id") or f"back_{self.number}_{next(_ids)}"
        return self.deliver(*self.seller.money_back(identity, payment, kind, cents, **fields), at)

    def take_word_back(self, payment: str, kind: str, at: datetime, *, id: str, cents: int | None = None) -> Any:
        """The refund or chargeback `id` does not hold: it has failed, or was won."""
        return self.deliver(*self.seller.word_back(id, payment, kind, cents), at)

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
