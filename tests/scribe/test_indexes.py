"""Indexes of large tables are built beside the running product, and an attempt that broke off may be repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, AlterUniqueTogether, CreateModel
from django.db.migrations.loader import MigrationLoader

from scribe import gdpr, retention
from scribe.indexes import BuildIndex
from tests import factories, releases, unsquashed


def growing() -> set[tuple[str, str]]:
    """Tables with rows of customers, or that are tidied because they grow; what staff alone write is small."""
    models = {*gdpr.kinds(), *(rule.model for rule in retention.rules)}
    return {(model._meta.app_label, str(model._meta.model_name)) for model in models}


def keeps_writers_away(operation: Any) -> bool:
    """Whether it builds an index, or reads all rows, under a lock that keeps writers from the table."""
    if isinstance(operation, AddField | AlterField):
        field = operation.field
        return not field.many_to_many and not field.primary_key and (field.unique or field.db_index)
    blocking = AddIndex | AddConstraint | AlterUniqueTogether
    return isinstance(operation, blocking) and not isinstance(operation, AddIndexConcurrently | AddConstraintNotValid)


def test_no_migration_keeps_writers_from_a_growing_table_while_it_builds_an_index() -> None:
    """Of those since the last release: what came with it has been applied."""
    large, loader = growing(), MigrationLoader(None)
    released = releases.last().applied(loader)
    ours = {app for app, _ in released} | {config.label for config in apps.get_app_configs() if own(config)}
    blocking = {
        (app, name, operation.describe())
        for (app, name), migration in loader.disk_migrations.items()
        if app in ours and (app, name) not in released
        for operation in migration.operations
        if keeps_writers_away(operation)
        and _of(app, operation) in large
        and not any(
            isinstance(one, CreateModel) and _of(app, one) == _of(app, operation) for one in migration.operations
        )
    }
    assert blocking == set()


def own(config: Any) -> bool:
    return Path(config.path).parent == releases.ROOT


def test_tables_that_grow_are_known_by_what_they_hold() -> None:
    found = growing()
    known = {("billing", "hold"), ("scribe", "job"), ("blog", "blogpost"), ("billing", "entry"), ("scribe", "jobevent")}
    assert known <= found
    assert ("billing", "plan") not in found
    assert keeps_writers_away(AddField("hold", "job", models.ForeignKey("scribe.Job", models.CASCADE, null=True)))
    assert keeps_writers_away(AddIndex("hold", models.Index("job", name="hold_by_job")))
    assert not keeps_writers_away(AddField("hold", "job", models.UUIDField(null=True)))
    assert not keeps_writers_away(AddIndexConcurrently("hold", models.Index("job", name="hold_by_job")))


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
    loader = unsquashed.Loader(None)
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
