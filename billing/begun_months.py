"""The months of an organization that have begun: whose money each is of, what it should have brought, when it ends."""

from copy import copy
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

from billing import cycles, lots
from billing.decisions import PlanDecision, PlanFacts
from billing.models import FREE, Cycle, PaidPeriod, Wallet
from billing.models.wallet import ZERO
from billing.months import NEAR
from billing.upgrades import ENOUGH


class BegunMonths:
    """The months that have begun, by what was paid and decided."""

    def __init__(self, wallet: Wallet, known: PlanFacts, decided: PlanDecision) -> None:
        self.wallet, self.known, self.decided = wallet, known, decided
        self.cycles = {cycle.key: cycle for cycle in known.cycles}
        #: The months that staff started, by the period whose money they are of.
        self.resets: dict[PaidPeriod | None, list[Cycle]] = {}
        for cycle in self.cycles.values():
            if cycle.source == Cycle.Source.STAFF:
                self.resets.setdefault(self._payer(cycle), []).append(cycle)
        #: The months of plans that they set, and all that end the months before them.
        self.set = [cycle for cycle in self.cycles.values() if cycle.key.startswith(cycles.SET)]
        self.anew = [
            cycle
            for payer, months in self.resets.items()
            for cycle in months
            if (payer and self._was_paid(cycle, payer)) or cycle.plan_id != FREE or cycle in self.set
        ]

    def months(self, period: PaidPeriod) -> list[Cycle]:
        """The months that began within the period: its own cycle, and for a year those that followed."""
        found = [cycle for cycle in self.cycles.values() if cycle.key == period.key]
        if period.months > 1:
            # A card's are counted from its payment; an invoice's may have been moved, but never change the plan.
            start = month_key(period.begins_at)
            cards = tuple(month_key(one.begins_at) for one in self.known.periods if not one.by_invoice)
            found += [
                cycle
                for cycle in self.cycles.values()
                if cycle.source == Cycle.Source.MONTH
                and period.begins_at <= cycle.started_at < period.ends_at - NEAR
                and (cycle.plan_id == period.plan_id if period.by_invoice else cycle.key.startswith(start))
                and not (period.by_invoice and cycle.key.startswith(cards))
            ]
        return sorted(found, key=lambda cycle: cycle.started_at)

    def newest(self, period: PaidPeriod) -> Cycle | None:
        """The month of the period that began last, or was started anew."""
        mine = [*self.months(period)[-1:], *self.resets.get(period, ())]
        return max(mine, key=lambda cycle: cycle.started_at, default=None)

    def _payer(self, reset: Cycle) -> PaidPeriod | None:
        """The period that pays for a month that staff started anew: of those that ran then, the one that brings most.
        None for one of the Free plan, unless a period was told since that ran then, or of a plan that staff had set or
        set with it."""
        at, set_at, known = reset.started_at, self.wallet.plan_set_at, self.known
        if set_at and set_at <= at and not any(set_at < max(p.bought_at, p.begins_at) <= at for p in known.periods):
            return None
        anew = reset.key.startswith(cycles.RESET)
        ran = [p for p in known.periods if anew and p.begins_at <= at < p.until]
        if reset.plan_id == FREE:
            ran = [p for p in ran if p.created_at > reset.created_at]
        ran = [p for p in ran if known.changes.share_then(p, at) >= ENOUGH] or ran
        return max(ran, key=lambda period: self.entitlement(period, reset), default=None)

    def _was_paid(self, reset: Cycle, period: PaidPeriod) -> bool:
        """Whether enough of the period's money was there when staff started the month, for it to be one of its plan."""
        return reset.plan_id != FREE or self.known.changes.share(period, reset.started_at) >= ENOUGH

    def entitlement(
        self, period: PaidPeriod, cycle: Cycle, granted: Decimal | None = None, at: datetime | None = None
    ) -> Decimal:
        """What a month of the period should have brought, or by that time."""
        made, share = self.known.upgrades(period, at), self.known.changes.share(period, at)
        if at is not None and period.changed_to is not None and at < period.changed_to.begins_at:
            period = copy(period)
            period.changed_to = None
        if cycle.source == Cycle.Source.STAFF:  # those since are of the month that it is within
            if not self._was_paid(cycle, period):
                return cycle.plan.monthly_xct
            made = [upgrade for upgrade in made if upgrade.seen.at < cycle.started_at]
        return lots.entitlement(period, share, made, cycle.started_at, granted)

    def brought_since(self, period: PaidPeriod, cycle: Cycle, since: datetime, at: datetime | None = None) -> Decimal:
        """What upgrades since then should have brought to a month, or by a time."""
        made = [upgrade for upgrade in self.known.upgrades(period, at) if upgrade.seen.at >= since]
        return lots.entitlement(period, ZERO, made, cycle.started_at)

    def ends_of(self, period: PaidPeriod) -> dict[str, datetime]:
        """When the lots of a period end. One that staff started anew ends with the month within which it began."""
        ends: dict[str, datetime] = {}
        for reset in self.resets.get(period, ()):
            ends |= lots.month_ends(period, [reset])
        return ends | lots.month_ends(period, self.months(period))

    def ends(self) -> dict[str, datetime]:
        """When the lots of all periods end."""
        return {key: end for period in self.known.periods for key, end in self.ends_of(period).items()}

    def _replaced(self) -> dict[str, datetime]:
        """When the months ended that others have followed, whoever paid for them; the running one may go on since."""
        begun = sorted(self.cycles.values(), key=lambda cycle: cycle.started_at)
        return {one.key: after.started_at for one, after in pairwise(begun) if one.key != self.wallet.cycle_key}

    def lives(self, period: PaidPeriod, key: str, end: datetime) -> bool:
        """Whether XCT of the period's month lie in the balance: until it ends, and in the time of grace of the last
        one."""
        last = end >= period.ends_at or any(key == cycle.key for cycle in self.months(period)[-1:])
        return self.decided.at < end or (last and period is self.decided.base)

    def is_over(self, period: PaidPeriod, key: str, end: datetime) -> bool:
        """Whether what was left of the period's month has expired: it ended, or staff have started one anew since."""
        return self.replaced_by(self.cycles[key]) is not None or not self.lives(period, key, end)

    def replaced_by(self, month: Cycle) -> Cycle | None:
        """The month that staff have started last in place of this one. A plan that they set leaves what was told since
        and brings more; a new month of the Free plan all that is paid for."""

        def replaces(one: Cycle) -> bool:
            told = one.created_at > month.created_at or one.allotment >= month.allotment
            return one.key != month.key and one.started_at >= month.started_at and (one not in self.set or told)

        return max(filter(replaces, self.anew), key=lambda one: one.created_at, default=None)


def month_key(anchor: datetime) -> str:
    return f"month:{anchor.astimezone(UTC):%Y%m%dT%H%M%S}:"
