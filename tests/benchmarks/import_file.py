"""Import of a 100,000-row file, against the csv module and COPY of the same rows."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from projects import file_import
from projects.models import ContentItem
from scribe.models import Job
from tests import factories
from tests.benchmarks import catalogue
from tests.helpers import run_jobs

ROWS = 100_000


def run(rows: int = ROWS) -> list[tuple[str, Any, Any, Any, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.csv"
        catalogue.write(path, rows)
        floor = catalogue.timed(lambda: _floor(path))
        project = factories.make_project(factories.make_organization())
        with catalogue.memory() as memory:
            took = catalogue.timed(lambda: _import(project, path))
        assert ContentItem.objects.filter(project=project).count() == rows
    return [
        (f"import of {rows:,} rows (s), against csv and COPY", took, floor, took / floor, "≤ 3"),
        ("  its peak memory above idle (MiB), against 200", memory.above, 200.0, memory.above / 200, "≤ 1"),
    ]


def _floor(path: Path) -> None:
    """The same rows, parsed by the csv module and copied into a table of text columns."""
    columns = ", ".join(f"c{number} text" for number in range(len(catalogue.HEADER)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_rows ({columns})")
        with path.open(newline="", encoding="utf-8") as file, cursor.copy("COPY bench_rows FROM STDIN") as copy:
            reader = csv.reader(file)
            next(reader)
            for row in reader:
                copy.write_row(row)
        cursor.execute("DROP TABLE bench_rows")


def _import(project: Any, path: Path) -> None:
    with path.open("rb") as file:
        source = file_import.upload(project=project, file=file, name=path.name, mapping=None, by=None)
    job = Job.objects.get(pk=source.config["job_id"])
    (ended,) = run_jobs(job_type="import")
    assert ended.pk == job.pk and ended.status == Job.Status.COMPLETED, ended.error
