from django.db import migrations, models


class Migration(migrations.Migration):
    """Each job's row says whether its kind writes the project's items, so that the database need not know the kinds."""

    dependencies = [("scribe", "0007_count_row_versions")]

    operations = [
        migrations.AddField(
            "job",
            "writes_items",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its kind writes the project's items, so it is the only one that does.",
            ),
        )
    ]
