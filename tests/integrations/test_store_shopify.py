"""The Shopify client against a shop in memory: costs, throttling, errors inside good answers, tokens that expire."""

from __future__ import annotations

import pytest

from integrations.shopify.client import ShopifyStore
from integrations.shopify.publisher import ShopifyPublisher
from integrations.stores.errors import Missing, NotAuthorized, Rejected, StorePermanentError
from integrations.stores.posts import PostChange, PostDraft
from integrations.stores.types import Credentials, Placement, Push, Ref
from tests.fakes.shopify import TOKEN, FakeShopify


@pytest.fixture
def shop(settings):
    settings.SHOPIFY_API_VERSION = "2026-10"
    with FakeShopify() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


def client(shop, token=TOKEN, renew=None, **places):
    return ShopifyStore(
        Credentials(shop.url, access_token=token), placement=Placement(places), pause=lambda s: None, renew=renew
    )


def pushed(store, row, kind="product", **texts):
    ref = Ref(row["legacyResourceId"], kind)
    found = {k.replace("__", "."): v for k, v in texts.items()}
    return store.push([Push(ref, found, store.fetch_texts([ref])[ref])])[0]


def test_the_connection_test_learns_the_name_and_scopes(shop):
    info = client(shop).test()
    assert info.store_name == "Demo Apparel"
    assert info.details["scopes"] == ["read_products", "write_products"]


def test_a_dead_token_is_refused_in_words(shop):
    with pytest.raises(NotAuthorized, match="Connect the store again"):
        client(shop, token="shpat_dead").test()


def test_an_expired_token_is_renewed_once(shop):
    renewals = []

    def renew():
        renewals.append(1)
        return TOKEN

    store = client(shop, token="shpat_old", renew=renew)
    assert store.test().store_name == "Demo Apparel"
    assert store.count({}) == 0
    assert len(renewals) == 1


def test_the_version_is_pinned_and_checked(shop, settings):
    from django.core.exceptions import ImproperlyConfigured

    settings.SHOPIFY_API_VERSION = "latest"
    with pytest.raises(ImproperlyConfigured):
        client(shop).test()


def test_filters_and_counts(shop):
    summer = shop.collection("Summer")
    shop.add(tags=["men"], productType="Shirt", collection_ids=[summer["id"]])
    shop.add(status="DRAFT", vendor='O"Neil')
    store = client(shop)
    found = store.filters()
    assert [o.title for o in found["collections"]] == ["Summer"]
    assert 'O"Neil' in [o.id for o in found["vendors"]]
    assert set(found) == store.filter_keys()
    assert store.count({}) == 2
    assert store.count({"statuses": ["draft"]}) == 1
    assert store.count({"collections": [summer["legacyResourceId"]]}) == 1
    assert store.count({"tags": ["men"], "product_types": ["Shirt"]}) == 1


def test_pages_walk_all_products_with_their_variants(shop):
    for n in range(60):
        row = shop.add()
        if n == 3:
            shop.with_variants(row, "Size", [str(i) for i in range(40)])
    items = [item for page in client(shop).pages({}) for item in page.items]
    products = [i for i in items if i.item_type == "product"]
    variants = [i for i in items if i.item_type == "variant"]
    assert len(products) == 60
    assert len(variants) == 40  # more than a page of them
    assert {v.parent_external_id for v in variants} == {products[3].external_id}
    assert products[3].data["attributes"]["Size"].startswith("0, 1, 2")
    assert products[0].data["attributes"] == {}
    assert products[0].aliases == (products[0].data["seo"]["slug"],)


def test_too_expensive_pages_become_smaller(shop):
    for _ in range(30):
        shop.add()
    store = client(shop)
    store.page_size = 200
    assert sum(len(p.items) for p in store.pages({})) == 30
    assert store.page_size == 12


def test_texts_are_written_and_what_is_not_given_stays(shop):
    row = shop.add(tags=["a"], seo={"title": "Old", "description": "Kept"})
    done = pushed(client(shop), row, name="New", description="<p>n</p>", tags=["a", "b"], seo__title="T")
    assert done.error is None
    assert done.texts == {"name": "New", "description": "<p>n</p>", "tags": ["a", "b"], "seo.title": "T"}
    assert row["seo"] == {"title": "T", "description": "Kept"}
    assert row["handle"] == f"product-{row['legacyResourceId']}"


def test_a_chosen_metafield_holds_the_short_description(shop):
    row = shop.add(metafields={"custom.short": {"type": "single_line_text_field", "value": "Before"}})
    store = client(shop, short_description="meta.custom.short", bullet_points="meta.custom.bullets")
    [item] = store.page({}, None).items
    assert item.data["short_description"] == "Before"
    done = pushed(store, row, meta__custom__short="After", meta__custom__bullets='["One"]')
    assert done.error is None
    assert row["metafield_rows"]["custom.short"]["type"] == "single_line_text_field"
    assert row["metafield_rows"]["custom.bullets"]["type"] == "list.single_line_text_field"
    done = pushed(store, row, meta__custom__short="")
    assert done.error is None
    assert shop.metafield(row, "custom.short") is None


def test_what_has_no_place_is_said(shop):
    store = client(shop)
    assert "metafield" in store.missing_place("short_description", "product")
    assert store.missing_place("meta.custom.xy", "product") == ""


def test_many_are_written_in_one_call_and_each_has_its_result(shop):
    rows = [shop.add() for _ in range(3)]
    store = client(shop)
    refs = [Ref(r["legacyResourceId"]) for r in rows]
    held = store.fetch_texts(refs)
    del shop.products[rows[1]["id"]]
    before = store.http.calls
    texts = [{"name": "ok"}, {"name": "ok"}, {"name": ""}]
    done = store.push([Push(ref, t, held[ref]) for ref, t in zip(refs, texts, strict=True)])
    assert store.http.calls - before == 1
    assert done[0].error is None
    assert isinstance(done[1].error, Missing)
    assert isinstance(done[2].error, Rejected)
    assert "blank" in done[2].error.message


def test_collections_are_items_too(shop):
    row = shop.collection("Summer")
    store = client(shop)
    [page] = store.pages({"item_types": ["category"]})
    assert [(i.item_type, i.data["name"]) for i in page.items] == [("category", "Summer")]
    done = pushed(store, row, kind="category", description="<p>Sun</p>", seo__title="T")
    assert done.error is None
    assert (row["descriptionHtml"], row["seo"]["title"]) == ("<p>Sun</p>", "T")


def test_what_came_from_a_file_is_found_by_its_handle(shop):
    row = shop.add()
    store = client(shop)
    ref = Ref(row["handle"])
    held = store.fetch_texts([ref, Ref("no-such-handle")])
    assert list(held) == [ref]
    assert store.push([Push(ref, {"name": "By handle"}, held[ref])])[0].error is None
    assert row["title"] == "By handle"


def test_a_handle_may_be_a_number(shop):
    row = shop.add()
    row["handle"] = "1984"
    store = client(shop)
    ref, other = Ref("1984", sku="P-1"), Ref(shop.add()["legacyResourceId"])
    held = store.fetch_texts([ref, other])
    assert held.keys() == {ref, other}
    assert held[ref].raw["id"] == row["id"]


@pytest.mark.thorough
def test_a_throttled_shop_is_waited_for(shop):
    for _ in range(100):
        shop.add()
    shop.most = shop.available = 1000.0
    shop.rate = 4000.0
    waits = []
    store = client(shop)
    import time

    store.http.pause = lambda s: (waits.append(s), time.sleep(s))
    assert sum(len(p.items) for p in store.pages({})) == 100
    assert waits
    assert shop.throttles <= 2  # the bucket is known from the answers, so it is hardly ever overdrawn


def test_a_missing_scope_is_named(shop):
    shop.fail(
        200,
        {
            "errors": [
                {
                    "message": "Access denied for products field.",
                    "extensions": {"code": "ACCESS_DENIED", "requiredAccess": "`read_products` access scope."},
                }
            ]
        },
    )
    with pytest.raises(NotAuthorized, match="read_products"):
        client(shop).count({})


@pytest.mark.parametrize(("status", "code"), [(402, "store_frozen"), (423, "store_locked")])
def test_a_closed_shop_says_why(shop, status, code):
    shop.fail(status, {"errors": "x"})
    with pytest.raises(StorePermanentError) as error:
        client(shop).count({})
    assert error.value.code == code


def test_an_inner_error_is_tried_again_for_reads_only(shop):
    row = shop.add()
    store = client(shop)
    shop.fail(502, b"bad gateway", times=2)
    assert store.count({}) == 1
    ref = Ref(row["legacyResourceId"])
    held = store.fetch_texts([ref])[ref]
    shop.drop_after(lambda r: b"mutation" in r.body)
    from integrations.stores.errors import LostAnswer

    with pytest.raises(LostAnswer):
        store.push([Push(ref, {"name": "n"}, held)])
    assert shop.writes[row["legacyResourceId"]] == 1


def test_articles_are_published_found_and_changed(shop):
    publisher = ShopifyPublisher(Credentials(shop.url, access_token=TOKEN), blog_id="1", pause=lambda s: None)
    assert [(b.id, b.handle) for b in publisher.blogs()] == [("1", "news")]
    draft = PostDraft(
        title="Hello",
        content="<p>x</p>",
        slug="hello",
        tags=("a",),
        seo_title="T",
        featured_image_url="https://x.example/a.jpg",
    )
    made = publisher.create_post(draft)
    assert (made.status, made.url) == ("publish", "https://demo.example/blogs/news/hello")
    assert publisher.find_post("hello").id == made.id
    assert publisher.find_post("other") is None
    assert publisher.update_post(made.id, draft, PostChange({"title": "Later"}), made).title == "Later"
    assert publisher.set_status(made.id, "draft").status == "draft"
    with pytest.raises(Rejected, match="taken"):
        publisher.create_post(draft)
    with pytest.raises(Missing):
        publisher.get_post("999999")


# --- attributes in a metafield namespace


def test_a_namespace_of_attributes_is_read_with_each_product_however_many_there_are(shop):
    many = {f"custom.fact_{n:03}": {"type": "single_line_text_field", "value": str(n)} for n in range(130)}
    row = shop.add(metafields={**many, "other.fact": {"type": "single_line_text_field", "value": "x"}})
    store = client(shop, attributes="meta.custom", short_description="meta.custom")
    ref = Ref(row["legacyResourceId"])
    held = store.fetch_texts([ref], {"meta.old.place"})[ref]
    found = {f: v for f, v in held.texts.items() if f.startswith("meta.")}
    assert found == {f"meta.{key}": m["value"] for key, m in many.items()} | {"meta.old.place": ""}
    assert "namespace and key" in store.missing_place("meta.custom", "product")
    assert store.missing_place("meta.custom.material", "product") == ""


def test_attributes_go_in_as_their_metafields_take_them(shop):
    shop.define("custom.stoff", "Material", "list.single_line_text_field")
    shop.define("custom.size", "Size", "dimension")
    row = shop.add(metafields={"custom.care": {"type": "multi_line_text_field", "value": "Cold"}})
    store = client(shop, attributes="custom")
    ref = Ref(row["legacyResourceId"])
    held = store.fetch_texts([ref])[ref]
    assert {held.names[n] for n in ("material", "stoff")} == {"meta.custom.stoff"}
    fields = {"meta.custom.stoff": "Wool | Silk", "meta.custom.care": "Warm\nor cold", "meta.custom.new": "One\ntwo"}
    fields = {f: store.in_platform_form(f, "product", text, held) for f, text in fields.items()}
    [done] = store.push([Push(ref, fields, held)])
    assert done.error is None
    assert done.texts == {
        "meta.custom.stoff": '["Wool","Silk"]',
        "meta.custom.care": "Warm\nor cold",
        "meta.custom.new": "One two",
    }
    assert store.unwritable(Push(ref, {"meta.custom.size": "big"}, held)) == {
        "meta.custom.size": "The store's metafield is of the type dimension, which holds no text."
    }


def test_a_metafield_that_could_not_be_taken_away_is_still_shown(shop):
    row = shop.add(metafields={"custom.short": {"type": "single_line_text_field", "value": "Before"}})
    store = client(shop, short_description="meta.custom.short")
    shop.keeps_metafields = True
    done = pushed(store, row, name="New", meta__custom__short="")
    assert done.texts == {"name": "New", "meta.custom.short": "Before"}
