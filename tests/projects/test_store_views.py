"""A store view's row of a Magento file is the language text of its product: in, out again, pushed, and from before."""

from __future__ import annotations

import copy
import csv
import io
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from catalog.files.limits import MAX_VIEWS
from integrations.models import StoreConnection
from integrations.stores.types import StoreItem
from projects import file_import, staleness
from projects.models import (
    ContentItem,
    DataSource,
    GenerationItem,
    ItemComment,
    ItemVersion,
    Project,
    StoreText,
    SyncRecord,
)
from projects.store_import import upsert
from projects.sync.plan import base_of
from scribe.models import Job
from tests import unsquashed
from tests.factories import make_item, make_language_text, make_project
from tests.helpers import run_jobs
from tests.projects import uploads
from tests.projects.pushes import sync
from tests.shop_languages import MAGENTO

HEADER = "sku,store_view_code,product_type,categories,name,description,additional_attributes,configurable_variations"
DEFAULT = "{0},,simple,Default Category/Mugs,Mug {0},<p>A mug</p>,material=steel,"
VIEWS = [
    "a,de,,,Becher a,,,", DEFAULT.format("a"), "a,fr_fr,,,,<p>Une tasse</p>,,", "a,de_at,,,Häferl a,,,",
    DEFAULT.format("b"), "b,de_at,,,Häferl b,,,", "b,de,,,Becher b,,,", "b,shop,,,Mug of the shop,,,", "b,en_gb,,,Cup b,,,",
    "c,de,,,Becher c,,,", "a,de,,,Becher zwei,,,", "d,default,simple,,Mug d,,,", "d,de,,,Becher d,,,",
    "p-s,,simple,,Small,,,", "p-s,de,,,Klein,,,", "p,,configurable,,Set,,,\"sku=p-s,size=S\"", "p,de,,,Satz,,,",
    f"a,{'x' * 65},,,A,,,",
]  # fmt: skip
DATA = ("\n".join([HEADER, *VIEWS]) + "\n").encode()


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def imported(me: Any, data: bytes = DATA, **settings: Any) -> tuple[str, dict[str, Any]]:
    project_id = uploads.new_project(me, "magento2")
    Project.objects.filter(pk=project_id).update(settings={"language": "en", **settings})
    source = uploads.upload(me, project_id, data)
    if source["status"] == "processing":
        run_jobs(job_type="import")
        (source,) = me.get(f"projects/{project_id}/sources")["sources"]
    return project_id, source


def texts(me: Any, project_id: str, language: str) -> dict[str, Any]:
    return {item["external_id"]: item for item in me.get(f"projects/{project_id}/items", language=language)}


ITEMS = {
    ("a", ""), ("a", "de_at"), ("b", ""), ("b", "de_at"), ("b", "shop"), ("b", "en_gb"), ("c", "de"), ("a#11", "de"),
    ("d", "default"), ("p-s", ""), ("p", ""),
}  # fmt: skip


@pytest.mark.parametrize("at_once", [file_import.AT_ONCE, 1])
def test_rows_of_views_are_texts_of_their_products_and_the_rest_is_said(
    me: Any, monkeypatch: Any, at_once: int
) -> None:
    monkeypatch.setattr(file_import, "AT_ONCE", at_once)
    project_id, source = imported(me)
    found = me.get(f"projects/{project_id}/items")
    items = {(item["external_id"], item["store_view"]): item for item in found}
    assert set(items) == ITEMS
    assert source["item_count"] == len(found) == me.get(f"projects/{project_id}")["item_count"]
    counts = {"product": 10, "variant": 1, "language_texts": 6, "errors": 1, "warnings": 5}
    assert source["config"]["counts"] == counts
    assert [fault["code"] for fault in source["errors"]] == ["store_view_too_long"]
    searched = me.get(f"projects/{project_id}/items", language="de", search="becher")
    assert {item["external_id"] for item in searched} == {"a", "b", "d"}
    german = texts(me, project_id, "de")
    assert set(german) == {"a", "b", "d", "p", "p-s"}
    assert set(texts(me, project_id, "fr")) == {"a"}
    one, product = german["a"], items["a", ""]
    assert (one["main_item_id"], one["language"], one["store_view"]) == (product["id"], "de", "de")
    assert (one["source_data"], one["view_data"]["name"]) == (product["source_data"], "Becher a")
    assert product["view_data"] is None
    assert product["languages"]["de"]["item_id"] == one["id"]
    assert me.get(f"projects/{project_id}/items/{one['id']}")["view_data"] == one["view_data"]
    assert german["d"]["main_item_id"] == items["d", "default"]["id"]
    assert items["p-s", ""]["parent_id"] == items["p", ""]["id"]
    said = {(fault["code"], fault["line"]) for fault in source["warnings"]}
    assert said == {
        ("store_view_taken", 5), ("store_view_unknown", 9), ("store_view_main", 10), ("store_view_alone", 2),
        ("repeated_key", 12),
    }  # fmt: skip
    if at_once == 1:
        result = Job.objects.get(job_type="import").result
        assert (result["imported"], result["language_texts"]) == (len(ITEMS), 6)


def test_the_file_comes_back_byte_for_byte_with_an_approved_text_in_the_row_of_its_view(me: Any) -> None:
    project_id, source = imported(me)
    path = f"projects/{project_id}/sources/{source['id']}/export"
    assert me.get(path) == DATA
    german = texts(me, project_id, "de")
    item = f"projects/{project_id}/items/{german['b']['id']}"
    me.patch(item, {"generated_content": {"name": "Tasse b"}})
    assert me.get(path) == DATA
    me.patch(item, {"status": "approved", "override": True})
    assert me.get(path) == DATA.replace(b"Becher b", b"Tasse b")
    lines = list(csv.DictReader(io.StringIO(me.get(f"projects/{project_id}/export").decode())))
    assert lines == [{"sku": "b", "store_view_code": "de", "name": "Tasse b"}]
    (change,) = [one for one in me.get(f"{item}/diff")["differences"] if one["field"] == "name"]
    assert (change["store"], change["compared_with"]) == ("Becher b", "store")
    assert ContentItem.objects.get(project_id=project_id, external_id="b", store_view="").status == "pending"


def test_a_views_own_text_is_outdated_once_the_default_changes(me: Any) -> None:
    project_id, _source = imported(me)
    assert texts(me, project_id, "de")["b"]["outdated_fields"] == []
    assert texts(me, project_id, "de")["b"]["view_data"]["originals"]["name"] == "Mug b"
    uploads.upload(me, project_id, DATA)
    assert texts(me, project_id, "de")["b"]["outdated_fields"] == []
    changed = DATA.replace(b"Mug b", b"Big mug b")
    uploads.upload(me, project_id, changed)
    assert texts(me, project_id, "de")["b"]["outdated_fields"] == ["name"]
    assert texts(me, project_id, "de")["a"]["outdated_fields"] == []
    uploads.upload(me, project_id, changed.replace(b"Becher b", "Großer Becher b".encode()))
    assert texts(me, project_id, "de")["b"]["outdated_fields"] == []
    uploads.upload(me, project_id, changed.replace(b"Becher b", b"Humpen b").replace(b"Big mug b", b"Tankard b"))
    assert texts(me, project_id, "de")["b"]["outdated_fields"] == []  # translated along with its original


def test_a_view_of_a_large_file_finds_its_product_at_any_distance(me: Any, monkeypatch: Any) -> None:
    """More SKUs between a row and its product than are held in memory, in both orders, and more than one batch of rows."""
    skus = [f"s{number}" for number in range(700)]
    views = [f"{sku},de,,,Becher {sku},,," for sku in skus]
    rows = [*views[:350], *(DEFAULT.format(sku) for sku in skus), *views[350:]]
    data = ("\n".join([HEADER, *rows]) + "\n").encode()
    project_id, source = imported(me, data)
    assert (source["item_count"], source["warnings"]) == (700, [])
    german = ContentItem.rows.filter(project_id=project_id, language="de")
    assert german.count() == 700
    pairs = german.values_list("external_id", "main__external_id", "view_data__name")
    assert all((sku, f"Becher {sku}") == (main, name) for sku, main, name in pairs)
    assert me.get(f"projects/{project_id}/sources/{source['id']}/export") == data


def test_a_column_that_names_no_store_views_costs_nothing(me: Any) -> None:
    rows = [f"s{number},{number}x,simple,,Mug,,," for number in range(1200)]
    _, source = imported(me, ("\n".join([HEADER, *rows]) + "\n").encode())
    assert (source["item_count"], len(source["warnings"])) == (1200, MAX_VIEWS)


def test_the_connection_and_the_settings_choose_the_views(me: Any, cast: Any) -> None:
    project_id = uploads.new_project(me, "magento2")
    link = StoreConnection.objects.create(
        organization=cast.organization, name="Shop", platform="magento2", base_url="https://shop.example", status="active",
        languages={"fr": ["shop"], "de": ["de_at"]},
    )  # fmt: skip
    sync_settings = {"language": "en", "sync": {"store_view": "en_gb"}}
    Project.objects.filter(pk=project_id).update(store_connection=link, settings=sync_settings)
    source = uploads.upload(me, project_id, DATA)
    views = {code: {row["view_data"]["name"] for row in texts(me, project_id, code).values()} for code in ("de", "fr")}
    assert views == {"de": {"Häferl a", "Häferl b"}, "fr": {"Mug of the shop"}}
    assert "store_view_main" not in {fault["code"] for fault in source["warnings"]}
    assert ContentItem.objects.filter(project_id=project_id, store_view="en_gb").count() == 1


def test_texts_of_views_are_their_organizations_alone_and_go_with_the_source(me: Any, api: Any, cast: Any) -> None:
    project_id, source = imported(me)
    one = texts(me, project_id, "de")["a"]
    api.as_(cast.stranger).get(f"projects/{project_id}/items/{one['id']}", 404)
    assert set(ContentItem.rows.filter(project_id=project_id).values_list("organization_id", flat=True)) == {
        cast.organization.pk
    }
    product = ContentItem.objects.get(pk=one["main_item_id"])
    me.post(f"projects/{project_id}/items/exclude", {"item_ids": [str(product.pk)]})
    assert me.get(f"projects/{project_id}/items/{one['id']}")["excluded_at"]
    again = uploads.upload(me, project_id, DATA.replace(b"Becher a", b"Krug a"))
    names = ContentItem.rows.filter(project_id=project_id, language="de", external_id="a")
    assert names.get().view_data["name"] == "Krug a"
    for one_source in (source, again):
        me.delete(f"projects/{project_id}/sources/{one_source['id']}")
    assert not ContentItem.rows.filter(project_id=project_id).exists()


def test_a_native_text_is_stale_when_the_own_text_of_its_view_moves(cast: Any) -> None:
    project = make_project(cast.organization, platform="magento2")
    link = DataSource.objects.create(organization=cast.organization, project=project, type="store", name="Shop")
    item = make_item(project, data_source=link, external_id="a", item_type="product")
    item.source_data = {**item.source_data, "sku": "a"}
    item.save()
    row = make_language_text(
        item, "de", generated_content={"name": "Flasche"}, generation_metadata={"way": "native"},
        view_data={**item.source_data, "name": "Trinkflasche", "description": "", "inherited": ["description"]},
    )  # fmt: skip
    ContentItem.rows.filter(pk=row.pk).update(store_view="de")
    row.refresh_from_db()
    row.made_from = staleness.source_of(row)
    row.save()
    assert row.made_from["name"] == "Trinkflasche"
    assert row.made_from["description"] == item.source_data["description"]
    assert (staleness.outdated_fields(row), base_of(row)) == ([], {"name": "Trinkflasche"})
    shop = StoreItem("a", "product", {**row.view_data, "name": "Thermosflasche"}, "", "de")
    tally = upsert.upsert(source=link, page=[shop], position=0)
    assert (tally.imported, tally.updated) == (0, 1)
    row.refresh_from_db()
    assert (row.outdated_fields, row.view_data["name"], row.main_id) == (["name"], "Thermosflasche", item.pk)
    assert row.source_data == item.source_data
    assert upsert.upsert(source=link, page=[shop], position=0).unchanged == 1
    item.source_data = {**item.source_data, "description": "<p>Other</p>"}
    item.save()
    staleness.follow([item.pk])
    row.refresh_from_db()
    assert row.outdated_fields == ["description", "name"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_push_compares_with_the_text_that_the_views_row_had(api: Any, cast: Any, settings: Any) -> None:
    """The imported text gives way to ours that was made from it, as in the main language. What the merchant has changed
    since is a conflict."""
    me = api.as_(cast.owner)
    with MAGENTO.open(settings) as fake:
        link = StoreConnection.objects.create(
            organization=cast.organization, name="Shop", platform="magento2", base_url=fake.url, status="active",
            **MAGENTO.secrets,
        )  # fmt: skip
        project = make_project(
            cast.organization, platform="magento2", store_connection=link, settings={"language": "en"}
        )
        rows = [MAGENTO.product(fake) for _ in range(3)]
        for row, there in zip(rows, ("Alt", "Neu vom Händler", ""), strict=True):
            item = make_item(project, external_id=row["sku"], source_data={"sku": row["sku"], "name": row["name"]})
            view = {"sku": row["sku"], "name": "Alt"}
            content = {"generated_content": {"name": "Von uns"}, "made_from": {"name": "Alt"}}
            make_language_text(item, "de", status="approved", view_data=view, **content)
            if there:
                MAGENTO.edit(fake, row, "de", "name", there)
        before = [copy.deepcopy(MAGENTO.main(row)) for row in rows]
        job = sync(me, project, languages=["de"])
        assert (job.result["synced"], job.result["conflicts"]) == (1, 2)
        assert [MAGENTO.shown(fake, row, "de", "name") for row in rows] == ["Von uns", "Neu vom Händler", ""]
        assert [MAGENTO.main(row) for row in rows] == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_text_goes_to_the_view_that_it_came_from_and_comes_back_from_there(
    api: Any, cast: Any, settings: Any
) -> None:
    """Of two German views the shop names the other one first."""
    me = api.as_(cast.owner)
    with MAGENTO.open(settings) as fake:
        fake.view_names["at"], fake.locales["at"] = "Austria", "de_AT"
        link = StoreConnection.objects.create(
            organization=cast.organization, name="Shop", platform="magento2", base_url=fake.url, status="active",
            **MAGENTO.secrets,
        )  # fmt: skip
        project = make_project(
            cast.organization, platform="magento2", store_connection=link, settings={"language": "en"}
        )
        row = MAGENTO.product(fake)
        item = make_item(project, external_id=row["sku"], source_data={"sku": row["sku"], "name": row["name"]})
        content = {"generated_content": {"name": "Von uns"}, "made_from": {"name": "Häferl"}}
        text = make_language_text(item, "de", status="approved", view_data={"name": "Häferl"}, **content)
        ContentItem.rows.filter(pk=text.pk).update(store_view="at")
        MAGENTO.edit(fake, row, "at", "name", "Häferl")
        MAGENTO.edit(fake, row, "de", "name", "Becher")
        job = sync(me, project, languages=["de"])
        assert (job.result["synced"], job.result.get("conflicts", 0)) == (1, 0)
        assert [MAGENTO.shown(fake, row, view, "name") for view in ("at", "de")] == ["Von uns", "Becher"]
        assert SyncRecord.objects.get().skipped.keys() >= {"name (de)"}
        me.post(f"jobs/{job.pk}/undo", {}, 202)
        run_jobs()
        assert [MAGENTO.shown(fake, row, view, "name") for view in ("at", "de")] == ["Häferl", "Becher"]


#: Tables whose rows belong to an item, with the columns that must not change.
KEPT = {
    "projects_itemversion": "id, item_id, generated_content, reason", "projects_itemcomment": "id, item_id, text",
    "projects_storetext": "id, item_id, held, ours", "projects_syncrecord": "id, item_id, before, after, state",
    "projects_generationitem": "id, item_id, xct_used, state",
}  # fmt: skip
CONTENT = "generated_content, status, made_from, outdated_fields, decisions, confidence_score, metadata, reject_reason, position, store_view"


def held(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.slow
@pytest.mark.process  # it starts none, but migrates its whole database back and forth: half a minute
@pytest.mark.django_db(transaction=True)
def test_items_of_store_views_from_before_become_texts_and_lose_nothing(cast: Any) -> None:
    project = make_project(cast.organization, platform="magento2", settings={"language": "en"})
    source = DataSource.objects.create(organization=cast.organization, project=project, type="file", name="a.csv")
    other = DataSource.objects.create(organization=cast.organization, project=project, type="file", name="b.csv")

    def row(sku: str, view: str, at: int, **fields: Any) -> ContentItem:
        data = {"sku": sku, "name": f"{sku} {view}", "description": "<p>A mug</p>", "raw": {"weight": view}}
        where = {"data_source": source, "external_id": sku, "store_view": view, "position": at, "source_data": data}
        return make_item(project, **{**where, **fields})

    done = {"generated_content": {"name": "Becher"}, "status": "approved", "made_from": {"name": "old"}}
    a, a_de = (
        row("a", "", 1),
        row("a", "de", 2, **done, outdated_fields=["name"], metadata={"note": "kept"}, confidence_score=0.5),
    )
    a_at, a_fr = (
        row("a", "de_at", 3, **done),
        row("a", "fr_fr", 4, generation_metadata={"settings": {"language": "fr"}}),
    )
    f, f_at = row("f", "", 14), row("f", "de_at", 15)
    b, b_de = row("b", "", 5), row("b", "de", 6, generation_metadata={"settings": {"language": "en"}}, **done)
    b_fr = row("b", "fr_fr", 7, excluded_at="2026-01-01T00:00Z")
    c_de, d = row("c", "de", 8), row("d", "", 9)
    d_de, busy, e = row("d", "de", 10), row("e", "de", 11), row("e", "", 12)
    elsewhere = row("a", "de", 1, data_source=other)
    child = row("c-s", "de", 13, item_type="variant", parent=a_de)
    spoken = make_language_text(d, "de", generated_content={"name": "Von uns"})
    job = Job.objects.create(organization=cast.organization, project=project, job_type="generation", status="completed")
    running = Job.objects.create(
        organization=cast.organization, project=project, job_type="generation", status="running"
    )
    mine = {"organization": cast.organization, "item": a_de}
    ItemVersion.objects.create(**mine, generated_content={"name": "Tasse"}, reason="edited")
    ItemComment.objects.create(**mine, author=cast.owner, text="Good")
    StoreText.objects.create(**mine, held={"name": "Becher"}, ours=["name"])
    SyncRecord.objects.create(
        **mine, state="done", before={"name": "x"}, after={"name": "y"}, synced_at="2026-01-01T00:00Z"
    )
    GenerationItem.objects.create(**mine, job=job, position=1, state="done", quoted_max=5, xct_used=3)
    GenerationItem.objects.create(organization=cast.organization, item=busy, job=running, position=1, quoted_max=5)
    items = f"SELECT id, {CONTENT} FROM projects_contentitem ORDER BY id"
    data = dict(ContentItem.rows.values_list("pk", "source_data"))

    executor = unsquashed.executor(connection)
    try:
        executor.migrate([("projects", "0023_counts_from_an_index")])
        before = {table: held(f"SELECT {columns} FROM {table} ORDER BY id") for table, columns in KEPT.items()}
        contents, shape = (
            held(items),
            held("SELECT id, main_id, language, source_data FROM projects_contentitem ORDER BY id"),
        )
        executor.loader.build_graph()
        executor.migrate(executor.loader.graph.leaf_nodes())
        assert held(items) == contents
        assert {table: held(f"SELECT {columns} FROM {table} ORDER BY id") for table, columns in KEPT.items()} == before
        folded = {item.pk: item for item in ContentItem.rows.exclude(view_data=None)}
        assert {pk: (item.main_id, item.language) for pk, item in folded.items()} == {
            a_de.pk: (a.pk, "de"), a_fr.pk: (a.pk, "fr"),
        }  # fmt: skip
        assert all(item.view_data == data[pk] for pk, item in folded.items())
        assert all(item.source_data == data[a.pk] for item in folded.values())
        assert folded[a_de.pk].generation_metadata == {"way": "native"}
        left = {item.pk for item in (a, a_at, f, f_at, b, b_de, b_fr, c_de, d, d_de, busy, e, elsewhere, child)}
        assert {item.pk for item in ContentItem.objects.all()} == left
        assert ContentItem.rows.get(pk=spoken.pk).main_id == d.pk
        assert ContentItem.objects.get(pk=child.pk).parent_id == a.pk
        source.refresh_from_db()
        assert source.item_count == len(left) - 1
        migration = import_module("projects.migrations.0024_store_view_texts")
        migration.fold(apps, connection.schema_editor())  # a second attempt finds nothing more, nor another speaker
        assert held(items) == contents
        assert {item.pk for item in ContentItem.objects.all()} == left
        executor.loader.build_graph()
        executor.migrate([("projects", "0023_counts_from_an_index")])
        assert held("SELECT id, main_id, language, source_data FROM projects_contentitem ORDER BY id") == shape
        assert held(items) == contents
    finally:
        executor.loader.build_graph()
        executor.migrate(executor.loader.graph.leaf_nodes())
