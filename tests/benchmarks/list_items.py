"""The complete item list of 50,000 items over the API, against the same rows by psycopg and orjson."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection
from django.test import Client

from projects.models import ContentItem
from tests import factories
from tests.benchmarks import _catalogue

ITEMS = 50_000
FILL = """
INSERT INTO projects_contentitem (id, created_at, updated_at, organization_id, project_id, item_type, external_id, store_view,
    position, source_data, source_hash, generated_content, status, has_unsupported_claims, ai_model_used, metadata, generation_metadata)
SELECT gen_random_uuid(), now(), now(), %s, %s, 'product', 'ext-' || n, '', n,
    jsonb_build_object('sku', 'SKU-' || n, 'name', 'Product ' || n, 'description', repeat('A telling text. ', 30), 'price', '19.90',
        'categories', jsonb_build_array('Outdoor > Bottles'), 'raw', jsonb_build_object('Stock', n, 'Weight (kg)', '0.4')),
    '', jsonb_build_object('name', 'Written ' || n, 'description', repeat('Another telling text. ', 30)), 'generated', false, 'offline/x',
    '{}', jsonb_build_object('checks', jsonb_build_array(jsonb_build_object('id', 'limits', 'passed', true)))
FROM generate_series(1, %s) AS n
"""
FLOOR = """
SELECT i.id, i.external_id, i.item_type, i.source_data, i.generated_content, i.confidence_score, i.status, i.ai_model_used, i.created_at,
    i.data_source_id, s.name, i.metadata, i.excluded_at, i.generation_metadata
FROM projects_contentitem i LEFT JOIN projects_datasource s ON s.id = i.data_source_id WHERE i.project_id = %s ORDER BY i.id
"""


def run() -> list[tuple[str, Any, Any, Any, str]]:
    project, token = _filled(ITEMS)
    took, floor, above = _both(project, token)
    return [
        (f"full list of {ITEMS:,} items (s), against psycopg and orjson", took, floor, took / floor, "≤ 2"),
        ("  its peak memory above idle (MiB), against 50", above, 50.0, above / 50, "≤ 1"),
    ]


def grow(items: int) -> tuple[str, float, float]:
    took, floor, _ = _both(*_filled(items))
    return "full list of items, against psycopg and orjson", took, floor


def _filled(count: int) -> tuple[Any, str]:
    user = factories.make_user()
    project = factories.make_project(user.organization)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [project.organization_id, project.pk, count])
        cursor.execute("VACUUM ANALYZE projects_contentitem")
    assert ContentItem.objects.filter(project=project).count() == count
    return project, factories.token_of(user)


def _both(project: Any, token: str) -> tuple[float, float, float]:
    _ours(project, token)  # warm
    floor = min(_catalogue.timed(lambda: _floor(project)) for _ in range(3))
    with _catalogue.memory() as memory:
        took = min(_catalogue.timed(lambda: _ours(project, token)) for _ in range(3))
    return took, floor, memory.above


def _floor(project: Any) -> int:
    """The rows by a server-side cursor with psycopg's own JSON loading set to orjson, dumped in the same chunks."""
    from psycopg.types.json import set_json_loads

    connection.ensure_connection()
    raw = connection.connection
    size = 0
    with connection.cursor() as outer:
        outer.execute("BEGIN")
        with raw.cursor("bench_floor") as cursor:
            set_json_loads(orjson.loads, cursor)
            cursor.itersize = 1000
            cursor.execute(FLOOR, [project.pk])
            names = [column.name for column in cursor.description]
            while rows := cursor.fetchmany(1000):
                size += len(orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]))
        outer.execute("COMMIT")
    return size


def _ours(project: Any, token: str) -> int:
    response = Client().get(f"/api/v1/projects/{project.pk}/items", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    return sum(len(chunk) for chunk in response.streaming_content)
