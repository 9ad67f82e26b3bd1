"""Rows that are written through one JSON document are the rows that the models would have written."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from projects.models import StoreText, SyncRecord
from scribe import statements
from tests.factories import make_item, make_project

pytestmark = pytest.mark.django_db
ODD = {
    "name": 'Tea "čaj" \\ 🍵 {} , NULL\n\ttab',
    "tags": ["a,b", "'c'"],
    "nested": {"n": 1.5, "none": None, "yes": True},
}


@pytest.fixture
def items(cast: Any) -> list[Any]:
    project = make_project(cast.organization)
    return [make_item(project, external_id=str(n)) for n in range(3)]


def record(item: Any, **more: Any) -> SyncRecord:
    return SyncRecord(organization_id=item.organization_id, item=item, synced_at=timezone.now(), **more)


def test_rows_are_inserted_whole_and_only_the_named_fields_are_updated(
    items: list[Any], django_assert_num_queries: Any
) -> None:
    rows = [record(item, before=ODD, wanted=ODD, connection_name=ODD["name"], forced=True) for item in items]
    with django_assert_num_queries(1):
        statements.upsert(rows, unique="id", update=["after", "state"])
    there = SyncRecord.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        for field in SyncRecord._meta.concrete_fields:
            assert getattr(there[row.pk], field.attname) == getattr(row, field.attname)
        row.after, row.state, row.before, row.code = ODD, SyncRecord.State.DONE, {}, "x"
    statements.upsert(rows, unique="id", update=["after", "state"])
    now = SyncRecord.objects.values_list("after", "state", "before", "code")
    assert list(now) == [(ODD, "done", ODD, "")] * 3


def test_an_update_touches_the_named_fields_and_brings_no_row_back(items: list[Any]) -> None:
    rows = [record(item, before=ODD) for item in items]
    statements.upsert(rows, unique="id", update=["before"])
    SyncRecord.objects.filter(pk=rows[0].pk).delete()
    for row in rows:
        row.before, row.after, row.undoes = {}, ODD, rows[1]
    statements.update(rows, ["after", "undoes"])
    assert set(SyncRecord.objects.values_list("pk", "undoes")) == {(row.pk, rows[1].pk) for row in rows[1:]}
    assert [row.after for row in SyncRecord.objects.all()] == [ODD] * 2
    assert [row.before for row in SyncRecord.objects.all()] == [ODD] * 2
    statements.update([], ["after"])


def test_another_field_may_be_the_unique_one(items: list[Any]) -> None:
    for held in ({"name": "old"}, {"name": "new"}):
        statements.upsert(
            [StoreText(organization_id=i.organization_id, item=i, held=held) for i in items],
            unique="item",
            update=["held", "updated_at"],
        )
    assert [text.held for text in StoreText.objects.all()] == [{"name": "new"}] * 3
