"""Rows of Magento's store views become texts in further languages of their products."""

from collections import Counter

from django.db import migrations, models, transaction

from catalog.files.limits import MAX_VIEWS
from catalog.view_languages import assign_languages
from writing.languages import find

# What a text in a further language has of its item. The store view and the place in the file are its own from now on.
COPIED = (
    "organization_id", "project_id", "data_source_id", "item_type", "external_id", "source_data", "source_hash",
    "excluded_at",
)
COPIED_BEFORE = (*COPIED, "store_view", "position")


def follow(names):
    """SQL that has the rows of further languages follow these columns of their item, as 0020 does."""
    return f"""
CREATE OR REPLACE FUNCTION projects_follow_main() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM projects_contentitem WHERE main_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE projects_contentitem SET {", ".join(f"{name} = NEW.{name}" for name in names)}, updated_at = now()
        WHERE main_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER leads_language_texts ON projects_contentitem;
CREATE TRIGGER leads_language_texts AFTER UPDATE OF {", ".join(names)} ON projects_contentitem FOR EACH ROW
WHEN (NEW.language = '' AND ({", ".join(f"OLD.{name}" for name in names)}) IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in names)}))
EXECUTE FUNCTION projects_follow_main();
"""


# Makes texts in `code` of a source's rows of one store view, but for the `busy` ones; returns their number. A row stays an
# item if its product is not in the source or has a text in that language, if one of the two is excluded, or if it was
# written in another language. The text keeps all that the row had, its id first. Nested loops are off, since the planner
# knows nothing of rows that this very transaction has added.
FOLD = """
CREATE FUNCTION projects_fold_store_view(source uuid, view text, code text, busy uuid[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql
SET enable_nestloop = off AS $$
DECLARE
    folded bigint;
BEGIN
    UPDATE projects_contentitem AS own
    SET main_id = product.id, language = code, view_data = own.source_data, source_data = product.source_data,
        source_hash = product.source_hash, parent_id = NULL, updated_at = now(),
        generation_metadata = CASE WHEN own.generated_content <> '{}' AND NOT own.generation_metadata ? 'way'
            THEN own.generation_metadata || '{"way": "native"}' ELSE own.generation_metadata END
    FROM (
        SELECT DISTINCT ON (item_type, external_id) id, item_type, external_id, source_data, source_hash, excluded_at
        FROM projects_contentitem
        WHERE data_source_id = source AND language = '' AND external_id <> ''
            AND store_view IN ('', 'admin', 'all', 'default')
        ORDER BY item_type, external_id, array_position(ARRAY['', 'admin', 'all', 'default'], store_view::text)
    ) AS product
    WHERE own.data_source_id = source AND own.language = '' AND own.store_view = view
        AND view NOT IN ('', 'admin', 'all', 'default')
        AND own.item_type = product.item_type AND own.external_id = product.external_id
        AND own.source_data ->> 'sku' IS NOT DISTINCT FROM product.source_data ->> 'sku'
        AND (own.excluded_at IS NULL) = (product.excluded_at IS NULL)
        AND COALESCE(own.generation_metadata #>> '{settings,language}', '') IN ('', code)
        AND product.id NOT IN (
            SELECT main_id FROM projects_contentitem
            WHERE data_source_id = source AND language = code AND main_id IS NOT NULL
        )
        AND own.id <> ALL (busy);
    GET DIAGNOSTICS folded = ROW_COUNT;
    RETURN folded;
END $$;
"""
FOLD_NO_MORE = "DROP FUNCTION projects_fold_store_view(uuid, text, text, uuid[]);"

# Those that an earlier attempt has worked on as well, so that the same views speak for the same languages.
VIEWS = """
SELECT data_source_id, store_view FROM projects_contentitem
WHERE (language = '' OR view_data IS NOT NULL) AND store_view NOT IN ('', 'admin', 'all', 'default')
    AND data_source_id IS NOT NULL
GROUP BY data_source_id, store_view ORDER BY data_source_id, min(position), store_view
"""
LEFT = """
SELECT 1 FROM projects_contentitem WHERE data_source_id = %s AND store_view = %s AND language = '' LIMIT 1
"""
WRITTEN = """
SELECT generation_metadata #>> '{settings,language}' FROM projects_contentitem
WHERE project_id = %s AND language = '' AND store_view IN ('', 'admin', 'all', 'default') AND confidence_score IS NOT NULL
ORDER BY id LIMIT 100
"""
# Rows that a job has begun and not ended. None can be begun while the project is locked.
BUSY = """
SELECT part.item_id FROM projects_generationitem part JOIN scribe_job job ON job.id = part.job_id
WHERE job.project_id = %s AND job.status IN ('queued', 'running') AND part.state = 'pending'
UNION
SELECT record.item_id FROM projects_syncrecord record JOIN projects_contentitem item ON item.id = record.item_id
WHERE record.state = 'writing' AND item.data_source_id = %s
"""
# Variants whose parent was the row of a view, and that had no product of their own to become a text of.
PARENTS = """
UPDATE projects_contentitem AS child SET parent_id = parent.main_id FROM projects_contentitem AS parent
WHERE child.data_source_id = %s AND parent.data_source_id = %s AND parent.id = child.parent_id AND parent.main_id IS NOT NULL
"""
COUNT = """
UPDATE projects_datasource SET item_count =
    (SELECT count(*) FROM projects_contentitem WHERE data_source_id = %s AND language = '') WHERE id = %s
"""
BACK = """
UPDATE projects_contentitem AS own SET main_id = NULL, language = '', source_data = own.view_data, source_hash = '',
    parent_id = main.parent_id, view_data = NULL, generation_metadata = own.generation_metadata - 'way'
FROM projects_contentitem AS main WHERE main.id = own.main_id AND own.view_data IS NOT NULL
"""


def fold(apps, schema_editor):
    """Each view of a source in a transaction of its own, beside the running product. What an attempt that broke off has done
    stays, and the next one goes on."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(VIEWS)
        views = {}
        for source_id, view in cursor:
            if len(found := views.setdefault(source_id, [])) < MAX_VIEWS:
                found.append(view)
    sources = apps.get_model("projects", "DataSource").objects.select_related(
        "project__content_profile", "project__store_connection", "project__organization"
    )
    for source_id, named in views.items():
        source = sources.filter(pk=source_id).first()
        spoken_here = speakers(source.project, named, connection) if source is not None else {}
        for view, language in spoken_here.items():
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                fold_view(source, view, language, cursor)


def speakers(project, views, connection):
    """The language of each view that speaks for one, by the rules of an import. Settings may be older than their checks."""
    stored = [
        project.settings_overrides,
        project.content_profile.settings if project.content_profile else {},
        project.settings,
        (project.organization.settings or {}).get("generation"),
    ]
    levels = [level for level in stored if isinstance(level, dict)]
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [project.pk])
        written = Counter(code for (code,) in cursor.fetchall() if code)
    said = find(str(next((level["language"] for level in levels if level.get("language")), "en")))
    main = written.most_common(1)[0][0] if written else (said.code if said else "en")
    further = next((level["languages"] for level in levels if level.get("languages")), [])
    sync = project.settings.get("sync") if isinstance(project.settings, dict) else None
    chosen = project.store_connection.languages if project.store_connection else {}
    return assign_languages(
        views,
        main=main,
        own=str(sync.get("store_view") or "") if isinstance(sync, dict) else "",
        named=[one.code for code in further if (one := find(str(code)))] if isinstance(further, list) else [],
        chosen=chosen if isinstance(chosen, dict) else {},
        systems=("magento",),
    ).languages


def fold_view(source, view, language, cursor):
    cursor.execute(LEFT, [source.pk, view])
    if cursor.fetchone() is None:
        return  # an earlier attempt has done it
    cursor.execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [source.project_id])
    cursor.execute(BUSY, [source.project_id, source.pk])
    busy = [pk for (pk,) in cursor.fetchall()]
    # Locked in the order of their ids, as everybody does who locks several.
    cursor.execute(
        "SELECT 1 FROM projects_contentitem WHERE data_source_id = %s ORDER BY id FOR NO KEY UPDATE", [source.pk]
    )
    cursor.execute("SELECT projects_fold_store_view(%s, %s, %s, %s)", [source.pk, view, language, busy])
    if cursor.fetchone()[0]:
        cursor.execute(PARENTS, [source.pk, source.pk])
        cursor.execute(COUNT, [source.pk, source.pk])


def unfold(apps, schema_editor):
    """Texts of store views are items again, as they were."""
    schema_editor.execute(BACK)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("projects", "0023_counts_from_an_index"),
        ("integrations", "0008_store_connection_languages"),
    ]

    operations = [
        migrations.AddField("contentitem", "view_data", models.JSONField(blank=True, null=True)),
        migrations.RunSQL(follow(COPIED), follow(COPIED_BEFORE)),
        migrations.RunSQL(FOLD, FOLD_NO_MORE),
        migrations.RunPython(fold, unfold),
    ]
