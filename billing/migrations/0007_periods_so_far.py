"""What was paid for before periods were written down: by the calendar, from the day of the payment."""

import calendar

from django.db import migrations


def later(start, months):
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


def fill(apps, schema_editor):
    Payment, Invoice, Period = (apps.get_model("billing", name) for name in ("Payment", "Invoice", "PaidPeriod"))
    paid = Payment.objects.filter(kind__in=("first", "renewal"), subscription__isnull=False).exclude(status="failed")
    invoiced = Invoice.objects.filter(invoice_type="subscription", status="paid", organization__isnull=False)
    rows = [
        (row, f"payment:{row.provider}:{row.external_id}", row.subscription.plan_id, row.subscription.billing_period)
        for row in paid.select_related("subscription").iterator(chunk_size=1000)
    ] + [(row, f"invoice:{row.pk}", row.plan_id, row.billing_period) for row in invoiced.iterator(chunk_size=1000)]
    Period.objects.bulk_create(
        [
            Period(
                organization_id=row.organization_id,
                key=key,
                plan_id=plan,
                billing_period=period,
                begins_at=row.paid_at,
                ends_at=later(row.paid_at, 12 if period == "yearly" else 1),
                taken_back_at=row.paid_at if getattr(row, "status", "") == "refunded" else None,
            )
            for row, key, plan, period in rows
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_paid_periods")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
