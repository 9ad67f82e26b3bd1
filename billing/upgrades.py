"""Upgrades within a month: the XCT that a larger plan grants for the rest of that month."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from billing import cycles
from billing.models import Cycle, PaidPeriod, PlanSeen, Subscription

STEP = Decimal("0.0001")
DAY = timedelta(days=1)
#: A cycle is a month, so an event cannot concern a cycle that is further away than this.
NEIGHBOURHOOD = timedelta(days=32)


def settle(subscription: Subscription, *, around: datetime) -> None:
    """Grant, per cycle, what the plans seen within it have more than the cycle's own, in proportion to the days that were left of
    the cycle when each was first seen. What was granted already is not granted again.

    It follows from what was seen and paid alone, so the order in which the events came does not matter. `around` is the
    time of the event that brought news: it concerns the cycle that it falls into or starts, no other.
    """
    near = (around - NEIGHBOURHOOD, around + NEIGHBOURHOOD)
    seen_near = list(subscription.plans_seen.filter(at__range=near).select_related("plan").order_by("at"))
    paid = subscription.payments.filter(kind__in=("first", "renewal")).exclude(status="failed")
    first = paid.order_by("paid_at").values_list("paid_at", flat=True).first()
    if first is None or not seen_near:
        return
    started = list(
        Cycle.objects.of(subscription.organization_id)
        .filter(
            source__in=(Cycle.Source.PAYMENT, Cycle.Source.MONTH),
            started_at__gte=max(first, near[0] - NEIGHBOURHOOD),
            started_at__lte=near[1],
        )
        .order_by("started_at")
    )
    for at, cycle in enumerate(started):
        ends = cycles.months_after(cycle.started_at, 1)
        if at + 1 < len(started):
            ends = min(ends, started[at + 1].started_at)
        # A plan seen in a month whose own cycle is not known yet: its payment will bring it here again.
        within = [seen for seen in seen_near if cycle.started_at <= seen.at < ends]
        if within and not _cycle_taken_back(subscription, cycle):
            _grant(cycle, within)


def _cycle_taken_back(subscription: Subscription, cycle: Cycle) -> bool:
    """Whether the money for this cycle, or for the upgrades within its period, was taken back."""
    for period in PaidPeriod.objects.of(cycle.organization_id).filter(
        begins_at__lte=cycle.started_at, ends_at__gt=cycle.started_at
    ):
        if period.taken_back_at or taken_back(subscription, period.begins_at, period.ends_at):
            return True
    return False


def _grant(cycle: Cycle, within: list[PlanSeen]) -> None:
    """`within` is in order of time. The month counts as from its start to the same day of the next.

    What is left is counted in days, to the nearest. A cycle begins with its payment or with the subscription's own event
    of it, whichever arrives first; those are minutes apart, and must not grant different amounts.
    """
    began, ends = cycle.started_at, cycles.months_after(cycle.started_at, 1)
    highest = target = cycles.granted_first(cycle)
    name = ""
    for seen in within:
        more = seen.plan.monthly_xct - highest
        if more > 0 and seen.plan_id != cycle.plan_id:
            left = more * _days(ends - seen.at) / _days(ends - began)
            target += left.quantize(STEP, rounding=ROUND_DOWN)
            highest, name = seen.plan.monthly_xct, seen.plan.name
    if target > cycle.allotment:
        cycles.top_to(
            cycle=cycle, target=target, key=f"upgrade:{cycle.key}:{target:f}", description=f"Upgrade to the plan {name}"
        )


def _days(time: timedelta) -> int:
    """Whole days, to the nearest."""
    return (time + DAY / 2) // DAY


def taken_back(subscription: Subscription, begins: datetime, ends: datetime) -> bool:
    """Whether an upgrade between these times was paid, and every such payment was taken back."""
    payments_ = subscription.payments.filter(kind="plan_change", paid_at__gte=begins, paid_at__lt=ends).exclude(
        status="failed"
    )
    taken = [payment.taken_back for payment in payments_.prefetch_related("refunds")]
    return bool(taken) and all(taken)
