"""A second opinion on what a history brought: what was sold, what of its money was kept, and so which plan and XCT
there may be. It knows nothing of how billing decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing.models import Entry, PaidPeriod, Payment, Plan
from billing.months import months_after

D = Decimal
DAY = timedelta(days=1)


@dataclass
class Sale:
    """A payment of `cents` and `tax` for what costs `price`; `returned` are the sums that went back for good, and
    whether each is of the tax alone."""

    name: str
    kind: str  # first, renewal, plan_change or packs
    plan: str
    period: str
    price: int
    cents: int
    tax: int
    at: datetime
    returned: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.cents >= self.price

    def kept(self, provider: str) -> Decimal:
        """The part of the price that is there. Of a refund, Paddle tells the tax in it; once Dodo has told of the tax
        alone, the rest is of the price."""
        gross = self.cents + self.tax
        if not self.cents:
            return D(1)
        if sum(cents for cents, _ in self.returned) >= gross:
            return D(0)
        alone = provider == "dodo" and any(of_tax for _, of_tax in self.returned)
        of_price = D(1) if alone else D(self.cents) / gross
        back = sum((cents * of_price for cents, of_tax in self.returned if not of_tax), D(0))
        return max(D(0), 1 - back / self.cents)

    @property
    def ends(self) -> datetime:
        return months_after(self.at, 12 if self.period == "yearly" else 1)


def check_most(history: Any, buyer: Any) -> None:
    """Assert that the month's balance is at most a month of the best plan that is paid for, one for each billing period
    that was bought, beside the Free plan's; but for upgrades that are waited for."""
    if not history.waits_for_upgrades:
        plans = {plan.pk: plan.monthly_xct for plan in Plan.objects.all()}
        paid = [one for one in history.sales if one.kind != "packs" and one.whole and one.kept(buyer.provider) > 0]
        most = max((plans[one.plan] for one in paid), default=0) * len({one.period for one in paid})
        assert buyer.wallet().subscription_balance <= most + plans["free"], most


def check_paid(history: Any, buyer: Any) -> None:
    """Assert the equations: of each payment, what it brought is what was kept of it; no plan is there that was not paid
    for within its time and grace, and who paid in full has it."""
    wallet = buyer.wallet()
    _check_brought(history, buyer)
    plans = {plan.pk: plan for plan in Plan.objects.all()}
    now, paid = history.now, [one for one in history.sales if one.kind != "packs" and one.whole]
    if any(one.name == "first" and not one.whole for one in history.sales):
        return
    # No more than was paid for, but for the time of grace and the 72 hours of upgrades.
    most = max(
        (
            plans[one.plan].rank
            for one in paid
            if now < one.ends + 32 * DAY + 14 * DAY
            and (one.kept(buyer.provider) >= D("0.49") or one.kind == "plan_change")
        ),
        default=0,
    )
    assert history.waits_for_upgrades or wallet.plan.rank <= most, (wallet.plan_id, most)
    # No less: the newest thing that was paid in full and kept, with nothing changed since.
    periods = [one for one in paid if one.kind in ("first", "renewal")]
    last = max(periods, key=lambda one: one.at, default=None)
    if last and last.kept(buyer.provider) == 1 and now < last.ends and not history.changed_since(last.at):
        assert wallet.plan.rank >= plans[last.plan].rank, (wallet.plan_id, last)
        assert wallet.paid_until is not None
        assert wallet.paid_until >= last.ends - DAY, (wallet.paid_until, last)


def _check_brought(history: Any, buyer: Any) -> None:
    """Received − returned = granted, of packs and of months that nothing was changed in."""
    for sale in history.sales:
        identity = buyer.payment_id(sale.name)
        payment = Payment.objects.filter(provider=buyer.provider, external_id=identity).first()
        rows = Entry.objects.filter(organization=buyer.organization)
        key = f"payment:{buyer.provider}:{identity}"
        if sale.kind == "packs":
            brought = rows.filter(key=key).aggregate(n=Sum("amount"))["n"] or D(0)
            brought += rows.filter(cycle_key=key).exclude(key=key).aggregate(n=Sum("amount"))["n"] or D(0)
            wanted = 500 * history.packs * sale.kept(buyer.provider) if sale.whole else D(0)
            assert abs(brought - wanted) <= D("0.01"), (sale, brought, wanted)
            continue
        period = PaidPeriod.objects.filter(organization=buyer.organization, key=key).first()
        if sale.kind == "plan_change" or history.changed_since(sale.at) or sale.period == "yearly":
            continue
        moved = rows.filter(cycle_key=key)
        given = moved.filter(transaction_type__in=("grant", "refund")).aggregate(n=Sum("amount"))["n"] or D(0)
        expired = -(moved.filter(transaction_type="expiry").aggregate(n=Sum("amount"))["n"] or D(0))
        wanted = Plan.objects.get(pk=sale.plan).monthly_xct * sale.kept(buyer.provider) if sale.whole else D(0)
        if not sale.whole:
            assert period is None or period.kept == 0, (sale, period)
            assert payment is None or payment.kind == "parked", sale
        # What had expired before its money went back is gone, and not taken again.
        assert wanted - D("0.01") <= given <= max(wanted, expired) + D("0.01"), (sale, given, wanted, expired)
