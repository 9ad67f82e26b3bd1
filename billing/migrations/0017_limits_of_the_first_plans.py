"""The limits of the plans that come with the product. Staff may change them; a plan of their own has none until they set some."""

from django.db import migrations

GIB = 1024**3
LIMITS = {  # tier: stored bytes, items, projects
    "free": (2 * GIB, 1_200_000, 1_000),
    "starter": (20 * GIB, 5_000_000, 10_000),
    "professional": (100 * GIB, 20_000_000, 20_000),
    "business": (500 * GIB, 100_000_000, 50_000),
}
COLUMNS = ("stored_bytes", "items", "projects")


def set_limits(apps, schema_editor):
    plans = apps.get_model("billing", "Plan").objects
    for tier, limits in LIMITS.items():
        plans.filter(tier=tier).update(**dict(zip(COLUMNS, limits, strict=True)))


class Migration(migrations.Migration):

    dependencies = [
        ("billing", "0016_plan_limits"),
    ]

    operations = [migrations.RunPython(set_limits, migrations.RunPython.noop)]
