"""JSON Lines: items with facts come in, also gzipped, and go out with their texts, checks and findings."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from django.conf import settings

from catalog.files import json_lines
from projects import file_import
from projects.models import ContentItem, DataSource
from tests.helpers import run_jobs
from tests.projects import uploads
from tests.workbench.visiting import Visitor

pytestmark = pytest.mark.django_db

LINES = (
    b"\xef\xbb\xbf"
    b'{"external_id": "10", "source_data": {"sku": "T-1", "name": "Tea", "attributes": {"Origin": "Assam"}}}'
    b"\r\n"
    b"\r\n"
    b'{ "sku" : "T-2",  "name":"\\u010caj", "tags": "green, loose", "price": 12.50, "Stock": 1e2 }\n'
    b'{"external_id": "10-1", "item_type": "variant", "name": "Tea, 50 g", "parent_external_id": "10"}\n'
    b'{"external_id": "p1", "item_type": "page", "name": "About us", "seo": {"slug": "about", "title": "About"}}'
)
TEXT = {
    "name": "Assam",
    "description": "<p>Strong.</p>",
    "seo": {"title": "Assam tea", "slug": "assam"},
    "tags": ["malty"],
}


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def upload(me: Any, data: bytes, project: str = "", **more: Any) -> tuple[str, Any]:
    project = project or uploads.new_project(me)
    return project, uploads.upload(me, project, data, name="items.jsonl", **more)


@pytest.mark.parametrize("packed", [False, True])
def test_each_line_becomes_an_item_with_its_facts(me: Any, packed: bool) -> None:
    project, source = upload(me, gzip.compress(LINES, mtime=0) if packed else LINES)
    assert (source["status"], source["item_count"], source["errors"]) == ("ready", 4, [])
    items = {item["external_id"]: item for item in me.get(f"projects/{project}/items")}
    assert items["10"]["source_data"]["attributes"] == {"Origin": "Assam"}
    assert items["T-2"]["source_data"]["name"] == "Čaj"
    assert items["T-2"]["source_data"]["tags"] == ["green", "loose"]
    assert (items["T-2"]["source_data"]["price"], items["T-2"]["source_data"]["raw"]) == ("12.5", {"Stock": 100.0})
    assert (items["10-1"]["item_type"], items["10-1"]["parent_id"]) == ("variant", items["10"]["id"])
    assert (items["p1"]["item_type"], items["p1"]["source_data"]["seo"]["title"]) == ("page", "About")


def test_a_blank_after_the_first_brace_makes_no_csv(me: Any) -> None:
    _project, source = upload(me, b'{ "external_id": "1", "name": "Tea" }\n{ "external_id": "2", "name": "Cup" }\n')
    assert (source["config"]["format"], source["item_count"]) == ("jsonl", 2)


def test_columns_are_the_facts_of_the_first_lines(me: Any) -> None:
    project = uploads.new_project(me)
    path = f"projects/{project}/sources/detect-columns"
    found = me.upload(path, {"file": uploads.file(LINES, "items.jsonl")}, 200)
    assert (found["format"], found["row_count"], found["encoding"]) == ("jsonl", 4, "utf-8")
    assert found["mapping"]["attributes.Origin"] == "attributes.Origin"
    assert found["sample_rows"][0]["name"] == "Tea"
    assert not DataSource.objects.exists()


def test_lines_that_are_no_items_are_told_by_their_number(me: Any) -> None:
    data = b'{"sku": "A", "name": "Tea"}\n{"sku": \n[1]\n{"description": "?"}\n{"sku": "B", "attributes": []}\n'
    data += b'{"sku": "C", "item_type": "thing"}\n{"source_data": 3}\n{"sku": "D"}\n'
    project, source = upload(me, data)
    assert [(fault["line"], fault["code"]) for fault in source["errors"]] == [
        (2, "malformed_json"),
        (3, "malformed_json"),
        (4, "no_key"),
        (5, "invalid_type"),
        (6, "invalid_type"),
        (7, "invalid_type"),
    ]
    assert sorted(item["external_id"] for item in me.get(f"projects/{project}/items")) == ["A", "D"]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (gzip.compress(LINES, mtime=0)[:40], 400, "broken_archive"),
        (gzip.compress(b"SKU,Name\n1,Tea\n", mtime=0), 415, "unsupported_file"),
        (gzip.compress(b"", mtime=0), 400, "no_rows"),
        (b'{"sku": \n', 400, "no_rows"),
    ],
)
def test_what_is_no_json_lines_is_one_error_and_leaves_nothing_behind(
    me: Any, data: bytes, status: int, code: str
) -> None:
    _, problem = upload(me, data, status=status)
    assert problem["code"] == code
    assert not DataSource.objects.exists()
    assert not ContentItem.objects.exists()


@pytest.mark.parametrize("limit", ["MAX_UNPACKED", "MAX_RECORD"])
def test_an_archive_that_unpacks_to_too_much_is_refused(me: Any, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(json_lines, limit, 100_000)
    bomb = gzip.compress(b'{"sku": "A", "name": "' + b"a" * 200_000 + b'"}\n', mtime=0)
    assert upload(me, bomb, status=413)[1]["code"] == "file_too_large"


def test_a_large_file_is_read_by_a_job(me: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_import, "AT_ONCE", 2)
    project, source = upload(me, gzip.compress(LINES, mtime=0))
    assert source["status"] == "processing"
    run_jobs()
    (read,) = me.get(f"projects/{project}/sources")["sources"]
    assert (read["status"], read["item_count"]) == ("ready", 4)


def test_the_same_items_again_change_only_what_a_line_says(me: Any) -> None:
    project, _ = upload(me, LINES)
    again = b'{"sku": "T-1", "price": "3"}\n{"sku": "T-2", "name": "Green tea"}\n'
    _, source = upload(me, again, project)
    assert (source["config"]["counts"]["matched"], source["config"]["counts"]["updated"]) == (2, 2)
    items = {item["source_data"]["sku"]: item["source_data"] for item in me.get(f"projects/{project}/items")}
    assert (items["T-1"]["name"], items["T-1"]["price"]) == ("Tea", "3")
    assert (items["T-2"]["name"], items["T-2"]["price"]) == ("Green tea", "12.5")


def test_a_misspelt_fact_is_a_warning_once(me: Any) -> None:
    data = b'{"sku": "A", "nmae": "Tea", "Stock": 1, "statuss": 1}\n'
    data += b'{"sku": "B", "nmae": "Tea"}\n{"sku": "C", "Price": 3}\n'
    project, source = upload(me, data)
    assert [(fault["line"], fault["code"], fault["reason"]) for fault in source["warnings"]] == [
        (1, "unknown_name", "“nmae” is not the name of a fact. Did you mean “name”?"),
        (3, "unknown_name", "“Price” is not the name of a fact. Did you mean “price”?"),
    ]
    assert len(me.get(f"projects/{project}/items")) == 3


def test_the_guide_lists_the_names_of_the_facts() -> None:
    guide = (settings.BASE_DIR / "docs/guides/api-guide.md").read_text(encoding="utf-8")
    paragraph = next(part for part in guide.split("\n\n") if part.startswith("**JSON Lines.**"))
    assert {name for name in json_lines.NAMES if f"`{name}`" not in paragraph} == set()


def test_an_attribute_beside_the_facts_counts_as_it_does_as_a_column(me: Any) -> None:
    lines = b'{"sku": "A", "name": "Tea", "weight": 7, "pa_origin": "Assam", "Stock": 2}\n'
    columns = b"SKU,Name,weight,pa_origin\nA,Tea,7,Assam\n"
    for name, data in (("items.jsonl", lines), ("items.csv", columns)):
        project = uploads.new_project(me)
        uploads.upload(me, project, data, name=name)
        (item,) = me.get(f"projects/{project}/items")
        assert item["source_data"]["attributes"] == {"weight": "7", "origin": "Assam"}, name
    packed = b'{"sku": "A", "name": "Tea", "raw": {"weight": 7}, "weight": {"value": 1}, "attributes": {"Size": "L"}}\n'
    (item,) = me.get(f"projects/{upload(me, packed)[0]}/items")
    assert item["source_data"]["attributes"] == {"Size": "L"}


@pytest.mark.parametrize("packed", [False, True])
def test_the_export_of_a_source_is_its_file_with_the_texts_in_it(me: Any, packed: bool) -> None:
    project, source = upload(me, gzip.compress(LINES, mtime=0) if packed else LINES)
    uploads.approve(project, TEXT, external_id__in=["10", "p1"])
    path = f"/api/v1/projects/{project}/sources/{source['id']}/export"
    reply = me.client.get(path, headers=me.headers)
    assert reply["Content-Type"] == ("application/gzip" if packed else "application/x-ndjson")
    found = b"".join(reply.streaming_content)
    lines = (gzip.decompress(found) if packed else found).splitlines(keepends=True)
    before = LINES.splitlines(keepends=True)
    assert lines[1:4] == before[1:4]  # byte for byte
    assert lines[0].startswith(b"\xef\xbb\xbf")
    assert lines[0].endswith(b"\r\n")
    first = json.loads(lines[0].removeprefix(b"\xef\xbb\xbf"))
    assert first["external_id"] == "10"
    facts = first["source_data"]
    assert (facts["name"], facts["tags"], facts["sku"]) == ("Assam", ["malty"], "T-1")
    assert (facts["seo"], facts["attributes"]) == ({"title": "Assam tea", "slug": "assam"}, {"Origin": "Assam"})
    page = json.loads(lines[4])
    assert page["seo"] == {"slug": "about", "title": "Assam tea"}  # an address stays
    assert not lines[4].endswith(b"\n")


def test_a_project_goes_out_as_lines_with_texts_checks_and_findings(me: Any, cast: Any) -> None:
    project, _ = upload(me, LINES)
    checks = [{"id": "grounding", "passed": False, "detail": "One claim", "findings": [{"text": "organic"}]}]
    [tea] = uploads.approve(project, TEXT, external_id="10")
    tea.generation_metadata = {"checks": checks}
    tea.save(update_fields=["generation_metadata"])
    german = ContentItem.rows.create(
        organization=cast.organization, project_id=project, external_id="10", language="de", main=tea,
        status="approved", generated_content={"name": "Assam-Tee"},
    )  # fmt: skip
    found = me.get(f"projects/{project}/export?format=jsonl")
    lines = [json.loads(line) for line in gzip.decompress(found).splitlines()]
    alone = [me.get(f"projects/{project}/items/{pk}") for pk in (tea.pk, german.pk)]
    assert lines == [{key: value for key, value in row.items() if key != "readiness"} for row in alone]
    assert lines[0]["generation_metadata"]["checks"] == checks
    assert lines[0]["source_data"]["sku"] == "T-1"
    whole = gzip.decompress(me.get(f"projects/{project}/export?format=jsonl&status_filter=all")).splitlines()
    assert len(whole) == 4  # no variant
    # What goes out can come in again.
    _, source = upload(me, found, project)
    assert (source["config"]["counts"]["matched"], source["item_count"]) == (1, 0)
    assert [(fault["line"], fault["code"]) for fault in source["errors"]] == [(2, "not_an_item")]
    me.get(f"projects/{project}/export?format=xml", status=400)


def test_an_empty_project_goes_out_as_an_empty_archive(me: Any) -> None:
    project = uploads.new_project(me)
    assert gzip.decompress(me.get(f"projects/{project}/export?format=jsonl")) == b""


def test_the_pages_take_such_a_file_too(me: Any, cast: Any) -> None:
    project = uploads.new_project(me)
    visitor = Visitor(cast.owner)
    assert ".jsonl" in visitor.get(f"projects/{project}/sources/new")
    shown = visitor.send(f"projects/{project}/sources/columns", {"file": uploads.file(LINES, "items.jsonl")})
    assert "attributes.Origin" in shown
    visitor.post(
        f"projects/{project}/sources/new", {"file": uploads.file(gzip.compress(LINES, mtime=0), "items.jsonl.gz")}
    )
    assert "items.jsonl.gz" in visitor.get(visitor.last["Location"])
    assert ContentItem.objects.filter(project=project).count() == 4


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_file_is_counted_by_its_first_lines(packed: bool) -> None:
    """Else a request would unpack all of it."""
    lines = b"".join(b'{"sku": "S-%d", "name": "%s"}\n' % (n, str(hash(n * 7919)).encode() * 3) for n in range(40_000))
    file = io.BytesIO(gzip.compress(lines, mtime=0) if packed else lines)
    document = json_lines.JsonLinesFile.open(file, packed=packed)
    assert 20_000 < document.estimate(2_000) < 80_000
    assert file.tell() == len(file.getvalue())
