"""When a worker last took a job: so the organization that was served longest ago comes next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scribe", "0017_stored_files")]

    operations = [
        migrations.AddField(model_name="job", name="taken_at", field=models.DateTimeField(blank=True, null=True)),
    ]
