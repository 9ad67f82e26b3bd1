"""The WooCommerce client against a store that keeps its products in memory."""

from __future__ import annotations

import pytest

from integrations.stores.errors import Missing, NotAStore, NotAuthorized, PermanentError, Throttled, TransientError
from integrations.stores.types import Credentials, Current, Placement, Push, Ref
from integrations.stores.woocommerce.client import WooCommerce
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def client(shop, *, key=KEY, secret=SECRET, **placement):
    waits = []
    store = WooCommerce(
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


def test_a_site_without_woocommerce_is_recognized(shop):
    shop.fail(200, {"name": "Blog", "namespaces": ["wp/v2"]})
    with pytest.raises(PermanentError, match="not active"):
        client(shop).test()


def test_a_web_page_is_not_a_store(shop):
    shop.fail(200, b"<html>Coming soon</html>", times=2)
    with pytest.raises(NotAStore):
        client(shop).test()


def test_notices_before_the_data_are_forgiven(shop):
    shop.fail(200, b'<br />Notice: old plugin in x.php\n{"name": "Noisy", "namespaces": ["wc/v3"]}')
    assert client(shop).test().store_name == "Noisy"


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
    assert store.http.calls == 1
    assert rest[-1].cursor is None


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
        store.http.calls == 3
    )  # the site's index, for its SEO plugin; and the one that is gone was looked for by itself


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
    with pytest.raises(TransientError):
        store.push([one])
    assert shop.writes[str(row["id"])] == 1


def test_a_dropped_header_falls_back_to_the_query_on_https_only(shop):
    shop.drops_header = True
    with pytest.raises(NotAuthorized):
        client(shop).test()
    assert not any("consumer_secret" in r.target for r in shop.requests)


def test_a_read_only_key_is_explained(shop):
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
