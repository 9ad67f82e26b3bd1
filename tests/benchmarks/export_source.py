"""Source export of a 100,000-row file, half of it approved, against a plain copy by the csv module."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from projects import source_export
from projects.models import DataSource
from tests import factories
from tests.benchmarks import _catalogue, import_file

ROWS = 100_000
APPROVE = """
UPDATE projects_contentitem SET status = 'approved', generated_content = jsonb_build_object(
    'name', 'Written ' || position, 'short_description', '<p>Short "text" ' || position || '</p>',
    'description', '<p>' || repeat('A long and telling text, with commas. ', 12) || '</p>',
    'seo', jsonb_build_object('title', 'Title ' || position, 'description', 'Meta description ' || position))
WHERE project_id = %s AND position %% %s = 0
"""


def run() -> list[tuple[str, Any, Any, Any, str]]:
    with tempfile.TemporaryDirectory() as folder:
        source, floor = _imported(Path(folder), ROWS)
        found = []
        for share, words in ((2, "half of them"), (1, "all of them")):
            _approve(source, share)
            with _catalogue.memory() as memory:
                took = _catalogue.timed(lambda: _export(source))
            found.append((f"export of {ROWS:,} rows, {words} approved (s)", took, floor, took / floor, "≤ 2.5"))
        found.append(
            ("  its peak memory above idle (MiB), against 200", memory.above, 200.0, memory.above / 200, "≤ 1")
        )
    return found


def grow(rows: int) -> tuple[str, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        source, floor = _imported(Path(folder), rows)
        _approve(source, 2)
        return "export of a file, half approved, against a copy", _catalogue.timed(lambda: _export(source)), floor


def _imported(folder: Path, rows: int) -> tuple[DataSource, float]:
    """An imported file, and the seconds of its plain copy."""
    path = folder / "catalogue.csv"
    _catalogue.write(path, rows)
    project = factories.make_project(factories.make_organization())
    import_file._import(project, path)
    floor = min(_catalogue.timed(lambda: _floor(path)) for _ in range(3))
    return DataSource.objects.select_related("project").get(project=project), floor


def _approve(source: DataSource, share: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(APPROVE, [source.project_id, share])
        cursor.execute("VACUUM ANALYZE projects_contentitem")


def _floor(path: Path) -> None:
    with (
        path.open(newline="", encoding="utf-8") as file,
        tempfile.TemporaryFile("w", newline="", encoding="utf-8") as copy,
    ):
        writer = csv.writer(copy)
        for row in csv.reader(file):
            writer.writerow(row)


def _export(source: DataSource) -> None:
    done = source_export.export(source=source)
    while done.file.read(1 << 20):
        continue
    done.file.close()
