"""A sign that HTML would take for a tag is spelled as text where a cell holds HTML, and nowhere else."""

from __future__ import annotations

import pytest

from catalog.files import adapters
from catalog.files.adapters.woocommerce import WooCommerceAdapter
from catalog.files.cells import CellWriter
from catalog.files.targets import kind_of
from tests.catalog.files.reader import read


@pytest.mark.parametrize(
    ("adapter", "field", "cell"),
    [
        ("woocommerce", "name", "Kinder &lt; 3 &amp; Co"),
        ("woocommerce", "short_description", "Kinder &lt; 3 &amp; Co"),
        ("woocommerce", "seo.title", "Kinder < 3 & Co"),
        ("shopify", "name", "Kinder < 3 & Co"),
        ("shopify", "description", "Kinder &lt; 3 &amp; Co"),
        ("magento2", "name", "Kinder < 3 & Co"),
        ("wordpress", "name", "Kinder &lt; 3 &amp; Co"),
    ],
)
def test_plain_text_is_escaped_for_the_place_it_goes_to(adapter, field, cell):
    assert CellWriter(adapters.get(adapter), "utf-8").text("Kinder < 3 & Co", kind_of(field)) == cell


@pytest.mark.parametrize(
    ("field", "text"), [("tags", ["-50 %", "Sale"]), ("tags", ["-50 %"]), ("seo.title", "-50 % on tea")]
)
def test_what_a_spreadsheet_would_run_is_guarded_in_woocommerces_file_and_read_back(field, text):
    cell = CellWriter(adapters.get("woocommerce"), "utf-8").text(text, kind_of(field))
    assert cell.startswith("'-")
    header = {"tags": "Tags", "seo.title": "Meta: _yoast_wpseo_title"}[field]
    attributes = "Attribute 1 name,Attribute 1 value(s)"
    file = f'ID,Type,Name,Published,{attributes},{header}\n7,simple,Tea,1,\'+Size,"\'-5 °C, 10 °C","{cell}"\n'
    _opened, (item,), _faults = read(file.encode(), "woocommerce")
    found = item.source_data["seo"]["title"] if field == "seo.title" else item.source_data[field]
    assert found == text
    assert item.source_data["attributes"] == {"+Size": "-5 °C, 10 °C"}


@pytest.mark.parametrize(
    ("adapter", "value", "altered"),
    [
        ("shopify", "+10 °C and more", ["+10 °C and more"]),
        ("woocommerce", "+10 °C and more", []),
        ("shopify", ["10,5 cm", "Sale"], ["10,5 cm"]),
        ("woocommerce", ["10,5 cm", "Sale"], []),
        ("magento2", ["10,5 cm", "a|b"], ["a|b"]),
        ("generic", " Plain text\n", []),
    ],
)
def test_a_text_that_a_cell_cannot_have_is_named(adapter, value, altered):
    writer = CellWriter(adapters.get(adapter), "utf-8")
    writer.text(value, kind_of("tags" if isinstance(value, list) else "seo.title"))
    assert writer.altered == altered


def test_markup_stays_markup():
    assert (
        CellWriter(adapters.get("woocommerce"), "utf-8").text("<p>5 &lt; 6</p>", kind_of("description"))
        == "<p>5 &lt; 6</p>"
    )


def test_a_name_is_read_back_plain():
    assert WooCommerceAdapter().text("Kinder &lt; 3 &amp; Co") == "Kinder < 3 & Co"
    assert WooCommerceAdapter().text("E = mc<sup>2</sup>") == "E = mc<sup>2</sup>"


KEYS = [
    "+A1",
    "-10-AB",
    "@x",
    "=A1",
    "A  B",
    "'+A1",
    "'A",
    "+cmd|'/C calc'!A0",
    '=HYPERLINK("http://x")',
    "'=f()",
    "''=f()",
]


@pytest.mark.parametrize("platform", [adapter.name for adapter in adapters.every()])
@pytest.mark.parametrize("key", KEYS)
def test_an_id_comes_back_as_it_was_and_no_spreadsheet_runs_it(platform, key):
    adapter = adapters.get(platform)
    cell = adapter.guarded_key(key)
    assert adapter.key(cell) == key or (platform == "woocommerce" and key.startswith("'"))
    assert not cell.startswith(("=", "+", "-", "@")) or not set("(|!") & set(cell)


@pytest.mark.parametrize("key", ["+A1", "-10-AB", "@x", "A  B"])
def test_an_importer_finds_its_item_by_the_key_that_it_has(key):
    assert adapters.get("magento2").guarded_key(key) == key
