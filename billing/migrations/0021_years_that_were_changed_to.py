"""Changes from the month to the year, of before their payments bought a period of their own."""

from django.db import migrations


def fill(apps, schema_editor):
    Subscription, Payment, Period = (apps.get_model("billing", name) for name in ("Subscription", "Payment", "PaidPeriod"))
    yearly = Subscription.objects.filter(billing_period="yearly").exclude(provider="bank")
    for subscription in yearly.iterator(chunk_size=1000):
        paid = Payment.objects.filter(subscription=subscription).exclude(status="failed")
        change = paid.filter(kind="plan_change").order_by("-paid_at").first()
        cycles = paid.filter(kind__in=("first", "renewal"))
        if change is None or cycles.filter(paid_at__gte=change.paid_at).exists():
            continue
        keys = [f"payment:{one.provider}:{one.external_id}" for one in cycles]
        rows = Period.objects.filter(organization_id=subscription.organization_id)
        before = rows.filter(key__in=keys).order_by("-begins_at").first()
        if before is None or before.billing_period == "yearly":
            continue
        at = change.paid_at
        rows.get_or_create(
            organization_id=subscription.organization_id,
            key=f"payment:{change.provider}:{change.external_id}",
            defaults={
                "plan_id": subscription.plan_id,
                "billing_period": "yearly",
                "begins_at": at,
                "ends_at": at.replace(year=at.year + 1, day=min(at.day, 28) if at.month == 2 else at.day),
                "subscription_id": subscription.pk,
                "taken_back_at": at if change.status == "refunded" else None,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0020_money_is_compared")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
