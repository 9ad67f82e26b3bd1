"""Rows of files that are items of another source."""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import scribe.ids

# Code from before this migration deletes items and sources without their rows here.
CONSTRAINTS = """
ALTER TABLE projects_sourcerow
    ADD CONSTRAINT source_row_source FOREIGN KEY (source_id) REFERENCES projects_datasource (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT source_row_item FOREIGN KEY (item_id) REFERENCES projects_contentitem (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
FOLD_BEFORE = import_module("projects.migrations.0024_store_view_texts").FOLD.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
# The product of a view's row may have come with another source of the project.
FOLD = FOLD_BEFORE.replace(
    """        FROM projects_contentitem
        WHERE data_source_id = source AND language = '' AND external_id <> ''
""",
    """        FROM (
            SELECT * FROM projects_contentitem WHERE data_source_id = source
            UNION ALL
            SELECT * FROM projects_contentitem WHERE language = ''
                AND project_id = (SELECT project_id FROM projects_contentitem WHERE data_source_id = source LIMIT 1)
                AND id IN (SELECT item_id FROM projects_sourcerow WHERE source_id = source)
        ) AS listed
        WHERE language = '' AND external_id <> ''
""",
).replace(
    """            WHERE data_source_id = source AND language = code AND main_id IS NOT NULL
""",
    """            WHERE language = code AND main_id IS NOT NULL
                AND project_id = (SELECT project_id FROM projects_contentitem WHERE data_source_id = source LIMIT 1)
""",
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_language_of_pages'),
        ('projects', '0027_calls_under_way'),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceRow',
            fields=[
                ('id', models.UUIDField(default=scribe.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('position', models.PositiveIntegerField()),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='further_rows', to='projects.contentitem')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='further_rows', to='projects.datasource')),
            ],
            options={
                'ordering': ['position'],
                'indexes': [models.Index(fields=['source', 'position'], name='source_row_by_position')],
                'constraints': [models.UniqueConstraint(fields=('item', 'source'), name='source_row_once_per_item')],
            },
        ),
        migrations.RunSQL(CONSTRAINTS, migrations.RunSQL.noop),
        migrations.RunSQL(FOLD, FOLD_BEFORE),
    ]
