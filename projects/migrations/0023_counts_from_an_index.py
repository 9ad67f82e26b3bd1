from django.db import migrations
from django.db.models import Index

from scribe.indexes import BuildIndex

FIELDS = ["project", "language", "status", "id"]


class Migration(migrations.Migration):
    """Counts of a project's items by status look at an index alone. It is built beside the running product."""

    atomic = False

    dependencies = [("projects", "0022_shared_jobs")]

    operations = [
        BuildIndex(
            "contentitem",
            Index(fields=FIELDS, include=("organization", "excluded_at"), name="item_by_status"),
            before=Index(fields=FIELDS, name="item_by_status"),
        ),
    ]
