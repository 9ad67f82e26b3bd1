"""Settlement: read what is known, let `billing.decisions` and `billing.lots` decide, write cycles, postings and the
plan.

Whatever happens (a payment, a refund, a provider's word on a subscription, a paid or credited invoice, dunning, beat)
ends here. Everything runs under the wallet's lock, in the caller's transaction.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from billing import cycles, facts, free_months, late_news, ledger, notices, plans
from billing.begun_months import month_key
from billing.decisions import PlanDecision, PlanFacts, decide, decide_as_of
from billing.lot_book import LotBook, News
from billing.lots import Lot
from billing.models import (
    FREE,
    Balance,
    Cycle,
    Entry,
    PaidPeriod,
    Payment,
    PaymentProviderName,
    PlanSeen,
    ProviderEvent,
    Subscription,
    Wallet,
)
from billing.models.wallet import ZERO
from billing.months import NEAR, PROMPT, months_after, months_between, next_month
from billing.upgrades import UNPAID_FOR
from scribe.messages import _
from scribe.unforeseen import keep_going

#: How far back unpaid upgrades are looked for. Those of the version before that are older stay as they were settled.
LOOKED_BACK = timedelta(days=31)


@transaction.atomic
def settle(
    organization: Organization | UUID | None,
    *,
    at: datetime | None = None,
    bought: PaidPeriod | None = None,
    news: News | None = None,
    reason: str = "What was paid for is over",
) -> PlanDecision:
    """Put the organization on what it has paid for. Twice is harmless.

    `bought` was just recorded: its cycle starts, whatever the plan. What was told late, as `bought` or in the `news`,
    also decides of what was spent since.
    """
    with ledger.book(organization) as book:
        wallet = book.wallet
        known = facts.read(wallet, at or timezone.now())
        if known.changes.moved or known.changes.bought_now or known.changes.made:
            _store(known)
        decided = decide(known)
        base = decided.base
        stock, begun = None, True
        fresh = base is not None and bought is not None and base.pk == bought.pk and base.key not in known.started
        if base is not None and fresh and known.plain and base.months == 1:
            # Nothing else lies in the balance: the month before is over, and this one begins.
            cycles.start_in(
                book,
                key=base.key,
                source=Cycle.Source.INVOICE if base.by_invoice else Cycle.Source.PAYMENT,
                plan=base.plan,
                at=base.begins_at,
                allotment=decided.allotment,
                description=f"Plan {base.plan.name}: paid",
            )
        else:
            stock = LotBook(book, known, decided, news)
            begun = _settle_lots(stock, bought)
        if base is not None and decided.plan is not None:
            if (wallet.plan_id, wallet.allotment) != (decided.plan.pk, decided.allotment):
                plans.put_on(wallet, decided.plan, allotment=decided.allotment)
            wallet.billing_period, wallet.paid_until = base.billing_period, decided.paid_until
            wallet.cycle_anchor = base.anchor
            since = max(known.at, base.begins_at)
            month = next_month(wallet.cycle_anchor, since, base.ends_at) if base.months > 1 else None
            due = (decided.changes_at, month, stock and stock.next_end())
            wallet.next_cycle_at = min((when for when in due if when and when > known.at), default=None)
            if decided.in_force or begun:
                wallet.overdue_since, wallet.dunning_stage = None, 0
            else:
                wallet.overdue_since = decided.overdue_since
            if base.by_invoice:
                _describe(known, decided, renewed=bought is not None)
        elif stock is not None and decided.stays:
            _stay(stock)
        elif stock is not None:
            _to_free(stock, reason)
        if base is None and decided.changes_at is not None:
            wallet.next_cycle_at = min(wallet.next_cycle_at or decided.changes_at, decided.changes_at)
        book.changed.update(cycles.RUNNING, ("overdue_since", "dunning_stage"))
    return decided


def _settle_lots(stock: LotBook, bought: PaidPeriod | None) -> bool:
    """Begin the months that are due, and bring all lots to what was paid for; whether one runs since."""
    begun, stays = stock.start_due(bought), stock.decided.base is not None or stock.decided.stays
    if stays:  # else once the month of the Free plan has begun
        late_news.carry(stock)
    stock.settle()
    if stays:
        late_news.pay_owed(stock)
    return begun


def _store(known: PlanFacts) -> None:
    """Store the periods as they are laid out; note with the payments for changes what they have bought, and with those
    that are for nothing any more."""
    changes = known.changes
    for period in (*changes.moved, *changes.bought_now):
        period.save()
    for period in (*changes.moved, *changes.bought_now) if changes.made else ():
        xct = period.allotment if period.key in changes.bought else ZERO if period.key in changes.void else None
        if xct is not None and (payment := changes.payments.get(period.key)):
            Payment.objects.filter(pk=payment.pk).update(xct=xct)
    if changes.made:
        _notify_again(known)


def _notify_again(known: PlanFacts) -> None:
    """Have payments for changes of plan told again whose events say something else than what is known by now: staff see
    those that are for nothing, whenever they came to be so, with what is asked for, and no others."""
    changes, status = known.changes, ProviderEvent.Status
    paid = {(one.provider, f"payment:{one.external_id}"): one for one in changes.made}
    for_nothing = {one.pk for one in changes.for_nothing}
    mine = ProviderEvent.objects.filter(
        organization_id=known.wallet.organization_id, references__overlap=[name for _, name in paid]
    )
    applied = Q(status=status.APPLIED) & (Q(outcome__startswith="Paid") | Q(outcome__startswith="Recorded;"))
    parked = Q(status=status.WAITING) | Q(status=status.FOR_STAFF, expected__isnull=False)
    for event in mine.filter(applied | parked).select_for_update(skip_locked=True):
        named = [paid[event.provider, name] for name in event.references if (event.provider, name) in paid]
        if not named or not any(name.startswith("subscription:") for name in event.references):
            continue  # of money that goes back
        fits = event.status == status.APPLIED
        if named[0].pk in for_nothing:
            asked = changes.asked(named[0])
            wanted = None if asked is None else f"{Decimal(asked) / 100:.2f} {named[0].currency}"
            fits = not fits and event.expected == wanted
        if not fits:
            event.send_again()


def _describe(known: PlanFacts, decided: PlanDecision, *, renewed: bool) -> None:
    """Let the subscription by bank transfer follow the invoice's period that is in force."""
    base = decided.base
    assert base is not None
    live = known.bank or Subscription(
        organization_id=base.organization_id,
        provider=PaymentProviderName.BANK,
        external_id=base.key.removeprefix("invoice:"),
    )
    live.plan, live.billing_period, live.period_ends_at = base.plan, base.billing_period, decided.paid_until
    if decided.in_force:
        live.status, live.ended_at = Subscription.Status.ACTIVE, None
    if renewed:
        live.cancel_at_period_end = False
    live.save()


def _stay(stock: LotBook) -> None:
    """Stay on a plan that nobody pays for. Beside the Free plan's month, the rest of a lost plan ends with its own."""
    _run_as_set(stock)
    if stock.wallet.plan.is_free:
        if over := stock.ended():
            cycles.expire(stock.book, over)
        stock.wallet.next_cycle_at = _next_turn(stock, stock.wallet.next_cycle_at)


def _run_as_set(stock: LotBook) -> None:
    """Let the month and the time run that did when staff set the plan that stays, now that more is known of them. A
    plan that they set with a month of its own has those."""
    wallet, set_at = stock.wallet, stock.wallet.plan_set_at
    if (
        stock.late_since is None
        or set_at is None
        or any(abs(cycle.started_at - set_at) < PROMPT for cycle in stock.set)
    ):
        return
    ran = decide_as_of(stock.known, set_at)
    free = [month.began for month in free_months.find(stock.known) if month.began <= set_at]
    wallet.billing_period, wallet.paid_until = ran.base.billing_period if ran.base else "", ran.paid_until
    wallet.cycle_anchor = ran.base.anchor if ran.base else max(free, default=wallet.cycle_anchor)
    wallet.next_cycle_at = next_month(wallet.cycle_anchor, stock.known.at, ran.paid_until)
    month = stock.newest(ran.base) if ran.base else None
    if month is None or wallet.cycle_started_at > set_at or wallet.cycle_key == month.key:
        return
    wallet.cycle_key, wallet.cycle_started_at = month.key, month.started_at
    found, unpaid = stock.read(), [one for one in stock.cycles.values() if one.plan_id == FREE]
    before = [one.key for one in unpaid if one.started_at < month.started_at]
    if over := {key: found[key].left for key in before if key in found and found[key].left > 0}:
        cycles.expire(stock.book, over)


def _to_free(stock: LotBook, reason: str) -> None:
    """Put the organization on the Free plan, by the calendar. Who was on it within the month has its XCT."""
    wallet, known, lapsed, free = stock.wallet, stock.known, stock.decided.lapsed, plans.free()
    since = free_months.began(known)
    begun = Q(source=Cycle.Source.PLAN_END) | Q(source=Cycle.Source.STAFF, plan=free)
    before = Cycle.objects.of(wallet.organization_id).filter(begun, started_at__lte=known.at)
    due = (cycle for cycle in before.order_by("-started_at") if free_months.is_due(known, cycle))
    month = next(due, None)
    if month is not None and months_after(month.started_at, 1) > known.at:
        wallet.cycle_key, wallet.cycle_started_at = month.key, month.started_at
        cycles.expire(stock.book, stock.ended())
        lot = stock.read().get(month.key, Lot(month.key))
        if (again := month.allotment - lot.given + lot.expired - lot.left) > 0 and lot.given:
            number, text = wallet.last_number + 1, _("What was left of the month of the Free plan")
            kind, key = Entry.Type.GRANT, f"again:{month.key}:{number}"
            stock.book.post(Balance.SUBSCRIPTION, again, kind, key=key, description=text, cycle_key=month.key)
    else:
        month = cycles.start_in(
            stock.book,
            key=f"{cycles.PLAN_END}{wallet.last_number + 1}",
            source=Cycle.Source.PLAN_END,
            plan=free,
            at=since,
            allotment=free.monthly_xct,
            description=_("The payment for the plan did not come in") if lapsed else reason,
            ended=stock.ended(begins=True),
        )
        stock.cycles[month.key] = month
    late_news.carry(stock)
    stock.bring()  # with what was carried to months of before
    late_news.pay_owed(stock)
    if lapsed:
        notices.after_lapse(wallet, known.at)
    plans.put_on(wallet, free)
    wallet.billing_period, wallet.paid_until, wallet.cycle_anchor = "", None, month.started_at
    wallet.next_cycle_at = _next_turn(stock, next_month(month.started_at, known.at, None))
    wallet.overdue_since, wallet.dunning_stage = None, 0
    Subscription.objects.of(wallet.organization_id).live().filter(provider=PaymentProviderName.BANK).update(
        status=Subscription.Status.EXPIRED, ended_at=known.at
    )


def _next_turn(stock: LotBook | None, month: datetime | None) -> datetime | None:
    """When beat is needed next: for the next month, or before it for the end of a lot beside the Free plan's month."""
    ends = stock.next_end() if stock else None
    return min((at for at in (month, ends) if at), default=None)


def ended_by_a_new_month(wallet: Wallet) -> dict[str, Decimal] | None:
    """What is left of the lots that end with a month that staff start anew, with the wallet locked: on the Free plan
    not what stays paid of another, else all (None)."""
    stock = _beside_free(wallet, timezone.now())
    return stock.ended(begins=True) if stock else None


def _beside_free(wallet: Wallet, now: datetime) -> LotBook | None:
    """The lots of the Free plan's wallet: those of plans that were lost lie beside its month."""
    if not wallet.plan.is_free:
        return None
    known = facts.read(wallet, now)
    return LotBook(ledger.Book(wallet), known, decide(known))


@transaction.atomic
def roll_over(organization: Organization | UUID | None, *, now: datetime | None = None) -> Cycle | None:
    """Start what is due: a paid period that begins, its month, or the month of a plan that nobody pays for, counted
    from its start. None when no cycle was.

    However late it runs, only the month of today starts, and it starts once: its key is its number of months.
    """
    now = now or timezone.now()
    wallet = ledger.lock(organization)
    if wallet.next_cycle_at is None or wallet.next_cycle_at > now:
        return None
    begun = Cycle.objects.of(wallet.organization_id)
    before = begun.count()
    base = settle(organization, at=now).base
    with ledger.book(organization) as book:
        wallet = book.wallet
        if begun.count() > before:
            return begun.get(key=wallet.cycle_key)
        if base is not None or wallet.next_cycle_at is None or wallet.next_cycle_at > now:
            return None
        anchor, ends = wallet.cycle_anchor, wallet.paid_until
        number = months_between(anchor, now)
        at, key = months_after(anchor, number), f"{month_key(anchor)}{number}"
        over = ends is not None and at >= ends - NEAR
        # The first one, or what ran before it, began otherwise.
        begun_before = number < 1 or begun.filter(key=key).exists()
        stock = _beside_free(wallet, now)
        wallet.next_cycle_at = None if over else _next_turn(stock, next_month(anchor, now, ends))
        book.touch("next_cycle_at")
        if over or begun_before:
            return None
        return cycles.start_in(
            book,
            key=key,
            source=Cycle.Source.MONTH,
            plan=wallet.plan,
            at=at,
            allotment=wallet.allotment,
            description="",
            ended=stock.ended(begins=True) if stock else None,
        )


def settle_unpaid_upgrades(*, now: datetime | None = None) -> int:
    """Take back the upgrades that nobody paid for within 72 hours; returns how many changes of plan were looked at."""
    now = now or timezone.now()
    due = PlanSeen.objects.filter(settled_at=None, at__lte=now - UNPAID_FOR, at__gt=now - LOOKED_BACK)
    looked_at = 0
    for seen in due.order_by("at"):
        failure = keep_going("an upgrade could not be settled", organization_id=str(seen.organization_id))
        with failure, transaction.atomic():
            settle(seen.organization_id, at=now, news=News(seen.at))
            looked_at += PlanSeen.objects.filter(pk=seen.pk).update(settled_at=now)
    return looked_at
