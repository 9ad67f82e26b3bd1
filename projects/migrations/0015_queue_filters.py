"""Indexes for the filters of the review by field and by category, built beside the running product."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from projects.models.expressions import FindingFields, ItemCategories

JUDGED = models.Q(confidence_score__isnull=False)
INDEXES = [
    GinIndex(FindingFields(), condition=JUDGED, name="item_by_finding_field"),
    GinIndex(ItemCategories(), condition=JUDGED, name="item_by_category"),
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0014_decisions")]

    operations = [AddIndexConcurrently("contentitem", index) for index in INDEXES]
