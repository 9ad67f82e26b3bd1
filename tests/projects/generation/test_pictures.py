"""Product pictures: found in whatever shape a source has them, shown to the model, and charged only when it saw some."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.models import UsageRecord
from integrations.models import StoreConnection
from integrations.shopify import mapping as shopify
from integrations.shopify.metafields import Places
from integrations.stores.magento import mapping as magento
from integrations.stores.magento.attributes import Attributes
from integrations.stores.types import Placement
from integrations.stores.woocommerce import mapping as woocommerce
from projects.models import ContentItem
from projects.plugin import generations
from tests import factories
from tests.catalog.files import samples
from tests.catalog.files.reader import read
from tests.fakes.pictures import PictureHost
from tests.helpers import run_jobs
from writing import images

ASKED = {"image_analysis_enabled": True, "image_analysis_count": 2}


@pytest.fixture
def host(settings: Any) -> Any:
    with PictureHost() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [urlsplit(fake.url).netloc]
        yield fake


def write(api: Any, cast: Any, images: Any, **connection: Any) -> ContentItem:
    project = factories.make_project(cast.organization)
    if connection:
        project.store_connection = StoreConnection.objects.create(
            organization=cast.organization, name="Shop", platform="magento2", **connection
        )
        project.platform = "magento2"
        project.save()
    item = factories.make_item(project)
    item.source_data = {**item.source_data, "images": images}
    item.save()
    api.as_(cast.owner).post(f"projects/{project.pk}/generate", ASKED, status=202)
    run_jobs()
    return item


SHAPES = {
    "addresses": lambda at: [f"{at}/1.jpg", f"{at}/2.jpg"],
    "objects with src": lambda at: [{"src": f"{at}/1.jpg", "alt": "Front"}, {"src": f"{at}/2.jpg", "alt": ""}],
    "objects with url": lambda at: [{"url": f"{at}/1.jpg"}, {"url": f"{at}/2.jpg", "alt_text": "Back"}],
    "one text": lambda at: f"{at}/1.jpg, {at}/2.jpg",
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_the_model_sees_the_pictures_and_they_are_charged(
    api: Any, cast: Any, openai: Any, host: Any, shape: str
) -> None:
    write(api, cast, SHAPES[shape](host.url))
    assert openai.seen[0].images == 2
    record = UsageRecord.objects.get(outcome="ok")
    assert record.input_tokens > 3200
    assert record.xct > 0


def test_a_path_of_a_magento_export_is_found_below_the_connected_stores_media(
    api: Any, cast: Any, openai: Any, host: Any
) -> None:
    write(api, cast, ["/w/b/wb01.jpg"], base_url="https://shop.example", media_base_url=f"{host.url}/media/")
    assert openai.seen[0].images == 1
    assert [request.path for request in host.requests] == ["/media/catalog/product/w/b/wb01.jpg"]


@pytest.mark.parametrize("images", [[], ["/w/b/wb01.jpg"], [{"alt": "no address"}], None])
def test_without_a_usable_picture_nothing_is_set_aside_or_charged_for_one(
    api: Any, cast: Any, openai: Any, images: Any
) -> None:
    project = factories.make_project(cast.organization)
    item = factories.make_item(project)
    item.source_data = {**item.source_data, "images": images}
    item.save()
    caller = api.as_(cast.owner)
    quoted = caller.post(f"projects/{project.pk}/generate/estimate", ASKED)
    ContentItem.objects.filter(pk=item.pk).update(
        source_data={**item.source_data, "images": ["https://a.example/1.jpg"]}
    )
    seeing = caller.post(f"projects/{project.pk}/generate/estimate", ASKED)
    assert (quoted["items"], seeing["items"]) == (1, 1)
    assert 1_500 < seeing["tokens_expected"] - quoted["tokens_expected"] < 1_700, "one picture's worth"
    item.save()
    caller.post(f"projects/{project.pk}/generate", ASKED, status=202)
    run_jobs()
    assert openai.seen[0].images == 0


def test_a_picture_that_cannot_be_had_costs_nothing(api: Any, cast: Any, openai: Any, host: Any) -> None:
    write(api, cast, [f"{host.url}/gone.png"])
    assert openai.seen[0].images == 0
    assert UsageRecord.objects.get(outcome="ok").input_tokens < 1600


def test_stores_give_addresses() -> None:
    shown = [{"id": 1, "src": "https://a/1.jpg", "alt": ""}]
    woo = woocommerce.product({"id": 1, "name": "A", "type": "simple", "images": shown}, plugin="", units={})
    media = {"nodes": [{"mediaContentType": "IMAGE", "image": {"url": "https://a/1.jpg", "altText": "x"}}]}
    shop = shopify.product(
        {"id": "gid://shopify/Product/1", "title": "A", "tags": [], "media": media}, Placement({}), Places()
    )
    gallery = [{"media_type": "image", "file": "/1.jpg", "disabled": False}]
    row = {"id": 1, "sku": "A", "name": "A", "media_gallery_entries": gallery}
    mage = magento.product(row, Attributes(list), categories={}, media="https://a/media")
    for record in (woo, shop, mage):
        assert len(images.addresses(record.data["images"])) == 1, record


FILES = {
    "woocommerce": b'ID,Type,SKU,Name,Published,Images\n1,simple,A,Sock,1,"https://a/1.jpg, https://a/2.jpg"\n',
    "shopify": b"Handle,Title,Image Src,Image Alt Text\nsock,Sock,https://a/1.jpg,Front\nsock,,https://a/2.jpg,\n",
    "magento2": b'sku,product_type,name,base_image,additional_images\nA,simple,Sock,/a/1.jpg,"/a/2.jpg"\n',
    "generic": b'sku,name,image url\nA,Sock,"https://a/1.jpg,https://a/2.jpg"\n',
}


@pytest.mark.parametrize("platform", list(FILES))
def test_files_give_addresses(platform: str) -> None:
    _, [item], _ = read(FILES[platform], platform if platform != "generic" else "woocommerce")
    assert len(images.addresses(item.source_data["images"], "https://a/media")) == 2


def test_a_wordpress_export_gives_addresses() -> None:
    _, (post, _page), _ = read(samples.WXR, "wordpress")
    assert images.addresses(post.source_data["images"]) == ["https://shop.example/a.jpg"]


def test_the_plugin_gives_addresses(cast: Any) -> None:
    from accounts.models import ApiKey

    key = ApiKey.objects.create(organization=cast.organization, name="Shop", prefix="xcs_test", digest="d" * 64)
    asked = {"product_title": "Sock", "product_images": ["https://a/1.jpg", "https://a/2.jpg"]}
    generation = generations.start_description(key=key, source="shopify", request=asked)
    assert generation.item is not None
    assert len(images.addresses(generation.item.source_data["images"])) == 2
    run_jobs()
