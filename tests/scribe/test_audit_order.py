"""The lock of the audit chain is the last that a transaction takes, wherever in it the entry was written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Organization, Tone
from scribe import audit
from scribe.audit import first_fingerprint
from scribe.models import AuditEntry
from tests.factories import make_organization
from tests.helpers import waiting_sessions
from tests.live import wait

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            with transaction.atomic():
                return work()
        finally:
            connection.close()

    return pool.submit(run)


def lock(organization: Organization) -> None:
    Organization.objects.select_for_update().get(pk=organization.pk)


def test_who_records_first_and_locks_then_meets_nobody_the_other_way_round():
    organization = make_organization("Both want it")
    recorded, locked = Event(), Event()

    def records_first() -> None:
        audit.record(action="test.first")
        recorded.set()
        assert locked.wait(60)
        lock(organization)

    def locks_first() -> None:
        assert recorded.wait(60)
        lock(organization)
        locked.set()
        audit.record(action="test.second")

    with ThreadPoolExecutor(2) as pool:
        for one in [in_thread(pool, records_first), in_thread(pool, locks_first)]:
            one.result(60)
    assert list(AuditEntry.objects.order_by("number").values_list("number", "action")) == [
        (1, "test.second"),
        (2, "test.first"),
    ]
    assert list(audit.verify()) == []


def test_the_checks_of_foreign_keys_at_the_commit_come_before_it():
    organization = make_organization("Parent")
    locked = Event()

    def adds_a_child() -> None:
        assert locked.wait(60)
        audit.record(action="test.child")
        Tone.objects.create(organization=organization, slug="s", name="n", description="d", system_prompt="p")

    with ThreadPoolExecutor(1) as pool:
        child = in_thread(pool, adds_a_child)
        with transaction.atomic():
            lock(organization)
            locked.set()
            wait(waiting_sessions)  # the child's commit waits for its parent, and must not hold the chain
            audit.record(action="test.parent")
        child.result(60)
    assert AuditEntry.objects.get(action="test.parent").number == 1
    assert list(audit.verify()) == []


def test_entries_of_one_transaction_are_chained_in_their_order_and_taken_back_with_it():
    with transaction.atomic():
        for number in range(3):
            audit.record(action=f"test.{number}")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(action="test.never")
        1 / 0  # noqa: B018
    assert list(AuditEntry.objects.order_by("number").values_list("number", "action")) == [
        (1, "test.0"),
        (2, "test.1"),
        (3, "test.2"),
    ]


def test_a_chain_of_before_goes_on():
    old = AuditEntry(number=1, created_at=audit.timezone.now(), action="test.old")
    old.hash = first_fingerprint(old)
    old.save(force_insert=True)
    audit.record(action="test.new")
    assert list(audit.verify()) == []
    assert AuditEntry.objects.get(number=2).previous_hash == old.hash


@pytest.mark.parametrize("what", ["action = 'test.other'", "number = NULL", "hash = 'x'"])
def test_a_chained_entry_is_not_changed_any_more(what):
    audit.record(action="test.done")
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE scribe_auditentry SET {what}")
    with transaction.atomic():
        entry = audit.record(action="test.young")
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE scribe_auditentry SET action = 'test.other' WHERE id = %s", [entry.pk])
