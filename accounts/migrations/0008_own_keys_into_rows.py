from django.db import migrations
from django.utils import timezone

from scribe.ids import uuid7

BATCH = 500
PROVIDERS = ("anthropic", "deepseek", "google")


def into_rows(apps, schema_editor):
    """Each key becomes a row, sealed as it is. Safe to repeat."""
    with schema_editor.connection.cursor() as cursor:
        for provider in PROVIDERS:
            column = f"{provider}_api_key"
            while True:
                cursor.execute(
                    f"SELECT o.id, o.{column} FROM accounts_organization o WHERE o.{column} <> '' AND NOT EXISTS "
                    "(SELECT FROM accounts_ownkey k WHERE k.organization_id = o.id AND k.provider = %s) LIMIT %s",
                    [provider, BATCH],
                )
                rows = cursor.fetchall()
                if not rows:
                    break
                cursor.executemany(
                    "INSERT INTO accounts_ownkey (id, created_at, organization_id, provider, key) "
                    "VALUES (%s, %s, %s, %s, %s)",
                    [(uuid7(), timezone.now(), organization, provider, key) for organization, key in rows],
                )


def into_columns(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for provider in PROVIDERS:
            cursor.execute(
                f"UPDATE accounts_organization o SET {provider}_api_key = k.key FROM accounts_ownkey k "
                "WHERE k.organization_id = o.id AND k.provider = %s",
                [provider],
            )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_own_keys")]
    operations = [migrations.RunPython(into_rows, into_columns)]
