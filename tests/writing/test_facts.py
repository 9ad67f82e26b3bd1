"""Facts: canonical source data, cleaned, each under its path."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from writing import facts


def test_every_field_is_kept_under_its_path() -> None:
    read = facts.read(
        {
            "sku": "A-1",
            "name": "Mug &amp; Saucer",
            "short_description": "<b>Small</b> mug",
            "description": "<p>Holds 300 ml.</p><p>Red.</p>",
            "price": 12.5,
            "categories": ["Kitchen > Mugs", {"name": "Gifts"}],
            "tags": "mug, red",
            "images": ["https://x.example/a.jpg", {"src": "https://x.example/b.jpg", "alt": "Red mug"}],
            "seo": {"title": "Mug", "slug": "mug"},
            "attributes": {"pa_color": ["Red", "Blue"], "Material": "ceramic", "Empty": ""},
            "raw": {"Weight (kg)": "0.3", "ID": "17", "Stock": "4", "tax_class": "x", "inventory_weight_id": "9"},
        }
    )
    assert dict(read.fields) == {
        "name": "Mug & Saucer",
        "short_description": "Small mug",
        "description": "Holds 300 ml.\nRed.",
        "price": "12.5",
        "sku": "A-1",
        "attributes.color": "Red, Blue",
        "attributes.Material": "ceramic",
        "categories[0]": "Kitchen > Mugs",
        "categories[1]": "Gifts",
        "tags[0]": "mug",
        "tags[1]": "red",
        "seo.title": "Mug",
        "images[1].alt": "Red mug",
        "raw.Weight (kg)": "0.3",
    }
    assert read.attributes == {"color": "Red, Blue", "Material": "ceramic"}
    assert read.stock == "4"
    assert [image["src"] for image in read.images] == ["https://x.example/a.jpg", "https://x.example/b.jpg"]


def test_attributes_may_be_a_list_of_the_platforms() -> None:
    source: dict[str, Any] = {
        "attributes": [
            {"name": "Color", "options": ["Red", "Blue"]},
            {"name": "Size", "value": "M"},
            {"attribute_code": "shipping_weight", "value": 2},
            {"name": ""},
            "junk",
        ]
    }
    assert facts.read(source).attributes == {"Color": "Red, Blue", "Size": "M", "shipping weight": "2"}


def test_fields_are_capped() -> None:
    read = facts.read({"name": "n" * 900, "description": "word " * 5000, "attributes": {"a": "v" * 2000}})
    assert (len(read.name), len(read.attributes["a"])) == (300, 500)
    assert 7_900 < len(read.description) <= 8_000


def test_the_data_for_a_prompt_has_no_empty_keys() -> None:
    assert facts.read({"name": "Mug", "tags": [], "attributes": {}}).as_data() == {"name": "Mug"}
    assert facts.read({}).as_data() == {}


def test_counting_facts() -> None:
    assert facts.read({}).count() == 0
    assert facts.read({"name": "Mug"}).count() == 1
    rich = facts.read(
        {"name": "Mug", "price": "1", "sku": "a", "description": "x" * 500, "attributes": {"a": "1", "b": "2"}}
    )
    assert rich.count() >= 8


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_KEYS = [
    "name",
    "sku",
    "price",
    "description",
    "short_description",
    "categories",
    "tags",
    "images",
    "seo",
    "attributes",
    "raw",
]


@given(st.dictionaries(st.sampled_from(_KEYS), _json))
def test_whatever_stands_in_a_row_can_be_read(source: dict[str, Any]) -> None:
    import json

    read = facts.read(source)
    json.dumps(read.as_data())
    assert all(isinstance(text, str) and text for text in read.fields.values())
    assert read.count() >= 0


def test_measures_come_with_their_units() -> None:
    raw = {
        "weight": "1.3",
        "weight_unit": "kg",
        "dimensions": {"length": "20", "height": ""},
        "dimensions_unit": "cm",
        "width": "7",
    }
    other = facts.read({"name": "Bottle", "raw": raw}).other
    assert other == {"weight": "1.3 kg", "length": "20 cm", "width": "7"}


def test_what_platforms_keep_for_themselves_is_no_fact() -> None:
    read = facts.read(
        {
            "name": "Ocean Blue Shirt",
            "attributes": {
                "has_options": "1",
                "required_options": "0",
                "Color": "Blue, Black",
                "sale": "No",
                "size": "N/A",
            },
            "raw": {
                "Option1 Name": "Title",
                "Option1 Value": "Default Title",
                "Option2 name": "Color",
                "Weight unit for display": "g",
                "dates_material": '{"type": "single"}',
            },
        }
    )
    assert {**read.attributes, **read.other} == {"Color": "Blue, Black"}


def test_a_price_carries_its_currency() -> None:
    read = facts.read({"name": "Mug", "price": "19.90", "raw": {"currency": "eur"}})
    assert (read.fields["price"], read.as_data()["price"], read.price) == ("19.90 EUR", "19.90 EUR", "19.90")
    assert facts.read({"name": "Mug", "price": "19.90"}).fields["price"] == "19.90"
    assert facts.read({"name": "Mug", "price": "19.90 €", "raw": {"currency": "EUR"}}).fields["price"] == "19.90 €"


def test_a_bare_decimal_keeps_its_point() -> None:
    read = facts.read({"name": "V.2 Mug", "raw": {"Weight (lbs)": ".2"}, "attributes": {"Height": ".5–.75 in"}})
    assert read.fields["raw.Weight (lbs)"] == "0.2"
    assert read.attributes["Height"] == "0.5–0.75 in"
    assert read.name == "V.2 Mug"
