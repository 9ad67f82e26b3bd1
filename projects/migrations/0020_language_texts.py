import django.db.models.deletion
import projects.models.expressions
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
        migrations.RemoveConstraint(
            model_name='contentitem',
            name='item_once_per_source',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_project',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_status',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_source',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_name',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_update',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_score',
        ),
        migrations.RemoveIndex(
            model_name='contentitem',
            name='item_by_status_and_score',
        ),
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
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['project', 'language', 'id'], name='item_by_project'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['project', 'language', 'status', 'id'], name='item_by_status'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['data_source', 'language', 'position', 'id'], name='item_by_source'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(models.F('project'), models.F('language'), projects.models.expressions.ItemName(), models.F('id'), name='item_by_name'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['project', 'language', 'updated_at', 'id'], name='item_by_update'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(condition=models.Q(('confidence_score__isnull', False)), fields=['project', 'language', 'confidence_score', 'id'], name='item_by_score'),
        ),
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(condition=models.Q(('confidence_score__isnull', False)), fields=['project', 'language', 'status', 'confidence_score', 'id'], name='item_by_status_and_score'),
        ),
        migrations.AddConstraint(
            model_name='contentitem',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('external_id', ''), _negated=True), ('language', '')), fields=('data_source', 'item_type', 'external_id', 'store_view'), name='item_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='contentitem',
            constraint=models.UniqueConstraint(condition=models.Q(('main', None), _negated=True), fields=('main', 'language'), name='item_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='contentitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('language', ''), ('main', None)), models.Q(models.Q(('main', None), _negated=True), models.Q(('language', ''), _negated=True)), _connector='OR'), name='item_language_has_main'),
        ),
        migrations.RunSQL(FOLLOW, FOLLOW_NO_MORE),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
