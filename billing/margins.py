"""What is left of a price: XCT at what they are really sold for, against what models cost us at the stored exchange rate."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from billing import exchange_rates
from billing.models import AIModel, Balance, BillingPeriod, Entry, ImagePrice, Plan, TopupPack, UsageRecord
from billing.models.wallet import ZERO
from scribe.ids import first_id

MONTHS = {BillingPeriod.MONTHLY: 1, BillingPeriod.YEARLY: 12}
#: The text by which a price is judged: a post, four fifths of whose tokens are written, with one repair that is not charged.
OUTPUT, CALLS = Decimal("0.8"), 2


@dataclass(frozen=True)
class Offer:
    """A way to buy XCT, and what one of them then costs."""

    name: str
    eur_per_xct: Decimal


@dataclass(frozen=True)
class Loss:
    """`percent` of the price, and the whole in one sentence."""

    percent: Decimal
    sentence: str


@dataclass(frozen=True)
class Dollar:
    """EUR for 1 USD, by the stored list of `day`; 1 for 1 while none is stored."""

    eur: Decimal
    day: date | None


@dataclass(frozen=True)
class MarginLine:
    """What calls of one model brought and cost, of organizations on one plan. `margin` in percent; None without revenue."""

    provider: str
    model: str
    plan: str
    calls: int
    xct: Decimal
    eur: Decimal
    usd: Decimal
    margin: Decimal | None

    def __str__(self) -> str:
        name = f"{self.provider}/{self.model} on {self.plan or 'no plan'}"
        left = "nobody pays for it" if self.margin is None else f"{self.margin:.1f} % are left"
        loss = ": IT LOSES MONEY" if self.margin is not None and self.margin < 0 else ""
        return f"{name}: {self.calls} calls brought {self.eur:.2f} EUR and cost {self.usd:.2f} USD, {left}{loss}."


def dollar() -> Dollar:
    return Dollar(*(exchange_rates.dollar() or (Decimal(1), None)))


def _plan_prices(plan: Plan) -> Iterator[tuple[str, Decimal]]:
    prices = {BillingPeriod.MONTHLY: plan.monthly_price_eur, BillingPeriod.YEARLY: plan.yearly_price_eur}
    for period, price in prices.items():
        if price and plan.monthly_xct:
            yield period, price / (plan.monthly_xct * MONTHS[period])


def _pack() -> Offer | None:
    pack = TopupPack.objects.filter(valid_from__lte=timezone.now()).order_by("-valid_from").first()
    return Offer(f"a pack of {pack.xct.normalize():f}", pack.price_eur / pack.xct) if pack else None


def offers() -> list[Offer]:
    """Every way to buy XCT today, the cheapest first."""
    found = [
        Offer(f"{plan.name} {period}", price)
        for plan in Plan.objects.filter(on_sale=True)
        for period, price in _plan_prices(plan)
    ]
    return sorted([*found, *filter(None, [_pack()])], key=lambda offer: offer.eur_per_xct)


def _percent(eur: Decimal, usd: Decimal, rate: Dollar) -> Decimal | None:
    return 100 * (1 - usd * rate.eur / eur) if eur else None


def losses() -> dict[str, Loss]:
    """The prices in force at which we lose money when XCT are bought at the cheapest offer: of models, by a post with one
    repair, and of images."""
    cheapest, rate = next(iter(offers()), None), dollar()
    if cheapest is None:
        return {}
    found = {}
    for name, what, xct, usd in (*_models(), *_images()):
        margin = _percent(xct * cheapest.eur_per_xct, usd, rate)
        if margin is not None and margin < 0:
            found[name] = Loss(
                -margin,
                f"{name}: {what} loses {-margin:.0f} % of its price at {cheapest.eur_per_xct:.5f} EUR per XCT "
                f"({cheapest.name}); {rate_note(rate)}.",
            )
    return found


def _models() -> Iterator[tuple[str, str, Decimal, Decimal]]:
    for model in AIModel.objects.in_force().select_related("tier"):
        usd = CALLS * (model.input_usd * (1 - OUTPUT) + model.output_usd * OUTPUT) / 1000
        yield str(model), "a post with one repair", model.xct_per_thousand, usd


def _images() -> Iterator[tuple[str, str, Decimal, Decimal]]:
    rows = ImagePrice.objects.filter(valid_from__lte=timezone.now())
    newest = rows.order_by("provider", "size", "quality", "-valid_from").distinct("provider", "size", "quality")
    for price in newest:
        yield f"Image {price}", "one image", price.xct, price.cost_usd


@transaction.atomic
def caused_by(row: models.Model) -> list[str]:
    """The sentences of the losses that saving `row`, a price, would bring or make greater. It is not saved."""
    before, key, adding = losses(), row.pk, row._state.adding
    point = transaction.savepoint()
    try:
        row.save()
        after = losses()
    finally:
        transaction.savepoint_rollback(point)
        row.pk, row._state.adding = key, adding
    return [loss.sentence for name, loss in after.items() if name not in before or loss.percent > before[name].percent]


def rate_note(rate: Dollar) -> str:
    if rate.day is None:
        return "1 USD counted as 1 EUR, for no rate of the dollar is stored"
    return f"1 USD = {rate.eur:.4f} EUR by the list of {rate.day:%Y-%m-%d}"


def lines(since: datetime) -> list[MarginLine]:
    """The margin per model and plan of the calls since `since`, on our keys; what brought most comes first.

    An XCT counts at the price at which it was sold: of the plan's allotment that of plan and period, of packs and overage
    that of a pack; those of a plan that nobody pays count 0.
    """
    rate, worth = dollar(), _worth(since)
    rows = UsageRecord.objects.filter(
        byok=False, is_test=False, pk__gte=first_id(since), created_at__gte=since
    ).order_by()
    groups = rows.values(
        "provider", "model", "organization__wallet__plan", "organization__wallet__billing_period"
    ).annotate(calls=Count("pk"), xct=Sum("xct"), usd=Sum("cost_usd"))
    sums: dict[tuple[str, str, str], tuple[int, Decimal, Decimal, Decimal]] = {}
    for group in groups:
        plan, period = group["organization__wallet__plan"] or "", group["organization__wallet__billing_period"] or ""
        key = group["provider"], group["model"], plan
        calls, xct, eur, usd = sums.get(key, (0, ZERO, ZERO, ZERO))
        eur += group["xct"] * worth.get((plan, period), ZERO)
        sums[key] = calls + group["calls"], xct + group["xct"], eur, usd + group["usd"]
    found = [
        MarginLine(*key, calls=calls, xct=xct, eur=eur, usd=usd, margin=_percent(eur, usd, rate))
        for key, (calls, xct, eur, usd) in sums.items()
    ]
    return sorted(found, key=lambda line: (-line.eur, -line.usd))


def report(since: datetime) -> Iterator[str]:
    """A sentence for each line, and for each price in force that loses money."""
    yield from map(str, lines(since))
    yield from (loss.sentence for loss in losses().values())


def _worth(since: datetime) -> dict[tuple[str, str], Decimal]:
    """EUR of one XCT that organizations of each plan and period used, by the balances that it was taken from."""
    prices = {(plan.pk, period): price for plan in Plan.objects.all() for period, price in _plan_prices(plan)}
    pack = _pack()
    rows = Entry.objects.filter(
        transaction_type=Entry.Type.USAGE, pk__gte=first_id(since), created_at__gte=since
    ).order_by()
    used: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO, Decimal(0)])
    for plan, period, bucket, amount in rows.values_list(
        "organization__wallet__plan", "organization__wallet__billing_period", "balance_type"
    ).annotate(n=Sum("amount")):
        of_plan = prices.get((plan, period), Decimal(0))
        price = of_plan if bucket == Balance.SUBSCRIPTION else pack.eur_per_xct if pack else Decimal(0)
        sums = used[plan, period]
        sums[0] -= amount
        sums[1] -= amount * price
    return {key: eur / xct for key, (xct, eur) in used.items() if xct}
