"""Lots: which XCT lie where, from which payment, for which span of time, and until when.

Each month of a paid period has a lot, the XCT that its cycle granted; a payment for packs has one without an end. What
a lot should have brought (`entitlement`) follows from what was paid; what it did bring is the sum of its ledger
entries. `bring` says what must be posted so that both are equal. Nothing here reads or writes a row;
docs/explanation/ledger.md has the table of cases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from billing.amounts import STEP, xct
from billing.cycles import RESET, SET
from billing.ledger import KEPT
from billing.models import Balance, Cycle, Entry, PaidPeriod, Payment
from billing.models.wallet import ZERO
from billing.months import months_after, months_between
from billing.upgrades import Upgrade

#: How the keys of entries begin that give back what had expired: the lot is not over, as it turned out.
RESTORED = "restored:"
#: And of those that give it back to a lot that stays over: more of it was spent.
BORNE = "borne:"
#: How the keys of entries begin that have another month bear what was spent.
CARRIED = "carried:"
#: How the keys of entries begin that grant a month that staff started, in place of the one that ran.
STARTED_ANEW = tuple(f"grant:{kind}" for kind in (RESET, SET))


@dataclass
class Lot:
    """One lot as the ledger has it. `given` is all that it brought and that was not taken back, of which `owed` was
    taken from top-ups (they may be below zero for it); `expired` and `left` are parts of it, the rest was spent. `kept`
    is the part of what is left that waits for an open hold to close, to be spent or to expire. `before` is what it had
    brought when it ended early: staff started a month anew, and only what it brings since lies in the balance."""

    key: str
    ends_at: datetime | None = None
    granted: Decimal = ZERO
    given: Decimal = ZERO
    owed: Decimal = ZERO
    expired: Decimal = ZERO
    left: Decimal = ZERO
    kept: Decimal = ZERO
    before: Decimal = ZERO

    @property
    def spent(self) -> Decimal:
        return self.given + self.owed - self.expired - self.left


@dataclass(frozen=True)
class Postings:
    """What is to be posted for a lot: to the month's balance, to top-ups, and what of it expires at once."""

    subscription: Decimal = ZERO
    topup: Decimal = ZERO
    expires: Decimal = ZERO


def bring(lot: Lot, entitled: Decimal, *, lives: bool, later: Decimal | None = None) -> Postings:
    """Let a lot have brought what it should. More goes first to what was owed for it; what a lot that is over brings
    expires. Less is taken from what is left of it, and owed where more was spent than it should have brought; what has
    expired is gone, and not taken again, nor what is kept for an open hold. Of one that ended early, that is so of what
    it had brought by then; `later` is what it should have brought since at least, and all of what it brings now that
    does not expire."""
    more = entitled - lot.given
    before = min(lot.given, lot.before) if lives else lot.given
    since = lot.given - before
    # Of one that is over no more is owed than was spent beyond what it should have brought, whatever had expired.
    undue = ZERO if lives else max(ZERO, min(lot.owed, lot.owed - max(ZERO, lot.spent - entitled)))
    if more >= 0 or undue > 0:
        again = max(undue, min(more, lot.owed))
        rest = max(ZERO, more - again)
        left = rest if later is None else min(rest, max(ZERO, later - since))
        return Postings(rest, again, rest - left if lives else rest)
    due = min(since, max(later or ZERO, entitled - before))
    less = since - due + max(ZERO, before - lot.expired - lot.kept - (entitled - due))
    there = min(less, lot.left - lot.kept)
    return Postings(-there, there - less)


def month_ends(period: PaidPeriod, months: list[Cycle]) -> dict[str, datetime]:
    """When the lot of each month of the period ends, by the cycle's key; `months` are those that have begun, in
    order."""
    anchor, ends = period.anchor, {}
    for number, cycle in enumerate(months):
        counted = max(number, months_between(anchor, cycle.started_at))
        last = counted + 1 >= period.months
        end = period.ends_at if last else months_after(anchor, counted + 1)
        if number + 1 < len(months):
            end = min(end, months[number + 1].started_at)
        ends[cycle.key] = end
    return ends


def entitlement(
    period: PaidPeriod,
    share: Decimal,
    made: Iterable[Upgrade],
    began: datetime,
    granted: Decimal | None = None,
) -> Decimal:
    """The XCT of the period's month that began then: of the allotment the `share` that was paid, and of each upgrade
    the difference from its time on, by the second; all that only up to a change to another period, which took the rest
    over. A period of before its own allotment has the plan's, or what was `granted` if that is less."""
    ends = months_after(began, 1)
    if not period.by_invoice:  # by the day on which the first began
        ends = months_after(period.anchor, months_between(period.anchor, began) + 1)
        ends = period.ends_at if period.months == 1 else ends
    over = period.changed_to.begins_at if period.changed_to is not None else ends

    def part(since: datetime) -> Decimal:
        left = min(over, ends) - max(since, began)
        return Decimal(max(0.0, left.total_seconds())) / Decimal((ends - began).total_seconds())

    monthly = period.allotment
    if monthly is None:
        monthly = min(period.plan.monthly_xct, period.plan.monthly_xct if granted is None else granted)
    total = monthly * share * part(began) + sum(upgrade.xct * part(upgrade.seen.at) for upgrade in made)
    return total.quantize(STEP, rounding=ROUND_DOWN)


def of_packs(payment: Payment) -> Decimal:
    """The XCT that a payment for packs should have brought, by the part of their price that was kept."""
    return xct(payment.xct * payment.kept_of_price)


def read(
    entries: Iterable[Entry], ends: Mapping[str, datetime], owners: Mapping[str, str], earlier: Decimal = ZERO
) -> dict[str, Lot]:
    """The lots that these entries, in order, make. XCT are spent from the lot that ends first, and of one that is over
    last: that is kept for work under way. What an entry names and is not there any more comes from the others in that
    order. `owners` tells for a key of the version before whose
    refund it was, and `earlier` is the month's balance before the first entry, of lots that are not asked for."""
    lots = {key: Lot(key, end) for key, end in ends.items()}
    lots[""] = Lot("", left=earlier)
    spent, at = ZERO, None
    for entry in entries:
        kind, of_month = entry.transaction_type, entry.balance_type == Balance.SUBSCRIPTION
        if kind == Entry.Type.USAGE and not entry.key.endswith(f":{KEPT}"):
            spent, at = spent - entry.amount if of_month else spent, entry.created_at
            continue
        _draw(lots, spent, at=at)
        spent = ZERO
        key = concerns(entry, ends, owners)
        lot = lots.setdefault(key, Lot(key))
        if kind in (Entry.Type.GRANT, Entry.Type.TOPUP, Entry.Type.REFUND):
            lot.given += entry.amount
            lot.granted += entry.amount if kind != Entry.Type.REFUND else ZERO
        for over in _ends_with(entry, lot, lots):
            over.before = over.given
        if kind == Entry.Type.REFUND and not of_month:
            lot.owed -= entry.amount
        if of_month and entry.amount > 0:
            lot.left += entry.amount
            if entry.key.startswith((RESTORED, BORNE)):
                lot.expired -= entry.amount
                lot.before = lot.before if entry.key.startswith(BORNE) else ZERO
        elif of_month:
            named = [lot] if kind != Entry.Type.ADJUSTMENT or entry.key.startswith(CARRIED) else []
            if f":{KEPT}" in entry.key:
                named = _ended_lots(lots, lot, entry.created_at)
            _draw(lots, -entry.amount, named, expires=kind == Entry.Type.EXPIRY)
    _draw(lots, spent, at=at)
    return lots


def _ends_with(entry: Entry, lot: Lot, lots: Mapping[str, Lot]) -> list[Lot]:
    """The lots that end with an entry of the lot."""
    if entry.key.startswith(STARTED_ANEW):
        return [other for other in lots.values() if other is not lot]
    return [lot] if entry.transaction_type == Entry.Type.EXPIRY and f":{KEPT}:" not in entry.key else []


def _ended_lots(lots: Mapping[str, Lot], named: Lot, at: datetime) -> list[Lot]:
    """The lots that were over at the time, in which XCT were kept for work: that which its hold names, or others that
    ended since it began."""
    over = [lot for lot in lots.values() if lot.ends_at and lot.ends_at <= at]
    return [*sorted(over, key=lambda lot: (lot is not named, lot.ends_at)), named]


def _draw(
    lots: dict[str, Lot],
    amount: Decimal,
    named: Iterable[Lot] = (),
    *,
    at: datetime | None = None,
    expires: bool = False,
) -> None:
    """Draw an amount from the lots that are named, then from what is not asked for, then from the lots by their end;
    last from those that were over `at` the time."""

    def order(lot: Lot) -> tuple[bool, bool, datetime | None]:
        return bool(at and lot.ends_at and lot.ends_at <= at), lot.ends_at is not None, lot.ends_at

    by_end = sorted(lots.values(), key=order)
    for lot in [*named, *by_end]:
        if amount <= 0:
            return
        drawn = min(amount, max(ZERO, lot.left))
        lot.left, amount = lot.left - drawn, amount - drawn
        if expires:
            lot.expired += drawn


def concerns(entry: Entry, ends: Mapping[str, datetime], owners: Mapping[str, str]) -> str:
    """The key of the lot that an entry gave to or took from. In entries of the version before, the key of what took it
    tells."""
    if entry.transaction_type == Entry.Type.TOPUP:
        return entry.key
    what, _, rest = entry.key.partition(":")
    if entry.key.startswith("expiry:late:"):
        return ""  # of lots that ended before, which a hold had kept
    if entry.transaction_type == Entry.Type.REFUND:
        if what == "credit":
            return f"invoice:{rest.rpartition(':')[0]}"
        if what == "upgrade":
            return rest.rsplit(":", 2)[0]
        if what == "refund":
            owner = next((owner for named, owner in owners.items() if entry.key.startswith(f"{named}:")), "")
            return entry.cycle_key if entry.cycle_key in ends or not owner else owner
    return entry.cycle_key
