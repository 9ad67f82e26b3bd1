from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scribe", "0004_end_browser_sessions")]
    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="number",
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True),
        ),
    ]
