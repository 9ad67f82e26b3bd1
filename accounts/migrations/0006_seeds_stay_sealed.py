from django.db import migrations

CLOSE = "ALTER TABLE otp_totp_totpdevice ADD CONSTRAINT totp_seed_is_sealed CHECK (key = 'sealed')"
OPEN = "ALTER TABLE otp_totp_totpdevice DROP CONSTRAINT totp_seed_is_sealed"


class Migration(migrations.Migration):
    """Whoever makes a device of django-otp's own class, with its seed in clear, is refused by the database."""

    dependencies = [("accounts", "0005_seal_seeds")]
    operations = [migrations.RunSQL(CLOSE, OPEN)]
