"""What a query of whole rows selects is found once for each model, and is what Django finds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.backends.postgresql.compiler import SQLCompiler as DjangosCompiler
from django.db.models import Count, Exists, Field, OuterRef, QuerySet
from django.test.utils import isolate_apps

from accounts.models import User
from billing.models import PaidPeriod, Wallet
from projects.models import ContentItem, Project

QUERIES: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "whole rows": lambda: ContentItem.objects.filter(status="flagged"),
    "locked rows": lambda: Wallet.objects.select_for_update(of=("self",)),
    "rows found by another table": lambda: ContentItem.objects.filter(project__name="Shoes"),
    "different rows": lambda: ContentItem.objects.filter(project__name="Shoes").distinct(),
    "rows of two queries": lambda: User.objects.filter(role="owner").union(User.objects.filter(role="member")),
    "with joined rows": lambda: PaidPeriod.objects.select_related("plan"),
    "without a column": lambda: ContentItem.objects.defer("status"),
    "one column": lambda: ContentItem.objects.only("status"),
    "with a count": lambda: Project.objects.annotate(n=Count("pk")),
    "with an extra column": lambda: User.objects.extra(select={"one": "1"}),
    "values": lambda: User.objects.values_list("email", "role"),
    "each row's own table within": lambda: User.objects.filter(Exists(User.objects.filter(pk=OuterRef("pk")))),
    "rows within": lambda: User.objects.filter(organization__in=Project.objects.values("organization")),
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.django_db
def test_it_selects_what_django_selects(name: str) -> None:
    for _ in range(2):  # found, and known
        ours = QUERIES[name]().query.get_compiler("default")
        djangos = DjangosCompiler(QUERIES[name]().query, connection, "default")
        assert ours.as_sql() == djangos.as_sql()
        assert ours.annotation_col_map == djangos.annotation_col_map
        parts = [compiler.klass_info and compiler.klass_info["select_fields"] for compiler in (ours, djangos)]
        assert parts[0] == parts[1]
        columns = [column for column, _, _ in djangos.select]
        assert ours.get_converters(columns) == djangos.get_converters(columns)


def test_rows_have_their_converted_values(cast: Any) -> None:
    """The second query knows what the first one found."""
    first, second = (Project.objects.create(organization=cast.organization, name=name) for name in ("One", "Two"))
    for project in (first, second):
        read = Project.objects.get(pk=project.pk)
        assert {field.attname: getattr(read, field.attname) for field in Project._meta.concrete_fields} == {
            field.attname: getattr(project, field.attname) for field in Project._meta.concrete_fields
        }


def test_no_column_is_looked_at_again() -> None:
    called: list[Any] = []

    def read() -> None:
        compiler = ContentItem.objects.filter(status="flagged").query.get_compiler("default")
        compiler.as_sql()
        list(compiler.results_iter(results=[]))

    read()
    sys.setprofile(lambda frame, event, _: called.append(frame.f_code) if event == "call" else None)
    try:
        read()
    finally:
        sys.setprofile(None)
    assert len(called) > 100
    assert not {Field.select_format.__code__, Field.get_db_converters.__code__} & set(called)


@isolate_apps("scribe")
def test_a_field_that_is_added_is_selected() -> None:
    class Kept(models.Model):
        class Meta:
            app_label = "scribe"

    def statement() -> str:
        return str(Kept.objects.all().query)

    assert "note" not in statement()
    models.TextField().contribute_to_class(Kept, "note")
    assert '"note"' in statement()
