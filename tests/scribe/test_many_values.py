"""Rows by many ids or texts: one array, and the rows that Django's own look-up finds."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import ContentItem
from scribe.ids import uuid7
from scribe.postgres.many_values import MANY
from tests.factories import make_item, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(cast: Any) -> list[ContentItem]:
    project = make_project(cast.organization)
    first, second, third = [make_item(project) for _ in range(3)]
    return [first, second, make_item(project, parent=first), third]


@pytest.mark.parametrize("others", [0, MANY])
@pytest.mark.parametrize("field", ["pk__in", "parent__in", "parent_id__in", "parent__pk__in"])
def test_many_values_find_what_few_do(items: list[ContentItem], field: str, others: int) -> None:
    ids = [items[0].pk, items[0].pk, items[1].pk, *(uuid7() for _ in range(others))]
    wanted = items[:2] if field == "pk__in" else items[2:3]
    with CaptureQueriesContext(connection) as asked:
        assert list(ContentItem.objects.filter(**{field: ids})) == wanted
    assert ("= ANY('{" in asked[0]["sql"]) == bool(others)
    rest = ContentItem.objects.exclude(parent=None) if "parent" in field else ContentItem.objects.all()
    assert list(rest.exclude(**{field: ids})) == [item for item in rest if item not in wanted]


def test_rows_and_text_name_them_too(items: list[ContentItem]) -> None:
    more = [uuid7() for _ in range(MANY)]
    assert list(ContentItem.objects.filter(parent__in=[*items, *(ContentItem(pk=pk) for pk in more)])) == [items[2]]
    assert list(ContentItem.objects.filter(pk__in=[str(items[0].pk), *map(str, more)])) == items[:1]
    assert list(ContentItem.objects.filter(pk__in=[*more, None, items[0].pk])) == items[:1]
    assert not ContentItem.objects.filter(pk__in=more).update(position=1)


def test_many_texts_find_what_few_do(items: list[ContentItem]) -> None:
    odd = "a\"b\\c,{d}'%s"
    ContentItem.objects.filter(pk=items[0].pk).update(external_id=odd)
    for more in ([], [f"x-{at}" for at in range(MANY)]):
        with CaptureQueriesContext(connection) as asked:
            assert list(ContentItem.objects.filter(external_id__in=[*more, odd])) == items[:1]
        assert ("= ANY(" in asked[0]["sql"]) == bool(more)
        assert list(ContentItem.objects.filter(source_data__sku__in=[*more, items[1].source_data["sku"]])) == items[1:2]
