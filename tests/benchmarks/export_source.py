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


def run(rows: int = ROWS) -> list[tuple[str, Any, Any, Any, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.csv"
        _catalogue.write(path, rows)
        project = factories.make_project(factories.make_organization())
        import_file._import(project, path)
        source = DataSource.objects.select_related("project").get(project=project)
        floor = _catalogue.timed(lambda: _floor(path))
        found = []
        for share, words in ((2, "half of them"), (1, "all of them")):
            with connection.cursor() as cursor:
                cursor.execute(APPROVE, [project.pk, share])
                cursor.execute("VACUUM ANALYZE projects_contentitem")
            with _catalogue.memory() as memory:
                took = _catalogue.timed(lambda: _export(source))
            found.append((f"export of {rows:,} rows, {words} approved (s)", took, floor, took / floor, "≤ 3"))
        found.append(
            ("  its peak memory above idle (MiB), against 200", memory.above, 200.0, memory.above / 200, "≤ 1")
        )
    return found


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
