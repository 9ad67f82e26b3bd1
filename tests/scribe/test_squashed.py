"""The migrations of release 1.1.0 are squashed: an empty database gets the same tables and rows as by the old ones, and
those of older releases go on."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import releases, template, unsquashed
from tests.database import manage

OLD = [release for release in releases.every() if release.version in ("1.1.0", "1.0.0")]


@contextmanager
def empty_database() -> Iterator[str]:
    url, name = os.environ["SCRIBE_TEST_DATABASE_URL"], f"scribe_of_a_release_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    try:
        yield url.replace("/scribe?", f"/{name}?", 1)
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def schema(url: str) -> str:
    """Every table, index, constraint, function, trigger and sequence, in the words of pg_dump."""
    command = [
        template.embedded("pg_dump")[0],
        "--schema-only",
        "--no-owner",
        "--exclude-schema=seeds",
        "--dbname",
        url,
    ]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", dumped, flags=re.MULTILINE)


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


@pytest.fixture(scope="module")
def today(django_db_setup: Any) -> tuple[str, dict[str, list[str]]]:
    """An empty database migrated by today's code. The template is none: expressions change their form in a dump."""
    with empty_database() as url:
        manage(url, "migrate", "--noinput", "--verbosity=0")
        return schema(url), rows(url)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("release", OLD, ids=lambda release: release.version)
def test_a_database_of_a_release_goes_on_to_the_same_schema_and_rows_as_an_empty_one(
    release: releases.Release, today: tuple[str, dict[str, list[str]]]
) -> None:
    releases.last()  # or git has none
    with empty_database() as url:
        environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"}
        command = [str(release.python()), "manage.py", "migrate", "--noinput", "--verbosity=0"]
        subprocess.run(command, cwd=release.code(), env=environment, check=True)
        manage(url, "migrate", "--noinput", "--verbosity=0")
        assert schema(url) == today[0]
        assert rows(url) == today[1]
        assert manage(url, "showmigrations").count("[ ]") == 0


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
