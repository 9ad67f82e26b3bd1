from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("projects", "0032_standing_of_languages")]

    operations = [
        migrations.AddField(
            "syncrecord",
            "known_before",
            models.JSONField(blank=True, db_default=Value({}, models.JSONField()), default=dict),
        ),
    ]
