"""The ledger: append-only in the database itself, each key once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing import ledger, registration
from billing.models import Entry, Wallet
from tests.billing import books
from tests.factories import make_organization

D = Decimal


@pytest.fixture
def organization(db):
    return make_organization()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_entry SET amount = 1000",
        "UPDATE billing_entry SET description = 'changed'",
        "DELETE FROM billing_entry",
        "TRUNCATE billing_entry",
        "TRUNCATE billing_wallet CASCADE",
    ],
)
def test_the_database_refuses_to_change_an_entry(organization, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE fails for pending foreign keys, not for us
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert books.check(organization).total_balance == D(50)


def test_the_orm_is_refused_as_well(organization):
    entry = Entry.objects.get(organization=organization)
    entry.amount = D(1000)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_only_the_erasure_of_that_organization_deletes_its_rows(organization):
    other = make_organization()
    with transaction.atomic():
        ledger.allow_erasure(organization.pk)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Entry.objects.filter(organization=other).delete()
    assert ledger.erase(organization.pk) == 1
    assert not Entry.objects.filter(organization=organization).exists()
    books.check(other)


def test_a_key_is_posted_once(organization):
    def post():
        with transaction.atomic(), ledger.book(organization) as book:
            book.post("topup", D(5), "topup", key="payment:1")

    post()
    with pytest.raises(IntegrityError, match="entry_key_once"), transaction.atomic():
        post()
    assert books.check(organization).topup_balance == D(5)


def test_the_signs_must_fit_the_kind_of_entry(organization):
    for kind, amount in (("grant", -1), ("topup", -1), ("usage", 1), ("expiry", 1), ("adjustment", 0)):
        with pytest.raises(IntegrityError), transaction.atomic(), ledger.book(organization) as book:
            book.post("topup", D(amount), kind, key=f"wrong:{kind}")
    books.check(organization)


def test_the_subscription_balance_cannot_fall_below_zero(organization):
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.book(organization) as book:
        book.post("subscription", D("-50.0001"), "usage", key="too-much")


def test_the_ledger_is_written_inside_a_transaction_only(committed):
    organization = make_organization()
    with pytest.raises(transaction.TransactionManagementError), ledger.book(organization):
        raise AssertionError("the block ran without a transaction")


def test_opening_a_wallet_twice_at_once_grants_once(committed, at_once):
    from accounts.models import Organization

    organization = Organization.objects.create(name="Raced", slug=f"raced-{Wallet.objects.count()}-{id(at_once)}")
    at_once(lambda _: registration.open_wallet(organization.pk), range(8))
    assert books.check(organization).total_balance == D(50)
    assert Entry.objects.filter(organization=organization).count() == 1
