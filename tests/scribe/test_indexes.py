"""Indexes of large tables are built beside the running product, and an attempt that broke off may be repeated."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection
from django.db.migrations import AddConstraint, AddIndex, AlterUniqueTogether, CreateModel
from django.db.migrations.loader import MigrationLoader

from scribe.indexes import BuildIndex
from tests import factories

#: Tables with a row for each item, text, call of a model or event.
LARGE = {
    ("projects", "contentitem"),
    ("projects", "itemversion"),
    ("projects", "generationitem"),
    ("projects", "syncrecord"),
    ("billing", "usagerecord"),
    ("billing", "entry"),
    ("scribe", "event"),
    ("webhooks", "eventdelivery"),
}
#: Of the first version, before which nobody had rows.
FIRST = {("billing", "0008_allowance_and_overage"), ("projects", "0008_what_stores_show")}


def test_no_migration_keeps_writers_from_a_large_table_while_it_builds_an_index() -> None:
    known = {(app, name.lower()) for app, name in ((m._meta.app_label, m.__name__) for m in apps.get_models())}
    assert known >= LARGE
    blocking = {
        (app, name, operation.describe())
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if (app, name) not in FIRST
        and not migration.initial
        and not any(
            isinstance(operation, CreateModel) and _of(app, operation) in LARGE for operation in migration.operations
        )
        for operation in migration.operations
        if isinstance(operation, AddIndex | AddConstraint | AlterUniqueTogether)
        and not isinstance(operation, AddIndexConcurrently | AddConstraintNotValid)
        and _of(app, operation) in LARGE
    }
    assert blocking == set()


def _of(app: str, operation: Any) -> tuple[str, str]:
    return app, str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()


def definition(name: str) -> tuple[str, bool, bool] | None:
    """How an index is defined, and whether it is unique and in use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid), indisunique, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid "
            "WHERE relname = %s",
            [name],
        )
        found: tuple[str, bool, bool] | None = cursor.fetchone()
        return found


@pytest.mark.django_db(transaction=True)
def test_an_index_takes_the_place_of_another_and_gives_it_back() -> None:
    loader = MigrationLoader(None)
    name = ("projects", "0021_language_text_by_original")
    state = loader.project_state(name)
    operations = [one for one in loader.disk_migrations[name].operations if isinstance(one, BuildIndex)]
    chosen = {one.made.name: one for one in operations if one.made.name in ("item_by_name", "item_once_per_source")}
    chosen["item_by_assignee"] = next(one for one in operations if one.before is None)
    before = {each: definition(each) for each in chosen}
    factories.make_item(factories.make_project(factories.make_organization()))
    with connection.schema_editor(atomic=False) as editor:
        for operation in chosen.values():
            editor.execute(f"CREATE INDEX {operation.made.name}_beside ON projects_contentitem (id)")  # it broke off
            operation.database_backwards("projects", editor, state, state)
        assert definition("item_by_assignee") is None
        for each in ("item_by_name", "item_once_per_source"):
            old = definition(each)
            assert old
            assert "language" not in old[0]
        for operation in chosen.values():
            operation.database_forwards("projects", editor, state, state)
    assert {each: definition(each) for each in chosen} == before
    assert before["item_once_per_source"] is not None
    assert before["item_once_per_source"][1:] == (True, True)
