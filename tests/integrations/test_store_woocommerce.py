"""The WooCommerce client against a store that keeps its products in memory."""

from __future__ import annotations

import json

import pytest

from integrations.stores import texts
from integrations.stores.errors import (
    Maintenance,
    Missing,
    NotAStore,
    NotAuthorized,
    StorePermanentError,
    StoreTransientError,
    Throttled,
)
from integrations.stores.types import Credentials, Current, Placement, Push, Ref
from integrations.stores.woocommerce.client import WooCommerceStore
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce
from tests.fakes.wordpress import MAINTENANCE


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def client(shop, *, key=KEY, secret=SECRET, **placement):
    waits = []
    store = WooCommerceStore(
        Credentials(shop.url, consumer_key=key, consumer_secret=secret),
        placement=Placement(**placement),
        pause=waits.append,
    )
    store.waits = waits
    return store


def push(store, pk, **texts):
    ref = Ref(str(pk))
    current = store.fetch_texts([ref])[ref]
    return Push(ref, {k.replace("__", "."): v for k, v in texts.items()}, current)


def test_the_connection_test_learns_the_name(shop):
    info = client(shop).test()
    assert (info.store_name, info.media_base_url) == ("Corner Shop", f"{shop.url}/wp-content/uploads")


def test_wrong_keys_are_refused_in_words(shop):
    with pytest.raises(NotAuthorized, match="consumer key or secret"):
        client(shop, secret="cs_wrong").test()


def test_the_connection_test_takes_three_calls_and_writes_nothing(shop):
    row = shop.add()
    store = client(shop)
    store.test()
    assert store.http.calls == 3
    assert not shop.writes
    assert shop.products[row["id"]]["name"] == row["name"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_good_keys_pass_where_the_index_is_hidden(shop, status):
    shop.hides_index = status
    info = client(shop).test()
    assert info.store_name == "127.0.0.1"
    assert info.details["seo_plugin"] == "unknown"


def test_good_keys_pass_where_somebody_has_an_application_password(shop):
    shop.app_passwords = True
    store = client(shop)
    assert store.test().store_name == "Corner Shop"
    assert all("authorization" not in r.headers for r in shop.requests if r.path == "/wp-json/")


def test_a_read_only_key_is_told_at_the_test(shop):
    shop.read_only = True
    store = client(shop)
    with pytest.raises(NotAuthorized, match="can only read") as error:
        store.test()
    assert error.value.code == "store_key_read_only"
    assert store.http.calls == 2


def test_an_unknown_key_is_not_taken_for_a_read_only_one(shop):
    shop.read_only = True
    with pytest.raises(NotAuthorized, match="consumer key or secret"):
        client(shop, secret="cs_wrong").test()


def test_a_key_that_only_writes_is_refused(shop):
    shop.write_only = True
    with pytest.raises(NotAuthorized, match="can only write"):
        client(shop).test()


def test_plain_http_is_named_as_the_reason(shop):
    shop.over_https = False
    with pytest.raises(NotAuthorized, match="https"):
        client(shop).test()


def test_plain_permalinks_are_named_as_the_reason(shop):
    shop.plain_permalinks = True
    store = client(shop)
    with pytest.raises(StorePermanentError, match="Settings > Permalinks") as error:
        store.test()
    assert error.value.code == "store_plain_permalinks"
    assert store.http.calls == 2


def test_a_site_without_woocommerce_is_recognized(shop):
    shop.active = False
    with pytest.raises(StorePermanentError, match="not active"):
        client(shop).test()


def test_a_shop_without_batches_is_connected(shop):
    shop.fail(404, {"code": "rest_no_route", "message": "No route"}, times=9, when=lambda r: r.path.endswith("/batch"))
    assert client(shop).test().store_name == "Corner Shop"


def test_a_web_page_is_not_a_store(shop):
    shop.fail(200, b"<html>Coming soon <script>{}</script></html>", times=2)
    with pytest.raises(NotAStore):
        client(shop).test()


NOTICES = [
    b"<br />Notice: old plugin in x.php\n",
    b"<br />\n<b>Deprecated</b>:  {closure}(): Implicitly marking parameter $x as nullable [0] in <b>a.php</b><br />\n",
    b'Warning: Undefined array key "a" {"b" in ["c" x.php\n',
]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("after", [b"", b"<br />\nWarning: shutdown [] in x.php"])
def test_notices_around_the_data_are_forgiven(shop, notice, after):
    row = shop.add(name="Noisy {a} [b]")
    body = json.dumps([row]).encode()
    shop.fail(200, notice + body + after, when=lambda r: r.path.endswith("/products"))
    [item] = client(shop).page({}, None).items
    assert item.data["name"] == "Noisy {a} [b]"


def test_a_refusal_behind_a_notice_is_a_refusal_though_its_status_is_200(shop):
    refusal = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}
    shop.fail(200, b"Notice: x\n" + json.dumps(refusal).encode())
    with pytest.raises(NotAuthorized):
        client(shop).count({})


def test_control_characters_are_cleaned_on_the_way_in(shop):
    row = shop.add(name="Nord\0see", description="<p>a\x07b\tc\x9fd</p>\n", tags=["x\x1b"])
    [item] = client(shop).page({}, None).items
    assert (item.data["name"], item.data["description"]) == ("Nordsee", "<p>ab\tcd</p>\n")
    assert item.data["tags"] == ["x"]
    ref = Ref(str(row["id"]))
    assert client(shop).fetch_texts([ref])[ref].texts["name"] == "Nordsee"


def test_a_text_with_half_a_character_is_read(shop):
    shop.add()
    body = b'[{"id": 5, "name": "Half \\ud83d of it"}]'
    shop.fail(200, body, when=lambda r: r.path.endswith("/products"))
    assert client(shop).page({}, None).items[0].data["name"] == "Half  of it"


def test_filters_name_what_the_store_has(shop):
    shop.add(categories=["Bottles"], tags=["steel"])
    found = client(shop).filters()
    assert [o.title for o in found["categories"]] == ["Bottles"]
    assert [o.title for o in found["tags"]] == ["steel"]
    assert "publish" in [o.id for o in found["statuses"]]
    assert set(found) == client(shop).filter_keys()


def test_counting_fetches_nothing(shop):
    for n in range(250):
        shop.add(status="draft" if n % 5 == 0 else "publish")
    store = client(shop)
    assert store.count({}) == 250
    assert store.count({"statuses": ["draft"]}) == 50
    assert store.count({"statuses": ["draft", "publish"]}) == 250
    assert store.http.calls == 4
    assert all("per_page=1" in r.target for r in shop.requests)


def test_pages_come_in_order_and_go_on_from_a_cursor(shop):
    ids = [str(shop.add()["id"]) for _ in range(250)]
    store = client(shop)
    first = store.page({}, None)
    rest = list(client(shop).pages({}, first.cursor))
    assert [i.external_id for page in [first, *rest] for i in page.items] == ids
    assert store.http.calls == 3  # beside the page: the site's index for its SEO plugin, and the units of its weights
    assert rest[-1].cursor is None


@pytest.mark.parametrize("total", ["9" * 5000, "²", "-1", "1e9", ""])
def test_a_header_that_counts_nonsense_is_passed_over(shop, total):
    ids = [str(shop.add()["id"]) for _ in range(3)]
    body = [shop.products[int(pk)] for pk in ids]
    lists = lambda r: r.path.endswith("/products")  # noqa: E731
    shop.fail(200, body[:1], when=lists, x_wp_total=total)
    assert client(shop).count({}) == 3
    shop.fail(200, body, when=lists, x_wp_totalpages=total)
    page = client(shop).page({}, None)
    assert ([item.external_id for item in page.items], page.cursor) == (ids, None)


@pytest.mark.parametrize("answer", [b"", b"null", b"5", b'"text"', b"{}", b'{"0": {"id": 1}}'])
def test_anything_but_a_list_is_no_empty_shop(shop, answer):
    shop.add()
    shop.fail(200, answer, times=9, when=lambda r: r.path.endswith("/products"))
    for ask in (lambda: client(shop).page({}, None), lambda: client(shop).test()):
        with pytest.raises(NotAStore, match="did not return a list"):
            ask()


def test_the_same_page_again_and_again_is_not_walked_to_its_end(shop):
    rows = [shop.add() for _ in range(100)]
    lists = lambda r: r.path.endswith("/products")  # noqa: E731
    shop.fail(200, rows, times=99, when=lists, x_wp_totalpages="99999")
    with pytest.raises(StorePermanentError) as caught:
        list(client(shop).pages({}))
    assert caught.value.code == "store_repeats_pages"
    shop.faults.clear()
    shop.fail(200, rows, times=99, when=lists)
    with pytest.raises(StorePermanentError, match="same rows"):
        client(shop).count({})


def test_two_walks_may_bring_the_same_rows(shop):
    rows = [shop.add() for _ in range(100)]
    shop.fail(200, rows, times=2, when=lambda r: r.path.endswith("/v3/products"), x_wp_totalpages="1")
    pages = list(client(shop).pages({"statuses": ["publish", "draft"]}))
    assert [len(page.items) for page in pages] == [100, 100]


def test_settings_of_an_odd_kind_cost_no_product(shop):
    shop.add()
    shop.fail(200, [{"id": [1], "value": {"a": 1}}, 5], when=lambda r: r.path.endswith("/settings/products"))
    assert [item.unread for item in client(shop).page({}, None).items] == [""]


def test_a_product_becomes_an_item_with_its_variations_and_seo(shop):
    row = shop.add(
        name="Bottle",
        categories=["Outdoor"],
        tags=["steel"],
        attributes=[
            {"id": 0, "name": "Color", "position": 0, "visible": True, "variation": True, "options": ["Red", "Blue"]}
        ],
        meta={"_yoast_wpseo_title": "%%title%% %%sep%% Shop", "_yoast_wpseo_metadesc": "A bottle"},
    )
    shop.add_variation(row["id"], "Red")
    [item, variant] = client(shop).page({}, None).items
    assert item.data["attributes"] == {"Color": "Red, Blue"}
    assert item.data["seo"] == {"title": "", "description": "A bottle", "slug": row["slug"], "focus_keyword": ""}
    assert item.kept == {"seo.title": "%%title%% %%sep%% Shop"}
    assert item.data["categories"] == ["Outdoor"]
    assert "total_sales" not in item.data["raw"]
    assert (variant.item_type, variant.parent_external_id, variant.data["name"]) == (
        "variant",
        item.external_id,
        "Bottle - Red",
    )


def test_names_are_text_and_not_html(shop):
    shop.name = "Tom & Jerry"
    row = shop.add(
        categories=["Haus & Garten"],
        tags=["Küche & Bad", "5 < 6"],
        attributes=[
            {"id": 3, "name": "Muster", "position": 0, "visible": True, "variation": True, "options": ["Black & White"]}
        ],
    )
    shop.variations[row["id"]] = {}
    shop.add_variation(row["id"], "Black & White", "Muster")
    shop.variations[row["id"]][row["variations"][0]]["attributes"][0]["id"] = 3
    store = client(shop)
    assert store.test().store_name == "Tom & Jerry"
    filters = store.filters()
    assert [o.title for o in filters["categories"]] == ["Haus & Garten"]
    assert [o.title for o in filters["tags"]] == ["Küche & Bad", "5 < 6"]
    [item, variant] = store.page({}, None).items
    assert (item.data["categories"], item.data["tags"]) == (["Haus & Garten"], ["Küche & Bad", "5 < 6"])
    assert item.data["attributes"] == {"Muster": "Black & White"}
    assert variant.data["name"].endswith("Black & White")
    [done] = store.push([push(store, row["id"], tags=["Küche & Bad", "5 < 6", "Flur & Keller"])])
    assert done.texts["tags"] == ["Küche & Bad", "5 < 6", "Flur & Keller"]
    assert len(shop.tags) == 3
    [category] = store.page({"item_types": ["category"]}, None).items
    assert category.data["name"] == "Haus & Garten"


def test_categories_are_items_when_asked_for(shop):
    shop.term(shop.categories, "Bottles", description="All bottles")
    [page] = client(shop).pages({"item_types": ["category"]})
    assert [(i.item_type, i.data["description"]) for i in page.items] == [("category", "All bottles")]


def test_strange_types_do_not_break_an_import(shop):
    shop.add(price=5, images=False, tags=[], meta_data={"a": 1}, attributes=False, categories=None or [])
    [item] = client(shop).page({}, None).items
    assert item.data["price"] == "5"
    assert item.data["images"] == []


def test_a_batch_writes_only_what_is_given(shop):
    row = shop.add(tags=["old"], meta={"other": "kept"})
    store = client(shop)
    [done] = store.push([push(store, row["id"], description="<p>New</p>", tags=["old", "new"], seo__title="T")])
    assert done.error is None
    assert done.texts == {"description": "<p>New</p>", "tags": ["old", "new"], "seo.title": "T"}
    assert row["name"] == f"Product {row['id']}"
    assert shop.meta(row["id"], "_yoast_wpseo_title") == "T"
    assert shop.meta(row["id"], "other") == "kept"
    assert "name" not in shop.requests[-1].json["update"][0]


def test_rank_math_keys_are_used_where_it_is_active(shop):
    shop.seo = "rank_math"
    row = shop.add()
    store = client(shop)
    store.push([push(store, row["id"], seo__title="T", seo__focus_keyword="bottle")])
    assert shop.meta(row["id"], "rank_math_title") == "T"
    assert shop.meta(row["id"], "rank_math_focus_keyword") == "bottle"
    assert shop.meta(row["id"], "_yoast_wpseo_title") is None


def test_attributes_are_merged_and_structure_is_left_alone(shop):
    row = shop.add(
        attributes=[
            {"id": 3, "name": "Brand", "position": 0, "visible": True, "variation": False, "options": ["Acme"]},
            {"id": 0, "name": "Size", "position": 1, "visible": True, "variation": True, "options": ["S", "M"]},
            {"id": 0, "name": "Material", "position": 2, "visible": True, "variation": False, "options": ["Steel"]},
        ]
    )
    store = client(shop)
    texts = {
        "attributes.Brand": "Other",
        "attributes.Size": "L",
        "attributes.Material": "Steel | Cork",
        "attributes.Lid": "Cork",
    }
    ref = Ref(str(row["id"]))
    [done] = store.push([Push(ref, texts, store.fetch_texts([ref])[ref])])
    assert set(done.skipped) == {"attributes.Brand", "attributes.Size"}
    assert [(a["name"], a["options"]) for a in row["attributes"]] == [
        ("Brand", ["Acme"]),
        ("Size", ["S", "M"]),
        ("Material", ["Steel", "Cork"]),
        ("Lid", ["Cork"]),
    ]
    [undone] = store.push([Push(ref, {"attributes.Lid": ""}, store.fetch_texts([ref])[ref])])
    assert undone.error is None
    assert [a["name"] for a in row["attributes"]] == ["Brand", "Size", "Material"]


def written(shop, row, **attributes):
    store = client(shop)
    ref = Ref(str(row["id"]))
    texts = {f"attributes.{name.replace('_', ' ')}": value for name, value in attributes.items()}
    [done] = store.push([Push(ref, texts, store.fetch_texts([ref])[ref])])
    assert done.error is None
    return done


def test_several_values_stay_several_options(shop):
    row = shop.add()
    written(shop, row, Colour="Red, Blue", Care="30 °C; no bleach", Length="1,5 m", Layers=["Wool", "Cork"])
    options = {a["name"]: a["options"] for a in row["attributes"]}
    assert options == {
        "Colour": ["Red", "Blue"],
        "Care": ["30 °C", "no bleach"],
        "Length": ["1,5 m"],
        "Layers": ["Wool", "Cork"],
    }


def test_the_shops_own_attribute_is_used_with_the_values_it_has(shop):
    own = shop.own_attribute("Farbe", "color", ["Rot", "Schwarz & Weiß", "Grau, hell"])
    row = shop.add()
    done = written(shop, row, Farbe="rot, Schwarz & Weiß")
    assert done.texts == {"attributes.Farbe": "Rot | Schwarz & Weiß"}
    assert [(a["id"], a["options"]) for a in row["attributes"]] == [(own["id"], ["Rot", "Schwarz & Weiß"])]
    other = shop.add()
    done = written(shop, other, Farbe="Rot, Petrol")
    assert "the value Petrol" in done.skipped["attributes.Farbe"]
    assert other["attributes"] == []
    assert own["terms"] == ["Rot", "Schwarz & Weiß", "Grau, hell"]
    assert written(shop, other, Farbe="grau, hell, Rot").texts == {"attributes.Farbe": "Grau, hell | Rot"}
    written(shop, row, Farbe="")
    assert row["attributes"] == []


def test_the_names_of_the_shops_attributes_and_its_fields_are_told(shop):
    shop.own_attribute("Farbe", "color", ["Rot"])
    row = shop.add(
        weight="1.3",
        dimensions={"length": "20", "width": "", "height": ""},
        attributes=[{"id": 0, "name": "Pflege", "slug": "Pflege", "options": ["30 °C"]}],
    )
    ref = Ref(str(row["id"]))
    held = client(shop).fetch_texts([ref])[ref]
    assert held.names["pa_color"] == held.names["color"] == held.names["farbe"] == "attributes.Farbe"
    assert held.names["pflege"] == "attributes.Pflege"
    assert {"weight", "length", "dimensions"} <= held.kept.keys()
    assert "width" not in held.kept


def test_weights_and_sizes_come_with_their_units(shop):
    shop.add(weight="1.3", dimensions={"length": "20", "width": "", "height": ""})
    [item] = client(shop).page({}, None).items
    raw = item.data["raw"]
    assert (raw["weight"], raw["weight_unit"]) == ("1.3", "kg")
    assert (raw["dimensions"], raw["dimensions_unit"]) == ({"length": "20"}, "cm")


def test_without_an_seo_plugin_no_seo_rows_are_written(shop):
    shop.seo = "none"
    row = shop.add()
    store = client(shop)
    assert "SEO plugin" in store.missing_place("seo.title", "product")
    assert store.missing_place("seo.slug", "product") == ""
    [done] = store.push([push(store, row["id"], seo__title="T", name="n")])
    assert "SEO plugin" in done.skipped["seo.title"]
    assert row["meta_data"] == []


def test_where_the_index_is_hidden_the_products_own_rows_tell_the_plugin(shop):
    shop.hides_index = 403
    known, bare = shop.add(meta={"rank_math_title": "Old"}), shop.add()
    store = client(shop)
    done = store.push([push(store, row["id"], seo__title="T") for row in (known, bare)])
    assert shop.meta(known["id"], "rank_math_title") == "T"
    assert "seo_plugin" in done[1].skipped["seo.title"]
    assert bare["meta_data"] == []


def test_seopress_keys_are_used_where_it_is_active(shop):
    shop.seo = "seopress"
    row = shop.add()
    store = client(shop)
    store.push([push(store, row["id"], seo__title="T", seo__description="D")])
    assert shop.meta(row["id"], "_seopress_titles_title") == "T"
    assert shop.meta(row["id"], "_seopress_titles_desc") == "D"


def test_an_emptied_row_is_deleted(shop):
    row = shop.add()
    store = client(shop)
    store.push([push(store, row["id"], seo__title="T")])
    [done] = store.push([push(store, row["id"], seo__title="")])
    assert done.texts == {"seo.title": ""}
    assert row["meta_data"] == []


def test_descriptions_of_categories_keep_their_paragraphs(shop):
    term = shop.term(shop.categories, "Bottles")
    store = client(shop)
    html = "<h2>Warm</h2><p>One <strong>bold</strong> word.</p>\n<p>Two<br>lines</p><ul><li>a</li><li>b</li></ul>"
    text = store.in_platform_form("description", "category", html, Current({}, {}))
    assert text == "<strong>Warm</strong>\n\nOne <strong>bold</strong> word.\n\nTwo\nlines\n\n• a\n• b"
    assert store.in_platform_form("description", "product", html, Current({}, {})) == html
    ref = Ref(str(term["id"]), "category")
    [done] = store.push([Push(ref, {"description": text}, store.fetch_texts([ref])[ref])])
    assert done.texts == {"description": text}


@pytest.mark.parametrize(
    ("route", "lists", "alone"),
    [("/wp-json/wc-analytics/variations", 2, 0), ("/wp-json/wc/v3/variations", 2, 0), ("", 0, 40)],
)
def test_variations_of_many_products_come_in_batches(shop, route, lists, alone):
    shop.variations_route = route
    rows = [shop.add(name=f"Bottle {n}") for n in range(40)]
    for row in rows:
        for option in ("Red", "Blue", "Green"):
            shop.add_variation(row["id"], option)
    items = client(shop).page({}, None).items
    found = [item for item in items if item.item_type == "variant"]
    assert [(item.parent_external_id, item.data["attributes"]["Color"]) for item in found] == [
        (str(row["id"]), option) for row in rows for option in ("Red", "Blue", "Green")
    ]
    assert sum(shop.calls[name] for name in shop.calls if name.endswith(" /wp-json/wc-analytics/variations")) <= 2
    assert shop.calls[f"GET {route.removeprefix('/wp-json/wc/v3')}"] == lists
    assert shop.calls["GET /products/N/variations"] == alone


def test_a_product_of_which_the_list_lacks_a_variation_is_read_alone(shop):
    first, second = shop.add(), shop.add()
    for row in (first, second):
        shop.add_variation(row["id"], "Red")
    gone = shop.add_variation(second["id"], "Blue")
    del shop.variations[second["id"]][gone["id"]]
    items = client(shop).page({}, None).items
    assert len([item for item in items if item.item_type == "variant"]) == 2
    assert shop.calls["GET /products/N/variations"] == 1


def test_the_sku_of_a_variation_is_named_as_the_reason(shop):
    row = shop.add(sku="VAR-1", type="variation", parent_id=5)
    ref = Ref("VAR-1", sku="VAR-1")
    assert "variation" in client(shop).fetch_texts([ref])[ref].refused
    ref = Ref(str(row["id"]))
    assert "variation" in client(shop).fetch_texts([ref])[ref].refused


def test_each_item_of_a_batch_has_its_own_result(shop):
    rows = [shop.add() for _ in range(3)]
    store = client(shop)
    pushes = [push(store, r["id"], name="fine") for r in rows]
    del shop.products[rows[1]["id"]]
    pushes[2] = Push(pushes[2].ref, {"name": "refused"}, pushes[2].current)
    done = store.push(pushes)
    assert done[0].error is None
    assert isinstance(done[1].error, Missing)
    assert done[2].error.message == "Invalid parameter(s): name"


def test_a_batch_that_is_too_large_is_halved(shop):
    rows = [shop.add() for _ in range(10)]
    shop.batch_limit = 3
    store = client(shop)
    refs = [Ref(str(r["id"])) for r in rows]
    held = store.fetch_texts(refs)
    done = store.push([Push(ref, {"name": "n"}, held[ref]) for ref in refs])
    assert all(d.error is None for d in done)
    assert set(shop.writes.values()) == {1}


def test_many_are_read_in_one_call_and_the_gone_are_left_out(shop):
    refs = [Ref(str(shop.add()["id"])) for _ in range(100)]
    store = client(shop)
    assert isinstance(store.fetch_texts([*refs[:99], Ref("999999")])[refs[0]], Current)
    assert (
        store.http.calls == 4
    )  # the site's index, for its SEO plugin; the shop's own attributes; and the one that is gone, looked for by itself


def test_what_has_no_id_is_found_by_its_sku(shop):
    row = shop.add(sku="ABC-1")
    store = client(shop)
    ref = Ref("ABC-1", sku="ABC-1")
    held = store.fetch_texts([ref])[ref]
    [done] = store.push([Push(ref, {"name": "By SKU"}, held)])
    assert done.error is None
    assert row["name"] == "By SKU"


def test_retry_after_is_obeyed(shop):
    shop.add()
    shop.fail(429, {}, Retry_After="3", times=2)
    store = client(shop)
    assert store.count({}) == 1
    assert 3 in store.waits
    assert sum(store.waits) >= 6


def test_a_wait_that_is_too_long_is_left_to_the_caller(shop):
    shop.fail(429, {}, Retry_After="3600")
    with pytest.raises(Throttled) as error:
        client(shop).count({})
    assert error.value.retry_after == 3600


def test_a_read_survives_outages_and_a_write_is_not_repeated(shop):
    row = shop.add()
    shop.fail(503, b"<html>maintenance</html>", times=2)
    store = client(shop)
    assert store.count({}) == 1
    one = push(store, row["id"], name="n")
    shop.drop_after(lambda r: r.method == "POST")
    with pytest.raises(StoreTransientError):
        store.push([one])
    assert shop.writes[str(row["id"])] == 1


def test_a_dropped_header_falls_back_to_the_query_on_https_only(shop):
    shop.drops_header = True
    with pytest.raises(NotAuthorized):
        client(shop).test()
    assert not any("consumer_secret" in r.target for r in shop.requests)


def test_a_key_that_lost_its_right_to_write_is_explained(shop):
    row = shop.add()
    store = client(shop)
    one = push(store, row["id"], name="n")
    shop.read_only = True
    with pytest.raises(NotAuthorized, match="read/write"):
        store.push([one])


def test_category_texts_are_pushed(shop):
    term = shop.term(shop.categories, "Bottles")
    store = client(shop)
    ref = Ref(str(term["id"]), "category")
    [done] = store.push([Push(ref, {"description": "All", "seo.title": "T"}, store.fetch_texts([ref])[ref])])
    assert term["description"] == "All"
    assert set(done.skipped) == {"seo.title"}


def test_a_shop_without_batches_and_lists_still_works(shop):
    row = shop.add(tags=["old"])
    shop.term(shop.tags, "known")
    shop.fail(404, {"code": "rest_no_route", "message": "No route"}, times=99, when=lambda r: r.path.endswith("/batch"))
    shop.fail(200, [], times=1, when=lambda r: "include=" in r.target)
    store = client(shop)
    ref = Ref(str(row["id"]))
    held = store.fetch_texts([ref])
    [done] = store.push([Push(ref, {"name": "One by one", "tags": ["old", "known", "new"]}, held[ref])])
    assert done.texts == {"name": "One by one", "tags": ["old", "known", "new"]}
    assert shop.writes[str(row["id"])] == 1


@pytest.mark.thorough
def test_one_by_one_each_is_looked_at_again_before_its_write(shop):
    rows = [shop.add() for _ in range(3)]
    terms = [shop.term(shop.categories, name) for name in ("Bottles", "Cups")]
    store = client(shop)
    products = [Ref(str(row["id"])) for row in rows]
    categories = [Ref(str(term["id"]), "category") for term in terms]
    held = store.fetch_texts([*products, *categories])
    shop.fail(404, {"code": "rest_no_route", "message": "No route"}, times=99, when=lambda r: r.path.endswith("/batch"))
    shop.write_latency = 1.1

    def edit(request):
        if request.method == "PUT" and request.path.endswith(f"/{rows[0]['id']}"):
            shop.edit(rows[2], name="Mine")
        if request.method == "PUT" and request.path.endswith(f"/{terms[0]['id']}"):
            terms[1]["description"] = "Mine"

    shop.on_request = edit
    done = store.push([Push(ref, {"description": "Ours"}, held[ref]) for ref in [*products, *categories]])
    assert [one.error and one.error.code for one in done] == [
        None,
        None,
        "store_changed_meanwhile",
        None,
        "store_changed_meanwhile",
    ]
    assert (rows[1]["description"], rows[2]["name"], rows[2]["description"]) == (
        "Ours",
        "Mine",
        held[products[2]].texts["description"],
    )
    assert terms[1]["description"] == "Mine"


def test_yoasts_fields_keep_what_stands_between_angle_brackets(shop):
    """Yoast strips tags from its fields, and PHP takes `<7 & >` for one."""
    row = shop.add(meta={"_yoast_wpseo_title": "Old &lt;7 &amp; &gt;9"})
    store = client(shop)
    hard = "For children < 3 and > 5, <7 & >9"
    one = push(store, row["id"], seo__title=hard, seo__description="3 & 4")
    [done] = store.push([one])
    assert texts.same("seo.title", done.texts["seo.title"], hard)
    assert shop.meta(row["id"], "_yoast_wpseo_title") == "For children &lt; 3 and &gt; 5, &lt;7 &amp; &gt;9"
    assert shop.meta(row["id"], "_yoast_wpseo_metadesc") == "3 & 4"
    old = one.current.texts["seo.title"]
    store.push([push(store, row["id"], seo__title=old)])
    assert shop.meta(row["id"], "_yoast_wpseo_title") == "Old &lt;7 &amp; &gt;9"


def test_a_shop_that_is_being_updated_has_not_seen_the_write(shop):
    row = shop.add()
    store = client(shop)
    one = push(store, row["id"], name="n")
    shop.fail(503, MAINTENANCE, times=9, Retry_After="600")
    with pytest.raises(Maintenance) as error:
        store.push([one])
    assert (error.value.sent, error.value.retry_after) == (False, None)
    assert "Briefly unavailable for scheduled maintenance" in error.value.message


def test_a_number_that_is_a_sku_is_not_the_id_of_another_product(shop):
    lamp = shop.add(id=1042)
    mug = shop.add(sku="1042")
    store = client(shop)
    ref = Ref("1042", sku="1042")
    held = store.fetch_texts([ref])
    assert [current.raw["id"] for current in held.values()] == [mug["id"]]
    assert [row["id"] for row in store.originals([ref]).values()] == [mug["id"]]
    assert store.stamps([ref]) == {}
    [done] = store.push([Push(ref, {"name": "A mug"}, held[ref])])
    assert done.error is None
    assert (mug["name"], lamp["name"]) == ("A mug", "Product 1042")


def test_of_two_products_with_one_sku_the_one_that_visitors_see_is_found(shop):
    old = shop.add(sku="ABC-1", status="draft")
    new = shop.add(sku="ABC-1")
    older = shop.add(sku="ABC-1", status="draft")
    store = client(shop)
    ref = Ref("ABC-1", sku="ABC-1")
    assert [current.raw["id"] for current in store.fetch_texts([ref]).values()] == [new["id"]]
    assert [row["id"] for row in store.originals([ref]).values()] == [new["id"]]
    assert old["id"] < new["id"] < older["id"]


def test_skus_with_commas_are_found(shop):
    rows = [shop.add(sku=sku) for sku in ("A,1", "B", "A,1,2")]
    shop.add(sku="1")
    store = client(shop)
    refs = [Ref(row["sku"], sku=row["sku"]) for row in rows]
    held = store.fetch_texts(refs)
    assert [held[ref].raw["id"] for ref in refs] == [row["id"] for row in rows]
    assert store.originals(refs).keys() == set(refs)
