"""Reconciliation: quiet when the books add up, and naming the row that differs when they do not."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import MailMessage
from billing import corrections, cycles, holds, ledger, plans, reconciliation, settlement, usage
from billing.lot_book import News
from billing.models import (
    Checkout,
    Cycle,
    Difference,
    Hold,
    HoldCapture,
    Invoice,
    PaidPeriod,
    Payment,
    Plan,
    PlanSeen,
    ProviderEvent,
    Refund,
    Subscription,
    Wallet,
)
from billing.months import months_after
from scribe.jobs.models import Job
from tests import factories
from tests.billing.buyer import Buyer, ago
from tests.billing.shop import open_shop

D = Decimal


@pytest.fixture
def worked(cast):
    return work(cast.organization)


def work(organization):
    """The organization, with a job that held, captured and recorded."""
    job = Job.objects.create(organization=organization, job_type="generation", status="running")
    hold = holds.place(organization=organization, amount=D(10), key="hold", job=job)
    usage.record(
        organization=organization,
        key="call",
        provider="anthropic",
        model="claude",
        xct=D(2),
        cost_usd=D("0.001"),
        job_id=job.pk,
    )
    holds.capture(hold=hold, amount=D(2), key="item", release=D(4))
    return organization


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


def _of(organization):
    return f"organization_id = '{organization.pk}'"


def _an_entry_goes(organization):
    _without_trigger(f"DELETE FROM billing_entry WHERE key = 'item:subscription' AND {_of(organization)}")


def _an_amount_is_changed(organization):
    _without_trigger(f"UPDATE billing_entry SET amount = -1 WHERE key = 'item:subscription' AND {_of(organization)}")


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
        external_id=f"pay_lost_{organization.pk}",
        kind="topup",
        status="succeeded",
        amount_minor=1500,
        expected_minor=1500,
        currency="EUR",
        xct=D(500),
        paid_at=timezone.now(),
    )


def _a_renewals_webhook_was_lost(organization):
    long_ago = timezone.now() - timedelta(days=40)
    subscription = Subscription.objects.create(
        organization=organization,
        provider="dodo",
        external_id=f"sub_x_{organization.pk}",
        plan_id="starter",
        status="active",
    )
    Subscription.objects.filter(pk=subscription.pk).update(created_at=long_ago)
    Cycle.objects.create(
        organization=organization,
        key=f"payment:dodo:pay_1_{organization.pk}",
        source="payment",
        started_at=long_ago,
        plan_id="starter",
        allotment=0,
    )
    Payment.objects.create(
        organization=organization,
        subscription=subscription,
        provider="dodo",
        external_id=f"pay_1_{organization.pk}",
        kind="first",
        status="succeeded",
        amount_minor=2900,
        expected_minor=2900,
        currency="EUR",
        paid_at=long_ago,
    )


def _an_event_is_stuck(organization):
    long_ago = timezone.now() - timedelta(hours=1)
    ProviderEvent.objects.create(
        provider="dodo",
        event_id=f"e_{organization.pk}",
        event_type="t",
        occurred_at=long_ago,
        payload={},
        created_at=long_ago,
    )


def _a_call_without_its_cost(organization):
    usage.record(organization=organization, key="free", provider="anthropic", model="claude", input_tokens=900)


def _a_model_that_costs_more_than_it_brings(organization):
    Wallet.objects.filter(organization=organization).update(
        plan="business", billing_period="yearly", paid_until=timezone.now() + timedelta(days=300)
    )
    usage.record(organization=organization, key="dear", provider="anthropic", model="claude", cost_usd=D(90))


def _a_credited_invoice_kept_its_period(organization):
    issued = Invoice.objects.create(
        organization=organization,
        year=2026,
        sequence=1,
        number=f"1-{organization.pk}"[:20],
        invoice_type="subscription",
        status="cancelled",
        plan_id="starter",
        billing_period="monthly",
        eur_amount=29,
        amount=3400,
        rate=117,
        rate_date=timezone.now().date(),
        rate_source="nbs",
        seller={},
        buyer={},
        issued_on=timezone.now().date(),
        paid_at=timezone.now(),
    )
    _on(organization, "starter", at=timezone.now() - timedelta(days=1), key=f"invoice:{issued.pk}")


DAMAGES = [
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
    (_a_call_without_its_cost, ["call_has_its_cost"]),
    (_a_credited_invoice_kept_its_period, ["invoice_gave_what_it_sold"]),
]


@pytest.mark.parametrize(
    ("damage", "checks"),
    DAMAGES,
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_every_kind_of_damage_is_found(worked, damage, checks):
    damage(worked)
    assert found() == checks


@pytest.mark.usefixtures("rate")
def test_a_period_that_was_made_longer_and_a_refund_that_is_gone_are_named(cast):
    """Nothing named them: a Starter was in force for 300 days, and XCT stayed taken whose money was here."""
    with open_shop() as shop:
        buyer = Buyer("dodo", shop, cast.organization)
        payment = buyer.buy("starter", ago(days=3))
        assert found() == []
        PaidPeriod.objects.update(ends_at=F("ends_at") + timedelta(days=300))
        assert "paid_period_lasts_its_months" in found()
        PaidPeriod.objects.update(ends_at=F("ends_at") - timedelta(days=300))
        buyer.money_back(payment, "refund", ago(minutes=1), cents=1000)
        assert found() == []
        Refund.objects.all().delete()
        assert "paid_period_follows_its_money" in found()


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


# --- what the version before left in its books


def _payment(organization, kind, identity, cents, **fields):
    return Payment.objects.create(
        organization=organization,
        provider="dodo",
        external_id=identity,
        kind=kind,
        status="succeeded",
        amount_minor=cents,
        currency="EUR",
        **{"paid_at": timezone.now() - timedelta(days=2), **fields},
    )


def _on(organization, plan, *, at, key, period="monthly", subscription=None):
    """A plan that a payment or an invoice started, as the version before did."""
    with_end = months_after(at, 12 if period == "yearly" else 1)
    PaidPeriod.objects.create(
        organization=organization, key=key, plan_id=plan, billing_period=period, begins_at=at, ends_at=with_end
    )
    cycles.start(
        organization=organization,
        key=key,
        source="payment",
        plan=Plan.objects.get(pk=plan),
        at=at,
        paid_until=with_end,
        billing_period=period,
    )


def _bought_for_a_cent(organization):
    checkout = Checkout.objects.create(
        organization=organization, provider="dodo", kind="topup", packs=2, xct_per_pack=500, price_id="pdt_topup"
    )
    payment = _payment(organization, "topup", f"pay_cent_{organization.pk}", 1, checkout=checkout, xct=1000)
    with transaction.atomic(), ledger.book(organization) as book:
        book.post("topup", D(1000), "topup", key=payment.cycle_key)


def _a_plan_for_a_cent(organization):
    at = timezone.now() - timedelta(days=2)
    subscription = Subscription.objects.create(
        organization=organization,
        provider="dodo",
        external_id=f"sub_x_{organization.pk}",
        plan_id="business",
        billing_period="yearly",
    )
    payment = _payment(
        organization, "first", f"pay_cent_{organization.pk}", 1, xct=20_000, paid_at=at, subscription=subscription
    )
    _on(organization, "business", at=at, key=payment.cycle_key, period="yearly")


def _refunded_and_given_back_by_a_lost_dispute(organization):
    payment = _payment(organization, "topup", f"pay_1_{organization.pk}", 1500, expected_minor=1500, xct=500)
    with transaction.atomic(), ledger.book(organization) as book:
        book.post("topup", D(500), "topup", key=payment.cycle_key)
    told = (
        (f"ref_1_{organization.pk}", False, False, 500),
        (f"dis_1_{organization.pk}", True, False, 0),
        (f"dis_2_{organization.pk}", True, True, 500),
    )
    for identity, chargeback, reverses, xct in told:
        Refund.objects.create(
            organization=organization,
            provider="dodo",
            external_id=identity,
            payment=payment,
            amount_minor=1500,
            chargeback=chargeback,
            reverses=reverses,
            xct=xct,
            refunded_at=timezone.now(),
        )


def _an_old_invoice_took_a_year_away(organization):
    at = timezone.now() - timedelta(days=2)
    _on(organization, "business", at=at, key="invoice:1", period="yearly")
    _on(organization, "starter", at=at + timedelta(days=1), key="invoice:2")


def _dunning_ended_a_plan_that_was_paid(organization):
    _on(organization, "business", at=timezone.now() - timedelta(days=2), key="invoice:1", period="yearly")
    cycles.start(organization=organization, key="end", source="plan_end", plan=plans.free(), at=timezone.now())


def _an_upgrade_that_nobody_paid(organization):
    at = timezone.now() - timedelta(days=10)
    subscription = Subscription.objects.create(
        organization=organization,
        provider="dodo",
        external_id=f"sub_x_{organization.pk}",
        plan_id="business",
        status="active",
    )
    payment = _payment(
        organization,
        "first",
        f"pay_1_{organization.pk}",
        2900,
        expected_minor=2900,
        xct=1000,
        paid_at=at,
        subscription=subscription,
    )
    _on(organization, "starter", at=at, key=payment.cycle_key)
    PlanSeen.objects.create(
        organization=organization, subscription=subscription, plan_id="business", at=at + timedelta(days=1)
    )
    Cycle.objects.filter(key=payment.cycle_key).update(allotment=19_366)
    with transaction.atomic(), ledger.book(organization) as book:
        key = f"upgrade:{payment.cycle_key}:9"
        book.post("subscription", D(18_366), "grant", key=key, cycle_key=payment.cycle_key)
    Wallet.objects.filter(organization=organization).update(plan="business", allotment=20_000)


def _a_month_that_staff_started_anew(organization):
    payment = _payment(organization, "first", f"pay_1_{organization.pk}", 2900, expected_minor=2900, xct=1000)
    _on(organization, "starter", at=payment.paid_at, key=payment.cycle_key)
    corrections.reset_cycle(organization=organization, by=None)
    return payment


def _xct_of_a_month_twice_after_an_upgrade_and_back(organization):
    key = _a_month_that_staff_started_anew(organization).cycle_key
    with transaction.atomic(), ledger.book(organization) as book:
        book.post("subscription", D(9000), "grant", key=f"lot:{key}:1", cycle_key=key)
        book.post("subscription", D(-8000), "refund", key=f"lot:{key}:2", cycle_key=key)


def _what_work_held_is_owed_as_if_it_were_spent(organization):
    payment = _a_month_that_staff_started_anew(organization)
    Refund.objects.create(
        organization=organization,
        provider="dodo",
        external_id=f"ref_1_{organization.pk}",
        payment=payment,
        amount_minor=2900,
        refunded_at=timezone.now(),
    )
    Payment.objects.filter(pk=payment.pk).update(status="refunded")
    PaidPeriod.objects.filter(key=payment.cycle_key).update(kept=0, taken_back_at=timezone.now())
    settlement.settle(organization, news=News(payment.paid_at))
    with transaction.atomic(), ledger.book(organization) as book:
        book.post("topup", D(-100), "refund", key="lot:1", cycle_key=payment.cycle_key)


DEFECTS = [
    (_bought_for_a_cent, ["payment_is_its_price"], "30.00 EUR for topup", "0.01 EUR"),
    (_a_plan_for_a_cent, ["payment_is_its_price"], "2990.00 EUR for first", "0.01 EUR"),
    (
        _refunded_and_given_back_by_a_lost_dispute,
        ["granted_is_what_was_kept"],
        "0.00 % of its XCT",
        "500.0000 XCT more",
    ),
    (_an_old_invoice_took_a_year_away, ["paid_period_is_in_force"], "business", "starter"),
    (_dunning_ended_a_plan_that_was_paid, ["paid_period_is_in_force"], "business", "free"),
    (
        _an_upgrade_that_nobody_paid,
        ["paid_period_is_in_force", "upgrade_is_paid"],
        "a payment for business",
        "none in force",
    ),
    (
        _xct_of_a_month_twice_after_an_upgrade_and_back,
        ["granted_is_what_was_kept"],
        "100.00 % of its XCT",
        "1000.0000 XCT more",
    ),
    (
        _what_work_held_is_owed_as_if_it_were_spent,
        ["spent_is_owed"],
        "at most 0.0000 XCT",
        "100.0000 XCT",
    ),
]


@pytest.mark.parametrize(
    ("defect", "checks", "expected", "came"),
    DEFECTS,
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_what_the_version_before_got_wrong_is_named(worked, defect, checks, expected, came):
    defect(worked)
    assert found() == checks
    last = reconciliation.find()[-1]
    assert (str(last.expected).partition(" until")[0], last.found) == (expected, came)


def test_a_database_with_each_defect_has_each_of_them_named(cast, capsys):
    wanted = {}
    _a_model_that_costs_more_than_it_brings(factories.make_organization())
    for defect, checks, *_ in (*DAMAGES, *DEFECTS):
        organization = work(factories.make_organization())
        defect(organization)
        wanted[organization.pk] = (defect.__name__, set(checks))
    named = {}
    for one in reconciliation.find():
        named.setdefault(one.organization_id, set()).add(one.check)
    general = named.pop(None)
    assert general == {"event_is_applied"}, "nobody could read whose it is"
    for organization, (name, checks) in wanted.items():
        assert named.get(organization, set()) == checks - general, name
    with pytest.raises(SystemExit):
        call_command("reconcile")
    told = capsys.readouterr().out
    for _, checks in wanted.values():
        assert all(check in told for check in checks)
    assert re.search(
        r"anthropic/claude on business: \d+ calls brought [\d.]+ EUR and cost 90.\d+ USD.*LOSES MONEY", told
    )
    assert "a post with one repair loses" in told
