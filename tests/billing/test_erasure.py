"""An organization's erasure takes its money rows along, in whatever order they point at each other; invoices stay."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps

from accounts import erasure
from billing import corrections, holds, invoices, orders, usage
from billing.models import Entry, Invoice
from scribe.jobs.models import Job
from tests.billing import books
from tests.billing.shop import open_shop
from tests.fakes import dodo

pytestmark = pytest.mark.usefixtures("november")
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def customer(api, cast, buyer):
    """An organization with a row in every table of billing that can hold one."""
    with open_shop() as shop:
        for packs in (0, 1):
            body = {"packs": 1} if packs else {"tier": "starter", "billing_period": "monthly"}
            path = "billing/topup-checkout" if packs else "billing/checkout"
            session = api.as_(cast.owner).post(path, body)["checkout_url"].rpartition("/")[2]
            charge = {} if packs else {"subscription_id": "sub_1", "charge_type": "new"}
            data = dodo.payment(f"pay_{packs}", checkout_session_id=session, **charge)
            shop.deliver("dodo", "payment.succeeded", data, at=START)
        shop.deliver("dodo", "subscription.active", dodo.subscription("sub_1"), at=START)
        shop.deliver("dodo", "refund.succeeded", {"refund_id": "ref_1", "payment_id": "pay_1"}, at=START)
    job = Job.objects.create(organization=buyer, job_type="generation", status="completed")
    hold = holds.place(organization=buyer, amount=Decimal(5), key="hold", job=job)
    holds.capture(hold=hold, amount=Decimal(2), key="item")
    usage.record(organization=buyer, key="call", provider="anthropic", model="m", xct=Decimal(2), job_id=job.pk)
    invoices.confirm(invoice=orders.order_packs(organization=buyer, packs=1, by=cast.owner), by=cast.staff)
    corrections.adjust(organization=buyer, amount=Decimal(1), balance_type="topup", by=cast.staff)
    books.check(buyer)
    return buyer


def rows_of(organization):
    found = {}
    for model in apps.get_app_config("billing").get_models():
        if any(field.attname == "organization_id" for field in model._meta.concrete_fields):
            found[model.__name__] = model._base_manager.filter(organization_id=organization.pk).count()
    return found


def test_erasing_an_organization_takes_all_but_its_invoices(customer, cast):
    before = rows_of(customer)
    assert all(before[name] for name in before if name != "Difference"), before
    others = Entry.objects.exclude(organization=customer).count()
    erasure.erase(customer)
    assert not any(rows_of(customer).values()), rows_of(customer)
    assert Entry.objects.exclude(organization=customer).count() == others
    [invoice] = Invoice.objects.all()
    assert (invoice.organization, invoice.buyer["company_name"]) == (None, "Čigra Tekstil d.o.o.")
    books.check(cast.staff.organization)
