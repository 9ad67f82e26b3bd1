"""Which jobs take long, and what each took of workers and of the processor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scribe", "0020_backups")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="is_long",
            field=models.BooleanField(
                db_default=False, default=False, help_text="It takes long, by its size or by what it took until now."
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="worked_seconds",
            field=models.FloatField(
                db_default=0, default=0, help_text="For which workers had it, those that helped included."
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="processor_seconds",
            field=models.FloatField(db_default=0, default=0, help_text="Of the processor, in workers."),
        ),
    ]
