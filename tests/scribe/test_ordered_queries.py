"""An ordered query is the one that Django itself writes, without a search among all that it selects."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.compiler import SQLCompiler as DjangosCompiler
from django.db.models import Count, F, QuerySet, Value
from django.db.models.expressions import Col
from django.db.models.functions import Lower

from accounts.models import User
from billing.models import PaidPeriod
from projects.models import ContentItem

QUERIES: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "by the model's own order": lambda: ContentItem.objects.all(),
    "by columns": lambda: ContentItem.objects.order_by("position", "-created_at"),
    "reversed": lambda: ContentItem.objects.order_by("position").reverse(),
    "by a joined table": lambda: PaidPeriod.objects.select_related("plan", "subscription__plan").order_by("plan__rank"),
    "by another model's order": lambda: ContentItem.objects.order_by("project", "pk"),
    "at random": lambda: ContentItem.objects.order_by("?"),
    "by an expression": lambda: ContentItem.objects.order_by(Lower("status"), F("position").desc(nulls_last=True)),
    "by a column that is selected with others": lambda: User.objects.values_list("email", "role").order_by("role"),
    "by what is counted": lambda: User.objects.values("role").annotate(n=Count("pk")).order_by("-n", "role"),
    "by an alias": lambda: User.objects.annotate(name=Lower("email")).order_by("name"),
    "by a sum": lambda: User.objects.annotate(one=Value(1) + F("sessions_stamp")).order_by("one"),
    "distinct": lambda: User.objects.order_by("organization", "email").distinct("organization"),
    "of two at once": lambda: User.objects.values("email").union(User.objects.values("email")).order_by("email"),
    "in no order": lambda: User.objects.order_by(),
}


@pytest.mark.parametrize("name", QUERIES)
def test_it_is_what_django_writes(name: str) -> None:
    query = QUERIES[name]().query
    assert query.sql_with_params() == DjangosCompiler(query.clone(), connection, "default").as_sql()


def test_no_selected_column_is_hashed() -> None:
    query = QUERIES["by a joined table"]().query
    for column in columns_of(query):  # some are the model's own, and keep the hash that another test has taken
        vars(column).pop("identity", None)
    joined = [column for column in columns_of(query) if column.alias != PaidPeriod._meta.db_table]
    assert len(joined) > 20
    assert not [column for column in joined if "identity" in vars(column)]


def columns_of(query: Any) -> list[Any]:
    """The columns that a query selects, once its statement is written."""
    compiler = query.get_compiler("default")
    compiler.as_sql()
    return [column for column, _, _ in compiler.select]


def test_no_selected_column_is_written_by_its_own_calls() -> None:
    called: list[Any] = []
    compiler = QUERIES["by a joined table"]().query.get_compiler("default")
    sys.setprofile(lambda frame, event, _: called.append(frame.f_code) if event == "call" else None)
    try:
        compiler.as_sql()
    finally:
        sys.setprofile(None)
    assert len(called) > 100
    assert Col.as_sql.__code__ not in called
