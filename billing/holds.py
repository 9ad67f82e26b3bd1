"""Holds: set the quoted maximum aside before the work, charge the usable results, and give the rest back.

Every change of a hold locks the wallet row first, so no two of one organization run at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from billing import allowance, key_caps, ledger, settlement
from billing.amounts import xct
from billing.errors import InsufficientXCT
from billing.lot_book import News
from billing.models import Cycle, Hold, HoldCapture, UsageRecord
from billing.models.entry import Entry
from billing.models.wallet import ZERO
from scribe import caller_key, test_mode
from scribe.errors import Conflict
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.unforeseen import keep_going

#: The sweep gives back a hold whose work has left no trace for this long.
ABANDONED_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Capture:
    """What one piece of work cost (0 when it was unusable), and how much of the hold it no longer needs."""

    key: str
    amount: Decimal
    release: Decimal
    description: str = ""


@transaction.atomic
def place(*, organization: Organization, amount: Decimal, key: str, job: Job | None = None) -> Hold:
    """Set `amount` XCT aside for work that is about to start. The same `key` returns the first hold.

    Raises KeyCapReached when the API key of the request has less left this month, InsufficientXCT when less than `amount` is available, TooManyRequests when today's uncharged work cost too much. Two requests cannot promise the same XCT: the wallet
    row is locked before the balance is read.
    """
    amount = xct(amount)
    if amount > 0:
        test_mode.check()
        if job is not None and job.is_test:
            raise test_mode.refusal()
    with ledger.book(organization) as book:
        wallet = book.wallet
        if first := Hold.objects.filter(organization_id=wallet.organization_id, key=key).first():
            return first
        if amount > 0:
            allowance.check(wallet)
        if (caller := caller_key.present()) is not None:
            key_caps.check(caller, amount)
        if amount > 0 and amount > wallet.available:
            raise InsufficientXCT(required=amount, available=wallet.available)
        wallet.held += amount
        return Hold.objects.create(
            organization_id=wallet.organization_id,
            wallet=wallet,
            job=job,
            key=key,
            amount=amount,
            remaining=amount,
            cycle_key=wallet.cycle_key,
            key_line=caller.line if caller is not None else None,
        )


def capture(
    *,
    hold: Hold,
    amount: Decimal,
    key: str,
    release: Decimal | None = None,
    usage: UsageRecord | None = None,
    description: str = "",
) -> None:
    """Charge `amount` for one piece of work and reduce the hold by `release`, its quoted maximum. Once per `key`.

    `usage` lends its model's name to the entry when there is no `description`. Runs in the caller's transaction.
    """
    if usage is not None and not description:
        description = f"{usage.provider}/{usage.model}"
    released = amount if release is None else release
    capture_many(hold=hold, captures=[Capture(key=key, amount=amount, release=released, description=description)])


@transaction.atomic
def capture_many(*, hold: Hold, captures: Sequence[Capture]) -> None:
    """Charge many pieces of work under one lock: one statement per table, however many there are.

    A key that was captured before changes nothing. Raises Conflict when more is asked than the hold has left: the bill
    never exceeds the quoted maximum.
    """
    with ledger.book(hold.organization_id) as book:
        wallet = book.wallet
        current = Hold.objects.get(pk=hold.pk)  # as of the lock
        keys = [capture.key for capture in captures]
        done = set(
            HoldCapture.objects.filter(organization_id=wallet.organization_id, key__in=keys).values_list(
                "key", flat=True
            )
        )
        rows = []
        ended_cycle = current.cycle_key if current.cycle_key != wallet.cycle_key else ""
        for capture in captures:
            if capture.key in done:
                continue
            done.add(capture.key)
            amount = xct(capture.amount)
            release = min(max(xct(capture.release), amount), current.remaining)
            if amount < 0 or amount > release:
                raise Conflict(_("More was charged than the hold has left."), code="hold_exceeded")
            current.remaining -= release
            current.captured += amount
            wallet.held -= release
            if amount:
                book.spend(
                    amount,
                    key=capture.key,
                    ended_cycle=ended_cycle,
                    description=capture.description,
                    job_id=current.job_id,
                )
            rows.append(
                HoldCapture(
                    organization_id=wallet.organization_id,
                    hold=current,
                    key=capture.key,
                    amount=amount,
                    released=release,
                )
            )
        HoldCapture.objects.bulk_create(rows, batch_size=1000)
        current.save(update_fields=["remaining", "captured"])
        _expire_what_nobody_needs(book, current)
    hold.remaining, hold.captured = current.remaining, current.captured


@transaction.atomic
def close(*, job: Job | None = None, hold: Hold | None = None) -> Decimal:
    """Give back what is left of the job's open holds (or of one hold). Returns that amount. It may be called twice. What
    was neither spent nor left of an ended cycle while a hold was open is settled."""
    holds = Hold.objects.open().filter(**({"pk": hold.pk} if hold is not None else {"job": job}))
    organization_id = (hold or job).organization_id  # type: ignore[union-attr]  # there is one of them
    if not holds.exists():
        return ZERO
    given_back, ended = ZERO, set()
    with ledger.book(organization_id) as book:
        for row in holds.all():  # read again: under the lock now
            book.wallet.held -= row.remaining
            given_back += row.remaining
            row.remaining, row.closed_at = ZERO, timezone.now()
            row.save(update_fields=["remaining", "closed_at"])
            _expire_what_nobody_needs(book, row)
            ended |= {row.cycle_key} - {book.wallet.cycle_key}
    for cycle in Cycle.objects.filter(organization_id=organization_id, key__in=ended):
        settlement.settle(organization_id, news=News(cycle.started_at))
    return given_back


def _expire_what_nobody_needs(book: ledger.Book, hold: Hold) -> None:
    """Expire the XCT that this hold gave back, if its cycle has ended: it outlived the cycle only for its sake."""
    wallet = book.wallet
    if wallet.expiring <= 0:
        return
    excess = wallet.expiring - min(wallet.expiring, Hold.objects.need_of_ended_months(wallet))
    if excess > 0:
        wallet.expiring -= excess
        book.post(
            "subscription",
            -excess,
            Entry.Type.EXPIRY,
            key=f"expiry:{ledger.KEPT}:{wallet.last_number + 1}",
            description=_("Unused XCT of an ended cycle, given back by work that had held it"),
            cycle_key=hold.cycle_key,
        )


def sweep() -> int:
    """Close open holds whose job has ended or is gone; returns how many. Twice is harmless."""
    abandoned = Q(job=None, created_at__lt=timezone.now() - ABANDONED_AFTER)
    stale = Hold.objects.open().filter(Q(job__status__in=Job.ENDED) | abandoned)
    closed = 0
    for hold in stale.iterator(chunk_size=200):
        with keep_going("a hold could not be closed", hold=str(hold.pk)):
            close(hold=hold)
            closed += 1
    return closed
