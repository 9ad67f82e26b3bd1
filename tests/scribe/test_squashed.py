"""The migrations of release 1.1.0 are squashed: an empty database gets the same tables and rows as by the old ones, and
those of older releases go on."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import releases, unsquashed
from tests.database import manage
from tests.released import dump, restore, run
from tests.template import new_database

OLD = [release for release in releases.every() if release.version in ("1.1.0", "1.0.0")]


def schema(url: str) -> str:
    """Every table, index, constraint, function, trigger and sequence, in the words of pg_dump, as they are once
    restored: that changes the form of some expressions."""
    schema_only = ("--schema-only", "--exclude-schema=seeds")
    with new_database("restored") as again:
        run(again, dump(url, *schema_only))
        return dump(again, *schema_only)


def rows(url: str) -> dict[str, list[str]]:
    """What the migrations wrote, but for ids and times."""
    with psycopg.connect(url) as link:
        tables = link.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        )
        given = "'{id,created_at,updated_at,content_type_id}'::text[]"
        return {
            table: [
                row
                for (row,) in link.execute(f"SELECT (to_jsonb(t) - {given})::text FROM {table} t ORDER BY 1")  # type: ignore[call-overload]
            ]
            for (table,) in tables.fetchall()
        }


def applied(url: str) -> set[tuple[str, str]]:
    with psycopg.connect(url) as link:
        return {(app, name) for app, name in link.execute("SELECT app, name FROM django_migrations")}


@pytest.fixture(scope="module")
def today(django_db_setup: Any) -> tuple[str, dict[str, list[str]]]:
    """An empty database migrated by today's code."""
    with new_database("today", os.environ["SCRIBE_TEST_TEMPLATE"]) as url:
        return schema(url), rows(url)


@pytest.mark.slow
@pytest.mark.parametrize("release", OLD, ids=lambda release: release.version)
def test_a_database_of_a_release_goes_on_to_the_same_schema_and_rows_as_an_empty_one(
    release: releases.Release, today: tuple[str, dict[str, list[str]]]
) -> None:
    with new_database("of_a_release") as url:
        restore(release, url)
        manage(url, "migrate", "--noinput", "--verbosity=0")
        assert schema(url) == today[0]
        assert rows(url) == today[1]
        assert applied(url) >= MigrationLoader(None).graph.nodes.keys()


@pytest.mark.parametrize("release", OLD, ids=lambda release: release.version)
def test_the_kept_database_of_a_release_is_by_the_migrations_of_its_commit(
    release: releases.Release, django_db_setup: Any
) -> None:
    releases.last()  # or git has none
    with new_database("of_a_release") as url:
        restore(release, url)
        ours = {app for app, _ in release.migrations()}
        assert {key for key in applied(url) if key[0] in ours} == release.migrations()


@pytest.mark.django_db
def test_wherever_a_database_stands_between_two_releases_the_old_migrations_go_on() -> None:
    """Some of a release's migrations may be applied, in their order, when an upgrade breaks off."""
    releases.last()  # or git has none
    new, old = (release.migrations() for release in OLD)
    graph = unsquashed.Loader(None).graph
    plan: list[tuple[str, str]] = []
    for leaf in sorted(graph.leaf_nodes()):
        plan += [key for key in graph.forwards_plan(leaf) if key not in plan]
    waiting = [key for key in plan if key in new - old]
    assert len(waiting) == len(new - old) > 10
    later = [key for key in plan if key[0] in {app for app, _ in new} and key not in new]
    applied = MigrationRecorder(connection)
    for key in [*waiting, *later, *MigrationLoader(None).replacements]:
        applied.record_unapplied(*key)
    while waiting:
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        left = [(one.app_label, one.name) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        assert sorted(left) == sorted([*waiting, *later])
        applied.record_applied(*waiting.pop(0))
    executor = MigrationExecutor(connection)
    left = [(one.app_label, one.name) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    assert sorted(left) == sorted(later)


@pytest.mark.django_db
class TestTheWayBack:
    def test_the_last_migration_of_the_release_names_what_it_was_squashed_into(self, capsys: Any) -> None:
        for app, name in releases.last().last_migrations().items():
            call_command("migrate", app, name, plan=True)
            assert "Unknown" not in capsys.readouterr().out

    def test_it_ends_at_the_release(self) -> None:
        for name in ("0014_counts", "zero"):
            with pytest.raises(CommandError, match=r"goes back to scribe 0022_job_long at most"):
                call_command("migrate", "scribe", name)
