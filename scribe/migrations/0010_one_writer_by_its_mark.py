from django.db import migrations, models


class Migration(migrations.Migration):
    """One job at a time writes a project's items: by the mark on its row instead of a list of kinds."""

    dependencies = [("scribe", "0009_mark_jobs_that_write_items")]

    operations = [
        migrations.RemoveConstraint("job", "job_one_writer_per_project"),
        migrations.AddConstraint(
            "job",
            models.UniqueConstraint(
                condition=models.Q(("status__in", ("queued", "running")), ("writes_items", True)),
                fields=("project",),
                name="job_one_writer_per_project",
            ),
        ),
    ]
