"""The terms of the verifier as a prompt text with parameters, and what its readings came to."""

import django.utils.timezone
from django.db import migrations, models

import scribe.ids


class Migration(migrations.Migration):
    dependencies = [("writing", "0001_prompt_templates")]

    operations = [
        migrations.AddField("prompttemplate", "parameters", models.JSONField(blank=True, default=dict)),
        migrations.CreateModel(
            name="VerifierRate",
            fields=[
                ("id", models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("provider", models.CharField(max_length=20)),
                ("model", models.CharField(max_length=100)),
                (
                    "version",
                    models.PositiveIntegerField(help_text="Of the verifier's prompt, schema and thresholds."),
                ),
                ("texts", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0, help_text="Texts of which nothing came: time-outs, garbage, invented passages.")),
                ("sentences", models.PositiveBigIntegerField(default=0, help_text="Sentences that were judged.")),
                ("quoted", models.PositiveBigIntegerField(default=0)),
                ("harmless", models.PositiveBigIntegerField(default=0)),
                ("unsupported", models.PositiveBigIntegerField(default=0)),
                ("invented", models.PositiveBigIntegerField(default=0, help_text="Quotes and words that stand nowhere.")),
                ("disagreed", models.PositiveBigIntegerField(default=0, help_text="The tables say otherwise.")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["provider", "model", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "model", "version"), name="verifier_rate_once_per_version"
                    ),
                ],
            },
        ),
    ]
