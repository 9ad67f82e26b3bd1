import django.db.models.deletion
from django.db import migrations, models

import scribe.crypto


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions_stamp"), ("otp_totp", "0003_add_timestamps")]
    operations = [
        migrations.CreateModel(
            name="TotpDevice",
            fields=[
                (
                    "totpdevice_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="otp_totp.totpdevice",
                    ),
                ),
                ("seed", scribe.crypto.EncryptedTextField()),
            ],
            options={"verbose_name": "authenticator app"},
            bases=("otp_totp.totpdevice",),
        ),
    ]
