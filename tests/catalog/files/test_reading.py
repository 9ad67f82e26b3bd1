"""Files into items: mapping, variants, parents, faults; platform by platform."""

from __future__ import annotations

import io
from typing import Any

import pytest

from catalog.files import delimited
from catalog.files.adapters.base import RowReader
from catalog.files.detection import open_file
from catalog.files.rows import Faults
from scribe import unforeseen
from scribe.errors import InvalidInput, TooLarge, UnsupportedMedia
from tests.catalog.files import samples
from tests.catalog.files.reader import read


def test_woocommerce_in_windows_1250() -> None:
    opened, items, faults = read(samples.WOO_CP1250, "woocommerce")
    assert opened.layout.adapter == "woocommerce"
    assert opened.layout.confidence >= 0.9
    by_id = {item.external_id: item for item in reversed(items)}
    jacket = by_id["10"].source_data
    assert jacket["name"] == "Jakna za kišu"
    assert jacket["description"] == '<p>Štiti od kiše; i vetra.</p>\n<p>"Žabljak"</p>'
    assert jacket["categories"] == ["Odeća > Jakne", "Odeća"]
    assert jacket["images"] == ["https://shop.example/j.jpg", "https://shop.example/j2.jpg"]
    assert jacket["attributes"] == {"Veličina": "S, M"}
    assert by_id["11"].item_type == "variant"
    assert by_id["11"].parent_ref in by_id["10"].refs
    assert by_id["12"].source_data["tags"] == ["čaj, kafa", "poklon"]
    assert [(fault["line"], fault["code"]) for fault in faults.errors] == [(7, "no_key")]
    assert "ragged_row" in {fault["code"] for fault in faults.warnings}


@pytest.mark.parametrize(
    ("platform", "file"),
    [
        ("woocommerce", "ID,Type,SKU,Name,Published\n1,simple,A,Tea,1\n2,simple,B,odd,1\n3,simple,C,Cup,1\n"),
        ("wordpress", "sku,name\nA,Tea\nB,odd\nC,Cup\n"),
        ("magento2", "sku,product_type,name,attribute_set_code\nA,simple,Tea,D\nB,simple,odd,D\nC,simple,Cup,D\n"),
        ("shopify", "Handle,Title,Vendor,Option1 Name\na,Tea,V,\nb,odd,V,\nc,Cup,V,\n"),
    ],
)
def test_a_row_that_fails_in_an_unforeseen_way_is_left_out_alone(
    monkeypatch: pytest.MonkeyPatch, platform: str, file: str
) -> None:
    whole = RowReader.source_data

    def odd(reader: RowReader, cells: list[str]) -> Any:
        if "odd" in cells:
            raise ValueError("nobody foresaw this")
        return whole(reader, cells)

    monkeypatch.setattr(RowReader, "source_data", odd)
    _opened, items, faults = read(file.encode(), platform)
    assert [item.source_data["name"] for item in items] == ["Tea", "Cup"]
    assert [(fault["line"], fault["code"]) for fault in faults.errors] == [(3, unforeseen.CODE)]


@pytest.mark.parametrize(
    "header",
    [
        "ID,Typ,Artikelnummer,Name,Veröffentlicht,Kurzbeschreibung,Beschreibung,Regulärer Preis,Kategorien,Attribut 1 Name,Attribut 1 Wert(e)",
        "ID,Tipo,SKU,Nombre,Publicado,Descripción corta,Descripción,Precio normal,Categorías,Nombre del atributo 1,Valor(es) del atributo 1",
        "ID,Tipo,REF,Nome,Publicado,Descrição curta,Descrição,Preço,Categorias,Nome do atributo 1,Valores do atributo 1",
        "ID,Тип,Артикул,Имя,Опубликован,Краткое описание,Описание,Базовая цена,Категории,Имя атрибута 1,Значение(-я) атрибута 1",
        "ID,Type,UGS,Nom,Publié,Description courte,Description,Tarif régulier,Catégories,Nom de l’attribut 1,Valeur(s) de l’attribut 1",
        "ID,Tipo,COD,Nome,Pubblicato,Breve descrizione,Descrizione,Prezzo di listino,Categorie,Nome dell’attributo 1,Valori dell’attributo 1",
        "ID,Врста,Шифра,Назив,Објављено,Кратак опис,Опис,Редовна цена,Категорије,Назив атрибута 1,Вредности атрибута 1",
        "ID,Vrsta,Šifra,Naziv,Objavljeno,Kratak opis,Opis,Redovna cena,Kategorije,Naziv atributa 1,Vrednosti atributa 1",
        "ID,Type,SKU,Name,Published,Short description,Description,Regular price,Categories,Attribute 1 name,Attribute 1 value(s)",
    ],
)
def test_woocommerce_headers_in_the_languages_it_exports(header: str) -> None:
    opened, (item,), _ = read(f"{header}\n7,simple,S,Tea,1,Short,Long,5,Food,Origin,China\n".encode(), "woocommerce")
    layout = opened.layout
    assert layout.confidence >= 0.9
    assert list(layout.named().values()) == [
        "external_id", "sku", "name", "short_description", "description", "price", "categories", "attributes.1.name", "attributes.1.value",
    ]  # fmt: skip
    assert min(layout.column_confidence.values()) == 1.0
    assert item.source_data["attributes"] == {"Origin": "China"}
    assert item.source_data["short_description"] == "Short"


def test_shopify_rows_of_a_handle_are_a_product_with_variants_and_images() -> None:
    opened, items, faults = read(samples.SHOPIFY, "shopify")
    assert opened.layout.adapter == "shopify"
    assert not faults.errors
    mug, tee, small, medium = items
    assert (mug.item_type, mug.external_id, mug.source_data["description"]) == (
        "product",
        "mug",
        "<p>A mug,\nfor tea</p>",
    )
    assert mug.source_data["images"] == [
        {"src": "https://cdn.example/m.jpg", "alt": "A mug"},
        {"src": "https://cdn.example/m2.jpg", "alt": "From above"},
    ]
    assert tee.source_data["attributes"] == {"Size": "S, M"}
    assert tee.source_data["seo"]["title"] == "Old title"
    assert [(one.item_type, one.source_data["sku"], one.parent_ref) for one in (small, medium)] == [
        ("variant", "T-S", "tee"),
        ("variant", "T-M", "tee"),
    ]


def test_shopify_products_without_a_handle_get_one_each_of_their_title() -> None:
    head = "Handle,Title,Body (HTML),Variant SKU,Option1 Name,Option1 Value,Image Src,Vendor\n"
    rows = [
        ",T-Shirt,<p>one</p>,S1,,,,V",
        ",T-Shirt,<p>two</p>,S2,Size,S,,V",
        ",,,S3,,M,,",
        "mug,Mug,<p>three</p>,S4,,,,V",
        ",Mug,<p>four</p>,S5,,,,V",
        ",\u2605\u2605,<p>five</p>,S6,,,,V",
        ",T-Shirt,<p>six</p>,S7,,,,V",
    ]
    _opened, items, faults = read((head + "\n".join(rows)).encode(), "shopify")
    assert not faults.errors
    products = {item.external_id: item.source_data for item in items if item.item_type == "product"}
    assert list(products) == ["t-shirt", "t-shirt-1", "mug", "mug-1", "row-6", "t-shirt-2"]
    assert [data["description"][3:-4] for data in products.values()] == ["one", "two", "three", "four", "five", "six"]
    assert [item.parent_ref for item in items if item.item_type == "variant"] == ["t-shirt-1", "t-shirt-1"]


def test_shopifys_newer_headers_map_as_well() -> None:
    data = b"Title,URL handle,Description,SKU,Option1 name,Option1 value,Price,Product image URL,SEO title\nMug,mug,<p>x</p>,M,Title,Default Title,9,,T\n"
    opened, (mug,), _ = read(data, "shopify")
    assert opened.layout.adapter == "shopify"
    assert mug.external_id == "mug"
    assert mug.source_data["seo"]["title"] == "T"


def test_magento_children_views_and_shared_attributes() -> None:
    opened, items, faults = read(samples.MAGENTO, "magento2")
    assert opened.layout.adapter == "magento2"
    assert not faults.errors
    by_key = {(item.external_id, item.store_view): item for item in items}
    child, parent, view = by_key["bag-s", ""], by_key["bag", ""], by_key["bag", "de"]
    assert child.item_type == "variant"
    assert child.parent_ref == "bag"
    assert "bag" in parent.refs
    assert child.source_data["attributes"] == {"size": "S", "color": "Red, Blue"}
    assert parent.source_data["attributes"] == {"care": "wash, cold"}
    assert parent.source_data["categories"] == ["Default Category > Bags", "Default Category > Sale"]
    assert view.item_type == "product"
    assert view.source_data["name"] == "Tasche"
    assert view.source_data["description"] == "<p>A bag</p>"
    assert "description" in view.source_data["inherited"]


def test_wordpress_export() -> None:
    opened, (post, page), _ = read(samples.WXR, "wordpress")
    assert opened.kind == "wxr"
    assert (post.item_type, post.external_id, post.source_data["name"]) == ("post", "1", "Zdravo & svete")
    assert post.source_data["description"] == "<p>Prvi]]> tekst</p>"
    assert post.source_data["images"] == ["https://shop.example/a.jpg"]
    assert post.source_data["categories"] == ["Vesti"]
    assert (page.item_type, page.source_data["seo"]["title"]) == ("page", "Staro")


def test_a_file_of_nobody_is_mapped_by_words_near_words_and_values() -> None:
    data = "Šifra artikla;Naziv proizvoda;Dug opis;Cenaa;Boja;Foto 1\n1;Čaj;<p>Lep</p>;5;zelena;https://x.example/1.jpg\n2;Sok;<p>b</p>;6;crvena;https://x.example/2.jpg\n"
    opened, items, _ = read(data.encode("cp1250"), "woocommerce")
    assert opened.layout.named() == {
        "Šifra artikla": "sku",
        "Naziv proizvoda": "name",
        "Dug opis": "description",
        "Cenaa": "price",
        "Boja": "attributes.Boja",
        "Foto 1": "images",
    }
    assert 0.5 < opened.layout.confidence < 1
    assert items[0].source_data["price"] == "5"
    assert items[0].source_data["raw"] == {}


def test_rows_of_the_same_name_are_products_of_their_own_where_no_handle_joins_them() -> None:
    opened, items, _ = read(b"SKU,Name,Description\nA,Mug,x\nB,Mug,y\n", "shopify")
    assert opened.layout.adapter == "generic"
    assert [(item.item_type, item.external_id) for item in items] == [("product", "A"), ("product", "B")]


def test_the_merchants_mapping_wins() -> None:
    opened, _, _ = read(b"a,b,c\n1,Tea,x\n", "woocommerce")
    assert not opened.layout.is_usable()
    opened.layout.override({"a": "sku", "b": "name", "c": "attributes.Kind"})
    (item,) = opened.items(Faults())
    assert item.source_data["name"] == "Tea"
    assert item.source_data["attributes"] == {"Kind": "x"}


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"zz": "name"}, "unknown_column"),
        ({"a": "nome"}, "unknown_field"),
        ({"a": "name", "b": "name"}, "duplicate_field"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, Any], code: str) -> None:
    opened = open_file(io.BytesIO(b"a,b\n1,2\n"), platform="woocommerce")
    with pytest.raises(InvalidInput) as error:
        opened.layout.override(mapping)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", InvalidInput, "empty_file"),
        (b"\xef\xbb\xbf\r\n", InvalidInput, "empty_file"),
        (b"%PDF-1.7 \x00\x01", UnsupportedMedia, "unsupported_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", UnsupportedMedia, "unsupported_file"),
        (b"PK\x03\x04rubbish", InvalidInput, "broken_workbook"),
        (b"\x7fELF\x00\x00\x01", UnsupportedMedia, "binary_file"),
        (b"<?xml version='1.0'?><catalog><a/></catalog>", UnsupportedMedia, "unsupported_file"),
        (samples.WXR.replace(b"</channel>", b""), InvalidInput, "broken_xml"),
        (
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss><wp:wxr_version/>&a;</rss>',
            UnsupportedMedia,
            "unsupported_file",
        ),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_reason(data: bytes, kind: type, code: str) -> None:
    with pytest.raises(kind) as error:
        read(data, "wordpress")
    assert error.value.code == code


def test_a_csv_file_may_begin_as_an_archive_does() -> None:
    _, items, _ = read(b"PK;SKU;Name\n1;A1;Sock\n", "woocommerce")
    assert [item.source_data["sku"] for item in items] == ["A1"]


def test_magento_says_in_words_that_a_cell_is_empty() -> None:
    empty = samples.MAGENTO.replace(b"<p>A bag</p>,,10", b"__EMPTY__VALUE__,,10").replace(
        b'Search",,"care', b'Search",__EMPTY__VALUE__,"care'
    )
    _, items, _ = read(empty, "magento2")
    bag = next(item for item in items if item.external_id == "bag" and not item.store_view)
    assert (bag.source_data["description"], bag.source_data["seo"].get("title", "")) == ("", "")


def test_a_cell_longer_than_any_record_costs_its_row_alone() -> None:
    data = b'SKU,Name,Description\nA1,Sock,"' + b"x" * 10_000_000 + b'"\nB2,Hat,Red\n'
    _, items, faults = read(data, "woocommerce")
    assert [item.source_data["sku"] for item in items] == ["B2"]
    assert [(fault["line"], fault["code"]) for fault in faults.errors] == [(2, "cell_too_long")]


@pytest.mark.parametrize("head", [b"", b"A1,Sock\n" * 60])
def test_empty_rows_without_an_end_are_too_many(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(delimited, "MAX_BLANK_ROWS", 5_000)
    with pytest.raises(TooLarge) as caught:
        open_file(io.BytesIO(b"SKU,Name\n" + head + b",,\n" * 5_001), platform="woocommerce").table.row_count()
    assert caught.value.code == "too_many_rows"
    assert open_file(io.BytesIO(b"SKU,Name\n" + head + b",,\n" * 5_000), platform="woocommerce").table.row_count() == (
        60 if head else 0
    )


def test_a_row_in_another_encoding_does_not_spoil_the_others() -> None:
    rows = "".join(f"A{n},Größe {n}\n" for n in range(20)).encode()
    _, items, faults = read(b"SKU,Name\n" + rows + "B1,Größe\n".encode("cp1252"), "woocommerce")
    assert [item.source_data["name"] for item in items] == [*(f"Größe {n}" for n in range(20)), "Gr\ufffd\ufffde"]
    assert [(fault["line"], fault["code"]) for fault in faults.warnings] == [(22, "mixed_encoding")]

    rows = "".join(f"A{n},Größe {n}\n" for n in range(20)).encode("cp1252")
    _, items, faults = read(b"SKU,Name\n" + rows + "B1,Größe\n".encode(), "woocommerce")
    assert [item.source_data["name"] for item in items][:20] == [f"Größe {n}" for n in range(20)]
    assert [(fault["line"], fault["code"]) for fault in faults.warnings] == [(22, "mixed_encoding")]


def test_a_guessed_encoding_that_gives_unlikely_letters_is_a_warning() -> None:
    text = "SKU,Name,Description\nA1,Größe,Schöne Tasse für heißen Kaffee\n"
    opened, items, faults = read(text.encode("cp437"), "woocommerce")
    assert len(items) == 1
    (fault,) = faults.warnings
    assert (fault["line"], fault["code"]) == (1, "doubtful_encoding")
    assert str(opened.table.encoding) in fault["reason"]
    assert read(text.encode("cp1252"), "woocommerce")[2].warnings == []
