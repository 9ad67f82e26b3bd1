from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0029_stopped_for_deletion")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="tax_minor",
            field=models.BigIntegerField(
                blank=True,
                help_text="Empty if its provider does not tell.",
                null=True,
                verbose_name="tax in it, in minor units",
            ),
        ),
    ]
