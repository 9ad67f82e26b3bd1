"""Note what searches read of the items that were there before the triggers. May be repeated."""

from importlib import import_module

from django.db import migrations

BATCH = 5000
noting = import_module("projects.migrations.0034_item_words")
# A row that is deleted meanwhile waits, and then takes its words with it.
FILL = f"""
WITH batch AS MATERIALIZED (
    SELECT * FROM projects_contentitem WHERE id > %s ORDER BY id LIMIT {BATCH} FOR KEY SHARE
), noted AS (
    INSERT INTO projects_itemwords {noting.COLUMNS}
    SELECT id, organization_id, project_id, language, {noting.WORDS.format("")} FROM batch
    ON CONFLICT DO NOTHING
)
SELECT max(id::text)::uuid FROM batch
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        last = "00000000-0000-0000-0000-000000000000"
        while last:
            cursor.execute(FILL, [last])
            (last,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("projects", "0034_item_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
