"""The index by which an organization's last slice is found, built beside the running product."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scribe", "0018_job_taken_at")]

    operations = [
        AddIndexConcurrently(
            "job",
            models.Index(
                fields=["organization", "-taken_at"], condition=models.Q(taken_at__isnull=False), name="job_taken"
            ),
        ),
    ]
