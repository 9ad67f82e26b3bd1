"""How many streams an organization may have open. Staff may change it; a plan of their own has no limit until they set one."""

from django.db import migrations, models

MOST = {"free": 600, "starter": 800, "professional": 1_000, "business": 2_000}


def set_limits(apps, schema_editor):
    plans = apps.get_model("billing", "Plan").objects
    for tier, most in MOST.items():
        plans.filter(tier=tier).update(open_streams=most)


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_plans_seen_with_their_period")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="open_streams",
            field=models.PositiveIntegerField(
                blank=True, help_text="At the same time, of all people and keys. Empty: no limit.", null=True
            ),
        ),
        migrations.RunPython(set_limits, migrations.RunPython.noop),
    ]
