"""Pages of fifty items of 50,000, with a filter and in an order: the first one and deep ones, each against its bare query."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection
from django.test import Client, override_settings

from projects import item_orders
from projects.models import ContentItem
from tests.benchmarks import _catalogue
from tests.benchmarks.list_items import _filled

ITEMS = 50_000
LIMIT = 50
RUNS = 30
#: A third of the items in each status, with scores and times of change all over the list.
SPREAD = """
UPDATE projects_contentitem SET confidence_score = (position * 7919 %% 1000) / 1000.0,
    status = (ARRAY['approved', 'flagged', 'generated'])[position %% 3 + 1],
    updated_at = now() - (position * 7919 %% 50000) * interval '1 second'
WHERE project_id = %s
"""
COLUMNS = """
SELECT i.id, i.external_id, i.item_type, i.source_data, i.generated_content, i.confidence_score, i.status, i.ai_model_used, i.created_at,
    i.data_source_id, s.name, i.metadata, i.excluded_at, i.generation_metadata
FROM projects_contentitem i LEFT JOIN projects_datasource s ON s.id = i.data_source_id
WHERE i.project_id = %(project)s AND i.language = '' AND i.status = 'approved' AND i.excluded_at IS NULL
"""
#: By the order: its key, and the sign that stands behind a place.
BARE = {"created": ("i.id", ">"), "updated": ("i.updated_at", "<"), "confidence": ("i.confidence_score", ">")}
JUDGED = "AND i.confidence_score IS NOT NULL"  # as the order by confidence, and its index
COUNT = "SELECT count(*) FROM projects_contentitem i WHERE i.project_id = %(project)s AND i.language = '' AND i.status = 'approved' AND i.excluded_at IS NULL"


def run() -> list[tuple[str, float, float, float, str]]:
    project, token = _filled(ITEMS)
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [project.pk])
    for _ in range(2):  # the first one may find rows that a transaction beside it still sees
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE projects_contentitem")
    with override_settings(RATE_LIMIT_FACTOR=100_000):
        return [_keyset(project, token, order, deep) for order in BARE for deep in (False, True)] + [
            _offset(project, token, offset) for offset in (0, 8_000, 16_000)
        ]


def _keyset(project: Any, token: str, order: str, deep: bool) -> tuple[str, float, float, float, str]:
    key, sign = BARE[order]
    direction = "ASC" if sign == ">" else "DESC"
    where, place = "", {}
    query = {"limit": LIMIT, "status": "approved", "order": order}
    if deep:
        chosen = ContentItem.rows.filter(project=project, status="approved")
        at = item_orders.order_items(chosen, order)[ITEMS // 4]
        query["after"] = str(at.pk)
        where = f"AND ({key}, i.id) {sign} (%(key)s, %(id)s)"
        place = {"id": at.pk, "key": getattr(at, {"created": "pk"}.get(order, key.removeprefix("i.")))}
    if order == "confidence":
        where = f"{JUDGED} {where}"
    sql = f"{COLUMNS} {where} ORDER BY {key} {direction}, i.id {direction} LIMIT {LIMIT}"
    floor = lambda: _rows(sql, {"project": project.pk, **place})  # noqa: E731
    return _row(
        f"page of {LIMIT} of {ITEMS:,}, by {order}, {'deep' if deep else 'first'} (ms)", project, token, query, floor
    )


def _offset(project: Any, token: str, offset: int) -> tuple[str, float, float, float, str]:
    sql = f"{COLUMNS} ORDER BY i.id LIMIT {LIMIT} OFFSET {offset}"

    def floor() -> int:
        _rows(COUNT, {"project": project.pk})
        return _rows(sql, {"project": project.pk})

    query = {"limit": LIMIT, "status": "approved", "offset": offset}
    return _row(f"page of {LIMIT} of {ITEMS:,} with its total, after {offset:,} (ms)", project, token, query, floor)


def _row(
    what: str, project: Any, token: str, query: dict[str, Any], floor: Any
) -> tuple[str, float, float, float, str]:
    http = Client(headers={"authorization": f"Bearer {token}"})

    def ours() -> None:
        answer = http.get(f"/api/v1/projects/{project.pk}/items", query)
        assert answer.status_code == 200
        assert answer.content.count(b'"external_id"') == LIMIT

    ours(), floor()
    pairs = [(_catalogue.timed(ours), _catalogue.timed(floor)) for _ in range(RUNS)]
    took, bare = (min(column) * 1000 for column in zip(*pairs, strict=True))
    return what, took, bare, took / bare, "≤ 1.5"


def _rows(sql: str, values: dict[str, Any]) -> int:
    """The rows by psycopg, dumped by orjson: the size of the JSON."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return len(orjson.dumps([dict(zip(names, row, strict=True)) for row in cursor.fetchall()]))
