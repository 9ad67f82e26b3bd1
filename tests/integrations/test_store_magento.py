"""The Magento client against a store in memory: Bearer and OAuth 1.0a, store views, configurables, option ids."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from integrations.stores.errors import Missing, NotAStore, NotAuthorized, Rejected, StorePermanentError
from integrations.stores.magento import http, single_writes
from integrations.stores.magento.client import MagentoStore
from integrations.stores.types import Credentials, Current, Placement, Push, Pushed, Ref
from tests.fakes.magento import OAUTH, TOKEN, FakeMagento


@pytest.fixture
def shop(settings):
    with FakeMagento() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def client(shop, view="", **secrets):
    credentials = Credentials(shop.url, **(secrets or {"access_token": TOKEN}))
    return MagentoStore(credentials, placement=Placement(), pause=lambda s: None, store_view=view)


def pushed(store, sku, scope="", **texts):
    ref = Ref(sku, scope=scope)
    return store.push([Push(ref, {k.replace("__", "."): v for k, v in texts.items()}, store.fetch_texts([ref])[ref])])[
        0
    ]


def test_writes_one_by_one_are_answered_in_the_order_of_the_batch(monkeypatch):
    """Whoever was changed meanwhile came before the others, and translations were taken for each other's."""
    clock = iter([0.0, 0.0, 9.0, 9.0, 9.0, 9.0])
    monkeypatch.setattr(single_writes, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    batch = [Push(Ref(name), {}, Current({}, {})) for name in "abcd"]
    answers = single_writes.write_each(batch, lambda push: Pushed(push.ref), lambda rest: [rest[1].ref])
    assert [(answer.ref.external_id, bool(answer.error)) for answer in answers] == [
        ("a", False),
        ("b", False),
        ("c", True),
        ("d", False),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"null",
        b"{}",
        b"5",
        b'"x"',
        b"[1]",
        b'{"data": null}',
        b'{"items": "x"}',
        b'{"items": {"0": {"id": 1}}}',
    ],
)
def test_anything_but_a_list_is_no_empty_shop(shop, answer):
    shop.fail(200, answer, times=9, when=lambda r: r.path.endswith("/products"))
    with pytest.raises(NotAStore, match="did not return a list"):
        client(shop).page({}, None)


@pytest.mark.parametrize("total", ["many", None, -1, True, [5], 10**30, 1e300, {"a": 1}])
def test_a_total_that_cannot_be_is_passed_over(shop, total):
    rows = [{"id": n, "sku": f"S{n}", "name": "Mug", "type_id": "simple"} for n in (1, 2)]
    shop.fail(200, {"items": rows, "total_count": total}, times=2, when=lambda r: r.path.endswith("/products"))
    store = client(shop)
    assert store.count({}) == 2
    page = store.page({}, None)
    assert ([item.external_id for item in page.items], page.cursor) == (["S1", "S2"], None)


def test_a_list_that_never_ends_ends(shop):
    rows = [{"id": n, "name": f"C{n}"} for n in range(300)]
    shop.fail(200, {"items": rows, "total_count": 10**8}, times=99, when=lambda r: "/categories/list" in r.path)
    assert len(client(shop).category_names) == 300
    store = client(shop)
    rows = [{"id": n, "sku": f"S{n}", "name": "Mug", "type_id": "simple"} for n in range(1, store.page_size + 1)]
    shop.fail(200, {"items": rows, "total_count": 10**8}, times=99, when=lambda r: r.path.endswith("/products"))
    with pytest.raises(StorePermanentError, match="same rows"):
        list(store.pages({}))


def test_the_connection_test_learns_name_and_media_address(shop):
    info = client(shop).test()
    assert (info.store_name, info.media_base_url) == ("Main Store", f"{shop.url}/media")
    assert info.details["store_views"] == {"default": "Main Store", "de": "Deutsch"}


def test_bearer_refused_gives_the_hint(shop):
    shop.bearer = False
    with pytest.raises(NotAuthorized, match="Bearer token"):
        client(shop).test()


def test_four_values_are_signed_by_oauth(shop):
    shop.bearer = False
    shop.add(sku="A B/C&d")
    store = client(shop, **OAUTH)
    assert store.test().store_name == "Main Store"
    assert pushed(store, "A B/C&d", name="Ünïcode").error is None
    with pytest.raises(NotAuthorized):
        client(shop, **{**OAUTH, "consumer_secret": "wrong"}).test()


def test_the_signature_is_that_of_the_standard():
    """Values of a signature computed by hand with openssl over RFC 5849's base string."""
    made = http.header(
        "GET",
        "https://example.com/rest/all/V1/products?a=1",
        {"searchCriteria[pageSize]": 1},
        consumer_key="key",
        consumer_secret="secret",
        token="token",
        token_secret="tsecret",
        nonce="abc",
        timestamp=1700000000,
    )
    import base64
    import hashlib
    import hmac

    base = (
        "GET&https%3A%2F%2Fexample.com%2Frest%2Fall%2FV1%2Fproducts&a%3D1%26oauth_consumer_key%3Dkey%26oauth_nonce%3Dabc"
        "%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1700000000%26oauth_token%3Dtoken"
        "%26oauth_version%3D1.0%26searchCriteria%255BpageSize%255D%3D1"
    )
    signature = base64.b64encode(hmac.new(b"secret&tsecret", base.encode(), hashlib.sha256).digest()).decode()
    assert f'oauth_signature="{http._encode(signature)}"' in made


def test_something_else_is_not_taken_for_a_magento(shop):
    shop.fail(404, b"<html>no</html>", times=9)
    with pytest.raises(NotAStore):
        client(shop).test()


def test_pages_walk_by_id_and_stop_at_the_end(shop):
    skus = [shop.add()["sku"] for _ in range(450)]
    store = client(shop)
    found = [i.external_id for page in store.pages({}) for i in page.items]
    assert found == skus
    assert shop.calls["GET /products"] == 3 + 1  # and one for the configurables
    first = client(shop).page({}, None)
    assert client(shop).page({}, first.cursor).items[0].external_id == skus[200]


def test_a_catalogue_without_totals_is_read_to_its_end(shop):
    shop.tells_totals = False
    skus = [shop.add()["sku"] for _ in range(450)]
    shop.categories = {n: {"id": n, "name": f"C{n}", "parent_id": 1} for n in range(2, 452)}
    store = client(shop)
    assert [item.external_id for page in store.pages({}) for item in page.items] == skus
    assert len(store.category_names) == 450


def test_pages_shrink_where_the_shop_limits_them(shop):
    for _ in range(120):
        shop.add()
    shop.most_per_page = 300
    store = client(shop)
    store.page_size = 600
    assert sum(len(p.items) for p in store.pages({})) == 120
    assert store.page_size == 300


def test_children_of_a_configurable_are_its_variants(shop):
    children = [shop.add(), shop.add()]
    parent = shop.configurable(children)
    items = {i.external_id: i for page in client(shop).pages({}) for i in page.items}
    assert [items[c["sku"]].item_type for c in children] == ["variant", "variant"]
    assert items[children[0]["sku"]].parent_external_id == parent["sku"]
    assert items[parent["sku"]].item_type == "product"
    filtered = {i.external_id for page in client(shop).pages({"visibility": ["4"]}) for i in page.items}
    assert filtered == {parent["sku"], *(c["sku"] for c in children)}


def test_a_product_shows_labels_and_addresses(shop):
    shop.add(custom={"material": "11", "care": "By hand", "meta_keyword": "a, b"})
    [item] = client(shop).page({}, None).items
    assert item.data["attributes"] == {"Material": "Steel", "Care": "By hand"}
    assert item.data["tags"] == ["a", "b"]
    assert item.data["images"] == [f"{shop.url}/media/catalog/product/p/1.jpg"]
    assert item.data["categories"] == ["Default"]
    assert item.data["raw"]["image_alts"] == {item.data["images"][0]: "front"}


def test_filters_and_counts(shop):
    shop.add()
    shop.add(status=2)
    store = client(shop)
    assert set(store.filters()) == store.filter_keys()
    assert store.count({}) == 2
    assert store.count({"statuses": ["2"]}) == 1
    assert store.count({"categories": ["2"], "types": ["simple"]}) == 2
    assert store.count({"item_types": ["category"]}) == 1


def test_texts_are_written_and_nothing_else(shop):
    row = shop.add(custom={"care": "By hand"})
    store = client(shop)
    done = pushed(store, row["sku"], name="New", description="<p>n</p>", seo__title="T", tags=["x", "y"])
    assert done.error is None
    assert done.texts == {"name": "New", "description": "<p>n</p>", "seo.title": "T", "tags": "x, y"}
    assert shop.value(row, "meta_keyword") == "x, y"
    assert shop.value(row, "care") == "By hand"
    sent = shop.requests[-1].json["product"]
    assert {a["attribute_code"] for a in sent["custom_attributes"]} == {"description", "meta_title", "meta_keyword"}


def test_attributes_take_labels_and_refuse_unknown_options(shop):
    row = shop.add(custom={"material": "12"})
    store = client(shop)
    done = pushed(
        store, row["sku"], attributes__Material="steel", attributes__care="Machine", attributes__Origin="Serbia"
    )
    assert shop.value(row, "material") == "11"
    assert shop.value(row, "care") == "Machine"
    assert done.skipped == {"attributes.Origin": "The store has no such product attribute."}
    done = pushed(store, row["sku"], attributes__Material="Gold")
    assert "no such option" in done.skipped["attributes.Material"]
    assert not done.texts


def test_yes_and_no_are_stored_as_such_and_numbers_and_dates_left_alone(shop):
    """Magento casts a word in such an attribute to 0: "Waterproof: Yes" became No."""
    shop.attributes |= {
        code: {"attribute_code": code, "default_frontend_label": code.title(), "frontend_input": kind}
        for code, kind in (("waterproof", "boolean"), ("released", "date"), ("deposit", "price"))
    }
    row = shop.add(custom={"waterproof": "0", "released": "2026-01-01 00:00:00", "deposit": "5.00"})
    store = client(shop)
    done = pushed(
        store, row["sku"], attributes__Waterproof="Ja", attributes__Released="bald", attributes__Deposit="low"
    )
    assert done.texts == {"attributes.Waterproof": "Yes"}
    assert set(done.skipped) == {"attributes.Released", "attributes.Deposit"}
    assert all("holds no text" in why for why in done.skipped.values())
    assert [shop.value(row, code) for code in ("waterproof", "released", "deposit")] == [
        "1",
        "2026-01-01 00:00:00",
        "5.00",
    ]
    assert (
        "no such option" in pushed(store, row["sku"], attributes__Waterproof="mostly").skipped["attributes.Waterproof"]
    )


def test_options_are_found_by_what_they_mean(shop):
    row = shop.add()
    store = client(shop)
    ref = Ref(row["sku"])
    [done] = store.push([Push(ref, {"attributes.Material": "Wolle"}, store.fetch_texts([ref])[ref])])
    assert done.texts == {"attributes.Material": "Wool"}
    assert shop.value(row, "material") == "12"


def test_a_store_views_texts_are_its_own(shop):
    row = shop.add(name="Cup")
    german = client(shop, view="de")
    assert pushed(german, row["sku"], name="Tasse").error is None
    assert row["name"] == "Cup"
    assert shop.views["de"][row["sku"]]["name"] == "Tasse"
    assert german.page({}, None).items[0].data["name"] == "Tasse"
    assert german.page({}, None).items[0].scope == "de"
    plain = client(shop)
    assert plain.page({}, None).items[0].data["name"] == "Cup"
    ref = Ref(row["sku"], scope="de")
    assert plain.fetch_texts([ref])[ref].texts["name"] == "Tasse"
    assert pushed(plain, row["sku"], scope="de", name="Becher").error is None
    assert (row["name"], shop.views["de"][row["sku"]]["name"]) == ("Cup", "Becher")


def test_messages_have_their_parameters_put_in(shop):
    row = shop.add()
    done = pushed(client(shop), row["sku"], name="")
    assert isinstance(done.error, Rejected)
    assert done.error.message == 'The "Product Name" attribute value is empty. Set the attribute and try again.'


def test_what_is_gone_is_left_out(shop):
    row = shop.add()
    store = client(shop)
    ref = Ref(row["sku"])
    held = store.fetch_texts([ref, Ref("nothing")])
    assert list(held) == [ref]
    del shop.products[row["sku"]]
    assert isinstance(store.push([Push(ref, {"name": "x"}, held[ref])])[0].error, Missing)


def test_many_are_read_at_once(shop):
    refs = [Ref(shop.add()["sku"]) for _ in range(100)]
    store = client(shop)
    assert len(store.fetch_texts(refs)) == 100
    assert shop.calls["GET /products"] == 1


def test_skus_with_commas_are_found(shop):
    refs = [Ref(shop.add(sku=sku)["sku"]) for sku in ("A,1", "B", "1")]
    store = client(shop)
    assert store.fetch_texts(refs).keys() == store.stamps(refs).keys() == set(refs)


def test_categories_are_items_too(shop):
    store = client(shop)
    [page] = store.pages({"item_types": ["category"]})
    assert [i.data["name"] for i in page.items] == ["Default"]
    ref = Ref("2", "category")
    done = store.push([Push(ref, {"description": "All", "seo.title": "T"}, store.fetch_texts([ref])[ref])])[0]
    assert done.texts == {"description": "All", "seo.title": "T"}


def test_a_generated_price_or_weight_never_becomes_the_products_own(shop):
    for code, label, kind in (("price", "Price", "price"), ("weight", "Weight", "weight"), ("sku", "SKU", "text")):
        shop.attributes[code] = {"attribute_code": code, "default_frontend_label": label, "frontend_input": kind}
    row = shop.add()
    store = client(shop)
    ref = Ref(row["sku"])
    current = store.fetch_texts([ref])[ref]
    assert "weight" in current.kept
    texts = {
        "attributes.Price": "9",
        "attributes.Weight": "1.3 kg",
        "attributes.SKU": "X",
        "attributes.care": "Machine",
    }
    [done] = store.push([Push(ref, texts, current)])
    assert set(done.skipped) == {"attributes.Price", "attributes.Weight", "attributes.SKU"}
    assert (row["price"], row["weight"]) == (25, 0.5)
    assert {a["attribute_code"] for a in row["custom_attributes"]} & {"price", "weight", "sku"} == set()


def test_attributes_are_told_by_code_and_label(shop):
    row = shop.add()
    ref = Ref(row["sku"])
    names = client(shop).fetch_texts([ref])[ref].names
    assert names["material"].startswith("attributes.")
    assert "description" not in names


def test_weights_come_with_their_unit(shop):
    shop.add()
    raw = client(shop).page({}, None).items[0].data["raw"]
    assert (raw["weight"], raw["weight_unit"]) == (0.5, "kg")


AGES = {"description": "<p>German</p>", "tags": "Tee", "seo.title": "Titel", "attributes.Care": "Kalt", "name": "Tasse"}


def put_back(store, sku, **more):
    """An undo in the view of the texts of AGES: what stood there before is the default's."""
    ref = Ref(sku)
    wanted = {"description": "<p>English</p>", "tags": "tea", "seo.title": "", "attributes.Care": "Cold", "name": "Cup"}
    push = Push(ref, {**wanted, **more}, store.fetch_texts([ref])[ref], is_undo=True)
    store.prepare([push])
    [done] = store.push([push])
    return done


def a_german_view(shop):
    row = shop.add(name="Cup", custom={"description": "<p>English</p>", "meta_keyword": "tea", "care": "Cold"})
    store = client(shop, view="de")
    ref = Ref(row["sku"])
    [done] = store.push([Push(ref, AGES, store.fetch_texts([ref])[ref])])
    assert done.texts == AGES
    return store, row


def test_an_undo_gives_a_view_back_to_the_default(shop):
    store, row = a_german_view(shop)
    calls = store.http.calls
    done = put_back(store, row["sku"])
    assert (done.error, done.texts["description"], done.texts["tags"]) == (None, "<p>English</p>", "tea")
    assert store.http.calls - calls == 4  # the look, the default, the write, and what came of it
    # The name has no way back that is certain, and has a value of its own.
    assert shop.views["de"][row["sku"]] == {"name": "Cup"}
    assert pushed(client(shop), row["sku"], description="<p>Fresh</p>").error is None
    ref = Ref(row["sku"])
    assert store.fetch_texts([ref])[ref].texts["description"] == "<p>Fresh</p>"


def test_a_views_own_text_comes_back_as_its_own(shop):
    store, row = a_german_view(shop)
    done = put_back(store, row["sku"], **{"description": "<p>Deutsch</p>", "seo.title": "Alt"})
    assert done.error is None
    assert shop.views["de"][row["sku"]] == {"name": "Cup", "description": "<p>Deutsch</p>", "meta_title": "Alt"}


def test_a_store_that_keeps_an_empty_value_gets_the_text(shop):
    shop.null_is_default = False
    store, row = a_german_view(shop)
    done = put_back(store, row["sku"])
    assert (done.error, done.texts["description"], done.texts["attributes.Care"]) == (None, "<p>English</p>", "Cold")
    ref = Ref(row["sku"])
    assert store.fetch_texts([ref])[ref].texts["description"] == "<p>English</p>"
    assert shop.writes[f"de:{row['sku']}"] == 3
