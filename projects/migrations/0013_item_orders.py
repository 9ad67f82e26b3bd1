"""Indexes for the orders and filters of item lists. They are built beside the running product, so no import waits for them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from projects.models.expressions import FailedChecks, ItemName, UnsupportedKinds

JUDGED = models.Q(confidence_score__isnull=False)
INDEXES = [
    models.Index(models.F("project"), ItemName(), models.F("id"), name="item_by_name"),
    models.Index(fields=["project", "updated_at", "id"], name="item_by_update"),
    models.Index(fields=["project", "confidence_score", "id"], condition=JUDGED, name="item_by_score"),
    models.Index(
        fields=["project", "status", "confidence_score", "id"], condition=JUDGED, name="item_by_status_and_score"
    ),
    GinIndex(FailedChecks(), condition=JUDGED, name="item_by_failed_check"),
    GinIndex(UnsupportedKinds(), condition=JUDGED, name="item_by_unsupported_kind"),
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0012_platforms_are_rows")]

    operations = [AddIndexConcurrently("contentitem", index) for index in INDEXES]
