"""Reconciliation: quiet when the books add up, and naming the row that differs when they do not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import MailMessage
from billing import holds, reconciliation, usage
from billing.models import Cycle, Difference, Hold, HoldCapture, Payment, ProviderEvent, Subscription, Wallet
from scribe.jobs.models import Job

D = Decimal


@pytest.fixture
def worked(cast):
    """An organization with a job that held, captured and recorded."""
    job = Job.objects.create(organization=cast.organization, job_type="generation", status="running")
    hold = holds.place(organization=cast.organization, amount=D(10), key="hold", job=job)
    usage.record(
        organization=cast.organization, key="call", provider="anthropic", model="claude", xct=D(2), job_id=job.pk
    )
    holds.capture(hold=hold, amount=D(2), key="item", release=D(4))
    return cast.organization


def found():
    return sorted({finding.check for finding in reconciliation.find()})


def test_books_that_add_up_are_quiet(worked, cast, capsys):
    assert found() == []
    call_command("reconcile")
    assert "0 differences" in capsys.readouterr().out
    assert not MailMessage.objects.filter(subject__icontains="Reconciliation").exists()


def _without_trigger(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_entry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE billing_entry ENABLE TRIGGER USER")


def _an_entry_goes(organization):
    _without_trigger("DELETE FROM billing_entry WHERE key = 'item:subscription'")


def _an_amount_is_changed(organization):
    _without_trigger("UPDATE billing_entry SET amount = -1 WHERE key = 'item:subscription'")


def _a_balance_is_changed(organization):
    Wallet.objects.filter(organization=organization).update(topup_balance=D(7))


def _a_hold_goes(organization):
    HoldCapture.objects.filter(organization=organization).delete()
    Hold.objects.filter(organization=organization).delete()


def _a_job_leaves_its_hold(organization):
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(organization=organization).update(status="failed", completed_at=long_ago)


def _a_usage_record_is_missing(organization):
    from billing.models import UsageRecord

    UsageRecord.objects.filter(organization=organization).delete()


def _a_payment_granted_nothing(organization):
    Payment.objects.create(
        organization=organization,
        provider="dodo",
        external_id="pay_lost",
        kind="topup",
        status="succeeded",
        xct=D(500),
        paid_at=timezone.now(),
    )


def _a_renewals_webhook_was_lost(organization):
    long_ago = timezone.now() - timedelta(days=40)
    subscription = Subscription.objects.create(
        organization=organization, provider="dodo", external_id="sub_x", plan_id="starter", status="active"
    )
    Subscription.objects.filter(pk=subscription.pk).update(created_at=long_ago)
    Cycle.objects.create(
        organization=organization,
        key="payment:dodo:pay_1",
        source="payment",
        started_at=long_ago,
        plan_id="starter",
        allotment=0,
    )
    Payment.objects.create(
        organization=organization,
        subscription=subscription,
        provider="dodo",
        external_id="pay_1",
        kind="first",
        status="succeeded",
        paid_at=long_ago,
    )


def _an_event_is_stuck(organization):
    long_ago = timezone.now() - timedelta(hours=1)
    ProviderEvent.objects.create(
        provider="dodo", event_id="e", event_type="t", occurred_at=long_ago, payload={}, created_at=long_ago
    )


@pytest.mark.parametrize(
    ("damage", "checks"),
    [
        (
            _an_entry_goes,
            ["balance_is_sum_of_entries", "usage_entries_are_captures", "usage_is_what_was_charged"],
        ),
        (
            _an_amount_is_changed,
            [
                "balance_is_sum_of_entries",
                "running_balance",
                "usage_entries_are_captures",
                "usage_is_what_was_charged",
            ],
        ),
        (_a_balance_is_changed, ["balance_is_sum_of_entries"]),
        (_a_hold_goes, ["held_is_sum_of_holds", "usage_entries_are_captures"]),
        (_a_job_leaves_its_hold, ["hold_dies_with_its_job"]),
        (_a_usage_record_is_missing, ["usage_is_what_was_charged"]),
        (_a_payment_granted_nothing, ["payment_granted"]),
        (_a_renewals_webhook_was_lost, ["subscription_is_paid"]),
        (_an_event_is_stuck, ["event_is_applied"]),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_every_kind_of_damage_is_found(worked, damage, checks):
    damage(worked)
    assert found() == checks


def test_a_difference_alarms_once_stays_open_and_closes_when_it_is_gone(worked, cast):
    _a_balance_is_changed(worked)
    with pytest.raises(SystemExit):
        call_command("reconcile")
    row = Difference.objects.get()
    assert (row.check_name, row.expected, row.found) == ("balance_is_sum_of_entries", "0", "7.0000")
    assert row.organization_id == worked.pk
    reconciliation.run()
    assert Difference.objects.count() == 1
    alarms = MailMessage.objects.filter(subject__icontains="Reconciliation", to=[cast.staff.email])
    assert alarms.count() == 1
    Wallet.objects.filter(organization=worked).update(topup_balance=0)
    assert reconciliation.run().differences == 0
    row.refresh_from_db()
    assert row.resolved_at is not None
