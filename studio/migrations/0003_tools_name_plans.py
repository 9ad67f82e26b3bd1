"""A tool whose lowest plan is none of ours needs the highest one from now on, as nobody could open it before."""

from django.db import migrations


def lock(apps, schema_editor):
    using = schema_editor.connection.alias
    plans = apps.get_model("billing", "Plan").objects.using(using)
    highest = plans.order_by("-rank").values_list("tier", flat=True).first()
    tools = apps.get_model("studio", "Tool").objects.using(using)
    tools.exclude(min_tier__in=plans.values("tier")).update(min_tier=highest)


class Migration(migrations.Migration):
    dependencies = [("studio", "0002_seeds"), ("billing", "0013_plans_are_rows")]
    operations = [migrations.RunPython(lock, migrations.RunPython.noop)]
