"""Partial bank payments: noted by staff, once per line of the statement, and granting nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing import exchange_rates, receipts
from billing.models import BankReceipt, Entry
from scribe.errors import Conflict
from scribe.models import AuditEntry
from tests.factories import make_invoice
from tests.scribe.admin_browser import row_url, staff_action_url, staff_client

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def invoice(cast: Any) -> Any:
    return make_invoice(cast.organization)  # 1,757.76 RSD


def note(invoice: Any, cast: Any, amount: str, statement: str) -> Decimal:
    return receipts.note(
        invoice=invoice, amount=D(amount), received_on=exchange_rates.today(), statement=statement, by=cast.staff
    )


def test_parts_add_up_and_grant_nothing(invoice: Any, cast: Any) -> None:
    entries = Entry.objects.count()
    assert note(invoice, cast, "1000", "226/1") == D("757.76")
    assert note(invoice, cast, "500", "227/4") == D("257.76")
    assert receipts.amount_received(invoice) == 1500
    invoice.refresh_from_db()
    assert (invoice.status, Entry.objects.count()) == ("pending", entries)


def test_a_line_of_the_statement_counts_once(invoice: Any, cast: Any) -> None:
    note(invoice, cast, "1000", "226/1")
    assert note(invoice, cast, "1000", "226/1") == D("757.76")
    assert BankReceipt.objects.count() == 1


def test_what_pays_the_rest_is_confirmed_and_not_noted(invoice: Any, cast: Any) -> None:
    note(invoice, cast, "1000", "226/1")
    with pytest.raises(Conflict) as refusal:
        note(invoice, cast, "757.76", "228/1")
    assert refusal.value.code == "paid_in_full"


def test_a_closed_invoice_takes_no_part(cast: Any) -> None:
    with pytest.raises(Conflict) as refusal:
        note(make_invoice(cast.organization, status="cancelled"), cast, "1", "1")
    assert refusal.value.code == "invoice_not_open"


def test_staff_note_it_on_the_invoices_page(invoice: Any, cast: Any) -> None:
    client = staff_client(cast.staff)
    sent = {"amount": "1000", "received_on": "2026-11-24", "statement": "226/1", "reason": "because"}
    page = client.post(staff_action_url("note-part", invoice), sent, follow=True).content.decode()
    assert "RSD are still missing" in page
    assert "226/1" in client.get(row_url(invoice)).content.decode()
    entry = AuditEntry.objects.filter(action="invoice.part_received").get()
    assert (entry.actor_id, entry.reason, entry.organization_id) == (cast.staff.pk, "because", cast.organization.pk)
