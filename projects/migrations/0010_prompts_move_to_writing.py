"""Prompt texts leave this app: the table gets the name that `writing` has for it, and keeps its rows."""

from django.db import migrations

RENAME_TYPE = """
UPDATE django_content_type SET app_label = '{new}' WHERE app_label = '{old}' AND model = 'prompttemplate'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_row_versions"),
        # blog.0002 and studio.0002, which wrote prompt texts while they were here, came before. Every release has all three, and
        # as dependencies they would make circles of what the migrations are squashed into.
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("PromptTemplate", "writing_prompttemplate")],
            state_operations=[migrations.DeleteModel("PromptTemplate")],
        ),
        migrations.RunSQL(
            RENAME_TYPE.format(old="projects", new="writing"), RENAME_TYPE.format(old="writing", new="projects")
        ),
    ]
