"""Rows of an upload that the project has as items already, found by their id or SKU: they update those items instead of
making others.

A row's id counts before its SKU, and a SKU of the same spelling before one that differs in letters' case. Of several
rows and items with one key the first belong together, then the second; items that are excluded, or that the shop has no
more, come last. A row with the id of an item whose SKU and name are both others is not that item. A SKU that is a
number stands for an id where there is none; the shop's product with that number is another one, so without a second SKU
to compare, the names must be the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from catalog import source_data
from catalog.files.limits import MAX_FAULTS
from catalog.files.rows import Faults
from integrations.stores import texts
from projects import decisions, staleness
from projects.models import ContentItem, DataSource
from scribe import statements
from scribe.messages import _
from scribe.types import Json, Rows
from writing import fields

BATCH = 500
CHANGED = ("source_data", "view_data", "made_from", "outdated_fields", "updated_at")
GROUPS = ("seo", "attributes", "raw")  # keys of source data that hold an object
MATCHES_TWO, ANOTHERS_ID, MATCHES_SEVERAL, NO_KEY = "matches_two", "id_of_another", "matches_several", "no_key_to_match"

# A temporary table with the columns of the items, and the line of each row.
ROWS = "uploaded_rows"
_KEYS = """
SELECT id, position, item_type, external_id,
    CASE WHEN item_type IN ('product', 'variant') THEN 'product' WHEN item_type = 'category' THEN 'category'
        ELSE 'text' END AS family,
    CASE WHEN store_view IN ('admin', 'all') THEN '' ELSE store_view END AS view,
    btrim(source_data ->> 'sku') AS sku, lower(btrim(COALESCE(source_data ->> 'sku', ''))) AS folded,
    external_id ~ '^[0-9]+$' AND external_id IS NOT DISTINCT FROM btrim(source_data ->> 'sku') AS is_sku,
    lower(btrim(COALESCE(view_data, source_data) ->> 'name')) AS name
"""
_PREPARE = f"""
CREATE TEMPORARY TABLE uploaded_keys ON COMMIT DROP AS {_KEYS}, line FROM uploaded_rows;
CREATE TEMPORARY TABLE known_keys ON COMMIT DROP AS {_KEYS}, excluded_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM projects_drift WHERE item_id = projects_contentitem.id AND gone
    ) AS is_gone FROM projects_contentitem
    WHERE organization_id = %(organization)s AND project_id = %(project)s
        AND (language = '' OR (view_data IS NOT NULL AND store_view <> ''));
CREATE INDEX ON known_keys (folded);
CREATE INDEX ON known_keys (external_id);
CREATE TEMPORARY TABLE matched_rows (uploaded uuid PRIMARY KEY, item uuid UNIQUE) ON COMMIT DROP;
ANALYZE uploaded_keys;
ANALYZE known_keys;
"""  # noqa: S608 (no input)
_DROP = "DROP TABLE IF EXISTS uploaded_rows, uploaded_keys, known_keys, matched_rows"
# The keys in the order in which they count, and which rows have one. The type is part of a SKU's key first, since
# Shopify's product has the SKU of its first variant.
_IDS = ("family", "view", "external_id")
_PASSES = (
    (_IDS, "external_id <> 'row-' || position"),
    (("item_type", "view", "sku"), "true"),
    (("item_type", "view", "folded"), "true"),
    (("family", "view", "folded"), "true"),
)
_PAIR = """
WITH fresh AS (
    SELECT *, row_number() OVER (PARTITION BY {columns} ORDER BY position, id) AS nth FROM uploaded_keys
    WHERE {key} <> '' AND {usable} AND NOT EXISTS (SELECT 1 FROM matched_rows WHERE uploaded = uploaded_keys.id)
), held AS (
    SELECT *, row_number() OVER (PARTITION BY {columns} ORDER BY is_gone, id) AS nth FROM known_keys
    WHERE {key} <> '' AND NOT EXISTS (SELECT 1 FROM matched_rows WHERE item = known_keys.id)
)
INSERT INTO matched_rows SELECT fresh.id, held.id FROM fresh JOIN held USING ({columns}, nth)
WHERE NOT ({by_id} AND fresh.folded <> held.folded AND (fresh.folded <> '' AND held.folded <> ''
    OR fresh.is_sku OR held.is_sku) AND fresh.name IS DISTINCT FROM held.name)
"""
# Rows with the id of one item that have not its SKU: whether they are that item, and whether another has the SKU.
_CROSSED = """
SELECT fresh.line, fresh.external_id, fresh.sku, COALESCE(matched.item = held.id, false), EXISTS (
        SELECT 1 FROM known_keys other WHERE other.folded = fresh.folded AND other.family = fresh.family
            AND other.view = fresh.view AND other.id <> held.id AND fresh.folded <> ''
    )
FROM uploaded_keys fresh JOIN known_keys held USING (family, view, external_id)
LEFT JOIN matched_rows matched ON matched.uploaded = fresh.id
WHERE fresh.folded <> held.folded AND (fresh.folded <> '' AND held.folded <> ''
    OR (fresh.is_sku OR held.is_sku) AND matched.item IS DISTINCT FROM held.id) ORDER BY fresh.position LIMIT %s
"""
_SEVERAL = """
SELECT min(fresh.line), count(*) FROM uploaded_keys fresh JOIN matched_rows matched ON matched.uploaded = fresh.id
JOIN known_keys held ON held.id = matched.item
WHERE EXISTS (
    SELECT 1 FROM known_keys other WHERE other.folded = held.folded AND held.folded <> ''
        AND other.item_type = held.item_type AND other.view = held.view AND NOT other.is_gone
        AND NOT EXISTS (SELECT 1 FROM matched_rows WHERE item = other.id)
) OR EXISTS (
    SELECT 1 FROM known_keys other WHERE other.external_id = fresh.external_id AND other.family = fresh.family
        AND other.view = fresh.view AND NOT other.is_gone
        AND NOT EXISTS (SELECT 1 FROM matched_rows WHERE item = other.id)
)
"""
_KEYLESS = """
SELECT min(line), count(*) FROM uploaded_keys
WHERE external_id = 'row-' || position AND COALESCE(sku, '') = ''
"""
_LOCK = """
SELECT 1 FROM projects_contentitem WHERE id IN (SELECT item FROM matched_rows) ORDER BY id FOR NO KEY UPDATE
"""
_NOTE = """
INSERT INTO projects_sourcerow (id, created_at, organization_id, source_id, item_id, position)
SELECT fresh.id, fresh.created_at, fresh.organization_id, fresh.data_source_id, matched.item, fresh.position
FROM uploaded_rows fresh JOIN matched_rows matched ON matched.uploaded = fresh.id
"""
_PARENTS = """
UPDATE uploaded_rows child SET parent_id = matched.item FROM matched_rows matched
WHERE child.parent_id = matched.uploaded
"""
_ADD = """
INSERT INTO projects_contentitem ({columns}) SELECT {columns} FROM uploaded_rows fresh
WHERE NOT EXISTS (SELECT 1 FROM matched_rows WHERE uploaded = fresh.id) ORDER BY position, id
"""
_MOVE = """
UPDATE projects_contentitem item SET parent_id = fresh.parent_id, updated_at = now()
FROM uploaded_rows fresh JOIN matched_rows matched ON matched.uploaded = fresh.id
    JOIN projects_contentitem parent ON parent.id = fresh.parent_id AND parent.organization_id = fresh.organization_id
WHERE item.id = matched.item AND item.item_type = 'variant' AND item.language = ''
    AND item.parent_id IS DISTINCT FROM fresh.parent_id AND item.id <> parent.id
"""
# A row that says what its item says already needs no look: most of a catalogue that is uploaded again.
_FACTS = """
SELECT matched.item, fresh.source_data::text FROM uploaded_rows fresh
JOIN matched_rows matched ON matched.uploaded = fresh.id JOIN projects_contentitem held ON held.id = matched.item
WHERE fresh.source_data IS DISTINCT FROM
    CASE WHEN held.language = '' THEN held.source_data ELSE held.view_data - 'originals' END
"""


class UploadedRows:
    """The rows of one upload in a temporary table, before they become items. Use it within one transaction."""

    def __init__(self, source: DataSource, columns: str) -> None:
        self.source, self.columns = source, columns
        self.matched = self.updated = 0

    def open(self) -> str:
        """Make the table that takes the rows. Returns its name and columns, as COPY takes them."""
        _run(_DROP)
        _run("CREATE TEMPORARY TABLE uploaded_rows (LIKE projects_contentitem INCLUDING DEFAULTS) ON COMMIT DROP")
        _run("ALTER TABLE uploaded_rows ADD line bigint")
        return f"{ROWS} ({self.columns}, line)"

    def settle(self, faults: Faults, told: Collection[str], *, empty_cell_means_unchanged: bool) -> None:
        """Make the rows items of the source, but for those that match items of the project: these are updated by what
        the file tells (`told`: `name`, `seo.title`, `raw.Stock`). `empty_cell_means_unchanged`: an empty cell
        changes nothing."""
        owner = {"organization": self.source.organization_id, "project": self.source.project_id}
        for statement in _PREPARE.split(";\n"):
            _run(statement, owner if "%(" in statement else None)
        for columns, usable in _PASSES:
            by_id = "true" if columns is _IDS else "false"
            pair = _PAIR.format(columns=", ".join(columns), key=columns[-1], usable=usable, by_id=by_id)
            self.matched += _run(pair)
            _run("ANALYZE matched_rows")
        _warn(faults)
        for statement in (_LOCK, _NOTE, _PARENTS, _ADD.format(columns=self.columns), _MOVE):
            _run(statement)
        self.updated = sum(self._update(Told(told), empty_cell_means_unchanged=empty_cell_means_unchanged))
        _run(_DROP)

    def _update(self, told: "Told", *, empty_cell_means_unchanged: bool) -> Iterator[int]:
        rows = ContentItem.rows.of(self.source.organization_id).select_related("store_text")
        views: list[UUID] = []
        with connection.chunked_cursor() as cursor:
            cursor.execute(_FACTS)
            while facts := dict[UUID, str](cursor.fetchmany(BATCH)):
                items = rows.filter(pk__in=list(facts)).order_by("pk")
                changed = [
                    i
                    for i in items
                    if update(i, orjson.loads(facts[i.pk]), told, empty_cell_means_unchanged=empty_cell_means_unchanged)
                ]
                own = [item.pk for item in changed if not item.language]
                staleness.note_where_missing(ContentItem.rows.filter(main__in=own))
                statements.update(changed, CHANGED)
                staleness.follow(own)
                views += [item.pk for item in changed if item.language]
                yield len(changed)
        for start in range(0, len(views), BATCH):
            staleness.note_originals(rows.filter(pk__in=views[start : start + BATCH]))


class Told:
    """What a file tells of its items: `keys` of source data, and the names `within` those that hold an object."""

    def __init__(self, names: Collection[str]) -> None:
        self.keys = {name for name in names if name not in GROUPS and name.partition(".")[0] not in GROUPS}
        self.within = {
            group: {name.partition(".")[2] for name in names if name.startswith(f"{group}.")} for group in GROUPS
        }


def names_in(data: Mapping[str, object]) -> Iterator[str]:
    """What one row tells, as `UploadedRows.settle` takes it."""
    for key, value in data.items():
        if key in GROUPS:
            yield from (f"{key}.{name}" for name, text in cast(Json, value).items() if text)
        elif value:
            yield key


def update(item: ContentItem, data: Json, told: Told, *, empty_cell_means_unchanged: bool) -> bool:
    """Take over what a file tells of an item. False if there is nothing new. Texts that we wrote are not changes.

    What a connected store was read to show stays, since a sync compares with it; the file's further facts go beside
    it."""
    before: Json = (item.view_data if item.language else item.source_data) or {}
    if item.source_hash:
        after = before if item.language else _beside(before, data)
    else:
        after = _without_echoes(
            item, before, _merge(before, data, told, empty_cell_means_unchanged=empty_cell_means_unchanged)
        )
    if after == before:
        return False
    if item.language:
        staleness.replace_view(item, after)
        return True
    staleness.source_changes(item)
    item.source_data = after
    item.outdated_fields = staleness.outdated_fields(item)
    item.updated_at = timezone.now()
    return True


def _merge(before: Json, data: Json, told: Told, *, empty_cell_means_unchanged: bool) -> Json:
    """`before` with what the row says in its place. A row of a store view does not say what it inherits."""
    inherited = frozenset(data.get("inherited") or ())
    after = dict(before)
    for key in source_data.CANONICAL:
        if key in inherited:
            continue
        if key in GROUPS:
            after[key] = _within(
                before.get(key) or {},
                data.get(key) or {},
                told.within[key],
                empty_cell_means_unchanged=empty_cell_means_unchanged,
            )
        elif key in told.keys and (data.get(key) or not empty_cell_means_unchanged):
            after[key] = data.get(key) or type(source_data.CANONICAL[key])()
    after["raw"] = _within(
        before.get("raw") or {},
        data.get("raw") or {},
        told.within["raw"],
        empty_cell_means_unchanged=empty_cell_means_unchanged,
    )
    if "inherited" in before:
        after["inherited"] = [key for key in before["inherited"] if key in inherited or not data.get(key)]
    return after


def _within(before: Json, data: Json, names: set[str], *, empty_cell_means_unchanged: bool) -> Json:
    gone = frozenset() if empty_cell_means_unchanged else names - data.keys()
    return {**{name: value for name, value in before.items() if name not in gone}, **data}


def _beside(before: Json, data: Json) -> Json:
    known = {name.casefold() for name in before.get("attributes") or {}}
    more = {name: text for name, text in (data.get("attributes") or {}).items() if name.casefold() not in known}
    return {**before, "raw": {**more, **(data.get("raw") or {}), **(before.get("raw") or {})}}


def _without_echoes(item: ContentItem, before: Json, after: Json) -> Json:
    """`after`, with the old text wherever the file only brings our own back."""
    if not item.generated_content:
        return after
    ours = fields.flat(decisions.without_declined(item.generated_content, item.decisions))
    ours |= {f"attributes.{name}": value for name, value in (ours.get("attributes") or {}).items()}
    text = getattr(item, "store_text", None)
    pushed = {field: text.held[field] for field in text.ours if field in text.held} if text is not None else {}
    old, result = source_data.texts(before), {**after, **{key: dict(after.get(key) or {}) for key in GROUPS}}
    for field, value in source_data.texts(after).items():
        if any(field in own and texts.same(field, value, own[field]) for own in (ours, pushed)):
            source_data.put(result, field, old.get(field), before)
    return result


def _warn(faults: Faults) -> None:
    for line, external_id, sku, is_it, has_sku in _rows(_CROSSED, [MAX_FAULTS]):
        if has_sku:
            text = (
                _("The ID “{id}” and the SKU “{sku}” belong to different items. The item with the ID was updated.")
                if is_it
                else _(
                    "The ID “{id}” and the SKU “{sku}” belong to different items. The item with the SKU was updated."
                )
            )
            faults.warn(line, MATCHES_TWO, text.format(id=external_id, sku=sku))
        elif not is_it:
            text = _(
                "The ID “{id}” belongs to an item with a different SKU and name, so the row was imported as a "
                "new item.",
                id=external_id,
            )
            faults.warn(line, ANOTHERS_ID, text)
    for statement, code, reason in (
        (
            _SEVERAL,
            MATCHES_SEVERAL,
            _(
                "{number} rows match several items in the project. Of each, one was updated: the one with the SKU in "
                "the same spelling, else the oldest."
            ),
        ),
        (_KEYLESS, NO_KEY, _("{number} rows have neither an ID nor a SKU, so they were imported as new items.")),
    ):
        ((line, count),) = _rows(statement)
        if count:
            faults.warn(line, code, reason.format(number=count))


def _run(statement: str, params: Mapping[str, UUID] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def _rows(statement: str, params: Sequence[int] = ()) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
