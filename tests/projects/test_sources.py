"""Sources from the outside: uploads, manual entry, deletion."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import source_data
from projects import file_import, import_job, sources
from projects.models import ContentItem, DataSource, Project
from scribe import jobs, statements, storage
from scribe.errors import InvalidInput
from scribe.jobs import Run, events
from scribe.jobs.registry import kinds
from scribe.jobs.worker import claim
from tests.catalog.files import samples
from tests.factories import make_cast, make_project
from tests.helpers import drop_indexes_but, run_jobs
from tests.projects import uploads

pytestmark = pytest.mark.django_db


def stored_files() -> list[Any]:
    root = settings.MEDIA_ROOT
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_columns_are_detected_without_storing_anything(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    found = me.upload(f"projects/{project_id}/sources/detect-columns", {"file": uploads.file(samples.WOO_CP1250)}, 200)
    assert (found["encoding"], found["delimiter"], found["row_count"]) == ("cp1250", ";", 6)
    assert found["columns"][0] == "ID"
    assert found["mapping"]["SKU"] == "sku"
    assert found["column_confidence"]["SKU"] == 1.0
    assert found["mapping"]["Attribute 1 value(s)"].startswith("attributes.")
    assert 0.9 <= found["confidence"] <= 1
    assert "Published" in found["unmapped"]
    assert found["sample_rows"][1]["Name"] == "Jakna za kišu"
    assert not stored_files()
    assert not DataSource.objects.exists()


def test_an_import_warns_of_what_looks_like_a_slip(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    lines = (
        "ID,Type,SKU,Name,Regular price,Weight (kg)",
        '1,simple,A-1,Cup,"9,90 €",0.3',
        "2,simple,A-2,Mug,free,a lot",
        "3,simple,A-1,Bowl,12.00,",
        "4,simple,,Plate,,0.4",
    )
    source = uploads.upload(me, uploads.new_project(me), "\n".join(lines).encode())
    assert source["item_count"] == 4
    assert [(fault["line"], fault["code"], fault["reason"]) for fault in source["warnings"]] == [
        (3, "no_number", "“price” is not a number."),
        (3, "no_number", "“Weight (kg)” is not a number."),
        (4, "repeated_sku", "The SKU “A-1” appears more than once in this file."),
    ]


def test_an_upload_becomes_items_with_parents_and_tells_its_faults(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id)
    assert (source["status"], source["type"], source["item_count"]) == ("ready", "file", 5)
    assert source["errors"] == [{"line": 7, "code": "no_key", "reason": "The row has no ID, SKU or name."}]
    assert {fault["code"] for fault in source["warnings"]} == {"ragged_row", "repeated_key"}
    items = {item["external_id"]: item for item in me.get(f"projects/{project_id}/items")}
    assert items["11"]["parent_id"] == items["10"]["id"]
    assert items["11"]["item_type"] == "variant"
    assert items["12"]["source_data"]["name"] == "Šolja"
    assert items["12#7"]["source_data"]["name"] == "Šolja druga"
    assert me.get(f"projects/{project_id}")["status"] == "active"
    listed = me.get(f"projects/{project_id}/sources")
    assert listed["total_items"] == 5
    assert listed["sources"][0]["id"] == source["id"]


def test_the_original_and_the_parsed_rows_are_kept(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    config = uploads.upload(me, uploads.new_project(me))["config"]
    with storage.open(config["file_key"]) as kept:
        assert kept.read() == samples.WOO_CP1250
    with storage.open(config["snapshot_key"]) as packed:
        lines = [json.loads(line) for line in gzip.decompress(packed.read()).splitlines()]
    assert [line["external_id"] for line in lines] == ["11", "10", "12", "13", "12#7"]
    assert lines[1]["source_data"]["name"] == "Jakna za kišu"


def test_the_merchants_mapping_is_applied(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    data = b"x,y,z\n1,Tea,green\n"
    assert uploads.upload(me, project_id, data, status=400)["code"] == "no_usable_column"
    uploads.upload(me, project_id, data, column_mapping='{"x": "sku", "y": "name", "z": "attributes.Color"}')
    (item,) = me.get(f"projects/{project_id}/items")
    assert item["source_data"]["name"] == "Tea"
    assert item["source_data"]["attributes"] == {"Color": "green"}


@pytest.mark.parametrize(
    ("data", "mapping", "status", "code"),
    [
        (b"", None, 400, "empty_file"),
        (b"SKU,Name\n", None, 400, "no_rows"),
        (b"SKU,Name\n,\n", None, 400, "no_rows"),
        (b"SKU,Name,Published,Type\n,,1,simple\n", None, 400, "no_rows"),
        (b"one,two\n1,2\n", None, 400, "no_usable_column"),
        (b"%PDF-1.4", None, 415, "unsupported_file"),
        (b"SKU,Name\n1,Tea\n", "{bad", 400, None),
        (b"SKU,Name\n1,Tea\n", "[1]", 400, None),
        (b"SKU,Name\n1,Tea\n", '{"Nome": "name"}', 400, "unknown_column"),
    ],
)
def test_a_bad_file_is_one_error_and_leaves_nothing_behind(
    api: Any, cast: Any, data: bytes, mapping: str | None, status: int, code: str | None
) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    fields = {"column_mapping": mapping} if mapping else {}
    problem = uploads.upload(me, project_id, data, status=status, **fields)
    assert code is None or problem["code"] == code
    assert not DataSource.objects.exists()
    assert not ContentItem.objects.exists()
    assert not stored_files()
    assert me.get(f"projects/{project_id}")["status"] == "draft"


def test_a_file_is_needed(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    problem = me.upload(f"projects/{uploads.new_project(me)}/sources/file", {"column_mapping": "{}"}, 400)
    assert problem["errors"][0]["pointer"] == "#/file"


def test_a_second_upload_while_a_job_writes_is_refused(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    job = jobs.create(job_type="generation", organization=cast.organization, project=Project.objects.get(pk=project_id))
    problem = uploads.upload(me, project_id, status=409)
    assert (problem["code"], problem["job_id"]) == ("job_active", str(job.pk))
    assert not stored_files()


def large(rows: int) -> bytes:
    return b"ID,Type,SKU,Name,Published\n" + b"".join(
        b"%d,simple,S-%d,Product %d,1\n" % (n, n, n) for n in range(1, rows + 1)
    )


def test_a_large_file_is_read_by_a_job(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id, large(2001))
    job_id = source["config"]["job_id"]
    assert source["status"] == "processing"
    assert uploads.upload(me, project_id, status=409)["job_id"] == job_id
    assert me.get(f"projects/{project_id}/sources/{source['id']}/export", 409)["code"] == "source_not_ready"
    (job,) = run_jobs(job_type="import")
    assert (str(job.pk), job.status, job.result["imported"], job.progress_current) == (job_id, "completed", 2001, 2001)
    (ready,) = me.get(f"projects/{project_id}/sources")["sources"]
    assert (ready["status"], ready["item_count"]) == ("ready", 2001)
    assert "job_id" not in ready["config"]
    assert ContentItem.objects.filter(project_id=project_id).count() == 2001
    assert len(stored_files()) == 2


def test_two_thousand_rows_are_read_at_once(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    assert uploads.upload(me, uploads.new_project(me), large(2000))["status"] == "ready"


@pytest.mark.thorough
def test_a_large_sheet_of_empty_cells_is_for_a_job_to_refuse(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    data = samples.empty_rows(8_000, 60).getvalue()
    asked = {"file": uploads.file(data, "large.xlsx")}
    found = me.upload(f"projects/{project_id}/sources/detect-columns", asked, 200)
    assert (found["columns"], found["sample_rows"]) == (["SKU", "Name"], [])
    assert uploads.upload(me, project_id, data, name="large.xlsx")["status"] == "processing"
    (job,) = run_jobs(job_type="import")
    assert job.status == "failed"
    (failed,) = me.get(f"projects/{project_id}/sources")["sources"]
    assert (failed["status"], failed["error_message"]) == ("error", "The file has a header but no rows.")


def test_an_import_that_is_started_twice_imports_once(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    job_id = uploads.upload(me, project_id, large(2001))["config"]["job_id"]
    job = claim(job_id)
    assert job is not None
    import_job.run(Run(job, kinds["import"]))  # this worker dies before it ends the job
    job.lease_until = None
    job.save(update_fields=["lease_until"])
    run_jobs(job_type="import")
    assert ContentItem.objects.filter(project_id=project_id).count() == 2001
    assert me.get(f"jobs/{job_id}")["status"] == "completed"


def test_a_cancelled_import_says_so_at_its_source(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id, large(2001))
    me.post(f"jobs/{source['config']['job_id']}/cancel")
    run_jobs(job_type="import")
    (found,) = me.get(f"projects/{project_id}/sources")["sources"]
    assert (found["status"], found["item_count"]) == ("error", 0)
    assert "cancelled" in found["error_message"]
    assert not ContentItem.objects.exists()


def test_a_large_file_whose_rows_are_all_bad_fails_its_job_and_leaves_no_items(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    data = b"ID,Type,SKU,Name,Published\n" + b",simple,,,1\n" * 2001
    uploads.upload(me, project_id, data)
    (job,) = run_jobs(job_type="import")
    assert job.status == "failed"
    assert "No row could be read" in job.error
    (found,) = me.get(f"projects/{project_id}/sources")["sources"]
    assert found["status"] == "error"
    assert found["error_message"] == job.error


def test_manual_sources_are_filled_by_hand(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = me.upload(f"projects/{project_id}/sources/manual", {}, 201)
    assert (source["name"], source["type"], source["status"]) == ("Manual Entry", "manual", "ready")
    path = f"projects/{project_id}/sources/{source['id']}/items"
    added = me.post(
        path,
        {
            "items": [
                {"source_data": {"name": "Tea", "tags": "a, b", "Origin": "China"}},
                {"source_data": {"sku": "S-1"}},
            ]
        },
        201,
    )
    assert added[0]["source_data"]["tags"] == ["a", "b"]
    assert added[0]["source_data"]["raw"] == {"Origin": "China"}
    assert [item["external_id"] for item in added] == ["manual-1", "S-1"]
    assert (
        me.post(path, {"items": [{"source_data": {"name": "x"}}, {"source_data": {"price": "5"}}]}, 400)["code"]
        == "no_key"
    )
    assert me.post(path, {"items": [{"source_data": {"sku": "S-1"}}]}, 400)["code"] == "repeated_key"
    assert me.get(f"projects/{project_id}/sources")["total_items"] == 2
    assert me.get(f"projects/{project_id}/sources/{source['id']}/export", 409)["code"] == "no_file"


def test_items_by_hand_take_as_many_statements_however_many_they_are(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = me.upload(f"projects/{project_id}/sources/manual", {}, 201)
    path = f"projects/{project_id}/sources/{source['id']}/items"
    counts = []
    for number in (1, statements.AT_ONCE):
        rows = [{"source_data": {"name": "Tea", "sku": f"{number}-{at}"}} for at in range(number)]
        with CaptureQueriesContext(connection) as asked:
            added = me.post(path, {"items": rows}, 201)
        counts.append(len(asked))
        assert added == [row for row in me.get(f"projects/{project_id}/items") if row["id"] in {i["id"] for i in added}]
    assert counts[0] == counts[1]


def test_repeated_ids_are_looked_for_by_their_index_however_many_they_are(cast: Any) -> None:
    source = sources.create_manual(project=make_project(cast.organization), name="By hand")
    rows: list[Any] = [{"source_data": {"sku": f"S-{at}"}} for at in range(1000)]
    with CaptureQueriesContext(connection) as asked:
        sources.add_items(source=source, items=rows)
    [looked_up] = [query["sql"] for query in asked if "S-999" in query["sql"] and query["sql"].startswith("SELECT")]
    drop_indexes_but("projects_contentitem", "item_once_per_source")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")  # which could read all of the primary key; a bitmap can't
        cursor.execute(f"EXPLAIN {looked_up}")
        assert "item_once_per_source" in str(cursor.fetchall())


def test_items_are_not_added_to_a_file(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id)
    path = f"projects/{project_id}/sources/{source['id']}/items"
    assert me.post(path, {"items": [{"source_data": {"name": "x"}}]}, 409)["code"] == "not_manual"


def test_a_deleted_source_goes_with_its_items_and_files(
    api: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    first, second = uploads.upload(me, project_id), uploads.upload(me, project_id, b"SKU,Name\nZ,Tea\n")
    job = jobs.create(job_type="sync", organization=cast.organization, project=Project.objects.get(pk=project_id))
    assert me.delete(f"projects/{project_id}/sources/{first['id']}", 409)["code"] == "job_active"
    jobs.cancel(job)
    with django_capture_on_commit_callbacks(execute=True):
        me.delete(f"projects/{project_id}/sources/{first['id']}")
    (item,) = me.get(f"projects/{project_id}/items")
    assert item["data_source_id"] == second["id"]
    assert not storage.exists(first["config"]["file_key"])
    assert storage.exists(second["config"]["file_key"])


@pytest.mark.thorough
def test_progress_is_told_while_the_rows_are_under_way(api: Any, committed: Any, monkeypatch: Any) -> None:
    """On real connections: the rows come in one transaction, the job's progress from another."""
    monkeypatch.setattr(file_import, "TELL_SECONDS", 0.02)
    me = api.as_(make_cast().owner)
    project_id = uploads.new_project(me)
    uploads.upload(me, project_id, large(20_000))
    (job,) = run_jobs(job_type="import")
    assert (job.status, job.progress_current, job.progress_total) == ("completed", 20_000, 20_000)
    told = [
        event["current"] for event in events.latest(job.pk) if event.get("event") == "progress" or "current" in event
    ]
    assert any(0 < count < 20_000 for count in told)
    assert told == sorted(told)
    assert ContentItem.objects.filter(project_id=project_id).count() == 20_000


@pytest.mark.parametrize("value", [["Hemd"], {"de": "Hose"}, True])
@pytest.mark.parametrize("key", ["name", "sku", "description", "price"])
def test_no_list_object_or_truth_is_taken_for_a_text(key: str, value: object) -> None:
    """They stood in texts as Python writes them."""
    with pytest.raises(InvalidInput) as refused:
        source_data.canonical({"name": "Hemd", key: value})
    assert refused.value.extra["errors"][0]["pointer"] == f"#/source_data/{key}"
    assert source_data.canonical({"price": 12.5, "sku": 7})["price"] == "12.5"
