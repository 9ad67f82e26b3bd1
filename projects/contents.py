"""Queries about the generated content of a set of items, without reading all of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from projects.decisions import DECLINED, without_declined
from projects.models import ContentItem
from scribe.messages import _
from scribe.types import Json
from writing.fields import FIELDS, flat

KEPT_NEWER = _("texts of {number} rows were left out, since their source has changed since they were written: {names}")
REPLACED_NEWER = _("{number} rows have edited texts whose source has changed since they were written: {names}")
_ONE = """bool_or(content #> %s <> ALL(ARRAY['""', '[]', '{{}}', 'null']::jsonb[])
    AND COALESCE(decisions ->> %s, '') <> ALL(%s))"""
_PRESENT = f"SELECT {', '.join([_ONE] * len(FIELDS))} FROM ({{items}}) AS item(content, decisions)"  # noqa: S608 (no input)


def present(items: QuerySet[ContentItem]) -> set[str]:
    """The fields for which some item has a text that was not declined: `name`, `seo.title`, `attributes` …"""
    try:
        sql, parameters = items.order_by().values("generated_content", "decisions").query.sql_with_params()
    except EmptyResultSet:  # a filter that finds nothing, as Django knows without asking
        return set()
    # An aggregate per field takes a third of the time that a walk through the keys of every item does.
    fields = [part for row in FIELDS for part in (row.name.split("."), row.name, list(DECLINED))]
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT.format(items=sql), [*fields, *parameters])
        return {row.name for row, found in zip(FIELDS, cursor.fetchone(), strict=True) if found}


@dataclass
class ExportedTexts:
    """The texts of an export. The merchant's newer words stay where a text is of older ones, unless a person has
    edited it: both are told, by the items' ids in the shop."""

    kept: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def of(self, name: str, content: Json, decided: Mapping[str, str], outdated: list[str], edited: object) -> Json:
        """The flat texts of an item or of a text in a further language."""
        found = flat(without_declined(content, decided))
        older = found.keys() & {*outdated, *(one.partition(".")[0] for one in outdated)}
        if older:
            (self.replaced if edited else self.kept).append(name)
        return found if edited else {one: text for one, text in found.items() if one not in older}

    def warnings(self) -> list[str]:
        told = ((self.kept, KEPT_NEWER), (self.replaced, REPLACED_NEWER))
        return [sentence.format(number=len(some), names=some[:20]) for some, sentence in told if some]


def by_position(items: QuerySet[ContentItem], exported: ExportedTexts) -> Iterator[tuple[int, Json]]:
    """Stream the `place` of each item in a file with its flat texts, in that order."""
    content, decisions = Cast("generated_content", TextField()), Cast("decisions", TextField())
    columns = ("place", "external_id", content, decisions, "outdated_fields", "generation_metadata__edited_at")
    rows = items.order_by("place").values_list(*columns)  # type: ignore[misc]  # annotated above
    for position, name, texts, decided, outdated, edited in rows.iterator(chunk_size=2000):
        yield position, exported.of(name, orjson.loads(texts), orjson.loads(decided), outdated, edited)


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
