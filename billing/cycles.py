"""Cycles. Each month of a plan starts once: it expires the XCT left from the month before and grants its own allotment.

Events come late, twice and in any order, so every cycle has a key and a time. One that began before the running cycle
is over already: it grants, and what it granted expires, as it would have had the event come in time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Organization, User
from billing import ledger, notices, plans
from billing.models import Balance, Cycle, Entry, Hold, Invoice, Plan, Wallet
from billing.models.wallet import ZERO
from billing.months import next_month
from scribe.messages import _

#: The wallet's columns that a started cycle changes.
RUNNING = (
    "cycle_key",
    "cycle_started_at",
    "cycle_anchor",
    "next_cycle_at",
    "plan",
    "allotment",
    "billing_period",
    "paid_until",
    "overage_due",
)
#: How a cycle starts: as the running one, beside it (its XCT are added to it), or when it is over already.
Place = Literal["running", "beside", "over"]
#: How the keys of months begin that staff started anew, and of those of a plan that they set.
RESET, SET = "reset:", "plan:"
#: And of the months of the Free plan that follow a plan.
PLAN_END = "plan_end:"
#: And of the entries by which a month that ended has paid what was owed.
OWED = "owed:"
#: The sources of months that nobody paid for.
UNPAID = (Cycle.Source.REGISTRATION, Cycle.Source.STAFF, Cycle.Source.PLAN_END)


@transaction.atomic
def start(
    *,
    organization: Organization | UUID,
    key: str,
    source: str,
    plan: Plan,
    at: datetime,
    allotment: Decimal | None = None,
    description: str = "",
    by: User | None = None,
    paid_until: datetime | None = None,
    billing_period: str = "",
    now: datetime | None = None,
    ended: Mapping[str, Decimal] | None = None,
) -> Cycle:
    """Start a cycle at `at`, once per `key`: expire the month before (or the lots that are named as `ended`), grant the
    allotment, set the plan. `paid_until` is where beat stops starting months: then only a payment may."""
    with ledger.book(organization) as book:
        if first := Cycle.objects.filter(organization_id=book.wallet.organization_id, key=key).first():
            return first
        granted = plan.monthly_xct if allotment is None else allotment
        cycle = start_in(
            book,
            key=key,
            source=source,
            plan=plan,
            at=at,
            allotment=granted,
            description=description,
            by=by,
            ended=ended,
        )
        wallet = book.wallet
        plans.put_on(wallet, plan, allotment=granted)
        wallet.billing_period, wallet.paid_until, wallet.cycle_anchor = billing_period, paid_until, at
        wallet.next_cycle_at = next_month(at, max(at, now or timezone.now()), paid_until)
        return cycle


def start_in(
    book: ledger.Book,
    *,
    key: str,
    source: str,
    plan: Plan,
    at: datetime,
    allotment: Decimal,
    description: str,
    by: User | None = None,
    place: Place = "running",
    ended: Mapping[str, Decimal] | None = None,
) -> Cycle:
    """Add a cycle that has not begun, with its entries: the XCT of the `ended` lots expire (without any named, all that is
    left), the allotment is granted. The caller sets the wallet's plan."""
    wallet = book.wallet
    cycle = Cycle.objects.create(
        organization_id=wallet.organization_id, key=key, source=source, started_at=at, plan=plan, allotment=allotment
    )
    if place == "running":
        if ended is None:
            ended = {wallet.cycle_key: wallet.subscription_balance} if wallet.subscription_balance else {}
        if ended:
            expire(book, ended, by=by)
        wallet.overage_due = ZERO
        if wallet.overage_owed:
            open_ = Invoice.objects.filter(
                organization_id=wallet.organization_id, invoice_type="overage", status=Invoice.Status.PENDING
            )
            billed = open_.aggregate(total=Sum("xct_amount"))["total"] or ZERO
            wallet.overage_due = max(ZERO, wallet.overage_owed - billed)
        wallet.cycle_key, wallet.cycle_started_at = key, at
        book.changed.update(RUNNING)
    if allotment > ZERO:
        text = description or f"Monthly allotment of the plan {plan.name}"
        kind = Entry.Type.GRANT
        book.post(Balance.SUBSCRIPTION, allotment, kind, key=f"grant:{key}", description=text, by=by, cycle_key=key)
        if place == "over":
            text, kind = _("Allotment of a cycle that was already over"), Entry.Type.EXPIRY
            book.post(Balance.SUBSCRIPTION, -allotment, kind, key=f"expiry:{key}", description=text, cycle_key=key)
    if place == "running":
        wallet.noticed_at_percent = 100
    else:
        notices.after_credit(wallet)
    return cycle


def expire(book: ledger.Book, ended: Mapping[str, Decimal], *, by: User | None = None) -> None:
    """Let what is left of ended lots expire, by their cycles' keys: but for what open holds still need, which expires when they
    close. Those that were paid for pay first what is owed on the top-up balance."""
    wallet, total = book.wallet, sum(ended.values(), ZERO)
    kept = min(total, wallet.held)
    if kept > wallet.expiring:
        Hold.objects.outlive(wallet, max(ended, key=lambda key: ended[key]))
    wallet.expiring = kept
    if total == kept:
        return
    unpaid = Cycle.objects.of(wallet.organization_id).filter(key__in=list(ended), source__in=UNPAID)
    free = set(unpaid.values_list("key", flat=True))
    for key, amount in ended.items():
        needed = min(amount, kept)
        unused, kept = amount - needed, kept - needed
        if unused <= 0:
            continue
        # A month that was taken back and came again ends twice.
        named = f"{key}:{wallet.last_number + 1}"
        owed = ZERO if key in free else max(ZERO, min(unused, -wallet.topup_balance))
        if owed > 0:
            pay_owed(book, key, owed)
        if unused > owed:
            text, kind = _("Unused XCT of the ended cycle"), Entry.Type.EXPIRY
            posted = f"expiry:{named}"
            book.post(Balance.SUBSCRIPTION, owed - unused, kind, key=posted, description=text, by=by, cycle_key=key)


def pay_owed(book: ledger.Book, month: str, owed: Decimal) -> None:
    """Pay what is owed on the top-up balance from a month that is over."""
    text, named = _("What was owed, paid from a month that is over"), f"{month}:{book.wallet.last_number + 1}"
    for bucket, part in ((Balance.SUBSCRIPTION, -owed), (Balance.TOPUP, owed)):
        posted, kind = f"{OWED}{named}:{bucket}", Entry.Type.ADJUSTMENT
        book.post(bucket, part, kind, key=posted, description=text, cycle_key=month)


def return_owed(book: ledger.Book, lot: str) -> None:
    """Let what months have paid of a lot's debt expire as theirs, as far as it turns out that nobody owed it: without
    that debt the top-up balance would not have been below zero when they ended."""

    def of_lot(entry: Entry) -> bool:
        return entry.transaction_type == Entry.Type.REFUND and entry.cycle_key == lot

    added = [entry for entry in book.added if entry.balance_type == Balance.TOPUP]
    stored = Entry.objects.of(book.wallet.organization_id).filter(balance_type=Balance.TOPUP)
    first = stored.filter(transaction_type=Entry.Type.REFUND, cycle_key=lot).order_by("number").first()
    first = first or next(filter(of_lot, added), None)  # the same news may have left it, and a month have paid it
    if first is None:
        return
    rows = stored.filter(number__gte=first.number).order_by("number")
    if not any(entry.key.startswith(OWED) for entry in added) and not rows.filter(key__startswith=OWED).exists():
        return
    # What is spent meanwhile are many entries: of each only what is read here.
    entries = [*rows.only("transaction_type", "amount", "key", "cycle_key"), *added]
    debt = sum((entry.amount for entry in entries if of_lot(entry)), ZERO)  # what is left of it, below zero
    balance, posted, paid = first.balance_after - first.amount, ZERO, dict[str, Decimal]()
    for entry in entries:
        if of_lot(entry):
            balance -= max(posted, debt)
            posted += entry.amount
            balance += max(posted, debt)
        elif entry.key.startswith(OWED):
            due = min(entry.amount, max(ZERO, -balance))
            paid[entry.cycle_key] = paid.get(entry.cycle_key, ZERO) + entry.amount - max(ZERO, due)
            balance += max(ZERO, due)
        else:
            balance += entry.amount
    for month, amount in paid.items():
        if amount > 0:
            pay_owed(book, month, -amount)
            text, key = _("Unused XCT of the ended cycle"), f"expiry:{month}:{book.wallet.last_number + 1}"
            book.post(Balance.SUBSCRIPTION, -amount, Entry.Type.EXPIRY, key=key, description=text, cycle_key=month)


@transaction.atomic
def reset_today(
    *, organization: Organization, by: User, now: datetime | None = None, ended: Mapping[str, Decimal] | None = None
) -> Wallet:
    """Start a new cycle today, as staff asked. A repetition on the same day changes nothing."""
    now = now or timezone.now()
    wallet = ledger.lock(organization)
    start(
        organization=organization,
        key=f"{RESET}{now.astimezone(UTC):%Y-%m-%d}",
        source=Cycle.Source.STAFF,
        plan=wallet.plan,
        allotment=wallet.allotment,
        at=now,
        description=_("New cycle, started by staff"),
        by=by,
        paid_until=wallet.paid_until,
        billing_period=wallet.billing_period,
        now=now,
        ended=ended,
    )
    return ledger.lock(organization)
