from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0030_changes_of_many")]

    operations = [
        AddIndexConcurrently(
            "syncrecord",
            models.Index(fields=["item"], condition=models.Q(state="conflict"), name="sync_record_conflict"),
        ),
    ]
