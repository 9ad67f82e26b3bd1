"""What a comment quotes, and the text that it quotes from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0042_memory_index_at_once")]

    operations = [
        migrations.AddField(
            "itemcomment", "field", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddField(
            "itemcomment", "quote", models.CharField(blank=True, db_default="", default="", max_length=500)
        ),
    ]
