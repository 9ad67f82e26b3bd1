"""The books under any order of holds, captures, returns, top-ups and new cycles: they add up after every step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import cycles, holds, ledger
from billing.errors import InsufficientXCT
from billing.models import Entry, Hold, Wallet
from scribe.errors import Conflict
from tests import factories
from tests.billing import books
from tests.sizes import size

amount = st.decimals("0.0001", "70", places=4)
which = st.integers(0, 30)
step = st.one_of(
    st.tuples(st.just("hold"), amount, which),
    st.tuples(st.just("capture"), amount, which),
    st.tuples(st.just("capture again"), amount, which),
    st.tuples(st.just("close"), amount, which),
    st.tuples(st.just("top up"), amount, which),
    st.tuples(st.just("refund"), amount, which),
    st.tuples(st.just("new cycle"), amount, which),
    st.tuples(st.just("overage"), amount, which),
)


class Shop:
    """One organization, what was asked of its books, and what they may not do whatever is asked."""

    def __init__(self, organization: Any) -> None:
        self.organization = organization
        self.holds: list[Hold] = []
        self.keys: list[tuple[Hold, str]] = []
        self.now = timezone.now()
        self.number = 0

    def do(self, kind: str, xct: Decimal, which: int) -> None:
        self.number += 1
        key = f"step:{self.number}"
        if kind == "hold":
            self._hold(xct, key)
        elif kind in ("capture", "capture again") and self.holds:
            self._capture(kind, xct, which, key)
        elif kind == "close" and self.holds:
            holds.close(hold=self.holds[which % len(self.holds)])
        elif kind in ("top up", "refund"):
            signed, entry_type = (xct, Entry.Type.TOPUP) if kind == "top up" else (-xct, Entry.Type.REFUND)
            with ledger.book(self.organization) as book:
                book.post("topup", signed, entry_type, key=key)
        elif kind == "new cycle":
            self.now += timedelta(days=1 + which)
            cycles.reset_today(organization=self.organization, by=None, now=self.now)
        elif kind == "overage":
            wallet = Wallet.objects.filter(organization=self.organization)
            wallet.update(overage_enabled=bool(which % 2))

    def _hold(self, xct: Decimal, key: str) -> None:
        available = Wallet.objects.get(organization=self.organization).available
        try:
            hold = holds.place(organization=self.organization, amount=xct, key=key)
        except InsufficientXCT:
            assert xct > available
            return
        assert xct <= available
        assert holds.place(organization=self.organization, amount=xct, key=key).pk == hold.pk
        self.holds.append(hold)

    def _capture(self, kind: str, xct: Decimal, which: int, key: str) -> None:
        hold = Hold.objects.get(pk=self.holds[which % len(self.holds)].pk)
        if kind == "capture again" and self.keys:
            hold, key = self.keys[which % len(self.keys)]
            before = books.check(self.organization).total_balance
            holds.capture(hold=hold, amount=xct, key=key)
            assert Wallet.objects.get(organization=self.organization).total_balance == before
            return
        before = books.check(self.organization)
        left = hold.remaining
        try:
            with transaction.atomic():
                holds.capture(hold=hold, amount=xct, key=key, release=xct * 2)
        except Conflict:
            assert xct > left
            return
        assert xct <= left
        after = Wallet.objects.get(organization=self.organization)
        expired = Entry.objects.filter(
            organization=self.organization, number__gt=before.last_number, transaction_type="expiry"
        )
        assert after.total_balance == before.total_balance - xct + sum(entry.amount for entry in expired)
        self.keys.append((hold, key))

    def check(self) -> None:
        wallet = books.check(self.organization)
        assert wallet.held >= 0
        assert wallet.subscription_balance >= 0
        assert 0 <= wallet.expiring <= wallet.subscription_balance
        for hold in Hold.objects.filter(organization=self.organization):
            assert hold.captured <= hold.amount
            assert 0 <= hold.remaining <= hold.amount - hold.captured


@settings(max_examples=size(15, 40), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, min_size=3, max_size=18))
def test_the_books_add_up_whatever_is_done(steps: list[tuple[str, Decimal, int]], db: None) -> None:
    with transaction.atomic():
        shop = Shop(factories.make_organization())
        for kind, xct, number in steps:
            shop.do(kind, xct, number)
            shop.check()
        for hold in shop.holds:
            holds.close(hold=hold)
        shop.check()
        wallet = Wallet.objects.get(organization=shop.organization)
        assert wallet.held == wallet.expiring == 0
        transaction.set_rollback(True)
