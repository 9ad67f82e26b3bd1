import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0037_message_values"), ("scribe", "0022_job_long")]

    operations = [
        migrations.CreateModel(
            name="GenerationBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("texts", models.JSONField()),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="generation_batches",
                        to="scribe.job",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "first"), name="generation_batch_once")],
            },
        ),
    ]
