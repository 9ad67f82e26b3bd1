"""Import of a 100,000-row file, against the csv module and COPY of the same rows.

Two floors: the rows copied into the same table (its keys and indexes, no foreign keys), with their cells as one JSON value,
is what anyone would do instead; the bare cells into a table of text columns without any key is told beside it.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from projects import file_import
from projects.models import ContentItem
from scribe.ids import uuid7
from scribe.models import Job
from tests import factories
from tests.benchmarks import _catalogue
from tests.helpers import run_jobs

ROWS = 100_000


def run() -> list[tuple[str, Any, Any, Any, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.csv"
        _catalogue.write(path, ROWS)
        bare = _catalogue.timed(lambda: _bare_table(path))
        with _catalogue.memory() as memory:
            took, floor = _both(path, ROWS)
    return [
        (f"import of {ROWS:,} rows (s), against csv and COPY", took, floor, took / floor, "≤ 1.6"),
        ("  against COPY of its cells into bare text columns", took, bare, took / bare, "(told only)"),
        ("  its peak memory above idle (MiB), against 200", memory.above, 200.0, memory.above / 200, "≤ 1"),
    ]


def grow(rows: int) -> tuple[str, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.csv"
        _catalogue.write(path, rows)
        return ("import of a file, against csv and COPY", *_both(path, rows))


def _both(path: Path, rows: int) -> tuple[float, float]:
    floor = _catalogue.timed(lambda: _same_table(path))
    project = factories.make_project(factories.make_organization())
    took = _catalogue.timed(lambda: _import(project, path))
    assert ContentItem.objects.filter(project=project).count() == rows
    return took, floor


def _same_table(path: Path) -> None:
    statement = "COPY bench_items (id, created_at, updated_at, organization_id, project_id, item_type, external_id, store_view, position, source_data, source_hash, generated_content, status, has_unsupported_claims, ai_model_used, metadata, generation_metadata) FROM STDIN"
    owner, now = str(uuid7()), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_items (LIKE projects_contentitem INCLUDING ALL)")
        with path.open(newline="", encoding="utf-8") as file, cursor.copy(statement) as copy:
            reader = csv.reader(file)
            header = next(reader)
            for number, row in enumerate(reader, start=1):
                cells = orjson.dumps(dict(zip(header, row, strict=True))).decode()
                copy.write_row(
                    (
                        str(uuid7()),
                        now,
                        now,
                        owner,
                        owner,
                        "product",
                        row[0],
                        "",
                        number,
                        cells,
                        "",
                        "{}",
                        "pending",
                        False,
                        "",
                        "{}",
                        "{}",
                    )
                )
        cursor.execute("DROP TABLE bench_items")


def _bare_table(path: Path) -> None:
    columns = ", ".join(f"c{number} text" for number in range(len(_catalogue.HEADER)))
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
    if "job_id" in source.config:  # small files are there at once
        (ended,) = run_jobs(job_type="import")
        assert str(ended.pk) == source.config["job_id"]
        assert ended.status == Job.Status.COMPLETED, ended.error
