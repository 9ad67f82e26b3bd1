from django.db import migrations
from django.db.models import Index

from scribe.indexes import BuildIndex

FIELDS = ["project", "language", "id"]


class Migration(migrations.Migration):
    """The items before a page of a project's list are skipped, and all of them counted, in an index alone. It is built beside
    the running product."""

    atomic = False

    dependencies = [("projects", "0025_judged_when_asked")]

    operations = [
        BuildIndex(
            "contentitem",
            Index(fields=FIELDS, include=("organization",), name="item_by_project"),
            before=Index(fields=FIELDS, name="item_by_project"),
        ),
    ]
