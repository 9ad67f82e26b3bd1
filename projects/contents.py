"""Queries about the generated content of a set of items, without reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from projects.decisions import DECLINED
from projects.models import ContentItem
from writing.fields import FIELDS

_PRESENT = """
SELECT DISTINCT part.key FROM ({items}) AS item(content, decisions), LATERAL (
    SELECT key, value FROM jsonb_each(item.content)
    UNION ALL
    SELECT part_of.key || '.' || inside.key, inside.value FROM jsonb_each(item.content) AS part_of, LATERAL jsonb_each(
        CASE WHEN part_of.key = ANY(%s) AND jsonb_typeof(part_of.value) = 'object' THEN part_of.value END
    ) AS inside
) AS part WHERE part.value NOT IN ('""', '[]', '{{}}', 'null')
    AND COALESCE(item.decisions ->> part.key, '') <> ALL(%s)
"""
_OBJECTS = list(dict.fromkeys(row.key for row in FIELDS if row.part))


def present(items: QuerySet[ContentItem]) -> set[str]:
    """The fields for which some item has a text that was not declined: `name`, `seo.title`, `attributes` …"""
    sql, parameters = items.order_by().values("generated_content", "decisions").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT.format(items=sql), [*parameters, _OBJECTS, list(DECLINED)])
        return {key for (key,) in cursor.fetchall()}


def by_position(items: QuerySet[ContentItem]) -> Iterator[tuple[int, dict[str, Any], dict[str, str]]]:
    """Stream positions with their generated content and the decisions on it, in the order of the file."""
    rows = items.order_by("position").values_list("position", Cast("generated_content", TextField()), "decisions")
    for position, content, decisions in rows.iterator(chunk_size=2000):
        yield position, orjson.loads(content), decisions


def new_attributes(items: QuerySet[ContentItem], slots: int) -> int:
    """How many pairs of columns beyond `slots` are needed for the item with the most new attributes."""
    rows = (
        items.filter(generated_content__attributes__isnull=False)
        .exclude(decisions__attributes__in=DECLINED)
        .order_by()
        .values_list("generated_content__attributes", "source_data__attributes")
    )
    most = 0
    for generated, source in rows.iterator(chunk_size=2000):
        if not isinstance(generated, dict):
            continue  # nothing here can be written; the merge reports it
        own = {str(name).strip().casefold() for name in source or {}}
        new = sum(1 for name, value in generated.items() if value and name.strip().casefold() not in own)
        most = max(most, new - max(0, slots - len(own)))
    return most
