from django.db import migrations, models


class Migration(migrations.Migration):
    """The log of a key says why a request was refused, and where it came from."""

    dependencies = [("accounts", "0015_language_of_pages")]

    operations = [
        migrations.AddField(
            "apikeyrequest",
            "code",
            models.CharField(
                blank=True, db_default="", default="", help_text="Of the error, if it was one.", max_length=100
            ),
        ),
        migrations.AddField("apikeyrequest", "address", models.GenericIPAddressField(blank=True, null=True)),
    ]
