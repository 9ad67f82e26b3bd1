from django.db import migrations

from scribe import crypto

BATCH = 500


def seal(apps, schema_editor):
    """Seeds that stood in django-otp's column in clear move into ours, encrypted. Devices keep working."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT id, key FROM otp_totp_totpdevice WHERE key <> 'sealed' ORDER BY id LIMIT %s", [BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.executemany(
                "INSERT INTO accounts_totpdevice (totpdevice_ptr_id, seed) VALUES (%s, %s)",
                [(pk, crypto.encrypt(key)) for pk, key in rows],
            )
            cursor.execute("UPDATE otp_totp_totpdevice SET key = 'sealed' WHERE id = ANY(%s)", [[pk for pk, _ in rows]])


def open_again(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT totpdevice_ptr_id, seed FROM accounts_totpdevice")
        for pk, seed in cursor.fetchall():
            cursor.execute("UPDATE otp_totp_totpdevice SET key = %s WHERE id = %s", [crypto.decrypt(seed), pk])
        cursor.execute("DELETE FROM accounts_totpdevice")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_authenticator_apps")]
    operations = [migrations.RunPython(seal, open_again)]
