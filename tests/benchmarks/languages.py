"""What languages cost: lists, the review queue and counts of 20,000 items with five further languages, against the same items
without them; and the counts of the page "Languages" of 50,000 items in twelve languages, against the bare count by status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from projects import item_orders, items, review_queue, summaries
from projects.models import ContentItem
from tests import factories
from tests.benchmarks import _catalogue
from tests.benchmarks.list_items import FILL

ITEMS = 20_000
LANGUAGES = ("fr", "es", "pl", "sr", "ar")
LARGE = 50_000
TWELVE = ("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "hr", "sr", "ar")  # and the main one
JUDGE = """
UPDATE projects_contentitem SET confidence_score = (position %% 100) / 100.0, status = CASE WHEN position %% 4 = 0 THEN 'flagged'
    WHEN position %% 4 = 1 THEN 'approved' ELSE 'generated' END WHERE project_id = %s
"""
SPEAK = """
INSERT INTO projects_contentitem (id, main_id, language, created_at, updated_at, organization_id, project_id, item_type, external_id,
    store_view, position, source_data, source_hash, generated_content, status, confidence_score, has_unsupported_claims, ai_model_used,
    metadata, generation_metadata)
SELECT gen_random_uuid(), item.id, code, now(), now(), organization_id, project_id, item_type, external_id, store_view, position,
    source_data, source_hash, generated_content, status, confidence_score, false, '', '{}', generation_metadata
FROM projects_contentitem item, unnest(%s::text[]) AS code WHERE project_id = %s AND language = ''
"""

AGE = """UPDATE projects_contentitem SET outdated_fields = '["name"]' WHERE project_id = %s AND language <> '' AND position %% 10 = 0"""
BARE = "SELECT language, status, count(*) FROM projects_contentitem WHERE project_id = %s AND excluded_at IS NULL GROUP BY 1, 2"


def run() -> list[tuple[str, Any, Any, Any, str]]:
    project = factories.make_project(factories.make_organization())
    with connection.cursor() as cursor:
        cursor.execute(FILL, [project.organization_id, project.pk, ITEMS])
        cursor.execute(JUDGE, [project.pk])
        cursor.execute("VACUUM ANALYZE projects_contentitem")
    alone = {name: best(of(project)) for name, of in READS.items()}
    with connection.cursor() as cursor:
        cursor.execute(SPEAK, [list(LANGUAGES), project.pk])
        cursor.execute("VACUUM ANALYZE projects_contentitem")
    assert ContentItem.rows.filter(project=project).count() == ITEMS * (1 + len(LANGUAGES))
    beside = {name: best(of(project)) for name, of in READS.items()}
    rows = f"{ITEMS:,} items"
    return [
        of_large_page(),
        *(
            (
                f"{name} of {rows} beside {len(LANGUAGES)} languages (ms), against without",
                beside[name] * 1000,
                alone[name] * 1000,
                beside[name] / alone[name],
                "≤ 1.5",
            )
            for name in READS
        ),
    ]


def of_large_page() -> tuple[str, Any, Any, Any, str]:
    project = factories.make_project(factories.make_organization())
    with connection.cursor() as cursor:
        cursor.execute(FILL, [project.organization_id, project.pk, LARGE])
        cursor.execute(JUDGE, [project.pk])
        cursor.execute(SPEAK, [list(TWELVE), project.pk])
        cursor.execute(AGE, [project.pk])
        cursor.execute("VACUUM ANALYZE projects_contentitem")
    page = best(lambda: summaries.counts_by_language(project, TWELVE))
    bare = best(lambda: fetch(BARE, [project.pk]))
    name = f"the counts of {1 + len(TWELVE)} languages of {LARGE:,} items (ms), against the count by status"
    return (name, page * 1000, bare * 1000, page / bare, "≤ 2")


def fetch(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def best(call: Callable[[], Any]) -> float:
    call()  # warm
    return min(_catalogue.timed(call) for _ in range(7))


def page(project: Any) -> Callable[[], Any]:
    return lambda: list(item_orders.order_items(items.filter_items(project=project), item_orders.NAME)[:100])


def queue(project: Any) -> Callable[[], Any]:
    return lambda: review_queue.first(review_queue.waiting(project))


def waiting(project: Any) -> Callable[[], Any]:
    return lambda: review_queue.waiting(project).count()


def counts(project: Any) -> Callable[[], Any]:
    return lambda: summaries.counts([project.pk])


READS = {"a page of the list": page, "the next item": queue, "the count of the queue": waiting, "the counts": counts}
