import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# What a text in a further language has of its item: who it is, where it comes from, and the facts. The rows are locked in
# the order of their ids first, as everybody does who locks several.
COPIED = (
    "organization_id", "project_id", "data_source_id", "item_type", "external_id", "store_view", "position", "source_data",
    "source_hash", "excluded_at",
)
FOLLOW = f"""
CREATE FUNCTION projects_follow_main() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM projects_contentitem WHERE main_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE projects_contentitem SET {", ".join(f"{name} = NEW.{name}" for name in COPIED)}, updated_at = now()
        WHERE main_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_language_texts AFTER UPDATE OF {", ".join(COPIED)} ON projects_contentitem FOR EACH ROW
WHEN (NEW.language = '' AND ({", ".join(f"OLD.{name}" for name in COPIED)}) IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in COPIED)}))
EXECUTE FUNCTION projects_follow_main();
"""
FOLLOW_NO_MORE = """
DROP TRIGGER leads_language_texts ON projects_contentitem;
DROP FUNCTION projects_follow_main();
"""


def forget(apps, schema_editor):
    """Before the columns go: texts in further languages would be items of their own."""
    apps.get_model("projects", "ContentItem")._base_manager.exclude(language="").delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0019_test_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='contentitem',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='contentitem',
            name='main',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='language_texts', to='projects.contentitem'),
        ),
        # 0021 validates it and builds the indexes, beside the running product.
        AddConstraintNotValid(
            model_name='contentitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('language', ''), ('main', None)), models.Q(models.Q(('main', None), _negated=True), models.Q(('language', ''), _negated=True)), _connector='OR'), name='item_language_has_main'),
        ),
        migrations.RunSQL(FOLLOW, FOLLOW_NO_MORE),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
