"""The items' indexes and constraints for comments and for texts in several languages, built beside the running product."""

from importlib import import_module

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Index, Q, UniqueConstraint

from projects.models.expressions import ItemName, OriginalKeys
from scribe.indexes import BuildIndex

JUDGED = Q(confidence_score__isnull=False)
NAMED = ~Q(external_id="")
SOURCE = ["data_source", "item_type", "external_id", "store_view"]
IN_PLACE_OF = [
    (
        Index(fields=["project", "language", "id"], name="item_by_project"),
        Index(fields=["project", "id"], name="item_by_project"),
    ),
    (
        Index(fields=["project", "language", "status", "id"], name="item_by_status"),
        Index(fields=["project", "status", "id"], name="item_by_status"),
    ),
    (
        Index(fields=["data_source", "language", "position", "id"], name="item_by_source"),
        Index(fields=["data_source", "position", "id"], name="item_by_source"),
    ),
    (
        Index(F("project"), F("language"), ItemName(), F("id"), name="item_by_name"),
        Index(F("project"), ItemName(), F("id"), name="item_by_name"),
    ),
    (
        Index(fields=["project", "language", "updated_at", "id"], name="item_by_update"),
        Index(fields=["project", "updated_at", "id"], name="item_by_update"),
    ),
    (
        Index(fields=["project", "language", "confidence_score", "id"], condition=JUDGED, name="item_by_score"),
        Index(fields=["project", "confidence_score", "id"], condition=JUDGED, name="item_by_score"),
    ),
    (
        Index(
            fields=["project", "language", "status", "confidence_score", "id"],
            condition=JUDGED,
            name="item_by_status_and_score",
        ),
        Index(fields=["project", "status", "confidence_score", "id"], condition=JUDGED, name="item_by_status_and_score"),
    ),
    (
        UniqueConstraint(fields=SOURCE, condition=NAMED & Q(language=""), name="item_once_per_source"),
        UniqueConstraint(fields=SOURCE, condition=NAMED, name="item_once_per_source"),
    ),
]
NEW = [
    Index(fields=["assignee", "project"], condition=~Q(assignee=None), name="item_by_assignee"),
    UniqueConstraint(fields=["main", "language"], condition=~Q(main=None), name="item_once_per_language"),
    GinIndex(OriginalKeys(), condition=~Q(language=""), name="language_text_by_original"),
]
forget = import_module("projects.migrations.0020_language_texts").forget


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0020_language_texts")]

    operations = [
        *(BuildIndex("contentitem", made, before) for made, before in IN_PLACE_OF),
        *(BuildIndex("contentitem", made) for made in NEW),
        ValidateConstraint("contentitem", "item_language_has_main"),
        # The way back begins here: an item and its texts in further languages have one id in the shop.
        migrations.RunPython(migrations.RunPython.noop, forget, atomic=True),
    ]
