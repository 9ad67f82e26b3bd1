"""Ranks of plans become hundreds, so that a new plan finds room between two others."""

from django.db import migrations
from django.db.models import F

STEP = 100


def spread(apps, schema_editor):
    """From the highest plan down: no two have the same rank at any time."""
    plans = apps.get_model("billing", "Plan").objects.using(schema_editor.connection.alias)
    for tier in plans.order_by("-rank").values_list("tier", flat=True):
        plans.filter(tier=tier).update(rank=F("rank") * STEP)


def number(apps, schema_editor):
    """Count the plans from 0: one that was added meanwhile has its own number too."""
    plans = apps.get_model("billing", "Plan").objects.using(schema_editor.connection.alias)
    for rank, tier in enumerate(plans.order_by("rank").values_list("tier", flat=True)):
        plans.filter(tier=tier).update(rank=rank)


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_parked_events")]
    operations = [migrations.RunPython(spread, number)]
