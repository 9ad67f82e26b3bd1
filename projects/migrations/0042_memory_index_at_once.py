# The index of the memory's keys without a list of pending entries: the memory looks up hundreds of keys at a time, each of
# which would read that list, and the planner would rather read the whole table for each.

import django.contrib.postgres.indexes
import django.db.models
from django.db import migrations

import projects.models.expressions

OF_LANGUAGES = django.db.models.Q(("language", ""), _negated=True)


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_translation_unit")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="contentitem", name="language_text_by_original"),
                migrations.AddIndex(
                    model_name="contentitem",
                    index=django.contrib.postgres.indexes.GinIndex(
                        projects.models.expressions.OriginalKeys(),
                        condition=OF_LANGUAGES,
                        fastupdate=False,
                        name="language_text_by_original",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    [
                        "ALTER INDEX language_text_by_original SET (fastupdate = off)",
                        "SELECT gin_clean_pending_list('language_text_by_original')",
                    ],
                    "ALTER INDEX language_text_by_original RESET (fastupdate)",
                ),
            ],
        ),
    ]
