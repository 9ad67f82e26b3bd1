"""How much uncharged work may cost us a day, by plan. Staff change it afterwards."""

from decimal import Decimal

from django.db import migrations

USD = {"free": "0.25", "starter": "2", "professional": "10", "business": "40", "enterprise": "200"}


def fill(apps, schema_editor):
    for tier, usd in USD.items():
        apps.get_model("billing", "Plan").objects.filter(tier=tier).update(uncharged_usd_per_day=Decimal(usd))


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_allowance_and_overage")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
