from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0031_conflicts_from_an_index")]

    operations = [
        AddIndexConcurrently(
            "contentitem",
            models.Index(fields=["project", "language"], condition=~models.Q(outdated_fields=[]), name="item_outdated"),
        ),
        AddIndexConcurrently(
            "contentitem",
            models.Index(
                fields=["project", "language"],
                condition=models.Q(status="pending", view_data__isnull=False),
                name="item_of_merchant",
            ),
        ),
    ]
