from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scribe", "0023_message_values")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Of test work: only test endpoints and test keys are told.",
            ),
        ),
    ]
