from django.db import migrations, models


class Migration(migrations.Migration):
    """A scheduled post keeps what it is to become on its site."""

    dependencies = [("blog", "0003_row_versions")]

    operations = [
        migrations.AddField(
            "blogpost",
            "scheduled_as",
            models.CharField(
                db_default="publish",
                default="publish",
                help_text="What it becomes on its site at its time: `publish`, `draft`, `pending` or `private`.",
                max_length=10,
            ),
        ),
    ]
