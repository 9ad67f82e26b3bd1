"""The shapes of answers that real stores gave (recorded by others, cut to what is odd in them) pass through our readers."""

from __future__ import annotations

import json

import pytest

from integrations.shopify import mapping as shopify
from integrations.shopify.graphql import graphql_error
from integrations.shopify.metafields import Places
from integrations.stores import answers
from integrations.stores.errors import NotAuthorized, Throttled
from integrations.stores.magento import mapping as magento
from integrations.stores.magento.attributes import Attributes
from integrations.stores.types import NO_PLACEMENT, Credentials
from integrations.stores.woocommerce import mapping as woocommerce
from integrations.stores.wordpress.client import WordPressStore
from scribe.http.client import Response

WOO_PRODUCT = {
    "id": 794,
    "type": "variable",
    "name": "Green Room &amp; Garden &#8211; large",
    "slug": "green-room",
    "date_on_sale_from": None,
    "description": "[contact-form]\n<p>The room&#8217;s max capacity is 30.</p>\n",
    "short_description": "",
    "sku": "",
    "price": "",
    "downloads": [{"id": "5ec", "name": "Plan", "file": "https://x.example/plan.pdf"}],
    "stock_quantity": None,
    "weight": "",
    "dimensions": {"length": "", "width": "12", "height": ""},
    "rating_count": 0,
    "related_ids": [31, 22],
    "categories": [{"id": 9, "name": "Haus &amp; Garten", "slug": "haus"}],
    "tags": [],
    "images": [{"id": 1, "src": "https://x.example/a.jpg?fit=4288%2C2848&#038;ssl=1", "name": "", "alt": ""}],
    "attributes": [
        {"id": 0, "name": "Color 2", "position": 0, "visible": True, "variation": True, "options": ["Orange!", "Rad"]},
        {"id": 6, "name": "Empty", "position": 1, "visible": False, "variation": False, "options": []},
    ],
    "default_attributes": [{"id": 0, "name": "Color 2", "option": "Rad"}],
    "variations": [],
    "meta_data": [
        {"id": 1, "key": "_contact_form", "value": {"to": "a@x.example", "widget": 0}},
        {"id": 2, "key": "_product_addons", "value": [{"name": "Topping", "options": [{"label": "Nuts"}]}]},
        {"id": 3, "key": "_last_editor", "value": ""},
        {"id": 4, "key": "_count", "value": 7},
        {"id": 5, "key": "_gone", "value": None},
    ],
    "jetpack_publicize_connections": [],
    "bundle_stock_quantity": None,
}
WOO_VARIATION = {
    "id": 2783,
    "sku": "99%-nuts",
    "price": "12",
    "description": "",
    "stock_quantity": 16.5,
    "image": {"id": 3, "src": "https://x.example/v.jpg", "alt": ""},
    "attributes": [
        {"id": 0, "name": "Darkness", "option": "99%"},
        {"id": 0, "name": "Flavor", "option": "nuts &amp; oats"},
    ],
    "meta_data": [{"id": 9, "key": "x", "value": "y"}],
}
WOO_CATEGORY = {
    "id": 17,
    "name": "Dress",
    "parent": 0,
    "description": "",
    "display": "default",
    "image": None,
    "slug": "d",
}
MAGENTO_PRODUCT = {
    "id": 1,
    "sku": "MS-Champ",
    "name": "Champ Tee",
    "price": 0,
    "type_id": "configurable",
    "extension_attributes": {
        "website_ids": [1],
        "category_links": [{"position": 0, "category_id": "11"}],
        "stock_item": {"qty": 0, "low_stock_date": None},
        "configurable_product_options": [],
        "configurable_product_links": [],
    },
    "options": [],
    "media_gallery_entries": [],
    "tier_prices": [],
    "custom_attributes": [
        {"attribute_code": "description", "value": "Keeps you cool."},
        {"attribute_code": "color", "value": "52"},
        {"attribute_code": "category_ids", "value": ["11", "12"]},
        {"attribute_code": "url_key", "value": "champ-tee"},
        {"attribute_code": "pattern", "value": "196"},
    ],
}
MAGENTO_CATEGORY = {
    "id": 42,
    "parent_id": 2,
    "name": "Kids",
    "children": "",
    "available_sort_by": [],
    "custom_attributes": [
        {"attribute_code": "description", "value": "For kids"},
        {"attribute_code": "meta_title", "value": "Kids meta title"},
        {"attribute_code": "is_anchor", "value": "1"},
        {"attribute_code": "url_key", "value": "kids"},
    ],
}
SHOPIFY_PRODUCT = {
    "id": "gid://shopify/Product/8000000000002",
    "legacyResourceId": "8000000000002",
    "title": "Classic Varsity Top",
    "handle": "classic-varsity-top",
    "descriptionHtml": "Wide\xa0sleeves",
    "status": "ACTIVE",
    "tags": ["women"],
    "onlineStoreUrl": None,
    "seo": {"title": None, "description": None},
    "category": None,
    "hasOnlyDefaultVariant": False,
    "options": [{"id": "gid://shopify/ProductOption/1", "name": "Size", "position": 1, "values": ["Small", "Large"]}],
    "media": {"nodes": [{"id": "x", "alt": None, "mediaContentType": "VIDEO"}]},
    "collections": {"nodes": []},
    "priceRangeV2": {"minVariantPrice": {"amount": "60.00", "currencyCode": "USD"}},
    "variants": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []},
    "metafields": {"nodes": []},
}


def read(shape):
    """As it comes off the wire."""
    return answers.parse_json(json.dumps(shape).encode())


def test_a_product_of_woocommerce_with_its_plugins_data():
    item = woocommerce.product(read(WOO_PRODUCT), plugin=None, units={"dimensions": "cm"})
    assert (item.data["name"], item.data["categories"]) == ("Green Room & Garden – large", ["Haus & Garten"])
    assert item.data["attributes"] == {"Color 2": "Orange!, Rad", "Empty": ""}
    assert item.data["raw"]["dimensions"] == {"width": "12"}
    held = woocommerce.current(read(WOO_PRODUCT), plugin=None, meta_keys=["_contact_form", "_count", "_gone"]).texts
    assert [held[f"meta.{key}"] for key in ("_contact_form", "_count", "_gone")] == ["", "7", ""]


def test_a_variation_and_a_category_of_woocommerce():
    item = woocommerce.variation(read(WOO_VARIATION), read(WOO_PRODUCT), {})
    assert item.data["attributes"] == {"Darkness": "99%", "Flavor": "nuts & oats"}
    assert item.data["name"].endswith("99%, nuts & oats")
    assert woocommerce.category(read(WOO_CATEGORY)).data["parent_external_id"] == ""


def test_products_and_categories_of_magento():
    colours = {"attribute_code": "color", "default_frontend_label": "Color", "frontend_input": "select"}
    known = Attributes(
        lambda: [{**colours, "options": [{"label": " ", "value": ""}, {"label": "Blue", "value": "52"}]}]
    )
    item = magento.product(read(MAGENTO_PRODUCT), known, categories={"11": "Tees"}, media="https://m.example")
    assert (item.data["attributes"], item.data["categories"]) == ({"Color": "Blue"}, ["Tees"])
    assert magento.texts(read(MAGENTO_PRODUCT), known)["seo.title"] == ""
    assert magento.category(read(MAGENTO_CATEGORY)).data["seo"]["title"] == "Kids meta title"


def test_a_product_of_shopify():
    item = shopify.product(read(SHOPIFY_PRODUCT), NO_PLACEMENT, Places())
    assert (item.data["attributes"], item.data["images"], item.kept) == ({"Size": "Small, Large"}, [], {})
    assert item.data["raw"] == {"status": "ACTIVE", "currency": "USD"}


def test_a_throttled_answer_of_shopify_says_how_long():
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 12, "restoreRate": 100.0}
    cost = {"requestedQueryCost": 118, "actualQueryCost": None, "throttleStatus": status}
    error = graphql_error(read([{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]), cost)
    assert isinstance(error, Throttled)
    assert error.retry_after == pytest.approx(1.06)


WP_PAGE = {  # as anybody reads it: rendered texts alone
    "id": 7,
    "status": "publish",
    "type": "page",
    "slug": "haus-garten",
    "modified_gmt": "2019-12-18T07:25:40",
    "title": {"rendered": "Haus &#038; Garten"},
    "content": {"rendered": "<p>Text</p>\n", "protected": False},
    "excerpt": {"rendered": "", "protected": False},
    "featured_media": 0,
    "parent": 0,
    "menu_order": 0,
    "meta": [],
    "_links": {"self": [{"href": "https://x.example/wp-json/wp/v2/pages/7"}]},
}
WP_FORBIDDEN = {"code": "rest_forbidden", "message": "Sorry, you are not allowed to do that.", "data": {"status": 401}}


def test_a_page_and_a_refusal_of_wordpress():
    store = WordPressStore(Credentials("https://x.example", consumer_key="a", consumer_secret="b"))
    item = store._item(read(WP_PAGE), "page")
    assert (item.data["name"], item.data["description"], item.data["seo"]["slug"]) == (
        "Haus & Garten",
        "<p>Text</p>\n",
        "haus-garten",
    )
    assert (item.data["tags"], item.data["categories"], item.data["images"], item.left_out) == ([], [], [], "")
    error = store.http.error_of(Response(401, {}, json.dumps(WP_FORBIDDEN).encode(), "https://x.example"))
    assert isinstance(error, NotAuthorized)
    assert error.details["store_code"] == "rest_forbidden"
