"""The index by which jobs that take long are found, built beside the running product."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scribe", "0021_long_jobs")]

    operations = [
        AddIndexConcurrently(
            "job", models.Index(fields=["-taken_at"], condition=models.Q(is_long=True), name="job_long")
        ),
    ]
