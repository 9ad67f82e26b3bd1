"""Magento's store views in a file: the row of a view in a further language becomes the language text of its product.

A file has a row per SKU and store view. The row of the default scope is the product. A view's row is its text in the view's
language, where that is known (`view_languages`). Every other row stays an item of its own, and the import's warnings say why.
"""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.db.models import Count

from catalog.files.rows import Faults
from catalog.view_languages import assign_languages
from integrations.stores import platforms
from projects import languages, staleness
from projects.models import ContentItem, DataSource
from projects.models.source import NO_ROW
from projects.store_work import settings_of
from scribe.messages import _

ALONE = "store_view_alone"
# Texts of products that came with another source: they belong to that source, and this one's rows are further ones.
_NOTE = """
INSERT INTO projects_sourcerow (id, created_at, organization_id, source_id, item_id, position)
SELECT gen_random_uuid(), now(), text.organization_id, text.data_source_id, text.id, text.position
FROM projects_contentitem text JOIN projects_contentitem main ON main.id = text.main_id
WHERE text.data_source_id = %s AND main.data_source_id IS DISTINCT FROM text.data_source_id
"""
_MOVE = """
UPDATE projects_contentitem text SET data_source_id = main.data_source_id, position = %s FROM projects_contentitem main
WHERE main.id = text.main_id AND text.data_source_id = %s AND main.data_source_id IS DISTINCT FROM text.data_source_id
"""


def fold(source: DataSource, views: Mapping[str, int], faults: Faults) -> Counter[str]:
    """Make language texts of the source's rows of store views, and note what stays an item. Returns the number of texts by type.

    `views` has the line of each view's first row, in the order of the file. Call it in the transaction that added the rows."""
    project = source.project
    link = project.store_connection if project.store_connection_id else None
    found = assign_languages(
        views,
        main=languages.main(project),
        own=str(settings_of(project).get("store_view") or ""),
        named=(*languages.languages_to_write(project), languages.main(project)),
        chosen=link.languages if link is not None and isinstance(link.languages, dict) else {},
        systems=platforms.get(project.platform).language_codes,
    )
    for view, language in found.languages.items():
        fold_view(source.pk, view, language)
    for view, (code, reason) in found.left.items():
        faults.warn(views[view], code, reason)
    left = ContentItem.objects.filter(data_source_id=source.pk, store_view__in=list(found.languages))
    alone = dict.fromkeys(found.languages, 0)
    for view in left.values_list("store_view", flat=True).iterator():
        alone[view] += 1
    for view, count in alone.items():
        if count:
            text = _(
                "{number} rows of the store view “{view}” have no row of the default scope to belong to, or come again. They "
                "are items of their own.",
                number=count,
                view=view,
            )
            faults.warn(views[view], ALONE, text)
    texts = ContentItem.rows.filter(data_source_id=source.pk).exclude(language="")
    staleness.note_where_missing(texts)
    counts = Counter(dict(texts.values_list("item_type").annotate(n=Count("pk")).order_by()))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [source.pk])
        cursor.execute(_MOVE, [NO_ROW, source.pk])
    return counts


def fold_view(source_id: UUID, view: str, language: str) -> None:
    """Make texts in `language` of the rows of one view whose product is in the same source."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT projects_fold_store_view(%s, %s, %s)", [source_id, view, language])
