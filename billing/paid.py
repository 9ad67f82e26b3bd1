"""Payments received. Each is compared with its price, stored once, and grants once what its checkout or its plan names."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone

from accounts import notifications
from billing import facts, late_news, ledger, notices, refunds, settlement, subscriptions
from billing.changes import DAY
from billing.errors import NeedsStaff, NotYetKnown, Parked
from billing.lot_book import News
from billing.models import (
    Balance,
    BillingPeriod,
    Checkout,
    Entry,
    PaidPeriod,
    Payment,
    Plan,
    PlanSeen,
    ProviderEvent,
    Subscription,
    Wallet,
)
from billing.models.subscription import ANY_PRICE
from billing.months import months_after
from billing.periods import NEAR_THE_END
from integrations.payments.types import PaymentFailed, PaymentSucceeded
from scribe.messages import _
from scribe.types import Json

#: What was done; or why what was recorded is parked.
Outcome = str | Parked
#: Why a payment is parked that was told before.
OTHER_SUMS = "Its amount is not what was recorded, or its tax or currency."
CYCLE_KINDS = (Payment.Kind.FIRST, Payment.Kind.RENEWAL)


@dataclass(frozen=True)
class Purchase:
    """What a payment is for. `plan` is the plan whose period it buys, if any; `expected_minor` the price before tax in minor
    units (None: there is no price to compare with), `price_minor` what the next period costs."""

    kind: str
    checkout: Checkout | None
    subscription: Subscription | None
    plan: Plan | None
    billing_period: str
    expected_minor: int | None
    price_minor: int | None = None
    compared: bool = True
    mismatch: str = ""  # what else than was ordered was paid for
    is_past: bool = False  # a plan that the subscription had before: it counts where one of the others is paid, too


def apply_payment(event: ProviderEvent, fact: PaymentSucceeded) -> Outcome:
    """Compare a payment with its price, record it and grant what it paid for. Returns a sentence that says what was done, or
    why it is parked: for another amount, price, quantity or currency than was ordered.

    Raises NotYetKnown, or NeedsStaff for another customer, mode or plan.
    """
    known = Payment.objects.filter(provider=event.provider, external_id=fact.payment_id).first()
    options, wallet = _purchase(event, fact, known)
    if options[0].kind == Payment.Kind.PLAN_CHANGE:
        return _record_change(event, fact, known, options[0])
    net = (fact.amount_minor or 0) - (fact.tax_minor or 0)
    priced = []
    for option in options:
        price = option.expected_minor
        for discount in (event.looked_up or {}).get("discounts", ()) if option.compared else ():
            off = Decimal(discount["percent"]) / 100 * (price or 0) if discount["percent"] else discount["minor"]
            price = None if price is None else max(0, price - int(off))
        priced.append((price, option))
    paid = [(price, option) for price, option in priced if price is not None and price <= net]
    if all(option.is_past for _, option in paid):
        paid = []
    expected, bought = max(paid, key=lambda one: one[0], default=priced[0])
    subscription, plan = bought.subscription, bought.plan
    paid_at, months, noted = fact.paid_at, 12 if bought.billing_period == BillingPeriod.YEARLY else 1, ""
    if bought.compared:
        ordered, dated = bought.checkout or (subscription.checkout if subscription else None), ""
        if plan and ordered and paid_at < ordered.created_at and months_after(paid_at, months) <= event.created_at:
            dated = f"It is dated before its order of {ordered.created_at:%Y-%m-%d}, and what it would buy is over."
            paid_at = ordered.created_at  # if staff accept it
        currency = bought.checkout.currency if bought.checkout else "EUR"
        told = fact.amount_minor is not None and fact.currency
        other = bought.mismatch or not told or expected is None or net < expected or fact.currency != currency
        if (other or dated) and not event.accepted_at:
            reason = "Its amount or currency is not what was ordered." if told else "Its amount is not known."
            reason = f"{dated} {bought.mismatch or reason if other else ''}".strip()
            asked = "no known price" if expected is None else f"{Decimal(expected) / 100:.2f} {currency}"
            if known is not None and bought.mismatch == OTHER_SUMS:
                asked = f"{Decimal(known.net_minor) / 100:.2f} {known.currency}"
            return _park(event, fact, known, NeedsStaff(reason, expected=asked))
        if expected is not None and net > expected:
            noted = f" {Decimal(net) / 100:.2f} {fact.currency} came, {Decimal(expected) / 100:.2f} were expected."
    if subscription is None and bought.kind == Payment.Kind.FIRST and fact.subscription_id:
        assert bought.checkout is not None
        subscription = subscriptions.create(bought.checkout, fact.subscription_id, fact.customer_id)
    payment = known or Payment(provider=event.provider, external_id=fact.payment_id)
    payment.organization_id = wallet.organization_id
    payment.checkout, payment.subscription = payment.checkout or bought.checkout, payment.subscription or subscription
    payment.note_sums(fact)
    is_news = payment.status in ("", Payment.Status.FAILED)
    if is_news:
        payment.kind, payment.paid_at, payment.status = bought.kind, paid_at, payment.standing
    if bought.compared:
        payment.expected_minor = net if event.accepted_at else expected
        if bought.kind == Payment.Kind.RENEWAL and subscription is not None:
            to_follow = subscription.pending_plan_id is not None and bought is options[0]
            is_sure = fact.items or event.accepted_at or (to_follow and not noted)
            worth = _with_discounts(event, net) if event.looked_up else net
            payment.worth_minor = None if is_sure else worth  # else what is told later may change it
    payment.invoice_number = fact.invoice_number or payment.invoice_number
    outcome = "Recorded."
    if bought.kind == Payment.Kind.TOPUP:
        assert bought.checkout is not None
        payment.xct = payment.xct or bought.checkout.packs * bought.checkout.xct_per_pack
        _grant_packs(payment, bought.checkout)
        outcome = f"Granted {payment.xct:f} XCT of top-up."
    elif plan is not None:
        payment.xct = plan.monthly_xct if is_news else payment.xct or plan.monthly_xct
        outcome = f"Paid the plan {plan.pk}."
    payment.save()
    if subscription is not None and plan is not None:
        newer = subscription.last_event_at is None or payment.paid_at > subscription.last_event_at
        if newer:
            subscription.plan, subscription.billing_period = plan, bought.billing_period
            subscription.last_event_at = payment.paid_at
        if newer or subscription.status == Subscription.Status.PENDING:
            subscription.status = Subscription.Status.ACTIVE
        subscription.save(update_fields=["plan", "billing_period", "last_event_at", "status"])
    if bought.checkout is not None and bought.checkout.completed_at is None:
        bought.checkout.completed_at = paid_at
        bought.checkout.save(update_fields=["completed_at"])
    period = None
    if plan is not None:
        rows = PaidPeriod.objects
        # One that was taken for another plan, and parked since, has its row.
        period, _ = (rows.update_or_create if is_news else rows.get_or_create)(
            organization_id=payment.organization_id,
            key=payment.cycle_key,
            defaults={
                "plan": plan,
                "billing_period": bought.billing_period or BillingPeriod.MONTHLY,
                "begins_at": payment.paid_at,
                "paid_at": payment.paid_at,
                "ends_at": months_after(payment.paid_at, months),
                "subscription": subscription,
                "allotment": plan.monthly_xct,
                "price_minor": net if event.accepted_at else bought.price_minor,
                "kept": 1,
                "taken_back_at": None,
            },
        )
        if payment.status == Payment.Status.REFUNDED:  # while it was parked
            period.follow(payment)
            period.save(update_fields=["kept", "taken_back_at"])
    if bought.kind != Payment.Kind.TOPUP:
        base = settlement.settle(payment.organization_id, bought=period, news=News(payment.paid_at)).base
        if period is not None and (base is None or base.pk != period.pk):
            outcome = f"Paid the plan {period.plan_id}, which is over, below the one in force, or begins later."
    return outcome + noted


def _purchase(event: ProviderEvent, fact: PaymentSucceeded, known: Payment | None) -> tuple[list[Purchase], Wallet]:
    """What the payment is for (the likeliest first, where its amount must tell), with the organization's wallet, locked."""
    orders = Checkout.objects.filter(provider=event.provider, external_id=fact.checkout_id)
    rows_ = Subscription.objects.select_related("plan", "pending_plan", "checkout", "organization")
    described = rows_.filter(provider=event.provider, external_id=fact.subscription_id)
    checkout = orders.first() if fact.checkout_id else None
    subscription = described.first() if fact.subscription_id else None
    if checkout is None and subscription is not None and fact.kind == "checkout":
        checkout = subscription.checkout
    source = checkout or subscription
    if source is None:
        raise NotYetKnown("No checkout or subscription of ours is known by these ids.")
    if subscription is not None and subscription.organization_id != source.organization_id:
        raise NeedsStaff("Its checkout and its subscription are not of one organization.")
    if known is not None and known.is_of_another(source.organization_id, checkout, subscription):
        raise NeedsStaff("This payment is known as another's, or for something else.")
    wallet = ledger.lock(source.organization_id)
    event.organization_id = source.organization_id
    if subscription is None or subscription.customer_id != fact.customer_id:  # else it was checked before
        subscriptions.check_customer(event.provider, fact.customer_id, source.organization_id)
    ordered = checkout or (subscription.checkout if subscription else None)
    if ordered is not None and (ordered.provider != event.provider or ordered.live_mode != event.live_mode):
        raise NeedsStaff("The event comes from another environment than the checkout.")
    recorded = known is not None and known.status != Payment.Status.FAILED
    if known is not None and recorded:
        kind = known.kind
    elif fact.kind == "checkout":
        if checkout is None:
            raise NotYetKnown("The checkout of this payment is not known.")
        kind = Payment.Kind.TOPUP if checkout.kind == Checkout.Kind.TOPUP else Payment.Kind.FIRST
    elif subscription is None:
        raise NotYetKnown("The subscription of this payment is not known.")
    elif fact.kind == "unknown":
        # The event does not say what was charged: the first payment, a renewal by its time, else a proration.
        cycles = subscription.payments.filter(kind__in=CYCLE_KINDS).exclude(status=Payment.Status.FAILED)
        last = cycles.filter(paid_at__lt=fact.paid_at).order_by("-paid_at").first()
        runs = PaidPeriod.objects.of(wallet.organization_id).filter(key=last.cycle_key if last else "")
        within = runs.filter(ends_at__gt=fact.paid_at + NEAR_THE_END).exists()
        kind = Payment.Kind.FIRST if last is None else Payment.Kind.PLAN_CHANGE if within else Payment.Kind.RENEWAL
    else:
        kind = Payment.Kind.RENEWAL if fact.kind == "renewal" else Payment.Kind.PLAN_CHANGE
    rows: Json = {"kind": kind, "checkout": checkout, "subscription": subscription}
    if kind == Payment.Kind.PLAN_CHANGE:
        if subscription is None:
            raise NeedsStaff("It was told as something else before.")
        return [Purchase(plan=None, billing_period="", expected_minor=None, **rows)], wallet
    if known is not None and recorded and not known.differs(fact.amount_minor, fact.tax_minor, fact.currency):
        rows["compared"] = False
        own = PaidPeriod.objects.of(wallet.organization_id).filter(key=known.cycle_key).select_related("plan").first()
        if own is not None:
            # It was recorded; what the subscription has changed to since is not what it paid for.
            rows |= {"plan": own.plan, "billing_period": own.billing_period}
            return [Purchase(expected_minor=known.expected_minor, **rows)], wallet
        if kind != Payment.Kind.TOPUP or fact.kind != "checkout":
            raise NeedsStaff("It was told as something else before.")
    elif recorded:
        rows["mismatch"] = OTHER_SUMS
    if fact.kind == "checkout" and checkout is not None:
        if fact.items and fact.items != ((checkout.price_id, checkout.quantity),):
            rows["mismatch"] = f"Paid for {fact.items!r}, ordered {(checkout.price_id, checkout.quantity)!r}."
        elif fact.credit_minor:
            rows["mismatch"] = f"A credit at the provider paid {Decimal(fact.credit_minor) / 100:.2f} of it."
        price = subscriptions.ordered_price(checkout)
        rows |= {"plan": checkout.plan, "billing_period": checkout.billing_period}
        return [Purchase(expected_minor=price, price_minor=price, **rows)], wallet
    assert subscription is not None
    return _renewal(subscription, fact.paid_at, fact.items, rows), wallet


def _renewal(
    subscription: Subscription, at: datetime, items: tuple[tuple[str, int], ...], rows: Json
) -> list[Purchase]:
    """What a renewal may be of, the likeliest first: the plan that the event names. Else the one that was to follow with it,
    the newest that the subscription had by then, or one that was seen on the day after. Who paid for one of these may have
    paid for a dearer one that it had before."""
    organization_id, ordered, found = subscription.organization_id, subscription.checkout, []
    periods = PaidPeriod.objects.of(organization_id).filter(subscription=subscription).select_related("plan")
    past: list[tuple[Plan, str]] = []
    if items:
        if len(items) != 1 or items[0][1] != 1:
            raise NeedsStaff(f"A renewal of {items!r} is no plan of ours.")
        options = [subscriptions.plan_of_price(subscription, items[0][0])]
    else:
        seen = PlanSeen.objects.of(organization_id).filter(subscription=subscription, at__lte=at + DAY)
        told = [(row.at, row.plan, row.period) for row in seen.select_related("plan", "subscription")]
        told += [
            (row.begins_at, row.plan, row.billing_period)
            for row in periods
            if row.begins_at < at and row.begins_at != row.taken_back_at  # else its payment is parked
        ]
        if ordered is not None and ordered.plan is not None:
            told.append((datetime.min.replace(tzinfo=UTC), ordered.plan, ordered.billing_period))
        latest = max((when for when, *_ in told if when <= at), default=at)
        options = [(plan, period) for when, plan, period in told if when == latest]
        options += [(plan, period) for when, plan, period in told if when > at]
        past = [(plan, period) for when, plan, period in told if when < latest]
        if subscription.pending_plan:
            options.insert(0, (subscription.pending_plan, subscription.pending_period or subscription.billing_period))
    options = options or [(subscription.plan, subscription.billing_period)]
    for plan, period in dict.fromkeys([*options, *past]):
        same = [row for row in periods if (row.plan_id, row.billing_period) == (plan.pk, period)]
        price = next((row.price_minor for row in reversed(same) if row.price_minor is not None), None)
        if price is None and ordered is not None and (ordered.plan_id, ordered.billing_period) == (plan.pk, period):
            price = subscriptions.ordered_price(ordered)
        price = plan.price_minor(period) if price is None else price
        rows["is_past"] = (plan, period) not in options
        found.append(Purchase(plan=plan, billing_period=period, expected_minor=price, price_minor=price, **rows))
    return found


def correct_renewals(subscription: Subscription, seen_at: datetime) -> str:
    """Let renewals that name no plan be of the one that is known to be theirs since something was told of the subscription
    then; one that is less than that costs is parked. A sentence for the event that told it."""
    noted = ""
    recent = subscription.payments.filter(kind=Payment.Kind.RENEWAL, worth_minor__isnull=False)
    for payment in recent.filter(paid_at__gte=seen_at - DAY).exclude(status=Payment.Status.FAILED):
        period = PaidPeriod.objects.of(payment.organization_id).filter(key=payment.cycle_key).first()
        if period is None:
            continue
        rows = {"kind": payment.kind, "checkout": None, "subscription": subscription}
        options = _renewal(subscription, payment.paid_at, (), rows)
        paid = [(price, one) for one in options if (price := one.expected_minor) is not None and price <= payment.worth]
        set_it = subscription.last_event_at == payment.paid_at
        if all(one.is_past for _, one in paid):
            payment.kind, payment.status = Payment.Kind.PARKED, Payment.Status.FAILED
            payment.save(update_fields=["kind", "status"])
            period.kept, period.taken_back_at = Decimal(0), period.begins_at
            period.save(update_fields=["kept", "taken_back_at"])
            if set_it:
                subscription.last_event_at = None
                subscription.save(update_fields=["last_event_at"])
            settlement.settle(payment.organization_id, news=News(payment.paid_at), reason="The plan is not paid")
            told = ProviderEvent.objects.filter(references__contains=[f"payment:{payment.external_id}"])
            told = told.filter(
                provider=payment.provider, status=ProviderEvent.Status.APPLIED, outcome__contains="Paid the plan"
            )
            for event in told.select_for_update(skip_locked=True):
                event.send_again()
            noted += " Its renewal is less than its plan costs."
            continue
        price, bought = max(paid, key=lambda one: one[0])
        if bought.plan is None or (period.plan_id, period.billing_period) == (bought.plan.pk, bought.billing_period):
            continue
        if period.billing_period != bought.billing_period:
            period.billing_period = bought.billing_period
            period.ends_at = months_after(period.begins_at, period.months)
        period.plan, period.allotment, period.price_minor = bought.plan, bought.plan.monthly_xct, price
        period.save()
        payment.expected_minor, payment.xct = min(price, payment.net_minor), bought.plan.monthly_xct
        payment.save()
        if set_it:
            subscription.plan, subscription.billing_period = bought.plan, bought.billing_period
            subscription.save(update_fields=["plan", "billing_period"])
        noted += f" Its renewal paid the plan {bought.plan.pk}."
    return noted


def _record_change(event: ProviderEvent, fact: PaymentSucceeded, known: Payment | None, bought: Purchase) -> Outcome:
    """Record a payment for a change of plan. What it is for follows from all that is known, now and later: one that is for
    nothing yet is parked all the same, with what was expected, and may be returned."""
    subscription, accepted = bought.subscription, bool(event.accepted_at)
    assert subscription is not None
    net = (fact.amount_minor or 0) - (fact.tax_minor or 0)
    currency = subscription.checkout.currency if subscription.checkout else "EUR"
    told = fact.amount_minor is not None and fact.currency
    recorded = known if known is not None and known.status != Payment.Status.FAILED else None
    other = recorded and recorded.differs(fact.amount_minor, fact.tax_minor, fact.currency)
    if not accepted and (not told or fact.currency != currency or other):
        expected = f"{Decimal(recorded.net_minor) / 100:.2f} {recorded.currency}" if recorded else "no known price"
        parked = NeedsStaff("Its amount is not what was recorded, or its currency.", expected=expected)
        return _park(event, fact, known, parked)
    payment = known or Payment(provider=event.provider, external_id=fact.payment_id)
    payment.organization_id, payment.subscription = subscription.organization_id, subscription
    payment.note_sums(fact)
    if recorded is None:
        payment.kind, payment.paid_at, payment.status = bought.kind, fact.paid_at, payment.standing
    payment.invoice_number = fact.invoice_number or payment.invoice_number
    payment.worth_minor = max(payment.worth_minor or 0, ANY_PRICE if accepted else _with_discounts(event, net))
    payment.save()
    settlement.settle(payment.organization_id, news=News(payment.paid_at, happened_at=payment.paid_at))
    changes = facts.read(ledger.lock(payment.organization_id), timezone.now()).changes
    if payment.cycle_key in changes.prices:
        row = changes.bought.get(payment.cycle_key)
        least = changes.prices[payment.cycle_key]
        noted = f" {payment.received} came, {Decimal(least) / 100:.2f} were expected." if net > least else ""
        return (f"Paid the plan {row.plan_id}." if row else "Paid an upgrade.") + noted
    if payment not in changes.for_nothing:
        return "Recorded; it is for no change of plan."
    price = changes.asked(payment)
    waits: Parked = NotYetKnown("No change of plan is known that this payment is for.")
    if price is not None:
        unpaid = any(changes.offers(payment))
        reason = "Its amount is not what the change of plan costs." if unpaid else _("The plan change is already paid.")
        waits = NeedsStaff(reason, expected=f"{Decimal(price) / 100:.2f} {currency}", received=payment.received)
    waits.recorded = recorded is None
    return waits


def _park(event: ProviderEvent, fact: PaymentSucceeded, known: Payment | None, parked: NeedsStaff) -> Outcome:
    """Record a payment that is not what was ordered, so that it may be returned; its event is parked until all of it was."""
    payment = known or Payment(provider=event.provider, external_id=fact.payment_id, status=Payment.Status.FAILED)
    bought = payment.status != Payment.Status.FAILED  # something, as it was told before
    parked.recorded = not bought and payment.kind != Payment.Kind.PARKED
    payment.note_sums(fact)
    parked.received = payment.received
    if bought:
        return parked
    assert event.organization_id is not None
    payment.organization_id, payment.kind, payment.paid_at = event.organization_id, Payment.Kind.PARKED, fact.paid_at
    payment.invoice_number = fact.invoice_number
    payment.save()
    return parked if payment.amount_minor is None or payment.kept else refunds.ALL_RETURNED


def _with_discounts(event: ProviderEvent, net: int) -> int:
    """What was paid, with what the confirmed discounts took off."""
    worth = Decimal(net)
    for discount in (event.looked_up or {}).get("discounts", ()):
        left = 1 - Decimal(discount["percent"] or 0) / 100
        worth = worth / left + discount["minor"] + 1 if left > 0 else Decimal(ANY_PRICE)
    return min(ANY_PRICE, int(worth))


def _grant_packs(payment: Payment, checkout: Checkout) -> None:
    with ledger.book(payment.organization_id) as book:
        if not book.posted(payment.cycle_key):
            book.post(
                Balance.TOPUP,
                payment.xct,
                Entry.Type.TOPUP,
                key=payment.cycle_key,
                description=f"{checkout.packs} top-up pack{'s' if checkout.packs != 1 else ''}",
                by=checkout.created_by_id,
            )
            late_news.use_packs(book, payment.paid_at, payment.xct)
            notices.after_credit(book.wallet)
    if payment.status == Payment.Status.REFUNDED:  # while it was parked
        refunds.settle_packs(payment, "Refund")


def record_failed_payment(event: ProviderEvent, fact: PaymentFailed) -> str:
    """Record a failed payment and tell the organization. A failed payment alone does not cut off access."""
    source = subscriptions.find_subscription(event.provider, fact.subscription_id) or subscriptions.checkout_of(
        event.provider, fact.checkout_id
    )
    if source is None:
        raise NotYetKnown("No checkout or subscription of ours is known by these ids.")
    event.organization_id = source.organization_id
    subscription = source if isinstance(source, Subscription) else None
    payment, is_new = Payment.objects.get_or_create(  # type: ignore[misc]  # never another here
        provider=event.provider,
        external_id=fact.payment_id or f"failed:{event.event_id}",
        defaults={
            "organization_id": source.organization_id,
            "subscription": subscription,
            "checkout": None if subscription else source,
            "kind": Payment.Kind.RENEWAL if subscription else Payment.Kind.OTHER,
            "status": Payment.Status.FAILED,
            "amount_minor": fact.amount_minor,
            "currency": fact.currency,
            "paid_at": fact.failed_at,
        },
    )
    if not is_new and (payment.status != Payment.Status.FAILED or payment.kind == Payment.Kind.PARKED):
        return "It succeeded meanwhile."
    if subscription is not None:
        notifications.notify(
            organization=source.organization,
            event="payment.failed",
            title=_("A payment failed"),
            body=_("The payment for your plan did not go through. Please check the payment method."),
            data={"provider": event.provider, "payment_id": fact.payment_id},
            key=f"payment_failed:{event.provider}:{fact.payment_id}",
        )
    return "Recorded as failed."
