"""Plans and subscriptions against the paid periods."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from billing import credits, decisions, facts, ledger
from billing.begun_months import month_key
from billing.checks.discrepancy import Discrepancy, rows
from billing.checks.payments import find_unlisted, granted_is_kept
from billing.lot_book import LotBook
from billing.models import FREE, Cycle, Entry, PaidPeriod, Payment, Plan, Subscription, Wallet
from billing.models.subscription import ANY_PRICE
from billing.models.wallet import ZERO
from billing.months import months_after
from billing.upgrades import UNPAID_FOR, Upgrade

#: A renewal may come this late.
RENEWAL_LATE = timedelta(days=4)
#: Parts of money are stored to eight places.
ROUNDING = Decimal("0.000001")
LONGEST_MONTH, SHORTEST_MONTH = timedelta(days=31), timedelta(days=28)
#: A period that ended is looked at for this long.
WAITS_AFTER = timedelta(days=1)


def subscriptions() -> Iterator[Discrepancy]:
    """A card subscription that its provider calls active has a paid period in force: else an event was lost, or its
    payment was taken back. A renewal may come some days late."""
    statement = """
        SELECT s.organization_id, s.id, s.provider, s.external_id, s.billing_period, max(r.ends_at)
        FROM billing_subscription s
        LEFT JOIN billing_payment p ON p.subscription_id = s.id AND p.status <> 'failed'
        LEFT JOIN billing_paidperiod r ON r.organization_id = s.organization_id AND r.taken_back_at IS NULL
            AND r.key = 'payment:' || p.provider || ':' || p.external_id
        WHERE s.status = 'active' AND s.provider <> 'bank' AND s.created_at < %s - interval '1 day'
        GROUP BY s.id HAVING coalesce(max(r.ends_at), '-infinity') < %s
    """
    now = timezone.now()
    for organization_id, pk, provider, external_id, period, last in rows(statement, now, now - RENEWAL_LATE):
        known = facts.read(Wallet.objects.get(organization_id=organization_id), now)
        mine = [p for p in known.periods if p.subscription_id == pk and p.ends_at > now - RENEWAL_LATE]
        if any(made.in_force for p in mine for made in known.upgrades(p)):
            continue  # an upgrade's own money was kept
        subject, paid = f"{provider} subscription {external_id}", f"paid until {last}" if last else "none is paid"
        yield Discrepancy("subscription_is_paid", subject, f"a {period} period in force", paid, organization_id)


def standings() -> Iterator[Discrepancy]:
    """Each organization is on the plan that its paid periods decide, and their lots brought what was paid for."""
    now = timezone.now()
    running = PaidPeriod.objects.filter(Q(ends_at__gt=now) | Q(kept__lt=1)).values("organization_id")
    wallets = Wallet.objects.filter(Q(paid_until__isnull=False) | Q(organization__in=running)).select_related("plan")
    for wallet in wallets.iterator(chunk_size=500):
        known = facts.read(wallet, now)
        decided = decisions.decide(known)
        plan = decided.plan.pk if decided.plan else FREE
        if not decided.stays and plan != wallet.plan_id:
            until = f" until {decided.paid_until:%Y-%m-%d}" if decided.paid_until else ""
            subject = f"wallet {wallet.pk}"
            yield Discrepancy("paid_period_is_in_force", subject, plan + until, wallet.plan_id, wallet.organization_id)
        yield from _unused_payments(known)
        yield from _unused_money(known)
        yield from _periods(known)
        yield from _credits(known)
        lots = LotBook(ledger.Book(wallet), known, decided)
        found = [*_unpaid_upgrades(known), *_lots(lots)]
        yield from {(one.check, one.subject): one for one in found}.values()


def _unused_payments(known: decisions.PlanFacts) -> Iterator[Discrepancy]:
    """Money that came for a change of plan, and is for none."""
    for payment in known.changes.for_nothing:
        yield from find_unlisted(payment, "payment_is_for_a_change", "a change of plan")


def _unused_money(known: decisions.PlanFacts) -> Iterator[Discrepancy]:
    """Money that was kept, and is too little for its plan: of a year, of which no further month begins, and of the
    month of a subscription that goes on all the same."""
    for period in known.periods:
        kept, live = known.changes.share(period), period.subscription
        goes_on = live and live.status == Subscription.Status.ACTIVE and live.created_at < known.at - WAITS_AFTER
        if not kept or known.at >= period.until or period.pk in known.changes.holding:
            continue
        if period.months > 1 or (goes_on and not any(made.in_force for made in known.upgrades(period))):
            subject = f"{'year' if period.months > 1 else 'month'} {period.key}"
            came = f"{100 * kept:.2f} % of its money"
            yield Discrepancy("kept_money_buys_a_plan", subject, "half of it, or none", came, period.organization_id)


def _periods(known: decisions.PlanFacts) -> Iterator[Discrepancy]:
    """A card's periods that last longer than what was paid for, or whose payment has another part of its money. Months
    count by the day on which the first one began."""
    moved = [period.pk for period in known.changes.moved]
    stored = dict(PaidPeriod.objects.filter(pk__in=moved).values_list("pk", "ends_at"))
    for period in known.periods:
        due, payment = months_after(period.begins_at, period.months), known.changes.payments.get(period.key)
        ends = max(period.ends_at, stored.get(period.pk, period.ends_at))
        if not period.by_invoice and ends > due + LONGEST_MONTH - SHORTEST_MONTH:
            wanted, found = f"until {due:%Y-%m-%d}", f"until {ends:%Y-%m-%d}"
            subject = f"period {period.key}"
            yield Discrepancy("paid_period_lasts_its_months", subject, wanted, found, period.organization_id)
        if payment is None or period.kept is None or period.key in known.changes.void:
            continue
        if abs(period.kept - payment.kept_of_price) > ROUNDING:
            wanted, found = f"{100 * payment.kept_of_price:.2f} %", f"{100 * period.kept:.2f} %"
            subject = f"kept of period {period.key}"
            yield Discrepancy("paid_period_follows_its_money", subject, wanted, found, period.organization_id)


def _credits(known: decisions.PlanFacts) -> Iterator[Discrepancy]:
    """Payments that a credit at the provider made which is more than was left of the money before it."""
    for payment, most, credit in credits.find_uncovered(known.changes):
        wanted, found = f"a credit of at most {most / 100:.2f}", f"{credit / 100:.2f} {payment.currency}"
        yield Discrepancy("credit_is_of_money", str(payment), wanted, found, payment.organization_id)


def _unpaid_upgrades(known: decisions.PlanFacts) -> Iterator[Discrepancy]:
    """Upgrades that their providers still report, and nobody has paid for in their 72 hours."""
    for period in known.periods:
        live = period.subscription
        if live is None or live.status != Subscription.Status.ACTIVE or not period.begins_at <= known.at < period.until:
            continue
        for made in known.upgrades(period):
            if not made.in_force and made.seen.plan_id == live.plan_id and made.seen.at < known.at - UNPAID_FOR:
                yield _unpaid(made, live)


def _unpaid(made: Upgrade, live: Subscription) -> Discrepancy:
    subject, wanted = f"subscription {live} on {made.seen.at:%Y-%m-%d}", f"a payment for {made.seen.plan_id}"
    return Discrepancy("upgrade_is_paid", subject, wanted, "none in force", live.organization_id)


def changes() -> Iterator[Discrepancy]:
    """What a subscription with changes of plan has brought costs at most what its payer has paid and not got back. Each
    period counts for the time until it was changed, at what was paid for it or at its list price, as far as it brought
    its XCT; XCT beyond those at the cheapest price there is."""
    now = timezone.now()
    prices = [(plan.price_minor("yearly") or 0) / (12 * plan.monthly_xct) for plan in Plan.objects.filter(on_sale=True)]
    cheapest = min(prices, default=ZERO)
    made = Payment.objects.filter(kind=Payment.Kind.PLAN_CHANGE, worth_minor__lt=ANY_PRICE)
    for live in Subscription.objects.filter(pk__in=made.values("subscription")).select_related("organization"):
        payments = live.payments.exclude(status=Payment.Status.FAILED).prefetch_related("refunds")
        paid = {one.cycle_key: one for one in payments}
        if any(one.worth >= ANY_PRICE for one in paid.values()):
            continue
        here = ((max(one.net_minor, one.worth_minor or 0) - one.credit_net) * one.kept for one in paid.values())
        money = sum(here, ZERO)  # a credit is of another's money
        cost, leeway, periods = ZERO, ZERO, list(live.periods.order_by("begins_at"))
        waits = live.plans_seen.filter(at__gt=now - UNPAID_FOR).exists()
        for period in periods:
            price, payment = period.price_minor or 0, paid.get(period.key)
            if payment is not None and payment.kind != Payment.Kind.PLAN_CHANGE:
                price = min(price, payment.net_minor)
            else:
                leeway += Decimal(price) / 28 + 1
            later = (other.begins_at for other in periods if other.kept != 0 and other.begins_at > period.begins_at)
            used = Decimal((min([period.ends_at, *later]) - period.begins_at) / (period.ends_at - period.begins_at))
            months = Cycle.objects.of(live.organization_id).filter(
                Q(key=period.key) | Q(key__startswith=month_key(period.begins_at))
            )
            grants = Entry.objects.of(live.organization_id).filter(
                cycle_key__in=list(months.values_list("key", flat=True)),
                transaction_type__in=(Entry.Type.GRANT, Entry.Type.REFUND, Entry.Type.EXPIRY),
            )
            brought = grants.aggregate(total=Sum("amount"))["total"] or ZERO
            whole = (period.allotment or period.plan.monthly_xct) * months.count()
            kept = Decimal(1) if period.kept is None else period.kept
            share = brought / (whole * (used if period.months == 1 else 1)) if whole and used else ZERO
            cost += price * used * min(kept, share)
            cost += 0 if waits else max(ZERO, brought - whole * kept) * cheapest
        if cost > money + leeway:
            subject, came = f"subscription {live}", f"{money / 100:.2f} EUR"
            yield Discrepancy("changes_are_paid", subject, f"{cost / 100:.2f} EUR", came, live.organization_id)


def _lots(found: LotBook) -> Iterator[Discrepancy]:
    """The lots of periods that run or ended a day ago, and of those whose money went back, brought what was paid
    for."""
    known = found.known
    for period in known.periods:
        if period.kept is not None and period.kept < 1:
            found.concern(period, period.begins_at)
        elif known.at - WAITS_AFTER < period.until and period.begins_at <= known.at:
            found.concern(period, known.at - WAITS_AFTER)
    for period, _, lot, _, wanted in found.differences():
        if lot.owed > lot.spent + lot.left and found.wallet.topup_balance < 0:
            most, owed = f"at most {lot.spent:f} XCT", f"{lot.owed:f} XCT"
            yield Discrepancy("spent_is_owed", f"month {lot.key}", most, owed, period.organization_id)
        unpaid = [upgrade for upgrade in known.upgrades(period) if not upgrade.in_force]
        if not unpaid or wanted.subscription + wanted.topup >= 0:
            yield from granted_is_kept(period.key, known.changes.share(period), wanted, period.organization_id)
            continue
        for upgrade in unpaid:
            yield _unpaid(upgrade, upgrade.seen.subscription)
