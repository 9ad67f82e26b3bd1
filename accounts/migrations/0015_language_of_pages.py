from django.db import migrations, models


class Migration(migrations.Migration):
    """The language of the pages is the person's, on every device."""

    dependencies = [("accounts", "0014_rotated_out_for_good")]

    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of the pages; empty: as the browser asks.",
                max_length=10,
            ),
        ),
    ]
