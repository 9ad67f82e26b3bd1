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

_ONE = """bool_or(content #> %s <> ALL(ARRAY['""', '[]', '{{}}', 'null']::jsonb[])
    AND COALESCE(decisions ->> %s, '') <> ALL(%s))"""
_PRESENT = f"SELECT {', '.join([_ONE] * len(FIELDS))} FROM ({{items}}) AS item(content, decisions)"  # noqa: S608 (no input)


def present(items: QuerySet[ContentItem]) -> set[str]:
    """The fields for which some item has a text that was not declined: `name`, `seo.title`, `attributes` …"""
    sql, parameters = items.order_by().values("generated_content", "decisions").query.sql_with_params()
    # An aggregate per field takes a third of the time that a walk through the keys of every item does.
    fields = [part for row in FIELDS for part in (row.name.split("."), row.name, list(DECLINED))]
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT.format(items=sql), [*fields, *parameters])
        return {row.name for row, found in zip(FIELDS, cursor.fetchone(), strict=True) if found}


def by_position(items: QuerySet[ContentItem]) -> Iterator[tuple[int, dict[str, Any], dict[str, str]]]:
    """Stream the `place` of each item in a file with its generated content and the decisions on it, in that order."""
    content, decisions = Cast("generated_content", TextField()), Cast("decisions", TextField())
    rows = items.order_by("place").values_list("place", content, decisions)
    for position, texts, decided in rows.iterator(chunk_size=2000):
        yield position, orjson.loads(texts), orjson.loads(decided)


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
