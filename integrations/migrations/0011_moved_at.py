from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0010_provenance")]

    operations = [
        migrations.AddField(model_name=model, name="moved_at", field=models.DateTimeField(blank=True, null=True))
        for model in ("storeconnection", "blogconnection")
    ]
