"""What searches read of the items, kept by triggers, so that code of earlier releases keeps it as well."""

import django.db.models.deletion
from django.db import migrations, models

# The fields in which a search looks, as one text in capitals. The separator is in none of them.
WORDS = """upper(concat_ws(E'\\x1f', {0}source_data ->> 'name', {0}view_data ->> 'name', {0}generated_content ->> 'name',
    {0}source_data ->> 'sku', {0}external_id))"""
READ = ("source_data", "view_data", "generated_content", "external_id", "project_id", "language")
COLUMNS = "(item_id, organization_id, project_id, language, words)"


def changes(row):
    return f"({row}.project_id, {row}.language, {WORDS.format(row + '.')})"


TRIGGERS = f"""
CREATE FUNCTION projects_note_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO projects_itemwords {COLUMNS} SELECT id, organization_id, project_id, language, {WORDS.format("")} FROM added
        ON CONFLICT (item_id) DO UPDATE
        SET project_id = EXCLUDED.project_id, language = EXCLUDED.language, words = EXCLUDED.words;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO projects_itemwords {COLUMNS}
        VALUES (NEW.id, NEW.organization_id, NEW.project_id, NEW.language, {WORDS.format("NEW.")})
        ON CONFLICT (item_id) DO UPDATE
        SET project_id = EXCLUDED.project_id, language = EXCLUDED.language, words = EXCLUDED.words;
    ELSE
        DELETE FROM projects_itemwords USING gone WHERE item_id = gone.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notes_words_of_new AFTER INSERT ON projects_contentitem REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION projects_note_words();
CREATE TRIGGER notes_words AFTER UPDATE OF {", ".join(READ)} ON projects_contentitem FOR EACH ROW
    WHEN ({changes("OLD")} IS DISTINCT FROM {changes("NEW")}) EXECUTE FUNCTION projects_note_words();
CREATE TRIGGER forgets_words AFTER DELETE ON projects_contentitem REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION projects_note_words();
"""
NO_TRIGGERS = """
DROP TRIGGER forgets_words ON projects_contentitem;
DROP TRIGGER notes_words ON projects_contentitem;
DROP TRIGGER notes_words_of_new ON projects_contentitem;
DROP FUNCTION projects_note_words();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0033_what_was_known_before_a_push")]

    operations = [
        migrations.CreateModel(
            name="ItemWords",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="projects.contentitem",
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("project_id", models.UUIDField()),
                ("language", models.CharField(max_length=10)),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["project_id", "language", "item"], name="item_words_by_project")],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
