"""Whose export a file of chosen columns is."""

from __future__ import annotations

import pytest

from catalog.files import mapping

CHOSEN = ["ID", "Type", "SKU", "Name", "Parent", "Categories"]
MAGENTO = [
    "sku",
    "store_view_code",
    "attribute_set_code",
    "product_type",
    "categories",
    "name",
    "additional_attributes",
]


def test_chosen_columns_are_read_as_the_projects_platform_writes_them() -> None:
    layout = mapping.detect(CHOSEN, [["1", "variation", "A-1", "Mug", "id:7", "Mugs"]], "woocommerce")
    assert layout.adapter == "woocommerce"
    assert layout.roles["type"] == 1
    assert layout.mapping[4] == "parent_external_id"


@pytest.mark.parametrize("platform", ["woocommerce", "shopify", "custom"])
def test_a_file_that_another_platform_knows_better_is_that_platforms(platform: str) -> None:
    assert (
        mapping.detect(MAGENTO, [["A-1", "", "Default", "simple", "Mugs", "Mug", "color=red"]], platform).adapter
        == "magento2"
    )
