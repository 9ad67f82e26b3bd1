import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_squashed_0004_endpoint_waiting")]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="project_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Empty: events of the whole organization.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A test key made it: it gets the events of test work alone.",
            ),
        ),
    ]
