"""How receivers earn a place among the quick ones, and when a worker last took an endpoint."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_sent_at")]

    operations = [
        migrations.AddField(
            "webhookendpoint", "quick_answers", models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "webhookendpoint",
            "taken_at",
            models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True),
        ),
        migrations.AlterField(
            "webhookendpoint",
            "sent_at",
            models.DateTimeField(blank=True, help_text="Since when it waits for a worker, by a message.", null=True),
        ),
    ]
