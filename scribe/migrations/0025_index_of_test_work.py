from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scribe", "0024_events_of_test_work")]

    operations = [
        AddIndexConcurrently(
            "event",
            models.Index(
                fields=["organization", "position"], condition=models.Q(is_test=True), name="event_of_test_work"
            ),
        ),
    ]
