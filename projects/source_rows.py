"""Items that have rows in several files live as long as one of these does."""

from __future__ import annotations

from django.db import connection

from projects.models import DataSource
from projects.models.source_row import NO_ROW

_LOCK = """
SELECT 1 FROM projects_contentitem WHERE data_source_id = %(source)s AND language = '' ORDER BY id FOR NO KEY UPDATE
"""
# An item goes to the first of the sources that have a row for it, else to one that has a row for one of its texts in
# store views. There its id gets the number of the row where another item has it, as a repeated id of a file does.
_HAND_OVER = """
WITH next AS (
    SELECT DISTINCT ON (COALESCE(held.main_id, held.id)) COALESCE(held.main_id, held.id) AS item, further.source_id,
        CASE WHEN held.language = '' THEN further.position ELSE %(no_row)s END AS position
    FROM projects_sourcerow further JOIN projects_contentitem held ON held.id = further.item_id
    WHERE held.data_source_id = %(source)s AND further.source_id <> %(source)s
    ORDER BY COALESCE(held.main_id, held.id), held.language <> '', further.created_at, further.id
), moved AS (
    UPDATE projects_contentitem item SET data_source_id = next.source_id, position = next.position, updated_at = now(),
        external_id = CASE WHEN item.external_id <> '' AND EXISTS (
            SELECT 1 FROM projects_contentitem other WHERE other.data_source_id = next.source_id AND other.language = ''
                AND other.item_type = item.item_type AND other.external_id = item.external_id
                AND other.store_view = item.store_view
        ) THEN left(item.external_id, 240) || '#' || next.position ELSE item.external_id END
    FROM next WHERE item.id = next.item RETURNING item.id, item.data_source_id
), counts AS (
    UPDATE projects_datasource source SET item_count = item_count + moved.count
    FROM (SELECT data_source_id, count(*) AS count FROM moved GROUP BY data_source_id) moved
    WHERE source.id = moved.data_source_id
)
SELECT id FROM moved
"""
# The texts have followed their items. Their places are those of rows of their own there, or those of their items.
_PLACES = """
UPDATE projects_contentitem text SET position = COALESCE(
    (SELECT position FROM projects_sourcerow WHERE item_id = text.id AND source_id = text.data_source_id),
    CASE WHEN text.view_data IS NULL THEN main.position ELSE %(no_row)s END
)
FROM projects_contentitem main WHERE main.id = text.main_id AND main.id = ANY(%(items)s)
"""
_FORGET = """
DELETE FROM projects_sourcerow further USING projects_contentitem item
WHERE item.id = further.item_id AND item.data_source_id = further.source_id
    AND (item.id = ANY(%(items)s) OR item.main_id = ANY(%(items)s))
"""


def hand_over(source: DataSource) -> None:
    """Give the source's items that have a row in another source to that one. Call it in the transaction that deletes
    the source, under the project's lock."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"source": source.pk})
        cursor.execute(_HAND_OVER, {"source": source.pk, "no_row": NO_ROW})
        items = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_PLACES, {"items": items, "no_row": NO_ROW})
        cursor.execute(_FORGET, {"items": items})
