"""A sign that HTML would take for a tag is spelled as text where a cell holds HTML, and nowhere else."""

from __future__ import annotations

import pytest

from projects.files import adapters
from projects.files.adapters.woocommerce import WooCommerceAdapter
from projects.files.cells import CellWriter
from projects.files.targets import kind_of


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


def test_markup_stays_markup():
    assert (
        CellWriter(adapters.get("woocommerce"), "utf-8").text("<p>5 &lt; 6</p>", kind_of("description"))
        == "<p>5 &lt; 6</p>"
    )


def test_a_name_is_read_back_plain():
    assert WooCommerceAdapter().text("Kinder &lt; 3 &amp; Co") == "Kinder < 3 & Co"
    assert WooCommerceAdapter().text("E = mc<sup>2</sup>") == "E = mc<sup>2</sup>"
