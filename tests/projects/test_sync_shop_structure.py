"""What a push leaves to the store: its own attributes and fields, its pages, and SEO rows that nothing would show."""

from __future__ import annotations

import pytest

from integrations.models import StoreConnection
from projects.models import ContentItem, SyncRecord
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes import shopify, wordpress
from tests.fakes.woocommerce import FakeWooCommerce
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
CART = "<!-- wp:woocommerce/cart --><div>Your cart</div><!-- /wp:woocommerce/cart -->"


@pytest.fixture
def shop(settings):
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast, shop):
    connection = make_woocommerce_connection(cast.organization, shop.url)
    return make_project(cast.organization, store_connection=connection)


def pushed(api, cast, project, **content):
    """The records of a sync of everything, after an import."""
    caller = api.as_(cast.owner)
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    ContentItem.objects.filter(project=project).update(generated_content=content, status="approved")
    caller.post(f"projects/{project.pk}/sync", {}, status=202)
    run_jobs()
    return list(SyncRecord.objects.filter(item__project=project).order_by("item_id"))


def test_attributes_go_to_what_the_shop_has_whatever_it_is_called(api, cast, project, shop):
    own = shop.own_attribute("Farbe", "color", ["Rot", "Blau"])
    plain = shop.add(weight="1.3", dimensions={"length": "20", "width": "10", "height": ""})
    held = shop.add(
        attributes=[{"id": 0, "name": "Materials", "slug": "Materials", "options": ["Wool"], "position": 0}]
    )
    given = {"Color": "Rot, Blau", "Weight": "1.3 kg", "Dimensions": "20 × 10 cm", "SKU": "X", "Care": "30 °C"}
    records = pushed(api, cast, project, attributes=given)
    assert {a["name"]: (a["id"], a["options"]) for a in plain["attributes"]} == {
        "Farbe": (own["id"], ["Rot", "Blau"]),
        "Care": (0, ["30 °C"]),
    }
    assert {"attributes.Weight", "attributes.Dimensions", "attributes.SKU"} <= records[0].skipped.keys()
    assert {a["name"] for a in held["attributes"]} == {"Materials", "Farbe", "Weight", "Dimensions", "Care"}
    caller = api.as_(cast.owner)
    caller.post(f"projects/{project.pk}/sync/{records[0].item_id}/undo", {}, status=202)
    run_jobs()
    assert plain["attributes"] == []


def test_an_attribute_is_not_doubled_by_its_translation(api, cast, project, shop):
    row = shop.add(attributes=[{"id": 0, "name": "Couleur", "slug": "Couleur", "options": ["Rouge"], "position": 0}])
    pushed(api, cast, project, attributes={"Color": "Rouge, Bleu"})
    assert [(a["name"], a["options"]) for a in row["attributes"]] == [("Couleur", ["Rouge", "Bleu"])]


def test_values_go_in_as_the_shop_writes_them(api, cast, project, shop):
    own = shop.own_attribute("Farbe", "color", ["Rot", "Blau"])
    fresh = shop.add()
    held = shop.add(attributes=[{"id": 0, "name": "Couleur", "slug": "Couleur", "options": ["Bleu", "Rouge"]}])
    records = pushed(api, cast, project, attributes={"Color": "Red, Blue"}, name="New")
    assert [(a["id"], a["options"]) for a in fresh["attributes"]] == [(own["id"], ["Rot", "Blau"])]
    assert [a["options"] for a in held["attributes"]] == [["Bleu", "Rouge"]]
    assert [record.changed for record in records] == [{}, {}]
    assert set(records[1].wanted) == {"name"}


def test_an_option_of_a_product_is_not_doubled_by_a_metafield(api, cast, settings):
    with shopify.FakeShopify() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        settings.SHOPIFY_SHOP_URL = shop.url
        connection = StoreConnection.objects.create(
            organization=cast.organization,
            name="Shop",
            platform="shopify",
            base_url=shop.url,
            status="active",
            access_token=shopify.TOKEN,
        )
        project = make_project(cast.organization, platform="shopify", store_connection=connection)
        project.settings = {"sync": {"placement": {"attributes": "custom"}}}
        project.save()
        row = shop.add()
        shop.with_variants(row, "Color", ["Red", "Blue"])
        [record] = pushed(api, cast, project, attributes={"Farbe": "Rot", "Material": "Wool", "Title": "x"})
        assert shop.metafield(row, "custom.farbe") is None
        assert shop.metafield(row, "custom.material") == "Wool"
        assert "option with this name" in record.skipped["attributes.Farbe"]


def test_seo_texts_without_a_plugin_are_skipped_and_said(api, cast, project, shop):
    shop.seo = "none"
    row = shop.add()
    [record] = pushed(api, cast, project, name="New", seo={"title": "T", "description": "D"})
    assert row["name"] == "New"
    assert row["meta_data"] == []
    assert "SEO plugin" in record.skipped["seo.title"]


def test_a_category_keeps_its_paragraphs(api, cast, project, shop):
    term = shop.term(shop.categories, "Bottles", description="Old")
    caller = api.as_(cast.owner)
    caller.post(f"projects/{project.pk}/import/execute", {"filters": {"item_types": ["category"]}}, status=202)
    run_jobs()
    content = {"description": "<p>One.</p><p>Two.</p><ul><li>a</li></ul>"}
    ContentItem.objects.filter(project=project).update(generated_content=content, status="approved")
    caller.post(f"projects/{project.pk}/sync", {}, status=202)
    run_jobs()
    assert term["description"] == "One.\n\nTwo.\n\n• a"
    item = ContentItem.objects.get(project=project)
    caller.post(f"projects/{project.pk}/sync/{item.pk}/undo", {}, status=202)
    run_jobs()
    assert term["description"] == "Old"


def test_a_sites_own_pages_come_in_left_out_and_are_never_overwritten(api, cast, settings):
    with wordpress.FakeWordPress() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        connection = StoreConnection.objects.create(
            organization=cast.organization,
            name="Site",
            platform="wordpress",
            base_url=site.url,
            status="active",
            consumer_key=wordpress.USER,
            consumer_secret=wordpress.PASSWORD,
        )
        project = make_project(cast.organization, platform="wordpress", store_connection=connection)
        cart = site.add("page", title="Cart", content=CART)
        about = site.add("page", title="About", content="<p>About us</p>")
        pushed(api, cast, project, description="<p>New</p>")
        assert about["content"] == {"raw": "<p>New</p>"}
        caller = api.as_(cast.owner)
        [left] = caller.get(f"projects/{project.pk}/items?status=excluded")
        assert (left["external_id"], "store itself" in left["metadata"]["excluded_reason"]) == (str(cart["id"]), True)
        caller.post(f"projects/{project.pk}/items/restore", {"item_ids": [left["id"]]})
        caller.post(f"projects/{project.pk}/sync", {}, status=202)
        run_jobs()
        assert cart["content"] == {"raw": CART}
        assert SyncRecord.objects.get(item=left["id"]).code == "not_writable"
