"""The decision on a plan: which one follows from what was paid.

It answers from the facts that it is given, and reads and writes no row. docs/explanation/ledger.md has the table of cases.
"""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from billing import upgrades
from billing.changes import DAY, PlanChanges
from billing.models import Cycle, PaidPeriod, Plan, Subscription, Wallet
from billing.periods import NEAR_THE_END
from billing.upgrades import ENOUGH, Upgrade

#: A plan whose time is over is lost after these days, the time of grace.
GRACE_DAYS = 14
GRACE = GRACE_DAYS * DAY


@dataclass(frozen=True)
class PlanFacts:
    """What is known of an organization at `at`, by our clock. The periods are laid out (`billing.periods`)."""

    at: datetime
    wallet: Wallet
    periods: tuple[PaidPeriod, ...] = ()
    changes: PlanChanges = field(default_factory=PlanChanges)  # of plan, within the periods
    cycles: tuple[Cycle, ...] = ()  # by their start
    started: frozenset[str] = frozenset()  # the periods whose own cycle has started
    # One period after the other, all of their money kept, nothing changed within them, nor begun or spent before one was
    # told.
    plain: bool = False
    bank: Subscription | None = None  # the newest plan by bank transfer

    def upgrades(self, period: PaidPeriod, at: datetime | None = None) -> list[Upgrade]:
        return upgrades.find(self.changes, period, self.at, at) if self.changes.seen else []


@dataclass(frozen=True)
class PlanDecision:
    """What an organization is on. `base` is the paid period that it rests on; without one it is on Free, or stays (`stays`)
    where it is because nobody pays for that. `at` is when this holds: now, or the time of the newest event if it is later."""

    at: datetime
    base: PaidPeriod | None = None
    plan: Plan | None = None
    allotment: Decimal = Decimal(0)
    paid_until: datetime | None = None
    changes_at: datetime | None = None  # when another paid period may take over
    in_force: bool = False
    overdue_since: datetime | None = None
    running: tuple[PaidPeriod, ...] = ()  # all that are in force
    stays: bool = False
    lapsed: bool = False  # the plan is lost as its payment did not come in


def decide(known: PlanFacts) -> PlanDecision:
    """The best plan that a paid period in force bought. When none is: the last one, for 14 days, unless its subscription has
    ended or the money of the period after it went back; then Free. What staff have set stays until the next payment, or until
    what was paid for before begins; from then on all that was paid for counts again."""
    wallet, set_at = known.wallet, known.wallet.plan_set_at
    relevant = [p for p in known.periods if p.key not in known.changes.void]
    if set_at is not None and not any(p.bought_at > set_at or set_at < p.begins_at <= known.at for p in relevant):
        relevant = [p for p in relevant if p.begins_at > set_at]
    bigger = {p.pk: _plan_after_upgrade(p, known) if known.changes.seen else None for p in relevant}
    # What an upgrade's own payment bought stays with it when the money of the period went back.
    holding = known.changes.holding
    paid = sorted((p for p in relevant if p.pk in holding or bigger[p.pk]), key=lambda p: p.begins_at)
    at = known.at
    for period in paid:
        if period.subscription is not None:
            at = max(at, period.bought_at)
            # By our own clock nothing is over early that a provider calls active.
            if period.subscription.status in (*Subscription.ENDED, *Subscription.OVERDUE):
                at = max(at, period.subscription.last_event_at or at)
    # Of one subscription the newest period that has begun counts: also a renewal on a smaller plan.
    current = list({(p.pk in holding and p.subscription_id) or p.pk: p for p in paid if p.begins_at <= at}.values())
    in_force = [p for p in current if at < p.ends_at]
    changes = [p.begins_at for p in paid if p.begins_at > at]
    plans = {p.pk: bigger[p.pk] or p.plan for p in current}
    if in_force:
        base = max(in_force, key=lambda p: (plans[p.pk].rank, p.ends_at))
    else:
        found = _after_the_end(known, relevant, current, at)
        if isinstance(found, PlanDecision):
            return replace(found, changes_at=min(changes, default=None))
        base = found
    plan = plans[base.pk]
    ends = base.ends_at
    payer = base.subscription or (known.bank if base.by_invoice else None)
    if any(p.ends_at > ends for p in paid) or (in_force and payer is not None and payer.ends_with_its_period):
        changes.append(ends)
    for later in paid:  # in order of their beginning
        follows = later.by_invoice if base.by_invoice else later.subscription_id == base.subscription_id
        if follows and later.plan_id == base.plan_id and base.begins_at < later.begins_at <= ends < later.ends_at:
            ends = later.ends_at
    overdue = not in_force and base.subscription is not None and base.subscription.status in Subscription.OVERDUE
    return PlanDecision(
        at=at,
        base=base,
        plan=plan,
        allotment=plan.monthly_xct if plan.pk != base.plan_id or base.allotment is None else base.allotment,
        paid_until=ends,
        changes_at=min(changes, default=None),
        in_force=bool(in_force),
        overdue_since=None if in_force else wallet.overdue_since or (base.ends_at if overdue else None),
        running=tuple(in_force),
    )


def decide_as_of(known: PlanFacts, at: datetime) -> PlanDecision:
    """What the organization was on at a time by all that is known, before staff set a plan."""
    changes, wallet = copy(known.changes), copy(known.wallet)
    changes.holding = {period.pk for period in known.periods if changes.share(period, at) >= ENOUGH}
    wallet.plan_set_at = wallet.paid_until = None
    bought = tuple(period for period in known.periods if period.bought_at <= at)
    return decide(replace(known, at=at, wallet=wallet, periods=bought, changes=changes))


def _plan_after_upgrade(period: PaidPeriod, known: PlanFacts) -> Plan | None:
    made = [upgrade.seen.plan for upgrade in known.upgrades(period) if upgrade.in_force]
    left = period.changed_to is not None and period.changed_to.begins_at <= known.at
    return made[-1] if made and not left else None


def _after_the_end(
    known: PlanFacts, relevant: list[PaidPeriod], current: list[PaidPeriod], at: datetime
) -> PlanDecision | PaidPeriod:
    """When no paid period is in force: the last one, in its time of grace, or the decision that the plan is lost or stays."""
    wallet = known.wallet
    last = max(current, key=lambda p: p.ends_at, default=None)
    payer = None
    if last is not None:
        payer = last.subscription or (known.bank if last.by_invoice else None)
    ended = payer is not None and payer.ends_with_its_period
    returned = last is not None and any(
        p.pk not in known.changes.holding
        and p.subscription_id == last.subscription_id
        # neither a second charge, returned before its turn, nor what ran within it
        and last.ends_at - NEAR_THE_END <= p.begins_at <= (p.taken_back_at or at)
        for p in relevant
    )
    until = last.ends_at if last else wallet.paid_until
    late = until is not None and at >= until + GRACE
    if last is None or ended or returned or late:
        # Where nothing was paid for, nothing is lost.
        begun = any(p.begins_at <= at for p in relevant)
        lost = wallet.paid_until is not None and (begun or late)
        return PlanDecision(at, stays=not lost, lapsed=lost and late and not ended and not returned)
    return last
