"""The index of the endpoints that wait for a worker, built beside the running product."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("webhooks", "0003_quick_answers")]

    operations = [
        AddIndexConcurrently(
            "webhookendpoint",
            models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="endpoint_waiting"),
        ),
    ]
