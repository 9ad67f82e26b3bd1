from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_support_sessions")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_stamp",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Goes up when every session ends; a cookie of the admin counts with the present value only.",
            ),
        ),
    ]
