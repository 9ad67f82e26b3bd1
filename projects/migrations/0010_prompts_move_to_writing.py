"""Prompt texts leave this app: the table gets the name that `writing` has for it, and keeps its rows."""

from django.db import migrations

RENAME_TYPE = """
UPDATE django_content_type SET app_label = '{new}' WHERE app_label = '{old}' AND model = 'prompttemplate'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_row_versions"),
        # These wrote prompt texts while they were here.
        ("blog", "0002_article_prompt"),
        ("studio", "0002_seeds"),
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
