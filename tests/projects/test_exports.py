"""Exports from the outside: the merchant's own file, and the project's CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from tests.catalog.files import samples
from tests.factories import make_item, make_project
from tests.projects import uploads

pytestmark = pytest.mark.django_db

CONTENT = {"name": "Nova šolja", "description": "<p>Novo</p>", "tags": ["a"], "seo": {"title": "Naslov"}}


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def test_without_approved_texts_the_very_file_comes_back(me: Any) -> None:
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id)
    uploads.approve(project_id, CONTENT, external_id="12")
    approved = [item["id"] for item in me.get(f"projects/{project_id}/items?status=approved")]
    me.patch(f"projects/{project_id}/items/batch", {"item_ids": approved, "status": "rejected"})
    assert me.get(f"projects/{project_id}/sources/{source['id']}/export") == samples.WOO_CP1250
    assert me.last["Content-Type"] == "text/csv; charset=cp1250"
    assert 'filename="export.csv"' in me.last["Content-Disposition"]


def test_approved_and_synced_texts_are_merged_in_and_nothing_else_changes(me: Any) -> None:
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id)
    uploads.approve(project_id, CONTENT, external_id="12")
    uploads.approve(project_id, {"name": "Excluded"}, external_id="13")
    me.post(
        f"projects/{project_id}/items/exclude",
        {"item_ids": [me.get(f"projects/{project_id}/items", search="Termos")[0]["id"]]},
    )
    result = me.get(f"projects/{project_id}/sources/{source['id']}/export")
    before, after = samples.WOO_CP1250.split(b"\r\n"), result.split(b"\r\n")
    assert after[0] == before[0] + b";Meta: _yoast_wpseo_title"
    assert after[3].decode("cp1250") == "12;simple;Š-1;Nova šolja;1;0;;<p>Novo</p>;590;Dom;a;;;;;;;Naslov"
    for number in (1, 2, 4, 6, 7):
        assert after[number].startswith(before[number])
    assert after[5] == before[5]
    assert len(before) == len(after)


def test_letters_that_the_encoding_lacks_are_told_in_a_header(me: Any) -> None:
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id)
    uploads.approve(project_id, {"name": "Чаша ☕", "description": "<p>Чаша</p>"}, external_id="12")
    result = me.get(f"projects/{project_id}/sources/{source['id']}/export")
    assert "X-Export-Warnings" in me.last
    assert "Warning" in me.last
    assert b"<p>&#1063;&#1072;&#1096;&#1072;</p>" in result
    assert ";Čaša;".encode("cp1250") in result


def test_a_workbook_comes_back_as_a_workbook(me: Any) -> None:
    book = openpyxl.Workbook()
    book.active.append(["SKU", "Name", "Description"])
    book.active.append(["A", "Tea", "old"])
    data = io.BytesIO()
    book.save(data)
    project_id = uploads.new_project(me)
    source = uploads.upload(me, project_id, data.getvalue(), name="shop.xlsx")
    uploads.approve(project_id, CONTENT)
    result = me.get(f"projects/{project_id}/sources/{source['id']}/export")
    sheet = openpyxl.load_workbook(io.BytesIO(result)).active
    assert [cell.value for cell in sheet[2]][:3] == ["A", "Nova šolja", "<p>Novo</p>"]
    assert me.last["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_wordpress_export_comes_back_as_one(me: Any) -> None:
    project_id = uploads.new_project(me, "wordpress")
    source = uploads.upload(me, project_id, samples.WXR, name="site.xml")
    assert me.get(f"projects/{project_id}/sources/{source['id']}/export") == samples.WXR
    uploads.approve(project_id, CONTENT, item_type="page")
    result = me.get(f"projects/{project_id}/sources/{source['id']}/export")
    assert b"<![CDATA[<p>Novo</p>]]>" in result
    assert result.count(b"<item>") == 3
    assert result.split(b"<item>")[1] == samples.WXR.split(b"<item>")[1]


@pytest.mark.parametrize(("platform", "data"), [("shopify", samples.SHOPIFY), ("magento2", samples.MAGENTO)])
def test_texts_of_a_product_go_to_its_own_row_only(me: Any, platform: str, data: bytes) -> None:
    project_id = uploads.new_project(me, platform)
    source = uploads.upload(me, project_id, data)
    chosen = {"external_id": "tee"} if platform == "shopify" else {"external_id": "bag", "store_view": "de"}
    uploads.approve(project_id, {"name": "NEW"}, **chosen)
    result = me.get(f"projects/{project_id}/sources/{source['id']}/export")
    assert result.count(b"NEW") == 1
    assert result == data.replace(b"tee,Tee,", b"tee,NEW,").replace(b"Tasche", b"NEW")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_project_export_holds_approved_items_unless_told_otherwise(me: Any, cast: Any) -> None:
    project = make_project(cast.organization)
    make_item(project, external_id="7", generated_content=CONTENT, status="approved")
    make_item(project, external_id="8", status="pending")
    make_item(project, external_id="9", generated_content={"name": "R"}, status="rejected")
    make_item(project, external_id="10", item_type="variant")
    (row,) = rows(me.get(f"projects/{project.pk}/export"))
    assert (row["ID"], row["Name"], row["Meta: _yoast_wpseo_title"], row["Tags"]) == ("7", "Nova šolja", "Naslov", "a")
    every = rows(me.get(f"projects/{project.pk}/export", status_filter="all"))
    assert {one["ID"]: one["Name"] for one in every} == {"7": "Nova šolja", "8": "Trail Bottle", "9": "R"}
    assert [one["ID"] for one in rows(me.get(f"projects/{project.pk}/export", status_filter="rejected"))] == ["9"]
    assert rows(me.get(f"projects/{project.pk}/export", status_filter="all", search="nova"))[0]["ID"] == "7"
    me.get(f"projects/{project.pk}/export", 400, status_filter="perhaps")
    assert me.get(f"projects/{project.pk}/export", status_filter="synced").decode("utf-8-sig").count("\n") == 1


def test_a_sku_is_not_exported_as_an_id(me: Any, cast: Any) -> None:
    """WooCommerce's importer goes by the id first, and the product with that number is another one."""
    project = make_project(cast.organization)
    make_item(project, external_id="1042", source_data={"sku": "1042"}, generated_content=CONTENT, status="approved")
    (row,) = rows(me.get(f"projects/{project.pk}/export"))
    assert (row["ID"], row["SKU"]) == ("", "1042")


def test_magento_gets_its_key_and_what_changed_alone(me: Any) -> None:
    project_id = uploads.new_project(me, "magento2")
    uploads.upload(me, project_id, samples.MAGENTO)
    uploads.approve(project_id, {"name": "Bag", "description": "<p>New</p>"}, external_id="bag")
    lines = me.get(f"projects/{project_id}/export").decode().splitlines()
    assert lines == ["sku,store_view_code,name,description", "bag,,,<p>New</p>", "bag,de,Bag,<p>New</p>"]


@pytest.mark.parametrize("sku", ["+A1", "-10-AB", "@x", "A  B", "=f(1)"])
def test_the_key_of_a_row_comes_back(me: Any, cast: Any, sku: str) -> None:
    """Magento would make another product, or write to the one that has the changed key."""
    project_id = uploads.new_project(me, "magento2")
    uploads.upload(me, project_id, f"sku,name,product_type\n{sku},Bag,simple\n".encode())
    uploads.approve(project_id, {"name": "New bag"}, external_id=sku)
    exported = me.get(f"projects/{project_id}/export")
    assert rows(exported)[0]["sku"] == ("'=f(1)" if sku == "=f(1)" else sku)
    again = uploads.upload(me, project_id, exported + b"P-1,Pot\n".replace(b",", b",,", 1))
    assert again["item_count"] == 1


def test_shopify_gets_the_handle(me: Any) -> None:
    project_id = uploads.new_project(me, "shopify")
    uploads.upload(me, project_id, samples.SHOPIFY)
    uploads.approve(project_id, {"name": "=New", "seo": {"title": "T"}}, external_id="mug")
    (row,) = rows(me.get(f"projects/{project_id}/export"))
    assert "1 texts lost a sign" in me.last["X-Export-Warnings"]
    assert (row["Handle"], row["Title"], row["SEO Title"]) == ("mug", "New", "T")
    assert row["Body (HTML)"] == "<p>A mug,\nfor tea</p>"  # a blank cell would clear it


def test_wordpress_texts_are_exported_too(me: Any) -> None:
    project_id = uploads.new_project(me, "wordpress")
    uploads.upload(me, project_id, samples.WXR, name="site.xml")
    uploads.approve(project_id, CONTENT, item_type="post")
    (row,) = rows(me.get(f"projects/{project_id}/export"))
    assert (row["id"], row["post_type"], row["title"], row["content"]) == ("1", "post", "Nova šolja", "<p>Novo</p>")


@pytest.mark.parametrize("platform", ["woocommerce", "shopify", "magento2", "wordpress"])
def test_an_export_of_a_search_that_finds_nothing_has_a_header_alone(me: Any, cast: Any, platform: str) -> None:
    """It was an error of ours."""
    project = make_project(cast.organization, platform=platform)
    make_item(project, status="approved", generated_content={"name": "Mug"})
    for more in ({}, {"status_filter": "all"}):
        assert rows(me.get(f"projects/{project.pk}/export", search="nomatch", **more)) == []
