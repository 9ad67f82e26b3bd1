from django.db import migrations, models

CHOICES = [
    ("off", "Nothing is recorded"),
    ("record", "Recorded here"),
    ("mark", "Recorded here, and marked for machines in the shop"),
]


class Migration(migrations.Migration):
    dependencies = [("integrations", "0009_store_connection_missing_places")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="provenance",
            field=models.CharField(choices=CHOICES, db_default="record", default="record", max_length=6),
        )
        for model in ("storeconnection", "blogconnection")
    ]
