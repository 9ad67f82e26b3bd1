import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_plain_help_text")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="project_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Empty: all projects of its mode.",
                size=None,
            ),
        ),
    ]
