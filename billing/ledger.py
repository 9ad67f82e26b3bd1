"""The ledger: entries are only ever added, under the lock of the wallet row, with the cached balances kept equal.

    with ledger.book(organization) as book:
        book.post(Balance.TOPUP, amount, Entry.Type.TOPUP, key="…", description="…")

`book` locks the wallet (changes on one organization take turns) and writes entries and balances when the block ends.
It must run inside the caller's transaction, so that money moves together with what it pays for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Organization, User
from billing import notices
from billing.amounts import xct
from billing.models import Balance, Entry, Wallet
from billing.models.wallet import ZERO

CACHED = [
    "subscription_balance",
    "topup_balance",
    "overage_owed",
    "held",
    "expiring",
    "last_number",
    "noticed_at_percent",
]

#: In the keys of entries that spend, or let expire, what was kept of an ended cycle for an open hold.
KEPT = "kept"


def lock(organization: Organization | UUID | None) -> Wallet:
    """The wallet of `organization` (a row or an id), locked until the transaction ends. Each organization is opened with one."""
    return Wallet.objects.select_for_update(no_key=True).get(organization=organization)


@dataclass
class Book:
    """One locked wallet and the entries that are about to be added to it."""

    wallet: Wallet
    added: list[Entry] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def posted(self, key: str) -> bool:
        """Whether an entry of this key is there already: then its deed is done."""
        return (
            any(entry.key == key for entry in self.added)
            or Entry.objects.filter(organization_id=self.wallet.organization_id, key=key).exists()
        )

    def post(
        self,
        balance_type: str,
        amount: Decimal,
        transaction_type: str,
        *,
        key: str,
        description: str = "",
        by: User | UUID | None = None,
        job_id: UUID | None = None,
        cycle_key: str = "",
    ) -> Entry:
        """Add one entry and move the cached balance. The caller has seen to it that `key` is new."""
        wallet, amount = self.wallet, xct(amount)
        if balance_type == Balance.SUBSCRIPTION:
            wallet.subscription_balance += amount
            after = wallet.subscription_balance
        elif balance_type == Balance.TOPUP:
            wallet.topup_balance += amount
            after = wallet.topup_balance
        else:
            wallet.overage_owed -= amount
            after = -wallet.overage_owed
        wallet.last_number += 1
        entry = Entry(
            organization_id=wallet.organization_id,
            wallet=wallet,
            number=wallet.last_number,
            transaction_type=transaction_type,
            balance_type=balance_type,
            amount=amount,
            balance_after=after,
            total_after=wallet.total_balance,
            description=description[:500],
            key=key,
            created_by_id=getattr(by, "pk", by),
            cycle_key=cycle_key or wallet.cycle_key,
            job_id=job_id,
        )
        self.added.append(entry)
        return entry

    def spend(
        self,
        amount: Decimal,
        *,
        key: str,
        ended_cycle: str = "",
        description: str = "",
        job_id: UUID | None = None,
    ) -> None:
        """Charge `amount` in the spending order: subscription, top-up, overage; one entry per bucket touched, its key
        extended by the bucket.

        XCT that are only kept for holds of an `ended_cycle` (`wallet.expiring`) are drawn by those alone. What no bucket
        covers becomes overage where it is enabled; else the top-up balance goes below zero, which only a refund that
        came after the hold can bring about.
        """
        wallet, left = self.wallet, xct(amount)
        parts = [
            (KEPT, wallet.expiring if ended_cycle else ZERO),
            (Balance.SUBSCRIPTION, max(ZERO, wallet.subscription_balance - wallet.expiring)),
            (Balance.TOPUP, max(ZERO, wallet.topup_balance)),
        ]
        drawn: dict[str, Decimal] = {}
        for bucket, there in parts:
            take = min(left, there)
            if take > 0:
                drawn[bucket] = take
                left -= take
        if left > 0:
            rest = Balance.OVERAGE if wallet.overage_enabled else Balance.TOPUP
            drawn[rest] = drawn.get(rest, ZERO) + left
        for drawn_from, take in drawn.items():
            bucket, cycle_key = drawn_from, ""
            if drawn_from == KEPT:
                wallet.expiring -= take
                bucket, cycle_key = Balance.SUBSCRIPTION, ended_cycle
            self.post(
                bucket,
                -take,
                Entry.Type.USAGE,
                key=f"{key}:{drawn_from}",
                description=description,
                job_id=job_id,
                cycle_key=cycle_key,
            )

    def touch(self, *fields: str) -> None:
        """Save these fields of the wallet too."""
        self.changed.update(fields)

    def save(self) -> None:
        Entry.objects.bulk_create(self.added, batch_size=1000)
        self.wallet.save(update_fields=[*CACHED, *self.changed])


@contextmanager
def book(organization: Organization | UUID | None) -> Iterator[Book]:
    """Lock the wallet of `organization` and write what the block adds. Needs a transaction around it."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The ledger is written inside the caller's transaction.")
    opened = Book(lock(organization))
    yield opened
    opened.save()
    if any(entry.transaction_type == Entry.Type.USAGE for entry in opened.added):
        notices.after_spending(opened.wallet)


def erase(organization_id: UUID) -> int:
    """Delete every ledger row of an organization, for its erasure alone; returns how many there were.

    The triggers refuse any delete but that of the organization named in this transaction-local setting.
    """
    with transaction.atomic():
        allow_erasure(organization_id)
        deleted, _ = Entry.objects.filter(organization_id=organization_id).delete()
    return deleted


def allow_erasure(organization_id: UUID | None) -> None:
    """Let this transaction delete the ledger rows of one organization. Only its erasure may call this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('billing.erasing_organization', %s, true)", [str(organization_id)])
