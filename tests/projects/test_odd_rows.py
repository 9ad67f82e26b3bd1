"""One row, item or text that nobody foresaw fails alone and by name, in every kind of job."""

from __future__ import annotations

import io
from typing import Any

import pytest

from catalog.files import adapters, detection
from catalog.files.adapters.base import RowReader
from catalog.files.adapters.generic import GenericAdapter
from catalog.files.rows import Faults, FileRow, ParsedItem
from integrations.stores import misshapen
from integrations.stores.errors import StoreError
from integrations.stores.types import StoreItem
from integrations.stores.woocommerce import mapping
from projects import file_import
from projects.models import ContentItem, SyncRecord
from scribe.api.renderers import dumps
from scribe.models import Job
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.fakes import stores
from tests.fakes.server import Reply
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs
from tests.projects import uploads


class Picky(GenericAdapter):
    def item(self, row: FileRow, reader: RowReader, faults: Faults) -> ParsedItem | None:
        if reader.cell(row.cells, reader.name) == "Cup":
            raise LookupError("nobody thought of cups")
        return super().item(row, reader, faults)


def test_a_row_of_a_file() -> None:
    faults = Faults()
    opened = detection.open_file(io.BytesIO(b"SKU,Name\nA-1,Mug\nA-2,Cup\nA-3,Pot\n"), platform="woocommerce")
    rows = opened.table.rows  # type: ignore[union-attr]
    items = list(Picky().items(lambda having: rows(having, faults), opened.layout, faults))
    assert [item.external_id for item in items] == ["A-1", "A-3"]
    [fault] = faults.errors
    assert (fault["line"], fault["code"]) == (3, "internal_error")
    assert "(LookupError)" in fault["reason"]


def test_a_row_of_a_store() -> None:
    def read(row: dict[str, Any]) -> StoreItem:
        return StoreItem(str(row["id"]), "product", {"name": row["name"]})

    first, odd, last = misshapen.each([{"id": 1, "name": "Mug"}, {"id": 2}, {"id": 3, "name": "Pot"}], "product", read)
    assert (first.unread, last.unread) == ("", "")
    assert (odd.external_id, odd.data) == ("2", {})
    assert "(KeyError)" in odd.unread

    def refused(row: dict[str, Any]) -> StoreItem:
        raise StoreError("The store is closed.")

    with pytest.raises(StoreError):
        misshapen.each([{"id": 1}], "product", refused)


def test_integers_of_any_length_are_answered() -> None:
    assert dumps({"a": [15 * 10**307], "b": 2**63}) == b'{"a":[1.5e+308],"b":9223372036854775808}'
    assert dumps(10**5_000) == '"∞"'.encode()


@pytest.fixture
def shop(settings: Any) -> Any:
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast: Any, shop: Any) -> Any:
    return make_project(cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url))


def started(me: Any, project: Any, path: str, body: dict[str, Any]) -> Job:
    answer = me.post(f"projects/{project.pk}/{path}", body, status=202)
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


@pytest.mark.django_db(transaction=True)
def test_an_item_of_a_sync(api: Any, cast: Any, shop: Any, project: Any) -> None:
    for fields in ({}, {"weight": 10**30}, {}):
        shop.add(**fields)
    me = api.as_(cast.owner)
    job = started(me, project, "import/execute", {})
    assert job.status == "completed", job.error
    assert job.result["imported"] == 3
    items = list(ContentItem.objects.filter(project=project).order_by("position"))
    for item, content in zip(items, ({"name": "A"}, {"name": "B", "tags": 5}, {"name": "C"}), strict=True):
        ContentItem.objects.filter(pk=item.pk).update(generated_content=content, status="approved")
    job = started(me, project, "sync", {})
    assert (job.result["synced"], job.result["failed"]) == (2, 1)
    [failed] = SyncRecord.objects.filter(state="failed")
    assert (failed.item_id, failed.code) == (items[1].pk, "internal_error")
    assert "(TypeError)" in failed.error_message


def approved(me: Any, project: Any, shop: Any, count: int) -> list[dict[str, Any]]:
    rows = [shop.add() for _ in range(count)]
    started(me, project, "import/execute", {})
    for item in ContentItem.objects.filter(project=project):
        content = {"name": f"New {item.external_id}", "tags": ["ours"]}
        ContentItem.objects.filter(pk=item.pk).update(generated_content=content, status="approved")
    return rows


@pytest.mark.django_db(transaction=True)
def test_a_product_of_which_the_stores_answer_makes_no_sense(api: Any, cast: Any, shop: Any, project: Any) -> None:
    me = api.as_(cast.owner)
    rows = approved(me, project, shop, 9)
    rows[4]["tags"] = [{"name": "without an id"}]
    job = started(me, project, "sync", {})
    assert (job.result["synced"], job.result["failed"]) == (8, 1)
    [failed] = SyncRecord.objects.filter(state="failed")
    assert failed.item.external_id == str(rows[4]["id"])
    assert rows[4]["name"] == f"Product {rows[4]['id']}"
    assert "does not match its API" in failed.error_message


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("arrives", [True, False])
def test_a_write_of_which_the_stores_answer_makes_no_sense(
    api: Any, cast: Any, shop: Any, project: Any, arrives: bool
) -> None:
    me = api.as_(cast.owner)
    rows = approved(me, project, shop, 9)
    odd = rows[4]["id"]

    def hits(request: Any) -> bool:
        return request.path.endswith("/products/batch") and odd in [e["id"] for e in request.json["update"]]

    if arrives:  # the work is done, and the answer is no answer
        shop.faults.append(stores.Fault(Reply(200, [7]), hits, 1, accepted=True))
    else:
        shop.fail(200, [7], when=hits, times=99)
    job = started(me, project, "sync", {})
    assert (job.result["synced"], job.result.get("failed", 0)) == ((9, 0) if arrives else (8, 1))
    assert {pk: n for pk, n in shop.writes.items() if n != 1} == {}
    if not arrives:
        [failed] = SyncRecord.objects.filter(state="failed")
        assert (failed.item.external_id, failed.code) == (str(odd), "in_doubt")


@pytest.mark.django_db(transaction=True)
def test_a_product_that_a_comparison_cannot_read(
    api: Any, cast: Any, shop: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = api.as_(cast.owner)
    rows = approved(me, project, shop, 5)
    shop.edit(rows[0], name="Mine")
    read = mapping.current

    def picky(row: dict[str, Any], **more: Any) -> Any:
        return {}["no"] if row["id"] == rows[2]["id"] else read(row, **more)

    monkeypatch.setattr(mapping, "current", picky)
    job = started(me, project, "verify", {})
    assert job.status == "completed"
    assert {k: job.result[k] for k in ("checked", "drifted", "gone", "unread")} == {
        "checked": 4,
        "drifted": 1,
        "gone": 0,
        "unread": 1,
    }


@pytest.mark.django_db
def test_a_text_of_an_export(api: Any, cast: Any) -> None:
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    file = b"ID,SKU,Name,Attribute 1 name,Attribute 1 value(s)\r\n1,A-1,Mug,,\r\n2,A-2,Cup,,\r\n"
    source = uploads.upload(me, project_id, file)
    uploads.approve(project_id, {"name": "New mug", "attributes": ["odd"]}, external_id="1")
    uploads.approve(project_id, {"name": "New cup"}, external_id="2")
    lines = me.get(f"projects/{project_id}/sources/{source['id']}/export").split(b"\r\n")
    assert lines[1:3] == [b"1,A-1,Mug,,", b"2,A-2,New cup,,"]
    assert "could not be written: 1 (AttributeError)" in me.last["X-Export-Warnings"]


@pytest.mark.django_db
def test_a_row_of_a_projects_csv_is_left_out_and_told(api: Any, cast: Any) -> None:
    project = make_project(cast.organization)
    approved = {"generated_content": {"name": "New", "seo": {"title": "T"}}, "status": "approved"}
    make_item(project, external_id="7", source_data={"sku": "A-7", "name": "Mug"}, **approved)
    make_item(project, external_id='8\n"Š', source_data=["odd"], **approved)
    me = api.as_(cast.owner)
    assert me.get(f"projects/{project.pk}/export").decode().splitlines()[1:] == ["7,A-7,New,,,T"]
    told = "1 rows could not be exported: 8  S (AttributeError)"
    assert (me.last["X-Export-Warnings"], me.last["Warning"]) == (told, f'214 xc-scribe "{told}"')


@pytest.mark.django_db(transaction=True)
def test_a_row_of_a_large_file(api: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_import, "AT_ONCE", 1)  # so that a job reads it
    monkeypatch.setattr(adapters, "get", lambda name: Picky())
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    uploads.upload(me, project_id, b"SKU,Name,Description\nA-1,Mug,a\nA-2,Cup,b\nA-3,Pot,c\n")
    [job] = run_jobs(job_type="import")
    assert (job.status, job.result["imported"], job.result["errors"]) == ("completed", 2, 1)
    [source] = me.get(f"projects/{project_id}/sources")["sources"]
    assert [(error["line"], error["code"]) for error in source["errors"]] == [(3, "internal_error")]
