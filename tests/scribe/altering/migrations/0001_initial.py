from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scribe", "0022_job_long")]
    operations = [
        migrations.RunSQL("ALTER TABLE scribe_job ADD COLUMN altered text", "ALTER TABLE scribe_job DROP COLUMN altered")
    ]
