from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_own_keys_into_rows")]
    operations = [
        migrations.RemoveField(model_name="organization", name="anthropic_api_key"),
        migrations.RemoveField(model_name="organization", name="deepseek_api_key"),
        migrations.RemoveField(model_name="organization", name="google_api_key"),
    ]
