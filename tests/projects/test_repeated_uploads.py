"""The same products in another file: rows that match by id or SKU update the item, and every file gets its texts."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from integrations.stores.platforms import PLATFORMS
from integrations.stores.types import StoreItem
from projects import file_import, matches
from projects.models import ContentItem, DataSource, Drift, Project, SourceRow
from projects.store_import import upsert
from scribe import storage
from tests.factories import make_cast, make_item, make_language_text, make_project
from tests.helpers import run_jobs, waiting_sessions
from tests.live import wait
from tests.projects import uploads

pytestmark = pytest.mark.django_db

HEAD = b"ID,Type,SKU,Name,Published,Description,Attribute 1 name,Attribute 1 value(s)\n"


def row(number: int, name: str = "", sku: str = "", text: str = "Steel") -> bytes:
    start = f"{number},simple,{sku or f'S-{number}'},{name or f'Product {number}'},1"
    return f"{start},<p>{text} {number}</p>,Material,steel\n".encode()


def rows(*numbers: int, **more: Any) -> bytes:
    return HEAD + b"".join(row(number, **more) for number in numbers)


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def project_id(me: Any) -> str:
    return uploads.new_project(me)


def items_of(project_id: str) -> dict[str, ContentItem]:
    return {item.external_id: item for item in ContentItem.objects.filter(project_id=project_id)}


def codes(source: dict[str, Any]) -> set[str]:
    return {fault["code"] for fault in source["warnings"]}


def export(me: Any, project_id: str, source: dict[str, Any]) -> bytes:
    return bytes(me.get(f"projects/{project_id}/sources/{source['id']}/export"))


@pytest.mark.parametrize("platform", [row.id for row in PLATFORMS.values() if row.default_item_type == "product"])
@pytest.mark.parametrize(
    ("name", "prices"),
    [
        ("prices.csv", b"sku,price\nT-1,3\nT-9,4\n"),
        ("prices.jsonl", b'{"sku": "T-1", "price": "3"}\n{"sku": "T-9", "price": "4"}\n'),
    ],
)
def test_a_file_of_prices_changes_them_and_nothing_else(me: Any, platform: str, name: str, prices: bytes) -> None:
    project_id = uploads.new_project(me, platform=platform)
    uploads.upload(me, project_id, b"sku,name,price,weight\nT-1,Tea,2,7 g\n")
    source = uploads.upload(me, project_id, prices, name=name)
    counts = source["config"]["counts"]
    assert (counts["matched"], counts["updated"], source["item_count"]) == (1, 1, 1)
    items = {item["source_data"]["sku"]: item["source_data"] for item in me.get(f"projects/{project_id}/items")}
    assert (items["T-1"]["name"], items["T-1"]["price"]) == ("Tea", "3")
    assert items["T-1"]["attributes"] == {"weight": "7 g"}
    assert (items["T-9"]["name"], items["T-9"]["price"]) == ("", "4")


@pytest.mark.parametrize("at_once", [2000, 1])
def test_a_file_with_five_rows_changed_makes_no_doubles_and_tells_what_is_stale(
    me: Any, project_id: str, monkeypatch: Any, at_once: int
) -> None:
    monkeypatch.setattr(file_import, "AT_ONCE", at_once)

    def uploaded(data: bytes) -> dict[str, Any]:
        source = uploads.upload(me, project_id, data)
        run_jobs(job_type="import")
        return next(s for s in me.get(f"projects/{project_id}/sources")["sources"] if s["id"] == source["id"])

    numbers = range(1, 131)
    first = uploaded(rows(*numbers))
    before = items_of(project_id)
    uploads.approve(project_id, {"name": "Ours", "description": "<p>Ours</p>"})
    for item in ContentItem.objects.filter(project_id=project_id):
        item.made_from = {"name": item.source_data["name"], "description": item.source_data["description"]}
        item.save(update_fields=["made_from"])
    data = HEAD + b"".join(row(n, text="Titanium" if n <= 5 else "Steel") for n in numbers) + row(131)
    second = uploaded(data)
    after = items_of(project_id)
    assert {pk: item.pk for pk, item in after.items() if pk != "131"} == {pk: item.pk for pk, item in before.items()}
    assert len(after) == 131
    stale = {pk for pk, item in after.items() if item.outdated_fields}
    assert stale == {"1", "2", "3", "4", "5"}
    assert after["1"].outdated_fields == ["description"]
    assert after["1"].source_data["description"] == "<p>Titanium 1</p>"
    assert after["1"].generated_content["name"] == "Ours"
    assert (first["item_count"], second["item_count"]) == (130, 1)
    counts = second["config"]["counts"]
    assert (counts["product"], counts["matched"], counts["updated"]) == (131, 130, 5)
    assert me.get(f"projects/{project_id}/sources")["total_items"] == 131
    assert len(me.get(f"projects/{project_id}/items", source_id=second["id"], limit=1000)) == 131
    assert second["warnings"] == []


def test_only_rows_that_tell_something_else_are_compared_with_their_items(
    me: Any, project_id: str, monkeypatch: Any, django_assert_max_num_queries: Any
) -> None:
    """Each row of a catalogue that came again was loaded with its item."""
    compared = []

    def update(item: ContentItem, *given: Any, **how: Any) -> bool:
        compared.append(item.external_id)
        return genuine(item, *given, **how)

    genuine = matches.update
    monkeypatch.setattr(matches, "update", update)
    monkeypatch.setattr(matches, "BATCH", 5)
    numbers = range(1, 41)
    uploads.upload(me, project_id, rows(*numbers))
    with django_assert_max_num_queries(120):
        uploads.upload(me, project_id, rows(*numbers))
    assert compared == []
    data = HEAD + b"".join(row(n, text="Titanium" if n <= 12 else "Steel") for n in numbers)
    source = uploads.upload(me, project_id, data)
    assert sorted(compared, key=int) == [str(n) for n in range(1, 13)]
    assert source["config"]["counts"]["updated"] == 12
    assert {n for n, item in items_of(project_id).items() if "Titanium" in item.source_data["description"]} == {
        *compared
    }


def test_each_source_gives_back_its_own_file_with_the_texts_of_its_rows(me: Any, project_id: str) -> None:
    first_file, second_file = rows(1, 2), rows(3, 2)
    first, second = uploads.upload(me, project_id, first_file), uploads.upload(me, project_id, second_file)
    assert (export(me, project_id, first), export(me, project_id, second)) == (first_file, second_file)
    uploads.approve(project_id, {"name": "Two"}, external_id="2")
    uploads.approve(project_id, {"name": "Three"}, external_id="3")
    assert export(me, project_id, first) == first_file.replace(b"Product 2", b"Two")
    assert export(me, project_id, second) == second_file.replace(b"Product 2", b"Two").replace(b"Product 3", b"Three")


def test_an_export_that_is_uploaded_again_outdates_nothing(me: Any, project_id: str) -> None:
    first = uploads.upload(me, project_id, rows(1))
    (item,) = uploads.approve(project_id, {"name": "Ours", "description": "<p>Our text</p>"})
    item.made_from = {"name": "Product 1", "description": "<p>Steel 1</p>"}
    item.save(update_fields=["made_from"])
    source = uploads.upload(me, project_id, export(me, project_id, first))
    item.refresh_from_db()
    assert (item.outdated_fields, item.source_data["name"]) == ([], "Product 1")
    assert (source["config"]["counts"]["matched"], source["config"]["counts"]["updated"]) == (1, 0)


def test_a_text_that_states_a_fact_is_outdated_when_the_fact_changes(me: Any, project_id: str) -> None:
    """A weight that the description states; nobody states the price, so it may change."""
    head = b"ID,Type,SKU,Name,Published,Description,Weight (kg),Regular price\n"
    uploads.upload(me, project_id, head + b"1,simple,S-1,Lamp,1,A lamp.,0.20,12.50\n")
    item = items_of(project_id)["1"]
    path = f"projects/{project_id}/items/{item.pk}"
    me.patch(path, {"generated_content": {"description": "<p>A lamp. Weight: 0.20 kg.</p>", "name": "Lamp"}})
    me.patch(path, {"status": "approved", "override": True})
    uploads.upload(me, project_id, head + b"1,simple,S-1,Lamp,1,A lamp.,0.20,15.50\n")
    assert items_of(project_id)["1"].outdated_fields == []
    uploads.upload(me, project_id, head + b"1,simple,S-1,Lamp,1,A lamp.,7.77,15.50\n")
    assert items_of(project_id)["1"].outdated_fields == ["description"]
    uploads.upload(me, project_id, head + b"1,simple,S-1,Lamp,1,A lamp.,0.20,15.50\n")
    assert items_of(project_id)["1"].outdated_fields == []


@pytest.mark.parametrize("edited", [False, True])
def test_an_export_leaves_the_merchants_newer_words_and_says_so(me: Any, project_id: str, edited: bool) -> None:
    """An edited text is the person's choice: it is written, and told."""
    uploads.upload(me, project_id, rows(1))
    item = items_of(project_id)["1"]
    me.patch(f"projects/{project_id}/items/{item.pk}", {"generated_content": {"name": "Ours", "description": "Ours"}})
    if not edited:
        metadata = {k: v for k, v in items_of(project_id)["1"].generation_metadata.items() if k != "edited_at"}
        ContentItem.objects.filter(pk=item.pk).update(generation_metadata=metadata)
    me.patch(f"projects/{project_id}/items/{item.pk}", {"status": "approved", "override": True})
    second = uploads.upload(me, project_id, rows(1, name="His new name"))
    told = "1 rows have edited texts" if edited else "texts of 1 rows were left out"
    assert (b"His new name" in export(me, project_id, second)) == (not edited)
    assert told in me.last["X-Export-Warnings"]
    assert b"Ours" in bytes(me.get(f"projects/{project_id}/export"))
    assert told in me.last["X-Export-Warnings"]


def test_an_export_names_the_texts_in_further_languages_that_its_file_has_no_row_for(me: Any, project_id: str) -> None:
    source = uploads.upload(me, project_id, rows(1, 2))
    made = {"generated_content": {"name": "Unser"}, "status": "approved"}
    make_language_text(items_of(project_id)["1"], "de", **made)
    export(me, project_id, source)
    assert "1 texts in further languages have no row in this file" in me.last["X-Export-Warnings"]


def test_rows_can_be_imported_apart(me: Any, project_id: str) -> None:
    uploads.upload(me, project_id, rows(1, 2))
    apart = uploads.upload(me, project_id, rows(1, 2), match="false")
    assert (apart["item_count"], apart["config"]["match"]) == (2, False)
    assert ContentItem.objects.filter(project_id=project_id).count() == 4
    assert not SourceRow.objects.exists()
    again = uploads.upload(me, project_id, rows(1, 2, text="New"))
    assert codes(again) == {"matches_several"}
    described = ContentItem.objects.filter(project_id=project_id).order_by("id")
    assert [item.source_data["description"][3:6] for item in described] == ["New", "New", "Ste", "Ste"]


@pytest.mark.parametrize("sku", ["s-1", " S-1 ", "S-1"])
def test_a_sku_matches_in_any_case_and_with_white_space(me: Any, project_id: str, sku: str) -> None:
    uploads.upload(me, project_id, rows(1))
    source = uploads.upload(me, project_id, f"SKU,Name,Description\n{sku},Product 1,Fresh\n".encode())
    (item,) = items_of(project_id).values()
    assert (source["item_count"], item.external_id, item.source_data["description"]) == (0, "1", "Fresh")


@pytest.mark.parametrize("way", ["excluded", "gone"])
def test_a_sku_finds_the_item_that_lives_before_one_that_is_gone(me: Any, project_id: str, way: str) -> None:
    uploads.upload(me, project_id, rows(1, 2, sku="S-1", name="Lamp"))
    dead, living = items_of(project_id)["1"], items_of(project_id)["2"]
    if way == "excluded":
        me.post(f"projects/{project_id}/items/exclude", {"item_ids": [str(dead.pk)]})
    else:
        Drift.objects.create(
            organization_id=dead.organization_id, item=dead, gone=True, fields=[], found_at=timezone.now()
        )
    source = uploads.upload(me, project_id, b"SKU,Name,Description\nS-1,Lamp,Fresh\n")
    for item in (dead, living):
        item.refresh_from_db()
    assert (dead.source_data["description"], living.source_data["description"]) == ("<p>Steel 1</p>", "Fresh")
    assert (source["item_count"], codes(source)) == (0, set())


def test_a_file_changes_only_what_it_has_columns_for(me: Any, project_id: str) -> None:
    uploads.upload(me, project_id, rows(1))
    uploads.upload(me, project_id, b"SKU,Name,Stock\nS-1,Renamed,7\n")
    (item,) = items_of(project_id).values()
    data = item.source_data
    assert (data["name"], data["description"], data["attributes"]) == (
        "Renamed",
        "<p>Steel 1</p>",
        {"Material": "steel"},
    )
    assert (data["raw"]["Stock"], data["raw"]["Published"]) == ("7", "1")
    uploads.upload(me, project_id, HEAD + b"1,simple,S-1,Renamed,1,,,\n" + row(2))
    item.refresh_from_db()
    assert (item.source_data["description"], item.source_data["attributes"]) == ("", {})
    assert item.source_data["raw"]["Stock"] == "7"


def test_the_id_wins_over_the_sku_and_the_warning_says_so(me: Any, project_id: str) -> None:
    uploads.upload(me, project_id, rows(1, 2))
    source = uploads.upload(me, project_id, HEAD + row(1, sku="S-2", text="Crossed"))
    assert [(fault["line"], fault["code"]) for fault in source["warnings"]] == [(2, "matches_two")]
    found = items_of(project_id)
    assert found["1"].source_data["description"] == "<p>Crossed 1</p>"
    assert (found["2"].source_data["description"], len(found)) == ("<p>Steel 2</p>", 2)


def test_an_id_that_means_something_else_in_another_file_overwrites_nothing(me: Any, project_id: str) -> None:
    """Suppliers number their rows from 1, too."""
    uploads.upload(me, project_id, rows(1))
    source = uploads.upload(me, project_id, HEAD + row(1, name="Lamp", sku="L-1"))
    assert (codes(source), source["item_count"]) == ({"id_of_another"}, 1)
    assert {i.source_data["name"] for i in ContentItem.objects.filter(project_id=project_id)} == {"Product 1", "Lamp"}


@pytest.mark.parametrize("first_has_ids", [True, False])
def test_a_number_that_is_one_row_s_sku_and_another_s_id_joins_them_by_their_name_alone(
    me: Any, project_id: str, first_has_ids: bool
) -> None:
    """A file may have no SKUs, another no ids."""
    by_id = (
        b"ID,Type,SKU,Name,Published,Description\n1042,simple,,Lamp,1,<p>A lamp</p>\n1043,simple,,Cup,1,<p>A cup</p>\n"
    )
    by_sku = b"SKU,Name,Description\n1042,Mug,<p>A mug</p>\n1043,Cup,<p>A blue cup</p>\n"
    uploads.upload(me, project_id, by_id if first_has_ids else by_sku)
    again = uploads.upload(me, project_id, by_sku if first_has_ids else by_id)
    assert (codes(again), again["item_count"]) == ({"id_of_another"}, 1)
    found = {i.source_data["name"]: i for i in ContentItem.objects.filter(project_id=project_id)}
    assert {name: item.external_id for name, item in found.items()} == {"Lamp": "1042", "Mug": "1042", "Cup": "1043"}
    assert found["Lamp"].source_data["description"] == "<p>A lamp</p>"


def test_repeated_skus_of_one_file_pair_off_in_their_order(me: Any, project_id: str) -> None:
    head, double, single = b"SKU,Name,Description\n", b"A,One,a\nA,Two,b\n", b"B,Three,c\n"
    data = head + double + single
    first = uploads.upload(me, project_id, data)
    assert codes(first) == {"repeated_key"}
    again = uploads.upload(
        me, project_id, data.replace(b"B,Three,c\n", b"").replace(b"Description\n", b"Description\nB,Three,c\n")
    )
    assert again["item_count"] == 0
    assert ContentItem.objects.filter(project_id=project_id).count() == 3
    assert {i.source_data["name"] for i in items_of(project_id).values()} == {"One", "Two", "Three"}
    assert export(me, project_id, first) == data


def test_rows_without_any_key_are_new_and_the_warning_says_so(me: Any, project_id: str) -> None:
    data = b"Name,Description\nTea,green\nCoffee,black\n"
    uploads.upload(me, project_id, data)
    again = uploads.upload(me, project_id, data)
    assert (codes(again), again["item_count"]) == ({"no_key_to_match"}, 2)


def test_variants_are_found_and_new_ones_get_the_parent_that_was_there(me: Any, project_id: str) -> None:
    parent = b'10,variable,V,Jacket,1,,Size,"S, M"\n'
    small, medium = b"11,variation,V-S,Jacket S,1,,,,V\n", b"12,variation,V-M,Jacket M,1,,,,V\n"
    head = HEAD.replace(b"\n", b",Parent\n")
    uploads.upload(me, project_id, head + parent.replace(b"\n", b",\n") + small)
    source = uploads.upload(
        me, project_id, head + parent.replace(b"\n", b",\n") + small.replace(b"Jacket S", b"Jacket XS") + medium
    )
    found = items_of(project_id)
    assert (len(found), source["item_count"]) == (3, 1)
    assert {found["11"].parent_id, found["12"].parent_id} == {found["10"].pk}
    assert found["11"].source_data["name"] == "Jacket XS"


def test_a_shopify_file_matches_products_and_variants_by_handle(me: Any) -> None:
    from tests.catalog.files import samples

    project_id = uploads.new_project(me, "shopify")
    first = uploads.upload(me, project_id, samples.SHOPIFY)
    count = ContentItem.objects.filter(project_id=project_id).count()
    second = uploads.upload(me, project_id, samples.SHOPIFY)
    assert ContentItem.objects.filter(project_id=project_id).count() == count == first["item_count"]
    assert second["config"]["counts"]["matched"] == count
    assert second["config"]["counts"]["updated"] == 0
    uploads.approve(project_id, {"name": "New"}, item_type="product")
    assert export(me, project_id, first) == export(me, project_id, second) != samples.SHOPIFY


MAGENTO = "sku,store_view_code,product_type,name,description\n"


def test_rows_of_store_views_update_their_texts_and_new_views_join_the_product(me: Any) -> None:
    project_id = uploads.new_project(me, "magento2")
    Project.objects.filter(pk=project_id).update(settings={"language": "en"})
    first_file = (MAGENTO + "a,,simple,Mug,<p>A mug</p>\na,de,,Becher,\n").encode()
    first = uploads.upload(me, project_id, first_file)
    (german,) = ContentItem.rows.filter(project_id=project_id, language="de")
    second_file = (MAGENTO + "a,fr,,Tasse,\na,de,,Krug,\na,,simple,Mug,<p>A mug</p>\n").encode()
    second = uploads.upload(me, project_id, second_file)
    assert ContentItem.objects.filter(project_id=project_id).count() == 1
    german.refresh_from_db()
    assert german.view_data["name"] == "Krug"
    assert second["config"]["counts"]["language_texts"] == 1
    french = ContentItem.rows.get(project_id=project_id, language="fr")
    assert (str(french.data_source_id), french.view_data["name"]) == (first["id"], "Tasse")
    uploads.approve(project_id, {"name": "TASSE"}, language="fr")
    uploads.approve(project_id, {"name": "KRUG"}, language="de")
    assert export(me, project_id, first) == first_file.replace(b"Becher", b"KRUG")
    assert export(me, project_id, second) == second_file.replace(b"Krug", b"KRUG").replace(b"Tasse", b"TASSE")
    me.delete(f"projects/{project_id}/sources/{first['id']}")
    assert export(me, project_id, second) == second_file.replace(b"Krug", b"KRUG").replace(b"Tasse", b"TASSE")
    assert ContentItem.rows.filter(project_id=project_id).count() == 3
    assert not SourceRow.objects.exists()


def test_an_item_lives_as_long_as_one_of_its_sources(
    me: Any, project_id: str, django_capture_on_commit_callbacks: Any
) -> None:
    second_file = rows(2, 3)
    first, second = uploads.upload(me, project_id, rows(1, 2)), uploads.upload(me, project_id, second_file)
    uploads.approve(project_id, {"name": "Two"}, external_id="2")
    item = items_of(project_id)["2"]
    make_language_text(item, "de", generated_content={"name": "Zwei"})
    with django_capture_on_commit_callbacks(execute=True):
        me.delete(f"projects/{project_id}/sources/{first['id']}")
    assert not storage.exists(first["config"]["file_key"])
    assert set(items_of(project_id)) == {"2", "3"}
    assert items_of(project_id)["2"].pk == item.pk
    assert set(ContentItem.rows.filter(main=item).values_list("data_source", flat=True)) == {
        DataSource.objects.get(pk=second["id"]).pk
    }
    (left,) = me.get(f"projects/{project_id}/sources")["sources"]
    assert (left["id"], left["item_count"]) == (second["id"], 2)
    assert export(me, project_id, second) == second_file.replace(b"Product 2", b"Two")
    me.delete(f"projects/{project_id}/sources/{second['id']}")
    assert not ContentItem.rows.filter(project_id=project_id).exists()


def test_the_later_source_can_go_first(me: Any, project_id: str) -> None:
    first_file = rows(1, 2)
    first, second = uploads.upload(me, project_id, first_file), uploads.upload(me, project_id, rows(2, 3))
    me.delete(f"projects/{project_id}/sources/{second['id']}")
    assert set(items_of(project_id)) == {"1", "2"}
    assert export(me, project_id, first) == first_file
    assert not SourceRow.objects.exists()


def test_an_item_that_is_handed_over_keeps_its_id_apart_from_another_of_the_source(me: Any, project_id: str) -> None:
    uploads.upload(me, project_id, rows(1))
    second = uploads.upload(me, project_id, HEAD + row(1, name="Lamp", sku="L-1") + row(7, sku="S-1"))
    assert second["item_count"] == 1
    first = DataSource.objects.filter(project_id=project_id).exclude(pk=second["id"]).get()
    me.delete(f"projects/{project_id}/sources/{first.pk}")
    assert set(items_of(project_id)) == {"1", "1#2"}


def test_only_new_items_count_for_the_plan(me: Any, project_id: str, cast: Any) -> None:
    from billing.access import plan_of

    uploads.upload(me, project_id, rows(1, 2, 3))
    plan = plan_of(cast.organization.pk)
    plan.items = 3
    plan.save()
    assert uploads.upload(me, project_id, rows(1, 2, 3))["status"] == "ready"
    assert uploads.upload(me, project_id, rows(1, 2, 3, 4), status=409)["code"] == "items_full"
    assert set(items_of(project_id)) == {"1", "2", "3"}


def test_what_a_store_was_read_to_show_stays_and_the_files_facts_go_beside_it(me: Any, cast: Any) -> None:
    project = make_project(cast.organization, platform="woocommerce")
    store = DataSource.objects.create(organization=cast.organization, project=project, type="store", name="Shop")
    shown = {"name": "Shop's", "sku": "S-1", "description": "<p>Shop's</p>", "attributes": {"Colour": "red"}, "raw": {}}
    found = StoreItem("1", "product", {**make_item(make_project(cast.organization)).source_data, **shown})
    upsert.upsert(source=store, page=[found], position=0)
    source = uploads.upload(me, str(project.pk), rows(1))
    (item,) = items_of(str(project.pk)).values()
    assert (item.source_data["description"], item.source_data["attributes"]) == ("<p>Shop's</p>", {"Colour": "red"})
    assert item.source_data["raw"]["Material"] == "steel"
    uploads.approve(str(project.pk), {"name": "Ours"})
    assert export(me, str(project.pk), source) == rows(1).replace(b"Product 1", b"Ours")
    fresh = StoreItem("1", "product", {**found.data, "description": "<p>Moved</p>"})
    upsert.upsert(source=store, page=[fresh], position=0)
    item.refresh_from_db()
    assert (item.source_data["description"], item.source_data["raw"]["Material"]) == ("<p>Moved</p>", "steel")


def test_other_projects_are_left_alone(me: Any, api: Any, cast: Any, project_id: str) -> None:
    uploads.upload(me, project_id, rows(1))
    other = uploads.new_project(me, name="Other")
    assert uploads.upload(me, other, rows(1, text="New"))["item_count"] == 1
    theirs = api.as_(cast.stranger)
    foreign = uploads.new_project(theirs)
    assert uploads.upload(theirs, foreign, rows(1, text="New"))["item_count"] == 1
    assert items_of(project_id)["1"].source_data["description"] == "<p>Steel 1</p>"


def test_of_two_uploads_at_once_the_second_matches_the_items_of_the_first(
    api: Any, committed: Any, monkeypatch: Any
) -> None:
    """The second is begun while the first is within its transaction, and ends after it."""
    cast = make_cast()
    me = api.as_(cast.owner)
    project_id = uploads.new_project(me)
    project = Project.objects.get(pk=project_id)
    second = threading.Thread(target=_upload_in_thread, args=(project, cast.owner))

    def begin(source: DataSource) -> None:
        second.start()
        wait(waiting_sessions)

    with uploads.file(rows(1, 2)) as file:
        file_import.upload(project=project, file=file, name="a.csv", mapping=None, by=cast.owner, last=begin)
    second.join()
    assert set(items_of(project_id)) == {"1", "2", "3"}
    assert SourceRow.objects.count() == 2


def _upload_in_thread(project: Project, by: Any) -> None:
    try:
        with uploads.file(rows(1, 2, 3)) as file:
            file_import.upload(project=project, file=file, name="b.csv", mapping=None, by=by)
    finally:
        connection.close()
